//! Outside effects, written in the transaction that wants them. A row says what and how it went; a job does it.

use domain::{
    Before, CaseId, ChannelId, CustomerId, Email, JobId, MessageId, MessageState, OutboxId, Recipients, Right,
    Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::case::list::Cursor;
use crate::message::Known;
use crate::param::{from_json, from_json_if_any, json, parsed};
use crate::{FromRow, Lock, Read, Result, Row, Scope, Tx, Where};

/// A message on its way out.
#[derive(Clone, Debug, PartialEq)]
pub struct Sending {
    /// Whose.
    pub customer: CustomerId,
    /// Its id.
    pub id: OutboxId,
    /// The case of the message.
    pub case: CaseId,
    /// The message.
    pub message: MessageId,
    /// By which channel.
    pub channel: ChannelId,
    /// Where it is.
    pub state: MessageState,
    /// How often it was tried. A try counts from its beginning, and its number is its fence: [`begin`].
    pub tries: i64,
    /// Since when it waits.
    pub at: Timestamp,
    /// Whether a try ended after the mail was handed over and before the server's answer: it may have been sent.
    pub unclear: bool,
    /// The job that sends it.
    pub job: JobId,
    /// Whom it still has to reach, once others have it; none: everybody.
    pub pending: Option<Vec<Email>>,
}

/// What an answer changed about its case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// What the case was before.
    pub before: Before,
    /// What the answer made of it.
    pub after: Before,
}

impl From<&Sending> for Known {
    fn from(it: &Sending) -> Known {
        Known { customer: it.customer, case: it.case, message: it.message }
    }
}

impl FromRow for Sending {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Sending {
            customer: row.get("customer_id")?,
            id: row.get("id")?,
            case: row.get("case_id")?,
            message: row.get("message_id")?,
            channel: row.get("channel_id")?,
            state: row.get("state")?,
            tries: row.get("tries")?,
            at: row.get("at")?,
            unclear: row.get("unclear")?,
            job: row.get("job_id")?,
            pending: from_json_if_any(row, "pending")?,
        })
    }
}

/// A try that has begun.
#[derive(Clone, Debug, PartialEq)]
pub struct Begun {
    /// What it is to send.
    pub sending: Sending,
    /// How many tries before it may have sent the mail: one that ended without the server's word, and those whose process
    /// died after [`handing`].
    pub doubts: i64,
}

impl FromRow for Begun {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let sending = Sending::from_row(row)?;
        let doubts = i64::from(sending.unclear) + row.get::<i64>("handed")?;
        Ok(Begun { sending: Sending { unclear: doubts > 0, ..sending }, doubts })
    }
}

/// Adds what shall leave. With `undo` it can be taken back until its first try.
pub async fn insert(tx: &mut Tx, it: &Sending, undo: Option<&Undo>) -> Result<()> {
    tx.holds(&Lock::Customer(it.customer))?;
    let sql = "insert into outbox (customer_id, id, case_id, message_id, channel_id, state, tries, at, unclear, job_id,
                pending, undo)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let (pending, undo) = (it.pending.as_ref().map(json).transpose()?, undo.map(json).transpose()?);
    let Sending { customer, id, case, message, channel, state, tries, at, unclear, job, .. } = it;
    let args: [&dyn crate::Param; 12] =
        [customer, id, case, message, channel, state, tries, at, unclear, job, &pending, &undo];
    tx.run(sql, &args).await?;
    tx.announce(crate::Hint::new("outbox"));
    Ok(())
}

/// What shall leave, for the job that does it.
pub async fn find(rx: &Read, customer: CustomerId, id: OutboxId) -> Result<Option<Sending>> {
    let sql = "select customer_id, id, case_id, message_id, channel_id, state, tries, at, unclear, job_id, pending
               from outbox where customer_id = $1 and id = $2";
    rx.find(sql, &[&customer, &id]).await
}

/// What shall leave for a message that failed: to try it again.
pub async fn of_message(rx: &Read, customer: CustomerId, case: CaseId, message: MessageId) -> Result<Option<Sending>> {
    let sql = "select customer_id, id, case_id, message_id, channel_id, state, tries, at, unclear, job_id, pending
               from outbox where customer_id = $1 and case_id = $2 and message_id = $3 order by id desc limit 1";
    rx.find(sql, &[&customer, &case, &message]).await
}

/// Whether something of a case is on its way out.
pub async fn is_leaving(rx: &Read, customer: CustomerId, case: CaseId) -> Result<bool> {
    let sql = "select tries from outbox where customer_id = $1 and case_id = $2 and state = 'sending' limit 1";
    Ok(rx.find::<i64>(sql, &[&customer, &case]).await?.is_some())
}

/// Begins a try: it counts before anybody is spoken to. Whoever began a later one is told the truth of the row; this one
/// changes nothing any more, but for [`sent`]. None if nothing shall be sent.
pub async fn begin(tx: &mut Tx, customer: CustomerId, id: OutboxId) -> Result<Option<Begun>> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "update outbox set tries = tries + 1
               where customer_id = $1 and id = $2 and state = 'sending'
               returning customer_id, id, case_id, message_id, channel_id, state, tries, at, unclear, job_id, pending,
                handed";
    tx.find(sql, &[&customer, &id]).await
}

/// Takes it back, if no try has begun: what its case was before. None if it is too late.
pub async fn take_back(tx: &mut Tx, it: &Sending, done_at: Timestamp) -> Result<Option<Undo>> {
    tx.holds(&Lock::Customer(it.customer))?;
    let sql = "update outbox set state = 'taken_back', done_at = $3
               where customer_id = $1 and id = $2 and state = 'sending' and tries = 0 and undo is not null
               returning undo";
    let undo: Option<String> = tx.find(sql, &[&it.customer, &it.id, &done_at]).await?;
    tx.announce(crate::Hint::new("outbox"));
    undo.map(|it| parsed(&it, "undo")).transpose()
}

/// The server has all of the mail but its end, which is what comes next: from here on the try may have sent it. Whether it is
/// still the one that counts; if not, it must not go on.
pub async fn handing(tx: &mut Tx, it: &Sending) -> Result<bool> {
    tx.holds(&Lock::Customer(it.customer))?;
    let sql = "update outbox set handed = handed + 1
               where customer_id = $1 and id = $2 and state = 'sending' and tries = $3";
    Ok(tx.run(sql, &[&it.customer, &it.id, &it.tries]).await? == 1)
}

/// A server has taken it: that is true of whichever try says so. Whether it was still to be sent.
pub async fn sent(tx: &mut Tx, it: &Sending, done_at: Timestamp) -> Result<bool> {
    tx.holds(&Lock::Customer(it.customer))?;
    let sql = "update outbox set state = 'sent', done_at = $3, error = null
               where customer_id = $1 and id = $2 and state = 'sending'";
    tx.announce(crate::Hint::new("outbox"));
    Ok(tx.run(sql, &[&it.customer, &it.id, &done_at]).await? == 1)
}

/// It did not go: it waits for another try, or has failed, as `it` says now. Whether the try `it.tries` is still the one
/// that counts.
pub async fn not_sent(tx: &mut Tx, it: &Sending, done_at: Option<Timestamp>, error: &str) -> Result<bool> {
    tx.holds(&Lock::Customer(it.customer))?;
    let sql = "update outbox set state = $4, done_at = $5, error = $6, unclear = $7, handed = 0, pending = $8
               where customer_id = $1 and id = $2 and state = 'sending' and tries = $3";
    let pending = it.pending.as_ref().map(json).transpose()?;
    tx.announce(crate::Hint::new("outbox"));
    Ok(tx.run(sql, &[&it.customer, &it.id, &it.tries, &it.state, &done_at, &error, &it.unclear, &pending]).await? == 1)
}

/// Somebody wants it sent again, by the job `it` names and to whom it is `pending`, and knows what became of it before.
pub async fn again(tx: &mut Tx, it: &Sending, at: Timestamp) -> Result<()> {
    tx.holds(&Lock::Customer(it.customer))?;
    let sql = "update outbox set state = 'sending', at = $3, done_at = null, error = null, unclear = 0, handed = 0, job_id = $4,
                pending = $5, undo = null
               where customer_id = $1 and id = $2";
    let pending = it.pending.as_ref().map(json).transpose()?;
    tx.run(sql, &[&it.customer, &it.id, &at, &it.job, &pending]).await?;
    tx.announce(crate::Hint::new("outbox"));
    Ok(())
}

/// A line of the outbox page.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its id.
    pub id: OutboxId,
    /// The number of its case.
    pub number: i64,
    /// The message.
    pub message: MessageId,
    /// Where it is.
    pub state: MessageState,
    /// How often it was tried.
    pub tries: i64,
    /// Since when it waits.
    pub at: Timestamp,
    /// Why it is not there yet.
    pub error: Option<String>,
    /// Its subject.
    pub subject: String,
    /// To whom it goes.
    pub recipients: Recipients,
    /// Its text.
    pub text: String,
}

impl FromRow for Line {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Line {
            id: row.get("id")?,
            number: row.get("number")?,
            message: row.get("message_id")?,
            state: row.get("state")?,
            tries: row.get("tries")?,
            at: row.get("at")?,
            error: row.get("error")?,
            subject: row.get("subject")?,
            recipients: from_json(row, "recipients")?,
            text: row.get("body")?,
        })
    }
}

impl Line {
    /// Its addresses.
    pub fn addresses(&self) -> impl Iterator<Item = &Email> {
        self.recipients.addresses()
    }
}

/// The outbox, newest first, fifty from `before` on; and where the rest begins.
pub async fn page(rx: &Read, scope: &Scope, before: Option<Cursor>) -> Result<(Vec<Line>, Option<Cursor>)> {
    scope.needs(Right::Desk)?;
    let select =
        "select outbox.id, cases.number, outbox.message_id, outbox.state, outbox.tries, outbox.at, outbox.error,
                   messages.subject, messages.recipients, messages.body from outbox
                  join cases on cases.customer_id = outbox.customer_id and cases.id = outbox.case_id
                   and cases.aside is null
                  join messages on messages.customer_id = outbox.customer_id and messages.case_id = outbox.case_id
                   and messages.id = outbox.message_id";
    let mut filter = Where::new(select);
    if let Some(it) = &before {
        filter = filter.and("(outbox.at, outbox.id) < (?, ?)", &[&it.at, &it.id]);
    }
    let filter = filter.then("order by outbox.at desc, outbox.id desc limit 51");
    let mut lines: Vec<Line> = rx.all(filter.sql(), filter.args()).await?;
    let more = lines.len() > 50;
    lines.truncate(50);
    let older = lines.last().filter(|_| more).map(|it| Cursor { at: it.at, id: it.id.0 });
    Ok((lines, older))
}
