//! Customers who turn out to be one. No row moves: the one says into whom they were merged, and every read of the other
//! takes both. Undo clears that; what came since stays with the customer to whom it came, who is the one that stays.

use domain::{Actor, CustomerId, Entry, Fact, Member, Right};
use store::{Hint, Lock, Tx, customer, entry};

use crate::{Desk, Error, Result};

impl Desk {
    /// Merges a customer into another, who stays.
    pub async fn merge_customers(&self, by: &Member, id: CustomerId, into: CustomerId) -> Result<()> {
        if !by.role.may(Right::Desk) {
            return Err(Error::NotFound);
        }
        if id == into {
            return Err(Error::Conflict("A customer is not merged with themselves.".to_owned()));
        }
        let (desk, by) = (self.clone(), by.clone());
        self.db
            .write([Lock::Customer(id), Lock::Customer(into)], async move |tx| {
                let mut other = customer::find(tx, id).await?.ok_or(Error::NotFound)?;
                let head = customer::find(tx, into).await?.ok_or(Error::NotFound)?;
                // Both stand for themselves, so no chain of merges leads back to its beginning.
                if other.merged_into.is_some() || head.merged_into.is_some() {
                    return Err(Error::Conflict("One of them was merged into another meanwhile.".to_owned()));
                }
                other.merged_into = Some(into);
                customer::save(tx, &other).await?;
                customer::index(tx, &head).await?;
                let fact = Fact::CustomerMerged { other: id, name: other.name.clone() };
                desk.tell_customer(tx, into, Actor::Staff(by.id), fact).await
            })
            .await
    }

    /// Takes that back.
    pub async fn part_customers(&self, by: &Member, id: CustomerId, from: CustomerId) -> Result<()> {
        if !by.role.may(Right::Desk) {
            return Err(Error::NotFound);
        }
        let (desk, by) = (self.clone(), by.clone());
        self.db
            .write([Lock::Customer(id), Lock::Customer(from)], async move |tx| {
                let mut other = customer::find(tx, id).await?.ok_or(Error::NotFound)?;
                if other.merged_into != Some(from) {
                    return Err(Error::Conflict("This merge was undone already.".to_owned()));
                }
                let (all, own) = (customer::family_of(tx, from).await?, customer::family(tx, id).await?);
                let pairs = customer::merge::one_person(tx, &all).await?;
                if pairs.iter().any(|it| own.contains(&it.of) != own.contains(&it.into)) {
                    let why = "People of both were merged since. Undo that first, in the timeline.";
                    return Err(Error::Conflict(why.to_owned()));
                }
                other.merged_into = None;
                customer::save(tx, &other).await?;
                // The other may have been one of several steps.
                let head = customer::lock_head(tx, from).await?;
                let head = customer::find(tx, head).await?.ok_or(Error::NotFound)?;
                customer::index(tx, &head).await?;
                let fact = Fact::CustomerMergeUndone { name: other.name.clone() };
                desk.tell_customer(tx, from, Actor::Staff(by.id), fact).await
            })
            .await
    }

    /// Writes into a customer's timeline what happened to them.
    pub(crate) async fn tell_customer(&self, tx: &mut Tx, id: CustomerId, by: Actor, fact: Fact) -> Result<()> {
        let it = Entry { number: None, at: self.now(), by, fact };
        entry::append(tx, self.ctx.id(), id, None, &it).await?;
        tx.announce(Hint::new(format!("customer {id}")));
        tx.announce(Hint::new("inbox"));
        Ok(())
    }
}
