//! What staff say of an address.

use domain::{Member, MessageId};
use store::{Lock, identity, message};

use crate::case::case_of;
use crate::{Desk, Error, Result};

impl Desk {
    /// Says whether remote pictures in mails of a message's sender are shown unasked, to everybody here.
    pub async fn show_pictures(&self, by: &Member, number: i64, id: MessageId, shown: bool) -> Result<()> {
        let place = self.place_for(by, number).await?;
        let by = by.clone();
        self.db
            .write([Lock::Customer(place.customer)], async move |tx| {
                let case = case_of(tx, &by, number).await?;
                let message = message::find(tx, case.customer, case.id, id).await?.ok_or(Error::NotFound)?;
                let sender = message.sender.address.ok_or(Error::NotFound)?;
                for owner in crate::customer::owners(tx, case.customer, &sender).await? {
                    identity::set_pictures(tx, owner, &sender, shown).await?;
                }
                tx.announce(store::Hint::new(format!("case {}", case.number)));
                Ok(())
            })
            .await
    }
}
