//! Raw mail that was accepted and is not yet filed: what could not be processed is kept here, as it came.

use bytes::Bytes;
use domain::{ChannelId, InboundId, InboundState, Right, Timestamp};

use crate::case::list::Cursor;
use crate::{FromRow, Hint, Lock, Read, Result, Row, Scope, Tx, Where};

/// A raw mail that waits.
#[derive(Clone, Debug, PartialEq)]
pub struct Inbound {
    /// Its id.
    pub id: InboundId,
    /// By which channel it came.
    pub channel: ChannelId,
    /// When.
    pub at: Timestamp,
    /// What it waits for.
    pub state: InboundState,
    /// How often it was tried.
    pub tries: i64,
    /// Why it is here.
    pub error: Option<String>,
    /// SHA-256 of its bytes, in hex.
    pub hash: String,
    /// Whether all of it is here; otherwise only its headers are.
    pub whole: bool,
    /// Its bytes.
    pub raw: Bytes,
}

impl FromRow for Inbound {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Inbound {
            id: row.get("id")?,
            channel: row.get("channel_id")?,
            at: row.get("at")?,
            state: row.get("state")?,
            tries: row.get("tries")?,
            error: row.get("error")?,
            hash: row.get("hash")?,
            whole: row.get("whole")?,
            raw: row.get("body")?,
        })
    }
}

/// Writes about one raw mail of a channel hold this.
pub fn lock(channel: ChannelId, hash: &str) -> Lock {
    Lock::Name(format!("inbound {channel} {hash}"))
}

/// Keeps a raw mail. The same bytes by the same channel are kept once.
pub async fn insert(tx: &mut Tx, it: &Inbound) -> Result<()> {
    tx.holds(&lock(it.channel, &it.hash))?;
    let sql = "insert into inbound (id, channel_id, at, state, tries, error, hash, whole, body)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (channel_id, hash) do nothing";
    let Inbound { id, channel, at, state, tries, error, hash, whole, raw } = it;
    tx.run(sql, &[id, channel, at, state, tries, error, hash, whole, raw]).await?;
    tx.announce(Hint::new("channels"));
    Ok(())
}

/// The copy that waits, if these bytes came before.
pub async fn copy(rx: &Read, channel: ChannelId, hash: &str) -> Result<Option<InboundId>> {
    rx.find("select id from inbound where channel_id = $1 and hash = $2", &[&channel, &hash]).await
}

/// One raw mail.
pub async fn find(rx: &Read, id: InboundId) -> Result<Option<Inbound>> {
    rx.find("select id, channel_id, at, state, tries, error, hash, whole, body from inbound where id = $1", &[&id])
        .await
}

/// Says how another try went.
pub async fn save(tx: &mut Tx, id: InboundId, state: InboundState, tries: i64, error: Option<&str>) -> Result<()> {
    let sql = "update inbound set state = $2, tries = $3, error = $4 where id = $1";
    tx.run(sql, &[&id, &state, &tries, &error]).await?;
    tx.announce(Hint::new("channels"));
    Ok(())
}

/// It is filed now. Whether it was still there: somebody else may have filed or dropped it meanwhile.
pub async fn delete(tx: &mut Tx, id: InboundId) -> Result<bool> {
    let deleted = tx.run("delete from inbound where id = $1", &[&id]).await?;
    tx.announce(Hint::new("channels"));
    Ok(deleted > 0)
}

/// Nobody wants it: a person has looked at it. Answers the hash of its bytes, if it was there.
pub async fn discard(tx: &mut Tx, channel: ChannelId, id: InboundId) -> Result<Option<String>> {
    let sql = "delete from inbound where id = $1 and channel_id = $2 returning hash";
    tx.announce(Hint::new("channels"));
    tx.find(sql, &[&id, &channel]).await
}

/// A hundred of a channel's quarantine behind `after` that are here whole, the oldest first: to be tried again.
pub async fn quarantined_after(rx: &Read, channel: ChannelId, after: Option<Cursor>) -> Result<Vec<Cursor>> {
    let select = "select id, at from inbound";
    let mut filter = Where::new(select).and("channel_id = ? and state = 'quarantined' and whole = 1", &[&channel]);
    if let Some(it) = &after {
        filter = filter.and("(at, id) > (?, ?)", &[&it.at, &it.id]);
    }
    let filter = filter.then("order by at, id limit 100");
    rx.all(filter.sql(), filter.args()).await
}

/// It is to be tried again; whether it lay in quarantine.
pub async fn wait_again(tx: &mut Tx, id: InboundId) -> Result<bool> {
    tx.announce(Hint::new("channels"));
    let sql = "update inbound set state = 'waiting' where id = $1 and state = 'quarantined'";
    Ok(tx.run(sql, &[&id]).await? == 1)
}

/// How much of a channel is tried again by itself, up to a hundred.
pub async fn waiting(rx: &Read, scope: &Scope, channel: ChannelId) -> Result<i64> {
    scope.needs(Right::Settings)?;
    let sql = "select count(*) from (select 1 from inbound where channel_id = $1 and state = 'waiting' limit 100)
               as enough";
    rx.one(sql, &[&channel]).await
}

/// How much of a channel lies in quarantine, up to a hundred.
pub async fn quarantined(rx: &Read, channel: ChannelId) -> Result<i64> {
    let sql = "select count(*) from (select 1 from inbound where channel_id = $1 and state = 'quarantined' limit 100)
               as enough";
    rx.one(sql, &[&channel]).await
}

/// A raw mail in quarantine, as the settings show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: InboundId,
    /// When it came.
    pub at: Timestamp,
    /// Why it is here.
    pub error: Option<String>,
    /// How often it was tried.
    pub tries: i64,
    /// Whether all of it is here; otherwise only its headers are.
    pub whole: bool,
    /// How many bytes are here.
    pub size: i64,
}

impl FromRow for Line {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Line {
            id: row.get("id")?,
            at: row.get("at")?,
            error: row.get("error")?,
            tries: row.get("tries")?,
            whole: row.get("whole")?,
            size: row.get("size")?,
        })
    }
}

/// What lies in a channel's quarantine, newest first, twenty from `before` on; and where the rest begins.
pub async fn page(
    rx: &Read,
    scope: &Scope,
    channel: ChannelId,
    before: Option<Cursor>,
) -> Result<(Vec<Line>, Option<Cursor>)> {
    scope.needs(Right::Settings)?;
    let select = "select id, at, error, tries, whole, cast(octet_length(body) as bigint) as size from inbound";
    let mut filter = Where::new(select).and("channel_id = ? and state = 'quarantined'", &[&channel]);
    if let Some(it) = &before {
        filter = filter.and("(at, id) < (?, ?)", &[&it.at, &it.id]);
    }
    let filter = filter.then("order by at desc, id desc limit 21");
    let mut lines: Vec<Line> = rx.all(filter.sql(), filter.args()).await?;
    let more = lines.len() > 20;
    lines.truncate(20);
    let older = lines.last().filter(|_| more).map(|it| Cursor { at: it.at, id: it.id.0 });
    Ok((lines, older))
}

/// A raw mail of a channel, as it came.
pub async fn raw(rx: &Read, scope: &Scope, channel: ChannelId, id: InboundId) -> Result<Vec<u8>> {
    scope.needs(Right::Settings)?;
    rx.one("select body from inbound where id = $1 and channel_id = $2", &[&id, &channel]).await
}
