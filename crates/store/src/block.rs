//! Senders whose mail goes to spam.

use domain::block::Sender;
use domain::{Email, Right, StaffId, Timestamp};

use crate::{FromRow, Hint, Lock, Read, Result, Row, Scope, Tx, Where, channel};

/// Writes that change blocks hold this.
pub fn lock() -> Lock {
    Lock::Name("blocks".to_owned())
}

/// Blocks a sender; whether that is new.
pub async fn insert(tx: &mut Tx, sender: &Sender, by: StaffId, at: Timestamp) -> Result<bool> {
    tx.holds(&lock())?;
    let sql = "insert into blocks (sender, staff_id, created_at, held) values ($1, $2, $3, 0)
               on conflict (sender) do nothing";
    tx.announce(Hint::new("blocks"));
    Ok(tx.run(sql, &[&sender.as_str(), &by, &at]).await? == 1)
}

/// Takes that back; whether it was so.
pub async fn delete(tx: &mut Tx, sender: &Sender) -> Result<bool> {
    tx.holds(&lock())?;
    tx.announce(Hint::new("blocks"));
    Ok(tx.run("delete from blocks where sender = $1", &[&sender.as_str()]).await? == 1)
}

/// What holds the mail of this address: the block of the address itself before the one of its domain.
pub async fn of(rx: &Read, from: &Email) -> Result<Option<String>> {
    let (address, domain) = senders(from);
    // An address is longer than its domain.
    let sql = "select sender from blocks where sender in ($1, $2) order by length(sender) desc limit 1";
    rx.find(sql, &[&address, &domain]).await
}

/// By what mail of this address may be blocked: the address itself, and its domain.
pub(crate) fn senders(from: &Email) -> (String, String) {
    (Sender::address(from).as_str().to_owned(), Sender::domain(from).as_str().to_owned())
}

/// A mail was held by this block.
pub async fn held(tx: &mut Tx, sender: &str, at: Timestamp) -> Result<()> {
    tx.run("update blocks set held = held + 1, held_at = $2 where sender = $1", &[&sender, &at]).await?;
    tx.announce(Hint::new("blocks"));
    Ok(())
}

/// A block as the settings show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Whom it concerns.
    pub sender: String,
    /// Who wanted it.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
    /// How many mails it held.
    pub held: i64,
    /// When it held the last of them.
    pub held_at: Option<Timestamp>,
}

impl FromRow for Line {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Line {
            sender: row.get("sender")?,
            by: row.get("staff_id")?,
            at: row.get("created_at")?,
            held: row.get("held")?,
            held_at: row.get("held_at")?,
        })
    }
}

/// Where a page of blocks goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    /// The time of the last row.
    pub at: Timestamp,
    /// Whom it concerns.
    pub sender: String,
}

impl Before {
    /// The position that `text` names: microseconds, a dot, the sender.
    pub fn parse(text: &str) -> Option<Before> {
        let (at, sender) = text.split_once('.')?;
        Some(Before { at: Timestamp(at.parse().ok()?), sender: sender.to_owned() })
    }
}

impl std::fmt::Display for Before {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.at.0, self.sender)
    }
}

/// How many lines a page has.
const PAGE: usize = 50;

/// Blocks, the newest first, fifty from `before` on; and where the rest begins.
pub async fn page(rx: &Read, scope: &Scope, before: Option<&Before>) -> Result<(Vec<Line>, Option<Before>)> {
    scope.needs(Right::Settings)?;
    let mut filter = Where::new("select sender, staff_id, created_at, held, held_at from blocks");
    if let Some(it) = before {
        filter = filter.and("(created_at, sender) < (?, ?)", &[&it.at, &it.sender]);
    }
    let filter = filter.then("order by created_at desc, sender desc limit 51");
    let mut lines: Vec<Line> = rx.all(filter.sql(), filter.args()).await?;
    let more = lines.len() > PAGE;
    lines.truncate(PAGE);
    let older = lines.last().filter(|_| more).map(|it| Before { at: it.at, sender: it.sender.clone() });
    Ok((lines, older))
}

/// What holds the mail of an address, for the page of a case.
pub async fn shown(rx: &Read, scope: &Scope, from: &Email) -> Result<Option<String>> {
    scope.needs(Right::Cases)?;
    of(rx, from).await
}

/// Every address that is ours: of mailboxes, and of staff.
pub async fn own(rx: &Read) -> Result<Vec<Email>> {
    let mut own: Vec<Email> = rx.all("select email from staff", &[]).await?;
    for channel in channel::all(rx).await? {
        own.extend(channel.addresses().cloned());
    }
    Ok(own)
}
