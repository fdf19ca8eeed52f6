//! Customers, and the domains that are theirs.

pub mod find;
pub mod page;

use domain::fold::folded;
use domain::{CaseId, ContactId, CustomerId, CustomerKind, Email, StaffId, Status, Timestamp};

use crate::case::list::Cursor;
use crate::{Error, FromRow, Hint, Lock, Read, Result, Row, Scope, Tx, Where};

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
            created_at: row.get("created_at")?,
        })
    }
}

/// The customer, for a use case.
pub async fn find(rx: &Read, id: CustomerId) -> Result<Option<Customer>> {
    let sql = "select customer_id, kind, name, provisional, merged_into, created_at from customers
               where customer_id = $1";
    rx.find(sql, &[&id]).await
}

/// The customer who stands for this one: the one into whom they were merged, or themselves.
pub async fn head(rx: &Read, id: CustomerId) -> Result<Option<Customer>> {
    let mut found = find(rx, id).await?;
    while let Some(into) = found.as_ref().and_then(|it| it.merged_into) {
        found = find(rx, into).await?;
    }
    Ok(found)
}

/// A customer, and all who were merged into them: whose rows a read of theirs takes.
pub async fn family(rx: &Read, id: CustomerId) -> Result<Vec<CustomerId>> {
    let mut all = vec![id];
    let mut at = 0;
    while let Some(into) = all.get(at) {
        let sql = "select customer_id from customers where merged_into = $1 order by customer_id";
        let found: Vec<CustomerId> = rx.all(sql, &[into]).await?;
        all.extend(found);
        at += 1;
    }
    Ok(all)
}

/// The family of whoever stands for this customer.
pub async fn family_of(rx: &Read, id: CustomerId) -> Result<Vec<CustomerId>> {
    let head = head(rx, id).await?.map_or(id, |it| it.id);
    family(rx, head).await
}

/// Adds a customer.
pub async fn insert(tx: &mut Tx, customer: &Customer) -> Result<()> {
    tx.holds(&Lock::Customer(customer.id))?;
    let sql = "insert into customers (customer_id, kind, name, provisional, merged_into, created_at, folded)
               values ($1, $2, $3, $4, $5, $6, $7)";
    let Customer { id, kind, name, provisional, merged_into, created_at } = customer;
    tx.run(sql, &[id, kind, name, provisional, merged_into, created_at, &folded(name)]).await?;
    Ok(())
}

/// Writes what may change of a customer.
pub async fn save(tx: &mut Tx, customer: &Customer) -> Result<()> {
    tx.holds(&Lock::Customer(customer.id))?;
    let sql = "update customers set kind = $2, name = $3, provisional = $4, merged_into = $5, folded = $6
               where customer_id = $1";
    let Customer { id, kind, name, provisional, merged_into, .. } = customer;
    tx.run(sql, &[id, kind, name, provisional, merged_into, &folded(name)]).await?;
    tx.announce(Hint::new(format!("customer {}", customer.id)));
    Ok(())
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

/// Says that mail of `domain` is this customer's. [`Error::Duplicate`] if it is another's.
pub async fn add_domain(tx: &mut Tx, customer: CustomerId, domain: &str) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "insert into domains (domain, customer_id) values ($1, $2)";
    tx.run(sql, &[&domain, &customer]).await?;
    tx.announce(Hint::new(format!("customer {customer}")));
    Ok(())
}

/// Takes that back; whether it was so.
pub async fn remove_domain(tx: &mut Tx, customer: CustomerId, domain: &str) -> Result<bool> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "delete from domains where domain = $1 and customer_id = $2";
    tx.announce(Hint::new(format!("customer {customer}")));
    Ok(tx.run(sql, &[&domain, &customer]).await? == 1)
}

/// Everybody's addresses who speaks for a customer: whoever removes the customer holds them.
pub async fn addresses(rx: &Read, id: CustomerId) -> Result<Vec<String>> {
    rx.all("select address from identities where customer_id = $1 and kind = 'email' order by address", &[&id]).await
}

/// Removes a customer who is nobody without their cases: provisional, without a case, a domain, or another customer that
/// leads to them. `held` are the addresses that no mail comes from meanwhile. Whether they are gone.
pub async fn remove_if_empty(tx: &mut Tx, id: CustomerId, held: &[String]) -> Result<bool> {
    tx.holds(&Lock::Customer(id))?;
    let sql = "select 1 from cases where customer_id = $1 union all select 1 from domains where customer_id = $1
               union all select 1 from customers where merged_into = $1 limit 1";
    let is_somebody = find(tx, id).await?.is_none_or(|it| !it.provisional || it.merged_into.is_some());
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
        "delete from customers where customer_id = $1",
    ] {
        tx.run(sql, &[&id]).await?;
    }
    tx.announce(Hint::new(format!("customer {id}")));
    Ok(true)
}

/// The card of a customer beside a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// Who they are.
    pub customer: Customer,
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

struct Named(ContactId, String);

impl FromRow for Named {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Named(row.get("id")?, row.get("name")?))
    }
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
    let (customer, domains, (people, _), (cases, _)) =
        tokio::try_join!(find(rx, id), domains(rx, id), people(rx, id, None), cases(rx, scope, id, None))?;
    let customer = customer.ok_or(Error::NotFound)?;
    if scope.teams().is_some() && cases.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(Card { customer, domains, people, cases })
}

/// Whether the scope reaches the customer: all, or those who have a case in reach.
pub async fn is_visible(rx: &Read, scope: &Scope, id: CustomerId) -> Result<bool> {
    if scope.teams().is_none() {
        return Ok(find(rx, id).await?.is_some());
    }
    let filter = scope.narrow(Where::new("select number from cases").and("customer_id = ?", &[&id]));
    let filter = filter.then("limit 1");
    Ok(rx.find::<i64>(filter.sql(), filter.args()).await?.is_some())
}

async fn domains(rx: &Read, id: CustomerId) -> Result<Vec<String>> {
    rx.all("select domain from domains where customer_id = $1 order by domain limit 100", &[&id]).await
}

/// A hundred contacts behind `after`, with their addresses; and the last of them, if there are more.
async fn people(rx: &Read, id: CustomerId, after: Option<ContactId>) -> Result<(Vec<Person>, Option<ContactId>)> {
    let mut filter = Where::new("select id, name from contacts").and("customer_id = ?", &[&id]);
    if let Some(after) = &after {
        filter = filter.and("id > ?", &[after]);
    }
    let filter = filter.then("order by id limit 101");
    let mut contacts: Vec<Named> = rx.all(filter.sql(), filter.args()).await?;
    let more = contacts.len() > 100;
    contacts.truncate(100);
    let more = contacts.last().filter(|_| more).map(|it| it.0);
    // Two questions, not one join: on a distributed database addresses and contacts lie apart.
    let ids: Vec<ContactId> = contacts.iter().map(|it| it.0).collect();
    let filter = Where::new("select contact_id, address from identities")
        .and("customer_id = ? and kind = 'email'", &[&id])
        .any_of("contact_id", &ids)
        .then("order by contact_id, address");
    let addresses: Vec<Addressed> = rx.all(filter.sql(), filter.args()).await?;
    let mut people = Vec::new();
    for Named(id, name) in contacts {
        let mut known = addresses.iter().filter(|it| it.0 == id).map(|it| Some(it.1.clone())).peekable();
        if known.peek().is_none() {
            people.push(Person { id, name, address: None });
        } else {
            people.extend(known.map(|address| Person { id, name: name.clone(), address }));
        }
    }
    Ok((people, more))
}

/// Twenty cases older than `before`, newest first; and where the rest begins.
async fn cases(
    rx: &Read,
    scope: &Scope,
    id: CustomerId,
    before: Option<Cursor>,
) -> Result<(Vec<CardCase>, Option<Cursor>)> {
    let select = "select id, number, subject, status, assignee_id, last_at from cases";
    let mut filter = scope.narrow(Where::new(select).and("customer_id = ? and aside is null", &[&id]));
    if let Some(it) = &before {
        filter = filter.and("(last_at, id) < (?, ?)", &[&it.at, &it.id]);
    }
    let filter = filter.then("order by last_at desc, id desc limit 21");
    let mut cases: Vec<CardCase> = rx.all(filter.sql(), filter.args()).await?;
    let more = cases.len() > 20;
    cases.truncate(20);
    let older = cases.last().filter(|_| more).map(|it| Cursor { at: it.last_at, id: it.id.0 });
    Ok((cases, older))
}
