//! Whose mail goes to spam: what staff say about senders.

use domain::block::{Sender, Unblockable};
use domain::{Member, Right};
use store::{block, message};

use crate::{Desk, Error, Result};

impl Desk {
    /// Blocks whom somebody names: an address, or a domain.
    pub async fn block(&self, by: &Member, sender: &str) -> Result<()> {
        let sender = Sender::parse(sender).map_err(invalid)?;
        self.put_block(by, sender).await
    }

    /// Blocks the sender of a case, or everybody of their domain.
    pub async fn block_sender_of(&self, by: &Member, number: i64, whole_domain: bool) -> Result<()> {
        let from = self.sender_of(by, number).await?;
        self.put_block(by, if whole_domain { Sender::domain(&from) } else { Sender::address(&from) }).await
    }

    /// Takes back what the page of a case says holds its sender. Where both the address and its domain are blocked, the
    /// other one is said then.
    pub async fn unblock_sender_of(&self, by: &Member, number: i64) -> Result<()> {
        let from = self.sender_of(by, number).await?;
        match self.db.read(async move |rx| block::of(rx, &from).await).await? {
            Some(held) => self.unblock(by, &held).await,
            None => Ok(()),
        }
    }

    /// Takes a block back. Nothing to say if there is none.
    pub async fn unblock(&self, by: &Member, sender: &str) -> Result<()> {
        let sender = Sender::parse(sender).map_err(invalid)?;
        self.take_block(by, sender).await
    }

    async fn put_block(&self, by: &Member, sender: Sender) -> Result<()> {
        if !by.role.may(Right::Desk) {
            return Err(Error::NotFound);
        }
        let (who, now) = (by.id, self.now());
        self.db
            .write([block::lock()], async move |tx| {
                sender.check(&block::own(tx).await?).map_err(invalid)?;
                block::insert(tx, &sender, who, now).await?;
                Ok(())
            })
            .await
    }

    async fn take_block(&self, by: &Member, sender: Sender) -> Result<()> {
        if !by.role.may(Right::Desk) {
            return Err(Error::NotFound);
        }
        let who = by.id;
        let write = self.db.write([block::lock()], async move |tx| {
            if block::delete(tx, &sender).await? {
                tracing::warn!(by = %who, whole_domain = sender.is_domain(), "a block was taken back");
            }
            Ok::<_, store::Error>(())
        });
        Ok(write.await?)
    }

    /// Who wrote last in a case that this member may see.
    async fn sender_of(&self, by: &Member, number: i64) -> Result<domain::Email> {
        let place = self.place_for(by, number).await?;
        let newest =
            self.db.read(async move |rx| message::newest_inbound(rx, place.customer, place.case).await).await?;
        let nobody = || Error::Conflict("Nobody has written in this case yet.".to_owned());
        newest.and_then(|it| it.sender.address).ok_or_else(nobody)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is the end of it")]
fn invalid(why: Unblockable) -> Error {
    Error::invalid("sender", why.to_string())
}
