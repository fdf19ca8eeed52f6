//! Channels: the configured ways in and out.

use domain::{ChannelId, ChannelKind, Email, Right, Timestamp};

use crate::history::{self, History};
use crate::mailbox::{self, Mailbox};
use crate::param::{from_json, json};
use crate::{FromRow, Hint, Lock, Read, Result, Row, Scope, Tx};

/// A configured way in and out.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// What kind of way.
    pub kind: ChannelKind,
    /// What people call it, and what customers see as the sender's name.
    pub name: String,
    /// The address to which customers write.
    pub address: Email,
    /// Further addresses that lead into it.
    pub aliases: Vec<Email>,
    /// Its servers and options, as its kind writes them (JSON).
    pub setup: String,
    /// Its passwords, encrypted.
    pub secret: Option<Vec<u8>>,
    /// Since when there is one.
    pub created_at: Timestamp,
}

impl FromRow for Channel {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Channel {
            id: row.get("id")?,
            kind: row.get("kind")?,
            name: row.get("name")?,
            address: row.get("address")?,
            aliases: from_json(row, "aliases")?,
            setup: row.get("setup")?,
            secret: row.get("secret")?,
            created_at: row.get("created_at")?,
        })
    }
}

impl Channel {
    /// Every address that leads into it, its own first: mail from one of them is ours, and no customer's.
    pub fn addresses(&self) -> impl Iterator<Item = &Email> {
        std::iter::once(&self.address).chain(&self.aliases)
    }
}

/// Writes that change channels hold this.
pub fn lock() -> Lock {
    Lock::Name("channels".to_owned())
}

/// All channels, for the workers.
pub async fn all(rx: &Read) -> Result<Vec<Channel>> {
    rx.all("select id, kind, name, address, aliases, setup, secret, created_at from channels order by id", &[]).await
}

/// A channel as every page may name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Its id.
    pub id: ChannelId,
    /// What people call it.
    pub name: String,
    /// The address to which customers write.
    pub address: Email,
    /// Further addresses that lead into it.
    pub aliases: Vec<Email>,
}

impl Name {
    /// Every address that leads into it, its own first.
    pub fn addresses(&self) -> impl Iterator<Item = &Email> {
        std::iter::once(&self.address).chain(&self.aliases)
    }
}

impl FromRow for Name {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Name {
            id: row.get("id")?,
            name: row.get("name")?,
            address: row.get("address")?,
            aliases: from_json(row, "aliases")?,
        })
    }
}

/// The names of all channels: pages say by which way a message came.
pub async fn names(rx: &Read, scope: &Scope) -> Result<Vec<Name>> {
    scope.needs(Right::Cases)?;
    rx.all("select id, name, address, aliases from channels order by id", &[]).await
}

/// One channel.
pub async fn find(rx: &Read, id: ChannelId) -> Result<Option<Channel>> {
    rx.find("select id, kind, name, address, aliases, setup, secret, created_at from channels where id = $1", &[&id])
        .await
}

/// The hash of the token by which a channel's own programs sign in; [`crate::Error::NotFound`] if there is no channel.
pub async fn token_hash(rx: &Read, id: ChannelId) -> Result<Option<Vec<u8>>> {
    rx.one("select token_hash from channels where id = $1", &[&id]).await
}

/// Adds a channel, or replaces what it had. [`crate::Error::Duplicate`] if another has its address.
pub async fn save(tx: &mut Tx, it: &Channel) -> Result<()> {
    tx.holds(&lock())?;
    let sql = "insert into channels (id, kind, name, address, aliases, setup, secret, created_at)
               values ($1, $2, $3, $4, $5, $6, $7, $8)
               on conflict (id) do update set name = excluded.name, address = excluded.address,
                aliases = excluded.aliases, setup = excluded.setup, secret = excluded.secret";
    tx.run(sql, &[&it.id, &it.kind, &it.name, &it.address, &json(&it.aliases)?, &it.setup, &it.secret, &it.created_at])
        .await?;
    tx.announce(Hint::new("channels"));
    Ok(())
}

/// Gives a channel a token.
pub async fn set_token(tx: &mut Tx, id: ChannelId, hash: &[u8]) -> Result<()> {
    tx.holds(&lock())?;
    let sql = "update channels set token_hash = $2 where id = $1";
    tx.run(sql, &[&id, &hash]).await.map(drop)
}

/// A channel as the settings show it: without its secret.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The channel.
    pub channel: Channel,
    /// How it stands, if it was ever connected.
    pub mailbox: Option<Mailbox>,
    /// Its older mail, if somebody wanted that.
    pub history: Option<History>,
    /// How much lies in its quarantine, up to a hundred.
    pub quarantined: i64,
}

/// Channels as the settings show them.
pub async fn lines(rx: &Read, scope: &Scope) -> Result<Vec<Line>> {
    scope.needs(Right::Settings)?;
    let mut lines = Vec::new();
    for channel in all(rx).await? {
        lines.push(of(rx, channel).await?);
    }
    Ok(lines)
}

/// One channel, as the settings show it: without its secret.
pub async fn line(rx: &Read, scope: &Scope, id: ChannelId) -> Result<Line> {
    scope.needs(Right::Settings)?;
    of(rx, find(rx, id).await?.ok_or(crate::Error::NotFound)?).await
}

async fn of(rx: &Read, channel: Channel) -> Result<Line> {
    let mailbox = mailbox::find(rx, channel.id).await?;
    let history = history::find(rx, channel.id).await?;
    let quarantined = crate::inbound::quarantined(rx, channel.id).await?;
    Ok(Line { channel: Channel { secret: None, ..channel }, mailbox, history, quarantined })
}
