//! What a mailbox answers by itself to the first message of a case.

use domain::ChannelId;

use crate::{FromRow, Read, Result, Row, Tx, channel};

/// What it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Whether it says anything.
    pub active: bool,
    /// Its subject, with placeholders.
    pub subject: String,
    /// Its text, with placeholders.
    pub text: String,
    /// Its text outside business hours; empty if it is the same.
    pub closed_text: String,
}

impl FromRow for Acknowledgement {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Acknowledgement {
            active: row.get("active")?,
            subject: row.get("subject")?,
            text: row.get("body")?,
            closed_text: row.get("closed_body")?,
        })
    }
}

/// What a mailbox answers; none if nobody has set that up.
pub async fn find(rx: &Read, channel: ChannelId) -> Result<Option<Acknowledgement>> {
    rx.find("select active, subject, body, closed_body from acknowledgements where channel_id = $1", &[&channel]).await
}

/// Writes what a mailbox answers.
pub async fn save(tx: &mut Tx, channel: ChannelId, it: &Acknowledgement) -> Result<()> {
    tx.holds(&channel::lock())?;
    let sql = "insert into acknowledgements (channel_id, active, subject, body, closed_body)
               values ($1, $2, $3, $4, $5)
               on conflict (channel_id) do update set active = excluded.active, subject = excluded.subject,
                body = excluded.body, closed_body = excluded.closed_body";
    tx.run(sql, &[&channel, &it.active, &it.subject, &it.text, &it.closed_text]).await.map(drop)
}
