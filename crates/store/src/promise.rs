//! What we promised customers.

use domain::{CaseId, CustomerId, Promise, PromiseId, TeamId};

use crate::case::merge;
use crate::{FromRow, Lock, Read, Result, Row, Scope, Tx, Where};

struct Stored(Promise);

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Stored(Promise {
            customer: row.get("customer_id")?,
            case: row.get("case_id")?,
            id: row.get("id")?,
            message: row.get("message_id")?,
            text: row.get("body")?,
            due_at: row.get("due_at")?,
            state: row.get("state")?,
            by: row.get("staff_id")?,
            at: row.get("at")?,
            closed_at: row.get("closed_at")?,
        }))
    }
}

/// Writes one down.
pub async fn insert(tx: &mut Tx, it: &Promise) -> Result<()> {
    tx.holds(&Lock::Customer(it.customer))?;
    let sql =
        "insert into promises (customer_id, case_id, id, message_id, body, due_at, state, staff_id, at, closed_at)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let args: [&dyn crate::Param; 10] =
        [&it.customer, &it.case, &it.id, &it.message, &it.text, &it.due_at, &it.state, &it.by, &it.at, &it.closed_at];
    tx.put(sql, &args).await
}

/// Writes what became of one.
pub async fn save(tx: &mut Tx, it: &Promise) -> Result<()> {
    tx.holds(&Lock::Customer(it.customer))?;
    let sql = "update promises set state = $4, closed_at = $5 where customer_id = $1 and case_id = $2 and id = $3";
    tx.put(sql, &[&it.customer, &it.case, &it.id, &it.state, &it.closed_at]).await
}

/// Takes one back.
pub async fn delete(tx: &mut Tx, customer: CustomerId, case: CaseId, id: PromiseId) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    tx.put("delete from promises where customer_id = $1 and case_id = $2 and id = $3", &[&customer, &case, &id]).await
}

/// Those of a case and of what it took in, in the order in which they were made.
pub async fn of_case(rx: &Read, customer: CustomerId, cases: &[CaseId]) -> Result<Vec<Promise>> {
    let select =
        "select customer_id, case_id, id, message_id, body, due_at, state, staff_id, at, closed_at from promises";
    let these =
        Where::new(select).and("customer_id = ?", &[&customer]).any_of("case_id", cases).then("order by at, id");
    Ok(rx.all::<Stored>(these.sql(), these.args()).await?.into_iter().map(|it| it.0).collect())
}

/// A promise, and in which case it was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The promise.
    pub promise: Promise,
    /// The number of its case.
    pub number: i64,
    team: Option<TeamId>,
    /// Whether that was taken into another.
    merged: bool,
}

impl FromRow for Told {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let merged = row.get::<Option<CaseId>>("merged_into")?.is_some();
        Ok(Told { promise: Stored::from_row(row)?.0, number: row.get("number")?, team: row.get("team_id")?, merged })
    }
}

/// The open ones of these customers in cases that the scope reaches, what is due first before the rest.
pub async fn open_of(rx: &Read, scope: &Scope, family: &[CustomerId]) -> Result<Vec<Told>> {
    let select = "select promises.customer_id, promises.case_id, promises.id, message_id, body, promises.due_at, state,
                   staff_id, at, closed_at, cases.number, cases.team_id, cases.merged_into from promises
                  join cases on cases.customer_id = promises.customer_id and cases.id = promises.case_id";
    let these = Where::new(select)
        .any_of("promises.customer_id", family)
        .and("state = 'open' and (cases.aside is null or cases.merged_into is not null)", &[])
        .then("order by coalesce(promises.due_at, 9000000000000000), promises.id limit 50");
    let mut all: Vec<Told> = rx.all(these.sql(), these.args()).await?;
    for it in all.iter_mut().filter(|it| it.merged) {
        if let Some(case) = merge::standing(rx, it.promise.customer, it.promise.case).await? {
            (it.number, it.team, it.merged) = (case.number, case.team, case.aside.is_some());
        }
    }
    all.retain(|it| !it.merged && scope.teams().is_none_or(|teams| it.team.is_some_and(|it| teams.contains(&it))));
    Ok(all)
}
