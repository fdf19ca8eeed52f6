//! What is kept of a mailbox: its servers, what the last test found out; and its passwords, sealed.

use std::collections::BTreeSet;

use channels::{Login, Secret, Server};
use domain::{ChannelId, Email, Timestamp};
use serde::{Deserialize, Serialize};
use store::channel::Channel;

use crate::{Ctx, Error, Keys, Result};

/// What is kept of a mailbox, beside its passwords.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Server>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sending: Option<Server>,
    #[serde(default)]
    pub user: String,
    /// Who signs in for sending, if it is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sending_user: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authserv_id: Option<String>,
    /// What the last test of these servers found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
}

/// What a test found out about a mailbox that sent a mail to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// When.
    pub at: Timestamp,
    /// How long the mail took to come back, in milliseconds.
    pub back_ms: u64,
    /// What stands behind a `+` in its address is delivered to it as well, so answers may go there.
    pub plus: bool,
}

/// The passwords of a mailbox.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Passwords {
    /// For reading, and for sending too unless there is another.
    pub main: String,
    /// For sending under another name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sending: Option<String>,
}

impl Passwords {
    pub(super) fn of(channel: &Channel, keys: &Keys) -> Result<Passwords> {
        let Some(sealed) = &channel.secret else { return Ok(Passwords::default()) };
        let open = keys.open(&place(channel.id), sealed)?;
        serde_json::from_slice(&open)
            .map_err(|_| Error::Conflict("The password of this channel cannot be read. Enter it again.".to_owned()))
    }

    pub(super) fn seal(&self, ctx: &Ctx, keys: &Keys, id: ChannelId) -> Result<Vec<u8>> {
        let text = serde_json::to_vec(self).map_err(|err| Error::Internal(err.to_string()))?;
        keys.seal(ctx, &place(id), &text)
    }
}

/// What a secret belongs to.
fn place(id: ChannelId) -> String {
    format!("channel {id}")
}

pub(super) fn kept(channel: &Channel) -> Result<Kept> {
    serde_json::from_str(&channel.setup).map_err(|err| Error::Internal(format!("a channel cannot be read: {err}")))
}

impl Kept {
    /// Whether `other` is read from where this is: numbers and dates of the one count for the other.
    pub(super) fn reads_same(&self, other: &Kept) -> bool {
        let place = |it: &Kept| it.reading.as_ref().map(|it| (it.host.to_lowercase(), it.port));
        place(self) == place(other) && self.user == other.user
    }

    /// Where the main password goes.
    fn main_hosts(&self) -> BTreeSet<String> {
        let sending = self.sending.as_ref().filter(|_| self.sending_user.is_none());
        self.reading.iter().chain(sending).map(|it| it.host.to_lowercase()).collect()
    }

    /// Whether the main password that belongs to this may go where `other` would send it.
    pub(super) fn covers(&self, other: &Kept) -> bool {
        self.user == other.user && other.main_hosts().is_subset(&self.main_hosts())
    }

    /// The same for the password of who signs in for sending alone.
    pub(super) fn covers_sending(&self, other: &Kept) -> bool {
        let host = |it: &Kept| it.sending.as_ref().map(|it| it.host.to_lowercase());
        self.sending_user == other.sending_user && host(self) == host(other)
    }

    /// The passwords of a form that leaves some empty, with those of `before` where they may go: a password is for the
    /// servers and the name for which somebody wrote it.
    pub(super) fn filled(&self, new: &Passwords, before: Option<(&Kept, &Channel)>, keys: &Keys) -> Result<Passwords> {
        let again = |field| {
            Error::invalid(field, "Write the password again: the one there is belongs to another server or user name.")
        };
        let wants_sending = self.sending_user.is_some();
        let given = |it: &Option<String>| it.as_ref().is_some_and(|it| !it.is_empty());
        let mut full = new.clone();
        if let Some((old, channel)) = before.filter(|it| it.1.secret.is_some())
            && (full.main.is_empty() || wants_sending && !given(&full.sending))
        {
            let known = Passwords::of(channel, keys)?;
            if full.main.is_empty() && !known.main.is_empty() {
                if !old.covers(self) {
                    return Err(again("password"));
                }
                full.main = known.main;
            }
            if wants_sending && !given(&full.sending) && given(&known.sending) {
                if !old.covers_sending(self) {
                    return Err(again("sending_password"));
                }
                full.sending = known.sending;
            }
        }
        if !wants_sending {
            full.sending = None;
        }
        Ok(full)
    }
}

/// The servers of a mailbox, with the passwords.
#[derive(Clone)]
pub(crate) struct Setup {
    pub reading: Option<Server>,
    pub sending: Option<Server>,
    user: String,
    sending_user: Option<String>,
    passwords: Passwords,
    address: Email,
}

impl Setup {
    pub(crate) fn of(channel: &Channel, keys: &Keys) -> Result<Setup> {
        let passwords = Passwords::of(channel, keys)?;
        Ok(Setup::with(kept(channel)?, passwords, &channel.address))
    }

    pub(super) fn with(kept: Kept, passwords: Passwords, address: &Email) -> Setup {
        let Kept { reading, sending, user, sending_user, .. } = kept;
        Setup { reading, sending, user, sending_user, passwords, address: mail::ascii(address) }
    }

    /// Who signs in for reading.
    pub(crate) fn login(&self) -> Login {
        Login { user: self.user.clone(), password: Secret::new(self.passwords.main.as_str()) }
    }

    /// Who signs in for sending.
    pub(crate) fn sending_login(&self) -> Login {
        match &self.sending_user {
            Some(user) => {
                let password = self.passwords.sending.as_deref().unwrap_or_default();
                Login { user: user.clone(), password: Secret::new(password) }
            }
            None => self.login(),
        }
    }

    /// The name by which we greet a sending server (RFC 5321 §4.1.1.1): the domain for which we send.
    pub(crate) fn helo(&self) -> &str {
        self.address.domain()
    }

    /// The mailbox's address, as it stands on the wire.
    pub(super) fn address(&self) -> &Email {
        &self.address
    }
}
