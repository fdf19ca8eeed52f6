//! Cases that were taken into another: their rows stay, and the number of each leads to the case that took it in.

use domain::{Case, CaseId, CustomerId};

use super::{Place, SELECT, Stored, announce, find, live, out_of_lists};
use crate::param::json;
use crate::{Lock, Read, Result, Tx, Where, mark, search};

/// How deep merges of merged cases are followed.
const DEPTH: usize = 50;

/// The cases that a case took in, and those that they had taken in, by their numbers.
pub async fn members(rx: &Read, customer: CustomerId, case: CaseId) -> Result<Vec<Case>> {
    let (mut all, mut ask) = (Vec::new(), vec![case]);
    for _ in 0..DEPTH {
        let mut found = Vec::new();
        for into in &ask {
            found.extend(taken_in(rx, customer, *into).await?);
        }
        ask = found.iter().map(|it| it.id).collect();
        if ask.is_empty() {
            break;
        }
        all.extend(found);
    }
    all.sort_by_key(|it: &Case| it.number);
    Ok(all)
}

/// The cases that a case took in itself, in the order of that.
pub async fn taken_in(rx: &Read, customer: CustomerId, case: CaseId) -> Result<Vec<Case>> {
    let filter = Where::new(SELECT).and("customer_id = ? and merged_into = ?", &[&customer, &case]);
    let filter = filter.then("order by merged_entry");
    let rows: Vec<Stored> = rx.all(filter.sql(), filter.args()).await?;
    Ok(rows.into_iter().map(|it| it.0).collect())
}

/// The ids of a case and of all that it took in.
pub async fn with_members(rx: &Read, customer: CustomerId, case: CaseId) -> Result<Vec<CaseId>> {
    let members = members(rx, customer, case).await?;
    Ok([case].into_iter().chain(members.into_iter().map(|it| it.id)).collect())
}

/// The case in which this one stands: itself, or the one that took it in.
pub async fn standing(rx: &Read, customer: CustomerId, case: CaseId) -> Result<Option<Case>> {
    let mut found = find(rx, customer, case).await?;
    for _ in 0..DEPTH {
        match found.as_ref().and_then(|it| it.merged.as_ref()).map(|it| it.into) {
            Some(into) => found = find(rx, customer, into).await?,
            None => break,
        }
    }
    Ok(found)
}

/// The case that bears a number, where that number leads to `at`: that one, or one that it took in.
pub async fn bearer(rx: &Read, at: Place, number: i64) -> Result<Place> {
    if super::number(rx, at.customer, at.case).await? == Some(number) {
        return Ok(at);
    }
    let members = members(rx, at.customer, at.case).await?;
    let bearer = members.iter().find(|it| it.number == number);
    Ok(bearer.map_or(at, |it| Place { case: it.id, ..at }))
}

/// Writes into which case this one was taken, or that it was not; and that the numbers of `all` lead to `to` from now on.
pub async fn save(tx: &mut Tx, case: &Case, all: &[i64], to: CaseId) -> Result<()> {
    tx.holds(&Lock::Customer(case.customer))?;
    let sql = "update cases set live = $3, aside = $4, merged_into = $5, merged_entry = $6, merged_kept = $7
               where customer_id = $1 and id = $2";
    let merged = case.merged.as_ref();
    let kept = merged.map(|it| json(&it.kept)).transpose()?;
    let args: [&dyn crate::Param; 7] = [
        &case.customer,
        &case.id,
        &live(case),
        &out_of_lists(case),
        &merged.map(|it| it.into),
        &merged.map(|it| it.entry),
        &kept,
    ];
    tx.run(sql, &args).await?;
    for number in all {
        tx.run("update case_numbers set case_id = $2 where number = $1", &[number, &to]).await?;
    }
    mark::save(tx, case).await?;
    for id in with_members(tx, case.customer, case.id).await? {
        search::touch_all(tx, Place { customer: case.customer, case: id }).await?;
    }
    announce(tx, case);
    Ok(())
}
