//! Which case a mail points to: by a reply token, by a reference, by a number in its subject.

use domain::supplier::side;
use domain::{Case, Email, Evidence, Hit, Side, Status, Verdict};
use store::message::Exchange;
use store::{Tx, case, entry, message};

use super::Prepared;
use super::known::{case_of, ours};
use crate::Result;
use crate::case::held_place;
use crate::supplier::speaks_for;

/// A mail that points to nothing.
pub(super) const NOTHING: Evidence =
    Evidence { report: None, token: None, reference: None, subject: None, verdict: Verdict::Unknown };

/// What the mail points to, and the case of the strongest pointer, loaded under its customer's lock.
pub(super) struct Pointed {
    pub(super) evidence: Evidence,
    pub(super) case: Option<Case>,
    /// With whom it is said there.
    pub(super) side: Side,
}

/// Of several messages that the mail answers, one whose correspondent its sender is decides: in a thread of many not
/// everybody was written to each time.
pub(super) async fn point(tx: &mut Tx, it: &Prepared) -> Result<Pointed> {
    let mut evidence = Evidence { verdict: it.mail.verdict, ..NOTHING };
    for (id, _) in &it.bounced {
        if let Some((case, message)) = case_of(tx, &ours(*id)).await? {
            evidence.report = Some(Hit { number: case.number, status: case.status, known: true });
            let side = message::exchange(tx, message).await?.side;
            return Ok(Pointed { evidence, case: Some(case), side });
        }
    }
    let mut nearest: Option<Near> = None;
    for id in &it.tokens {
        if let Some((case, message)) = case_of(tx, &ours(*id)).await? {
            let exchange = message::exchange(tx, message).await?;
            let known = stands(tx, it, &case, &exchange, exchange.theirs()).await?;
            if nearer(tx, &mut nearest, case, (known, exchange.side)).await? {
                break;
            }
        }
    }
    if let Some(Near { hit, case, side }) = nearest {
        evidence.token = Some(hit);
        return Ok(Pointed { evidence, case: Some(case), side });
    }
    for id in &it.references {
        if let Some((case, message)) = case_of(tx, id).await? {
            let exchange = message::exchange(tx, message).await?;
            let known = stands(tx, it, &case, &exchange, case.participants.iter().collect()).await?;
            if nearer(tx, &mut nearest, case, (known, exchange.side)).await? {
                break;
            }
        }
    }
    if let Some(Near { hit, case, side }) = nearest {
        evidence.reference = Some(hit);
        return Ok(Pointed { evidence, case: Some(case), side });
    }
    for number in &it.numbers {
        if case::exists(tx, *number).await? {
            evidence.subject = Some(*number);
            break;
        }
    }
    Ok(Pointed { evidence, case: None, side: Side::Customer })
}

/// A case that the mail points to, and with whom it is said there.
struct Near {
    hit: Hit,
    case: Case,
    side: Side,
}

/// Takes a case that the mail points to, if it is nearer than what was found before; whether none can be nearer. `side` is
/// where the message stands to which it points.
async fn nearer(
    tx: &mut Tx,
    nearest: &mut Option<Near>,
    case: Case,
    (known, side): (Option<Side>, Side),
) -> Result<bool> {
    if known.is_some() || nearest.is_none() {
        let case = taken_up(tx, case).await?;
        let hit = Hit { number: case.number, status: case.status, known: known.is_some() };
        *nearest = Some(Near { hit, case, side: known.unwrap_or(side) });
    }
    Ok(known.is_some())
}

/// On which side whoever wrote a mail stands that points to this message; `customers` are those who answer it for the
/// customer. One of the customer's people whom the case does not know yet is a stranger among suppliers.
async fn stands(
    tx: &Tx,
    it: &Prepared,
    case: &Case,
    message: &Exchange,
    customers: Vec<&Email>,
) -> Result<Option<Side>> {
    if !it.mail.sole_author {
        return Ok(None);
    }
    if message.side == Side::Customer {
        return Ok(customers.iter().any(|who| who.same_mailbox(&it.from)).then_some(Side::Customer));
    }
    let of_customer = speaks_for(tx, &it.from, case.customer).await?;
    Ok(side(&message.theirs(), &it.from, &case.participants, of_customer))
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
    let Some(place) = held_place(tx, number).await? else { return Ok(None) };
    Ok(case::find(tx, place.customer, place.case).await?)
}
