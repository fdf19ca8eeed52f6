//! Work that must happen after a commit, kept in the same database, so that it is there exactly if the commit is.
//!
//! A claim moves `due_at` behind the lease, and a worker that is still at it moves it on. A worker that dies needs no
//! cleaning up: its jobs are due again. So a job may run twice, and must not mind. One that nobody can do is quarantined:
//! `due_at` is null, and a person decides.

use std::time::Duration;

use domain::{JobId, Timestamp};
use uuid::Uuid;

use crate::{Db, FromRow, Result, Row, Sql, Tx};

/// How long a worker may be silent before its job counts as abandoned.
pub const LEASE: Duration = Duration::from_mins(5);

/// One piece of work.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Its kind.
    pub name: String,
    /// What it needs to know, as its kind writes it.
    pub payload: String,
    /// How often it was claimed, this time included.
    pub tries: i64,
}

impl FromRow for Job {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Job { id: row.get("id")?, name: row.get("name")?, payload: row.get("payload")?, tries: row.get("tries")? })
    }
}

/// Adds a job to the transaction.
pub async fn enqueue(tx: &mut Tx, id: JobId, name: &str, payload: &str, due_at: Timestamp) -> Result<()> {
    let sql = "insert into jobs (id, name, payload, tries, due_at) values ($1, $2, $3, 0, $4)";
    tx.run(sql, &[&id, &name, &payload, &due_at]).await?;
    tx.announce(crate::Hint::new("jobs"));
    Ok(())
}

/// `materialized`, or PostgreSQL may run the inner select more than once and lock more than it takes.
const CLAIM: Sql = Sql::per(
    "with due as materialized (select id from jobs where due_at <= $1 and instr($5, ',' || name || ',') > 0
      order by due_at limit $2)
     update jobs set tries = tries + 1, due_at = $3, holder = $4 from due where jobs.id = due.id
     returning jobs.id, name, payload, tries",
    "with due as materialized (select id from jobs where due_at <= $1 and position(',' || name || ',' in $5) > 0
      order by due_at limit $2 for update skip locked)
     update jobs set tries = tries + 1, due_at = $3, holder = $4 from due where jobs.id = due.id
     returning jobs.id, name, payload, tries",
);

/// Takes up to `count` jobs that are due, for the node `holder`, of the kinds `names`: those of a newer program that
/// shares the database are left to it.
pub async fn claim(db: &Db, holder: Uuid, names: &[&str], now: Timestamp, count: i64) -> Result<Vec<Job>> {
    let names = listed(names);
    db.write([], async move |tx| tx.all(CLAIM, &[&now, &count, &now.after(LEASE), &holder, &names]).await).await
}

const NEXT: Sql = Sql::per(
    "select due_at from jobs where due_at is not null and instr($1, ',' || name || ',') > 0 order by due_at limit 1",
    "select due_at from jobs where due_at is not null and position(',' || name || ',' in $1) > 0
     order by due_at limit 1",
);

/// When the next job of the kinds `names` is due, if any waits.
pub async fn next(db: &Db, names: &[&str]) -> Result<Option<Timestamp>> {
    let names = listed(names);
    db.read(async move |rx| rx.find(NEXT, &[&names]).await).await
}

/// One argument, whatever their number; a name has no comma.
fn listed(names: &[&str]) -> String {
    format!(",{},", names.join(","))
}

/// Keeps a job from being abandoned until `until`. Whether it is still in the hands of this claim.
pub async fn renew(tx: &mut Tx, job: &Job, until: Timestamp) -> Result<bool> {
    let sql = "update jobs set due_at = $3 where id = $1 and tries = $2 and holder is not null";
    Ok(tx.run(sql, &[&job.id, &job.tries, &until]).await? == 1)
}

/// Makes a job due now, unless somebody is at it. Whether it waited.
pub async fn hurry(tx: &mut Tx, id: JobId, now: Timestamp) -> Result<bool> {
    let sql = "update jobs set due_at = $2 where id = $1 and holder is null and due_at > $2";
    tx.announce(crate::Hint::new("jobs"));
    Ok(tx.run(sql, &[&id, &now]).await? == 1)
}

/// Makes every job of this kind due now that waits for longer: what it waited for may be there.
pub async fn hurry_all(tx: &mut Tx, name: &str, now: Timestamp) -> Result<u64> {
    let sql = "update jobs set due_at = $2 where due_at > $2 and holder is null and name = $1";
    tx.announce(crate::Hint::new("jobs"));
    tx.run(sql, &[&name, &now]).await
}

/// Ends a job. The number of tries is the fence: a worker that was too slow, and whose job another has taken over,
/// changes nothing.
pub async fn finish(tx: &mut Tx, job: &Job) -> Result<bool> {
    let sql = "delete from jobs where id = $1 and tries = $2";
    Ok(tx.run(sql, &[&job.id, &job.tries]).await? == 1)
}

/// Puts a job off until `due_at`, or for good; `why` is shown to whoever decides.
pub async fn put_off(tx: &mut Tx, job: &Job, due_at: Option<Timestamp>, why: &str) -> Result<bool> {
    let sql = "update jobs set due_at = $3, error = $4, holder = null where id = $1 and tries = $2";
    Ok(tx.run(sql, &[&job.id, &job.tries, &due_at, &why]).await? == 1)
}

/// Makes due what a process that died had in its hands. Only where no other process shares the database.
pub async fn release(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    tx.run("update jobs set due_at = $1, holder = null where holder is not null and due_at > $1", &[&now]).await
}

/// Makes due what counts as in the hands of `holder`, which knows that it holds no more than `held`: a claim whose answer
/// was lost, one whose end could not be written, or what an earlier process of that name left behind.
pub async fn release_lost(tx: &mut Tx, holder: Uuid, held: &[JobId], now: Timestamp) -> Result<u64> {
    let all: Vec<JobId> = tx.all("select id from jobs where holder = $1 and due_at > $2", &[&holder, &now]).await?;
    let mut released = 0;
    for id in all.iter().filter(|it| !held.contains(it)) {
        let sql = "update jobs set due_at = $3, holder = null where id = $1 and holder = $2";
        released += tx.run(sql, &[id, &holder, &now]).await?;
    }
    Ok(released)
}

/// Makes due what is in the hands of processes that hold no lease any more: they are dead, or so slow that their fence
/// has fallen. Answers how much that was.
pub async fn release_abandoned(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    let sql = "update jobs set due_at = $1, holder = null where holder is not null and due_at > $1
                and not exists (select 1 from leases where leases.holder = jobs.holder and leases.until > $1)";
    tx.run(sql, &[&now]).await
}
