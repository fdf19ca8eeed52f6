//! Whether we have had a mail before, and what our names for messages lead to.

use domain::{Actor, Association, Case, ChannelId, Fact, Timestamp};
/// The name by which a message of ours is found from its token, whatever became of its `Message-ID` on the way.
pub(crate) use store::case::aside::ours;
use store::case::merge;
use store::message::Known;
use store::{Lock, Tx, arrival, association, entry, message};

use super::point::NOTHING;
use super::{Filed, Prepared};
use crate::{Ctx, Error, Result};

/// Whether we have had a mail before.
pub(super) enum Met {
    /// No: whether its channel acknowledges first messages, and what blocks its sender.
    Never {
        acknowledged: bool,
        block: Option<String>,
    },
    Known(Known),
    Deleted,
}

/// What came in is known by its `Message-ID`; by its external id only where it has none, or where another message had that
/// `Message-ID` before.
pub(super) async fn met(tx: &mut Tx, it: &Prepared, channel: ChannelId) -> Result<Met> {
    let own = it.own.map(ours);
    if let Some(own) = &own
        && let Some(known) = held(tx, own).await?
    {
        return Ok(Met::Known(known));
    }
    let external_id = it.mail.external_id.as_str();
    let name = it.mail.message_id.as_deref().unwrap_or(external_id);
    let names = [external_id, it.raw_hash().unwrap_or(external_id), own.as_deref().unwrap_or(external_id)];
    let found = arrival::look(tx, &arrival::Arrival { name, names, from: &it.from, channel }).await?;
    if found.known.is_some()
        && let Some(known) = held(tx, name).await?
    {
        if name == external_id || message::external_id(tx, known).await? == external_id {
            return Ok(Met::Known(known));
        }
        if let Some(known) = held(tx, external_id).await? {
            return Ok(Met::Known(known));
        }
    }
    if found.buried {
        return Ok(Met::Deleted);
    }
    Ok(Met::Never { acknowledged: found.acknowledged, block: found.block })
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
pub(super) async fn again(
    tx: &mut Tx,
    ctx: &Ctx,
    channel: ChannelId,
    it: &Prepared,
    known: Known,
    at: Timestamp,
) -> Result<Filed> {
    let lost = || Error::Internal("a known message has lost its case".to_owned());
    let message = message::find(tx, known.customer, known.case, known.message).await?.ok_or_else(lost)?;
    let mut case = merge::standing(tx, known.customer, known.case).await?.ok_or_else(lost)?;
    // A reader that died before it knew that it had told us tells us once more.
    let way = also_by(&message.external_id, channel);
    if message.channel != channel && it.own.is_none() && message::refer(tx, &way, known).await? {
        let entry = case.remark(Fact::AlsoArrived { message: message.id, channel }, Actor::Channel(channel), at);
        entry::append(tx, ctx.id(), case.customer, Some(case.id), &entry).await?;
        crate::clock::save(tx, &mut case).await?;
    }
    let association = association::last(tx, case.customer, message.case, message.id).await?;
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
/// The name of a further way by which a message came, so that it is told once.
pub(crate) fn also_by(external_id: &str, channel: ChannelId) -> String {
    format!("{external_id} by {channel}")
}
/// The case in which the message of this name stands, under its customer's lock, and where the message is.
pub(super) async fn case_of(tx: &mut Tx, name: &str) -> Result<Option<(Case, Known)>> {
    let Some(known) = held(tx, name).await? else { return Ok(None) };
    Ok(merge::standing(tx, known.customer, known.case).await?.map(|case| (case, known)))
}
