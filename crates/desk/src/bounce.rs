//! What a mail server reports on a message of ours.

use domain::{
    Actor, Bounce, BounceKind, BounceOutcome, Case, Direction, Email, Fact, Hindrance, Message, MessageId,
    MessageState, Missed, Obstacle, Timestamp,
};
use store::identity::{self, Undeliverable};
use store::{Tx, entry, message};

use crate::{Desk, Result};

/// Writes down what a report says about a message of this case. Of a message of another case nothing is said here: the
/// report is in this one.
pub(crate) async fn record(
    tx: &mut Tx,
    desk: &Desk,
    case: &mut Case,
    id: MessageId,
    bounce: &Bounce,
    at: Timestamp,
) -> Result<()> {
    let Some(message) = message::find(tx, case.customer, case.id, id).await? else { return Ok(()) };
    let address = recipient(&message, bounce);
    // A mailbox may pass mail on: that the other one is dead says nothing about the one that we know.
    let named = bounce.address.as_ref().is_none_or(|it| address.as_ref().is_some_and(|known| known.same_mailbox(it)));
    // Who was not written to has nothing to report; an answer that arrived is what everybody expects.
    let told = address.is_some() || bounce.address.is_none();
    if message.direction != Direction::Outbound || bounce.outcome == BounceOutcome::Delivered || !told {
        return Ok(());
    }
    let about = Bounce { address: if named { address.clone() } else { bounce.address.clone() }, ..bounce.clone() };
    let why = about.words();
    if bounce.outcome.failed() {
        message::set_state(tx, &message, MessageState::Failed, Some(&why)).await?;
        message::set_hindrance(tx, &message, &hindrance(&message, bounce, address.as_ref(), &why)).await?;
    }
    if let Some(address) = address.as_ref().filter(|_| named && bounce.address_is_dead()) {
        let it = Undeliverable { since: at, why: why.clone() };
        for owner in crate::customer::owners(tx, case.customer, address).await? {
            identity::set_undeliverable(tx, owner, address, Some(&it)).await?;
        }
    }
    let fact = Fact::Bounced { message: id, address, outcome: bounce.outcome, kind: bounce.kind, why };
    let by = Actor::Channel(message.channel);
    let entry = if bounce.outcome.failed() && message.automatic.is_none() {
        case.not_delivered(fact, by, at)
    } else {
        case.remark(fact, by, at)
    };
    entry::append(tx, desk.ctx.id(), case.customer, Some(case.id), &entry).await?;
    crate::clock::save(tx, case).await
}

/// The recipient of `message` whom a report means: a mailbox may pass mail on under another address, and where only one
/// was written to, it is that one.
fn recipient(message: &Message, bounce: &Bounce) -> Option<Email> {
    let all: Vec<&Email> = message.recipients.addresses().collect();
    let named = bounce.address.as_ref().and_then(|address| all.iter().find(|it| it.same_mailbox(address)).copied());
    named.or_else(|| if let [only] = &all[..] { Some(*only) } else { None }).cloned()
}

/// What keeps the message from arriving; where it went to several, at whom.
fn hindrance(message: &Message, bounce: &Bounce, address: Option<&Email>, why: &str) -> Hindrance {
    let kind = match bounce.kind {
        BounceKind::NoSuchAddress | BounceKind::NoSuchServer => Obstacle::NoSuchAddress,
        BounceKind::MailboxFull | BounceKind::Refused => Obstacle::Refused,
        BounceKind::TooBig => Obstacle::TooBig,
        BounceKind::Busy | BounceKind::GaveUp => Obstacle::Later,
        BounceKind::Loop | BounceKind::Other => Obstacle::Other,
    };
    let said = bounce.said.clone();
    let mut missed = message.hindrance.clone().map(|it| it.missed).unwrap_or_default();
    if let Some(address) = address.filter(|_| message.recipients.addresses().nth(1).is_some()) {
        missed.retain(|it| it.address != *address);
        missed.push(Missed { address: address.clone(), kind, why: why.to_owned(), said: said.clone() });
    }
    Hindrance { said, missed, ..Hindrance::of(kind) }
}
