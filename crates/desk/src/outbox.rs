//! What leaves: composed when it is sent, from what was written down when it was meant.
//!
//! A process that dies between the server's answer and our commit sends once more, with the same `Message-ID`. Each try
//! counts before anybody is spoken to, and its number is its fence: a worker that was too slow changes nothing.

mod composed;
mod outcome;
mod unwritten;

use std::time::Duration;

use channels::smtp::{self, Envelope};
use domain::{
    Actor, CustomerId, Fact, Hindrance, Member, Message, MessageId, MessageState, Missed, Obstacle, OutboxId,
};
use store::case::merge;
use store::job::{self, Job};
use store::outbox::{self, Begun, Sending, Undo};
use store::{Lock, Tx, channel, entry, message};

pub(crate) use self::composed::check;
use self::outcome::{Failure, Outcome};
use crate::case::case_of;
use crate::channel::Setup;
use crate::job::{SendMail, backoff};
use crate::{Desk, Error, Post, Result};

/// For so long an answer waits before it leaves, so that whoever wrote it can take it back.
pub const HOLD: Duration = Duration::from_secs(5);

/// For so long a server that says "later" is asked again.
const PATIENCE: Duration = Duration::from_hours(48);

/// What stands with a message that may have been sent twice already: a third copy would be one too many.
const TWICE: &str = "This mail was twice on its way when the connection, or Bellwether itself, was lost, so it may have \
    been sent. Ask before you send it again.";
const AWAY: &str = "The database was away for a moment, so this mail waits for its next try.";
/// The longest pause before how a try ended is written down once more.
const PAUSE: Duration = Duration::from_secs(8);

impl Desk {
    /// Puts an answer into the outbox, with the job that sends it when [`HOLD`] is over.
    pub(crate) async fn hold(&self, tx: &mut Tx, message: &Message, undo: &Undo) -> Result<()> {
        self.put_out(tx, message, Some(undo)).await
    }

    /// Puts a message into the outbox, with the job that sends it now: for what nobody wrote, and so nobody takes back.
    pub async fn send_later(&self, tx: &mut Tx, message: &Message) -> Result<()> {
        self.put_out(tx, message, None).await
    }

    async fn put_out(&self, tx: &mut Tx, message: &Message, undo: Option<&Undo>) -> Result<()> {
        let now = self.now();
        let sending = Sending {
            customer: message.customer,
            id: self.ctx.id::<OutboxId>(),
            case: message.case,
            message: message.id,
            channel: message.channel,
            state: MessageState::Sending,
            tries: 0,
            at: now,
            unclear: false,
            job: self.ctx.id(),
            pending: None,
        };
        outbox::insert(tx, &sending, undo).await?;
        let due_at = undo.map_or(now, |_| message.at.after(HOLD));
        self.enqueue_as(tx, sending.job, &SendMail { customer: sending.customer, outbox: sending.id }, due_at).await
    }

    /// Sends one message of the outbox, or writes down why it did not go. The job of [`crate::job::SendMail`].
    pub(crate) async fn send(&self, customer: CustomerId, id: OutboxId, job: &Job) -> Result<()> {
        if self.keeps_mail() {
            return self.finish(job).await;
        }
        let Some(begun) = self.begin(customer, id, job).await? else { return self.finish(job).await };
        let sending = begun.sending;
        if begun.doubts > 1 {
            return self.not_sent(sending, Failure::lasting(Obstacle::Unclear, TWICE), job).await;
        }
        let ended = match self.deliver(&sending).await {
            Ok(ended) => ended,
            // It was not handed over yet.
            Err(err) if err.is_transient() => {
                Err(Failure { lasting: false, ..Failure::lasting(Obstacle::Later, AWAY) })
            }
            // It would be so each time.
            Err(Error::Store(err)) => {
                tracing::error!(outbox = %id, %err, "a mail cannot be read");
                let why = "This mail cannot be read from the database any more.";
                Err(Failure::lasting(Obstacle::Other, why))
            }
            Err(err) => Err(Failure::lasting(Obstacle::Other, err.to_string())),
        };
        self.write_down(&sending, ended, job).await
    }

    /// Writes down how a try ended, however long the database is away: another try would not know of this one.
    async fn write_down(&self, sending: &Sending, ended: Result<Outcome, Failure>, job: &Job) -> Result<()> {
        let mut pause = Duration::from_millis(250);
        loop {
            let written = match ended.clone() {
                Ok(outcome) => self.taken(sending.clone(), outcome, job).await,
                Err(failure) => self.not_sent(sending.clone(), failure, job).await,
            };
            match written {
                Err(Error::Store(err)) if err.is_passing() && !matches!(err, store::Error::Closed) => {
                    tracing::warn!(%err, "how a try to send ended cannot be written down yet");
                }
                written => return written,
            }
            tokio::time::sleep(pause).await;
            pause = PAUSE.min(pause * 2);
        }
    }

    /// Begins a try, if there is something to send and the job is still ours. A case that has moved takes its outbox
    /// along: the job that was made before finds nothing, and another does.
    async fn begin(&self, customer: CustomerId, id: OutboxId, job: &Job) -> Result<Option<Begun>> {
        let (job, until) = (job.clone(), self.now().after(job::LEASE));
        let begun = self.db.write([Lock::Customer(customer)], async move |tx| {
            if !job::renew(tx, &job, until).await? {
                return Ok(None);
            }
            outbox::begin(tx, customer, id).await
        });
        Ok(begun.await?)
    }

    async fn deliver(&self, sending: &Sending) -> Result<Result<Outcome, Failure>> {
        let Post::Servers(tls) = &*self.post else { return Ok(Ok(Outcome::default())) };
        let (customer, case, message, channel) = (sending.customer, sending.case, sending.message, sending.channel);
        let found = self.db.read(async move |rx| {
            let message = message::find(rx, customer, case, message).await?;
            Ok::<_, store::Error>((message, channel::find(rx, channel).await?))
        });
        let (message, channel) = found.await?;
        let message = message.ok_or_else(|| Error::Internal("This mail is gone from its case.".to_owned()))?;
        let Some(channel) = channel else {
            let why = "The mailbox of this case is gone: connect it again in the settings.";
            return Ok(Err(Failure::lasting(Obstacle::NoServer, why)));
        };
        let setup = Setup::of(&channel, &self.keys)?;
        let Some(server) = &setup.sending else {
            let why =
                "This mailbox only receives: it has no server for sending. Add one in the settings, then send again.";
            return Ok(Err(Failure::lasting(Obstacle::NoServer, why)));
        };
        let mut composed = self.composed(&message, &channel).await?;
        if let Some(pending) = &sending.pending {
            composed.to.retain(|it| pending.contains(it));
        }
        let bytes = self.signed(&channel, &message, composed.bytes).await?;
        let envelope = Envelope { from: composed.from, to: composed.to };
        let login = setup.sending_login();
        let mut away = None;
        let last = async {
            let marked = self.hands(sending).await;
            let ours = matches!(marked, Ok(true));
            away = marked.err();
            ours
        };
        let sent = smtp::send_if(server, Some(&login), tls, setup.helo(), &envelope, &bytes, last).await;
        if let Some(err) = away {
            return Err(err.into());
        }
        let before = message.hindrance.map(|it| it.missed).unwrap_or_default();
        Ok(sent.map(|it| Outcome::of(it.missed, before)).map_err(Failure::from))
    }

    /// Notes that a try hands its mail over; false if another counts by now.
    async fn hands(&self, sending: &Sending) -> store::Result<bool> {
        let it = sending.clone();
        self.db.write([Lock::Customer(it.customer)], async move |tx| outbox::handing(tx, &it).await).await
    }

    /// A server has taken it, for everybody or for some.
    async fn taken(&self, sending: Sending, outcome: Outcome, job: &Job) -> Result<()> {
        let Outcome { mut missed, later } = outcome;
        let is_over = self.now().since(sending.at) > PATIENCE;
        if !later.is_empty() && !is_over {
            let mut pending = Vec::new();
            let mut failures = Vec::new();
            for (address, failure) in later {
                pending.push(address);
                failures.push(failure);
            }
            let sending = Sending { pending: Some(pending), ..sending };
            let Some(first) = failures.into_iter().next() else { return Ok(()) };
            return self.put_off_sending(sending, first, missed, job).await;
        }
        missed.extend(later.into_iter().map(|(address, it)| it.missed(address)));
        let (desk, job, now) = (self.clone(), job.clone(), self.now());
        self.db
            .write([Lock::Customer(sending.customer)], async move |tx| {
                if outbox::sent(tx, &sending, now).await? {
                    message::set_sent(tx, &sending).await?;
                    if let Some(first) = missed.first() {
                        let said = first.said.clone();
                        let it = Hindrance { kind: first.kind, said, next_at: None, missed: missed.clone() };
                        message::set_hindrance(tx, &sending, &it).await?;
                        let why = missed.iter().map(|it| it.why.as_str()).collect::<Vec<_>>().join(" ");
                        desk.tell(tx, &sending, why).await?;
                    }
                    announce(tx, &sending).await?;
                }
                Ok(job::finish(tx, &job).await.map(drop)?)
            })
            .await
    }

    /// Later, or never: the message stays in the conversation and says so.
    async fn not_sent(&self, sending: Sending, mut failure: Failure, job: &Job) -> Result<()> {
        let unclear = failure.is_unclear();
        if unclear && sending.unclear {
            failure.lasting = true;
            TWICE.clone_into(&mut failure.why);
        }
        let sending = Sending { unclear: sending.unclear || unclear, ..sending };
        if !failure.lasting && self.now().since(sending.at) <= PATIENCE {
            let before = self.missed_before(&sending).await?;
            return self.put_off_sending(sending, failure, before, job).await;
        }
        let Some(pending) = &sending.pending else { return self.failed(sending, failure, job).await };
        // Others have it.
        let mut missed = self.missed_before(&sending).await?;
        missed.extend(pending.iter().map(|it| failure.missed(it.clone())));
        self.taken(sending, Outcome { missed, later: Vec::new() }, job).await
    }

    async fn missed_before(&self, it: &Sending) -> Result<Vec<Missed>> {
        let (customer, case, id) = (it.customer, it.case, it.message);
        let message = self.db.read(async move |rx| message::find(rx, customer, case, id).await).await?;
        Ok(message.and_then(|it| it.hindrance).map(|it| it.missed).unwrap_or_default())
    }

    /// It is tried again by itself, and says when.
    async fn put_off_sending(&self, it: Sending, failure: Failure, missed: Vec<Missed>, job: &Job) -> Result<()> {
        let (job, again) = (job.clone(), self.now().after(backoff(job.tries)));
        let Failure { kind, why, said, .. } = failure;
        self.db
            .write([Lock::Customer(it.customer)], async move |tx| {
                let ours = job::put_off(tx, &job, Some(again), &why).await?;
                if ours && outbox::not_sent(tx, &it, None, &why).await? {
                    message::set_state(tx, &it, MessageState::Sending, Some(&why)).await?;
                    let said = said.clone();
                    let hindrance = Hindrance { kind, said, next_at: Some(again), missed: missed.clone() };
                    message::set_hindrance(tx, &it, &hindrance).await?;
                    announce(tx, &it).await?;
                }
                Ok(())
            })
            .await
    }

    /// It is not tried again by itself: the message, the case and the outbox say so.
    async fn failed(&self, sending: Sending, failure: Failure, job: &Job) -> Result<()> {
        let (desk, job, now) = (self.clone(), job.clone(), self.now());
        let Failure { kind, why, said, .. } = failure;
        self.db
            .write([Lock::Customer(sending.customer)], async move |tx| {
                let failed = Sending { state: MessageState::Failed, ..sending.clone() };
                let ours = job::finish(tx, &job).await?;
                if ours && outbox::not_sent(tx, &failed, Some(now), &why).await? {
                    message::set_state(tx, &failed, MessageState::Failed, Some(&why)).await?;
                    message::set_hindrance(tx, &failed, &Hindrance { said: said.clone(), ..Hindrance::of(kind) })
                        .await?;
                    desk.tell(tx, &failed, why.clone()).await?;
                    announce(tx, &failed).await?;
                }
                Ok(())
            })
            .await
    }

    /// Writes into the case that a message of it did not reach everybody.
    async fn tell(&self, tx: &mut Tx, it: &Sending, why: String) -> Result<()> {
        if let Some(mut case) = merge::standing(tx, it.customer, it.case).await? {
            let (by, now) = (Actor::Channel(it.channel), self.now());
            let fact = Fact::SendFailed { message: it.message, why };
            // What a machine of ours said is nobody's last word.
            let message = message::find(tx, it.customer, it.case, it.message).await?;
            let is_said = message.is_none_or(|it| it.automatic.is_none());
            let entry = if is_said { case.not_delivered(fact, by, now) } else { case.remark(fact, by, now) };
            entry::append(tx, self.ctx.id(), case.customer, Some(case.id), &entry).await?;
            crate::clock::save(tx, &mut case).await?;
        }
        Ok(())
    }

    /// What became of a message whose job was given up.
    pub(crate) async fn give_up_sending(&self, customer: CustomerId, id: OutboxId, job: &Job, why: &str) -> Result<()> {
        match self.db.read(async move |rx| outbox::find(rx, customer, id).await).await? {
            Some(sending) => self.not_sent(sending, Failure::lasting(Obstacle::Other, why), job).await,
            None => self.finish(job).await,
        }
    }

    /// Tries a message that failed once more, or one that waits for its next try now, because somebody asks for it.
    pub async fn send_again(&self, by: &Member, number: i64, id: MessageId) -> Result<()> {
        let place = self.place(number).await?;
        let (desk, by) = (self.clone(), by.clone());
        self.db
            .write([Lock::Customer(place.customer)], async move |tx| {
                let mut case = case_of(tx, &by, number).await?;
                let message = message::find(tx, case.customer, case.id, id).await?.ok_or(Error::NotFound)?;
                let found = outbox::of_message(tx, case.customer, message.case, id).await?;
                match (message.state, message.error.is_some()) {
                    (MessageState::Failed, _) => {
                        // Those whom it reached get no second one.
                        let missed = message.hindrance.iter().flat_map(|it| &it.missed);
                        let missed: Vec<_> = missed.map(|it| mail::ascii(&it.address)).collect();
                        let pending = (!missed.is_empty()).then_some(missed);
                        let sending = Sending { job: desk.ctx.id(), pending, ..found.ok_or(Error::NotFound)? };
                        message::set_state(tx, &message, MessageState::Sending, None).await?;
                        outbox::again(tx, &sending, desk.now()).await?;
                        let work = SendMail { customer: sending.customer, outbox: sending.id };
                        desk.enqueue_as(tx, sending.job, &work, desk.now()).await?;
                        if message.staff.is_some() {
                            case.sent_again();
                        }
                        crate::clock::save(tx, &mut case).await?;
                        Ok(announce(tx, &sending).await?)
                    }
                    // Where somebody is at it already, there is nothing to hurry.
                    (MessageState::Sending, true) => {
                        let sending = found.ok_or(Error::NotFound)?;
                        Ok(job::hurry(tx, sending.job, desk.now()).await.map(drop)?)
                    }
                    _ => Err(Error::Conflict("This message did not fail.".to_owned())),
                }
            })
            .await
    }
}

/// Whoever looks at the case sees where its message is.
async fn announce(tx: &mut Tx, it: &Sending) -> store::Result<()> {
    if let Some(case) = merge::standing(tx, it.customer, it.case).await? {
        tx.announce(store::Hint::new(format!("case {}", case.number)));
    }
    Ok(())
}
