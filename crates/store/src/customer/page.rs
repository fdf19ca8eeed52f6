//! A customer's own page: their cases and people from any place on, however many there are.

use std::collections::HashSet;

use domain::field::Values;
use domain::{ContactId, CustomerId, Email, IdentityKind, Right, Timestamp};

use super::card::{cases, contacts, domains};
use super::{CardCase, Customer, family, find, is_visible, said};
use crate::case::list::Cursor;
use crate::{Error, FromRow, Param, Read, Result, Row, Scope, Where, contact};

/// From where the lists go on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct From {
    /// Open cases older than this.
    pub open: Option<Cursor>,
    /// Cases that are done, older than this.
    pub cases: Option<Cursor>,
    /// People behind this one.
    pub people: Option<ContactId>,
}

/// A customer as their own page shows them.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Who they are.
    pub customer: Customer,
    /// What their fields say, and those of all who were merged into them.
    pub fields: Values,
    /// The organization of which they are a part.
    pub parent: Option<Customer>,
    /// Them, and all who were merged into them.
    pub family: Vec<CustomerId>,
    /// Domains that are theirs.
    pub domains: Vec<String>,
    /// Who speaks for them, up to a hundred.
    pub people: Vec<Known>,
    /// Behind whom more of them stand.
    pub more_people: Option<ContactId>,
    /// How many speak for them, up to [`crate::case::list::ENOUGH`].
    pub people_count: i64,
    /// Their open cases, newest first, up to twenty.
    pub open: Vec<CardCase>,
    /// Where the older ones begin.
    pub older_open: Option<Cursor>,
    /// Their cases that are done, newest first, up to twenty.
    pub cases: Vec<CardCase>,
    /// Where the older ones begin.
    pub older_cases: Option<Cursor>,
    /// How many of their cases are open, up to [`crate::case::list::ENOUGH`].
    pub open_cases: i64,
    /// Those who were merged into them and can be let go again.
    pub merged: HashSet<CustomerId>,
    /// The contacts that turned out to be others.
    pub merged_people: HashSet<ContactId>,
}

/// A person who speaks for a customer.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// The contact.
    pub id: ContactId,
    /// Their name.
    pub name: String,
    /// Where they are reached, the main address first.
    pub identities: Vec<Identity>,
}

/// Where a person is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    contact: ContactId,
    /// What kind of address.
    pub kind: IdentityKind,
    /// The address.
    pub address: String,
    /// Whether somebody said that it is the one to write to.
    pub main: bool,
    /// Since when mail there comes back.
    pub undeliverable_at: Option<Timestamp>,
}

impl FromRow for Identity {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Identity {
            contact: row.get("contact_id")?,
            kind: row.get("kind")?,
            address: row.get("address")?,
            main: row.get("main")?,
            undeliverable_at: row.get("undeliverable_at")?,
        })
    }
}

impl Known {
    /// The mail address to which one writes to them.
    pub fn email(&self) -> Option<Email> {
        self.identities.iter().filter(|it| it.kind == IdentityKind::Email).find_map(|it| Email::parse(&it.address))
    }
}

/// The page, for whom [`super::card()`] would show the card.
pub async fn page(rx: &Read, scope: &Scope, id: CustomerId, from: From) -> Result<Page> {
    if !is_visible(rx, scope, id).await? {
        return Err(Error::NotFound);
    }
    let family = family(rx, id).await?;
    let (customer, parent, domains, (people, more_people), (open, older_open), (cases, older_cases), counts) = tokio::try_join!(
        find(rx, id),
        parent(rx, id),
        domains(rx, &family),
        Box::pin(people(rx, &family, from.people)),
        Box::pin(cases(rx, scope, &family, (from.open, Some(true)))),
        Box::pin(cases(rx, scope, &family, (from.cases, Some(false)))),
        counts(rx, scope, &family),
    )?;
    let customer = customer.ok_or(Error::NotFound)?;
    let (open_cases, people_count) = counts;
    let merged = family.iter().copied().filter(|it| *it != id).collect();
    let merged_people = merged_people(rx, &family).await?;
    Ok(Page {
        fields: said(rx, &customer, &family).await?,
        customer,
        parent,
        family,
        domains,
        people,
        more_people,
        people_count,
        open,
        older_open,
        cases,
        older_cases,
        open_cases,
        merged,
        merged_people,
    })
}

/// A person who speaks for a customer as what can be mended about them shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Someone {
    /// Who.
    pub known: Known,
    /// What their fields say, and those of all who turned out to be them.
    pub fields: Values,
    /// The others of the customer, up to a hundred.
    pub others: Vec<Known>,
}

/// A person who speaks for a customer; only for those who see every customer.
pub async fn person(rx: &Read, scope: &Scope, id: CustomerId, contact: ContactId) -> Result<Someone> {
    scope.needs(Right::Desk)?;
    let family = family(rx, id).await?;
    let it = contact::find(rx, &family, contact).await?.filter(|it| it.merged_into.is_none()).ok_or(Error::NotFound)?;
    let (others, _) = contacts(rx, &family, None).await?;
    let others = others.into_iter().filter(|other| other.id != it.id).collect();
    let fields = contact::said(rx, &family, &it).await?;
    let known = known(rx, &family, vec![it]).await?.pop().ok_or(Error::NotFound)?;
    Ok(Someone { known, fields, others: self::known(rx, &family, others).await? })
}

async fn parent(rx: &Read, id: CustomerId) -> Result<Option<Customer>> {
    let sql = "select parent_id from customers where customer_id = $1";
    match rx.find::<Option<CustomerId>>(sql, &[&id]).await?.flatten() {
        Some(parent) => super::head(rx, parent).await,
        None => Ok(None),
    }
}

/// How many cases are open, and how many people speak for them; each up to a hundred.
async fn counts(rx: &Read, scope: &Scope, family: &[CustomerId]) -> Result<(i64, i64)> {
    let (mut open, mut people) = (0, 0);
    for id in family {
        let filter = Where::new("select count(*) from (select 1 from cases").and("customer_id = ? and live = 1", &[id]);
        let filter = scope.narrow(filter).then("limit 100) as enough");
        open += rx.one::<i64>(filter.sql(), filter.args()).await?;
        let of: [&dyn Param; 1] = [id];
        let contacts = "select count(*) from (select 1 from contacts where customer_id = $1 and merged_into is null
                         limit 100) as enough";
        people += rx.one::<i64>(contacts, &of).await?;
    }
    Ok((open.min(100), people.min(100)))
}

/// A hundred people behind `after`, with all their addresses; and the last of them, if there are more.
async fn people(rx: &Read, family: &[CustomerId], after: Option<ContactId>) -> Result<(Vec<Known>, Option<ContactId>)> {
    let (contacts, more) = contacts(rx, family, after).await?;
    Ok((known(rx, family, contacts).await?, more))
}

/// Contacts with their addresses.
async fn known(rx: &Read, family: &[CustomerId], contacts: Vec<contact::Contact>) -> Result<Vec<Known>> {
    let ids: Vec<ContactId> = contacts.iter().map(|it| it.id).collect();
    let filter = Where::new("select contact_id, kind, address, main, undeliverable_at from identities")
        .any_of("customer_id", family)
        .any_of("contact_id", &ids)
        .then("order by contact_id, main desc, kind, address");
    let mut known: Vec<Identity> = rx.all(filter.sql(), filter.args()).await?;
    known.dedup_by(|a, b| (a.contact, a.kind, &a.address) == (b.contact, b.kind, &b.address));
    let people = contacts.into_iter().map(|it| Known {
        id: it.id,
        name: it.name,
        identities: known.iter().filter(|known| known.contact == it.id).cloned().collect(),
    });
    Ok(people.collect())
}

async fn merged_people(rx: &Read, family: &[CustomerId]) -> Result<HashSet<ContactId>> {
    let mut all = HashSet::new();
    for id in family {
        let sql = "select id from contacts where customer_id = $1 and merged_into is not null";
        all.extend(rx.all::<ContactId>(sql, &[id]).await?);
    }
    Ok(all)
}
