//! What is done inside the write: find the customer, decide the case, write it all down.

use std::borrow::Cow;
use std::time::Duration;

use ::mail::Place;
use domain::message::own_words;
use domain::{
    Actor, Aside, Association, Case, CaseId, ChannelId, ContactId, Decision, Direction, Entry, Fact, Message,
    MessageId, MessageState, Opening, Party, Recipients, Side, Timestamp, Unwanted, Verdict, WithSupplier,
};
use store::message::Known;
use store::{Tx, association, blob, case, entry, identity, message};

use super::author::{Author, author};
use super::known::{Met, again, met};
use super::point::{Pointed, point};
use super::unwanted::{self, Judged};
use super::{Filed, Prepared, Receipt};
use crate::customer::{self, Sender};
use crate::notification::{tell, tell_line};
use crate::supplier::speaks_for;
use crate::{Ctx, Desk, Error, Result, bounce};

/// What is filed later than this after it came, because somebody tried it again, is not acknowledged any more.
const STALE: Duration = Duration::from_hours(24);

/// Files one mail.
pub(crate) async fn file(
    tx: &mut Tx,
    desk: &Desk,
    channel: ChannelId,
    it: &Prepared,
    at: Timestamp,
) -> Result<Receipt> {
    let ctx = &desk.ctx;
    let (acknowledged, judged) = match met(tx, it, channel).await? {
        Met::Never { acknowledged, block } => (acknowledged, unwanted::judge(it, block)),
        Met::Known(known) => return Ok(Receipt::Known(Box::new(again(tx, ctx, channel, it, known, at).await?))),
        Met::Deleted => return Ok(Receipt::Deleted),
    };
    let author = author(tx, it).await?;
    let (association, hit, side) = if author.passed_on.is_some() {
        (Association::of_forward(), None, Side::Customer)
    } else {
        let pointed = point(tx, it).await?;
        let mut association = Association::of_mail(&pointed.evidence);
        if pointed.side == Side::Supplier && it.mail.sole_author && !speaks_there(tx, it, &pointed).await? {
            association = association.with_supplier();
        }
        // What a machine says opens no other case, old mail was part of the closed one when that was open, and a supplier
        // has no issue of their own.
        let stays = it.history || it.mail.automatic.is_some() || pointed.side == Side::Supplier;
        if association.decision == Decision::FollowUp && stays {
            association.decision = Decision::Join;
        }
        let hit = pointed.case.filter(|_| association.decision != Decision::New);
        let side = if hit.is_some() { pointed.side } else { Side::Customer };
        (association, hit, side)
    };
    // What came long ago, or from somebody else, proves nothing about an address.
    let lives = !it.history && it.mail.verdict != Verdict::Failed;
    let sender = Sender { address: &author.address, name: &author.name, lives };
    let who = match &hit {
        // The server that reports on a mail is nobody of the customer's, and neither is a supplier.
        Some(_) if !it.bounced.is_empty() || side == Side::Supplier => None,
        Some(case) => Some(customer::contact_of(tx, ctx, case.customer, &sender, channel, at).await?),
        None => Some(customer::of_sender(tx, ctx, &sender, channel, at).await?),
    };
    let contact = who.map(|it| it.contact);
    let arrival = Arrival { ctx, channel, it, author, at, message: ctx.id(), contact, side, judged };
    let mut case = match (hit, association.decision, who) {
        (Some(case), Decision::FollowUp, Some(who)) => arrival.follow_up(tx, case, who).await?,
        (Some(case), _, _) if side == Side::Supplier => arrival.hear_supplier(tx, case).await?,
        (Some(case), _, _) if it.history => arrival.bring_in(tx, case).await?,
        (Some(case), _, _) => arrival.join(tx, case).await?,
        (None, _, Some(who)) => arrival.open(tx, who, None, None).await?,
        (None, _, None) => return Err(Error::Internal("A mail has neither a case nor a sender.".to_owned())),
    };
    let message = arrival.write(tx, &case, &association).await?;
    if let Some(block) = arrival.judged.block.as_ref().filter(|_| case.aside.is_some()) {
        store::block::held(tx, block, at).await?;
    }
    for (ours, bounce) in &it.bounced {
        bounce::record(tx, desk, &mut case, *ours, bounce, at).await?;
    }
    let opened = association.decision != Decision::Join && case.aside.is_none();
    let fresh = !it.history && !it.salvaged && desk.now().since(at) <= STALE;
    if acknowledged && opened && fresh && message.forwarded_by.is_none() {
        desk.acknowledge(tx, &mut case, &message).await?;
    }
    Ok(Receipt::Filed(Box::new(Filed {
        customer: case.customer,
        contact,
        case: case.id,
        number: case.number,
        status: case.status,
        message: arrival.message,
        state: MessageState::Received,
        automatic: it.mail.automatic,
        association,
    })))
}

/// Whether whoever wrote speaks for the customer of the case to which the mail points.
async fn speaks_there(tx: &Tx, it: &Prepared, pointed: &Pointed) -> Result<bool> {
    match &pointed.case {
        Some(case) => speaks_for(tx, &it.from, case.customer).await,
        None => Ok(false),
    }
}

/// A mail on its way into a case.
struct Arrival<'a> {
    ctx: &'a Ctx,
    channel: ChannelId,
    it: &'a Prepared,
    author: Author,
    at: Timestamp,
    message: MessageId,
    /// Who of the customer wrote it; nobody, where a server reports.
    contact: Option<ContactId>,
    /// With whom it is said.
    side: Side,
    judged: Judged,
}

impl Arrival<'_> {
    fn by(&self) -> Actor {
        self.contact.map_or(Actor::Channel(self.channel), Actor::Contact)
    }

    /// Its subject; of a mail that was passed on, the original's.
    fn subject(&self) -> &str {
        let passed_on = self.author.passed_on.as_ref().map(|it| it.subject.as_str()).filter(|it| !it.is_empty());
        passed_on.unwrap_or(&self.it.mail.subject)
    }

    /// Its text; of a mail that was passed on as a file, with the words of that.
    fn text(&self) -> Cow<'_, str> {
        match (&self.author.passed_on, &self.it.inner) {
            (Some(_), Some(inner)) => Cow::Owned(format!("{}\n\n{inner}", self.it.mail.text).trim().to_owned()),
            _ => Cow::Borrowed(&self.it.mail.text),
        }
    }

    /// What is new in it; of a mail that was passed on, what the original says.
    fn words(&self) -> &str {
        let mail = &self.it.mail;
        let original = match self.author.passed_on.as_ref().map(|it| it.place) {
            Some(Place::Text(start)) => mail.text.get(start as usize..),
            Some(Place::File(_)) => self.it.inner.as_deref(),
            None => None,
        };
        original.filter(|it| !it.trim().is_empty()).unwrap_or_else(|| own_words(&mail.text, &mail.folded))
    }

    async fn append(&self, tx: &mut Tx, case: &Case, entry: &Entry) -> Result<()> {
        Ok(entry::append(tx, self.ctx.id(), case.customer, Some(case.id), entry).await?)
    }

    async fn join(&self, tx: &mut Tx, mut case: Case) -> Result<Case> {
        let mail = &self.it.mail;
        let stands = |it: &Case| (it.status, it.resolved_at, it.aside, it.wake_at, it.owed_since);
        let stood = stands(&case);
        let received = case.receive(self.message, self.words(), mail.automatic, self.by(), self.at)?;
        self.append(tx, &case, &received).await?;
        self.suspect(tx, &mut case).await?;
        match (self.judged.why, case.aside) {
            // Whoever wrote does not know that we have thrown their case away.
            (None, Some(aside)) if aside.to == Aside::Trash && mail.automatic.is_none() => {
                let entry = case.put_back(self.by(), self.at)?;
                self.append(tx, &case, &entry).await?;
            }
            _ => {}
        }
        self.meet(&mut case);
        tell(tx, self.ctx, &case, &received, self.name()).await?;
        if stands(&case) == stood {
            case::save_words(tx, &case).await?;
        } else {
            crate::clock::save(tx, &mut case).await?;
        }
        Ok(case)
    }

    /// What a supplier answers. They are no contact of the customer's, and take no part in what is said with them.
    async fn hear_supplier(&self, tx: &mut Tx, mut case: Case) -> Result<Case> {
        let (automatic, by) = (self.it.mail.automatic, Actor::Channel(self.channel));
        if self.it.history {
            let (message, status) = (self.message, case.status);
            let fact = Fact::SupplierAnswered { message, status, reopened: false, automatic };
            let entry = case.remark(fact, by, self.at);
            self.append(tx, &case, &entry).await?;
        } else {
            let entry = case.supplier_answered(self.message, automatic, by, self.at);
            self.append(tx, &case, &entry).await?;
            self.suspect(tx, &mut case).await?;
            tell_line(tx, self.ctx, &case, &entry, self.name(), self.words()).await?;
        }
        crate::clock::save(tx, &mut case).await?;
        Ok(case)
    }

    /// Says of a message that looks unwanted that it does; where its case is put aside that says it already.
    async fn suspect(&self, tx: &mut Tx, case: &mut Case) -> Result<()> {
        if let (Some(why), None) = (self.judged.why, case.aside) {
            let fact = Fact::Suspected { message: self.message, why };
            let entry = case.remark(fact, Actor::Channel(self.channel), self.at);
            self.append(tx, case, &entry).await?;
        }
        Ok(())
    }

    /// What whoever wrote it is called.
    fn name(&self) -> &str {
        if self.author.name.trim().is_empty() { self.author.address.as_str() } else { &self.author.name }
    }

    /// The case had this message before we knew of either.
    async fn bring_in(&self, tx: &mut Tx, mut case: Case) -> Result<Case> {
        let entry = case.bring_in(self.message, self.words(), self.it.mail.automatic, self.by(), self.at);
        self.append(tx, &case, &entry).await?;
        self.meet(&mut case);
        crate::clock::save(tx, &mut case).await?;
        Ok(case)
    }

    /// Whoever writes takes part from now on. A machine does not: anybody can make up what it says.
    fn meet(&self, case: &mut Case) {
        if self.it.mail.automatic.is_none() {
            case.meet([&self.it.from]);
        }
    }

    /// The closed case says which one goes on with it.
    async fn follow_up(&self, tx: &mut Tx, mut closed: Case, who: identity::Known) -> Result<Case> {
        // The thread of what was spam stays there.
        let spam = closed.aside.filter(|it| it.to == Aside::Spam).map(|it| it.why);
        let case = self.open(tx, who, Some(closed.number), spam).await?;
        let entry = closed.remark(Fact::FollowedUp { number: case.number }, self.by(), self.at);
        entry::append(tx, self.ctx.id(), closed.customer, Some(closed.id), &entry).await?;
        crate::clock::save(tx, &mut closed).await?;
        Ok(case)
    }

    /// A case for it; `spam` says why it is put aside at once, whatever the mail itself is.
    async fn open(
        &self,
        tx: &mut Tx,
        who: identity::Known,
        follows: Option<i64>,
        spam: Option<Unwanted>,
    ) -> Result<Case> {
        let mail = &self.it.mail;
        let subject = if self.subject().trim().is_empty() { "(no subject)" } else { self.subject().trim() };
        let opening = Opening {
            customer: who.customer,
            id: self.ctx.id::<CaseId>(),
            number: case::next_number(tx).await?,
            contact: who.contact,
            channel: self.channel,
            follows,
            subject,
            message: self.message,
            text: self.words(),
            automatic: mail.automatic,
        };
        let (mut case, entry) = Case::open(&opening, self.by(), self.at);
        case.meet([&self.author.address]);
        let by = Actor::Channel(self.channel);
        let aside = self.judged.why.or(spam).and_then(|why| case.put_aside(Aside::Spam, why, by, self.at));
        let over = self.it.history.then(|| case.shelve(by, self.at));
        crate::clock::insert(tx, &mut case).await?;
        for entry in [Some(entry), aside, over].iter().flatten() {
            self.append(tx, &case, entry).await?;
        }
        Ok(case)
    }

    /// The message itself, what makes it known again, and why it is here.
    async fn write(&self, tx: &mut Tx, case: &Case, association: &Association) -> Result<Message> {
        let (it, mail) = (self.it, &self.it.mail);
        let to = Known { customer: case.customer, case: case.id, message: self.message };
        let named = match &mail.message_id {
            Some(id) => message::refer(tx, id, to).await?,
            None => false,
        };
        if !named {
            message::refer(tx, &mail.external_id, to).await?;
        }
        let passed_on = self.author.passed_on.as_ref();
        // Of a mail that was passed on as a file, the words are in the text.
        let html = mail.html.as_deref().filter(|_| passed_on.is_none() || it.inner.is_none());
        let message = Message {
            customer: case.customer,
            case: case.id,
            id: self.message,
            direction: Direction::Inbound,
            state: MessageState::Received,
            channel: self.channel,
            contact: self.contact,
            staff: None,
            at: self.at,
            sent_at: mail.sent_at.map(Timestamp),
            external_id: mail.external_id.clone(),
            message_id: mail.message_id.clone(),
            in_reply_to: mail.in_reply_to.first().cloned(),
            references: mail.references.clone(),
            subject: self.subject().to_owned(),
            sender: Party { name: self.author.name.clone(), address: Some(self.author.address.clone()) },
            reply_to: if passed_on.is_some() { Vec::new() } else { mail.reply_to.clone() },
            recipients: Recipients { to: mail.to.clone(), cc: mail.cc.clone() },
            files: it.files.clone(),
            folded: mail.folded.clone(),
            verdict: if passed_on.is_some() { Verdict::Unknown } else { mail.verdict },
            automatic: mail.automatic,
            altered: mail.message_id.is_some() && !named,
            raw_hash: it.raw_hash().map(str::to_owned),
            has_html: html.is_some(),
            remote: html.is_some_and(mail::has_remote),
            forwarded_by: passed_on.map(|it| it.by),
            sealed: mail.sealed,
            invitation: mail.invitation.clone().map(Box::new),
            error: None,
            hindrance: None,
            supplier: (self.side == Side::Supplier).then(WithSupplier::default),
            text: self.text().into_owned(),
        };
        message::insert(tx, &message, html).await?;
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
        Ok(message)
    }
}
