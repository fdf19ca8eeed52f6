//! Views that somebody has saved.

use domain::{Right, SavedView, Sharing, StaffId, TeamId, ViewId};

use crate::{FromRow, Hint, Lock, Read, Result, Row, Scope, Tx};

struct Stored(SavedView);

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let owner: Option<StaffId> = row.get("staff_id")?;
        let team: Option<TeamId> = row.get("team_id")?;
        let sharing = owner.map_or_else(|| team.map_or(Sharing::Everybody, Sharing::Team), Sharing::Own);
        let position = row.get("position")?;
        Ok(Stored(SavedView {
            id: row.get("id")?,
            name: row.get("name")?,
            filter: row.get("filter")?,
            sharing,
            position,
        }))
    }
}

/// Writes about views hold this, all the same one: each has a place among the others.
pub fn lock() -> Lock {
    Lock::Name("views".to_owned())
}

/// The views that this person sees: their own, those of their teams, and everybody's, in their order.
pub async fn all(rx: &Read, scope: &Scope) -> Result<Vec<SavedView>> {
    scope.needs(Right::Cases)?;
    let sql = "select id, name, filter, staff_id, team_id, position from views
               where staff_id = $1 or (staff_id is null and team_id is null)
                or team_id in (select team_id from team_members where staff_id = $1)
               order by position, id";
    Ok(rx.all::<Stored>(sql, &[&scope.member]).await?.into_iter().map(|it| it.0).collect())
}

/// How many views there are, whosever.
pub async fn count(rx: &Read) -> Result<i64> {
    rx.one("select count(*) from views", &[]).await
}

/// The place behind the last of all.
pub async fn last(rx: &Read) -> Result<i64> {
    rx.one("select coalesce(max(position), 0) + 1 from views", &[]).await
}

/// Writes a view, new or changed.
pub async fn save(tx: &mut Tx, it: &SavedView) -> Result<()> {
    tx.holds(&lock())?;
    let sql = "insert into views (id, name, filter, staff_id, team_id, position) values ($1, $2, $3, $4, $5, $6)
               on conflict (id) do update set name = excluded.name, filter = excluded.filter,
                staff_id = excluded.staff_id, team_id = excluded.team_id, position = excluded.position";
    let (owner, team) = match it.sharing {
        Sharing::Own(staff) => (Some(staff), None),
        Sharing::Team(team) => (None, Some(team)),
        Sharing::Everybody => (None, None),
    };
    tx.put(sql, &[&it.id, &it.name, &it.filter, &owner, &team, &it.position]).await?;
    tx.announce(Hint::new("views"));
    Ok(())
}

/// Deletes a view.
pub async fn delete(tx: &mut Tx, id: ViewId) -> Result<()> {
    tx.holds(&lock())?;
    tx.put("delete from views where id = $1", &[&id]).await?;
    tx.announce(Hint::new("views"));
    Ok(())
}
