//! What leaves: composed when it is sent, from what was written down when it was meant.
//!
//! A process that dies between the server's answer and our commit sends once more, with the same `Message-ID`.

use std::time::Duration;

use channels::smtp::{self, Envelope};
use domain::{Actor, CustomerId, Fact, Member, Message, MessageId, MessageState, OutboxId};
use mail::{Composed, Outgoing, compose};
use store::outbox::{self, Sending};
use store::{Lock, blob, case, channel, entry, message};

use crate::case::case_of;
use crate::channel::Setup;
use crate::{Desk, Error, Post, Result};

/// For so long a server that says "later" is asked again.
const PATIENCE: Duration = Duration::from_hours(48);

/// Why a message did not go.
struct Failure {
    why: String,
    /// Another try would change nothing.
    lasting: bool,
}

impl Desk {
    /// Sends one message of the outbox, or writes down why it did not go. The job of [`crate::job::SendMail`].
    pub(crate) async fn send(&self, customer: CustomerId, id: OutboxId) -> Result<()> {
        if self.keeps_mail() {
            return Ok(());
        }
        let found = self.db.read(async move |rx| {
            let Some(sending) = outbox::find(rx, customer, id).await? else { return Ok(None) };
            let message = message::find(rx, customer, sending.case, sending.message).await?;
            let channel = channel::find(rx, sending.channel).await?;
            Ok::<_, store::Error>(message.zip(channel).map(|it| (sending, it.0, it.1)))
        });
        // A case that has moved takes its outbox along; the job that was made before finds nothing, and another does.
        let Some((sending, message, channel)) = found.await? else { return Ok(()) };
        if sending.state != MessageState::Sending {
            return Ok(());
        }
        let setup = Setup::of(&channel, &self.keys)?;
        match self.deliver(&setup, &message).await? {
            Ok(()) => self.sent(sending, message).await,
            Err(failure) => self.not_sent(sending, message, failure).await,
        }
    }

    async fn deliver(&self, setup: &Setup, message: &Message) -> Result<Result<(), Failure>> {
        let Post::Servers(tls) = &*self.post else { return Ok(Ok(())) };
        let Some(server) = &setup.sending else {
            let why = "This mailbox has no server for sending: add one in the settings, then send again.".to_owned();
            return Ok(Err(Failure { why, lasting: true }));
        };
        let composed = self.composed(message).await?;
        let envelope = Envelope { from: composed.from, to: composed.to };
        let login = setup.login();
        let sent = smtp::send(server, Some(&login), tls, setup.helo(), &envelope, &composed.bytes).await;
        Ok(sent.map(drop).map_err(|err| Failure { why: err.words(), lasting: err.lasting }))
    }

    /// The mail as it leaves: the same bytes each time.
    pub(crate) async fn composed(&self, message: &Message) -> Result<Composed> {
        let (customer, case, files) = (message.customer, message.case, message.files.clone());
        let files = self.db.read(async move |rx| {
            let mut all = Vec::new();
            for file in &files {
                let bytes = blob::read(rx, customer, case, &file.hash).await?;
                let (name, media_type) = (file.name.clone(), file.media_type.clone());
                all.push(mail::File { name, media_type, content_id: None, inline: false, bytes });
            }
            Ok::<_, store::Error>(all)
        });
        let mailbox = |it: &domain::Party| mail::Mailbox { name: it.name.clone(), address: it.address.clone() };
        let outgoing = Outgoing {
            message_id: message.message_id.clone().unwrap_or_default(),
            from: mailbox(&message.sender),
            reply_to: None,
            to: message.recipients.to.iter().map(mailbox).collect(),
            cc: message.recipients.cc.iter().map(mailbox).collect(),
            subject: message.subject.clone(),
            at: message.at.0,
            in_reply_to: message.in_reply_to.clone(),
            references: message.references.clone(),
            html: Some(mail::html_of(&message.text)),
            text: message.text.clone(),
            files: files.await?,
            automatic: false,
        };
        compose(&outgoing).map_err(|err| Error::Internal(err.to_string()))
    }

    async fn sent(&self, sending: Sending, message: Message) -> Result<()> {
        let now = self.now();
        self.db
            .write([Lock::Customer(sending.customer)], async move |tx| {
                message::set_state(tx, &message, MessageState::Sent, None).await?;
                let done = Sending { state: MessageState::Sent, tries: sending.tries + 1, ..sending.clone() };
                outbox::save(tx, &done, Some(now), None).await?;
                announce(tx, &message).await
            })
            .await
    }

    /// Later, or never: the message stays in the conversation and says so.
    async fn not_sent(&self, sending: Sending, message: Message, failure: Failure) -> Result<()> {
        let now = self.now();
        let tries = sending.tries + 1;
        let give_up = failure.lasting || now.since(sending.at) > PATIENCE;
        let why = failure.why;
        let desk = self.clone();
        self.db
            .write([Lock::Customer(sending.customer)], async move |tx| {
                let state = if give_up { MessageState::Failed } else { MessageState::Sending };
                message::set_state(tx, &message, state, Some(&why)).await?;
                let it = Sending { state, tries, ..sending.clone() };
                outbox::save(tx, &it, give_up.then_some(now), Some(&why)).await?;
                if give_up {
                    if let Some(mut case) = case::find(tx, message.customer, message.case).await? {
                        let fact = Fact::SendFailed { message: message.id, why: why.clone() };
                        let entry = case.remark(fact, Actor::Channel(message.channel), now);
                        entry::append(tx, desk.ctx.id(), case.customer, Some(case.id), &entry).await?;
                        case::save(tx, &case).await?;
                    }
                } else {
                    let job = crate::job::SendMail { customer: it.customer, outbox: it.id };
                    desk.enqueue(tx, &job, now.after(crate::job::backoff(tries))).await?;
                }
                announce(tx, &message).await
            })
            .await
    }

    /// Tries a message that failed once more, because somebody asks for it.
    pub async fn send_again(&self, by: &Member, number: i64, id: MessageId) -> Result<()> {
        let place = self.place(number).await?;
        let (desk, by) = (self.clone(), by.clone());
        self.db
            .write([Lock::Customer(place.customer)], async move |tx| {
                let case = case_of(tx, &by, number).await?;
                let message = message::find(tx, case.customer, case.id, id).await?.ok_or(Error::NotFound)?;
                if message.state != MessageState::Failed {
                    return Err(Error::Conflict("This message did not fail.".to_owned()));
                }
                let sending = outbox::of_message(tx, case.customer, case.id, id).await?.ok_or(Error::NotFound)?;
                message::set_state(tx, &message, MessageState::Sending, None).await?;
                let it = Sending { state: MessageState::Sending, at: desk.now(), ..sending };
                outbox::save(tx, &it, None, None).await?;
                let job = crate::job::SendMail { customer: it.customer, outbox: it.id };
                desk.enqueue(tx, &job, desk.now()).await?;
                announce(tx, &message).await
            })
            .await
    }
}

/// Whoever looks at the case sees where its message is.
async fn announce(tx: &mut store::Tx, message: &Message) -> Result<()> {
    if let Some(case) = case::find(tx, message.customer, message.case).await? {
        tx.announce(store::Hint::new(format!("case {}", case.number)));
    }
    Ok(())
}
