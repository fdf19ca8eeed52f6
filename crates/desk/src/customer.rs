//! Who a sender is: a customer from the first moment.

mod merge;

use domain::field::{Change, Values};
use domain::{
    Actor, ChannelId, ContactId, CustomerId, CustomerKind, Email, Entry, Fact, FieldId, IdentityKind, Member, Owner,
    Right, Timestamp, is_free_mail,
};
use store::customer::{self, Customer};
use store::identity::{self, Known};
use store::{Lock, Tx, contact, entry};

use crate::{Ctx, Desk, Error, Result, field};

/// Who wrote, as far as the message itself tells.
pub(crate) struct Sender<'a> {
    pub address: &'a Email,
    pub name: &'a str,
    /// Whether the message proves that they can be reached at their address.
    pub lives: bool,
}

/// The contact and customer of somebody who writes: by their address; or else by their domain, if an organization owns
/// it; or else a provisional individual.
pub(crate) async fn of_sender(
    tx: &mut Tx,
    ctx: &Ctx,
    sender: &Sender<'_>,
    channel: ChannelId,
    at: Timestamp,
) -> Result<Known> {
    let known = identity::find(tx, IdentityKind::Email, sender.address.as_str()).await?;
    if let Some(known) = known.first() {
        let head = customer::lock_head(tx, known.customer).await?;
        revive(tx, *known, sender).await?;
        return Ok(Known { customer: head, ..*known });
    }
    let domain = sender.address.domain();
    if !is_free_mail(domain)
        && let Some(owner) = customer::of_domain(tx, domain).await?
    {
        let head = customer::lock_head(tx, owner).await?;
        return add_contact(tx, ctx, head, sender, channel, at).await;
    }
    let id: CustomerId = ctx.id();
    tx.lock(Lock::Customer(id)).await?;
    let (kind, name) = (CustomerKind::Individual, label(sender));
    let fields = Values::new();
    let it = Customer { id, kind, name, provisional: true, merged_into: None, fields, created_at: at };
    customer::insert(tx, &it).await?;
    let entry = Entry { number: None, at, by: Actor::Channel(channel), fact: Fact::CustomerAdded { kind } };
    entry::append(tx, ctx.id(), id, None, &entry).await?;
    add_contact(tx, ctx, id, sender, channel, at).await
}

/// The contact of this customer who has the sender's address. Somebody who takes part in a case of theirs speaks for
/// them, if only in that.
pub(crate) async fn contact_of(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    sender: &Sender<'_>,
    channel: ChannelId,
    at: Timestamp,
) -> Result<Known> {
    let known = identity::find(tx, IdentityKind::Email, sender.address.as_str()).await?;
    let mut found = known.iter().find(|it| it.customer == customer).copied();
    if found.is_none() && !known.is_empty() {
        let family = customer::family_of(tx, customer).await?;
        found = known.into_iter().find(|it| family.contains(&it.customer));
    }
    match found {
        Some(known) => {
            revive(tx, known, sender).await?;
            Ok(known)
        }
        None => add_contact(tx, ctx, customer, sender, channel, at).await,
    }
}

/// Those of a customer, and of all who were merged with them, whose an address is; each of them locked.
pub(crate) async fn owners(tx: &mut Tx, customer: CustomerId, address: &Email) -> Result<Vec<CustomerId>> {
    let family = customer::family_of(tx, customer).await?;
    let known = identity::find(tx, IdentityKind::Email, address.as_str()).await?;
    let owners: Vec<CustomerId> = known.iter().map(|it| it.customer).filter(|it| family.contains(it)).collect();
    for owner in &owners {
        tx.lock(Lock::Customer(*owner)).await?;
    }
    Ok(owners)
}

/// Who writes from an address can be reached there again.
async fn revive(tx: &mut Tx, known: Known, sender: &Sender<'_>) -> Result<()> {
    if known.undeliverable && sender.lives {
        tx.lock(Lock::Customer(known.customer)).await?;
        identity::set_undeliverable(tx, known.customer, sender.address, None).await?;
    }
    Ok(())
}

async fn add_contact(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    sender: &Sender<'_>,
    channel: ChannelId,
    at: Timestamp,
) -> Result<Known> {
    let id: ContactId = ctx.id();
    contact::insert(tx, customer, id, &label(sender), at).await?;
    let known = Known { customer, contact: id, undeliverable: false };
    identity::insert(tx, IdentityKind::Email, sender.address.as_str(), known).await?;
    let entry = Entry { number: None, at, by: Actor::Channel(channel), fact: Fact::ContactAdded { contact: id } };
    entry::append(tx, ctx.id(), customer, None, &entry).await?;
    Ok(known)
}

fn label(sender: &Sender<'_>) -> String {
    let name: String = sender.name.trim().chars().take(120).collect();
    if name.is_empty() { sender.address.to_string() } else { name }
}

impl Desk {
    /// Adds a customer whom somebody names: the operator, an import, the demo.
    pub async fn add_customer(&self, by: Actor, kind: CustomerKind, name: &str) -> Result<CustomerId> {
        let name = name_of(name)?;
        let (id, at, desk) = (self.ctx.id::<CustomerId>(), self.now(), self.clone());
        let locks = [Lock::Customer(id)];
        self.db
            .write(locks, async move |tx| {
                let (name, fields) = (name.clone(), Values::new());
                let it = Customer { id, kind, name, provisional: false, merged_into: None, fields, created_at: at };
                customer::insert(tx, &it).await?;
                let entry = Entry { number: None, at, by, fact: Fact::CustomerAdded { kind } };
                entry::append(tx, desk.ctx.id(), id, None, &entry).await?;
                Ok(id)
            })
            .await
    }

    /// Says that mail of a domain is this customer's, who is an organization since then.
    pub async fn add_domain(&self, by: &Member, id: CustomerId, domain: &str) -> Result<()> {
        if !by.role.may(Right::Desk) {
            return Err(Error::NotFound);
        }
        self.own_domain(Actor::Staff(by.id), id, domain).await
    }

    /// [`Desk::add_domain`] for those who need no leave: the operator, an import, the demo.
    pub async fn own_domain(&self, by: Actor, id: CustomerId, domain: &str) -> Result<()> {
        let domain = domain.trim().trim_start_matches('@').to_lowercase();
        if Email::parse(&format!("x@{domain}")).is_none() || !domain.contains('.') {
            return Err(Error::invalid("domain", "Write a domain such as northwind.example."));
        }
        if is_free_mail(&domain) {
            let why = format!("{domain} is a free mail provider: its addresses belong to many people.");
            return Err(Error::invalid("domain", why));
        }
        let (at, desk) = (self.now(), self.clone());
        let locks = [Lock::Name(format!("domain {domain}")), Lock::Customer(id)];
        self.db
            .write(locks, async move |tx| {
                let mut it = customer::find(tx, id).await?.ok_or(Error::NotFound)?;
                match customer::of_domain(tx, &domain).await? {
                    Some(owner) if customer::family(tx, id).await?.contains(&owner) => return Ok(()),
                    Some(_) => {
                        return Err(Error::invalid("domain", format!("{domain} is another customer's already.")));
                    }
                    None => customer::add_domain(tx, id, &domain).await?,
                }
                it.kind = CustomerKind::Organization;
                it.provisional = false;
                customer::save(tx, &it).await?;
                let fact = Fact::DomainAdded { domain: domain.clone() };
                entry::append(tx, desk.ctx.id(), id, None, &Entry { number: None, at, by, fact }).await?;
                Ok(())
            })
            .await
    }

    /// Takes a domain from a customer.
    pub async fn remove_domain(&self, by: &Member, id: CustomerId, domain: &str) -> Result<()> {
        if !by.role.may(Right::Desk) {
            return Err(Error::NotFound);
        }
        let (at, desk, by, domain) = (self.now(), self.clone(), Actor::Staff(by.id), domain.to_lowercase());
        let locks = [Lock::Name(format!("domain {domain}")), Lock::Customer(id)];
        self.db
            .write(locks, async move |tx| {
                let owner = customer::of_domain(tx, &domain).await?.ok_or(Error::NotFound)?;
                if !customer::family(tx, id).await?.contains(&owner) {
                    return Err(Error::NotFound);
                }
                tx.lock(Lock::Customer(owner)).await?;
                customer::remove_domain(tx, owner, &domain).await?;
                let fact = Fact::DomainRemoved { domain: domain.clone() };
                entry::append(tx, desk.ctx.id(), id, None, &Entry { number: None, at, by, fact }).await?;
                Ok(())
            })
            .await
    }

    /// Gives a customer another name. Somebody who says it knows who they are.
    pub async fn rename_customer(&self, by: &Member, id: CustomerId, name: &str) -> Result<()> {
        if !by.role.may(Right::Desk) {
            return Err(Error::NotFound);
        }
        let (at, desk, by, name) = (self.now(), self.clone(), Actor::Staff(by.id), name_of(name)?);
        self.db
            .write([Lock::Customer(id)], async move |tx| {
                let mut it = customer::find(tx, id).await?.ok_or(Error::NotFound)?;
                let from = std::mem::replace(&mut it.name, name.clone());
                if from == it.name && !it.provisional {
                    return Ok(());
                }
                it.provisional = false;
                customer::save(tx, &it).await?;
                let fact = Fact::CustomerRenamed { from, to: it.name.clone() };
                entry::append(tx, desk.ctx.id(), id, None, &Entry { number: None, at, by, fact }).await?;
                Ok(())
            })
            .await
    }

    /// Has a customer's fields say what was typed. That does not tell yet who they are.
    pub async fn fill_customer(&self, by: &Member, id: CustomerId, values: Vec<(FieldId, String)>) -> Result<()> {
        let desk = self.clone();
        self.of_customer(by, id, None, async move |tx, who| {
            let entered = field::entered(tx, Owner::Customer, &values).await?;
            let mut it = customer::find(tx, id).await?.ok_or(Error::NotFound)?;
            let family = customer::family(tx, id).await?;
            let others = customer::others(tx, &it, &family).await?;
            let changes =
                entered.iter().filter_map(|(field, value)| field.fill(&mut it.fields, &others, value.as_deref()));
            let changes: Vec<Change> = changes.collect();
            if changes.is_empty() {
                return Ok(());
            }
            customer::save(tx, &it).await?;
            for Change { field, from, to } in changes {
                desk.tell_customer(tx, id, who, Fact::CustomerFieldChanged { field, from, to }).await?;
            }
            Ok(())
        })
        .await
    }
}

pub(crate) fn name_of(name: &str) -> Result<String> {
    let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err(Error::invalid("name", "Write a name.")),
        1..=120 => Ok(name),
        _ => Err(Error::invalid("name", "A name has at most 120 characters.")),
    }
}
