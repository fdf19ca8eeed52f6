//! A mail arrives: message -> identity -> customer -> one case.
//!
//! Both doors, IMAP and the API, call [`Desk::receive`]. What is parsed is parsed outside the write; the customer is
//! found inside it. When it answers, the mail is durable: filed, or kept raw with the reason why it is not.

mod author;
mod file;
mod known;
mod point;
mod read;
mod unwanted;

use std::sync::Arc;

use bytes::Bytes;
use domain::{
    Association, Automatic, CaseId, ChannelId, ContactId, CustomerId, Email, InboundId, MessageId, MessageState,
    Status, Timestamp,
};
use store::blob;
use store::job::{self, Job};

pub use ::mail::without_remote;
pub(crate) use known::{also_by, ours};
pub(crate) use read::{Prepared, prepare};

use crate::{Desk, Error, Result, inbound};

/// A mailbox as the pipeline needs it.
#[derive(Clone, Debug)]
pub struct Mailbox {
    /// The channel.
    pub id: ChannelId,
    /// The address to which customers write.
    pub address: Email,
    /// The id by which its server signs Authentication-Results (RFC 8601 §2.5).
    pub authserv_id: Option<String>,
    /// Every address that is ours.
    pub own: Arc<[Email]>,
    /// What comes is older mail that is brought in: its cases are closed, and nobody is told or answered.
    pub history: bool,
}

/// What became of a mail.
#[derive(Clone, Debug)]
pub enum Receipt {
    /// It is a message now.
    Filed(Box<Filed>),
    /// We have had it before.
    Known(Box<Filed>),
    /// We have had it before, and somebody has deleted it for good.
    Deleted,
    /// It could not be processed. Its raw form is kept.
    Quarantined {
        /// Where.
        inbound: InboundId,
        /// Why, in a sentence.
        why: String,
    },
}

/// Where a message was filed.
#[derive(Clone, Debug)]
pub struct Filed {
    /// Whose it is.
    pub customer: CustomerId,
    /// Who wrote it.
    pub contact: Option<ContactId>,
    /// Its case.
    pub case: CaseId,
    /// The case's number.
    pub number: i64,
    /// The case's status now.
    pub status: Status,
    /// The message.
    pub message: MessageId,
    /// Its state.
    pub state: MessageState,
    /// Set if a machine wrote it.
    pub automatic: Option<Automatic>,
    /// The decision that put it there.
    pub association: Association,
}

impl Desk {
    /// Takes a raw mail that reached us at `at`. An error means that nothing was stored: the sender keeps it and tries
    /// again.
    pub async fn receive(&self, mailbox: &Mailbox, raw: Vec<u8>, at: Timestamp) -> Result<Receipt> {
        let raw = Bytes::from(raw);
        match prepare(raw.clone(), mailbox, &self.keys).await {
            Ok(prepared) => match self.file(mailbox, prepared, at, None).await {
                // The database is there, and cannot do this mail: no other try by its sender would change that, and
                // what comes behind it must not wait.
                Err(err) if !err.is_transient() => {
                    // Whoever tries it later knows no more that it is history, so that is left to a person.
                    let tries = if mailbox.history { inbound::TRIES } else { 1 };
                    self.quarantine(mailbox.id, raw, at, &inbound::unfiled(&err), tries).await
                }
                receipt => receipt,
            },
            Err(why) => self.quarantine(mailbox.id, raw, at, &why, inbound::TRIES).await,
        }
    }

    /// Files a mail, and ends its life as a raw one, and the job about it, if it had such.
    pub(crate) async fn file(
        &self,
        mailbox: &Mailbox,
        prepared: Prepared,
        at: Timestamp,
        waiting: Option<(InboundId, Option<Job>)>,
    ) -> Result<Receipt> {
        blob::keep(&self.db, &prepared.blobs).await?;
        let locks = prepared.locks();
        let (desk, channel) = (self.clone(), mailbox.id);
        self.db
            .write(locks, async move |tx| {
                if prepared.history {
                    tx.hush();
                }
                let receipt = file::file(tx, &desk, channel, &prepared, at).await?;
                if let Some((inbound, job)) = &waiting {
                    if !store::inbound::delete(tx, *inbound).await? {
                        let why = "Somebody else has taken this mail in, or dropped it, meanwhile.";
                        return Err(Error::Conflict(why.to_owned()));
                    }
                    if let Some(job) = job {
                        job::finish(tx, job).await?;
                    }
                }
                Ok(receipt)
            })
            .await
    }
}
