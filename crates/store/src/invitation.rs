//! Links by which a staff member joins, once.

use domain::{Email, InvitationId, Right, Role, StaffId, Timestamp};

use crate::{FromRow, Lock, Read, Result, Row, Scope, Tx};

/// An invitation.
#[derive(Clone, Debug, PartialEq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Whom it invites.
    pub name: String,
    /// Their address, by which they will sign in.
    pub email: Email,
    /// As what.
    pub role: Role,
    /// Who invites.
    pub invited_by: StaffId,
    /// When.
    pub created_at: Timestamp,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}

impl FromRow for Invitation {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Invitation {
            id: row.get("id")?,
            name: row.get("name")?,
            email: row.get("email")?,
            role: row.get("role")?,
            invited_by: row.get("invited_by")?,
            created_at: row.get("created_at")?,
            expires_at: row.get("expires_at")?,
        })
    }
}

/// Adds an invitation; whoever has the token may use it.
pub async fn insert(tx: &mut Tx, it: &Invitation, token_hash: &[u8]) -> Result<()> {
    let sql = "insert into invitations (id, token_hash, email, name, role, invited_by, created_at, expires_at)
               values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let Invitation { id, name, email, role, invited_by, created_at, expires_at } = it;
    tx.run(sql, &[id, &token_hash, email, name, role, invited_by, created_at, expires_at]).await?;
    tx.announce(crate::Hint::new("staff"));
    Ok(())
}

/// The invitation that this token opens now.
pub async fn open(rx: &Read, token_hash: &[u8], now: Timestamp) -> Result<Option<Invitation>> {
    let sql = "select id, name, email, role, invited_by, created_at, expires_at from invitations
               where token_hash = $1 and used_at is null and expires_at > $2";
    rx.find(sql, &[&token_hash, &now]).await
}

/// Writes that use an invitation hold this.
pub fn lock(token_hash: &[u8]) -> Lock {
    Lock::Name(format!("invitation {}", crate::blob::hash(token_hash)))
}

/// Uses it up; whether it could be used.
pub async fn use_up(tx: &mut Tx, id: InvitationId, now: Timestamp) -> Result<bool> {
    let sql = "update invitations set used_at = $2 where id = $1 and used_at is null and expires_at > $2";
    tx.announce(crate::Hint::new("staff"));
    Ok(tx.run(sql, &[&id, &now]).await? == 1)
}

/// Takes an invitation back; whether it was open.
pub async fn revoke(tx: &mut Tx, id: InvitationId) -> Result<bool> {
    tx.announce(crate::Hint::new("staff"));
    Ok(tx.run("delete from invitations where id = $1 and used_at is null", &[&id]).await? == 1)
}

/// Invitations that wait for an answer.
pub async fn waiting(rx: &Read, scope: &Scope, now: Timestamp) -> Result<Vec<Invitation>> {
    scope.needs(Right::People)?;
    let sql = "select id, name, email, role, invited_by, created_at, expires_at from invitations
               where used_at is null and expires_at > $1 order by id limit 200";
    rx.all(sql, &[&now]).await
}
