//! A database of its own for each test, on each engine.
//!
//! A test is a function of a [`Home`], and [`both!`](crate::both) runs it on SQLite, on PostgreSQL and, when
//! `TEST_CITUS` names a coordinator, on a distributed PostgreSQL too. There is no pretended database.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test without its database fails loudly")]

use std::path::{Path, PathBuf};

use desk::Ctx;
use store::Db;
use tempfile::TempDir;
use tokio_postgres::Client;

use crate::postgres;

/// Which engine is behind a [`Home`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file in a directory.
    Sqlite,
    /// One PostgreSQL.
    Postgres,
    /// A coordinator and its workers.
    Citus,
}

/// An empty database, and a directory for whatever else a test keeps. Both go when the test ends well.
#[derive(Debug)]
pub struct Home {
    engine: Engine,
    place: String,
    schema: Option<Schema>,
    dir: TempDir,
}

/// A schema of a shared database.
struct Schema {
    name: String,
    /// Whoever may drop it. On Citus this connection also holds the turn: see [`Home::citus`].
    admin: Client,
}

impl std::fmt::Debug for Schema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

impl Home {
    /// A new directory for SQLite.
    pub fn sqlite() -> Home {
        let dir = directory();
        let data = dir.path().join("data");
        std::fs::create_dir(&data).expect("a directory for the database");
        let place = data.to_str().expect("temporary directories have plain names").to_owned();
        Home { engine: Engine::Sqlite, place, schema: None, dir }
    }

    /// A new directory for SQLite in a directory of the test's own, such as one on a [`crate::SmallDisk`].
    pub fn sqlite_in(parent: &Path) -> Home {
        let place = parent.join("data").to_str().expect("temporary directories have plain names").to_owned();
        Home { engine: Engine::Sqlite, place, schema: None, dir: directory() }
    }

    /// A new schema in a [`crate::PostgresServer`] of the test's own. It goes with the server.
    pub async fn postgres_at(url: &str) -> Home {
        Home::shared(Engine::Postgres, url, postgres::connect(url).await).await
    }

    /// The same place, with a setting of PostgreSQL for all of its connections.
    #[must_use]
    pub fn with_setting(mut self, name: &str, value: &str) -> Home {
        self.place = format!("{}%20-c{name}%3D{value}", self.place);
        self
    }

    /// A new schema in the database that `TEST_POSTGRES` names.
    pub async fn postgres() -> Home {
        let url = postgres::url();
        let admin = postgres::connect(&url).await;
        Home::shared(Engine::Postgres, &url, admin).await
    }

    /// A new schema on the coordinator that `TEST_CITUS` names; `None` when it names none.
    ///
    /// Creating distributed tables locks what the whole cluster knows about itself, and two tests at once would run
    /// into each other's deadlocks. So they take turns, across threads and processes, by a lock that the server holds
    /// for this home's connection.
    pub async fn citus() -> Option<Home> {
        const TURN: &str = "select pg_advisory_lock(7239017)";
        let url = postgres::citus_url()?;
        let admin = postgres::connect(&url).await;
        admin.batch_execute(TURN).await.expect("a turn on the coordinator");
        let mut home = Home::shared(Engine::Citus, &url, admin).await;
        // Few shards are as good as many, and sooner there.
        home.place += "%20-ccitus.shard_count%3D4";
        Some(home)
    }

    async fn shared(engine: Engine, url: &str, admin: Client) -> Home {
        let dir = directory();
        let name = format!("t_{}", tail(dir.path()));
        admin.batch_execute(&format!("create schema {name}")).await.expect("the right to create schemas");
        Home { engine, place: postgres::within(url, &name), schema: Some(Schema { name, admin }), dir }
    }

    /// The database, with the schema of this program.
    pub async fn open(&self) -> Db {
        Db::open(&self.place, Ctx::system().id()).await.expect("an empty database opens")
    }

    /// Which engine it is.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Whether statements go over the wire to a PostgreSQL, distributed or not.
    pub fn is_postgres(&self) -> bool {
        self.engine != Engine::Sqlite
    }

    /// What the program is given to open the database: a directory, or a `postgres://` URL.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The same as [`Home::place`], as arguments of the command line.
    pub fn flags(&self) -> [String; 2] {
        let flag = if self.is_postgres() { "--database" } else { "--data" };
        [flag.to_owned(), self.place.clone()]
    }

    /// A directory of this test's own, on every engine. The database of SQLite is the directory `data` in it.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Where this test's installation keeps its keys.
    pub fn key_file(&self) -> PathBuf {
        self.dir.path().join("data.key")
    }

    /// Drops the schema. The directory goes by itself.
    pub async fn remove(self) {
        if let Some(Schema { name, admin }) = self.schema {
            // The program under test may have left connections that are still closing; they hold no locks for long.
            admin.batch_execute(&format!("drop schema {name} cascade")).await.expect("the schema can be dropped");
        }
    }
}

fn directory() -> TempDir {
    tempfile::Builder::new().prefix("bellwether-").tempdir().expect("a temporary directory")
}

/// The random end of a temporary directory's name as a part of an SQL name, which knows no capitals.
fn tail(dir: &Path) -> String {
    let name = dir.file_name().unwrap_or_default().to_string_lossy();
    let random = name.rsplit('-').next().unwrap_or_default();
    random.bytes().fold(format!("{}_", std::process::id()), |text, byte| format!("{text}{byte:02x}"))
}

/// Runs each test, an `async fn(&Home)`, on both engines, and on Citus when `TEST_CITUS` names a coordinator.
///
/// What is on PostgreSQL is dropped when the test ends well, and kept to be looked at when it fails.
#[macro_export]
macro_rules! both {
    ($($test:ident),* $(,)?) => {
        mod sqlite {$(
            #[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                let home = $crate::home::Home::sqlite();
                super::$test(&home).await;
                home.remove().await;
            }
        )*}
        mod postgres {$(
            #[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                let home = $crate::home::Home::postgres().await;
                super::$test(&home).await;
                home.remove().await;
            }
        )*}
        mod citus {$(
            #[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                let Some(home) = $crate::home::Home::citus().await else {
                    return println!("not run: TEST_CITUS names no coordinator");
                };
                super::$test(&home).await;
                home.remove().await;
            }
        )*}
    };
}
