//! Timelines: the append-only journal of each customer.

use domain::{Actor, CaseId, CustomerId, Entry, EntryId, Fact, TeamId};
use uuid::Uuid;

use crate::param::{from_json, json};
use crate::{Error, FromRow, Lock, Read, Result, Row, Scope, Tx};

/// Appends an entry to a customer's timeline.
pub async fn append(tx: &mut Tx, id: EntryId, customer: CustomerId, case: Option<CaseId>, entry: &Entry) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "insert into entries (customer_id, at, id, case_id, number, actor_kind, actor_id, fact, data)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let Entry { number, at, by, fact } = entry;
    let data = json(fact)?;
    tx.run(sql, &[&customer, at, &id, &case, number, &by.kind(), &by.id(), &fact.word(), &data]).await.map(drop)
}

struct Stored(Entry);

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
    team: Option<TeamId>,
}

impl FromRow for Line {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Line { entry: Stored::from_row(row)?.0, case: row.get("case_number")?, team: row.get("team_id")? })
    }
}

/// How many entries are looked at for somebody who may see few of them.
const LOOK: i64 = 200;

/// A customer's newest entries: what happened to the customer, and to those of their cases that the scope reaches.
pub async fn newest(rx: &Read, scope: &Scope, customer: CustomerId, limit: usize) -> Result<Vec<Line>> {
    let sql = "select entries.number, entries.at, entries.actor_kind, entries.actor_id, entries.data,
                cases.number as case_number, cases.team_id from entries
               left join cases on cases.customer_id = entries.customer_id and cases.id = entries.case_id
               where entries.customer_id = $1 order by entries.at desc, entries.id desc limit $2";
    let mut lines: Vec<Line> = rx.all(sql, &[&customer, &LOOK]).await?;
    if let Some(teams) = scope.teams() {
        lines.retain(|it| it.case.is_none() || it.team.is_some_and(|team| teams.contains(&team)));
    }
    lines.truncate(limit);
    Ok(lines)
}
