//! Messages that are about something else become a case of their own; and that is taken back.

use domain::{
    Actor, Association, Case, CaseId, Direction, Entry, Fact, Home, Member, Message, MessageId, MessageState, Opening,
    Refusal, Verdict,
};
use store::brief::written;
use store::case::{Place, merge};
use store::{Lock, Tx, association, case, channel, entry, message};

use crate::case::{append, case_of};
use crate::mail::{also_by, ours};
use crate::{Desk, Error, Result};

/// The longest subject that somebody types.
const SUBJECT: usize = 200;

impl Desk {
    /// Takes a message of theirs out of a case and opens another with it; answers that one's number.
    pub async fn split(&self, by: &Member, number: i64, id: MessageId) -> Result<i64> {
        self.split_off(by, number, vec![id], "").await
    }

    /// Takes messages out of a case and opens another with them; answers that one's number. Who works on the one works on
    /// the other. Without a subject it is what the first of theirs is about.
    pub async fn split_off(&self, by: &Member, number: i64, ids: Vec<MessageId>, subject: &str) -> Result<i64> {
        let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
        if subject.chars().count() > SUBJECT {
            return Err(Error::invalid("subject", format!("A subject has at most {SUBJECT} characters.")));
        }
        let place = self.place_for(by, number).await?;
        let (desk, by) = (self.clone(), by.clone());
        self.db
            .write([Lock::Customer(place.customer)], async move |tx| {
                let from = case_of(tx, &by, number).await?;
                let messages = chosen(tx, &from, &ids).await?;
                desk.open_with(tx, &by, from, messages, &subject).await
            })
            .await
    }

    async fn open_with(
        &self,
        tx: &mut Tx,
        by: &Member,
        mut from: Case,
        messages: Vec<Message>,
        subject: &str,
    ) -> Result<i64> {
        let theirs = messages.iter().find_map(|it| Some((it, it.contact?))).filter(|it| is_theirs(it.0));
        let (first, contact) = theirs.ok_or(Refusal::NotTheirs)?;
        let (who, now) = (Actor::Staff(by.id), self.now());
        let opening = Opening {
            customer: from.customer,
            id: self.ctx.id::<CaseId>(),
            number: case::next_number(tx).await?,
            contact,
            channel: first.channel,
            follows: None,
            subject: if subject.is_empty() { &first.subject } else { subject },
            message: first.id,
            text: first.own_words(),
            automatic: first.automatic,
        };
        let (mut case, opened) = Case::open(&opening, Actor::Contact(contact), first.at);
        (case.assignee, case.team) = (from.assignee, from.team);
        case.meet(messages.iter().filter(|it| is_theirs(it)).filter_map(|it| it.sender.address.as_ref()));
        case.meet(messages.iter().filter(|it| is_our_answer(it)).flat_map(|it| it.recipients.addresses()));
        crate::clock::insert(tx, &mut case).await?;
        append(tx, self, &case, &opened).await?;
        for it in messages.iter().filter(|it| it.id != first.id) {
            let entry = brought(&mut case, it)?;
            append(tx, self, &case, &entry).await?;
        }
        let split = case.remark(Fact::SplitFrom { number: from.number }, who, now);
        append(tx, self, &case, &split).await?;
        crate::clock::save(tx, &mut case).await?;

        let mut homes = Vec::new();
        for it in &messages {
            homes.push(Home { message: it.id, case: it.case });
            message::move_to(tx, it, case.id, &names(tx, it).await?).await?;
            if it.direction == Direction::Inbound {
                let decided = Association::of_split(it.verdict == Verdict::Aligned);
                let id = self.ctx.id();
                association::insert(tx, id, case.customer, case.id, it.id, who, now, &decided).await?;
            }
        }
        let newest = newest(tx, &from).await?;
        let entry = from.split_off((first.id, homes), case.number, (&newest.0, newest.1), who, now)?;
        append(tx, self, &from, &entry).await?;
        written::forget(tx, from.customer, from.id).await?;
        crate::clock::save(tx, &mut from).await?;
        Ok(case.number)
    }

    /// Takes a split back: its messages go back to where they were, and the case that it opened becomes part of this one,
    /// with whatever was written there meanwhile.
    pub(crate) async fn undo_split(&self, tx: &mut Tx, by: &Member, mut case: Case, split: &Fact) -> Result<()> {
        let Fact::SplitOff { message, number, moved } = split else { return Err(Error::NotFound) };
        let mut other = match case_of(tx, by, *number).await {
            Err(Error::NotFound) => return Err(Refusal::NotSplit.into()),
            found => found?,
        };
        if other.number != *number || other.customer != case.customer {
            return Err(Refusal::NotSplit.into());
        }
        let first = [Home { message: *message, case: case.id }];
        let here = merge::with_members(tx, case.customer, case.id).await?;
        for home in if moved.is_empty() { &first } else { &moved[..] } {
            let found = message::find(tx, other.customer, other.id, home.message).await?;
            let Some(message) = found.filter(|it| it.case == other.id) else { continue };
            if message.state == MessageState::Sending {
                return Err(Refusal::OnItsWay.into());
            }
            let to = if here.contains(&home.case) { home.case } else { case.id };
            message::move_to(tx, &message, to, &names(tx, &message).await?).await?;
            association::forget_split(tx, other.customer, to, message.id).await?;
        }
        let there = Place { customer: other.customer, case: other.id };
        let words =
            message::newest(tx, other.customer, other.id).await?.is_some() || entry::has_inner_words(tx, there).await?;
        let entry = case.join_back(&mut other, words, Actor::Staff(by.id), self.now())?;
        append(tx, self, &case, &entry).await?;
        self.keep_merged(tx, &mut case, &other).await?;
        let newest = newest(tx, &case).await?;
        case.said_last(&newest.0, newest.1);
        crate::clock::save(tx, &mut case).await
    }
}

fn is_theirs(it: &Message) -> bool {
    it.direction == Direction::Inbound && it.supplier.is_none()
}

fn is_our_answer(it: &Message) -> bool {
    it.staff.is_some() && it.supplier.is_none()
}

/// The messages that somebody has chosen, in the order in which they were written.
async fn chosen(tx: &mut Tx, from: &Case, ids: &[MessageId]) -> Result<Vec<Message>> {
    let opener = entry::opened_with(tx, from.customer, from.id).await?;
    let mut found: Vec<Message> = Vec::new();
    for id in ids {
        if opener == Some(*id) {
            return Err(Refusal::Opened.into());
        }
        let message = message::find(tx, from.customer, from.id, *id).await?.ok_or(Error::NotFound)?;
        if found.iter().all(|it| it.id != message.id) {
            found.push(message);
        }
    }
    if !found.iter().any(is_theirs) || found.iter().any(|it| it.state == MessageState::TakenBack) {
        return Err(Refusal::NotTheirs.into());
    }
    if found.iter().any(|it| it.state == MessageState::Sending) {
        return Err(Refusal::OnItsWay.into());
    }
    found.sort_by_key(|it| (it.at, it.id));
    Ok(found)
}

/// A message that was written elsewhere comes into a case, which becomes what it would have become with it.
pub(crate) fn brought(case: &mut Case, it: &Message) -> Result<Entry> {
    if it.supplier.is_some() {
        return Ok(match it.staff {
            Some(staff) => case.forward(it.id, true, Actor::Staff(staff), it.at)?,
            None => case.supplier_answered(it.id, it.automatic, Actor::Channel(it.channel), it.at),
        });
    }
    Ok(match (it.contact, it.staff) {
        (_, Some(staff)) => case.reply(it.id, it.own_text(), false, Actor::Staff(staff), it.at)?,
        (Some(contact), None) => case.receive(it.id, it.own_words(), it.automatic, Actor::Contact(contact), it.at)?,
        (None, None) if is_theirs(it) => {
            case.receive(it.id, it.own_words(), it.automatic, Actor::Channel(it.channel), it.at)?
        }
        (None, None) => case.remark(Fact::Acknowledged { message: it.id }, Actor::Channel(it.channel), it.at),
    })
}

/// What was said last in a case, and whether they said it.
pub(crate) async fn newest(tx: &Tx, case: &Case) -> Result<(String, bool)> {
    let newest = message::newest(tx, case.customer, case.id).await?;
    Ok(newest.map_or_else(Default::default, |it| (it.own_words().to_owned(), is_theirs(&it))))
}

/// Every name by which a message may be known.
pub(crate) async fn names(tx: &Tx, message: &Message) -> Result<Vec<String>> {
    let mut names = vec![message.external_id.clone(), ours(message.id)];
    names.extend(message.message_id.clone());
    names.extend(channel::all(tx).await?.into_iter().map(|it| also_by(&message.external_id, it.id)));
    Ok(names)
}
