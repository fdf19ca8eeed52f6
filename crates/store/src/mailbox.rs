//! Mailboxes of channels: how far each has been read, and how it is.

use domain::{ChannelId, MailboxState, Timestamp};

use crate::{FromRow, Hint, Read, Result, Row, Tx, channel};

/// How far a mailbox has been read, and how it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Mailbox {
    /// The UIDVALIDITY under which `uid` counts (RFC 9051 §2.3.1.1).
    pub validity: i64,
    /// The highest UID that is durable here.
    pub uid: i64,
    /// What came until then has been read: from there a renumbered mailbox is read again. None before the first reading.
    pub read_at: Option<Timestamp>,
    /// How it is.
    pub state: MailboxState,
    /// What is wrong, in plain words.
    pub error: Option<String>,
    /// Since when it is so.
    pub since: Timestamp,
    /// When the last mail reached it.
    pub last_at: Option<Timestamp>,
    /// What was wrong last, and still is or no longer.
    pub last_error: Option<String>,
    /// When that was.
    pub last_error_at: Option<Timestamp>,
}

impl FromRow for Mailbox {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Mailbox {
            validity: row.get("validity")?,
            uid: row.get("uid")?,
            read_at: row.get("read_at")?,
            state: row.get("state")?,
            error: row.get("error")?,
            since: row.get("since")?,
            last_at: row.get("last_at")?,
            last_error: row.get("last_error")?,
            last_error_at: row.get("last_error_at")?,
        })
    }
}

/// How a mailbox stands; none if it was never connected.
pub async fn find(rx: &Read, id: ChannelId) -> Result<Option<Mailbox>> {
    let sql = "select validity, uid, read_at, state, error, since, last_at, last_error, last_error_at
               from mailboxes where channel_id = $1";
    rx.find(sql, &[&id]).await
}

/// Remembers where a connection begins to read, wherever it was before: a folder that was put back from an older copy
/// has lower numbers. How far it was read in time stays.
pub async fn begin_at(tx: &mut Tx, id: ChannelId, validity: i64, uid: i64, now: Timestamp) -> Result<()> {
    let sql = "insert into mailboxes (channel_id, validity, uid, read_at, state, since)
               values ($1, $2, $3, $4, 'live', $4)
               on conflict (channel_id) do update set validity = excluded.validity, uid = excluded.uid,
                read_at = coalesce(mailboxes.read_at, excluded.read_at)";
    tx.run(sql, &[&id, &validity, &uid, &now]).await.map(drop)
}

/// Remembers when a mail reached a mailbox, for those who look whether anything comes; never back.
pub async fn mail_at(tx: &mut Tx, id: ChannelId, at: Timestamp) -> Result<()> {
    let sql = "update mailboxes set last_at = $2 where channel_id = $1 and (last_at is null or last_at < $2)";
    tx.run(sql, &[&id, &at]).await.map(drop)
}

/// Remembers how far a mailbox has been read, in numbers and in time; never back. A connection that began under another
/// validity, or with a mailbox that is no longer this one, changes nothing any more.
pub async fn set_position(tx: &mut Tx, id: ChannelId, validity: i64, uid: i64, read_at: Timestamp) -> Result<()> {
    let sql = "update mailboxes set uid = $3,
                read_at = case when read_at is null or read_at < $4 then $4 else read_at end
               where channel_id = $1 and validity = $2 and uid <= $3";
    tx.run(sql, &[&id, &validity, &uid, &read_at]).await.map(drop)
}

/// Forgets how far a mailbox has been read: it is another one now.
pub async fn forget(tx: &mut Tx, id: ChannelId) -> Result<()> {
    tx.holds(&channel::lock())?;
    tx.run("delete from mailboxes where channel_id = $1", &[&id]).await.map(drop)
}

/// Remembers how a mailbox is.
pub async fn set_state(
    tx: &mut Tx,
    id: ChannelId,
    state: MailboxState,
    error: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    let at = error.map(|_| now);
    let sql = "insert into mailboxes (channel_id, validity, uid, state, error, since, last_error, last_error_at)
               values ($1, 0, 0, $2, $3, $4, $3, $5)
               on conflict (channel_id) do update set state = excluded.state, error = excluded.error,
                since = excluded.since, last_error = coalesce(excluded.last_error, mailboxes.last_error),
                last_error_at = coalesce(excluded.last_error_at, mailboxes.last_error_at)";
    tx.run(sql, &[&id, &state, &error, &now, &at]).await?;
    tx.announce(Hint::new("channels"));
    Ok(())
}
