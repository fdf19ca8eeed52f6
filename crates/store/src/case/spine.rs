//! A case as its page shows it: what was said and done, in order. What happened in cases that it took in stands between
//! its own entries, by time; the entries of each stay in their order.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::str::FromStr;

use domain::{Association, Case, CaseId, ContactId, Entry, Fact, Message, MessageId};

use super::{Place, find, find_within, merge, place};
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
    /// The cases that it took in.
    pub members: Vec<Case>,
    /// Its newest entries, in order.
    pub entries: Vec<Entry>,
    /// In which case each of them was written: this one, or one that it took in.
    pub written_in: Vec<CaseId>,
    /// Their messages.
    pub messages: HashMap<MessageId, Message>,
    /// The last decision about each of them.
    pub associations: HashMap<MessageId, Association>,
    /// What we know of the addresses of those who take part.
    pub traits: Vec<Traits>,
    /// Before what earlier entries end, if there are any.
    pub earlier: Option<Reach>,
    /// The message that the case began with.
    pub opener: Option<MessageId>,
    /// The entries of what can be undone: in which case each was written, and its number there.
    pub undoable: HashSet<(CaseId, i64)>,
}

/// How far a page of a conversation reaches: before which entry of the case, and of each that it took in. Its text stands
/// in a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach(Vec<i64>);

impl Reach {
    fn of(&self, case: usize) -> i64 {
        self.0.get(case).copied().unwrap_or(i64::MAX)
    }
}

impl From<i64> for Reach {
    fn from(before: i64) -> Reach {
        Reach(vec![before])
    }
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<String> = self.0.iter().map(i64::to_string).collect();
        f.write_str(&all.join("."))
    }
}

impl FromStr for Reach {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        text.split('.').map(str::parse).collect::<std::result::Result<_, _>>().map(Reach)
    }
}

/// The entries before `before`, or the newest. [`Error::NotFound`] also for what the scope does not reach.
pub async fn spine(rx: &Read, scope: &Scope, number: i64, before: Option<Reach>) -> Result<Spine> {
    let mut at = place(rx, number).await?.ok_or(Error::NotFound)?;
    let (case, customer, members) = loop {
        let (case, customer, members) = tokio::try_join!(
            find_within(rx, scope, at),
            customer::head(rx, at.customer),
            merge::members(rx, at.customer, at.case)
        )?;
        if let Some((case, customer)) = case.zip(customer) {
            break (case, customer, members);
        }
        // It may have moved to another customer since its place was looked up.
        at = place(rx, number).await?.filter(|it| *it != at).ok_or(Error::NotFound)?;
    };
    let cases: Vec<CaseId> = [case.id].into_iter().chain(members.iter().map(|it| it.id)).collect();
    let before = before.unwrap_or(Reach(Vec::new()));
    let (told, earlier) = told(rx, at, &cases, &before).await?;
    let (written_in, entries): (Vec<CaseId>, Vec<Entry>) = told.into_iter().unzip();
    let ids: Vec<MessageId> = entries.iter().filter_map(|it| message_of(&it.fact)).collect();
    let family = customer::family(rx, customer.id).await?;
    let (messages, associations, name, traits, undoable, opener) = tokio::try_join!(
        messages(rx, at, &cases, &ids),
        association::of(rx, at.customer, &cases, &ids),
        contact::standing(rx, &family, case.contact),
        identity::traits(rx, &family, &case.participants),
        undoable(rx, at, &members, &entries, &written_in),
        entry::opened_with(rx, at.customer, at.case),
    )?;
    Ok(Spine {
        contact: name.map_or((case.contact, String::new()), |it| (it.id, it.name)),
        case,
        customer,
        members,
        entries,
        written_in,
        messages: messages.into_iter().map(|it| (it.id, it)).collect(),
        associations: associations.into_iter().collect(),
        traits,
        earlier,
        opener,
        undoable,
    })
}

impl Spine {
    /// The message that an entry shows: where it is, and nowhere else.
    pub fn message_at(&self, at: usize) -> Option<&Message> {
        let message = self.messages.get(&message_of(&self.entries.get(at)?.fact)?)?;
        (Some(&message.case) == self.written_in.get(at)).then_some(message)
    }

    /// Whether there are later entries than those before `before`.
    pub fn goes_on_after(&self, before: &Reach) -> bool {
        let all = [&self.case].into_iter().chain(&self.members);
        all.enumerate().any(|(at, it)| before.of(at) <= it.entries)
    }

    /// The number of the case with this id: this one, or one that it took in.
    pub fn number_of(&self, case: CaseId) -> i64 {
        self.members.iter().find(|it| it.id == case).map_or(self.case.number, |it| it.number)
    }
}

/// A page of entries and in which case each was written; and before what the rest ends, if there is any.
async fn told(rx: &Read, at: Place, cases: &[CaseId], before: &Reach) -> Result<(Vec<(CaseId, Entry)>, Option<Reach>)> {
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut rest = Vec::new();
    let mut reach = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        let mut entries = entry::of_case(rx, at.customer, *case, before.of(index), limit).await?;
        // The newest is the first that is taken.
        entries.reverse();
        reach.push(entries.last().and_then(|it| it.number).map_or(1, |it| it + 1));
        rest.push(entries);
    }
    let mut told = Vec::new();
    while told.len() < PAGE {
        let newest = |it: &(usize, &Vec<Entry>)| it.1.last().map(|entry| (entry.at, it.0));
        let Some((index, _)) = rest.iter().enumerate().filter(|it| !it.1.is_empty()).max_by_key(newest) else { break };
        let Some(entry) = rest.get_mut(index).and_then(Vec::pop) else { break };
        if let (Some(reach), Some(number)) = (reach.get_mut(index), entry.number) {
            *reach = number;
        }
        told.extend(cases.get(index).map(|case| (*case, entry)));
    }
    told.reverse();
    let more = rest.iter().any(|it| !it.is_empty());
    Ok((told, more.then_some(Reach(reach))))
}

/// What of the entries can be undone: merges of cases that are still here, and splits whose other case is where it was.
async fn undoable(
    rx: &Read,
    at: Place,
    members: &[Case],
    entries: &[Entry],
    written_in: &[CaseId],
) -> Result<HashSet<(CaseId, i64)>> {
    let mut found = HashSet::new();
    let mut moves = 0;
    for (entry, case) in entries.iter().zip(written_in).rev() {
        let Some(number) = entry.number else { continue };
        let can = match &entry.fact {
            Fact::Merged { case: other, .. } => members.iter().any(|it| {
                it.id == *other && it.merged.as_ref().is_some_and(|it| (it.into, it.entry) == (*case, number))
            }),
            Fact::SplitOff { number: other, .. } if *case == at.case => match place(rx, *other).await? {
                Some(there) if there.customer == at.customer && there.case != at.case => {
                    let open = |it: &Case| it.number == *other && it.aside.is_none();
                    find(rx, there.customer, there.case).await?.as_ref().is_some_and(open)
                }
                _ => false,
            },
            Fact::Moved(it) => {
                moves += 1;
                moves == 1 && *case == at.case && it.to == at.customer
            }
            Fact::MovedBack(_) => {
                moves += 1;
                false
            }
            _ => false,
        };
        if can {
            found.insert((*case, number));
        }
    }
    Ok(found)
}

/// The message that an entry shows.
pub fn message_of(fact: &Fact) -> Option<MessageId> {
    match fact {
        Fact::Opened { message, .. }
        | Fact::Received { message, .. }
        | Fact::Replied { message, .. }
        | Fact::Acknowledged { message }
        | Fact::Forwarded { message, .. }
        | Fact::SupplierAnswered { message, .. } => Some(*message),
        _ => None,
    }
}

pub(crate) async fn messages(rx: &Read, at: Place, cases: &[CaseId], ids: &[MessageId]) -> Result<Vec<Message>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let filter =
        Where::new(message::SELECT).and("customer_id = ?", &[&at.customer]).any_of("case_id", cases).any_of("id", ids);
    let rows: Vec<message::Stored> = rx.all(filter.sql(), filter.args()).await?;
    Ok(rows.into_iter().map(|it| it.0).collect())
}
