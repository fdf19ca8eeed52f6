//! What leaves: composed when it is sent, from what was written down when it was meant.
//!
//! A process that dies between the server's answer and our commit sends once more, with the same `Message-ID`. Each try
//! counts before anybody is spoken to, and its number is its fence: a worker that was too slow changes nothing.

use std::time::Duration;

use channels::smtp::{self, Envelope, SendError, SendErrorKind};
use domain::{
    Actor, Case, CustomerId, Direction, Fact, Member, Message, MessageId, MessageState, OutboxId, Party, Recipients,
    Verdict,
};
use mail::{Composed, Outgoing, compose};
use store::channel::Channel;
use store::job::{self, Job};
use store::outbox::{self, Sending};
use store::{Lock, Tx, blob, case, channel, entry, message};

use crate::case::case_of;
use crate::channel::{Setup, takes_plus};
use crate::job::{SendMail, backoff};
use crate::{Desk, Error, Post, Result};

/// For so long a server that says "later" is asked again.
const PATIENCE: Duration = Duration::from_hours(48);

/// Why a message did not go.
struct Failure {
    why: String,
    /// Another try would change nothing.
    lasting: bool,
    /// It may have gone all the same.
    unclear: bool,
}

impl Failure {
    fn lasting(why: impl Into<String>) -> Failure {
        Failure { why: why.into(), lasting: true, unclear: false }
    }
}

impl From<SendError> for Failure {
    fn from(err: SendError) -> Failure {
        Failure { why: err.words(), lasting: err.lasting, unclear: err.kind == SendErrorKind::Unclear }
    }
}

impl Desk {
    /// The message that an answer is. Refuses what could never leave, while its writer can still change it.
    #[expect(clippy::too_many_arguments, reason = "what an answer consists of")]
    pub(crate) async fn outgoing(
        &self,
        tx: &Tx,
        case: &Case,
        by: &Member,
        id: MessageId,
        text: &str,
        recipients: Recipients,
        files: Vec<domain::File>,
    ) -> Result<Message> {
        let channel = channel::find(tx, case.channel).await?.ok_or_else(|| {
            Error::Conflict("The mailbox of this case is gone: connect it again in the settings.".to_owned())
        })?;
        let message_id = mail::token::message_id(&self.keys.tokens, id.0, channel.address.domain());
        let answered = message::newest_inbound(tx, case.customer, case.id).await?;
        let subject = answered.as_ref().map_or(case.subject.as_str(), |it| it.subject.as_str()).trim();
        let is_reply = subject.get(..3).is_some_and(|it| it.eq_ignore_ascii_case("re:"));
        let subject = if is_reply { subject.to_owned() } else { format!("Re: {subject}") };
        let in_reply_to = answered.as_ref().and_then(|it| it.message_id.clone());
        let mut references = answered.map(|it| it.references).unwrap_or_default();
        references.extend(in_reply_to.clone().filter(|it| !references.contains(it)));
        let message = Message {
            customer: case.customer,
            case: case.id,
            id,
            direction: Direction::Outbound,
            state: MessageState::Sending,
            channel: channel.id,
            contact: None,
            staff: Some(by.id),
            at: self.now(),
            sent_at: None,
            external_id: message_id.to_lowercase(),
            message_id: Some(message_id),
            in_reply_to,
            references,
            subject,
            sender: Party { name: format!("{}, {}", by.name, channel.name), address: Some(channel.address) },
            recipients,
            files,
            folded: Vec::new(),
            verdict: Verdict::Aligned,
            automatic: None,
            altered: false,
            raw_hash: None,
            has_html: false,
            error: None,
            text: text.to_owned(),
        };
        compose(&to_compose(&message, Vec::new())).map_err(|err| Error::invalid("to", err.to_string()))?;
        Ok(message)
    }

    /// Puts a message into the outbox, with the job that sends it.
    pub(crate) async fn send_later(&self, tx: &mut Tx, message: &Message) -> Result<()> {
        let sending = Sending {
            customer: message.customer,
            id: self.ctx.id::<OutboxId>(),
            case: message.case,
            message: message.id,
            channel: message.channel,
            state: MessageState::Sending,
            tries: 0,
            at: self.now(),
            unclear: false,
        };
        outbox::insert(tx, &sending).await?;
        let job = SendMail { customer: sending.customer, outbox: sending.id };
        self.enqueue(tx, &job, self.now()).await
    }

    /// Sends one message of the outbox, or writes down why it did not go. The job of [`crate::job::SendMail`].
    pub(crate) async fn send(&self, customer: CustomerId, id: OutboxId, job: &Job) -> Result<()> {
        if self.keeps_mail() {
            return self.finish(job).await;
        }
        let Some(sending) = self.begin(customer, id, job).await? else { return self.finish(job).await };
        let failure = match self.deliver(&sending).await {
            Ok(Ok(())) => return self.sent(sending, job).await,
            Ok(Err(failure)) => failure,
            Err(err) if err.is_transient() => return Err(err),
            // It would be so each time.
            Err(Error::Store(err)) => {
                tracing::error!(outbox = %id, %err, "a mail cannot be read");
                Failure::lasting("This mail cannot be read from the database any more.")
            }
            Err(err) => Failure::lasting(err.to_string()),
        };
        self.not_sent(sending, failure, job).await
    }

    /// Begins a try, if there is something to send and the job is still ours. A case that has moved takes its outbox
    /// along: the job that was made before finds nothing, and another does.
    async fn begin(&self, customer: CustomerId, id: OutboxId, job: &Job) -> Result<Option<Sending>> {
        let (job, until) = (job.clone(), self.now().after(job::LEASE));
        let begun = self.db.write([Lock::Customer(customer)], async move |tx| {
            if !job::renew(tx, &job, until).await? {
                return Ok(None);
            }
            outbox::begin(tx, customer, id).await
        });
        Ok(begun.await?)
    }

    async fn deliver(&self, sending: &Sending) -> Result<Result<(), Failure>> {
        let Post::Servers(tls) = &*self.post else { return Ok(Ok(())) };
        let (customer, case, message, channel) = (sending.customer, sending.case, sending.message, sending.channel);
        let found = self.db.read(async move |rx| {
            let message = message::find(rx, customer, case, message).await?;
            Ok::<_, store::Error>((message, channel::find(rx, channel).await?))
        });
        let (message, channel) = found.await?;
        let message = message.ok_or_else(|| Error::Internal("This mail is gone from its case.".to_owned()))?;
        let Some(channel) = channel else {
            return Ok(Err(Failure::lasting("The mailbox of this case is gone: connect it again in the settings.")));
        };
        let setup = Setup::of(&channel, &self.keys)?;
        let Some(server) = &setup.sending else {
            let why =
                "This mailbox only receives: it has no server for sending. Add one in the settings, then send again.";
            return Ok(Err(Failure::lasting(why)));
        };
        let composed = self.composed(&message, &channel).await?;
        let envelope = Envelope { from: composed.from, to: composed.to };
        let login = setup.sending_login();
        let sent = smtp::send(server, Some(&login), tls, setup.helo(), &envelope, &composed.bytes).await;
        Ok(sent.map(drop).map_err(Failure::from))
    }

    /// The mail as it leaves: the same bytes each time, unless a test has proven meanwhile where answers may go.
    pub(crate) async fn composed(&self, message: &Message, channel: &Channel) -> Result<Composed> {
        let (customer, case, files) = (message.customer, message.case, message.files.clone());
        let files = self.db.read(async move |rx| {
            let mut all = Vec::new();
            for file in &files {
                let bytes = match blob::read(rx, customer, case, &file.hash).await {
                    Err(store::Error::NotFound) => return Err(gone(&file.name)),
                    bytes => bytes?,
                };
                let (name, media_type) = (file.name.clone(), file.media_type.clone());
                all.push(mail::File { name, media_type, content_id: None, inline: false, bytes });
            }
            Ok(all)
        });
        let reply_to = self.reply_to(message, channel);
        let outgoing = Outgoing { reply_to, ..to_compose(message, files.await?) };
        compose(&outgoing).map_err(|err| Error::Internal(err.to_string()))
    }

    /// Where an answer goes so that it is known whatever becomes of its headers; only where a test proved that it arrives.
    fn reply_to(&self, message: &Message, channel: &Channel) -> Option<Party> {
        let address = message.sender.address.as_ref().filter(|_| takes_plus(channel))?;
        let address = mail::token::address(&self.keys.tokens, message.id.0, address)?;
        Some(Party { name: message.sender.name.clone(), address: Some(address) })
    }

    async fn sent(&self, sending: Sending, job: &Job) -> Result<()> {
        let (job, now) = (job.clone(), self.now());
        self.db
            .write([Lock::Customer(sending.customer)], async move |tx| {
                if outbox::sent(tx, &sending, now).await? {
                    message::set_state(tx, &sending, MessageState::Sent, None).await?;
                    announce(tx, &sending).await?;
                }
                Ok(job::finish(tx, &job).await.map(drop)?)
            })
            .await
    }

    /// Later, or never: the message stays in the conversation and says so.
    async fn not_sent(&self, sending: Sending, failure: Failure, job: &Job) -> Result<()> {
        let now = self.now();
        let Failure { mut why, mut lasting, unclear } = failure;
        if unclear && sending.unclear {
            // A third copy would be one too many.
            lasting = true;
            "The connection was lost twice after this mail had been handed over, so it may have been sent. Ask before \
             you send it again."
                .clone_into(&mut why);
        }
        let sending = Sending { unclear: sending.unclear || unclear, ..sending };
        if lasting || now.since(sending.at) > PATIENCE {
            return self.failed(sending, why, job).await;
        }
        let (job, again) = (job.clone(), now.after(backoff(job.tries)));
        self.db
            .write([Lock::Customer(sending.customer)], async move |tx| {
                let ours = job::put_off(tx, &job, Some(again), &why).await?;
                if ours && outbox::not_sent(tx, &sending, None, &why).await? {
                    message::set_state(tx, &sending, MessageState::Sending, Some(&why)).await?;
                    announce(tx, &sending).await?;
                }
                Ok(())
            })
            .await
    }

    /// It is not tried again by itself: the message, the case and the outbox say so.
    async fn failed(&self, sending: Sending, why: String, job: &Job) -> Result<()> {
        let (desk, job, now) = (self.clone(), job.clone(), self.now());
        self.db
            .write([Lock::Customer(sending.customer)], async move |tx| {
                let failed = Sending { state: MessageState::Failed, ..sending.clone() };
                let ours = job::finish(tx, &job).await?;
                if ours && outbox::not_sent(tx, &failed, Some(now), &why).await? {
                    message::set_state(tx, &failed, MessageState::Failed, Some(&why)).await?;
                    if let Some(mut case) = case::find(tx, failed.customer, failed.case).await? {
                        let fact = Fact::SendFailed { message: failed.message, why: why.clone() };
                        let entry = case.remark(fact, Actor::Channel(failed.channel), now);
                        entry::append(tx, desk.ctx.id(), case.customer, Some(case.id), &entry).await?;
                        case::save(tx, &case).await?;
                    }
                    announce(tx, &failed).await?;
                }
                Ok(())
            })
            .await
    }

    /// What became of a message whose job was given up.
    pub(crate) async fn give_up_sending(&self, customer: CustomerId, id: OutboxId, job: &Job, why: &str) -> Result<()> {
        match self.db.read(async move |rx| outbox::find(rx, customer, id).await).await? {
            Some(sending) => self.failed(sending, why.to_owned(), job).await,
            None => self.finish(job).await,
        }
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
                outbox::again(tx, &sending, desk.now()).await?;
                let job = SendMail { customer: sending.customer, outbox: sending.id };
                desk.enqueue(tx, &job, desk.now()).await?;
                Ok(announce(tx, &sending).await?)
            })
            .await
    }
}

/// Whoever looks at the case sees where its message is.
async fn announce(tx: &mut Tx, it: &Sending) -> store::Result<()> {
    if let Some(number) = case::number(tx, it.customer, it.case).await? {
        tx.announce(store::Hint::new(format!("case {number}")));
    }
    Ok(())
}

fn gone(file: &str) -> Error {
    Error::Conflict(format!("The file {file} is lost, so this mail cannot be sent as it was written."))
}

fn to_compose(message: &Message, files: Vec<mail::File>) -> Outgoing {
    Outgoing {
        message_id: message.message_id.clone().unwrap_or_default(),
        from: message.sender.clone(),
        reply_to: None,
        to: message.recipients.to.clone(),
        cc: message.recipients.cc.clone(),
        subject: message.subject.clone(),
        at: message.at.0,
        in_reply_to: message.in_reply_to.clone(),
        references: message.references.clone(),
        html: Some(mail::html_of(&message.text)),
        text: message.text.clone(),
        files,
        automatic: false,
    }
}
