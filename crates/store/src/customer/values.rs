//! What the fields of customers say, and by that they are found: the rows of `customer_values` are of those who stand for
//! themselves, and say what everybody says who was merged into them, too.

use domain::field::{Values, joined};
use domain::tokens::folded;
use domain::{CustomerId, FieldId};

use super::{Customer, family, find};
use crate::{FromRow, Lock, Read, Result, Row, Tx, Where};

/// How much of a value counts where customers are found by it, in characters: an index has room for so much.
const SAID: usize = 100;
/// The same of a name.
const NAMED: usize = 120;

/// What those say who were merged into a customer; `family` is [`family`] of theirs.
pub async fn others(rx: &Read, it: &Customer, family: &[CustomerId]) -> Result<Values> {
    let mut said = Vec::new();
    for id in family.iter().filter(|id| **id != it.id) {
        said.extend(find(rx, *id).await?.map(|it| it.fields));
    }
    Ok(joined(&said))
}

/// What a customer's fields say, and where they say nothing, what those say who were merged into them.
pub async fn said(rx: &Read, it: &Customer, family: &[CustomerId]) -> Result<Values> {
    Ok(joined([&it.fields, &others(rx, it, family).await?]))
}

/// Writes by what a customer is found. Whoever changes who was merged into them does so, too.
pub async fn index(tx: &mut Tx, it: &Customer) -> Result<()> {
    tx.holds(&Lock::Customer(it.id))?;
    tx.put("delete from customer_values where customer_id = $1", &[&it.id]).await?;
    if it.merged_into.is_some() {
        return Ok(());
    }
    let family = family(tx, it.id).await?;
    let named = place(&folded(&it.name));
    for (field, value) in said(tx, it, &family).await? {
        let sql = "insert into customer_values (customer_id, field_id, value, folded) values ($1, $2, $3, $4)";
        tx.put(sql, &[&it.id, &field, &key(&value), &named]).await?;
    }
    Ok(())
}

/// A value as it is looked for.
pub(super) fn key(value: &str) -> String {
    beginning(&value.to_lowercase(), SAID)
}

/// The place of a name, given whole and folded, among those who say one thing.
pub(super) fn place(name: &str) -> String {
    beginning(name, NAMED)
}

fn beginning(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// What a field of a customer says, as it is looked for.
pub(super) struct Said {
    pub customer: CustomerId,
    pub field: FieldId,
    pub value: String,
}

impl FromRow for Said {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Said { customer: row.get("customer_id")?, field: row.get("field_id")?, value: row.get("value")? })
    }
}

/// What all fields of these customers say.
pub(super) async fn of(rx: &Read, customers: &[CustomerId]) -> Result<Vec<Said>> {
    let these = Where::new("select customer_id, field_id, value from customer_values");
    let these = these.any_of("customer_id", customers);
    rx.all(these.sql(), these.args()).await
}

/// Where a customer stands among those who say one thing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Standing {
    pub name: String,
    pub customer: CustomerId,
}

impl FromRow for Standing {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Standing { name: row.get("folded")?, customer: row.get("customer_id")? })
    }
}

/// Up to 500 customers behind a place whose field says this, and whose name lies between two, by name.
pub(super) async fn saying(
    rx: &Read,
    (field, value): &(FieldId, String),
    (first, end): (&String, &String),
    after: Option<&Standing>,
) -> Result<Vec<Standing>> {
    // SQLite begins where the plain condition begins, not where the pair does.
    let first = after.map_or(first, |it| &it.name);
    let filter = Where::new("select folded, customer_id from customer_values")
        .and("field_id = ? and value = ? and folded >= ? and folded < ?", &[field, value, first, end]);
    let filter = match after {
        Some(it) => filter.and("(folded, customer_id) > (?, ?)", &[&it.name, &it.customer]),
        None => filter,
    };
    let filter = filter.then("order by folded, customer_id limit 500");
    rx.all(filter.sql(), filter.args()).await
}
