//! Timelines: the append-only journal of each customer.

mod timeline;

use domain::entry::Address;
use domain::{Actor, CaseId, ContactId, CustomerId, Entry, EntryId, Fact, File, MessageId, Timestamp};
use uuid::Uuid;

use crate::case::{Place, merge};
use crate::message::visible;
use crate::param::{from_json, json};
use crate::search::{self, Item};
use crate::{Error, FromRow, Lock, Read, Result, Row, Scope, Tx};

pub use timeline::{Line, Timeline, timeline};

/// Appends an entry to a customer's timeline.
pub async fn append(tx: &mut Tx, id: EntryId, customer: CustomerId, case: Option<CaseId>, entry: &Entry) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "insert into entries (customer_id, at, id, case_id, number, actor_kind, actor_id, fact, data)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let Entry { number, at, by, fact } = entry;
    match (fact, case) {
        (Fact::Noted { .. }, Some(case)) => search::touch(tx, Item::note(customer, case, id)),
        // With or without a line that says what solved it.
        (Fact::Resolved { .. } | Fact::Reopened, Some(case)) => search::touch(tx, Item::case(customer, case)),
        _ => {}
    }
    let data = json(fact)?;
    tx.put(sql, &[&customer, at, &id, &case, number, &by.kind(), &by.id(), &fact.word(), &data]).await
}

pub(crate) struct Stored(pub Entry);

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let number = row.get("number")?;
        let at = row.get("at")?;
        let kind: String = row.get("actor_kind")?;
        let id: Option<Uuid> = row.get("actor_id")?;
        let by = Actor::parse(&kind, id).ok_or(Error::Column {
            column: "actor_kind",
            expected: "an actor",
            found: "another word",
        })?;
        let fact: Fact = from_json(row, "data")?;
        Ok(Stored(Entry { number, at, by, fact }))
    }
}

/// Entries of a case before `before`, the newest first.
pub(crate) async fn of_case(
    rx: &Read,
    customer: CustomerId,
    case: CaseId,
    before: i64,
    limit: i64,
) -> Result<Vec<Entry>> {
    let sql = "select number, at, actor_kind, actor_id, data from entries
               where customer_id = $1 and case_id = $2 and number < $3 order by number desc limit $4";
    let rows: Vec<Stored> = rx.all(sql, &[&customer, &case, &before, &limit]).await?;
    Ok(rows.into_iter().map(|it| it.0).collect())
}

/// The number of the case that took up this closed one, the last if there are several.
pub async fn follow_up(rx: &Read, customer: CustomerId, case: CaseId) -> Result<Option<i64>> {
    let sql = "select number, at, actor_kind, actor_id, data from entries
               where customer_id = $1 and case_id = $2 and fact = 'followed_up' order by number desc limit 1";
    let found: Option<Stored> = rx.find(sql, &[&customer, &case]).await?;
    Ok(found.and_then(|it| if let Fact::FollowedUp { number } = it.0.fact { Some(number) } else { None }))
}

/// The message that a case began with.
pub async fn opened_with(rx: &Read, customer: CustomerId, case: CaseId) -> Result<Option<MessageId>> {
    let sql = "select number, at, actor_kind, actor_id, data from entries
               where customer_id = $1 and case_id = $2 and number = 1";
    let found: Option<Stored> = rx.find(sql, &[&customer, &case]).await?;
    Ok(found.and_then(|it| if let Fact::Opened { message, .. } = it.0.fact { Some(message) } else { None }))
}

/// The files of a note in a case that the scope reaches, and where they are kept.
pub async fn noted(rx: &Read, scope: &Scope, number: i64, entry: i64) -> Result<(Place, Vec<File>)> {
    let at = merge::bearer(rx, visible(rx, scope, number).await?, number).await?;
    match numbered(rx, at, entry).await?.ok_or(Error::NotFound)?.fact {
        Fact::Noted { files, .. } => Ok((at, files)),
        _ => Err(Error::NotFound),
    }
}

/// An entry of a case, by its number there.
pub async fn numbered(rx: &Read, at: Place, number: i64) -> Result<Option<Entry>> {
    let sql = "select number, at, actor_kind, actor_id, data from entries
               where customer_id = $1 and case_id = $2 and number = $3";
    Ok(rx.find::<Stored>(sql, &[&at.customer, &at.case, &number]).await?.map(|it| it.0))
}

/// The number of the entry that tells of the last move of a case to another customer; none if it was taken back.
pub async fn last_move(rx: &Read, at: Place) -> Result<Option<i64>> {
    let sql = "select number, at, actor_kind, actor_id, data from entries
               where customer_id = $1 and case_id = $2 and fact in ('moved', 'moved_back') order by number desc limit 1";
    let last: Option<Stored> = rx.find(sql, &[&at.customer, &at.case]).await?;
    Ok(last.map(|it| it.0).filter(|it| matches!(it.fact, Fact::Moved(_))).and_then(|it| it.number))
}

/// The addresses that the last merge of this contact led elsewhere, as its entry has them.
pub async fn merge_of(rx: &Read, family: &[CustomerId], from: ContactId) -> Result<Option<Vec<Address>>> {
    let mut last: Option<(Timestamp, Vec<Address>)> = None;
    for id in family {
        let sql = "select number, at, actor_kind, actor_id, data from entries
                   where customer_id = $1 and fact = 'contacts_merged' order by at desc, id desc";
        for Stored(it) in rx.all::<Stored>(sql, &[id]).await? {
            match it.fact {
                Fact::ContactsMerged { from: known, identities, .. } if known == from => {
                    if last.as_ref().is_none_or(|last| last.0 < it.at) {
                        last = Some((it.at, identities));
                    }
                    break;
                }
                _ => {}
            }
        }
    }
    Ok(last.map(|it| it.1))
}

/// Whether somebody has written in a case what the customer does not see: a note, or a word with a supplier.
pub async fn has_inner_words(rx: &Read, at: Place) -> Result<bool> {
    let sql = "select number from entries where customer_id = $1 and case_id = $2 and fact in ('noted', 'forwarded', 'supplier_answered') limit 1";
    Ok(rx.find::<i64>(sql, &[&at.customer, &at.case]).await?.is_some())
}

/// The entry with this id, if it is one of those after `after`.
pub async fn recent(rx: &Read, customer: CustomerId, case: CaseId, after: i64, id: EntryId) -> Result<Option<Entry>> {
    let sql = "select number, at, actor_kind, actor_id, data from entries
               where customer_id = $1 and case_id = $2 and number > $3 and id = $4";
    Ok(rx.find::<Stored>(sql, &[&customer, &case, &after, &id]).await?.map(|it| it.0))
}

/// Whether another of ours has answered since the entry `seen`.
pub async fn answered_since(
    rx: &Read,
    customer: CustomerId,
    case: CaseId,
    seen: i64,
    but: domain::StaffId,
) -> Result<bool> {
    let sql = "select number from entries where customer_id = $1 and case_id = $2 and number > $3 and fact = 'replied'
                and actor_id <> $4 limit 1";
    Ok(rx.find::<i64>(sql, &[&customer, &case, &seen, &but]).await?.is_some())
}
