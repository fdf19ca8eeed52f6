//! Cases: their rows, for the use cases that change them. What pages read is in [`list`] and [`spine`].

pub mod aside;
pub mod list;
pub mod merge;
pub mod moving;
pub mod spine;

use std::time::Duration;

use domain::case::Live;
use domain::{Case, CaseId, CustomerId, Merged, PutAside, StaffId, Timestamp, Word};

use crate::param::{from_json, json};
use crate::search::{self, Item};
use crate::{FromRow, Hint, Lock, Read, Result, Row, Scope, Sql, Tx, Where, mark};

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "select customer_id, id, number, subject, status, priority, assignee_id, team_id, contact_id, channel_id,
              follows, opened_at, last_at, resolved_at, resolution, preview, theirs, undelivered, entries, participants,
              aside, aside_why, aside_by, aside_at, owed_since, due_at, warned, wake_at, tags, fields, followed,
              promised_at, merged_into, merged_entry, merged_kept from cases",
            $tail
        )
    };
}

const SELECT: &str = select!("");

pub(crate) struct Stored(pub Case);

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Stored(Case {
            customer: row.get("customer_id")?,
            id: row.get("id")?,
            number: row.get("number")?,
            subject: row.get("subject")?,
            status: row.get("status")?,
            priority: row.get("priority")?,
            assignee: row.get("assignee_id")?,
            team: row.get("team_id")?,
            contact: row.get("contact_id")?,
            channel: row.get("channel_id")?,
            follows: row.get("follows")?,
            opened_at: row.get("opened_at")?,
            last_at: row.get("last_at")?,
            resolved_at: row.get("resolved_at")?,
            resolution: row.get("resolution")?,
            preview: row.get("preview")?,
            theirs: row.get("theirs")?,
            undelivered: row.get("undelivered")?,
            entries: row.get("entries")?,
            participants: from_json(row, "participants")?,
            aside: put_aside(row)?,
            owed_since: row.get("owed_since")?,
            due_at: row.get("due_at")?,
            warned: row.get("warned")?,
            wake_at: row.get("wake_at")?,
            tags: from_json(row, "tags")?,
            fields: from_json(row, "fields")?,
            followed: row.get("followed")?,
            promised_at: row.get("promised_at")?,
            merged: merged(row)?,
        }))
    }
}

fn merged(row: &Row<'_>) -> Result<Option<Merged>> {
    let Some(into) = row.get("merged_into")? else { return Ok(None) };
    Ok(Some(Merged { into, entry: row.get("merged_entry")?, kept: from_json(row, "merged_kept")? }))
}

fn put_aside(row: &Row<'_>) -> Result<Option<PutAside>> {
    if row.get::<Option<CaseId>>("merged_into")?.is_some() {
        return Ok(None);
    }
    let Some(to) = row.get("aside")? else { return Ok(None) };
    Ok(Some(PutAside { to, why: row.get("aside_why")?, by: row.get("aside_by")?, at: row.get("aside_at")? }))
}

/// What keeps a case out of the lists: where it is put aside, or that it stands in another.
fn out_of_lists(case: &Case) -> Option<&'static str> {
    if case.merged.is_some() { Some("merged") } else { case.aside.map(|it| it.to.word()) }
}

/// Where a case is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Under this customer.
    pub customer: CustomerId,
    /// With this id.
    pub case: CaseId,
}

impl FromRow for Place {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Place { customer: row.get("customer_id")?, case: row.get("case_id")? })
    }
}

/// Where the case with this number is kept.
pub async fn place(rx: &Read, number: i64) -> Result<Option<Place>> {
    rx.find("select customer_id, case_id from case_numbers where number = $1", &[&number]).await
}

/// SQLite has one writer, so the highest number is the last; PostgreSQL would wait for the highest to commit.
const NEXT_NUMBER: Sql =
    Sql::per("select coalesce(max(number), 0) + 1 from case_numbers", "select nextval('case_numbers_seq')");

/// A number that no case has had.
pub async fn next_number(tx: &mut Tx) -> Result<i64> {
    tx.one(NEXT_NUMBER, &[]).await
}

/// The case, for a use case that holds its customer.
pub async fn find(rx: &Read, customer: CustomerId, id: CaseId) -> Result<Option<Case>> {
    let sql = select!(" where customer_id = $1 and id = $2");
    Ok(rx.find::<Stored>(sql, &[&customer, &id]).await?.map(|it| it.0))
}

/// The number of a case, whatever else stands in its row.
pub async fn number(rx: &Read, customer: CustomerId, id: CaseId) -> Result<Option<i64>> {
    rx.find("select number from cases where customer_id = $1 and id = $2", &[&customer, &id]).await
}

/// Whether there is a case with this number, and not only a place where one was.
pub async fn exists(rx: &Read, number: i64) -> Result<bool> {
    match place(rx, number).await? {
        Some(at) => Ok(self::number(rx, at.customer, at.case).await?.is_some()),
        None => Ok(false),
    }
}

/// The case, if the scope reaches it.
pub async fn find_within(rx: &Read, scope: &Scope, place: Place) -> Result<Option<Case>> {
    if scope.teams().is_none() {
        return find(rx, place.customer, place.case).await;
    }
    let this = Where::new(select!("")).and("customer_id = ? and id = ?", &[&place.customer, &place.case]);
    let this = scope.narrow(this);
    Ok(rx.find::<Stored>(this.sql(), this.args()).await?.map(|it| it.0))
}

/// The case with this number, if the scope reaches it. PostgreSQL shows each statement what stands then: a case that
/// moved to another customer after its place was read is looked for again.
pub async fn within(rx: &Read, scope: &Scope, number: i64) -> Result<Option<Case>> {
    let mut at = place(rx, number).await?;
    while let Some(here) = at {
        let found = find_within(rx, scope, here).await?;
        if found.is_some() {
            return Ok(found);
        }
        at = place(rx, number).await?.filter(|it| *it != here);
    }
    Ok(None)
}

/// Adds a case, and the lookup by its number.
pub async fn insert(tx: &mut Tx, case: &Case) -> Result<()> {
    tx.holds(&Lock::Customer(case.customer))?;
    let sql = "insert into cases (customer_id, id, number, subject, status, live, priority, assignee_id, team_id,
                contact_id, channel_id, follows, opened_at, last_at, resolved_at, preview, theirs, undelivered,
                entries, participants, aside, aside_why, aside_by, aside_at, resolution, owed_since, due_at, warned,
                wake_at, tags, fields, promised_at)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)";
    let (participants, tags, fields) = (json(&case.participants)?, json(&case.tags)?, json(&case.fields)?);
    let aside = case.aside;
    let args: [&dyn crate::Param; 32] = [
        &case.customer,
        &case.id,
        &case.number,
        &case.subject,
        &case.status,
        &live(case),
        &case.priority,
        &case.assignee,
        &case.team,
        &case.contact,
        &case.channel,
        &case.follows,
        &case.opened_at,
        &case.last_at,
        &case.resolved_at,
        &case.preview,
        &case.theirs,
        &case.undelivered,
        &case.entries,
        &participants,
        &out_of_lists(case),
        &aside.map(|it| it.why),
        &aside.and_then(|it| it.by),
        &aside.map(|it| it.at),
        &case.resolution,
        &case.owed_since,
        &case.due_at,
        &case.warned,
        &case.wake_at,
        &tags,
        &fields,
        &case.promised_at,
    ];
    tx.put(sql, &args).await?;
    mark::insert(tx, case).await?;
    let sql = "insert into case_numbers (number, customer_id, case_id) values ($1, $2, $3)";
    tx.put(sql, &[&case.number, &case.customer, &case.id]).await?;
    search::touch(tx, Item::case(case.customer, case.id));
    announce(tx, case);
    Ok(())
}

/// Writes what may change of a case.
pub async fn save(tx: &mut Tx, case: &Case) -> Result<()> {
    tx.holds(&Lock::Customer(case.customer))?;
    let sql = "update cases set subject = $3, status = $4, live = $5, priority = $6, assignee_id = $7, team_id = $8,
                last_at = $9, resolved_at = $10, preview = $11, theirs = $12, undelivered = $13,
                entries = $14, participants = $15, aside = $16, aside_why = $17, aside_by = $18, aside_at = $19,
                resolution = $20, owed_since = $21, due_at = $22, warned = $23, wake_at = $24, tags = $25, fields = $26,
                promised_at = $27
               where customer_id = $1 and id = $2";
    let (participants, tags, fields) = (json(&case.participants)?, json(&case.tags)?, json(&case.fields)?);
    let aside = case.aside;
    let args: [&dyn crate::Param; 27] = [
        &case.customer,
        &case.id,
        &case.subject,
        &case.status,
        &live(case),
        &case.priority,
        &case.assignee,
        &case.team,
        &case.last_at,
        &case.resolved_at,
        &case.preview,
        &case.theirs,
        &case.undelivered,
        &case.entries,
        &participants,
        &out_of_lists(case),
        &aside.map(|it| it.why),
        &aside.and_then(|it| it.by),
        &aside.map(|it| it.at),
        &case.resolution,
        &case.owed_since,
        &case.due_at,
        &case.warned,
        &case.wake_at,
        &tags,
        &fields,
        &case.promised_at,
    ];
    tx.put(sql, &args).await?;
    mark::follow(tx, case).await?;
    announce(tx, case);
    Ok(())
}

/// Writes what a further message changes of a case that stays where it stands: [`save`] writes the indexes of everything
/// else as well.
pub async fn save_words(tx: &mut Tx, case: &Case) -> Result<()> {
    tx.holds(&Lock::Customer(case.customer))?;
    let sql = "update cases set last_at = $3, preview = $4, theirs = $5, undelivered = $6, entries = $7,
                participants = $8
               where customer_id = $1 and id = $2";
    let participants = json(&case.participants)?;
    let args: [&dyn crate::Param; 8] = [
        &case.customer,
        &case.id,
        &case.last_at,
        &case.preview,
        &case.theirs,
        &case.undelivered,
        &case.entries,
        &participants,
    ];
    tx.put(sql, &args).await?;
    mark::follow(tx, case).await?;
    announce(tx, case);
    Ok(())
}

/// How its lists know where it stands: these numbers are literals in indexes and queries.
pub(crate) fn live(case: &Case) -> i64 {
    match case.live() {
        Live::No => 0,
        Live::Yes => 1,
        Live::Snoozed => 2,
    }
}

fn announce(tx: &mut Tx, case: &Case) {
    tx.announce(Hint::new(format!("case {}", case.number)));
    tx.announce(Hint::new(format!("customer {}", case.customer)));
    tx.announce(Hint::new("inbox"));
}

/// Live cases of one person, for whoever hands them on.
pub async fn live_of(rx: &Read, assignee: StaffId, limit: i64) -> Result<Vec<Place>> {
    let sql = "select customer_id, id as case_id from cases where live = 1 and assignee_id = $1
               order by last_at, id limit $2";
    rx.all(sql, &[&assignee, &limit]).await
}

/// Cases that have been resolved for at least `rest`, oldest first: to be closed.
pub async fn rested(rx: &Read, now: Timestamp, rest: Duration, limit: i64) -> Result<Vec<Place>> {
    let sql = "select customer_id, id as case_id from cases where status = 'resolved' and aside is null
                and undelivered = 0 and resolved_at <= $1
               order by resolved_at limit $2";
    rx.all(sql, &[&now.before(rest), &limit]).await
}

/// Snoozed cases whose time has come, the longest first.
pub async fn awake(rx: &Read, now: Timestamp, limit: i64) -> Result<Vec<Place>> {
    let sql = "select customer_id, id as case_id from cases where live = 2 and wake_at <= $1
               order by wake_at, id limit $2";
    rx.all(sql, &[&now, &limit]).await
}

/// Live cases whose reply was or will be due between these moments, of which nobody was warned.
pub async fn running_out(rx: &Read, from: Timestamp, until: Timestamp, limit: i64) -> Result<Vec<Place>> {
    let sql = "select customer_id, id as case_id from cases
               where live = 1 and due_at is not null and due_at >= $1 and due_at <= $2 and warned = 0
               order by due_at, id limit $3";
    rx.all(sql, &[&from, &until, &limit]).await
}

/// Live cases in the order of their lists, behind this place: whoever times them anew goes through all of them.
pub async fn live_after(rx: &Read, after: (Timestamp, CaseId), limit: i64) -> Result<Vec<(Place, Timestamp)>> {
    let sql = "select customer_id, id as case_id, last_at from cases where live = 1 and (last_at, id) > ($1, $2)
               order by last_at, id limit $3";
    let rows: Vec<Walked> = rx.all(sql, &[&after.0, &after.1, &limit]).await?;
    Ok(rows.into_iter().map(|it| (it.0, it.1)).collect())
}

struct Walked(Place, Timestamp);

impl FromRow for Walked {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Walked(Place::from_row(row)?, row.get("last_at")?))
    }
}

/// Whether the scope reaches the case with this number.
pub async fn is_visible(rx: &Read, scope: &Scope, number: i64) -> Result<bool> {
    Ok(within(rx, scope, number).await?.is_some())
}

/// A table whose rows go with their case: `key` finds them, `columns` are all but `customer_id`.
pub struct Owned {
    /// The table.
    pub table: &'static str,
    /// Its column that holds the case's id.
    pub key: &'static str,
    /// All columns but `customer_id`.
    pub columns: &'static str,
}

/// What goes with a case when it moves to another customer, parents first. `tests/store/catalog.rs` fails if a table or a
/// column is missing here.
pub const OWNED: &[Owned] = &[
    Owned {
        table: "cases",
        key: "id",
        columns: "id, number, subject, status, live, priority, assignee_id, team_id, contact_id, channel_id, follows, \
                  opened_at, last_at, resolved_at, resolution, preview, theirs, undelivered, entries, participants, aside, \
                  aside_why, aside_by, aside_at, owed_since, due_at, warned, wake_at, tags, fields, followed, promised_at, \
                  merged_into, merged_entry, merged_kept",
    },
    Owned { table: "marks", key: "case_id", columns: "case_id, mark_id, case_at, case_live, case_aside" },
    Owned {
        table: "messages",
        key: "case_id",
        columns: "case_id, id, direction, state, channel_id, contact_id, staff_id, at, sent_at, external_id, \
                  message_id, in_reply_to, refs, subject, sender, reply_to, recipients, files, folded, verdict, automatic, \
                  altered, raw_hash, has_html, remote, forwarded_by, sealed, invitation, error, hindrance, supplier, \
                  body, html",
    },
    Owned {
        table: "associations",
        key: "case_id",
        columns: "case_id, message_id, id, at, actor_kind, actor_id, decision, reason, confidence, verified, suggest",
    },
    Owned { table: "entries", key: "case_id", columns: "at, id, case_id, number, actor_kind, actor_id, fact, data" },
    Owned {
        table: "drafts",
        key: "case_id",
        columns: "case_id, staff_id, note, forward, body, html, recipients, files, at",
    },
    Owned { table: "followers", key: "case_id", columns: "case_id, staff_id" },
    Owned {
        table: "notifications",
        key: "case_id",
        columns: "case_id, id, staff_id, kind, at, entry, by_id, by_name, line, count, due_at, seen_at, digest_id",
    },
    Owned { table: "briefs", key: "case_id", columns: "case_id, line, body, staff_id, at" },
    Owned {
        table: "written_briefs",
        key: "case_id",
        columns: "case_id, asked, not_before, basis, model, host, told, sent, at",
    },
    Owned {
        table: "promises",
        key: "case_id",
        columns: "case_id, id, message_id, body, due_at, state, staff_id, at, closed_at",
    },
    Owned { table: "blobs", key: "case_id", columns: "case_id, hash, size, body" },
    Owned { table: "blob_parts", key: "case_id", columns: "case_id, hash, part, body" },
    Owned {
        table: "outbox",
        key: "case_id",
        columns: "id, case_id, message_id, channel_id, state, tries, at, unclear, handed, job_id, pending, undo, \
                  done_at, error",
    },
];

/// The lookups that lead to a case.
pub const LOOKUPS: &[&str] = &["case_numbers", "message_refs"];
