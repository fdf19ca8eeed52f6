//! Customers, and the domains that are theirs.

mod card;
pub mod files;
pub mod find;
pub mod list;
pub mod merge;
pub mod page;
mod values;

use domain::field::Values;
use domain::tokens::folded;
use domain::{CustomerId, CustomerKind, Timestamp};

use crate::param::{from_json, json};
use crate::search::{self, Item};
use crate::{FromRow, Hint, Lock, Read, Result, Row, Scope, Tx};

pub(crate) use card::domains;
pub use card::{Card, CardCase, Person, card, is_visible};
pub(crate) use merge::families;
pub use merge::{family, family_of, head};
pub use values::{index, others, said};

/// A customer.
#[derive(Clone, Debug, PartialEq)]
pub struct Customer {
    /// Their id.
    pub id: CustomerId,
    /// An organization or an individual.
    pub kind: CustomerKind,
    /// What we call them.
    pub name: String,
    /// Whether nobody has said yet who they are.
    pub provisional: bool,
    /// The customer into which they were merged.
    pub merged_into: Option<CustomerId>,
    /// What their fields say.
    pub fields: Values,
    /// Since when we know them.
    pub created_at: Timestamp,
}

impl FromRow for Customer {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Customer {
            id: row.get("customer_id")?,
            kind: row.get("kind")?,
            name: row.get("name")?,
            provisional: row.get("provisional")?,
            merged_into: row.get("merged_into")?,
            fields: from_json(row, "fields")?,
            created_at: row.get("created_at")?,
        })
    }
}

/// The customer, for a use case.
pub async fn find(rx: &Read, id: CustomerId) -> Result<Option<Customer>> {
    let sql = "select customer_id, kind, name, provisional, merged_into, fields, created_at from customers
               where customer_id = $1";
    rx.find(sql, &[&id]).await
}

/// Adds a customer.
pub async fn insert(tx: &mut Tx, customer: &Customer) -> Result<()> {
    tx.holds(&Lock::Customer(customer.id))?;
    let sql = "insert into customers (customer_id, kind, name, folded, provisional, merged_into, fields, created_at)
               values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let Customer { id, kind, name, provisional, merged_into, fields, created_at } = customer;
    tx.run(sql, &[id, kind, name, &folded(name), provisional, merged_into, &json(fields)?, created_at]).await?;
    search::touch(tx, Item::customer(*id));
    Ok(())
}

/// Writes what may change of a customer.
pub async fn save(tx: &mut Tx, customer: &Customer) -> Result<()> {
    tx.holds(&Lock::Customer(customer.id))?;
    let sql = "update customers set kind = $2, name = $3, folded = $4, provisional = $5, merged_into = $6, fields = $7
               where customer_id = $1";
    let Customer { id, kind, name, provisional, merged_into, fields, .. } = customer;
    tx.run(sql, &[id, kind, name, &folded(name), provisional, merged_into, &json(fields)?]).await?;
    index(tx, customer).await?;
    search::touch(tx, Item::customer(*id));
    tx.announce(Hint::new(format!("customer {}", customer.id)));
    Ok(())
}

/// More customers of one name nobody means.
pub const MOST: i64 = 200;

struct Called(CustomerId, String);

impl FromRow for Called {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Called(row.get("customer_id")?, row.get("name")?))
    }
}

/// Customers in reach whose name is this or begins with it, in whatever letters.
pub async fn named(rx: &Read, scope: &Scope, name: &str, most: i64) -> Result<Vec<(CustomerId, String)>> {
    let first = folded(name);
    if first.is_empty() {
        return Ok(Vec::new());
    }
    let sql = "select customer_id, name from customers where folded >= $1 and folded < $2
               order by folded, customer_id limit $3";
    let found: Vec<Called> = rx.all(sql, &[&first, &find::end_of(&first), &most]).await?;
    let mut seen = Vec::new();
    for Called(id, name) in found {
        if scope.teams().is_none() || is_visible(rx, scope, id).await? {
            seen.push((id, name));
        }
    }
    Ok(seen)
}

/// Locks the customer that new rows go to: the one at the head of a merge. It may move while we wait for its lock, so
/// it is read again after each.
pub async fn lock_head(tx: &mut Tx, mut customer: CustomerId) -> Result<CustomerId> {
    let sql = "select merged_into from customers where customer_id = $1";
    loop {
        tx.lock(Lock::Customer(customer)).await?;
        match tx.one::<Option<CustomerId>>(sql, &[&customer]).await? {
            None => return Ok(customer),
            Some(head) => customer = head,
        }
    }
}

/// The organization that owns a mail domain.
pub async fn of_domain(rx: &Read, domain: &str) -> Result<Option<CustomerId>> {
    rx.find("select customer_id from domains where domain = $1", &[&domain]).await
}

/// Says that mail of `domain` is this customer's. [`crate::Error::Duplicate`] if it is another's.
pub async fn add_domain(tx: &mut Tx, customer: CustomerId, domain: &str) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "insert into domains (domain, customer_id) values ($1, $2)";
    tx.run(sql, &[&domain, &customer]).await?;
    tx.announce(Hint::new(format!("customer {customer}")));
    search::touch(tx, Item::customer(customer));
    Ok(())
}

/// Takes that back; whether it was so.
pub async fn remove_domain(tx: &mut Tx, customer: CustomerId, domain: &str) -> Result<bool> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "delete from domains where domain = $1 and customer_id = $2";
    tx.announce(Hint::new(format!("customer {customer}")));
    search::touch(tx, Item::customer(customer));
    Ok(tx.run(sql, &[&domain, &customer]).await? == 1)
}

/// Everybody's addresses who speaks for a customer: whoever removes the customer holds them.
pub async fn addresses(rx: &Read, id: CustomerId) -> Result<Vec<String>> {
    rx.all("select address from identities where customer_id = $1 and kind = 'email' order by address", &[&id]).await
}

/// Removes a customer who is nobody without their cases: provisional, without a case, a domain, anything in a field, or
/// another customer that leads to them. `held` are the addresses that no mail comes from meanwhile. Whether they are gone.
pub async fn remove_if_empty(tx: &mut Tx, id: CustomerId, held: &[String]) -> Result<bool> {
    tx.holds(&Lock::Customer(id))?;
    let sql = "select 1 from cases where customer_id = $1 union all select 1 from domains where customer_id = $1
               union all select 1 from customers where merged_into = $1
               union all select 1 from contacts where customer_id = $1 and fields <> '{}' limit 1";
    let is_somebody =
        find(tx, id).await?.is_none_or(|it| !it.provisional || it.merged_into.is_some() || !it.fields.is_empty());
    if is_somebody || tx.find::<i64>(sql, &[&id]).await?.is_some() {
        return Ok(false);
    }
    if addresses(tx, id).await?.iter().any(|it| !held.contains(it)) {
        return Ok(false);
    }
    for sql in [
        "delete from identities where customer_id = $1",
        "delete from entries where customer_id = $1",
        "delete from contacts where customer_id = $1",
        "delete from customer_values where customer_id = $1",
        "delete from customers where customer_id = $1",
    ] {
        tx.run(sql, &[&id]).await?;
    }
    search::touch(tx, Item::customer(id));
    tx.announce(Hint::new(format!("customer {id}")));
    Ok(true)
}
