//! Sessions of staff: only hashes of their tokens are kept.

use std::time::Duration;

use domain::{Member, SignInId, StaffId, Timestamp};

use crate::{FromRow, Read, Result, Row, Scope, Tx, staff, team};

/// A session in one browser.
#[derive(Clone, Debug, PartialEq)]
pub struct SignIn {
    /// Its id.
    pub id: SignInId,
    /// Whose.
    pub staff: StaffId,
    /// The browser, as it calls itself.
    pub label: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used, to some minutes.
    pub seen_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

impl FromRow for SignIn {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(SignIn {
            id: row.get("id")?,
            staff: row.get("staff_id")?,
            label: row.get("label")?,
            created_at: row.get("created_at")?,
            seen_at: row.get("seen_at")?,
            expires_at: row.get("expires_at")?,
        })
    }
}

/// Adds a session.
pub async fn insert(tx: &mut Tx, it: &SignIn, token_hash: &[u8]) -> Result<()> {
    let sql = "insert into sign_ins (id, token_hash, staff_id, label, created_at, seen_at, expires_at)
               values ($1, $2, $3, $4, $5, $6, $7)";
    let SignIn { id, staff, label, created_at, seen_at, expires_at } = it;
    tx.run(sql, &[id, &token_hash, staff, label, created_at, seen_at, expires_at]).await.map(drop)
}

/// Who comes with this token, and by which session: nobody if it is over, or if they work here no longer.
pub async fn member(rx: &Read, token_hash: &[u8], now: Timestamp) -> Result<Option<(SignIn, Member)>> {
    let sql = "select id, staff_id, label, created_at, seen_at, expires_at from sign_ins
               where token_hash = $1 and expires_at > $2";
    let Some(it) = rx.find::<SignIn>(sql, &[&token_hash, &now]).await? else { return Ok(None) };
    let (staff, teams) = tokio::try_join!(staff::find(rx, it.staff), team::of(rx, it.staff))?;
    let Some(staff) = staff.filter(|it| it.left_at.is_none()) else { return Ok(None) };
    Ok(Some((it, Member { id: staff.id, name: staff.name, role: staff.role, teams })))
}

/// Notes that a session is in use, if that was last noted longer ago than `step`; and lets it live until `expires_at`.
pub async fn seen(tx: &mut Tx, id: SignInId, now: Timestamp, step: Duration, expires_at: Timestamp) -> Result<()> {
    let sql = "update sign_ins set seen_at = $2, expires_at = $3 where id = $1 and seen_at < $4";
    tx.run(sql, &[&id, &now, &expires_at, &now.before(step)]).await.map(drop)
}

/// Ends one session of a person; whether it was theirs.
pub async fn end(tx: &mut Tx, staff: StaffId, id: SignInId) -> Result<bool> {
    Ok(tx.run("delete from sign_ins where id = $1 and staff_id = $2", &[&id, &staff]).await? == 1)
}

/// Ends all sessions of a person but one.
pub async fn end_others(tx: &mut Tx, staff: StaffId, but: Option<SignInId>) -> Result<u64> {
    match but {
        Some(but) => tx.run("delete from sign_ins where staff_id = $1 and id <> $2", &[&staff, &but]).await,
        None => tx.run("delete from sign_ins where staff_id = $1", &[&staff]).await,
    }
}

/// Forgets sessions that are over.
pub async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    tx.run("delete from sign_ins where expires_at <= $1", &[&now]).await
}

/// The looker's own sessions, newest first.
pub async fn own(rx: &Read, scope: &Scope, now: Timestamp) -> Result<Vec<SignIn>> {
    let sql = "select id, staff_id, label, created_at, seen_at, expires_at from sign_ins
               where staff_id = $1 and expires_at > $2 order by id desc limit 100";
    rx.all(sql, &[&scope.member, &now]).await
}
