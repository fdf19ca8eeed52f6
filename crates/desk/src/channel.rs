//! Channels: mailboxes that are read and sent from, and the tokens of programs that hand mail in.

mod history;
mod reader;
mod setup;
mod trial;

use std::sync::Arc;

use domain::{ChannelId, ChannelKind, Email, Member, Right};
use store::channel::{self, Channel};
use store::{Tx, dkim, mailbox};

pub use channels::check::{Detail, Outcome, Step, StepName};
pub use channels::guess::{Found, How};
pub use channels::{Security, Server};
pub use history::LONGEST;
pub use setup::Proof;
pub use trial::{Tested, Trial};

pub(crate) use setup::Setup;

use crate::mail::Mailbox;
use crate::{Desk, Error, Result, sign_in};
use setup::{Kept, Passwords, kept};

/// A mailbox as somebody sets it up.
#[derive(Clone, Debug, Default)]
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
    /// The name to sign in with for sending, if it is another; empty: the same name and password.
    pub sending_user: String,
    /// Its password; empty keeps the one there is.
    pub sending_password: String,
    /// Further addresses that lead into this mailbox.
    pub aliases: Vec<String>,
    /// For a new one: from how many days back older mail is brought in, closed and silent; 0: none.
    pub history_days: u32,
    /// What [`Tested::receipt`] said of these servers; empty if they were not tested.
    pub tested: String,
    /// The id by which its server signs Authentication-Results; empty if it does not.
    pub authserv_id: String,
}

/// What the settings show of a mailbox; never its passwords.
#[derive(Clone, Debug)]
pub struct Servers {
    /// The server that is read.
    pub reading: Option<Server>,
    /// The server that sends.
    pub sending: Option<Server>,
    /// The name to sign in with.
    pub user: String,
    /// The name to sign in with for sending, if it is another.
    pub sending_user: Option<String>,
    /// The id by which its server signs Authentication-Results.
    pub authserv_id: Option<String>,
    /// What the last test of these servers found out, if a mail came back.
    pub proof: Option<Proof>,
}

/// What the settings show of a mailbox.
pub fn servers(channel: &Channel) -> Result<Servers> {
    let Kept { reading, sending, user, sending_user, authserv_id, proof } = kept(channel)?;
    Ok(Servers { reading, sending, user, sending_user, authserv_id, proof })
}

/// Whether answers may go to the channel's address with a token behind a `+`: only where a test proved that they arrive.
pub(crate) fn takes_plus(channel: &Channel) -> bool {
    kept(channel).is_ok_and(|it| it.proof.is_some_and(|it| it.plus))
}

/// How many further addresses a mailbox may have.
const ALIASES: usize = 50;

/// What somebody wrote about a mailbox, once it makes sense.
pub(crate) struct Form {
    name: String,
    address: Email,
    aliases: Vec<Email>,
    servers: Kept,
    passwords: Passwords,
    history_days: u32,
    tested: String,
}

impl Form {
    pub(crate) fn of(it: NewMailbox) -> Result<Form> {
        let address = Email::parse(&it.address).ok_or_else(|| {
            Error::invalid("address", "Write the mailbox’s address, such as support@tareline.example.")
        })?;
        let aliases = aliases(&it.aliases, &address)?;
        for server in it.reading.iter().chain(&it.sending) {
            server.check().map_err(|err| Error::invalid("security", err.to_string()))?;
        }
        let name =
            if it.name.trim().is_empty() { address.to_string() } else { it.name.trim().chars().take(80).collect() };
        let authserv_id = Some(it.authserv_id.trim().to_lowercase()).filter(|it| !it.is_empty());
        let user = if it.user.trim().is_empty() { address.to_string() } else { it.user.trim().to_owned() };
        let sending_user = Some(it.sending_user.trim().to_owned()).filter(|it| !it.is_empty());
        let sending = Some(it.sending_password).filter(|_| sending_user.is_some());
        let passwords = Passwords { main: it.password, sending };
        let (reading, sending) = (it.reading, it.sending);
        let servers = Kept { reading, sending, user, sending_user, authserv_id, proof: None };
        Ok(Form { name, address, aliases, servers, passwords, history_days: it.history_days, tested: it.tested })
    }
}

fn aliases(written: &[String], address: &Email) -> Result<Vec<Email>> {
    let mut aliases: Vec<Email> = Vec::new();
    for text in written.iter().map(|it| it.trim()).filter(|it| !it.is_empty()) {
        let alias = Email::parse(text)
            .ok_or_else(|| Error::invalid("aliases", format!("“{text}” is no mail address: write one to a line.")))?;
        if alias != *address && !aliases.contains(&alias) {
            aliases.push(alias);
        }
    }
    if aliases.len() > ALIASES {
        return Err(Error::invalid("aliases", format!("A mailbox has at most {ALIASES} further addresses.")));
    }
    Ok(aliases)
}

/// An address leads into one mailbox.
async fn unclaimed(tx: &Tx, id: ChannelId, form: &Form) -> Result<()> {
    for other in channel::all(tx).await?.into_iter().filter(|it| it.id != id) {
        if other.addresses().any(|it| *it == form.address) {
            return Err(Error::invalid("address", "There is a mailbox with this address already."));
        }
        if let Some(taken) = form.aliases.iter().find(|it| other.addresses().any(|theirs| theirs == *it)) {
            return Err(Error::invalid("aliases", format!("{taken} belongs to the mailbox {} already.", other.name)));
        }
    }
    Ok(())
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
        unclaimed(tx, id, form).await?;
        let before = old.as_ref().map(|it| Ok::<_, Error>((kept(it)?, it))).transpose()?;
        let passwords = form.servers.filled(&form.passwords, before.as_ref().map(|it| (&it.0, it.1)), &self.keys)?;
        let mut servers = form.servers.clone();
        servers.proof = self.proof(&form.tested, &form.address, &servers);
        if let Some((before, old)) = &before {
            if !before.reads_same(&servers) {
                mailbox::forget(tx, id).await?;
                store::history::forget(tx, id).await?;
            }
            if servers.proof.is_none() && trial::way(&old.address, before) == trial::way(&form.address, &servers) {
                servers.proof = before.proof;
            }
        }
        let none = passwords.main.is_empty() && passwords.sending.is_none();
        let secret = if none { None } else { Some(passwords.seal(&self.ctx, &self.keys, id)?) };
        let setup = serde_json::to_string(&servers).map_err(|err| Error::Internal(err.to_string()))?;
        let days = if old.is_none() { form.history_days } else { 0 };
        // The record of the key stands at the domain of before.
        if old.as_ref().is_some_and(|it| it.address.domain() != form.address.domain())
            && let Some(mut key) = dkim::find(tx, id).await?
        {
            key.public.on = false;
            dkim::save(tx, id, Some(&key)).await?;
        }
        let created_at = old.map_or(self.now(), |it| it.created_at);
        let (name, address, aliases) = (form.name.clone(), form.address.clone(), form.aliases.clone());
        let it = Channel { id, kind: ChannelKind::Mail, name, address, aliases, setup, secret, created_at };
        match channel::save(tx, &it).await {
            Err(store::Error::Duplicate) => {
                Err(Error::invalid("address", "There is a mailbox with this address already."))
            }
            saved => {
                saved?;
                if days > 0 {
                    self.want_history(tx, id, days).await?;
                }
                Ok(id)
            }
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
        let own: Arc<[Email]> = all.iter().flat_map(Channel::addresses).cloned().collect();
        let Some(it) = all.into_iter().find(|it| it.id == id) else { return Ok(None) };
        let authserv_id = kept(&it)?.authserv_id;
        Ok(Some(Mailbox { id, address: it.address, authserv_id, own, history: false }))
    }
}
