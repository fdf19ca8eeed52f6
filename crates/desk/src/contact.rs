//! People who speak for a customer: they are added, mended, found by further addresses, and turn out to be one.

use domain::entry::Address;
use domain::field::Change;
use domain::{Actor, ContactId, CustomerId, Email, Fact, FieldId, IdentityKind, Member, Owner, Right};
use store::contact::Contact;
use store::identity::{self, Known};
use store::{Lock, Tx, contact, customer, entry};

use crate::customer::name_of;
use crate::{Desk, Error, Result, field};

/// The longest address that is no mail address.
const ADDRESS: usize = 200;

/// An address as somebody typed it.
#[derive(Clone, Debug)]
pub struct Typed {
    /// What kind of address.
    pub kind: IdentityKind,
    /// The address.
    pub address: String,
}

impl Typed {
    /// The address as it is kept.
    fn parse(&self) -> Result<String> {
        let typed = self.address.trim();
        let wrong = |why: &str| Err(Error::invalid("address", why));
        match self.kind {
            IdentityKind::Email => match Email::parse(typed) {
                Some(it) => Ok(it.to_string()),
                None => wrong("Write a mail address such as ruth@northwind.example."),
            },
            IdentityKind::Phone => {
                let number: String = typed.chars().filter(|it| !" ()-./\u{a0}".contains(*it)).collect();
                let digits = number.strip_prefix('+').unwrap_or(&number);
                if (4..=20).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit()) {
                    Ok(number)
                } else {
                    wrong("Write a telephone number such as +44 117 496 0142.")
                }
            }
            IdentityKind::ChatVisitor | IdentityKind::SocialHandle | IdentityKind::ProductUserId => {
                match typed.chars().count() {
                    1..=ADDRESS if !typed.chars().any(char::is_control) => Ok(typed.to_owned()),
                    0 => wrong("Write the address."),
                    _ => wrong("An address has at most 200 characters."),
                }
            }
        }
    }
}

impl Desk {
    /// Adds a person who speaks for a customer, and where they are reached if that is known.
    pub async fn add_contact(&self, by: &Member, id: CustomerId, name: &str, at: Option<Typed>) -> Result<ContactId> {
        let name = name_of(name)?;
        let address = at.as_ref().map(Typed::parse).transpose()?;
        let identity = at.map(|it| it.kind).zip(address);
        let lock = identity.as_ref().map(|(kind, address)| named(*kind, address));
        let desk = self.clone();
        self.of_customer(by, id, lock, async move |tx, who| {
            let contact: ContactId = desk.ctx.id();
            if let Some((kind, address)) = &identity {
                let family = customer::family(tx, id).await?;
                free(tx, &family, *kind, address).await?;
            }
            contact::insert(tx, id, contact, &name, desk.now()).await?;
            desk.tell_customer(tx, id, who, Fact::ContactAdded { contact }).await?;
            if let Some((kind, address)) = &identity {
                let known = Known { customer: id, contact, undeliverable: false };
                identity::insert(tx, *kind, address, known).await?;
                desk.tell_customer(tx, id, who, Fact::IdentityAdded { contact, address: address.clone() }).await?;
            }
            Ok(contact)
        })
        .await
    }

    /// Gives a person another name.
    pub async fn rename_contact(&self, by: &Member, id: CustomerId, contact: ContactId, name: &str) -> Result<()> {
        let (desk, name) = (self.clone(), name_of(name)?);
        self.of_customer(by, id, None, async move |tx, who| {
            let mut it = own(tx, id, contact).await?;
            let from = std::mem::replace(&mut it.name, name.clone());
            if from == it.name {
                return Ok(());
            }
            contact::save(tx, &it).await?;
            let fact = Fact::ContactRenamed { contact: it.id, from, to: it.name.clone() };
            desk.tell_customer(tx, id, who, fact).await
        })
        .await
    }

    /// Has a person's fields say what was typed.
    pub async fn fill_contact(
        &self,
        by: &Member,
        id: CustomerId,
        contact: ContactId,
        values: Vec<(FieldId, String)>,
    ) -> Result<()> {
        let desk = self.clone();
        self.of_customer(by, id, None, async move |tx, who| {
            let mut it = own(tx, id, contact).await?;
            let entered = field::entered(tx, Owner::Contact, &values).await?;
            let family = customer::family(tx, id).await?;
            let others = contact::others(tx, &family, contact).await?;
            let changes =
                entered.iter().filter_map(|(field, value)| field.fill(&mut it.fields, &others, value.as_deref()));
            let changes: Vec<Change> = changes.collect();
            if changes.is_empty() {
                return Ok(());
            }
            contact::save(tx, &it).await?;
            for Change { field, from, to } in changes {
                let fact = Fact::ContactFieldChanged { contact, field, from, to };
                desk.tell_customer(tx, id, who, fact).await?;
            }
            Ok(())
        })
        .await
    }

    /// Says that a person is reached at an address, too.
    pub async fn add_identity(&self, by: &Member, id: CustomerId, contact: ContactId, typed: Typed) -> Result<()> {
        let (desk, kind, address) = (self.clone(), typed.kind, typed.parse()?);
        self.of_customer(by, id, Some(named(kind, &address)), async move |tx, who| {
            let it = own(tx, id, contact).await?;
            let family = customer::family(tx, id).await?;
            free(tx, &family, kind, &address).await?;
            let known = Known { customer: it.customer, contact: it.id, undeliverable: false };
            identity::insert(tx, kind, &address, known).await?;
            desk.tell_customer(tx, id, who, Fact::IdentityAdded { contact: it.id, address: address.clone() }).await
        })
        .await
    }

    /// Says that an address is not a person's. Mail from there is somebody else's from then on.
    pub async fn remove_identity(&self, by: &Member, id: CustomerId, contact: ContactId, it: Typed) -> Result<()> {
        let desk = self.clone();
        self.of_customer(by, id, Some(named(it.kind, &it.address)), async move |tx, who| {
            let mut gone = false;
            for known in of_person(tx, id, contact, &it).await? {
                tx.lock(Lock::Customer(known.customer)).await?;
                let address = identity::Address { kind: it.kind, address: it.address.clone() };
                gone |= identity::remove(tx, known.customer, &address).await?;
            }
            if !gone {
                return Err(Error::NotFound);
            }
            contact::readdressed(tx, &customer::family(tx, id).await?, contact).await?;
            desk.tell_customer(tx, id, who, Fact::IdentityRemoved { contact, address: it.address.clone() }).await
        })
        .await
    }

    /// Says which of several addresses of a kind is the one to write to.
    pub async fn prefer_identity(&self, by: &Member, id: CustomerId, contact: ContactId, it: Typed) -> Result<()> {
        let desk = self.clone();
        self.of_customer(by, id, None, async move |tx, who| {
            if of_person(tx, id, contact, &it).await?.is_empty() {
                return Err(Error::NotFound);
            }
            for customer in customer::family(tx, id).await? {
                tx.lock(Lock::Customer(customer)).await?;
                identity::prefer(tx, customer, contact, it.kind, &it.address).await?;
            }
            desk.tell_customer(tx, id, who, Fact::IdentityPreferred { contact, address: it.address.clone() }).await
        })
        .await
    }

    /// Says that two contacts of a customer are one person: `from` turns out to be `into`.
    pub async fn merge_contacts(&self, by: &Member, id: CustomerId, from: ContactId, into: ContactId) -> Result<()> {
        if from == into {
            return Err(Error::Conflict("A person is not merged with themselves.".to_owned()));
        }
        let desk = self.clone();
        self.of_customer(by, id, None, async move |tx, who| {
            let (mut gone, stays) = (own(tx, id, from).await?, own(tx, id, into).await?);
            let mut identities = Vec::new();
            for customer in customer::family(tx, id).await? {
                for it in identity::of_contact(tx, customer, gone.id).await? {
                    identities.push(Address { kind: it.kind, address: it.address, customer });
                }
            }
            for it in &identities {
                tx.lock(Lock::Customer(it.customer)).await?;
                identity::lead(tx, it, gone.id, stays.id).await?;
            }
            gone.merged_into = Some(stays.id);
            contact::save(tx, &gone).await?;
            contact::readdressed(tx, &[stays.customer], stays.id).await?;
            let fact = Fact::ContactsMerged { into: stays.id, from: gone.id, name: gone.name.clone(), identities };
            desk.tell_customer(tx, id, who, fact).await
        })
        .await
    }

    /// Takes that back: the addresses that led to the one before lead there again, wherever they lead by now.
    pub async fn part_contacts(&self, by: &Member, id: CustomerId, from: ContactId) -> Result<()> {
        let desk = self.clone();
        self.of_customer(by, id, None, async move |tx, who| {
            let family = customer::family(tx, id).await?;
            let mut gone = contact::find(tx, &family, from).await?.ok_or(Error::NotFound)?;
            let Some(into) = gone.merged_into else {
                return Err(Error::Conflict("This was undone already.".to_owned()));
            };
            tx.lock(Lock::Customer(gone.customer)).await?;
            let stands = contact::standing(tx, &family, into).await?.ok_or(Error::NotFound)?;
            let identities = entry::merge_of(tx, &family, from).await?.unwrap_or_default();
            for it in &identities {
                tx.lock(Lock::Customer(it.customer)).await?;
                identity::lead(tx, it, stands.id, gone.id).await?;
            }
            gone.merged_into = None;
            contact::save(tx, &gone).await?;
            contact::readdressed(tx, &[stands.customer], stands.id).await?;
            desk.tell_customer(tx, id, who, Fact::ContactMergeUndone { contact: gone.id }).await
        })
        .await
    }

    /// The frame of every change: for those who see every customer, of somebody who stands for themselves.
    pub(crate) async fn of_customer<T, F>(&self, by: &Member, id: CustomerId, name: Option<Lock>, work: F) -> Result<T>
    where
        F: AsyncFn(&mut Tx, Actor) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        if !by.role.may(Right::Desk) {
            return Err(Error::NotFound);
        }
        let who = Actor::Staff(by.id);
        let locks = name.into_iter().chain([Lock::Customer(id)]);
        self.db
            .write(locks, async move |tx| {
                let it = customer::find(tx, id).await?.ok_or(Error::NotFound)?;
                if it.merged_into.is_some() {
                    return Err(Error::Conflict("This customer was merged into another meanwhile.".to_owned()));
                }
                work(tx, who).await
            })
            .await
    }
}

/// What whoever files a mail from there holds, too.
fn named(kind: IdentityKind, address: &str) -> Lock {
    Lock::Name(format!("{kind} {address}"))
}

/// A contact of a customer, or of one who was merged into them, who did not turn out to be another; locked.
async fn own(tx: &mut Tx, id: CustomerId, contact: ContactId) -> Result<Contact> {
    let family = customer::family(tx, id).await?;
    loop {
        let found = contact::find(tx, &family, contact).await?;
        let it = found.filter(|it| it.merged_into.is_none()).ok_or(Error::NotFound)?;
        // Somebody else may have changed it before its customer was ours.
        if !tx.lock(Lock::Customer(it.customer)).await? {
            return Ok(it);
        }
    }
}

/// Where an address leads to this person.
async fn of_person(tx: &mut Tx, id: CustomerId, contact: ContactId, it: &Typed) -> Result<Vec<Known>> {
    let family = customer::family(tx, id).await?;
    let known = identity::find(tx, it.kind, &it.address).await?;
    Ok(known.into_iter().filter(|it| it.contact == contact && family.contains(&it.customer)).collect())
}

/// Within one customer an address leads to one person.
async fn free(tx: &mut Tx, family: &[CustomerId], kind: IdentityKind, address: &str) -> Result<()> {
    let known = identity::find(tx, kind, address).await?;
    match known.into_iter().find(|it| family.contains(&it.customer)) {
        None => Ok(()),
        Some(it) => {
            let name = contact::standing(tx, family, it.contact).await?.map(|it| it.name).unwrap_or_default();
            Err(Error::invalid("address", format!("This is an address of {name} already.")))
        }
    }
}
