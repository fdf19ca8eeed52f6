//! Cases that are one issue: they are merged, joined where that was suggested, kept apart, and taken apart again.
//!
//! What came after a merge stays with the case that took in the other, unless it answers a message of the other, or one
//! that does so in turn: then it goes with it, for its thread goes on there. What is still on its way out stays.

use std::collections::HashSet;

use domain::{Actor, Case, Email, Entry, Fact, Member, Message, MessageState, Recipients, Refusal};
use store::brief::written;
use store::case::{Place, merge};
use store::draft::{self, Draft, Key};
use store::{Hint, Lock, Tx, association, blob, case, entry, follower, message};

use crate::case::{append, case_of};
use crate::promise::owe_anew;
use crate::split::{brought, names, newest};
use crate::{Desk, Error, Result};

impl Desk {
    /// Merges two cases of one customer; answers the number that stays, which is the older.
    pub async fn merge(&self, by: &Member, number: i64, with: i64) -> Result<i64> {
        let locks = self.locks_of(by, number, with).await?;
        let (desk, by) = (self.clone(), by.clone());
        self.db
            .write(locks, async move |tx| {
                let (one, other) = both(tx, &by, number, with).await?;
                desk.merge_in(tx, &by, one, other).await
            })
            .await
    }

    /// Joins a case with one that was suggested, whoever's that is: it goes to their customer first. Answers the number
    /// that stays.
    pub async fn join_suggested(&self, by: &Member, number: i64, with: i64) -> Result<i64> {
        let locks = self.locks_of(by, number, with).await?;
        let (desk, by) = (self.clone(), by.clone());
        self.db
            .write(locks, async move |tx| {
                let (mut one, other) = both(tx, &by, number, with).await?;
                desk.not_a_suppliers(tx, &one, &other).await?;
                if one.customer != other.customer {
                    one = desk.carry(tx, &by, one, other.customer).await?;
                }
                desk.merge_in(tx, &by, one, other).await
            })
            .await
    }

    /// Says that a case is another issue than one that was suggested. Nobody is asked again.
    pub async fn keep_apart(&self, by: &Member, number: i64, from: i64) -> Result<()> {
        let place = self.place_for(by, number).await?;
        let (desk, by) = (self.clone(), by.clone());
        self.db
            .write([Lock::Customer(place.customer)], async move |tx| {
                let case = case_of(tx, &by, number).await?;
                let mut last: Vec<(domain::MessageId, domain::Association)> = Vec::new();
                for (message, it) in association::of_case(tx, case.customer, case.id).await? {
                    last.retain(|it| it.0 != message);
                    last.push((message, it));
                }
                for (message, it) in last.iter().filter(|it| it.1.suggest.contains(&from)) {
                    let (id, who, decided) = (desk.ctx.id(), Actor::Staff(by.id), it.apart_from(from));
                    association::insert(tx, id, case.customer, case.id, *message, who, desk.now(), &decided).await?;
                }
                tx.announce(Hint::new(format!("case {}", case.number)));
                Ok(())
            })
            .await
    }

    /// Undoes what an entry tells: a merge, a split, or that the case moved. `number` is that of the case in which the
    /// entry was written, wherever that is by now. Answers the number under which to look then.
    pub async fn undo_entry(&self, by: &Member, number: i64, entry: i64) -> Result<i64> {
        let place = self.place_for(by, number).await?;
        let told = self.db.read(async move |rx| {
            let bearer = merge::bearer(rx, place, number).await?;
            entry::numbered(rx, bearer, entry).await
        });
        let told = told.await?.ok_or(Error::NotFound)?;
        let other = if let Fact::Moved(it) = &told.fact { it.from } else { place.customer };
        let (desk, by) = (self.clone(), by.clone());
        self.db
            .write([Lock::Customer(place.customer), Lock::Customer(other)], async move |tx| {
                let case = case_of(tx, &by, number).await?;
                let at = Place { customer: case.customer, case: case.id };
                let bearer = merge::bearer(tx, at, number).await?;
                let told = entry::numbered(tx, bearer, entry).await?.ok_or(Error::NotFound)?;
                match &told.fact {
                    Fact::Merged { .. } => desk.undo_merge(tx, &by, case, bearer, &told).await.map(|()| number),
                    // An entry of a case that this one took in is not about this one.
                    _ if bearer.case != case.id => Err(not_undone()),
                    Fact::SplitOff { .. } => desk.undo_split(tx, &by, case, &told.fact).await.map(|()| number),
                    Fact::Moved(it) => desk.move_back(tx, &by, case, it, entry).await.map(|()| number),
                    _ => Err(not_undone()),
                }
            })
            .await
    }

    async fn locks_of(&self, by: &Member, number: i64, with: i64) -> Result<[Lock; 2]> {
        let one = self.place_for(by, number).await?;
        let other = match self.place_for(by, with).await {
            Err(Error::NotFound) => return Err(no_such_case(with)),
            found => found?,
        };
        Ok([Lock::Customer(one.customer), Lock::Customer(other.customer)])
    }

    async fn merge_in(&self, tx: &mut Tx, by: &Member, one: Case, other: Case) -> Result<i64> {
        let (mut head, mut other) = if one.number < other.number { (one, other) } else { (other, one) };
        let entry = head.merge(&mut other, Actor::Staff(by.id), self.now())?;
        append(tx, self, &head, &entry).await?;
        self.keep_merged(tx, &mut head, &other).await?;
        crate::clock::save(tx, &mut head).await?;
        Ok(head.number)
    }

    /// Writes that a case was taken in, and brings along what was begun there, what is owed, and who follows it.
    pub(crate) async fn keep_merged(&self, tx: &mut Tx, head: &mut Case, other: &Case) -> Result<()> {
        let mut numbers = vec![other.number];
        numbers.extend(merge::members(tx, other.customer, other.id).await?.iter().map(|it| it.number));
        merge::save(tx, other, &numbers, head.id).await?;
        for staff in draft::writers(tx, other.customer, other.id).await? {
            let there = Key { customer: other.customer, case: other.id, staff };
            let here = Key { case: head.id, ..there };
            let Some(begun) = draft::find(tx, there).await? else { continue };
            for file in &begun.files {
                blob::share(tx, other.customer, other.id, head.id, &file.hash).await?;
            }
            let both = match draft::find(tx, here).await? {
                Some(first) => one_draft(first, &begun),
                None => begun.clone(),
            };
            draft::save(tx, here, &both).await?;
            draft::delete(tx, there).await?;
            for file in &begun.files {
                blob::let_go(tx, other.customer, other.id, &file.hash).await?;
            }
        }
        for staff in follower::of(tx, other.customer, other.id).await? {
            follower::add(tx, head, staff).await?;
        }
        owe_anew(tx, head).await
    }

    /// `bearer` is the case that took in the other: this one, or one that it took in itself.
    async fn undo_merge(&self, tx: &mut Tx, by: &Member, case: Case, bearer: Place, told: &Entry) -> Result<()> {
        let (Fact::Merged { case: id, .. }, Some(number)) = (&told.fact, told.number) else {
            return Err(Error::NotFound);
        };
        case.changeable()?;
        let nested = bearer.case != case.id;
        let mut head = if nested {
            case::find(tx, bearer.customer, bearer.case).await?.ok_or(Error::NotFound)?
        } else {
            case.clone()
        };
        let mut other = case::find(tx, bearer.customer, *id).await?.ok_or(Refusal::NotMerged)?;
        if other.merged.as_ref().is_none_or(|it| it.entry != number) {
            return Err(Refusal::NotMerged.into());
        }
        let mut later = merge::taken_in(tx, head.customer, head.id).await?;
        later.retain(|it| it.merged.as_ref().is_some_and(|it| it.entry > number));
        let members = merge::members(tx, other.customer, other.id).await?;
        let (going, staying) = sort_out(tx, &case, &other, &members, told).await?;

        let (entry, untouched) = head.take_apart(&mut other, &mut later, &staying, Actor::Staff(by.id), self.now())?;
        append(tx, self, &head, &entry).await?;
        let numbers: Vec<i64> = [other.number].into_iter().chain(members.iter().map(|it| it.number)).collect();
        merge::save(tx, &other, &numbers, other.id).await?;
        for it in &later {
            merge::save(tx, it, &[], head.id).await?;
        }
        for it in &going {
            message::move_to(tx, it, other.id, &names(tx, it).await?).await?;
            let entry = brought(&mut other, it)?;
            append(tx, self, &other, &entry).await?;
            if it.supplier.is_some() {
                continue;
            }
            other.meet(it.sender.address.iter().filter(|_| it.automatic.is_none() && it.staff.is_none()));
            other.meet(it.recipients.addresses().filter(|_| it.staff.is_some()));
        }
        owe_anew(tx, &mut other).await?;
        crate::clock::save(tx, &mut other).await?;
        for told in [head.id, case.id] {
            written::forget(tx, head.customer, told).await?;
        }
        owe_anew(tx, &mut head).await?;
        if !untouched {
            let newest = newest(tx, &head).await?;
            head.said_last(&newest.0, newest.1);
        }
        crate::clock::save(tx, &mut head).await?;
        if nested {
            tx.announce(Hint::new(format!("case {}", case.number)));
        }
        Ok(())
    }
}

/// Of what came after a merge, the messages that go with the case that is let go, and the addresses of what stays.
async fn sort_out(
    tx: &mut Tx,
    case: &Case,
    other: &Case,
    members: &[Case],
    told: &Entry,
) -> Result<(Vec<Message>, Vec<Email>)> {
    let mut theirs: HashSet<String> = HashSet::new();
    for it in [other].into_iter().chain(members) {
        theirs.extend(message::of_case(tx, it.customer, it.id).await?.into_iter().filter_map(|it| it.message_id));
    }
    let opener = entry::opened_with(tx, case.customer, case.id).await?;
    let (mut going, mut staying) = (Vec::new(), Vec::new());
    for it in message::of_case(tx, case.customer, case.id).await? {
        if it.at < told.at || opener == Some(it.id) {
            continue;
        }
        let answers = it.in_reply_to.as_ref().or(it.references.last());
        if answers.is_some_and(|it| theirs.contains(it)) && it.state != MessageState::Sending {
            theirs.extend(it.message_id.clone());
            going.push(it);
        } else if it.supplier.is_none() {
            staying.extend(it.sender.address.iter().chain(it.recipients.addresses()).cloned());
        }
    }
    Ok((going, staying))
}

/// Both cases, each as this member may see it.
async fn both(tx: &mut Tx, by: &Member, number: i64, with: i64) -> Result<(Case, Case)> {
    let one = case_of(tx, by, number).await?;
    match case_of(tx, by, with).await {
        Err(Error::NotFound) => Err(no_such_case(with)),
        other => Ok((one, other?)),
    }
}

fn not_undone() -> Error {
    Error::Conflict("This cannot be undone, or not from here.".to_owned())
}

fn no_such_case(number: i64) -> Error {
    Error::invalid("with", format!("There is no case #{number}, or it is not yours to see."))
}

/// What one person has begun in two cases, one below the other. If either is a note, both are: nothing of it is to leave
/// by accident.
fn one_draft(first: Draft, second: &Draft) -> Draft {
    let text = [first.text.trim(), second.text.trim()].iter().filter(|it| !it.is_empty()).copied().collect::<Vec<_>>();
    let html = (first.html.is_some() || second.html.is_some()).then(|| {
        let of = |it: &Draft| it.html.clone().unwrap_or_else(|| mail::html_of(it.text.trim()));
        of(&first) + &of(second)
    });
    let text = text.join("\n\n");
    let kind = first.kind.joined(&second.kind);
    let apart = first.kind.forwarding().is_some() != second.kind.forwarding().is_some();
    let mut files = first.files;
    files.extend(second.files.iter().filter(|it| !files.contains(it)).cloned().collect::<Vec<_>>());
    let mut recipients = first.recipients;
    if apart {
        recipients = Recipients::default();
    } else if recipients.addresses().next().is_none() {
        recipients = second.recipients.clone();
    }
    Draft { kind, text, html, recipients, files, at: first.at.max(second.at) }
}
