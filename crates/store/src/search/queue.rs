//! What waits for the index.

use super::{Item, unpacked};
use crate::{FromRow, Read, Result, Row, Tx, Where};

/// What was taken from the queue, to be given to [`done`] once it is in the index.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// The rows of the queue.
    rows: Vec<i64>,
    /// What they name, each once.
    pub items: Vec<Item>,
}

impl Taken {
    /// Whether nothing waited.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

struct Waiting(i64, Vec<u8>);

impl FromRow for Waiting {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Waiting(row.get("id")?, row.get("items")?))
    }
}

/// The first that wait. The order is that of the numbers, which on PostgreSQL is not that of the commits: a row that
/// becomes visible later is taken later.
pub async fn take(rx: &Read) -> Result<Taken> {
    let waiting: Vec<Waiting> = rx.all("select id, items from search_queue order by id limit 1000", &[]).await?;
    let mut taken = Taken::default();
    for Waiting(id, items) in waiting {
        taken.rows.push(id);
        taken.items.extend(unpacked(&items));
    }
    let mut seen = std::collections::HashSet::new();
    taken.items.retain(|it| seen.insert(*it));
    Ok(taken)
}

/// Takes these rows, and no other, out of the queue: a thing that was touched again has another row.
pub async fn done(tx: &mut Tx, taken: &Taken, batch: i64) -> Result<()> {
    if !taken.rows.is_empty() {
        let these = Where::new("delete from search_queue").any_of("id", &taken.rows);
        tx.run(these.sql(), these.args()).await?;
    }
    set_mark(tx, batch).await
}

/// How much of the queue has gone so far.
pub async fn mark(rx: &Read) -> Result<Option<i64>> {
    rx.find("select batch from search_marks where name = 'search'", &[]).await
}

pub(super) async fn set_mark(tx: &mut Tx, batch: i64) -> Result<()> {
    let sql = "insert into search_marks (name, batch) values ('search', $1)
               on conflict (name) do update set batch = excluded.batch";
    tx.run(sql, &[&batch]).await.map(drop)
}
