//! Fields: what a team wants to know of each case, contact or customer.

use domain::{Field, FieldId, Owner, Right};

use crate::param::{from_json, json};
use crate::{FromRow, Hint, Lock, Read, Result, Row, Scope, Tx};

struct Stored(Field);

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Stored(Field {
            id: row.get("id")?,
            owner: row.get("owner")?,
            name: row.get("name")?,
            kind: row.get("kind")?,
            choices: from_json(row, "choices")?,
            required: row.get("required")?,
            position: row.get("position")?,
        }))
    }
}

/// Writes about fields hold this: each has a place among the others.
pub fn lock() -> Lock {
    Lock::Name("fields".to_owned())
}

/// All of them, in their order.
pub async fn all(rx: &Read, scope: &Scope) -> Result<Vec<Field>> {
    scope.needs(Right::Cases)?;
    every(rx).await
}

/// All of them, for a use case.
pub async fn every(rx: &Read) -> Result<Vec<Field>> {
    let sql = "select id, owner, name, kind, choices, required, position from fields order by position, id";
    let rows: Vec<Stored> = rx.all(sql, &[]).await?;
    Ok(rows.into_iter().map(|it| it.0).collect())
}

/// Those of one kind of owner, for a use case.
pub async fn of(rx: &Read, owner: Owner) -> Result<Vec<Field>> {
    Ok(every(rx).await?.into_iter().filter(|it| it.owner == owner).collect())
}

/// Writes a field, new or changed.
pub async fn save(tx: &mut Tx, it: &Field) -> Result<()> {
    tx.holds(&lock())?;
    let sql = "insert into fields (id, owner, name, kind, choices, required, position)
               values ($1, $2, $3, $4, $5, $6, $7)
               on conflict (id) do update set name = excluded.name, choices = excluded.choices,
                required = excluded.required, position = excluded.position";
    let choices = json(&it.choices)?;
    tx.run(sql, &[&it.id, &it.owner, &it.name, &it.kind, &choices, &it.required, &it.position]).await?;
    tx.announce(Hint::new("fields"));
    Ok(())
}

/// Deletes a field. What was kept under it is not shown any more.
pub async fn delete(tx: &mut Tx, id: FieldId) -> Result<()> {
    tx.holds(&lock())?;
    tx.run("delete from fields where id = $1", &[&id]).await?;
    tx.announce(Hint::new("fields"));
    Ok(())
}
