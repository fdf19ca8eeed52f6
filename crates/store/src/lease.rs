//! Who does what only one may do, for a while.

use std::time::Duration;

use domain::Timestamp;
use uuid::Uuid;

use crate::{Db, Result, Tx};

/// Takes or renews the lease `name` for `holder`; whether it has it now.
pub async fn take(db: &Db, name: &str, holder: Uuid, now: Timestamp, term: Duration) -> Result<bool> {
    let name = name.to_owned();
    let sql = "insert into leases (name, holder, until) values ($1, $2, $3)
               on conflict (name) do update set holder = excluded.holder, until = excluded.until
               where leases.holder = excluded.holder or leases.until <= $4";
    db.write([], async move |tx| Ok(tx.run(sql, &[&name, &holder, &now.after(term), &now]).await? == 1)).await
}

/// Gives it back, so that another need not wait.
pub async fn give_back(db: &Db, name: &str, holder: Uuid) -> Result<()> {
    let name = name.to_owned();
    let sql = "delete from leases where name = $1 and holder = $2";
    db.write([], async move |tx| tx.run(sql, &[&name, &holder]).await.map(drop)).await
}

/// Ends all leases. Only where no other process shares the database: whoever held one is dead.
pub async fn void(tx: &mut Tx) -> Result<u64> {
    tx.run("delete from leases", &[]).await
}
