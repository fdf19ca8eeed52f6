//! An answer to the customer: from what somebody wrote to the message that waits in the outbox.

use std::time::Duration;

pub use domain::Then;
use domain::{Actor, Case, File, Member, Message, MessageId, MessageState, Party, Recipients, Refusal, Timestamp};
use store::channel::{self, Channel};
use store::message::Known;
use store::outbox::Undo;
use store::{Lock, Tx, blob, entry, message};

use crate::case::{append, bounded, case_of, fit_into_a_mail, prepare, take, written_before};
use crate::draft::Words;
use crate::notification::tell;
use crate::outbox::{HOLD, check};
use crate::{Desk, Error, Result, Upload, signature};

/// An answer to the customer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The id that it was given when somebody began to write it. One that is known already is not sent again.
    pub id: Option<MessageId>,
    /// Its text.
    pub text: String,
    /// The same as an editor dressed it, if it did; a picture in it is `cid:` and the hash of its file.
    pub html: Option<String>,
    /// To whom it goes.
    pub recipients: Recipients,
    /// What becomes of the case.
    pub then: Then,
    /// The newest entry that its writer has seen; if a colleague has answered since, the reply is kept as a draft.
    pub seen: Option<i64>,
    /// When it leaves; at once, but for [`crate::outbox::HOLD`], if nobody says.
    pub leaves: Option<Timestamp>,
    /// Hashes of the draft's files that go with it. What its writer does not name does not leave.
    pub files: Vec<String>,
    /// Files that come with it, beside those of the draft.
    pub uploads: Vec<Upload>,
}

/// So long ahead a reply can be sent.
const LATEST: Duration = Duration::from_hours(24 * 366);

/// What of an answer becomes its message.
pub(crate) struct Body<'a> {
    pub words: &'a Words,
    pub recipients: Recipients,
    pub files: Vec<File>,
}

impl Desk {
    /// Answers the customer. The mail is in the outbox when this returns, and leaves after [`crate::outbox::HOLD`]. The
    /// case becomes the writer's if nobody's.
    pub async fn reply(&self, by: &Member, number: i64, reply: Reply) -> Result<MessageId> {
        self.reply_promising(by, number, reply, Vec::new()).await
    }

    /// The same, and keeps track of those of its promises that its writer has ticked.
    pub async fn reply_promising(
        &self,
        by: &Member,
        number: i64,
        reply: Reply,
        promises: Vec<String>,
    ) -> Result<MessageId> {
        if reply.recipients.addresses().next().is_none() {
            return Err(Refusal::NoRecipient.into());
        }
        bounded(&reply.text, &reply.recipients)?;
        let leaves = reply.leaves;
        if leaves.is_some_and(|it| it <= self.now() || it > self.now().after(LATEST)) {
            return Err(Error::invalid("leaves", "A reply leaves within a year, and not before it is written."));
        }
        let mut words = Words::of(&reply.text, reply.html.as_deref())?;
        words.text.truncate(words.text.trim_end().len());
        let place = self.place_for(by, number).await?;
        let (files, blobs) = prepare(reply.uploads)?;
        blob::keep(&self.db, &blobs).await?;
        let (desk, by) = (self.clone(), by.clone());
        let (id, mut named) = (reply.id.unwrap_or_else(|| self.id()), reply.files);
        named.extend(words.pictures.iter().cloned());
        let (recipients, then, seen) = (reply.recipients, reply.then, reply.seen);
        self.db
            .write([Lock::Customer(place.customer)], async move |tx| {
                let mut case = case_of(tx, &by, number).await?;
                if let Some(known) = message::known(tx, &crate::mail::ours(id)).await? {
                    return same(tx, &case, &by, known, &words.text).await;
                }
                if let Some(seen) = seen
                    && entry::answered_since(tx, case.customer, case.id, seen, by.id).await?
                {
                    return Err(Error::Conflict(
                        "A colleague has answered while you were writing. Your text is kept.".to_owned(),
                    ));
                }
                let undo = desk.answered(tx, &mut case, &by, id, &words.text, then).await?;
                let made = crate::promise::ticked(tx, &words.text, desk.now(), &promises).await?;
                desk.keep_track(tx, &mut case, &by, Some(id), made).await?;
                case.meet(recipients.addresses());
                crate::clock::save(tx, &mut case).await?;
                for blob in &blobs {
                    blob::insert(tx, case.customer, case.id, blob).await?;
                }
                let files = [take(tx, &desk, &case, &by, &named, false).await?, files.clone()].concat();
                fit_into_a_mail(&files)?;
                let body = Body { words: &words, recipients: recipients.clone(), files };
                let (mut message, html) = desk.outgoing(tx, &case, &by, id, body).await?;
                if let Some(leaves) = leaves {
                    message.at = leaves.before(HOLD);
                }
                desk.keep_message(tx, &message, html.as_deref()).await?;
                desk.hold(tx, &message, &undo).await?;
                Ok(id)
            })
            .await
    }

    /// What an answer does to its case, entry by entry; answers how to undo it. That the case is somebody's now stays.
    pub(crate) async fn answered(
        &self,
        tx: &mut Tx,
        case: &mut Case,
        by: &Member,
        id: MessageId,
        text: &str,
        then: Then,
    ) -> Result<Undo> {
        let (now, who) = (self.now(), Actor::Staff(by.id));
        if case.assignee.is_none()
            && let Some(entry) = case.assign(Some(by.id), who, now)?
        {
            append(tx, self, case, &entry).await?;
        }
        let before = case.before();
        let entry = case.reply(id, text, then == Then::Open, who, now)?;
        append(tx, self, case, &entry).await?;
        tell(tx, &self.ctx, case, &entry, "").await?;
        if then == Then::Resolved {
            crate::act::needs_fields(tx, case).await?;
            let known = case.resolution.take().unwrap_or_default();
            let entry = case.resolve(&known, who, now)?;
            append(tx, self, case, &entry).await?;
        }
        Ok(Undo { before, after: case.before() })
    }

    /// The message that an answer is, with its HTML. Refuses what could never leave, while its writer can still change it.
    pub(crate) async fn outgoing(
        &self,
        tx: &Tx,
        case: &Case,
        by: &Member,
        id: MessageId,
        body: Body<'_>,
    ) -> Result<(Message, Option<String>)> {
        let channel = channel::find(tx, case.channel).await?.ok_or_else(|| {
            Error::Conflict("The mailbox of this case is gone: connect it again in the settings.".to_owned())
        })?;
        let Body { words, recipients, mut files } = body;
        for file in &mut files {
            file.inline = words.pictures.contains(&file.hash);
        }
        let below = signature::of(tx, &channel, by).await?;
        let html = words.html.as_ref().map(|it| framed(&mail::signature::below_html(it, &below), words, &files));
        let (text, folded) = mail::signature::below_text(&words.text, &below);
        let message = Message {
            recipients,
            files,
            folded,
            has_html: html.is_some(),
            text,
            ..self.answer(tx, case, &channel, by, id).await?
        };
        check(&message)?;
        Ok((message, html))
    }

    /// The frame of an answer: in which thread it stands, and who sends it.
    async fn answer(&self, tx: &Tx, case: &Case, channel: &Channel, by: &Member, id: MessageId) -> Result<Message> {
        let answered = message::newest_inbound(tx, case.customer, case.id).await?;
        let subject = answered.as_ref().map_or(case.subject.as_str(), |it| it.subject.as_str()).trim();
        let is_reply = subject.get(..3).is_some_and(|it| it.eq_ignore_ascii_case("re:"));
        // Where they have written nothing yet, nothing is answered.
        let subject = if is_reply || answered.is_none() { subject.to_owned() } else { format!("Re: {subject}") };
        let in_reply_to = answered.as_ref().and_then(|it| it.message_id.clone());
        let mut references = answered.map(|it| it.references).unwrap_or_default();
        references.extend(in_reply_to.clone().filter(|it| !references.contains(it)));
        let sender = Party { name: format!("{}, {}", by.name, channel.name), address: Some(channel.address.clone()) };
        Ok(Message {
            staff: Some(by.id),
            in_reply_to,
            references,
            subject,
            sender,
            ..self.unwritten(case, channel, id)
        })
    }
}

/// A form that comes twice is one answer; with another text, or once the first was taken back, it is refused.
pub(crate) async fn same(tx: &mut Tx, case: &Case, by: &Member, known: Known, text: &str) -> Result<MessageId> {
    let sent = message::find(tx, known.customer, known.case, known.message).await?;
    let is_same = |it: &Message| {
        known.case == case.id && it.staff == Some(by.id) && it.own_text() == text && it.state != MessageState::TakenBack
    };
    if sent.as_ref().is_some_and(is_same) { Ok(known.message) } else { Err(written_before()) }
}

/// A message of this case, or of one that it took in.
pub(crate) async fn of_this_case(tx: &Tx, case: &Case, id: MessageId) -> Result<Message> {
    message::find(tx, case.customer, case.id, id).await?.ok_or(Error::NotFound)
}

/// HTML as the conversation shows it: a picture has its place among the message's files, links open beside the page.
pub(crate) fn framed(html: &str, words: &Words, files: &[File]) -> String {
    let source = &mut |at: usize| {
        let hash = words.pictures.get(at)?;
        files.iter().position(|it| it.hash == *hash).map(|it| format!("cid:{it}"))
    };
    let named = mail::with_pictures(html, source);
    mail::sanitise(&named, &mut |id| id.parse().ok()).unwrap_or(named)
}
