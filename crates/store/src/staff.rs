//! Staff: who they are, and how they sign in.

use domain::{Email, Right, Role, StaffId, TeamId, Timestamp};

use crate::{FromRow, Hint, Lock, Read, Result, Row, Scope, Tx};

/// One of ours.
#[derive(Clone, Debug, PartialEq)]
pub struct Staff {
    /// Their id.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// The address by which they sign in.
    pub email: Email,
    /// Their one role.
    pub role: Role,
    /// argon2id, in the PHC string format.
    pub password_hash: String,
    /// Since when they work here.
    pub created_at: Timestamp,
    /// Since when they do no longer.
    pub left_at: Option<Timestamp>,
}

impl FromRow for Staff {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Staff {
            id: row.get("id")?,
            name: row.get("name")?,
            email: row.get("email")?,
            role: row.get("role")?,
            password_hash: row.get("password_hash")?,
            created_at: row.get("created_at")?,
            left_at: row.get("left_at")?,
        })
    }
}

/// Writes about who works here hold this, all the same one: the last administrator is one among all.
pub fn lock() -> Lock {
    Lock::Name("staff".to_owned())
}

/// One person.
pub async fn find(rx: &Read, id: StaffId) -> Result<Option<Staff>> {
    let sql = "select id, name, email, role, password_hash, created_at, left_at from staff where id = $1";
    rx.find(sql, &[&id]).await
}

/// The address by which the looker signs in.
pub async fn own_email(rx: &Read, scope: &Scope) -> Result<Email> {
    rx.one("select email from staff where id = $1", &[&scope.member]).await
}

/// The person who signs in by this address.
pub async fn by_email(rx: &Read, email: &Email) -> Result<Option<Staff>> {
    let sql = "select id, name, email, role, password_hash, created_at, left_at from staff where email = $1";
    rx.find(sql, &[email]).await
}

/// Adds a person. [`crate::Error::Duplicate`] if another has the address.
pub async fn insert(tx: &mut Tx, it: &Staff) -> Result<()> {
    tx.holds(&lock())?;
    let sql = "insert into staff (id, name, email, role, password_hash, created_at, left_at)
               values ($1, $2, $3, $4, $5, $6, $7)";
    let Staff { id, name, email, role, password_hash, created_at, left_at } = it;
    tx.run(sql, &[id, name, email, role, password_hash, created_at, left_at]).await?;
    tx.announce(Hint::new("staff"));
    Ok(())
}

/// Gives a person another password.
pub async fn set_password(tx: &mut Tx, id: StaffId, password_hash: &str) -> Result<()> {
    tx.holds(&lock())?;
    tx.run("update staff set password_hash = $2 where id = $1", &[&id, &password_hash]).await.map(drop)
}

/// Gives a person another role.
pub async fn set_role(tx: &mut Tx, id: StaffId, role: Role) -> Result<()> {
    tx.holds(&lock())?;
    tx.run("update staff set role = $2 where id = $1", &[&id, &role]).await?;
    tx.announce(Hint::new("staff"));
    Ok(())
}

/// Says since when a person works here no longer; none if they do.
pub async fn set_left(tx: &mut Tx, id: StaffId, left_at: Option<Timestamp>) -> Result<()> {
    tx.holds(&lock())?;
    tx.run("update staff set left_at = $2 where id = $1", &[&id, &left_at]).await?;
    tx.announce(Hint::new("staff"));
    Ok(())
}

/// How many administrators work here: the last one stays.
pub async fn administrators(rx: &Read) -> Result<i64> {
    rx.one("select count(*) from staff where role = 'administrator' and left_at is null", &[]).await
}

/// Who worked here once, and does no longer.
pub async fn gone(rx: &Read) -> Result<Vec<StaffId>> {
    rx.all("select id from staff where left_at is not null order by id", &[]).await
}

/// A colleague, as far as every colleague may see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// Their id.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// Their one role.
    pub role: Role,
    /// Whether they work here.
    pub here: bool,
}

impl FromRow for Colleague {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let left: Option<Timestamp> = row.get("left_at")?;
        Ok(Colleague { id: row.get("id")?, name: row.get("name")?, role: row.get("role")?, here: left.is_none() })
    }
}

/// Everybody who works or worked here: pages name them.
pub async fn colleagues(rx: &Read, scope: &Scope) -> Result<Vec<Colleague>> {
    scope.needs(Right::Own)?;
    rx.all("select id, name, role, left_at from staff order by lower(name), id", &[]).await
}

/// Everybody who works here.
pub async fn here(rx: &Read) -> Result<Vec<Colleague>> {
    rx.all("select id, name, role, left_at from staff where left_at is null order by lower(name), id", &[]).await
}

/// Who of those may not see the cases of this team, or of none: members of other departments.
pub async fn blind(rx: &Read, team: Option<TeamId>) -> Result<Vec<StaffId>> {
    let sql = "select id from staff where left_at is null and role = 'department_member'
                and not exists (select 1 from team_members where team_id = $1 and staff_id = staff.id) order by id";
    rx.all(sql, &[&team]).await
}

/// One of ours, as the settings show them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Their id.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// The address by which they sign in.
    pub email: Email,
    /// Their one role.
    pub role: Role,
    /// Since when they work here no longer.
    pub left_at: Option<Timestamp>,
}

impl FromRow for Line {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Line {
            id: row.get("id")?,
            name: row.get("name")?,
            email: row.get("email")?,
            role: row.get("role")?,
            left_at: row.get("left_at")?,
        })
    }
}

/// Everybody, as the settings show them.
pub async fn all(rx: &Read, scope: &Scope) -> Result<Vec<Line>> {
    scope.needs(Right::People)?;
    rx.all("select id, name, email, role, left_at from staff order by lower(name), id", &[]).await
}
