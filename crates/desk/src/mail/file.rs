//! What is done inside the write: find the customer, decide the case, write it all down.

use domain::{
    Actor, Association, Case, CaseId, ChannelId, ContactId, CustomerId, Decision, Direction, Evidence, Fact, Hit,
    Message, MessageId, MessageState, Opening, Party, Recipients, Status, Timestamp,
};
use store::message::Known;
use store::{Lock, Tx, association, blob, case, entry, message};

use super::{Filed, Prepared, Receipt};
use crate::customer::{self, Sender};
use crate::{Ctx, Error, Result};

/// Files one mail.
pub(crate) async fn file(tx: &mut Tx, ctx: &Ctx, channel: ChannelId, it: &Prepared, at: Timestamp) -> Result<Receipt> {
    if let Some(known) = known(tx, it).await? {
        return Ok(Receipt::Known(Box::new(again(tx, ctx, channel, it, known, at).await?)));
    }
    let pointed = point(tx, it).await?;
    let mut association = Association::of_mail(&pointed.evidence);
    if it.history && association.decision == Decision::FollowUp {
        // Nothing goes on here: it was part of the closed case when that was open.
        association.decision = Decision::Join;
    }
    let hit = pointed.case.filter(|_| association.decision != Decision::New);
    let sender = Sender { address: &it.from, name: &it.mail.name };
    let who = match &hit {
        Some(case) => customer::contact_of(tx, ctx, case.customer, &sender, channel, at).await?,
        None => customer::of_sender(tx, ctx, &sender, channel, at).await?,
    };
    let arrival = Arrival { ctx, channel, it, at, message: ctx.id(), contact: who.contact };
    let case = match (hit, association.decision) {
        (Some(case), Decision::Join) if it.history => arrival.bring_in(tx, case).await?,
        (Some(case), Decision::Join) => arrival.join(tx, case).await?,
        (Some(case), Decision::FollowUp) => arrival.follow_up(tx, case, who.customer).await?,
        _ => arrival.open(tx, who.customer, None).await?,
    };
    arrival.write(tx, &case, &association).await?;
    Ok(Receipt::Filed(Box::new(Filed {
        customer: case.customer,
        contact: Some(who.contact),
        case: case.id,
        number: case.number,
        status: case.status,
        message: arrival.message,
        state: MessageState::Received,
        automatic: it.mail.automatic,
        association,
    })))
}

/// The message that this mail is, if we have it. What came in is known by its `Message-ID`; by its external id only
/// where it has none, or where another message had that `Message-ID` before.
async fn known(tx: &mut Tx, it: &Prepared) -> Result<Option<Known>> {
    if let Some(own) = &it.own
        && let Some(known) = held(tx, &ours(*own)).await?
    {
        return Ok(Some(known));
    }
    if let Some(id) = &it.mail.message_id {
        match held(tx, id).await? {
            None => return Ok(None),
            Some(known) if message::external_id(tx, known).await? == it.mail.external_id => return Ok(Some(known)),
            Some(_) => {}
        }
    }
    held(tx, &it.mail.external_id).await
}

/// The message of this name, under its customer's lock.
async fn held(tx: &mut Tx, name: &str) -> Result<Option<Known>> {
    let mut known = message::known(tx, name).await?;
    while let Some(it) = known
        && tx.lock(Lock::Customer(it.customer)).await?
    {
        // It may have moved while we waited.
        known = message::known(tx, name).await?;
    }
    Ok(known)
}

/// The same mail once more. By another way, that is worth an entry.
async fn again(
    tx: &mut Tx,
    ctx: &Ctx,
    channel: ChannelId,
    it: &Prepared,
    known: Known,
    at: Timestamp,
) -> Result<Filed> {
    let lost = || Error::Internal("a known message has lost its case".to_owned());
    let message = message::find(tx, known.customer, known.case, known.message).await?.ok_or_else(lost)?;
    let mut case = case::find(tx, known.customer, known.case).await?.ok_or_else(lost)?;
    // A reader that died before it knew that it had told us tells us once more.
    let way = format!("{} by {channel}", message.external_id);
    if message.channel != channel && it.own.is_none() && message::refer(tx, &way, known).await? {
        let entry = case.remark(Fact::AlsoArrived { message: message.id, channel }, Actor::Channel(channel), at);
        entry::append(tx, ctx.id(), case.customer, Some(case.id), &entry).await?;
        case::save(tx, &case).await?;
    }
    let association = association::last(tx, case.customer, case.id, message.id).await?;
    Ok(Filed {
        customer: case.customer,
        contact: message.contact,
        case: case.id,
        number: case.number,
        status: case.status,
        message: message.id,
        state: message.state,
        automatic: message.automatic,
        association: association.unwrap_or_else(|| Association::of_mail(&NOTHING)),
    })
}

const NOTHING: Evidence = Evidence { token: None, reference: None, subject: None, verdict: domain::Verdict::Unknown };

/// What the mail points to, and the case of the strongest pointer, loaded under its customer's lock.
struct Pointed {
    evidence: Evidence,
    case: Option<Case>,
}

/// Of several messages that the mail answers, one whose correspondent its sender is decides: in a thread of many not
/// everybody was written to each time.
async fn point(tx: &mut Tx, it: &Prepared) -> Result<Pointed> {
    let mut evidence = Evidence { verdict: it.mail.verdict, ..NOTHING };
    let mut nearest: Option<(Hit, Case)> = None;
    for id in &it.tokens {
        if let Some((case, message)) = case_of(tx, &ours(*id)).await? {
            let recipients = message::recipients(tx, message).await?;
            let known = it.mail.sole_author && recipients.addresses().any(|to| same_mailbox(to, &it.from));
            if nearer(tx, &mut nearest, case, known).await? {
                break;
            }
        }
    }
    if let Some((hit, case)) = nearest {
        evidence.token = Some(hit);
        return Ok(Pointed { evidence, case: Some(case) });
    }
    for id in &it.references {
        if let Some((case, _)) = case_of(tx, id).await? {
            let known = it.mail.sole_author && case.participants.iter().any(|who| same_mailbox(who, &it.from));
            if nearer(tx, &mut nearest, case, known).await? {
                break;
            }
        }
    }
    if let Some((hit, case)) = nearest {
        evidence.reference = Some(hit);
        return Ok(Pointed { evidence, case: Some(case) });
    }
    for number in &it.numbers {
        if case::place(tx, *number).await?.is_some() {
            evidence.subject = Some(*number);
            break;
        }
    }
    Ok(Pointed { evidence, case: None })
}

/// Takes a case that the mail points to, if it is nearer than what was found before; whether none can be nearer.
async fn nearer(tx: &mut Tx, nearest: &mut Option<(Hit, Case)>, case: Case, known: bool) -> Result<bool> {
    if known || nearest.is_none() {
        let case = taken_up(tx, case).await?;
        *nearest = Some((Hit { number: case.number, status: case.status, known }, case));
    }
    Ok(known)
}

/// How many follow-ups of follow-ups are looked at.
const FOLLOW_UPS: usize = 20;

/// The case in which the thread of a closed one goes on. Whoever answers an old mail twice has not two issues.
async fn taken_up(tx: &mut Tx, mut case: Case) -> Result<Case> {
    for _ in 0..FOLLOW_UPS {
        if case.status != Status::Closed {
            break;
        }
        let Some(number) = entry::follow_up(tx, case.customer, case.id).await? else { break };
        let Some(next) = by_number(tx, number).await? else { break };
        case = next;
    }
    Ok(case)
}

/// The case with this number, under its customer's lock.
async fn by_number(tx: &mut Tx, number: i64) -> Result<Option<Case>> {
    loop {
        let Some(place) = case::place(tx, number).await? else { return Ok(None) };
        if !tx.lock(Lock::Customer(place.customer)).await? {
            return Ok(case::find(tx, place.customer, place.case).await?);
        }
    }
}

/// People answer `ann@` from `ann+shop@`, and the other way round.
fn same_mailbox(one: &domain::Email, other: &domain::Email) -> bool {
    one == other || one.without_tag() == other.without_tag()
}

/// The name by which a message of ours is found from its token, whatever became of its `Message-ID` on the way.
pub(crate) fn ours(id: MessageId) -> String {
    format!("message {id}")
}

async fn case_of(tx: &mut Tx, name: &str) -> Result<Option<(Case, Known)>> {
    let Some(known) = held(tx, name).await? else { return Ok(None) };
    Ok(case::find(tx, known.customer, known.case).await?.map(|case| (case, known)))
}

/// A mail on its way into a case.
struct Arrival<'a> {
    ctx: &'a Ctx,
    channel: ChannelId,
    it: &'a Prepared,
    at: Timestamp,
    message: MessageId,
    contact: ContactId,
}

impl Arrival<'_> {
    fn by(&self) -> Actor {
        Actor::Contact(self.contact)
    }

    async fn join(&self, tx: &mut Tx, mut case: Case) -> Result<Case> {
        let mail = &self.it.mail;
        let entry = case.receive(self.message, visible(mail), mail.automatic, self.by(), self.at)?;
        entry::append(tx, self.ctx.id(), case.customer, Some(case.id), &entry).await?;
        case.meet([&self.it.from]);
        case::save(tx, &case).await?;
        Ok(case)
    }

    /// The case had this message before we knew of either.
    async fn bring_in(&self, tx: &mut Tx, mut case: Case) -> Result<Case> {
        let mail = &self.it.mail;
        let entry = case.bring_in(self.message, visible(mail), mail.automatic, self.by(), self.at);
        entry::append(tx, self.ctx.id(), case.customer, Some(case.id), &entry).await?;
        case.meet([&self.it.from]);
        case::save(tx, &case).await?;
        Ok(case)
    }

    /// The closed case says which one goes on with it.
    async fn follow_up(&self, tx: &mut Tx, mut closed: Case, customer: CustomerId) -> Result<Case> {
        let case = self.open(tx, customer, Some(closed.number)).await?;
        let entry = closed.remark(Fact::FollowedUp { number: case.number }, self.by(), self.at);
        entry::append(tx, self.ctx.id(), closed.customer, Some(closed.id), &entry).await?;
        case::save(tx, &closed).await?;
        Ok(case)
    }

    async fn open(&self, tx: &mut Tx, customer: CustomerId, follows: Option<i64>) -> Result<Case> {
        let mail = &self.it.mail;
        let subject = if mail.subject.trim().is_empty() { "(no subject)" } else { mail.subject.trim() };
        let opening = Opening {
            customer,
            id: self.ctx.id::<CaseId>(),
            number: case::next_number(tx).await?,
            contact: self.contact,
            channel: self.channel,
            follows,
            subject,
            message: self.message,
            text: visible(mail),
            automatic: mail.automatic,
        };
        let (mut case, entry) = Case::open(&opening, self.by(), self.at);
        case.meet([&self.it.from]);
        let over = self.it.history.then(|| case.shelve(Actor::Channel(self.channel), self.at));
        case::insert(tx, &case).await?;
        for entry in std::iter::once(&entry).chain(&over) {
            entry::append(tx, self.ctx.id(), case.customer, Some(case.id), entry).await?;
        }
        Ok(case)
    }

    /// The message itself, what makes it known again, and why it is here.
    async fn write(&self, tx: &mut Tx, case: &Case, association: &Association) -> Result<()> {
        let (it, mail) = (self.it, &self.it.mail);
        let to = Known { customer: case.customer, case: case.id, message: self.message };
        let named = match &mail.message_id {
            Some(id) => message::refer(tx, id, to).await?,
            None => false,
        };
        if !named {
            message::refer(tx, &mail.external_id, to).await?;
        }
        let message = Message {
            customer: case.customer,
            case: case.id,
            id: self.message,
            direction: Direction::Inbound,
            state: MessageState::Received,
            channel: self.channel,
            contact: Some(self.contact),
            staff: None,
            at: self.at,
            sent_at: mail.sent_at.map(Timestamp),
            external_id: mail.external_id.clone(),
            message_id: mail.message_id.clone(),
            in_reply_to: mail.in_reply_to.first().cloned(),
            references: mail.references.clone(),
            subject: mail.subject.clone(),
            sender: Party { name: mail.name.clone(), address: Some(mail.from.clone()) },
            recipients: Recipients { to: mail.to.clone(), cc: mail.cc.clone() },
            files: it.files.clone(),
            folded: mail.folded.clone(),
            verdict: mail.verdict,
            automatic: mail.automatic,
            altered: mail.message_id.is_some() && !named,
            raw_hash: it.blobs.first().map(|it| it.hash.clone()),
            has_html: mail.html.is_some(),
            error: None,
            text: mail.text.clone(),
        };
        message::insert(tx, &message, mail.html.as_deref()).await?;
        association::insert(
            tx,
            self.ctx.id(),
            case.customer,
            case.id,
            self.message,
            Actor::Channel(self.channel),
            self.at,
            association,
        )
        .await?;
        for blob in &it.blobs {
            blob::insert(tx, case.customer, case.id, blob).await?;
        }
        Ok(())
    }
}

/// The words that are new: what stands before the first folded part, or all if that is nothing.
fn visible(mail: &mail::Mail) -> &str {
    let end = mail.folded.first().map_or(mail.text.len(), |it| it.start as usize);
    match mail.text.get(..end) {
        Some(text) if !text.trim().is_empty() => text,
        _ => &mail.text,
    }
}
