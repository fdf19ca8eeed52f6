//! Wrong passwords, counted by what may be behind them: a pair of account and place, a known browser.

use std::time::Duration;

use domain::Timestamp;

use crate::{Lock, Read, Result, Tx};

/// How many wrong ones this name has had within the last `window`.
pub async fn count(rx: &Read, name: &str, now: Timestamp, window: Duration) -> Result<i64> {
    let sql = "select count from attempts where name = $1 and since > $2";
    Ok(rx.find(sql, &[&name, &now.before(window)]).await?.unwrap_or(0))
}

/// Counts one more. A window begins with its first.
pub async fn add(tx: &mut Tx, name: &str, now: Timestamp, window: Duration) -> Result<()> {
    tx.holds(&Lock::Name(name.to_owned()))?;
    let sql = "insert into attempts (name, since, count) values ($1, $2, 1)
               on conflict (name) do update set
                count = case when attempts.since > $3 then attempts.count + 1 else 1 end,
                since = case when attempts.since > $3 then attempts.since else $2 end";
    tx.run(sql, &[&name, &now, &now.before(window)]).await.map(drop)
}

/// Forgets them: the right one came.
pub async fn clear(tx: &mut Tx, name: &str) -> Result<()> {
    tx.run("delete from attempts where name = $1", &[&name]).await.map(drop)
}
