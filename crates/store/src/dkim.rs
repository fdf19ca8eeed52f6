//! The key by which a mailbox signs what it sends (RFC 6376).

use domain::{ChannelId, Right};
use serde::{Deserialize, Serialize};

use crate::param::{from_json_if_any, json};
use crate::{FromRow, Hint, Read, Result, Row, Scope, Tx, channel};

/// What everybody may know of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Public {
    /// Under which name it stands in the DNS, before `._domainkey.` and the domain.
    pub selector: String,
    /// The public half: the base64 of its `SubjectPublicKeyInfo`.
    pub key: String,
    /// Whether mails are signed with it.
    pub on: bool,
}

/// A key with its private half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dkim {
    /// What everybody may know.
    pub public: Public,
    /// The private half, encrypted.
    pub sealed: Vec<u8>,
}

struct Stored(Option<Dkim>);

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let (public, sealed): (Option<Public>, Option<Vec<u8>>) =
            (from_json_if_any(row, "dkim")?, row.get("dkim_key")?);
        Ok(Stored(public.zip(sealed).map(|(public, sealed)| Dkim { public, sealed })))
    }
}

/// The key of a mailbox, if it has one.
pub async fn find(rx: &Read, id: ChannelId) -> Result<Option<Dkim>> {
    let found: Option<Stored> = rx.find("select dkim, dkim_key from channels where id = $1", &[&id]).await?;
    Ok(found.and_then(|it| it.0))
}

/// The same for the settings: without its private half.
pub async fn shown(rx: &Read, scope: &Scope, id: ChannelId) -> Result<Option<Public>> {
    scope.needs(Right::Settings)?;
    Ok(find(rx, id).await?.map(|it| it.public))
}

/// Gives a mailbox a key, or takes it away.
pub async fn save(tx: &mut Tx, id: ChannelId, it: Option<&Dkim>) -> Result<()> {
    tx.holds(&channel::lock())?;
    let (public, sealed) = (it.map(|it| json(&it.public)).transpose()?, it.map(|it| &it.sealed));
    tx.run("update channels set dkim = $2, dkim_key = $3 where id = $1", &[&id, &public, &sealed]).await?;
    tx.announce(Hint::new("channels"));
    Ok(())
}
