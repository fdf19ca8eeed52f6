//! What the engines mean to do: no statement may read a customer's table, or a lookup, from end to end.
//!
//! The door traces every statement. A [`Collector`] gathers them while a test works, and [`scans_of_sqlite`] and
//! [`scans_of_postgres`] ask each engine for its plans. Shared and local tables are small: those may be scanned.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use store::schema::{Class, TABLES};
use tokio_postgres::Client;
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber, span};

/// Gathers the text of every statement that goes through the door of this process.
#[derive(Clone, Debug, Default)]
pub struct Collector {
    seen: Arc<Mutex<BTreeSet<String>>>,
}

impl Collector {
    /// A collector that listens from now on, if the process has no other subscriber.
    pub fn listen() -> Option<Collector> {
        let collector = Collector::default();
        tracing::subscriber::set_global_default(collector.clone()).ok().map(|()| collector)
    }

    /// What was seen since the last question.
    pub fn take(&self) -> BTreeSet<String> {
        std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Subscriber for Collector {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "store::sql"
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Text(self));
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Text<'a>(&'a Collector);

impl Visit for Text<'_> {
    fn record_str(&mut self, _: &Field, text: &str) {
        self.0.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(text.to_owned());
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

fn is_large(table: &str) -> bool {
    TABLES.iter().any(|it| it.0 == table && matches!(it.1, Class::Customer | Class::Lookup))
}

/// The statements for which SQLite reads a large table from end to end, each with the step that does; and those that
/// it refuses to plan. `file` is the database itself.
///
/// A walk along an index that stops at a limit and sorts nothing is what a list's page is made of, and no scan.
pub fn scans_of_sqlite(file: &Path, statements: &BTreeSet<String>) -> Vec<String> {
    let conn = match with_index(file) {
        Ok(conn) => conn,
        Err(err) => return vec![format!("SQLite: {err}")],
    };
    let mut scans = Vec::new();
    for text in statements.iter().filter(|it| !it.contains(ON_PURPOSE)) {
        match sqlite_plan(&conn, text) {
            Err(err) => scans.push(format!("SQLite: {err}: {text}")),
            Ok(plan) => {
                let sorts = plan.iter().any(|it| it.contains("TEMP B-TREE"));
                let walks = text.contains(" limit ") && !sorts;
                scans.extend(plan.iter().filter_map(|step| {
                    let table = step.strip_prefix("SCAN ")?.split(' ').next()?;
                    let walk = walks && step.contains(" INDEX ");
                    (is_large(table) && !walk).then(|| format!("SQLite: {step}: {text}"))
                }));
            }
        }
    }
    scans
}

/// How SQLite means to answer a statement.
pub fn plan_of_sqlite(file: &Path, text: &str) -> String {
    let plan = with_index(file).and_then(|conn| sqlite_plan(&conn, text));
    plan.map_or_else(|err| err.to_string(), |it| it.join("\n"))
}

/// How PostgreSQL means to, by a client that [`scans_of_postgres`] has prepared.
pub async fn plan_of_postgres(client: &Client, text: &str) -> String {
    postgres_plan(client, text).await.map_or_else(|err| err.to_string(), |it| it.join("\n"))
}

/// The database as readers have it: the index of the search beside it.
fn with_index(file: &Path) -> rusqlite::Result<rusqlite::Connection> {
    let conn = rusqlite::Connection::open(file)?;
    conn.execute("attach $1 as search", [file.with_file_name("search.db").to_string_lossy()])?;
    Ok(conn)
}

fn sqlite_plan(conn: &rusqlite::Connection, text: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = conn.prepare(&format!("explain query plan {text}"))?;
    let mut rows = statement.raw_query();
    let mut plan = Vec::new();
    while let Some(row) = rows.next()? {
        plan.push(row.get("detail")?);
    }
    Ok(plan)
}

/// The same of PostgreSQL, by a client that sees the schema. It plans by what it knows of its tables: fill them first.
pub async fn scans_of_postgres(client: &Client, statements: &BTreeSet<String>) -> Vec<String> {
    // A small table is right to be scanned and to be joined as a whole, and thousands of rows are small: so that is
    // made dear.
    let settings = "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off;
                    set plan_cache_mode = force_generic_plan; analyze";
    if let Err(err) = client.batch_execute(settings).await {
        return vec![format!("PostgreSQL: {err}")];
    }
    let mut scans = Vec::new();
    for text in statements.iter().filter(|it| !it.contains(ON_PURPOSE)) {
        match postgres_plan(client, text).await {
            Err(err) => {
                let why = err.as_db_error().map_or_else(|| err.to_string(), |it| it.message().to_owned());
                scans.push(format!("PostgreSQL: {why}: {text}"));
            }
            Ok(plan) => {
                scans
                    .extend(unnarrowed(&plan, text.contains(WINDOW)).map(|step| format!("PostgreSQL: {step}: {text}")));
            }
        }
    }
    scans
}

async fn postgres_plan(client: &Client, text: &str) -> Result<Vec<String>, tokio_postgres::Error> {
    let count = (1..100).take_while(|it| text.contains(&format!("${it}"))).count();
    let args = if count == 0 { String::new() } else { format!("({})", vec!["null"; count].join(", ")) };
    client.batch_execute(&format!("prepare asked as {text}")).await?;
    let plan = client.query(&format!("explain (costs off) execute asked{args}"), &[]).await;
    client.batch_execute("deallocate asked").await?;
    plan?.iter().map(|it| it.try_get(0)).collect()
}

/// How a statement says that it reads everything, for no page and no use case.
const ON_PURPOSE: &str = "/* from end to end */";
/// How a statement says that whoever asks it has bounded its walk: of the rows that it passes over there are only so many.
const WINDOW: &str = "/* in a window */";

/// The steps that read a large table without a condition on an index. A walk along an index that stops at a limit,
/// sorts nothing and passes over no row, or has a bound for these, is none.
fn unnarrowed(plan: &[String], bounded: bool) -> impl Iterator<Item = &str> {
    let walks = plan.iter().any(|it| it.contains("Limit")) && !plan.iter().any(|it| it.contains("Sort"));
    plan.iter().enumerate().filter_map(move |(at, step)| {
        let (scan, on) = step.split_once("Scan")?.1.split_once(" on ")?;
        let table = on.split(' ').next()?;
        let next = plan.get(at + 1).map_or("", String::as_str);
        let walk = walks && scan.contains(" using ") && (bounded || !next.contains("Filter:"));
        (is_large(table) && !next.contains("Cond:") && !walk).then(|| step.trim())
    })
}
