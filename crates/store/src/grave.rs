//! What was deleted for good, by hashes of its names: should a mailbox show it again, it is not taken in. Nothing can be
//! told from them but that.

use crate::{Read, Result, Tx, blob};

/// The name under which something is known that was deleted for good.
pub(crate) fn of(name: &str) -> String {
    blob::hash(name.as_bytes())
}

/// Remembers that what had this name was deleted for good.
pub async fn dig(tx: &mut Tx, name: &str) -> Result<()> {
    tx.run("insert into graves (name) values ($1) on conflict (name) do nothing", &[&of(name)]).await.map(drop)
}

/// Whether what had this name was deleted for good.
pub async fn is_there(rx: &Read, name: &str) -> Result<bool> {
    Ok(rx.find::<String>("select name from graves where name = $1", &[&of(name)]).await?.is_some())
}
