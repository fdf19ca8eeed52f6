//! People who speak for customers. One may turn out to be another: then their row stays, and what leads to it leads on.

use domain::field::{Values, joined};
use domain::{ContactId, CustomerId, Timestamp};

use crate::param::{from_json, json};
use crate::search::{self, Item};
use crate::{FromRow, Hint, Lock, Read, Result, Row, Tx, Where};

/// A contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Of this customer.
    pub customer: CustomerId,
    /// Their id.
    pub id: ContactId,
    /// What they are called.
    pub name: String,
    /// The contact that they turned out to be.
    pub merged_into: Option<ContactId>,
    /// What their fields say.
    pub fields: Values,
}

impl FromRow for Contact {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Contact {
            customer: row.get("customer_id")?,
            id: row.get("id")?,
            name: row.get("name")?,
            merged_into: row.get("merged_into")?,
            fields: from_json(row, "fields")?,
        })
    }
}

/// Adds a contact.
pub async fn insert(tx: &mut Tx, customer: CustomerId, id: ContactId, name: &str, at: Timestamp) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "insert into contacts (customer_id, id, name, fields, created_at) values ($1, $2, $3, '{}', $4)";
    tx.run(sql, &[&customer, &id, &name, &at]).await?;
    search::touch(tx, Item::contact(customer, id));
    tx.announce(Hint::new(format!("customer {customer}")));
    Ok(())
}

/// Writes what may change of a contact.
pub async fn save(tx: &mut Tx, it: &Contact) -> Result<()> {
    tx.holds(&Lock::Customer(it.customer))?;
    let sql = "update contacts set name = $3, merged_into = $4, fields = $5 where customer_id = $1 and id = $2";
    tx.run(sql, &[&it.customer, &it.id, &it.name, &it.merged_into, &json(&it.fields)?]).await?;
    search::touch(tx, Item::contact(it.customer, it.id));
    tx.announce(Hint::new(format!("customer {}", it.customer)));
    Ok(())
}

/// Says that other addresses lead to a contact than before: by those they are found.
pub async fn readdressed(tx: &mut Tx, family: &[CustomerId], id: ContactId) -> Result<()> {
    if let Some(it) = find(tx, family, id).await? {
        search::touch(tx, Item::contact(it.customer, it.id));
    }
    Ok(())
}

/// Where a contact can be reached; `family` is [`crate::customer::family`].
pub(crate) async fn addresses(rx: &Read, family: &[CustomerId], id: ContactId) -> Result<Vec<String>> {
    let these =
        Where::new("select address from identities").any_of("customer_id", family).and("contact_id = ?", &[&id]);
    let these = these.then("order by address limit 50");
    rx.all(these.sql(), these.args()).await
}

/// A contact of one of these customers.
pub async fn find(rx: &Read, family: &[CustomerId], id: ContactId) -> Result<Option<Contact>> {
    let filter = Where::new("select customer_id, id, name, merged_into, fields from contacts")
        .any_of("customer_id", family)
        .and("id = ?", &[&id]);
    rx.find(filter.sql(), filter.args()).await
}

/// The person that a contact turned out to be, or themselves; `family` is [`crate::customer::family`].
pub async fn standing(rx: &Read, family: &[CustomerId], id: ContactId) -> Result<Option<Contact>> {
    let mut found = find(rx, family, id).await?;
    while let Some(into) = found.as_ref().and_then(|it| it.merged_into) {
        found = find(rx, family, into).await?;
    }
    Ok(found)
}

/// What those say who turned out to be a contact; `family` is [`crate::customer::family`].
pub async fn others(rx: &Read, family: &[CustomerId], id: ContactId) -> Result<Values> {
    let (mut said, mut heads) = (Vec::new(), vec![id]);
    while !heads.is_empty() {
        let these = Where::new("select customer_id, id, name, merged_into, fields from contacts")
            .any_of("customer_id", family)
            .and("merged_into is not null", &[])
            .any_of("merged_into", &heads)
            .then("order by id");
        let found: Vec<Contact> = rx.all(these.sql(), these.args()).await?;
        heads = found.iter().map(|it| it.id).collect();
        said.extend(found.into_iter().map(|it| it.fields));
    }
    Ok(joined(&said))
}

/// What a contact's fields say, and where they say nothing, what those say who turned out to be them.
pub async fn said(rx: &Read, family: &[CustomerId], it: &Contact) -> Result<Values> {
    Ok(joined([&it.fields, &others(rx, family, it.id).await?]))
}

/// What these contacts of a customer are called, by the ids under which they are known.
pub(crate) async fn names(rx: &Read, family: &[CustomerId], ids: &[ContactId]) -> Result<Vec<(ContactId, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let filter = Where::new("select customer_id, id, name, merged_into, fields from contacts")
        .any_of("customer_id", family)
        .any_of("id", ids);
    let mut names = Vec::new();
    for it in rx.all::<Contact>(filter.sql(), filter.args()).await? {
        let name = match it.merged_into {
            Some(_) => standing(rx, family, it.id).await?.map_or(it.name, |it| it.name),
            None => it.name,
        };
        names.push((it.id, name));
    }
    Ok(names)
}

/// A hundred and one contacts of a customer behind `after`, who did not turn out to be others.
pub(crate) async fn behind(rx: &Read, customer: CustomerId, after: Option<&ContactId>) -> Result<Vec<Contact>> {
    let mut filter = Where::new("select customer_id, id, name, merged_into, fields from contacts")
        .and("customer_id = ? and merged_into is null", &[&customer]);
    if let Some(after) = after {
        filter = filter.and("id > ?", &[after]);
    }
    let filter = filter.then("order by id limit 101");
    rx.all(filter.sql(), filter.args()).await
}

/// Whether the customer has this contact.
pub async fn exists(rx: &Read, customer: CustomerId, id: ContactId) -> Result<bool> {
    Ok(find(rx, &[customer], id).await?.is_some())
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
    search::touch(tx, Item::contact(customer, id));
    tx.announce(Hint::new(format!("customer {customer}")));
    Ok(())
}
