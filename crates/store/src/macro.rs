//! Macros: text that is written often, and what is done with it.

use domain::{Macro, MacroId, Right, Sharing, StaffId, TeamId};

use crate::param::{from_json, json};
use crate::{FromRow, Hint, Lock, Read, Result, Row, Scope, Tx};

struct Stored(Macro);

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let owner: Option<StaffId> = row.get("staff_id")?;
        let team: Option<TeamId> = row.get("team_id")?;
        let sharing = owner.map_or_else(|| team.map_or(Sharing::Everybody, Sharing::Team), Sharing::Own);
        Ok(Stored(Macro {
            id: row.get("id")?,
            name: row.get("name")?,
            body: row.get("body")?,
            actions: from_json(row, "actions")?,
            sharing,
        }))
    }
}

/// Writes about macros hold this: they are counted.
pub fn lock() -> Lock {
    Lock::Name("macros".to_owned())
}

/// The macros that this person has: their own, those of their teams, and everybody's, by name.
pub async fn all(rx: &Read, scope: &Scope) -> Result<Vec<Macro>> {
    scope.needs(Right::Cases)?;
    let sql = "select id, name, body, actions, staff_id, team_id from macros
               where staff_id = $1 or (staff_id is null and team_id is null)
                or team_id in (select team_id from team_members where staff_id = $1)";
    let rows: Vec<Stored> = rx.all(sql, &[&scope.member]).await?;
    let mut all: Vec<Macro> = rows.into_iter().map(|it| it.0).collect();
    all.sort_by_cached_key(|it| (it.name.to_lowercase(), it.id));
    Ok(all)
}

/// How many macros there are, whosever.
pub async fn count(rx: &Read) -> Result<i64> {
    rx.one("select count(*) from macros", &[]).await
}

/// Writes a macro, new or changed.
pub async fn save(tx: &mut Tx, it: &Macro) -> Result<()> {
    tx.holds(&lock())?;
    let sql = "insert into macros (id, name, body, actions, staff_id, team_id) values ($1, $2, $3, $4, $5, $6)
               on conflict (id) do update set name = excluded.name, body = excluded.body,
                actions = excluded.actions, staff_id = excluded.staff_id, team_id = excluded.team_id";
    let (owner, team) = match it.sharing {
        Sharing::Own(staff) => (Some(staff), None),
        Sharing::Team(team) => (None, Some(team)),
        Sharing::Everybody => (None, None),
    };
    let actions = json(&it.actions)?;
    tx.put(sql, &[&it.id, &it.name, &it.body, &actions, &owner, &team]).await?;
    tx.announce(Hint::new("macros"));
    Ok(())
}

/// Deletes a macro.
pub async fn delete(tx: &mut Tx, id: MacroId) -> Result<()> {
    tx.holds(&lock())?;
    tx.put("delete from macros where id = $1", &[&id]).await?;
    tx.announce(Hint::new("macros"));
    Ok(())
}
