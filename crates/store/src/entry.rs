//! Timelines: the append-only journal of each customer.

use domain::{Actor, Aside, CaseId, ContactId, CustomerId, Entry, EntryId, Fact, File, MessageId, TeamId};
use uuid::Uuid;

use crate::case::Place;
use crate::case::list::Cursor;
use crate::message::visible;
use crate::param::{from_json, json};
use crate::search::{self, Item};
use crate::{Error, FromRow, Lock, Read, Result, Row, Scope, Tx, Where, contact};

/// Appends an entry to a customer's timeline.
pub async fn append(tx: &mut Tx, id: EntryId, customer: CustomerId, case: Option<CaseId>, entry: &Entry) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "insert into entries (customer_id, at, id, case_id, number, actor_kind, actor_id, fact, data)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let Entry { number, at, by, fact } = entry;
    match (fact, case) {
        (Fact::Noted { .. }, Some(case)) => search::touch(tx, Item::note(customer, case, id)),
        // With or without a line that says what solved it.
        (Fact::Resolved { .. } | Fact::Reopened, Some(case)) => search::touch(tx, Item::case(customer, case)),
        _ => {}
    }
    let data = json(fact)?;
    tx.put(sql, &[&customer, at, &id, &case, number, &by.kind(), &by.id(), &fact.word(), &data]).await
}

pub(crate) struct Stored(pub Entry);

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let number = row.get("number")?;
        let at = row.get("at")?;
        let kind: String = row.get("actor_kind")?;
        let id: Option<Uuid> = row.get("actor_id")?;
        let by = Actor::parse(&kind, id).ok_or(Error::Column {
            column: "actor_kind",
            expected: "an actor",
            found: "another word",
        })?;
        let fact: Fact = from_json(row, "data")?;
        Ok(Stored(Entry { number, at, by, fact }))
    }
}

/// Entries of a case before `before`, the newest first.
pub(crate) async fn of_case(
    rx: &Read,
    customer: CustomerId,
    case: CaseId,
    before: i64,
    limit: i64,
) -> Result<Vec<Entry>> {
    let sql = "select number, at, actor_kind, actor_id, data from entries
               where customer_id = $1 and case_id = $2 and number < $3 order by number desc limit $4";
    let rows: Vec<Stored> = rx.all(sql, &[&customer, &case, &before, &limit]).await?;
    Ok(rows.into_iter().map(|it| it.0).collect())
}

/// The number of the case that took up this closed one, the last if there are several.
pub async fn follow_up(rx: &Read, customer: CustomerId, case: CaseId) -> Result<Option<i64>> {
    let sql = "select number, at, actor_kind, actor_id, data from entries
               where customer_id = $1 and case_id = $2 and fact = 'followed_up' order by number desc limit 1";
    let found: Option<Stored> = rx.find(sql, &[&customer, &case]).await?;
    Ok(found.and_then(|it| if let Fact::FollowedUp { number } = it.0.fact { Some(number) } else { None }))
}

/// The message that a case began with.
pub async fn opened_with(rx: &Read, customer: CustomerId, case: CaseId) -> Result<Option<MessageId>> {
    let sql = "select number, at, actor_kind, actor_id, data from entries
               where customer_id = $1 and case_id = $2 and number = 1";
    let found: Option<Stored> = rx.find(sql, &[&customer, &case]).await?;
    Ok(found.and_then(|it| if let Fact::Opened { message, .. } = it.0.fact { Some(message) } else { None }))
}

/// The files of a note in a case that the scope reaches, and where they are kept.
pub async fn noted(rx: &Read, scope: &Scope, number: i64, entry: i64) -> Result<(Place, Vec<File>)> {
    let at = visible(rx, scope, number).await?;
    let sql = "select number, at, actor_kind, actor_id, data from entries
               where customer_id = $1 and case_id = $2 and number = $3";
    match rx.one::<Stored>(sql, &[&at.customer, &at.case, &entry]).await?.0.fact {
        Fact::Noted { files, .. } => Ok((at, files)),
        _ => Err(Error::NotFound),
    }
}

/// The entry with this id, if it is one of those after `after`.
pub async fn recent(rx: &Read, customer: CustomerId, case: CaseId, after: i64, id: EntryId) -> Result<Option<Entry>> {
    let sql = "select number, at, actor_kind, actor_id, data from entries
               where customer_id = $1 and case_id = $2 and number > $3 and id = $4";
    Ok(rx.find::<Stored>(sql, &[&customer, &case, &after, &id]).await?.map(|it| it.0))
}

/// Whether another of ours has answered since the entry `seen`.
pub async fn answered_since(
    rx: &Read,
    customer: CustomerId,
    case: CaseId,
    seen: i64,
    but: domain::StaffId,
) -> Result<bool> {
    let sql = "select number from entries where customer_id = $1 and case_id = $2 and number > $3 and fact = 'replied'
                and actor_id <> $4 limit 1";
    Ok(rx.find::<i64>(sql, &[&customer, &case, &seen, &but]).await?.is_some())
}

/// A line of a customer's timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What happened.
    pub entry: Entry,
    /// The number of the case to which it happened, if it was one.
    pub case: Option<i64>,
    id: EntryId,
    team: Option<TeamId>,
    aside: Option<Aside>,
}

impl FromRow for Line {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let entry = Stored::from_row(row)?.0;
        Ok(Line {
            entry,
            case: row.get("case_number")?,
            id: row.get("id")?,
            team: row.get("team_id")?,
            aside: row.get("aside")?,
        })
    }
}

impl Line {
    /// The contact of whom it speaks, if it is one.
    fn contact(&self) -> Option<ContactId> {
        match (&self.entry.fact, self.entry.by) {
            (Fact::ContactAdded { contact }, _) => Some(*contact),
            (_, Actor::Contact(contact)) => Some(contact),
            _ => None,
        }
    }
}

/// A part of a customer's timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// What happened, newest first.
    pub lines: Vec<Line>,
    /// What the contacts in it are called.
    pub names: Vec<(ContactId, String)>,
    /// Where it goes on, if there may be more.
    pub older: Option<Cursor>,
}

/// How many lines a part has.
const PART: usize = 60;
/// How many entries are looked at for somebody who may see few of them.
const LOOK: usize = 200;

/// What happened to a customer before `before`, or at last: to themselves, and to those of their cases that the scope
/// reaches.
pub async fn timeline(rx: &Read, scope: &Scope, customer: CustomerId, before: Option<Cursor>) -> Result<Timeline> {
    let select = "select entries.id, entries.number, entries.at, entries.actor_kind, entries.actor_id, entries.data,
                cases.number as case_number, cases.team_id, cases.aside from entries
               left join cases on cases.customer_id = entries.customer_id and cases.id = entries.case_id";
    let mut filter = Where::new(select).and("entries.customer_id = ?", &[&customer]);
    if let Some(it) = &before {
        filter = filter.and("(entries.at, entries.id) < (?, ?)", &[&it.at, &it.id]);
    }
    let filter = filter.then("order by entries.at desc, entries.id desc limit 201");
    let mut lines: Vec<Line> = rx.all(filter.sql(), filter.args()).await?;
    let place = |it: &Line| Cursor { at: it.entry.at, id: it.id.0 };
    let mut older = None;
    if lines.len() > LOOK {
        lines.truncate(LOOK);
        older = lines.last().map(place);
    }
    // What is put aside stands there alone.
    lines.retain(|it| it.aside.is_none());
    if let Some(teams) = scope.teams() {
        lines.retain(|it| it.case.is_none() || it.team.is_some_and(|team| teams.contains(&team)));
    }
    if lines.len() > PART {
        lines.truncate(PART);
        older = lines.last().map(place);
    }
    let mut contacts: Vec<ContactId> = lines.iter().filter_map(Line::contact).collect();
    contacts.sort_unstable();
    contacts.dedup();
    let names = contact::names(rx, customer, &contacts).await?;
    Ok(Timeline { lines, names, older })
}
