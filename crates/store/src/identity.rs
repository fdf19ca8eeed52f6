//! Whose an address is. A person who speaks for two customers is a contact of each, found by one identity.

use domain::{ContactId, CustomerId, Email, IdentityKind, Timestamp};

use crate::search::{self, Item};
use crate::{FromRow, Lock, Read, Result, Row, Tx, Where};

/// A contact to whom an address leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Of this customer.
    pub customer: CustomerId,
    /// This contact.
    pub contact: ContactId,
    /// Whether mail there comes back for good.
    pub undeliverable: bool,
}

impl FromRow for Known {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let undeliverable = row.get::<Option<Timestamp>>("undeliverable_at")?.is_some();
        Ok(Known { customer: row.get("customer_id")?, contact: row.get("contact_id")?, undeliverable })
    }
}

/// All contacts with this address, the one we have known longest first.
pub async fn find(rx: &Read, kind: IdentityKind, address: &str) -> Result<Vec<Known>> {
    let sql = "select customer_id, contact_id, undeliverable_at from identities where address = $1 and kind = $2
               order by customer_id";
    rx.all(sql, &[&address, &kind]).await
}

/// Adds an address to a contact.
pub async fn insert(tx: &mut Tx, kind: IdentityKind, address: &str, known: Known) -> Result<()> {
    tx.holds(&Lock::Customer(known.customer))?;
    let sql = "insert into identities (address, kind, customer_id, contact_id, pictures) values ($1, $2, $3, $4, 0)";
    search::touch(tx, Item::contact(known.customer, known.contact));
    tx.run(sql, &[&address, &kind, &known.customer, &known.contact]).await.map(drop)
}

/// An address of a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// What kind of address.
    pub kind: IdentityKind,
    /// The address.
    pub address: String,
}

impl FromRow for Address {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Address { kind: row.get("kind")?, address: row.get("address")? })
    }
}

/// The addresses of a contact.
pub async fn of_contact(rx: &Read, customer: CustomerId, contact: ContactId) -> Result<Vec<Address>> {
    let sql = "select kind, address from identities where customer_id = $1 and contact_id = $2 order by kind, address";
    rx.all(sql, &[&customer, &contact]).await
}

/// An address that led to one contact leads to another.
pub async fn lead(tx: &mut Tx, it: &domain::entry::Address, from: ContactId, to: ContactId) -> Result<()> {
    tx.holds(&Lock::Customer(it.customer))?;
    let sql = "update identities set contact_id = $5
               where address = $1 and kind = $2 and customer_id = $3 and contact_id = $4";
    tx.run(sql, &[&it.address, &it.kind, &it.customer, &from, &to]).await.map(drop)
}

/// Of the addresses of a kind that a contact has, this is the one to write to.
pub async fn prefer(
    tx: &mut Tx,
    customer: CustomerId,
    contact: ContactId,
    kind: IdentityKind,
    address: &str,
) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "update identities set main = case when address = $4 then 1 else 0 end
               where customer_id = $1 and contact_id = $2 and kind = $3";
    tx.run(sql, &[&customer, &contact, &kind, &address]).await.map(drop)
}

/// Takes an address from a customer; whether it was theirs.
pub async fn remove(tx: &mut Tx, customer: CustomerId, it: &Address) -> Result<bool> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "delete from identities where address = $1 and kind = $2 and customer_id = $3";
    Ok(tx.run(sql, &[&it.address, &it.kind, &customer]).await? == 1)
}

/// Mail to an address comes back for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undeliverable {
    /// Since when.
    pub since: Timestamp,
    /// Why, in a sentence.
    pub why: String,
}

/// What we know of a customer's mail address beside whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traits {
    /// The address.
    pub address: Email,
    /// Remote pictures in mails from there are shown unasked.
    pub pictures: bool,
    /// Set if mail there comes back.
    pub undeliverable: Option<Undeliverable>,
}

impl FromRow for Traits {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let since: Option<Timestamp> = row.get("undeliverable_at")?;
        let why: Option<String> = row.get("undeliverable_why")?;
        let undeliverable = since.map(|since| Undeliverable { since, why: why.unwrap_or_default() });
        Ok(Traits { address: row.get("address")?, pictures: row.get("pictures")?, undeliverable })
    }
}

/// What we know of these addresses of a customer; `family` is [`crate::customer::family`].
pub async fn traits(rx: &Read, family: &[CustomerId], addresses: &[Email]) -> Result<Vec<Traits>> {
    if addresses.is_empty() {
        return Ok(Vec::new());
    }
    let select = "select address, pictures, undeliverable_at, undeliverable_why from identities";
    let filter =
        Where::new(select).any_of("address", addresses).and("kind = 'email'", &[]).any_of("customer_id", family);
    rx.all(filter.sql(), filter.args()).await
}

/// Says whether remote pictures in mails from this address are shown unasked.
pub async fn set_pictures(tx: &mut Tx, customer: CustomerId, address: &Email, shown: bool) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "update identities set pictures = $3 where address = $1 and kind = 'email' and customer_id = $2";
    tx.run(sql, &[address, &customer, &shown]).await.map(drop)
}

/// Says whether mail to this address comes back for good.
pub async fn set_undeliverable(
    tx: &mut Tx,
    customer: CustomerId,
    address: &Email,
    it: Option<&Undeliverable>,
) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "update identities set undeliverable_at = $3, undeliverable_why = $4
               where address = $1 and kind = 'email' and customer_id = $2";
    let (since, why) = (it.map(|it| it.since), it.map(|it| it.why.as_str()));
    tx.run(sql, &[address, &customer, &since, &why]).await.map(drop)
}
