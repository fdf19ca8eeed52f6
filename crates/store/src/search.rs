//! Search: what is found by its words, and the index by which it is found.
//!
//! A write that changes such a thing says so with [`touch`], and a row of `search_queue` goes into its own transaction.
//! Whoever keeps the index (`desk::search`, one node by its lease) takes what waits there in batches: [`queue`] reads it,
//! [`document`] loads what each thing says, [`index`] writes it, and only then the queue forgets it. All of it may be done
//! twice: a thing is known by its id, and keeps its number. So no crash loses anything, and the whole index can be made
//! anew from the database.
//!
//! Things are numbered in the order in which they came, and answers go from the newest back: [`hits`] walks, [`answer`]
//! makes a page of it. What may be seen, and what a filter asks besides, is part of the same statement.

pub mod answer;
mod best;
mod document;
pub mod fill;
pub mod hits;
pub mod index;
pub mod like;
pub mod people;
mod query;
pub mod queue;
pub(crate) mod words;

use domain::{CaseId, ContactId, CustomerId, EntryId, Findable, MessageId, Word};
use uuid::Uuid;

use crate::case::Place;
use crate::{Error, Hint, Result, Tx};

/// A thing that is found by its words, or was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Item {
    /// What it is.
    pub kind: Findable,
    /// Under which customer it is kept.
    pub customer: CustomerId,
    /// Its case, or else its customer: what it goes with.
    pub part_of: Uuid,
    /// Its id.
    pub id: Uuid,
}

impl Item {
    /// A message.
    pub fn message(customer: CustomerId, case: CaseId, id: MessageId) -> Item {
        Item { kind: Findable::Message, customer, part_of: case.0, id: id.0 }
    }

    /// A note.
    pub fn note(customer: CustomerId, case: CaseId, id: EntryId) -> Item {
        Item { kind: Findable::Note, customer, part_of: case.0, id: id.0 }
    }

    /// A case. If it is gone, so is all that was part of it.
    pub fn case(customer: CustomerId, id: CaseId) -> Item {
        Item { kind: Findable::Case, customer, part_of: id.0, id: id.0 }
    }

    /// A contact.
    pub fn contact(customer: CustomerId, id: ContactId) -> Item {
        Item { kind: Findable::Contact, customer, part_of: customer.0, id: id.0 }
    }

    /// A customer. If they are gone, so are those who speak for them.
    pub fn customer(id: CustomerId) -> Item {
        Item { kind: Findable::Customer, customer: id, part_of: id.0, id: id.0 }
    }
}

/// Says that a thing is new, says something else than before, is somewhere else, or is gone. It is found accordingly a
/// moment after the commit.
pub fn touch(tx: &mut Tx, item: Item) {
    if !tx.findable.contains(&item) {
        tx.findable.push(item);
    }
}

/// Says so of a case and all that was said and noted in it: it is found elsewhere from now on.
pub(crate) async fn touch_all(tx: &mut Tx, at: Place) -> Result<()> {
    let Place { customer, case } = at;
    touch(tx, Item::case(customer, case));
    let sql = "select id from messages where customer_id = $1 and case_id = $2";
    for id in tx.all(sql, &[&customer, &case]).await? {
        touch(tx, Item::message(customer, case, id));
    }
    let sql = "select id from entries where customer_id = $1 and case_id = $2 and fact = 'noted'";
    for id in tx.all(sql, &[&customer, &case]).await? {
        touch(tx, Item::note(customer, case, id));
    }
    Ok(())
}

/// Puts what a use case has touched into its transaction: one row, whatever it was.
pub(crate) async fn with_its_items<T, E: From<Error>>(result: Result<T, E>, tx: &mut Tx) -> Result<T, E> {
    let items = std::mem::take(&mut tx.findable);
    if result.is_ok() && !items.is_empty() {
        tx.put("insert into search_queue (items) values ($1)", &[&packed(&items)]).await?;
        tx.hints.push(Hint::new("search"));
    }
    result
}

/// So many bytes are an item.
const ITEM: usize = 49;

fn packed(items: &[Item]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(items.len() * ITEM);
    for it in items {
        let kind = Findable::ALL.iter().position(|kind| *kind == it.kind).unwrap_or_default();
        bytes.push(u8::try_from(kind).unwrap_or_default());
        for id in [it.customer.0, it.part_of, it.id] {
            bytes.extend_from_slice(id.as_bytes());
        }
    }
    bytes
}

fn unpacked(bytes: &[u8]) -> Vec<Item> {
    let id = |bytes: &[u8]| Uuid::from_slice(bytes).ok();
    let item = |bytes: &[u8]| {
        let kind = *Findable::ALL.get(usize::from(*bytes.first()?))?;
        let customer = CustomerId(id(&bytes[1..17])?);
        Some(Item { kind, customer, part_of: id(&bytes[17..33])?, id: id(&bytes[33..49])? })
    };
    bytes.chunks_exact(ITEM).filter_map(item).collect()
}
