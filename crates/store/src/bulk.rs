//! Rows by the thousand: for a trial, or a bench, of more cases than anybody would wait for.
//!
//! They are made after rows that use cases wrote, which [`all`] reads; so no verb of the domain is asked, nobody is told
//! and no job is enqueued. The keys of the schema are all that holds them to it. The index of the search is made
//! afterwards ([`crate::search::fill`]).

use crate::db::Conn;
use crate::{Db, FromRow, Param, Read, Result, Row, Sql, Tx};

pub use crate::value::Kept as Cell;

/// Rows of one table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// The table.
    pub table: &'static str,
    /// Its columns, in the order of the cells.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

struct Whole {
    names: String,
    cells: Vec<Cell>,
}

impl FromRow for Whole {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let (names, cells): (Vec<&str>, Vec<Cell>) = row.all()?.into_iter().unzip();
        Ok(Whole { names: names.join(" "), cells })
    }
}

/// A whole table. Of one without rows the columns are not known.
pub async fn all(rx: &Read, table: &'static str) -> Result<Rows> {
    let whole = Sql::built(["select * from", table, "/* from end to end */"].join(" "));
    let rows: Vec<Whole> = rx.all(whole, &[]).await?;
    let columns = rows.first().map(|it| it.names.split(' ').map(str::to_owned).collect()).unwrap_or_default();
    Ok(Rows { table, columns, rows: rows.into_iter().map(|it| it.cells).collect() })
}

/// Writes all of these in one transaction, tables in their order.
pub async fn write(db: &Db, tables: Vec<Rows>) -> Result<()> {
    db.write([], async move |tx| {
        tx.take_time().await?;
        for it in tables.iter().filter(|it| !it.rows.is_empty()) {
            put(tx, it.table, &it.columns.join(", "), &it.rows).await?;
        }
        Ok(())
    })
    .await
}

pub(crate) async fn put(tx: &mut Tx, table: &str, columns: &str, rows: &[Vec<Cell>]) -> Result<()> {
    if let Conn::Postgres(pooled) = &tx.conn {
        let copied = pooled.copy(table, columns, rows).await;
        return tx.note(copied);
    }
    let places: Vec<String> = (1..=columns.split(", ").count()).map(|it| format!("${it}")).collect();
    let insert = Sql::built(["insert into", table, "(", columns, ") values (", &places.join(", "), ")"].join(" "));
    for row in rows {
        let args: Vec<&dyn Param> = row.iter().map(|it| it as &dyn Param).collect();
        tx.run(insert.clone(), &args).await?;
    }
    Ok(())
}

/// The next case has the number behind `last`.
pub async fn go_on_behind(db: &Db, last: i64) -> Result<()> {
    // On SQLite that follows from the numbers that there are.
    let set = Sql::per("select $1", "select setval('case_numbers_seq', $1)");
    db.write([], async move |tx| tx.one::<i64>(set.clone(), &[&last]).await.map(drop)).await
}

/// Lets the engine learn what there is now, as it does by and by where rows come one at a time.
pub async fn learn(db: &Db) -> Result<()> {
    db.write([], async |tx| {
        tx.take_time().await?;
        tx.script("/*postgres analyze; postgres*/").await
    })
    .await
}
