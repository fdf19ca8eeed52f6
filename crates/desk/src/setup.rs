//! The first visit: who runs the desk, who administers it, and its first mailbox.

use domain::{Email, Role};
use serde::{Deserialize, Serialize};
use store::organization::{self, Organization};
use store::{channel, staff};

use crate::channel::{Form, NewMailbox};
use crate::{Desk, Error, Result, sign_in};

/// The desk's setting that holds the hash of the setup link's token.
const TOKEN: &str = "setup_token";

/// What the first page asks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FirstVisit {
    /// The organization's name.
    pub organization: String,
    /// Its time zone, by its IANA name.
    pub time_zone: String,
    /// The administrator's name.
    pub name: String,
    /// The address by which they will sign in.
    pub email: String,
    /// Their password.
    pub password: String,
}

impl Desk {
    /// A token for the setup page, if the desk is not set up yet. Earlier ones are void.
    pub async fn setup_token(&self) -> Result<Option<String>> {
        let token = self.ctx.token();
        let hash = sign_in::hash_hex(&token);
        self.db
            .write([organization::lock()], async move |tx| {
                if organization::find(tx).await?.is_some() {
                    return Ok(None);
                }
                organization::set(tx, TOKEN, &hash).await?;
                Ok(Some(token.clone()))
            })
            .await
    }

    /// Whether this token opens the setup page.
    pub async fn may_set_up(&self, token: &str) -> Result<bool> {
        let hash = sign_in::hash_hex(token);
        let found = self.db.read(async |rx| {
            let open = organization::find(rx).await?.is_none();
            Ok::<_, store::Error>((open, organization::setting(rx, TOKEN).await?))
        });
        let (open, kept) = found.await?;
        Ok(open && kept.is_some_and(|it| sign_in::same(it.as_bytes(), hash.as_bytes())))
    }

    /// Sets the desk up, once.
    pub async fn set_up(&self, token: &str, visit: FirstVisit, mailbox: Option<NewMailbox>) -> Result<()> {
        if !self.may_set_up(token).await? {
            return Err(Error::NotFound);
        }
        self.found(visit, mailbox).await.map(drop)
    }

    /// The organization, its administrator and its first mailbox, all or nothing: for [`Desk::set_up`] and the demo.
    pub async fn found(&self, visit: FirstVisit, mailbox: Option<NewMailbox>) -> Result<domain::StaffId> {
        let mailbox = mailbox.map(Form::of).transpose()?;
        let name = visit.organization.trim().to_owned();
        if name.is_empty() || name.chars().count() > 120 {
            return Err(Error::invalid("organization", "Write the name of your organization."));
        }
        let email = Email::parse(&visit.email)
            .ok_or_else(|| Error::invalid("email", "Write your mail address, such as ines@tareline.example."))?;
        let person = self.new_staff(&visit.name, email, Role::Administrator, &visit.password).await?;
        let it = Organization { name, time_zone: visit.time_zone, set_up_at: self.now() };
        let desk = self.clone();
        self.db
            .write([organization::lock(), staff::lock(), channel::lock()], async move |tx| {
                if organization::find(tx).await?.is_some() {
                    return Err(Error::NotFound);
                }
                organization::save(tx, &it).await?;
                staff::insert(tx, &person).await?;
                organization::set(tx, TOKEN, "").await?;
                if let Some(mailbox) = &mailbox {
                    desk.put_mailbox(tx, None, mailbox).await?;
                }
                Ok(person.id)
            })
            .await
    }

    /// Changes the organization's name and time zone.
    pub async fn save_organization(&self, by: &domain::Member, name: &str, time_zone: &str) -> Result<()> {
        if !by.role.may(domain::Right::Settings) {
            return Err(Error::NotFound);
        }
        let (name, time_zone) = (name.trim().to_owned(), time_zone.to_owned());
        if name.is_empty() || name.chars().count() > 120 {
            return Err(Error::invalid("organization", "Write the name of your organization."));
        }
        self.db
            .write([organization::lock()], async move |tx| {
                let old = organization::find(tx).await?.ok_or(Error::NotFound)?;
                let it = Organization { name: name.clone(), time_zone: time_zone.clone(), ..old };
                Ok(organization::save(tx, &it).await?)
            })
            .await
    }
}
