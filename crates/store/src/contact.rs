//! People who speak for customers.

use domain::{ContactId, CustomerId, Timestamp};

use crate::{Hint, Lock, Read, Result, Tx};

/// Adds a contact.
pub async fn insert(tx: &mut Tx, customer: CustomerId, id: ContactId, name: &str, at: Timestamp) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "insert into contacts (customer_id, id, name, created_at) values ($1, $2, $3, $4)";
    tx.run(sql, &[&customer, &id, &name, &at]).await?;
    tx.announce(Hint::new(format!("customer {customer}")));
    Ok(())
}

/// What a contact is called.
pub async fn name(rx: &Read, customer: CustomerId, id: ContactId) -> Result<Option<String>> {
    rx.find("select name from contacts where customer_id = $1 and id = $2", &[&customer, &id]).await
}
