//! The list of customers, by name or by when one of their cases was last written in; and, in [`asked`](ask), the one place
//! that understands its filter.
//!
//! A name is a place in an index, and so is what a field says: whoever types one of them sees the list by name. The other
//! conditions are looked at row by row, in windows that end; where a list was not looked through, it says where it goes
//! on. Who was merged into another stands there with that one alone.

mod asked;

use std::collections::{HashMap, HashSet};

use domain::{CustomerId, FieldId, Right, Timestamp};

use super::find::end_of;
use super::values::{self, Standing};
use super::{Customer, family, head};
use crate::case::list::{Cursor, PAGE};
use crate::{FromRow, Read, Result, Row, Scope, Where};
pub use asked::{Asked, ask};

/// How the list is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// By name: from the beginning, or behind this customer.
    Name(Option<CustomerId>),
    /// By what was written last: from the newest, or before this.
    Recent(Option<Cursor>),
}

/// A customer as the list shows them.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Who they are.
    pub customer: Customer,
    /// How many of their cases are open.
    pub open: i64,
    /// When one of their cases was last written in.
    pub last_at: Option<Timestamp>,
}

/// A page of the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// Its rows.
    pub lines: Vec<Line>,
    /// Where it goes on, if there may be more.
    pub more: Option<From>,
}

/// How many rows one step looks at.
const STEP: usize = 500;
/// How many steps one page takes.
const STEPS: usize = 4;

/// One page of the customers that are asked for; only for those who see every customer.
pub async fn page(rx: &Read, scope: &Scope, asked: &Asked, from: From) -> Result<Page> {
    scope.needs(Right::Desk)?;
    let (customers, more) = match (from, asked.says()) {
        (From::Name(after), Some(says)) => by_value(rx, asked, says, after).await?,
        (From::Name(after), None) => by_name(rx, asked, after).await?,
        (From::Recent(before), _) => by_recency(rx, asked, before).await?,
    };
    let mut lines = Vec::new();
    for customer in customers {
        let family = family(rx, customer.id).await?;
        let last_at = newest(rx, &family).await?.map(|it| it.at);
        lines.push(Line { open: open(rx, &family).await?, last_at, customer });
    }
    Ok(Page { lines, more })
}

struct Folded(String);

impl FromRow for Folded {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Folded(row.get("folded")?))
    }
}

const CUSTOMERS: &str = "select customer_id, kind, name, provisional, merged_into, fields, created_at from customers";

/// The name of a customer, folded.
async fn named(rx: &Read, id: Option<CustomerId>) -> Result<Option<String>> {
    let Some(id) = id else { return Ok(None) };
    let found: Option<Folded> = rx.find("select folded from customers where customer_id = $1", &[&id]).await?;
    Ok(found.map(|it| it.0))
}

/// Along those of whom one of these fields says what is asked for.
async fn by_value(
    rx: &Read,
    asked: &Asked,
    says: &[(FieldId, String)],
    after: Option<CustomerId>,
) -> Result<(Vec<Customer>, Option<From>)> {
    let first = values::place(&asked.name);
    let (mut found, end) = (Vec::new(), end_of(&first));
    let behind = named(rx, after).await?.map(|it| values::place(&it));
    let mut place = behind.zip(after).map(|(name, customer)| Standing { name, customer });
    for _ in 0..STEPS {
        let mut step = Vec::new();
        for it in says {
            step.extend(values::saying(rx, it, (&first, &end), place.as_ref()).await?);
        }
        step.sort();
        step.dedup();
        step.truncate(STEP);
        if step.is_empty() {
            return Ok((found, None));
        }
        let ids: Vec<CustomerId> = step.iter().map(|it| it.customer).collect();
        let these = Where::new(CUSTOMERS).any_of("customer_id", &ids);
        let known: Vec<Customer> = rx.all(these.sql(), these.args()).await?;
        let mut known: HashMap<CustomerId, Customer> = known.into_iter().map(|it| (it.id, it)).collect();
        let (looked, said) = (step.len(), asked.said(rx, &ids).await?);
        for it in step {
            if found.len() == PAGE {
                return Ok((found, Some(From::Name(place.map(|it| it.customer)))));
            }
            found.extend(known.remove(&it.customer).filter(|it| it.merged_into.is_none() && asked.holds(it, &said)));
            place = Some(it);
        }
        if looked < STEP {
            return Ok((found, None));
        }
    }
    Ok((found, Some(From::Name(place.map(|it| it.customer)))))
}

async fn by_name(rx: &Read, asked: &Asked, after: Option<CustomerId>) -> Result<(Vec<Customer>, Option<From>)> {
    let (mut found, mut place, end) = (Vec::new(), after, end_of(&asked.name));
    for _ in 0..STEPS {
        let behind = named(rx, place).await?;
        // SQLite begins where the plain condition begins, not where the pair does.
        let first = behind.as_ref().unwrap_or(&asked.name);
        let mut filter = Where::new(CUSTOMERS).and("folded >= ? and folded < ?", &[first, &end]);
        if let (Some(name), Some(id)) = (&behind, &place) {
            filter = filter.and("(folded, customer_id) > (?, ?)", &[name, id]);
        }
        let filter = filter.then("order by folded, customer_id limit 500");
        let step: Vec<Customer> = rx.all(filter.sql(), filter.args()).await?;
        let ids: Vec<CustomerId> = step.iter().map(|it| it.id).collect();
        let (looked, said) = (step.len(), asked.said(rx, &ids).await?);
        for it in step {
            if found.len() == PAGE {
                return Ok((found, Some(From::Name(place))));
            }
            place = Some(it.id);
            if it.merged_into.is_none() && asked.holds(&it, &said) {
                found.push(it);
            }
        }
        if looked < STEP {
            return Ok((found, None));
        }
    }
    Ok((found, Some(From::Name(place))))
}

/// A case as a trace of its customer.
struct Trace {
    customer: CustomerId,
    place: Cursor,
}

impl FromRow for Trace {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Trace { customer: row.get("customer_id")?, place: Cursor::from_row(row)? })
    }
}

/// Along all cases, the newest first: a customer stands at the newest of theirs.
async fn by_recency(rx: &Read, asked: &Asked, before: Option<Cursor>) -> Result<(Vec<Customer>, Option<From>)> {
    let (mut found, mut place) = (Vec::new(), before);
    let mut seen: HashSet<CustomerId> = HashSet::new();
    for _ in 0..STEPS {
        let mut filter = Where::new("select customer_id, last_at as at, id from cases").and("aside is null", &[]);
        if let Some(it) = &place {
            filter = filter.and("(last_at, id) < (?, ?)", &[&it.at, &it.id]);
        }
        let filter = filter.then("order by last_at desc, id desc limit 500");
        let step: Vec<Trace> = rx.all(filter.sql(), filter.args()).await?;
        let looked = step.len();
        for it in step {
            if found.len() == PAGE {
                return Ok((found, Some(From::Recent(place))));
            }
            place = Some(it.place);
            if !seen.insert(it.customer) {
                continue;
            }
            // What is their newest stood further up, if this is not.
            let Some(customer) = head(rx, it.customer).await? else { continue };
            let newest = newest(rx, &family(rx, customer.id).await?).await?;
            if newest == Some(it.place) && asked.holds(&customer, &asked.said(rx, &[customer.id]).await?) {
                found.push(customer);
            }
        }
        if looked < STEP {
            return Ok((found, None));
        }
    }
    Ok((found, Some(From::Recent(place))))
}

/// Their newest case.
async fn newest(rx: &Read, family: &[CustomerId]) -> Result<Option<Cursor>> {
    let mut newest: Option<Cursor> = None;
    for id in family {
        let sql = "select last_at as at, id from cases where customer_id = $1 and aside is null
                   order by last_at desc, id desc limit 1";
        let found: Option<Cursor> = rx.find(sql, &[id]).await?;
        newest = newest.into_iter().chain(found).max_by_key(|it| (it.at, it.id));
    }
    Ok(newest)
}

async fn open(rx: &Read, family: &[CustomerId]) -> Result<i64> {
    let mut open = 0;
    for id in family {
        let sql = "select count(*) from (select 1 from cases where customer_id = $1 and live = 1 limit 100) as enough";
        open += rx.one::<i64>(sql, &[id]).await?;
    }
    Ok(open.min(100))
}

impl From {
    /// The position as it stands in an address; empty at the beginning.
    pub fn text(&self) -> String {
        match self {
            From::Name(None) | From::Recent(None) => String::new(),
            From::Name(Some(id)) => id.to_string(),
            From::Recent(Some(it)) => it.to_string(),
        }
    }

    /// The word of the order, as it stands in an address.
    pub fn order(&self) -> &'static str {
        match self {
            From::Name(_) => "name",
            From::Recent(_) => "recent",
        }
    }
}
