//! Channels: mailboxes that are read and sent from, and the tokens of programs that hand mail in.

mod reader;

use std::sync::Arc;

use channels::check;
use channels::{Login, Secret};
use domain::{ChannelId, ChannelKind, Email, Member, Right};
use serde::{Deserialize, Serialize};
use store::channel::{self, Channel};
use store::{Tx, mailbox};

pub use channels::check::{Detail, Outcome, Step, StepName};
pub use channels::{Security, Server};

use crate::mail::Mailbox;
use crate::{Desk, Error, Keys, Post, Result, sign_in};

/// A mailbox as somebody sets it up.
#[derive(Clone, Debug)]
pub struct NewMailbox {
    /// What customers see as the sender's name.
    pub name: String,
    /// The address to which customers write.
    pub address: String,
    /// The server that is read; none for a mailbox whose mail a program hands in.
    pub reading: Option<Server>,
    /// The server that sends; none for a mailbox that only receives.
    pub sending: Option<Server>,
    /// The name to sign in with; mostly the address.
    pub user: String,
    /// The password; empty keeps the one there is.
    pub password: String,
    /// The id by which its server signs Authentication-Results; empty if it does not.
    pub authserv_id: String,
}

/// What is kept of a mailbox, beside its password.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Kept {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reading: Option<Server>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sending: Option<Server>,
    #[serde(default)]
    user: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    authserv_id: Option<String>,
}

/// The servers of a mailbox, with the password.
#[derive(Clone)]
pub(crate) struct Setup {
    pub reading: Option<Server>,
    pub sending: Option<Server>,
    user: String,
    password: Secret,
    address: Email,
}

impl Setup {
    pub(crate) fn of(channel: &Channel, keys: &Keys) -> Result<Setup> {
        let kept = kept(channel)?;
        let password = match &channel.secret {
            Some(sealed) => String::from_utf8(keys.open(&place(channel.id), sealed)?).unwrap_or_default(),
            None => String::new(),
        };
        Ok(Setup {
            reading: kept.reading,
            sending: kept.sending,
            user: kept.user,
            password: Secret::new(password),
            address: mail::ascii(&channel.address),
        })
    }

    pub(crate) fn login(&self) -> Login {
        Login { user: self.user.clone(), password: self.password.clone() }
    }

    /// The name by which we greet a sending server (RFC 5321 §4.1.1.1): the domain for which we send.
    pub(crate) fn helo(&self) -> &str {
        self.address.domain()
    }
}

impl Kept {
    /// Whether `other` is read from where this is: numbers and dates of the one count for the other.
    fn reads_same(&self, other: &Kept) -> bool {
        let place = |it: &Kept| it.reading.as_ref().map(|it| (it.host.to_lowercase(), it.port));
        place(self) == place(other) && self.user == other.user
    }

    /// Whether the password that belongs to this may go where `other` would send it.
    fn covers(&self, other: &Kept) -> bool {
        let hosts =
            |it: &Kept| it.reading.iter().chain(&it.sending).map(|it| it.host.to_lowercase()).collect::<Vec<_>>();
        let known = hosts(self);
        self.user == other.user && hosts(other).iter().all(|it| known.contains(it))
    }
}

/// A password is for the servers and the name for which somebody wrote it.
fn password_again() -> Error {
    Error::invalid("password", "Write the password again: the one there is belongs to another server or user name.")
}

fn kept(channel: &Channel) -> Result<Kept> {
    serde_json::from_str(&channel.setup).map_err(|err| Error::Internal(format!("a channel cannot be read: {err}")))
}

/// What a secret belongs to.
fn place(id: ChannelId) -> String {
    format!("channel {id}")
}

/// The servers of a mailbox, for the form that changes them.
#[derive(Clone, Debug)]
pub struct Servers {
    /// The server that is read.
    pub reading: Option<Server>,
    /// The server that sends.
    pub sending: Option<Server>,
    /// The name to sign in with.
    pub user: String,
    /// The id by which its server signs Authentication-Results.
    pub authserv_id: Option<String>,
}

/// The servers of a mailbox; never its password.
pub fn servers(channel: &Channel) -> Result<Servers> {
    let Kept { reading, sending, user, authserv_id } = kept(channel)?;
    Ok(Servers { reading, sending, user, authserv_id })
}

/// What somebody wrote about a mailbox, once it makes sense.
pub(crate) struct Form {
    name: String,
    address: Email,
    servers: Kept,
    password: String,
}

impl Form {
    pub(crate) fn of(it: NewMailbox) -> Result<Form> {
        let NewMailbox { name, address, reading, sending, user, password, authserv_id } = it;
        let address = Email::parse(&address).ok_or_else(|| {
            Error::invalid("address", "Write the mailbox’s address, such as support@tareline.example.")
        })?;
        for server in reading.iter().chain(&sending) {
            server.check().map_err(|err| Error::invalid("security", err.to_string()))?;
        }
        let name = if name.trim().is_empty() { address.to_string() } else { name.trim().chars().take(80).collect() };
        let authserv_id = Some(authserv_id.trim().to_lowercase()).filter(|it| !it.is_empty());
        let user = if user.trim().is_empty() { address.to_string() } else { user.trim().to_owned() };
        Ok(Form { name, address, servers: Kept { reading, sending, user, authserv_id }, password })
    }
}

impl Desk {
    /// Adds a mailbox, or changes one.
    pub async fn set_mailbox(&self, by: &Member, id: Option<ChannelId>, it: NewMailbox) -> Result<ChannelId> {
        if !by.role.may(Right::Settings) {
            return Err(Error::NotFound);
        }
        self.save_mailbox(id, it).await
    }

    /// Adds a mailbox without asking who wants it: the operator, the demo.
    pub async fn add_mailbox(&self, it: NewMailbox) -> Result<ChannelId> {
        self.save_mailbox(None, it).await
    }

    async fn save_mailbox(&self, id: Option<ChannelId>, it: NewMailbox) -> Result<ChannelId> {
        let (desk, form) = (self.clone(), Form::of(it)?);
        self.db.write([channel::lock()], async move |tx| desk.put_mailbox(tx, id, &form).await).await
    }

    /// Writes a mailbox, new or changed.
    pub(crate) async fn put_mailbox(&self, tx: &mut Tx, id: Option<ChannelId>, form: &Form) -> Result<ChannelId> {
        let old = match id {
            Some(id) => Some(channel::find(tx, id).await?.ok_or(Error::NotFound)?),
            None => None,
        };
        let id = old.as_ref().map_or_else(|| self.ctx.id(), |it| it.id);
        if let Some(old) = &old {
            let before = kept(old)?;
            if form.password.is_empty() && old.secret.is_some() && !before.covers(&form.servers) {
                return Err(password_again());
            }
            if !before.reads_same(&form.servers) {
                mailbox::forget(tx, id).await?;
            }
        }
        let secret = match (form.password.is_empty(), &old) {
            (true, Some(old)) => old.secret.clone(),
            (true, None) => None,
            (false, _) => Some(self.keys.seal(&self.ctx, &place(id), form.password.as_bytes())?),
        };
        let setup = serde_json::to_string(&form.servers).map_err(|err| Error::Internal(err.to_string()))?;
        let created_at = old.map_or(self.now(), |it| it.created_at);
        let (name, address) = (form.name.clone(), form.address.clone());
        let it = Channel { id, kind: ChannelKind::Mail, name, address, setup, secret, created_at };
        match channel::save(tx, &it).await {
            Err(store::Error::Duplicate) => {
                Err(Error::invalid("address", "There is a mailbox with this address already."))
            }
            saved => Ok(saved.map(|()| id)?),
        }
    }

    /// Gives a channel a new token for programs that hand mail in; the one before is void.
    pub async fn channel_token(&self, id: ChannelId) -> Result<String> {
        let token = self.ctx.token();
        let hash = sign_in::hash(&token);
        self.db
            .write([channel::lock()], async move |tx| {
                channel::find(tx, id).await?.ok_or(store::Error::NotFound)?;
                channel::set_token(tx, id, &hash).await
            })
            .await?;
        Ok(token)
    }

    /// [`Desk::channel_token`] for whoever may change settings.
    pub async fn new_channel_token(&self, by: &Member, id: ChannelId) -> Result<String> {
        if !by.role.may(Right::Settings) {
            return Err(Error::NotFound);
        }
        self.channel_token(id).await
    }

    /// The mailbox for which a program hands mail in, if its token is right; [`Error::NotFound`] if there is no such one.
    pub async fn mailbox_by_token(&self, id: ChannelId, token: &str) -> Result<Option<Mailbox>> {
        let kept = self.db.read(async move |rx| channel::token_hash(rx, id).await).await?;
        match kept {
            Some(kept) if sign_in::same(&kept, &sign_in::hash(token)) => self.mailbox(id).await,
            _ => Ok(None),
        }
    }

    /// The mailbox as the pipeline needs it.
    pub async fn mailbox(&self, id: ChannelId) -> Result<Option<Mailbox>> {
        let all = self.db.read(async |rx| channel::all(rx).await).await?;
        let own: Arc<[Email]> = all.iter().map(|it| it.address.clone()).collect();
        let Some(it) = all.into_iter().find(|it| it.id == id) else { return Ok(None) };
        let authserv_id = kept(&it)?.authserv_id;
        Ok(Some(Mailbox { id, address: it.address, authserv_id, own }))
    }

    /// Tries a mailbox before it is set up, step by step. For one that exists, an empty password is the one there is.
    pub async fn try_mailbox(&self, id: Option<ChannelId>, it: &NewMailbox) -> Result<Vec<Step>> {
        let address = Email::parse(&it.address).ok_or_else(|| {
            Error::invalid("address", "Write the mailbox’s address, such as support@tareline.example.")
        })?;
        let (Some(reading), Some(sending)) = (&it.reading, &it.sending) else {
            return Err(Error::invalid("way", "A test needs both servers: choose to have the mailbox read."));
        };
        let user = if it.user.trim().is_empty() { address.to_string() } else { it.user.trim().to_owned() };
        let mut password = it.password.clone();
        if password.is_empty()
            && let Some(id) = id
        {
            let old = self.db.read(async move |rx| channel::find(rx, id).await).await?.ok_or(Error::NotFound)?;
            let new = Kept {
                reading: it.reading.clone(),
                sending: it.sending.clone(),
                user: user.clone(),
                ..Kept::default()
            };
            if old.secret.is_some() && !kept(&old)?.covers(&new) {
                return Err(password_again());
            }
            Setup::of(&old, &self.keys)?.password.reveal().clone_into(&mut password);
        }
        let login = Login { user, password: Secret::new(password) };
        let Post::Servers(tls) = &*self.post else {
            return Err(Error::Conflict("This is a demo: it connects to no server.".to_owned()));
        };
        Ok(check::run((reading, &login), (sending, &login), &mail::ascii(&address), tls).await)
    }
}
