//! Customers and contacts whose names or addresses have the words.

use domain::sought::{Snippet, Sought, marked};
use domain::{ContactId, CustomerId, CustomerKind, Findable, Right};

use super::query::{Among, compiled};
use crate::db::Conn;
use crate::{FromRow, Read, Result, Row, Scope, Where, contact, customer};

/// Somebody who was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// The customer, or the one for whom they speak.
    pub customer: CustomerId,
    /// What kind of customer that is.
    pub kind: CustomerKind,
    /// What we call that.
    pub customer_name: String,
    /// The contact, if it is one, and their name with its marks; else the customer's name.
    pub contact: Option<ContactId>,
    /// The name, with its marks.
    pub name: Snippet,
    /// The address or the domain that has the words.
    pub address: Option<Snippet>,
}

struct Known(Findable, CustomerId, uuid::Uuid);

impl FromRow for Known {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Known(row.get("kind")?, row.get("customer_id")?, row.get("item_id")?))
    }
}

/// Those in reach, the newest first: up to `most`, and whether there are more.
pub async fn find(rx: &Read, scope: &Scope, sought: &Sought, most: usize) -> Result<(Vec<Person>, bool)> {
    scope.needs(Right::Customers)?;
    if sought.is_empty() {
        return Ok((Vec::new(), false));
    }
    let question = compiled(rx, sought, Among::People);
    let known: Vec<Known> = match rx.conn {
        Conn::Sqlite { .. } => {
            let sql = "select d.kind, d.customer_id, d.item_id from search_words cross join search_docs d
                        on d.seq = search_words.rowid
                       where search_words match $1 order by search_words.rowid desc limit 200";
            rx.all(sql, &[&question]).await?
        }
        // Planned for these words: a plan for any words would walk through everything.
        Conn::Postgres(_) => {
            let found = Where::new("with w as materialized (select seq as number from search_words")
                .and("words @@ cast(cast(? as text) as tsquery)", &[&question])
                .then(
                    ") select d.kind, d.customer_id, d.item_id
                     from (select number from w order by number desc limit 200) as w join search_docs d on d.seq = w.number
                     order by d.seq desc",
                );
            rx.all(found.sql(), found.args()).await?
        }
    };
    // A customer stands before those who speak for them.
    let (mut all, contacts): (Vec<Known>, Vec<Known>) = known.into_iter().partition(|it| it.0 == Findable::Customer);
    all.extend(contacts);
    let mut people = Vec::new();
    for it in &all {
        if people.len() > most {
            break;
        }
        if scope.teams().is_none() || customer::is_visible(rx, scope, it.1).await? {
            people.extend(person(rx, sought, it).await?);
        }
    }
    let more = people.len() > most;
    people.truncate(most);
    Ok((people, more))
}

async fn person(rx: &Read, sought: &Sought, it: &Known) -> Result<Option<Person>> {
    let Some(owner) = customer::head(rx, it.1).await? else { return Ok(None) };
    let id = (it.0 == Findable::Contact).then_some(ContactId(it.2));
    let (name, addresses) = match id {
        Some(id) => {
            let family = customer::family(rx, owner.id).await?;
            // Who turned out to be somebody else is found as that one, if at all.
            match contact::find(rx, &family, id).await?.filter(|it| it.merged_into.is_none()) {
                Some(person) => (person.name, contact::addresses(rx, &family, id).await?),
                None => return Ok(None),
            }
        }
        None => (owner.name.clone(), customer::domains(rx, &[it.1]).await?),
    };
    let marks: Vec<Snippet> = addresses.iter().map(|it| marked(it, sought)).collect();
    let at = marks.iter().position(|it| !it.marks.is_empty()).unwrap_or_default();
    let address = marks.into_iter().nth(at);
    let name = marked(&name, sought);
    Ok(Some(Person { customer: owner.id, kind: owner.kind, customer_name: owner.name, contact: id, name, address }))
}
