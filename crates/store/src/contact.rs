//! People who speak for customers.

use domain::{ContactId, CustomerId, Timestamp};

use crate::{FromRow, Hint, Lock, Read, Result, Row, Tx, Where};

/// Adds a contact.
pub async fn insert(tx: &mut Tx, customer: CustomerId, id: ContactId, name: &str, at: Timestamp) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "insert into contacts (customer_id, id, name, created_at) values ($1, $2, $3, $4)";
    tx.run(sql, &[&customer, &id, &name, &at]).await?;
    tx.announce(Hint::new(format!("customer {customer}")));
    Ok(())
}

/// What a contact of a customer is called; `family` is [`crate::customer::family`].
pub async fn name(rx: &Read, family: &[CustomerId], id: ContactId) -> Result<Option<String>> {
    Ok(names(rx, family, &[id]).await?.pop().map(|it| it.1))
}

struct Named(ContactId, String);

impl FromRow for Named {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Named(row.get("id")?, row.get("name")?))
    }
}

/// What these contacts of a customer are called.
pub(crate) async fn names(rx: &Read, family: &[CustomerId], ids: &[ContactId]) -> Result<Vec<(ContactId, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let filter = Where::new("select id, name from contacts").any_of("customer_id", family).any_of("id", ids);
    let rows: Vec<Named> = rx.all(filter.sql(), filter.args()).await?;
    Ok(rows.into_iter().map(|it| (it.0, it.1)).collect())
}

/// Whether the customer has this contact.
pub async fn exists(rx: &Read, customer: CustomerId, id: ContactId) -> Result<bool> {
    Ok(names(rx, &[customer], &[id]).await?.pop().is_some())
}

/// Whether nobody of a customer's cases and messages names a contact.
pub async fn is_idle(rx: &Read, customer: CustomerId, id: ContactId) -> Result<bool> {
    let sql = "select 1 from cases where customer_id = $1 and contact_id = $2
               union all select 1 from messages where customer_id = $1 and contact_id = $2 limit 1";
    Ok(rx.find::<i64>(sql, &[&customer, &id]).await?.is_none())
}

/// Removes a contact that nothing names, with the addresses that lead to it.
pub async fn remove(tx: &mut Tx, customer: CustomerId, id: ContactId) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    for sql in [
        "delete from identities where customer_id = $1 and contact_id = $2",
        "delete from contacts where customer_id = $1 and id = $2",
    ] {
        tx.run(sql, &[&customer, &id]).await?;
    }
    tx.announce(Hint::new(format!("customer {customer}")));
    Ok(())
}
