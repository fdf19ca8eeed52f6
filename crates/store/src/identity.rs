//! Whose an address is. A person who speaks for two customers is a contact of each, found by one identity.

use domain::{ContactId, CustomerId, IdentityKind};

use crate::{FromRow, Lock, Read, Result, Row, Tx};

/// A contact to whom an address leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Of this customer.
    pub customer: CustomerId,
    /// This contact.
    pub contact: ContactId,
}

impl FromRow for Known {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Known { customer: row.get("customer_id")?, contact: row.get("contact_id")? })
    }
}

/// All contacts with this address, the one we have known longest first.
pub async fn find(rx: &Read, kind: IdentityKind, address: &str) -> Result<Vec<Known>> {
    let sql = "select customer_id, contact_id from identities where address = $1 and kind = $2 order by customer_id";
    rx.all(sql, &[&address, &kind]).await
}

/// Adds an address to a contact.
pub async fn insert(tx: &mut Tx, kind: IdentityKind, address: &str, known: Known) -> Result<()> {
    tx.holds(&Lock::Customer(known.customer))?;
    let sql = "insert into identities (address, kind, customer_id, contact_id) values ($1, $2, $3, $4)";
    tx.run(sql, &[&address, &kind, &known.customer, &known.contact]).await.map(drop)
}
