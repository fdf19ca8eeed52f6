//! Raw mail that could not be processed: kept as it came, tried again, and left for a person at last.

mod release;

use bytes::Bytes;
use domain::{ChannelId, InboundId, InboundState, Member, Right, Timestamp};
use store::case::list::Cursor;
use store::inbound::{self, Inbound};
use store::job::{self, Job};
use store::{blob, grave};

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
        raw: Bytes,
        at: Timestamp,
        why: &str,
        tries: i64,
    ) -> Result<Receipt> {
        self.keep_inbound(channel, raw, at, why, Kept { tries, whole: true }).await
    }

    /// Keeps the headers of a mail that stays in its mailbox: a person has to decide.
    pub(crate) async fn keep_headers(
        &self,
        channel: ChannelId,
        headers: Bytes,
        at: Timestamp,
        why: &str,
    ) -> Result<Receipt> {
        self.keep_inbound(channel, headers, at, why, Kept { tries: TRIES, whole: false }).await
    }

    async fn keep_inbound(
        &self,
        channel: ChannelId,
        raw: Bytes,
        at: Timestamp,
        why: &str,
        kept: Kept,
    ) -> Result<Receipt> {
        let Kept { tries, whole } = kept;
        let hash = blob::hash(&raw);
        let state = state_after(tries);
        let error = Some(why.to_owned());
        let it = Inbound { id: self.ctx.id(), channel, at, state, tries, error, hash, whole, raw };
        let locks = [inbound::lock(channel, &it.hash)];
        let desk = self.clone();
        let inbound = self.db.write(locks, async move |tx| {
            if let Some(copy) = inbound::copy(tx, channel, &it.hash).await? {
                return Ok(Some(copy));
            }
            if grave::is_there(tx, &it.hash).await? {
                return Ok(None);
            }
            inbound::insert(tx, &it).await?;
            if it.state == InboundState::Waiting {
                desk.enqueue(tx, &FileInbound { inbound: it.id }, desk.now().after(backoff(tries))).await?;
            }
            Ok(Some(it.id))
        });
        let Some(inbound) = inbound.await.map_err(|err: Error| err)? else { return Ok(Receipt::Deleted) };
        tracing::warn!(%channel, %inbound, "a mail could not be processed; what came of it is kept, with the reason");
        Ok(Receipt::Quarantined { inbound, why: why.to_owned() })
    }

    /// Tries a mail once more that lies in quarantine. One that is there no longer was filed, or dropped.
    pub async fn try_again(&self, by: &Member, channel: ChannelId, id: InboundId) -> Result<()> {
        if !by.role.may(Right::Settings) {
            return Err(Error::NotFound);
        }
        let kept = self.db.read(async move |rx| inbound::find(rx, id).await).await?;
        match kept.filter(|it| it.channel == channel) {
            Some(_) => self.file_inbound(id, None).await,
            None => Ok(()),
        }
    }

    /// Tries all of a mailbox once more that lies in quarantine, by jobs: what cannot be done comes back.
    pub async fn try_all_again(&self, by: &Member, channel: ChannelId) -> Result<()> {
        if !by.role.may(Right::Settings) {
            return Err(Error::NotFound);
        }
        let mut after: Option<Cursor> = None;
        loop {
            let from = after;
            let some = self.db.read(async move |rx| inbound::quarantined_after(rx, channel, from).await).await?;
            let Some(last) = some.last().copied() else { return Ok(()) };
            let desk = self.clone();
            let write = self.db.write([], async move |tx| {
                for it in &some {
                    let inbound = InboundId(it.id);
                    if inbound::wait_again(tx, inbound).await? {
                        desk.enqueue(tx, &FileInbound { inbound }, desk.now()).await?;
                    }
                }
                Ok::<_, Error>(())
            });
            write.await?;
            after = Some(last);
        }
    }

    /// Drops a mail that lies in quarantine, for somebody who has looked at it.
    pub async fn drop_inbound(&self, by: &Member, channel: ChannelId, id: InboundId) -> Result<()> {
        if !by.role.may(Right::Settings) {
            return Err(Error::NotFound);
        }
        let dropped = self.db.write([], async move |tx| {
            let Some(hash) = inbound::discard(tx, channel, id).await? else { return Ok(false) };
            // A mailbox that is read again from its beginning shows it once more.
            grave::dig(tx, &hash).await.map(|()| true)
        });
        if dropped.await.map_err(|err: store::Error| err)? {
            tracing::warn!(%channel, inbound = %id, by = %by.id, "a mail that could not be processed was dropped");
        }
        Ok(())
    }

    /// Tries a raw mail once more: the job of [`FileInbound`], or a person without one.
    pub(crate) async fn file_inbound(&self, id: InboundId, job: Option<&Job>) -> Result<()> {
        let Some(it) = self.db.read(async move |rx| inbound::find(rx, id).await).await? else {
            return match job {
                Some(job) => self.finish(job).await,
                None => Ok(()),
            };
        };
        let Some(mailbox) = self.mailbox(it.channel).await? else {
            return self.give_up_filing(id, job, "The mailbox by which this mail came is gone.").await;
        };
        // The header alone would read as a mail without words.
        if !it.whole {
            return self.give_up_filing(id, job, it.error.as_deref().unwrap_or_default()).await;
        }
        let filed = match prepare(it.raw, &mailbox, &self.keys).await {
            Ok(prepared) => self.file(&mailbox, prepared, it.at, Some((id, job.cloned()))).await.map(drop),
            Err(why) => Err(Error::Internal(why)),
        };
        match filed {
            Err(err) if !err.is_transient() => self.not_filed(id, job, it.tries + 1, unfiled(&err)).await,
            filed => filed,
        }
    }

    /// A raw mail that nobody will try again by itself.
    pub(crate) async fn give_up_filing(&self, id: InboundId, job: Option<&Job>, why: &str) -> Result<()> {
        self.not_filed(id, job, TRIES, why.to_owned()).await
    }

    async fn not_filed(&self, id: InboundId, job: Option<&Job>, tries: i64, why: String) -> Result<()> {
        let (job, state, again) = (job.cloned(), state_after(tries), self.now().after(backoff(tries)));
        let write = self.db.write([], async move |tx| {
            let ours = match (&job, state) {
                (None, _) => true,
                (Some(job), InboundState::Waiting) => job::put_off(tx, job, Some(again), &why).await?,
                (Some(job), InboundState::Quarantined) => job::finish(tx, job).await?,
            };
            if ours { inbound::save(tx, id, state, tries, Some(&why)).await } else { Ok(()) }
        });
        Ok(write.await?)
    }
}

/// How a raw mail is kept.
struct Kept {
    /// How often it was tried.
    tries: i64,
    /// Whether all of it is here.
    whole: bool,
}

fn state_after(tries: i64) -> InboundState {
    if tries < TRIES { InboundState::Waiting } else { InboundState::Quarantined }
}

/// Why a mail could not be filed, for whoever decides what becomes of it.
pub(crate) fn unfiled(err: &Error) -> String {
    match err {
        Error::Store(err) => format!("This mail could not be filed ({err})."),
        Error::Internal(why) => why.clone(),
        err => format!("This mail could not be filed. {err}"),
    }
}
