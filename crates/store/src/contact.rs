//! People who speak for customers.

use domain::{ContactId, CustomerId, Timestamp};

use crate::search::{self, Item};
use crate::{FromRow, Hint, Lock, Read, Result, Row, Tx, Where};

/// Adds a contact.
pub async fn insert(tx: &mut Tx, customer: CustomerId, id: ContactId, name: &str, at: Timestamp) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "insert into contacts (customer_id, id, name, created_at) values ($1, $2, $3, $4)";
    tx.run(sql, &[&customer, &id, &name, &at]).await?;
    search::touch(tx, Item::contact(customer, id));
    tx.announce(Hint::new(format!("customer {customer}")));
    Ok(())
}

/// What a contact is called.
pub async fn name(rx: &Read, customer: CustomerId, id: ContactId) -> Result<Option<String>> {
    rx.find("select name from contacts where customer_id = $1 and id = $2", &[&customer, &id]).await
}

/// Where a contact can be reached.
pub(crate) async fn addresses(rx: &Read, customer: CustomerId, id: ContactId) -> Result<Vec<String>> {
    let sql = "select address from identities where customer_id = $1 and contact_id = $2 order by address limit 50";
    rx.all(sql, &[&customer, &id]).await
}

struct Named(ContactId, String);

impl FromRow for Named {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Named(row.get("id")?, row.get("name")?))
    }
}

/// What these contacts of a customer are called.
pub(crate) async fn names(rx: &Read, customer: CustomerId, ids: &[ContactId]) -> Result<Vec<(ContactId, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let filter = Where::new("select id, name from contacts").and("customer_id = ?", &[&customer]).any_of("id", ids);
    let rows: Vec<Named> = rx.all(filter.sql(), filter.args()).await?;
    Ok(rows.into_iter().map(|it| (it.0, it.1)).collect())
}
