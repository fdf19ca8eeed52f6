//! A customer's own page: their cases and people from any place on, however many there are.

use domain::{ContactId, CustomerId};

use super::{CardCase, Customer, Person, cases, domains, find, is_visible, people};
use crate::case::list::Cursor;
use crate::{Error, Param, Read, Result, Scope, Where};

/// From where the lists go on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct From {
    /// Cases older than this.
    pub cases: Option<Cursor>,
    /// People behind this one.
    pub people: Option<ContactId>,
}

/// A customer as their own page shows them.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Who they are.
    pub customer: Customer,
    /// Domains that are theirs.
    pub domains: Vec<String>,
    /// Who speaks for them, up to a hundred.
    pub people: Vec<Person>,
    /// Behind whom more of them stand.
    pub more_people: Option<ContactId>,
    /// How many speak for them, up to [`crate::case::list::ENOUGH`].
    pub people_count: i64,
    /// Their cases, newest first, up to twenty.
    pub cases: Vec<CardCase>,
    /// Where the older ones begin.
    pub older_cases: Option<Cursor>,
    /// How many of their cases are open, up to [`crate::case::list::ENOUGH`].
    pub open_cases: i64,
}

/// The page, for whom [`super::card`] would show the card.
pub async fn page(rx: &Read, scope: &Scope, id: CustomerId, from: From) -> Result<Page> {
    if !is_visible(rx, scope, id).await? {
        return Err(Error::NotFound);
    }
    let open = scope
        .narrow(Where::new("select count(*) from (select 1 from cases").and("customer_id = ? and live = 1", &[&id]));
    let open = open.then("limit 100) as enough");
    let of: [&dyn Param; 1] = [&id];
    let contacts = "select count(*) from (select 1 from contacts where customer_id = $1 limit 100) as enough";
    let (customer, domains, (people, more_people), (cases, older_cases), open_cases, people_count) = tokio::try_join!(
        find(rx, id),
        domains(rx, id),
        people(rx, id, from.people),
        cases(rx, scope, id, from.cases),
        rx.one::<i64>(open.sql(), open.args()),
        rx.one::<i64>(contacts, &of),
    )?;
    let customer = customer.ok_or(Error::NotFound)?;
    Ok(Page { customer, domains, people, more_people, people_count, cases, older_cases, open_cases })
}
