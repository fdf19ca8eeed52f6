//! A case, or a part of it, forwarded to a supplier: from what somebody wrote to the message that waits in the outbox.
//!
//! It is a thread of its own. It answers nothing of the customer's, names none of their messages in its headers, and changes
//! neither the participants of the case nor who waits on whom; what comes back is [`crate::mail`]'s.

use domain::{
    Actor, Case, CustomerId, Direction, Email, File, Forwarding, IdentityKind, Member, Message, MessageId,
    MessageState, Party, Recipients, Refusal, Side, Timestamp, WithSupplier,
};
use jiff::tz::TimeZone;
use mail::passing::{self, Passed};
use store::outbox::Undo;
use store::{Lock, Scope, Tx, blob, channel, customer, identity, message, supplier};

use crate::case::{append, bounded, case_of, fit_into_a_mail, prepare, take};
use crate::draft::Words;
use crate::notification::tell_line;
use crate::outbox::check;
use crate::reply::{framed, of_this_case, same};
use crate::{Desk, Error, Result, Upload, signature};

/// The most messages that go along at once.
pub const ALONG: usize = 20;

/// What one writes to a supplier.
#[derive(Clone, Debug, Default)]
pub struct Forward {
    /// The id that it was given when somebody began to write it. One that is known already is not sent again.
    pub id: Option<MessageId>,
    /// Its text; may be empty if something goes along.
    pub text: String,
    /// The same as an editor dressed it, if it did; a picture in it is `cid:` and the hash of its file.
    pub html: Option<String>,
    /// The suppliers to whom it goes.
    pub recipients: Recipients,
    /// The supplier's message that it answers, and what of the case goes along.
    pub with: Forwarding,
    /// Hashes of the draft's files that go with it.
    pub files: Vec<String>,
    /// Files that come with it, beside those of the draft.
    pub uploads: Vec<Upload>,
}

impl Desk {
    /// Asks a supplier. The mail is in the outbox when this returns, and leaves after [`crate::outbox::HOLD`]. The case
    /// becomes the writer's if nobody's, so that somebody is told of the answer.
    pub async fn forward(&self, by: &Member, number: i64, it: Forward) -> Result<MessageId> {
        if it.recipients.addresses().next().is_none() {
            return Err(Refusal::NoRecipient.into());
        }
        bounded(&it.text, &it.recipients)?;
        if it.with.along.len() > ALONG {
            return Err(Error::invalid("along", format!("At most {ALONG} messages go along at once.")));
        }
        let mut words = Words::of(&it.text, it.html.as_deref())?;
        words.text.truncate(words.text.trim_end().len());
        let place = self.place_for(by, number).await?;
        let (files, blobs) = prepare(it.uploads)?;
        blob::keep(&self.db, &blobs).await?;
        let (desk, by) = (self.clone(), by.clone());
        let (id, mut named) = (it.id.unwrap_or_else(|| self.id()), it.files);
        named.extend(words.pictures.iter().cloned());
        let (recipients, with) = (it.recipients, it.with);
        self.db
            .write([Lock::Customer(place.customer)], async move |tx| {
                let mut case = case_of(tx, &by, number).await?;
                if let Some(known) = message::known(tx, &crate::mail::ours(id)).await? {
                    return same(tx, &case, &by, known, &words.text).await;
                }
                not_to_us_or_the_customer(tx, &by, &case, &recipients).await?;
                let going = Going::find(tx, &case, &with).await?;
                let undo = desk.asked(tx, &mut case, &by, id, &words, &going).await?;
                crate::clock::save(tx, &mut case).await?;
                for blob in &blobs {
                    blob::insert(tx, case.customer, case.id, blob).await?;
                }
                let own = [take(tx, &desk, &case, &by, &named, false).await?, files.clone()].concat();
                let files = going.files(tx, &case, own).await?;
                fit_into_a_mail(&files)?;
                let (message, html) =
                    desk.for_supplier(tx, &case, &by, (id, recipients.clone()), (&words, files), &going).await?;
                desk.keep_message(tx, &message, html.as_deref()).await?;
                remember(tx, &recipients, desk.now()).await?;
                desk.hold(tx, &message, &undo).await?;
                Ok(id)
            })
            .await
    }

    /// What it does to its case, entry by entry; answers how to undo it.
    async fn asked(
        &self,
        tx: &mut Tx,
        case: &mut Case,
        by: &Member,
        id: MessageId,
        words: &Words,
        going: &Going,
    ) -> Result<Undo> {
        let (now, who) = (self.now(), Actor::Staff(by.id));
        case.changeable()?;
        if case.assignee.is_none()
            && let Some(entry) = case.assign(Some(by.id), who, now)?
        {
            append(tx, self, case, &entry).await?;
        }
        let before = case.before();
        let says = !words.text.is_empty() || !going.along.is_empty();
        let entry = case.forward(id, says, who, now)?;
        // An earlier word to a supplier did not arrive, and this one goes instead. What the customer has not got stays.
        if case.undelivered && !missed_the_customer(tx, case).await? {
            case.sent_again();
        }
        append(tx, self, case, &entry).await?;
        tell_line(tx, &self.ctx, case, &entry, "", &words.text).await?;
        Ok(Undo { before, after: case.before() })
    }

    /// The message itself, with its HTML.
    async fn for_supplier(
        &self,
        tx: &Tx,
        case: &Case,
        by: &Member,
        (id, recipients): (MessageId, Recipients),
        (words, mut files): (&Words, Vec<File>),
        going: &Going,
    ) -> Result<(Message, Option<String>)> {
        let channel = channel::find(tx, case.channel).await?.ok_or_else(|| {
            Error::Conflict("The mailbox of this case is gone: connect it again in the settings.".to_owned())
        })?;
        for file in &mut files {
            file.inline = words.pictures.contains(&file.hash);
        }
        let below = signature::of(tx, &channel, by).await?;
        let zone = crate::promise::zone(tx).await?;
        let passed: Vec<Passed> = going.along.iter().map(|it| passed(it, &zone)).collect();
        let html = words.html.as_ref().map(|it| {
            let whole = passing::below_html(mail::signature::below_html(it, &below), &passed);
            framed(&whole, words, &files)
        });
        let (text, mut folded) = mail::signature::below_text(&words.text, &below);
        let text = passing::below_text(text, &mut folded, &passed);
        let (in_reply_to, references) = going.thread();
        let message = Message {
            staff: Some(by.id),
            in_reply_to,
            references,
            subject: going.subject(case),
            sender: Party { name: format!("{}, {}", by.name, channel.name), address: Some(channel.address.clone()) },
            recipients,
            files,
            folded,
            has_html: html.is_some(),
            supplier: Some(WithSupplier { along: going.along.iter().map(|it| it.id).collect() }),
            text,
            ..self.unwritten(case, &channel, id)
        };
        check(&message)?;
        Ok((message, html))
    }
}

/// What of the case goes out with it.
struct Going {
    answers: Option<Message>,
    along: Vec<Message>,
    named: Vec<String>,
}

impl Going {
    async fn find(tx: &Tx, case: &Case, with: &Forwarding) -> Result<Going> {
        let answers = match with.answers {
            Some(id) => Some(of_this_case(tx, case, id).await?).filter(|it| it.supplier.is_some()),
            None => None,
        };
        let mut along: Vec<Message> = Vec::new();
        for id in &with.along {
            let message = of_this_case(tx, case, *id).await?;
            if message.state != MessageState::TakenBack && along.iter().all(|it| it.id != message.id) {
                along.push(message);
            }
        }
        along.sort_by_key(|it| (it.at, it.id));
        Ok(Going { answers, along, named: with.files.clone() })
    }

    /// The files of what goes along, as far as they are named, behind those that go anyway; each once.
    async fn files(&self, tx: &mut Tx, case: &Case, own: Vec<File>) -> Result<Vec<File>> {
        let mut all = own;
        for message in &self.along {
            for file in message.files.iter().filter(|it| self.named.contains(&it.hash)) {
                if all.iter().any(|it| it.hash == file.hash) {
                    continue;
                }
                // It came in a case that this one took in.
                if message.case != case.id {
                    blob::share(tx, case.customer, message.case, case.id, &file.hash).await?;
                }
                all.push(file.clone());
            }
        }
        Ok(all)
    }

    fn subject(&self, case: &Case) -> String {
        let (word, of) = match (&self.answers, self.along.last()) {
            (Some(it), _) => ("Re", it.subject.trim()),
            (None, Some(it)) => ("Fwd", it.subject.trim()),
            (None, None) => return case.subject.clone(),
        };
        let has_word = of.get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word))
            && of.get(word.len()..).is_some_and(|it| it.starts_with(':'));
        if has_word { of.to_owned() } else { format!("{word}: {of}") }
    }

    /// The thread with the supplier: the customer's is another.
    fn thread(&self) -> (Option<String>, Vec<String>) {
        let Some(it) = &self.answers else { return (None, Vec::new()) };
        let mut references = it.references.clone();
        references.extend(it.message_id.clone().filter(|id| !references.contains(id)));
        (it.message_id.clone(), references)
    }
}

/// A message as it is passed on.
fn passed(it: &Message, zone: &TimeZone) -> Passed {
    let all = |parties: &[Party]| parties.iter().map(written).collect::<Vec<_>>().join(", ");
    let mut head = vec![("From", written(&it.sender))];
    if let Ok(at) = jiff::Timestamp::from_microsecond(it.sent_at.unwrap_or(it.at).0) {
        head.push(("Date", at.to_zoned_datetime(zone.clone()).strftime("%a, %-d %b %Y, %H:%M %Z").to_string()));
    }
    head.push(("Subject", it.subject.trim().to_owned()));
    head.push(("To", all(&it.recipients.to)));
    head.push(("Cc", all(&it.recipients.cc)));
    head.retain(|it| !it.1.is_empty());
    let text = if it.direction == Direction::Outbound { it.own_text() } else { &it.text };
    Passed { head, text: text.to_owned() }
}

fn written(it: &Party) -> String {
    match &it.address {
        Some(address) if !it.name.trim().is_empty() && it.name != address.as_str() => {
            format!("{} <{address}>", it.name.trim())
        }
        _ => it.label().to_owned(),
    }
}

/// Whether the last word of ours to the customer has not reached everybody.
async fn missed_the_customer(tx: &Tx, case: &Case) -> Result<bool> {
    let last = message::newest_answer(tx, case.customer, case.id).await?;
    Ok(last.is_some_and(|it| it.state == MessageState::Failed || it.hindrance.is_some()))
}

/// Whether an address is that of one of a customer's people.
pub(crate) async fn speaks_for(tx: &Tx, address: &Email, customer: CustomerId) -> Result<bool> {
    let known = identity::find(tx, IdentityKind::Email, address.as_str()).await?;
    if known.is_empty() {
        return Ok(false);
    }
    let family = customer::family_of(tx, customer).await?;
    Ok(known.iter().any(|it| family.contains(&it.customer)))
}

/// Whoever asks one of our own mailboxes opens a case; and what is written about the customer is not for them.
async fn not_to_us_or_the_customer(tx: &Tx, by: &Member, case: &Case, to: &Recipients) -> Result<()> {
    let own = channel::names(tx, &Scope::of(by)).await?;
    for address in to.addresses() {
        if own.iter().any(|it| it.addresses().any(|own| own.same_mailbox(address))) {
            return Err(Error::invalid("supplier", format!("{address} is one of our own mailboxes.")));
        }
        if speaks_for(tx, address, case.customer).await? {
            let why = format!("{address} speaks for the customer. Write to them with a reply.");
            return Err(Error::invalid("supplier", why));
        }
    }
    Ok(())
}

impl Desk {
    /// Refuses to make a supplier's answer the customer's: one that stands in a case of its own, for its domain denies it
    /// or nobody knows its sender, would be that in the case to which it belongs.
    pub(crate) async fn not_a_suppliers(&self, tx: &Tx, one: &Case, other: &Case) -> Result<()> {
        for it in message::of_case(tx, one.customer, one.id).await? {
            let Some(from) = it.sender.address.as_ref().filter(|_| it.direction == Direction::Inbound) else {
                continue;
            };
            for id in it.in_reply_to.iter().chain(&it.references) {
                let ours = mail::token::open(&self.keys.tokens, id).map(|it| crate::mail::ours(MessageId(it)));
                let Some(known) = message::known(tx, ours.as_ref().unwrap_or(id)).await? else { continue };
                let there = message::exchange(tx, known).await?.side == Side::Supplier;
                if there && !speaks_for(tx, from, other.customer).await? {
                    return Err(Error::Conflict(format!(
                        "This answers what a supplier was asked in case #{}. Merged with it, it would be the customer's \
                         word, and replies would go to {from}. Forward what you need from there.",
                        other.number
                    )));
                }
            }
        }
        Ok(())
    }
}

/// Whoever was asked is offered the next time. In their order, so that nobody waits for somebody who waits for them.
async fn remember(tx: &mut Tx, to: &Recipients, at: Timestamp) -> Result<()> {
    let mut all: Vec<(&Email, &str)> = Vec::new();
    for it in to.to.iter().chain(&to.cc) {
        all.extend(it.address.as_ref().map(|address| (address, it.name.trim())));
    }
    all.sort_unstable();
    all.dedup_by_key(|it| it.0);
    for (address, name) in all {
        supplier::asked(tx, address, name, at).await?;
    }
    Ok(())
}
