//! The timeline of a customer as their page shows it, newest first: of all who were merged into them, too.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use domain::entry::Topic;
use domain::{Actor, CaseId, ContactId, CustomerId, Entry, EntryId, Fact, TeamId};

use super::Stored;
use crate::case::list::Cursor;
use crate::case::merge;
use crate::{FromRow, Read, Result, Row, Scope, Where, contact, customer};

/// A line of a customer's timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What happened.
    pub entry: Entry,
    /// The number of the case in which it stands, if it belongs to one.
    pub case: Option<i64>,
    /// Its id, by which it is undone if it can be.
    pub id: EntryId,
    /// To whom of those who were merged it happened.
    pub customer: CustomerId,
    case_id: Option<CaseId>,
    merged: bool,
    team: Option<TeamId>,
    aside: bool,
}

impl FromRow for Line {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let entry = Stored::from_row(row)?.0;
        Ok(Line {
            entry,
            case: row.get("case_number")?,
            id: row.get("id")?,
            customer: row.get("customer_id")?,
            case_id: row.get("case_id")?,
            merged: row.get::<Option<CaseId>>("merged_into")?.is_some(),
            team: row.get("team_id")?,
            aside: row.get::<Option<String>>("aside")?.is_some(),
        })
    }
}

impl Line {
    /// The contacts of whom it speaks.
    fn contacts(&self) -> Vec<ContactId> {
        let by = if let Actor::Contact(contact) = self.entry.by { Some(contact) } else { None };
        let of = match &self.entry.fact {
            Fact::ContactAdded { contact }
            | Fact::ContactRenamed { contact, .. }
            | Fact::IdentityAdded { contact, .. }
            | Fact::IdentityRemoved { contact, .. }
            | Fact::IdentityPreferred { contact, .. }
            | Fact::ContactFieldChanged { contact, .. }
            | Fact::ContactsMerged { into: contact, .. }
            | Fact::ContactMergeUndone { contact } => Some(*contact),
            _ => None,
        };
        by.into_iter().chain(of).collect()
    }
}

/// A part of a customer's timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// What happened, newest first.
    pub lines: Vec<Line>,
    /// What the contacts in it are called.
    pub names: Vec<(ContactId, String)>,
    /// Where it goes on, if there may be more.
    pub older: Option<Cursor>,
}

/// How many lines a part has.
const PART: usize = 60;
/// How many entries are looked at for somebody who may see few of them.
const LOOK: usize = 200;

/// What happened to a customer before `before`, or at last: to themselves, and to those of their cases that the scope
/// reaches; of one topic, or of all.
pub async fn timeline(
    rx: &Read,
    scope: &Scope,
    id: CustomerId,
    before: Option<Cursor>,
    topic: Option<Topic>,
) -> Result<Timeline> {
    let family = customer::family(rx, id).await?;
    let (mut lines, mut ends) = (Vec::new(), Vec::new());
    for id in &family {
        let (found, end) = of_one(rx, *id, before.as_ref(), topic).await?;
        lines.extend(found);
        ends.extend(end);
    }
    let place = |it: &Line| Cursor { at: it.entry.at, id: it.id.0 };
    let key = |it: &Cursor| (it.at, it.id);
    lines.sort_by_key(|it| std::cmp::Reverse(key(&place(it))));
    // Behind the nearest end there may be more.
    let mut older = ends.into_iter().max_by_key(key);
    if let Some(end) = &older {
        lines.retain(|it| key(&place(it)) >= key(end));
    }
    stand(rx, &mut lines).await?;
    // What is put aside stands there alone.
    lines.retain(|it| !it.aside);
    if let Some(teams) = scope.teams() {
        lines.retain(|it| it.case_id.is_none() || it.team.is_some_and(|team| teams.contains(&team)));
    }
    if lines.len() > PART {
        lines.truncate(PART);
        older = lines.last().map(place);
    }
    let mut contacts: Vec<ContactId> = lines.iter().flat_map(Line::contacts).collect();
    contacts.sort_unstable();
    contacts.dedup();
    let names = contact::names(rx, &family, &contacts).await?;
    Ok(Timeline { lines, names, older })
}

/// The lines of one customer; and where they end, if there may be more.
async fn of_one(
    rx: &Read,
    customer: CustomerId,
    before: Option<&Cursor>,
    topic: Option<Topic>,
) -> Result<(Vec<Line>, Option<Cursor>)> {
    let select = "select entries.customer_id, entries.id, entries.number, entries.at, entries.actor_kind, entries.actor_id,
                entries.data, entries.case_id, cases.number as case_number, cases.team_id, cases.aside, cases.merged_into
               from entries
               left join cases on cases.customer_id = entries.customer_id and cases.id = entries.case_id";
    let within = |select| {
        let filter = Where::new(select).and("entries.customer_id = ?", &[&customer]);
        match before {
            Some(it) => filter.and("(entries.at, entries.id) < (?, ?)", &[&it.at, &it.id]),
            None => filter,
        }
    };
    let words = topic.map(Topic::facts).unwrap_or_default();
    let mut end = None;
    if topic.is_some() {
        // What is not of the topic is passed over, but not without end.
        let window = within("select entries.at, entries.id from entries");
        let window = window.then("order by entries.at desc, entries.id desc limit 1 offset 1999");
        end = rx.find::<Cursor>(window.sql(), window.args()).await?;
    }
    let mut filter = within(select);
    if let Some(it) = &end {
        filter = filter.and("(entries.at, entries.id) >= (?, ?)", &[&it.at, &it.id]);
    }
    if topic.is_some() {
        filter = filter.any_of("entries.fact", words);
    }
    let filter = filter.then("order by entries.at desc, entries.id desc limit 201");
    let mut lines: Vec<Line> = rx.all(filter.sql(), filter.args()).await?;
    if lines.len() > LOOK {
        lines.truncate(LOOK);
        end = lines.last().map(|it| Cursor { at: it.entry.at, id: it.id.0 });
    }
    Ok((lines, end))
}

/// What happened to a case that was taken into another stands in that one.
async fn stand(rx: &Read, lines: &mut [Line]) -> Result<()> {
    let mut known = HashMap::new();
    for line in lines.iter_mut().filter(|it| it.merged) {
        let Some(id) = line.case_id else { continue };
        let case = match known.entry(id) {
            Slot::Occupied(it) => it.into_mut(),
            Slot::Vacant(it) => it.insert(merge::standing(rx, line.customer, id).await?),
        };
        if let Some(case) = case {
            (line.case, line.team, line.aside) = (Some(case.number), case.team, case.aside.is_some());
        }
    }
    Ok(())
}
