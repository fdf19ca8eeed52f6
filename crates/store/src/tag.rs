//! Tags: the words that cases are marked with.

use domain::{Right, Tag, TagId, tag};

use crate::{FromRow, Hint, Lock, Read, Result, Row, Scope, Tx};

struct Stored(Tag);

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Stored(Tag { id: row.get("id")?, name: row.get("name")? }))
    }
}

/// Writes about tags hold this: two people may think of the same word.
pub fn lock() -> Lock {
    Lock::Name("tags".to_owned())
}

/// All of them, by name: a desk has hundreds, not thousands.
pub async fn all(rx: &Read, scope: &Scope) -> Result<Vec<Tag>> {
    scope.needs(Right::Cases)?;
    every(rx).await
}

/// All of them, for a use case.
pub async fn every(rx: &Read) -> Result<Vec<Tag>> {
    let rows: Vec<Stored> = rx.all("select id, name from tags order by folded", &[]).await?;
    Ok(rows.into_iter().map(|it| it.0).collect())
}

/// The tag that people call so.
pub async fn named(rx: &Read, name: &str) -> Result<Option<Tag>> {
    let found: Option<Stored> = rx.find("select id, name from tags where folded = $1", &[&tag::folded(name)]).await?;
    Ok(found.map(|it| it.0))
}

/// One of them.
pub async fn find(rx: &Read, id: TagId) -> Result<Option<Tag>> {
    let found: Option<Stored> = rx.find("select id, name from tags where id = $1", &[&id]).await?;
    Ok(found.map(|it| it.0))
}

/// Writes a tag, new or with another name.
pub async fn save(tx: &mut Tx, it: &Tag) -> Result<()> {
    tx.holds(&lock())?;
    let sql = "insert into tags (id, name, folded) values ($1, $2, $3)
               on conflict (id) do update set name = excluded.name, folded = excluded.folded";
    tx.run(sql, &[&it.id, &it.name, &tag::folded(&it.name)]).await?;
    tx.announce(Hint::new("tags"));
    Ok(())
}

/// Deletes a tag. What is marked with it loses it by and by.
pub async fn delete(tx: &mut Tx, id: TagId) -> Result<()> {
    tx.holds(&lock())?;
    tx.run("delete from tags where id = $1", &[&id]).await?;
    tx.announce(Hint::new("tags"));
    Ok(())
}
