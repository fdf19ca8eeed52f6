//! What stands below a message: of a mailbox, and of a person.

use domain::{ChannelId, StaffId};

use crate::{Hint, Read, Result, Scope, Tx, channel, staff};

/// The signature of a mailbox, as it was written; empty if it has none.
pub async fn of_channel(rx: &Read, id: ChannelId) -> Result<String> {
    let sql = "select signature from channels where id = $1";
    Ok(rx.find::<Option<String>>(sql, &[&id]).await?.flatten().unwrap_or_default())
}

/// The signature of a person, as they wrote it; empty if they have none.
pub async fn of_staff(rx: &Read, id: StaffId) -> Result<String> {
    let sql = "select signature from staff where id = $1";
    Ok(rx.find::<Option<String>>(sql, &[&id]).await?.flatten().unwrap_or_default())
}

/// The looker's own.
pub async fn own(rx: &Read, scope: &Scope) -> Result<String> {
    of_staff(rx, scope.member).await
}

/// Gives a mailbox a signature, or takes it away.
pub async fn set_of_channel(tx: &mut Tx, id: ChannelId, signature: Option<&str>) -> Result<()> {
    tx.holds(&channel::lock())?;
    tx.run("update channels set signature = $2 where id = $1", &[&id, &signature]).await?;
    tx.announce(Hint::new("channels"));
    Ok(())
}

/// Gives a person a signature, or takes it away.
pub async fn set_of_staff(tx: &mut Tx, id: StaffId, signature: Option<&str>) -> Result<()> {
    tx.holds(&staff::lock())?;
    tx.run("update staff set signature = $2 where id = $1", &[&id, &signature]).await.map(drop)
}
