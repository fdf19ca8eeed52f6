//! What a colleague is told of: one line of each kind in a case, until they have seen it.
//!
//! A line belongs to the customer whose case it is about, and goes with that case. Whoever may see the case no longer does
//! not see what stands in the line either.

pub mod choices;
pub mod digest;

use domain::{NotificationId, NotificationKind, StaffId, Timestamp};

use crate::case::Place;
use crate::case::list::{Cursor, ENOUGH};
use crate::{FromRow, Hint, Lock, Read, Result, Row, Scope, Tx, Where};

/// How many lines a page has.
pub const PAGE: usize = 50;

/// What somebody is to be told.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// In this case.
    pub place: Place,
    /// The id of its line, if it is a new one.
    pub id: NotificationId,
    /// Whom.
    pub staff: StaffId,
    /// Of what.
    pub kind: NotificationKind,
    /// Since when.
    pub at: Timestamp,
    /// The number of the entry that says it.
    pub entry: Option<i64>,
    /// Who of ours did it.
    pub by: Option<StaffId>,
    /// What whoever did it is called, if it is nobody of ours.
    pub name: &'a str,
    /// The beginning of what was said.
    pub line: &'a str,
    /// By when we owe a reply, where it is about that.
    pub due: Option<Timestamp>,
}

/// What somebody is told, as their list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: NotificationId,
    /// Of what.
    pub kind: NotificationKind,
    /// Since when; of several things, of the last.
    pub at: Timestamp,
    /// The number of the entry that says it.
    pub entry: Option<i64>,
    /// Who of ours did it.
    pub by: Option<StaffId>,
    /// What whoever did it is called, if it is nobody of ours.
    pub name: String,
    /// The beginning of what was said.
    pub line: String,
    /// How many such things there were since they last looked.
    pub count: i64,
    /// By when we owe a reply, where it is about that.
    pub due: Option<Timestamp>,
    /// Whether they have seen it.
    pub seen: bool,
    /// The case's number.
    pub number: i64,
    /// What it is about.
    pub subject: String,
    /// Whose it is.
    pub assignee: Option<StaffId>,
    /// What we call the customer.
    pub customer: String,
}

impl FromRow for Line {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let seen: Option<Timestamp> = row.get("seen_at")?;
        Ok(Line {
            id: row.get("id")?,
            kind: row.get("kind")?,
            at: row.get("at")?,
            entry: row.get("entry")?,
            by: row.get("by_id")?,
            name: row.get("by_name")?,
            line: row.get("line")?,
            count: row.get("count")?,
            due: row.get("due_at")?,
            seen: seen.is_some(),
            number: row.get("number")?,
            subject: row.get("subject")?,
            assignee: row.get("assignee_id")?,
            customer: row.get("name")?,
        })
    }
}

/// A page of somebody's list, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Its lines.
    pub lines: Vec<Line>,
    /// Where the older ones begin, if there are any.
    pub older: Option<Cursor>,
}

/// What a browser listens for that shows what this person is told.
pub fn hint(staff: StaffId) -> Hint {
    Hint::new(format!("notifications {staff}"))
}

/// Tells somebody. What they have not seen yet of the same kind in the same case becomes one line with it.
pub async fn put(tx: &mut Tx, it: &New<'_>) -> Result<()> {
    tx.holds(&Lock::Customer(it.place.customer))?;
    let sql =
        "insert into notifications (customer_id, case_id, id, staff_id, kind, at, entry, by_id, by_name, line, count,
                due_at)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11)
               on conflict (customer_id, case_id, staff_id, kind) where seen_at is null
               do update set at = excluded.at, entry = excluded.entry, by_id = excluded.by_id,
                by_name = excluded.by_name, line = excluded.line, due_at = excluded.due_at,
                count = notifications.count + 1, digest_id = null";
    let New { place, id, staff, kind, at, entry, by, name, line, due } = it;
    tx.put(sql, &[&place.customer, &place.case, id, staff, kind, at, entry, by, name, line, due]).await?;
    tx.announce(hint(*staff));
    Ok(())
}

const SELECT: &str =
    "select notifications.id, notifications.kind, notifications.at, entry, by_id, by_name, line, count,
     notifications.due_at, seen_at, number, subject, assignee_id, name
    from notifications
    join cases on cases.customer_id = notifications.customer_id and cases.id = notifications.case_id
    join customers on customers.customer_id = notifications.customer_id";

/// A page of what the looker is told, of these kinds.
pub async fn page(rx: &Read, scope: &Scope, kinds: &[NotificationKind], before: Option<Cursor>) -> Result<Page> {
    let mut filter = Where::new(SELECT).and("notifications.staff_id = ?", &[&scope.member]);
    if let Some(it) = &before {
        filter = filter.and("(notifications.at, notifications.id) < (?, ?)", &[&it.at, &it.id]);
    }
    let filter = scope.narrow(filter.any_of("notifications.kind", kinds));
    let filter = filter.then("order by notifications.at desc, notifications.id desc limit 51");
    let mut lines: Vec<Line> = rx.all(filter.sql(), filter.args()).await?;
    let more = lines.len() > PAGE;
    lines.truncate(PAGE);
    let older = lines.last().filter(|_| more).map(|it| Cursor { at: it.at, id: it.id.0 });
    Ok(Page { lines, older })
}

/// What the looker has not seen of these kinds and came after `after`, the newest first: five lines at most.
pub async fn fresh(rx: &Read, scope: &Scope, kinds: &[NotificationKind], after: Timestamp) -> Result<Vec<Line>> {
    let filter = Where::new(SELECT)
        .and("notifications.staff_id = ? and seen_at is null and notifications.at > ?", &[&scope.member, &after])
        .any_of("notifications.kind", kinds);
    let filter = scope.narrow(filter).then("order by notifications.at desc, notifications.id desc limit 5");
    rx.all(filter.sql(), filter.args()).await
}

/// How much of these kinds the looker has not seen, up to [`ENOUGH`].
pub async fn unseen(rx: &Read, scope: &Scope, kinds: &[NotificationKind]) -> Result<i64> {
    let select = "select count(*) from (select 1 from notifications
                  join cases on cases.customer_id = notifications.customer_id and cases.id = notifications.case_id";
    let filter = Where::new(select).and("notifications.staff_id = ? and seen_at is null", &[&scope.member]);
    let filter = scope.narrow(filter.any_of("kind", kinds)).then("limit 100) as enough");
    Ok(rx.one::<i64>(filter.sql(), filter.args()).await?.min(ENOUGH))
}

/// Whether something of this case waits to be seen by the looker.
pub async fn waits_in(rx: &Read, scope: &Scope, place: Place) -> Result<bool> {
    let sql = "select 1 from notifications
               where customer_id = $1 and case_id = $2 and staff_id = $3 and seen_at is null limit 1";
    Ok(rx.find::<i64>(sql, &[&place.customer, &place.case, &scope.member]).await?.is_some())
}

/// Somebody has looked at a case: they have seen what they were told of it.
pub async fn see_case(tx: &mut Tx, staff: StaffId, place: Place, now: Timestamp) -> Result<()> {
    let sql = "update notifications set seen_at = $4
               where customer_id = $1 and case_id = $2 and staff_id = $3 and seen_at is null";
    tx.put(sql, &[&place.customer, &place.case, &staff, &now]).await?;
    tx.announce(hint(staff));
    Ok(())
}

/// Somebody says that they have seen all they were told until now.
pub async fn see_all(tx: &mut Tx, staff: StaffId, now: Timestamp) -> Result<()> {
    let sql = "update notifications set seen_at = $2 where staff_id = $1 and seen_at is null and at <= $2";
    tx.put(sql, &[&staff, &now]).await?;
    tx.announce(hint(staff));
    Ok(())
}

/// Deletes what is so old that nobody asks for it.
pub async fn forget(tx: &mut Tx, until: Timestamp) -> Result<()> {
    tx.put("delete from notifications where at <= $1", &[&until]).await
}
