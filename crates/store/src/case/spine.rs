//! A case as its page shows it: what was said and done, in order.

use std::collections::HashMap;

use domain::{Association, Case, ContactId, Entry, Fact, Message, MessageId};

use super::{Place, find_within, place};
use crate::customer::Customer;
use crate::identity::{self, Traits};
use crate::{Error, Read, Result, Scope, Where, association, contact, customer, entry, message};

/// How many entries a page has; earlier ones come by a link.
pub const PAGE: usize = 60;

/// A case as its page shows it.
#[derive(Clone, Debug)]
pub struct Spine {
    /// The case.
    pub case: Case,
    /// Whose it is.
    pub customer: Customer,
    /// The contact whose issue it is.
    pub contact: (ContactId, String),
    /// Its newest entries, in order.
    pub entries: Vec<Entry>,
    /// Their messages.
    pub messages: HashMap<MessageId, Message>,
    /// The last decision about each of them.
    pub associations: HashMap<MessageId, Association>,
    /// What we know of the addresses of those who take part.
    pub traits: Vec<Traits>,
    /// The number before which earlier entries end, if there are any.
    pub earlier: Option<i64>,
}

/// The entries before `before`, or the newest. [`Error::NotFound`] also for what the scope does not reach.
pub async fn spine(rx: &Read, scope: &Scope, number: i64, before: Option<i64>) -> Result<Spine> {
    let at = place(rx, number).await?.ok_or(Error::NotFound)?;
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let before = before.unwrap_or(i64::MAX);
    let (case, customer, entries) = tokio::try_join!(
        find_within(rx, scope, at),
        customer::find(rx, at.customer),
        entry::of_case(rx, at.customer, at.case, before, limit),
    )?;
    let (case, customer) = case.zip(customer).ok_or(Error::NotFound)?;
    let mut entries = entries;
    let more = entries.len() > PAGE;
    entries.truncate(PAGE);
    let earlier = entries.last().and_then(|it| it.number).filter(|_| more);
    entries.reverse();
    let ids: Vec<MessageId> = entries.iter().filter_map(|it| message_of(&it.fact)).collect();
    let (messages, associations, name, traits) = tokio::try_join!(
        messages(rx, at, &ids),
        association::of(rx, at.customer, at.case, &ids),
        contact::name(rx, at.customer, case.contact),
        identity::traits(rx, at.customer, &case.participants),
    )?;
    Ok(Spine {
        contact: (case.contact, name.unwrap_or_default()),
        case,
        customer,
        entries,
        messages: messages.into_iter().map(|it| (it.id, it)).collect(),
        associations: associations.into_iter().collect(),
        traits,
        earlier,
    })
}

/// The message that an entry shows.
pub fn message_of(fact: &Fact) -> Option<MessageId> {
    match fact {
        Fact::Opened { message, .. }
        | Fact::Received { message, .. }
        | Fact::Replied { message, .. }
        | Fact::Acknowledged { message } => Some(*message),
        _ => None,
    }
}

pub(crate) async fn messages(rx: &Read, at: Place, ids: &[MessageId]) -> Result<Vec<Message>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let filter =
        Where::new(message::SELECT).and("customer_id = ? and case_id = ?", &[&at.customer, &at.case]).any_of("id", ids);
    let rows: Vec<message::Stored> = rx.all(filter.sql(), filter.args()).await?;
    Ok(rows.into_iter().map(|it| it.0).collect())
}
