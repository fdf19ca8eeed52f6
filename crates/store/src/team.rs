//! Teams and departments, and who is in them.

use domain::{Right, StaffId, TeamId};

use crate::{FromRow, Hint, Read, Result, Row, Scope, Tx};

/// Staff who share work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// Its name.
    pub name: String,
    /// Whether it is a team outside the desk.
    pub department: bool,
}

impl FromRow for Team {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Team { id: row.get("id")?, name: row.get("name")?, department: row.get("department")? })
    }
}

/// Adds a team. [`crate::Error::Duplicate`] if another has the name.
pub async fn insert(tx: &mut Tx, it: &Team) -> Result<()> {
    let sql = "insert into teams (id, name, department) values ($1, $2, $3)";
    tx.run(sql, &[&it.id, &it.name, &it.department]).await?;
    tx.announce(Hint::new("teams"));
    Ok(())
}

/// One team.
pub async fn find(rx: &Read, id: TeamId) -> Result<Option<Team>> {
    rx.find("select id, name, department from teams where id = $1", &[&id]).await
}

/// All teams: pages name them.
pub async fn all(rx: &Read, scope: &Scope) -> Result<Vec<Team>> {
    scope.needs(Right::Own)?;
    rx.all("select id, name, department from teams order by lower(name), id", &[]).await
}

/// The teams of a person.
pub async fn of(rx: &Read, staff: StaffId) -> Result<Vec<TeamId>> {
    rx.all("select team_id from team_members where staff_id = $1 order by team_id", &[&staff]).await
}

struct Membership(TeamId, StaffId);

impl FromRow for Membership {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Membership(row.get("team_id")?, row.get("staff_id")?))
    }
}

/// Who is in which team.
pub async fn memberships(rx: &Read, scope: &Scope) -> Result<Vec<(TeamId, StaffId)>> {
    scope.needs(Right::People)?;
    let rows: Vec<Membership> =
        rx.all("select team_id, staff_id from team_members order by team_id, staff_id", &[]).await?;
    Ok(rows.into_iter().map(|it| (it.0, it.1)).collect())
}

/// Says in which teams a person is.
pub async fn set_memberships(tx: &mut Tx, staff: StaffId, teams: &[TeamId]) -> Result<()> {
    tx.holds(&crate::staff::lock())?;
    tx.run("delete from team_members where staff_id = $1", &[&staff]).await?;
    for team in teams {
        let sql = "insert into team_members (team_id, staff_id) values ($1, $2)";
        tx.run(sql, &[team, &staff]).await?;
    }
    tx.announce(Hint::new("staff"));
    Ok(())
}
