//! Older mail of a mailbox that somebody has brought in, and how far that is.

use domain::{ChannelId, HistoryState, Timestamp};

use crate::{FromRow, Hint, Read, Result, Row, Tx, channel};

/// The older mail of one mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The mailbox.
    pub channel: ChannelId,
    /// How it stands.
    pub state: HistoryState,
    /// Mail that reached the mailbox from then on is brought in.
    pub since: Timestamp,
    /// The UIDVALIDITY under which `uid` and `last` count; 0 before the first look.
    pub validity: i64,
    /// Everything up to this UID is here.
    pub uid: i64,
    /// The last UID that is brought in.
    pub last: i64,
    /// How many mails have been looked at.
    pub done: i64,
    /// How many there are.
    pub total: i64,
    /// How many stay in the mailbox, for they are too large.
    pub left_out: i64,
    /// Why it does not go on at the moment, in plain words.
    pub error: Option<String>,
    /// When it last began to run.
    pub begun_at: Timestamp,
    /// With how many done already.
    pub begun_done: i64,
}

impl FromRow for History {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(History {
            channel: row.get("channel_id")?,
            state: row.get("state")?,
            since: row.get("since")?,
            validity: row.get("validity")?,
            uid: row.get("uid")?,
            last: row.get("last")?,
            done: row.get("done")?,
            total: row.get("total")?,
            left_out: row.get("left_out")?,
            error: row.get("error")?,
            begun_at: row.get("begun_at")?,
            begun_done: row.get("begun_done")?,
        })
    }
}

/// The older mail of a mailbox, if somebody wanted it.
pub async fn find(rx: &Read, id: ChannelId) -> Result<Option<History>> {
    let sql = "select channel_id, state, since, validity, uid, last, done, total, left_out, error, begun_at, begun_done
               from histories where channel_id = $1";
    rx.find(sql, &[&id]).await
}

/// Writes down that older mail is wanted, or how that stands. Whoever changes it holds [`channel::lock`].
pub async fn save(tx: &mut Tx, it: &History) -> Result<()> {
    tx.holds(&channel::lock())?;
    let sql = "insert into histories (channel_id, state, since, validity, uid, last, done, total, left_out, error,
                begun_at, begun_done)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
               on conflict (channel_id) do update set state = excluded.state, since = excluded.since,
                validity = excluded.validity, uid = excluded.uid, last = excluded.last, done = excluded.done,
                total = excluded.total, left_out = excluded.left_out, error = excluded.error,
                begun_at = excluded.begun_at, begun_done = excluded.begun_done";
    let args: [&dyn crate::Param; 12] = [
        &it.channel,
        &it.state,
        &it.since,
        &it.validity,
        &it.uid,
        &it.last,
        &it.done,
        &it.total,
        &it.left_out,
        &it.error,
        &it.begun_at,
        &it.begun_done,
    ];
    tx.run(sql, &args).await?;
    tx.announce(Hint::new("histories"));
    Ok(())
}

/// Forgets it: the mailbox is another one now.
pub async fn forget(tx: &mut Tx, id: ChannelId) -> Result<()> {
    tx.holds(&channel::lock())?;
    tx.run("delete from histories where channel_id = $1", &[&id]).await.map(drop)
}

/// Remembers that everything up to `uid` is here: so many mails more. Nothing if the mails have been numbered anew since,
/// or it has been stopped.
pub async fn reached(tx: &mut Tx, id: ChannelId, validity: i64, uid: i64, more: i64, left_out: i64) -> Result<()> {
    let sql = "update histories set uid = $3, done = done + $4, left_out = left_out + $5, error = null
               where channel_id = $1 and validity = $2 and uid < $3 and state = 'running'";
    tx.run(sql, &[&id, &validity, &uid, &more, &left_out]).await?;
    tx.announce(Hint::new("histories"));
    Ok(())
}
