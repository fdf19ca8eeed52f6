//! What stands of a customer beside a case: of all who were merged into them, too.

use domain::field::Values;
use domain::{CaseId, ContactId, CustomerId, Email, StaffId, Status, Timestamp};

use super::{Customer, family, find, said};
use crate::case::list::Cursor;
use crate::{Error, FromRow, Read, Result, Row, Scope, Where, contact};

/// The card of a customer beside a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// Who they are.
    pub customer: Customer,
    /// What their fields say, and those of all who were merged into them.
    pub fields: Values,
    /// Domains that are theirs.
    pub domains: Vec<String>,
    /// Who speaks for them, the first hundred.
    pub people: Vec<Person>,
    /// Their cases, the newest twenty.
    pub cases: Vec<CardCase>,
}

/// A contact with an address of theirs; one who has several stands there once for each.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// The contact.
    pub id: ContactId,
    /// Their name.
    pub name: String,
    /// Their address, if it is a mail address.
    pub address: Option<Email>,
}

struct Addressed(ContactId, Email);

impl FromRow for Addressed {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Addressed(row.get("contact_id")?, row.get("address")?))
    }
}

/// A case as the card shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct CardCase {
    /// Its id.
    pub id: CaseId,
    /// Its number.
    pub number: i64,
    /// What it is about.
    pub subject: String,
    /// Where it is.
    pub status: Status,
    /// Whose it is.
    pub assignee: Option<StaffId>,
    /// When it was last written in.
    pub last_at: Timestamp,
}

impl FromRow for CardCase {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(CardCase {
            id: row.get("id")?,
            number: row.get("number")?,
            subject: row.get("subject")?,
            status: row.get("status")?,
            assignee: row.get("assignee_id")?,
            last_at: row.get("last_at")?,
        })
    }
}

/// The card. Whoever sees only the cases of their teams sees a customer who has one of them, and no other case.
pub async fn card(rx: &Read, scope: &Scope, id: CustomerId) -> Result<Card> {
    let family = family(rx, id).await?;
    let (customer, domains, (people, _), (cases, _)) = tokio::try_join!(
        find(rx, id),
        domains(rx, &family),
        people(rx, &family, None),
        cases(rx, scope, &family, (None, None))
    )?;
    let customer = customer.ok_or(Error::NotFound)?;
    if scope.teams().is_some() && cases.is_empty() {
        return Err(Error::NotFound);
    }
    let fields = said(rx, &customer, &family).await?;
    Ok(Card { customer, fields, domains, people, cases })
}

/// Whether the scope reaches the customer: all, or those who have a case in reach.
pub async fn is_visible(rx: &Read, scope: &Scope, id: CustomerId) -> Result<bool> {
    if scope.teams().is_none() {
        return Ok(find(rx, id).await?.is_some());
    }
    for id in family(rx, id).await? {
        let filter = scope.narrow(Where::new("select number from cases").and("customer_id = ?", &[&id]));
        let filter = filter.then("limit 1");
        if rx.find::<i64>(filter.sql(), filter.args()).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(crate) async fn domains(rx: &Read, family: &[CustomerId]) -> Result<Vec<String>> {
    let filter = Where::new("select domain from domains").any_of("customer_id", family);
    let filter = filter.then("order by domain limit 100");
    rx.all(filter.sql(), filter.args()).await
}

/// How many contacts a part of a list has.
const CONTACTS: usize = 100;

/// A hundred contacts behind `after`: id and name; and the last of them, if there are more. One list of several customers is
/// put together from one of each, which its index has in order.
pub(super) async fn contacts(
    rx: &Read,
    family: &[CustomerId],
    after: Option<ContactId>,
) -> Result<(Vec<contact::Contact>, Option<ContactId>)> {
    let mut all = Vec::new();
    for id in family {
        all.extend(contact::behind(rx, *id, after.as_ref()).await?);
    }
    all.sort_by_key(|it| it.id);
    let more = all.len() > CONTACTS;
    all.truncate(CONTACTS);
    let more = all.last().filter(|_| more).map(|it| it.id);
    Ok((all, more))
}

/// The same with their addresses.
async fn people(
    rx: &Read,
    family: &[CustomerId],
    after: Option<ContactId>,
) -> Result<(Vec<Person>, Option<ContactId>)> {
    let (contacts, more) = contacts(rx, family, after).await?;
    // Two questions, not one join: on a distributed database addresses and contacts lie apart.
    let ids: Vec<ContactId> = contacts.iter().map(|it| it.id).collect();
    let filter = Where::new("select contact_id, address from identities")
        .any_of("customer_id", family)
        .and("kind = 'email'", &[])
        .any_of("contact_id", &ids)
        .then("order by contact_id, main desc, address");
    let mut addresses: Vec<Addressed> = rx.all(filter.sql(), filter.args()).await?;
    addresses.dedup_by(|a, b| (a.0, &a.1) == (b.0, &b.1));
    let mut people = Vec::new();
    for contact::Contact { id, name, .. } in contacts {
        let mut known = addresses.iter().filter(|it| it.0 == id).map(|it| Some(it.1.clone())).peekable();
        if known.peek().is_none() {
            people.push(Person { id, name, address: None });
        } else {
            people.extend(known.map(|address| Person { id, name: name.clone(), address }));
        }
    }
    Ok((people, more))
}

/// How many cases a part of a list has.
const CASES: usize = 20;

/// Twenty cases older than `before`, newest first; and where the rest begins. Only those that are live or not, where that
/// is asked for.
pub(super) async fn cases(
    rx: &Read,
    scope: &Scope,
    family: &[CustomerId],
    (before, live): (Option<Cursor>, Option<bool>),
) -> Result<(Vec<CardCase>, Option<Cursor>)> {
    let select = "select id, number, subject, status, assignee_id, last_at from cases";
    let mut all: Vec<CardCase> = Vec::new();
    for id in family {
        let mut filter = scope.narrow(Where::new(select).and("customer_id = ? and aside is null", &[id]));
        filter = match live {
            Some(true) => filter.and("live = 1", &[]),
            Some(false) => filter.and("live = 0", &[]),
            None => filter,
        };
        if let Some(it) = &before {
            filter = filter.and("(last_at, id) < (?, ?)", &[&it.at, &it.id]);
        }
        let filter = filter.then("order by last_at desc, id desc limit 21");
        let found: Vec<CardCase> = rx.all(filter.sql(), filter.args()).await?;
        all.extend(found);
    }
    all.sort_by_key(|it| std::cmp::Reverse((it.last_at, it.id)));
    let more = all.len() > CASES;
    all.truncate(CASES);
    let older = all.last().filter(|_| more).map(|it| Cursor { at: it.last_at, id: it.id.0 });
    Ok((all, older))
}
