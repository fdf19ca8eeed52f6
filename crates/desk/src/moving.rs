//! A case moves to another customer, with all that is its own; and back.
//!
//! Who speaks in it speaks for the other customer, too, from then on: as the contact there who has one of their addresses,
//! or as one who is added with all of them. Whoever undoes the move takes those away again who did nothing else there.

use domain::field::Values;
use domain::{Actor, Case, ContactId, CustomerId, Entry, Fact, Member, Move, Persona, Refusal, Right};
use store::case::{Place, merge, moving};
use store::contact::Contact;
use store::identity::{self, Known};
use store::{Lock, Tx, case, contact, customer, entry, message, outbox};

use crate::case::{append, case_of};
use crate::split::names;
use crate::{Desk, Error, Result};

impl Desk {
    /// Moves a case to another customer.
    pub async fn move_case(&self, by: &Member, number: i64, to: CustomerId) -> Result<()> {
        if !by.role.may(Right::Desk) {
            return Err(Error::NotFound);
        }
        let place = self.place_for(by, number).await?;
        let (desk, by) = (self.clone(), by.clone());
        self.db
            .write([Lock::Customer(place.customer), Lock::Customer(to)], async move |tx| {
                let case = case_of(tx, &by, number).await?;
                let to = customer::lock_head(tx, to).await?;
                desk.carry(tx, &by, case, to).await.map(drop)
            })
            .await
    }

    /// Takes a case to another customer, whose lock is held as that of its own is.
    pub(crate) async fn carry(&self, tx: &mut Tx, by: &Member, case: Case, to: CustomerId) -> Result<Case> {
        case.changeable()?;
        let from = customer::head(tx, case.customer).await?.ok_or(Error::NotFound)?;
        let to = customer::find(tx, to).await?.ok_or(Error::NotFound)?;
        if from.id == to.id {
            return Err(Error::Conflict("This case is theirs already.".to_owned()));
        }
        let old = case.customer;
        let mut people = Vec::new();
        for was in everybody(tx, &case).await? {
            people.push(self.persona(tx, old, was, to.id).await?);
        }
        let mut case = self.put_under(tx, case, to.id, &people).await?;
        let it = Move { from: old, from_name: from.name, to: to.id, to_name: to.name, people };
        self.tell_moved(tx, by, &mut case, Fact::Moved(Box::new(it))).await?;
        Ok(case)
    }

    /// Takes a case back to whose it was.
    pub(crate) async fn move_back(&self, tx: &mut Tx, by: &Member, case: Case, it: &Move, entry: i64) -> Result<()> {
        if !by.role.may(Right::Desk) {
            return Err(Error::NotFound);
        }
        case.changeable()?;
        let newer = entry::last_move(tx, Place { customer: case.customer, case: case.id }).await?;
        if case.customer != it.to || newer != Some(entry) {
            return Err(Refusal::NotMoved.into());
        }
        tx.lock(Lock::Customer(it.from)).await?;
        let mut people = Vec::new();
        for was in everybody(tx, &case).await? {
            let known = it.people.iter().find(|it| it.is == was).map(|it| it.was);
            people.push(match known {
                Some(is) if contact::exists(tx, it.from, is).await? => Persona { was, is, added: false },
                _ => self.persona(tx, it.to, was, it.from).await?,
            });
        }
        let mut case = self.put_under(tx, case, it.from, &people).await?;
        for added in it.people.iter().filter(|it| it.added) {
            let (there, here) = (identity::of_contact(tx, it.to, added.is).await?, (it.from, added.was));
            let same = there == identity::of_contact(tx, here.0, here.1).await?
                && said(tx, it.to, added.is).await? == said(tx, here.0, here.1).await?;
            if same && contact::is_idle(tx, it.to, added.is).await? {
                contact::remove(tx, it.to, added.is).await?;
            }
        }
        let back =
            Move { from: it.to, from_name: it.to_name.clone(), to: it.from, to_name: it.from_name.clone(), people };
        self.tell_moved(tx, by, &mut case, Fact::MovedBack(Box::new(back))).await
    }

    /// The rows themselves, of the case and of those that it took in.
    async fn put_under(&self, tx: &mut Tx, case: Case, to: CustomerId, people: &[Persona]) -> Result<Case> {
        let from = case.customer;
        let members = merge::members(tx, from, case.id).await?;
        for it in [&case].into_iter().chain(&members) {
            if outbox::is_leaving(tx, from, it.id).await? {
                return Err(Refusal::OnItsWay.into());
            }
            let messages = message::of_case(tx, from, it.id).await?;
            moving::move_rows(tx, Place { customer: from, case: it.id }, to, &[it.number]).await?;
            for message in messages {
                moving::lead(tx, message.id, &names(tx, &message).await?, to).await?;
            }
            for Persona { was, is, .. } in people.iter().filter(|it| it.was != it.is) {
                moving::rename(tx, Place { customer: to, case: it.id }, *was, *is).await?;
            }
        }
        case::find(tx, to, case.id).await?.ok_or(Error::NotFound)
    }

    /// Whom of another customer a contact is: found by one of their addresses, or else added with all of them.
    async fn persona(&self, tx: &mut Tx, from: CustomerId, was: ContactId, to: CustomerId) -> Result<Persona> {
        let (family, theirs) = (customer::family_of(tx, from).await?, customer::family_of(tx, to).await?);
        let mut addresses = Vec::new();
        for it in &family {
            addresses.extend(identity::of_contact(tx, *it, was).await?);
        }
        for it in &addresses {
            let known = identity::find(tx, it.kind, &it.address).await?;
            if let Some(known) = known.into_iter().find(|it| theirs.contains(&it.customer)) {
                return Ok(Persona { was, is: known.contact, added: false });
            }
        }
        let name = contact::standing(tx, &family, was).await?.map(|it| it.name).unwrap_or_default();
        let fields = said(tx, from, was).await?;
        let is: ContactId = self.ctx.id();
        contact::insert(tx, to, is, &name, self.now()).await?;
        if !fields.is_empty() {
            contact::save(tx, &Contact { customer: to, id: is, name, merged_into: None, fields }).await?;
        }
        for it in &addresses {
            let known = Known { customer: to, contact: is, undeliverable: false };
            identity::insert(tx, it.kind, &it.address, known).await?;
        }
        Ok(Persona { was, is, added: true })
    }

    async fn tell_moved(&self, tx: &mut Tx, by: &Member, case: &mut Case, fact: Fact) -> Result<()> {
        let (Fact::Moved(it) | Fact::MovedBack(it)) = &fact else { return Ok(()) };
        let left = Fact::CaseLeft { number: case.number, to: it.to_name.clone() };
        let (who, now, from) = (Actor::Staff(by.id), self.now(), it.from);
        entry::append(tx, self.ctx.id(), from, None, &Entry { number: None, at: now, by: who, fact: left }).await?;
        let entry = case.remark(fact, who, now);
        append(tx, self, case, &entry).await?;
        crate::clock::save(tx, case).await
    }
}

/// What the fields of a person say, of whoever stands for the customer and the contact.
async fn said(tx: &Tx, customer: CustomerId, id: ContactId) -> Result<Values> {
    let family = customer::family_of(tx, customer).await?;
    match contact::standing(tx, &family, id).await? {
        Some(it) => Ok(contact::said(tx, &family, &it).await?),
        None => Ok(Values::new()),
    }
}

/// Everybody of the customer who speaks in a case, or in one that it took in.
async fn everybody(tx: &mut Tx, case: &Case) -> Result<Vec<ContactId>> {
    let mut all = Vec::new();
    for id in merge::with_members(tx, case.customer, case.id).await? {
        all.extend(moving::people(tx, Place { customer: case.customer, case: id }).await?);
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}
