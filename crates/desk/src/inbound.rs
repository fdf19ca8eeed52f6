//! Raw mail that could not be processed: kept as it came, tried again, and left for a person at last.

use domain::{ChannelId, InboundId, Member, Right, Timestamp};
use store::blob;
use store::inbound::{self, Inbound};

use crate::job::{FileInbound, backoff};
use crate::mail::{Receipt, prepare};
use crate::{Desk, Error, Result};

/// How often a raw mail is tried before it waits for a person.
pub(crate) const TRIES: i64 = 3;

impl Desk {
    /// Keeps a raw mail that could not be processed; one that may go better next time is tried again by a job.
    pub(crate) async fn quarantine(
        &self,
        channel: ChannelId,
        raw: Vec<u8>,
        at: Timestamp,
        why: &str,
        tries: i64,
    ) -> Result<Receipt> {
        tracing::warn!(%channel, why, "a mail could not be processed; its raw form is kept");
        let hash = blob::hash(&raw);
        let state = if tries < TRIES { "waiting" } else { "quarantined" };
        let error = Some(why.to_owned());
        let it = Inbound { id: self.ctx.id(), channel, at, state: state.to_owned(), tries, error, hash, raw };
        let locks = [inbound::lock(channel, &it.hash)];
        let desk = self.clone();
        let inbound = self.db.write(locks, async move |tx| {
            if let Some(copy) = inbound::copy(tx, channel, &it.hash).await? {
                return Ok(copy);
            }
            inbound::insert(tx, &it).await?;
            if it.tries < TRIES {
                desk.enqueue(tx, &FileInbound { inbound: it.id }, desk.now().after(backoff(tries))).await?;
            }
            Ok(it.id)
        });
        let inbound = inbound.await.map_err(|err: Error| err)?;
        Ok(Receipt::Quarantined { inbound, why: why.to_owned() })
    }

    /// Tries a mail once more that lies in quarantine. One that is there no longer was filed, or dropped.
    pub async fn try_again(&self, by: &Member, channel: ChannelId, id: InboundId) -> Result<()> {
        if !by.role.may(Right::Settings) {
            return Err(Error::NotFound);
        }
        let kept = self.db.read(async move |rx| inbound::find(rx, id).await).await?;
        match kept.filter(|it| it.channel == channel) {
            Some(_) => self.file_inbound(id).await,
            None => Ok(()),
        }
    }

    /// Drops a mail that lies in quarantine, for somebody who has looked at it.
    pub async fn drop_inbound(&self, by: &Member, channel: ChannelId, id: InboundId) -> Result<()> {
        if !by.role.may(Right::Settings) {
            return Err(Error::NotFound);
        }
        if self.db.write([], async move |tx| inbound::discard(tx, channel, id).await).await? {
            tracing::warn!(%channel, inbound = %id, by = %by.id, "a mail that could not be processed was dropped");
        }
        Ok(())
    }

    /// Tries a raw mail once more. The job of [`FileInbound`].
    pub(crate) async fn file_inbound(&self, id: InboundId) -> Result<()> {
        let Some(it) = self.db.read(async move |rx| inbound::find(rx, id).await).await? else { return Ok(()) };
        let Some(mailbox) = self.mailbox(it.channel).await? else { return Ok(()) };
        let (_, read) = prepare(it.raw, &mailbox, &self.keys).await?;
        let filed = match read {
            Ok(prepared) => self.file(&mailbox, prepared, it.at, Some(id)).await.map(drop),
            Err(why) => Err(Error::Internal(why)),
        };
        let why = match filed {
            Ok(()) => return Ok(()),
            Err(Error::Internal(why)) => why,
            Err(err) => return Err(err),
        };
        let tries = it.tries + 1;
        let state = if tries < TRIES { "waiting" } else { "quarantined" };
        let desk = self.clone();
        self.db
            .write([], async move |tx| {
                inbound::save(tx, id, state, tries, Some(&why)).await?;
                if tries < TRIES {
                    let due = desk.now().after(backoff(tries));
                    desk.enqueue(tx, &FileInbound { inbound: id }, due).await?;
                }
                Ok::<_, Error>(())
            })
            .await
    }
}
