//! What must not happen too often, counted by what may be behind it: wrong passwords by account and place or by a known
//! browser, acknowledgements by address.

use std::time::Duration;

use domain::Timestamp;

use crate::{Lock, Result, Tx};

/// Counts one more; how many this name has had within the last `window`, with this one. A window begins with its first.
pub async fn add(tx: &mut Tx, name: &str, now: Timestamp, window: Duration) -> Result<i64> {
    tx.holds(&Lock::Name(name.to_owned()))?;
    let sql = "insert into attempts (name, since, count) values ($1, $2, 1)
               on conflict (name) do update set
                count = case when attempts.since > $3 then attempts.count + 1 else 1 end,
                since = case when attempts.since > $3 then attempts.since else $2 end
               returning count";
    tx.one(sql, &[&name, &now, &now.before(window)]).await
}

/// Takes one back: it was the right one.
pub async fn take_back(tx: &mut Tx, name: &str) -> Result<()> {
    tx.holds(&Lock::Name(name.to_owned()))?;
    tx.run("update attempts set count = count - 1 where name = $1 and count > 0", &[&name]).await.map(drop)
}

/// Forgets all of a name: the right one came.
pub async fn clear(tx: &mut Tx, name: &str) -> Result<()> {
    tx.holds(&Lock::Name(name.to_owned()))?;
    tx.run("delete from attempts where name = $1", &[&name]).await.map(drop)
}

/// Forgets those whose window began before `before`.
pub async fn sweep(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    tx.run("delete from attempts where since <= $1", &[&before]).await
}
