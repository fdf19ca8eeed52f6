//! The door itself. Nothing outside it knows which engine is behind.

use std::ops::Deref;
use std::path::Path;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::CustomerId;
use sha2::{Digest, Sha256};
use tokio::sync::broadcast;
use uuid::Uuid;

use crate::search::Item;
use crate::{Error, FromRow, Hint, News, Param, Result, Sql, migrate, postgres, sqlite};

/// So many statements wait for the next question at most.
const PUT: usize = 16;

/// The database. Cheap to clone; [`Db::write`] and [`Db::read`] are the only ways in.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    news: broadcast::Sender<News>,
    room: Room,
}

#[derive(Clone)]
enum Engine {
    Sqlite(Arc<sqlite::Door>),
    Postgres(Arc<postgres::Door>),
}

/// The answer of a use case. It is boxed so that the compiler can see that it is `Send` without looking into the use
/// case: an async closure that captures a `&'static str` would otherwise not pass `tokio::spawn`.
pub type Answer<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

impl Db {
    /// `place` is a `postgres://` URL, or the directory of a SQLite database. Brings the schema up to date.
    /// `node` names this process among those that share a database.
    pub async fn open(place: &str, node: Uuid) -> Result<Db> {
        Db::open_with(place, node, migrate::MIGRATIONS).await
    }

    /// [`Db::open`] with a schema of the caller's: for tests of the door itself.
    #[doc(hidden)]
    pub async fn open_with(place: &str, node: Uuid, migrations: &'static [&'static str]) -> Result<Db> {
        let news = broadcast::Sender::new(1024);
        let room = Room::default();
        let engine = if place.starts_with("postgres://") || place.starts_with("postgresql://") {
            Engine::Postgres(Arc::new(postgres::Door::open(place, node, news.clone(), room.clone())?))
        } else {
            Engine::Sqlite(Arc::new(sqlite::Door::open(place.as_ref(), news.clone(), room.clone())?))
        };
        let db = Db { engine, news, room };
        let migrated = db.write([], async move |tx| migrate::run(tx, migrations).await).await;
        if migrated.is_err() {
            db.close().await; // Or its directory would stay taken for a moment.
        }
        migrated.map(|()| db)
    }

    /// Opens what is there to look at it, beside whatever works with it: nothing is migrated, and every write is refused.
    pub fn look(place: &str, node: Uuid) -> Result<Db> {
        if place.starts_with("postgres://") || place.starts_with("postgresql://") {
            let (news, room) = (broadcast::Sender::new(1), Room::default());
            let door = postgres::Door::open(place, node, news.clone(), room.clone())?;
            return Ok(Db { engine: Engine::Postgres(Arc::new(door)), news, room });
        }
        let door = sqlite::Door::look(place.as_ref())?;
        Ok(Db { engine: Engine::Sqlite(Arc::new(door)), news: broadcast::Sender::new(1), room: Room::default() })
    }

    /// Runs one use case in one transaction; what it announced is published after the commit.
    ///
    /// - `work` awaits nothing but `tx`. On SQLite anything else is refused as [`Error::UseCase`].
    /// - `work` may run twice: PostgreSQL may ask for another try. It borrows its captured input, and its only
    ///   effects are those it has through `tx`.
    /// - A failed statement dooms the use case, even when it swallows the error (use `on conflict`).
    /// - `locks` name what it reads in order to change. SQLite has one writer and needs none; PostgreSQL runs
    ///   `read committed` and loses updates without them.
    /// - Once begun it runs to its end, even if the caller goes away. An error from the commit itself leaves the
    ///   outcome unknown: what comes from outside carries an id of its own, and a unique key decides.
    pub fn write<T, E, F>(&self, locks: impl IntoIterator<Item = Lock>, work: F) -> Answer<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let mut locks: Vec<Lock> = locks.into_iter().collect();
        locks.sort(); // One order everywhere: no two use cases wait for each other.
        locks.dedup();
        match &self.engine {
            Engine::Sqlite(door) => door.write(locks, work),
            Engine::Postgres(door) => door.write(locks, work),
        }
    }

    /// Runs the queries of one page: one hop to a reader thread, which sees one snapshot, on SQLite; one connection
    /// on PostgreSQL, where `tokio::join!` sends queries in one round trip and each sees its own snapshot.
    pub fn read<T, E, F>(&self, work: F) -> Answer<T, E>
    where
        F: AsyncFn(&Read) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match &self.engine {
            Engine::Sqlite(door) => door.read(work),
            Engine::Postgres(door) => door.read(work),
        }
    }

    /// Writes to the index of the search. On SQLite that is a file of its own, to which no use case writes: nobody waits for
    /// it, and it does not go with their transactions.
    pub(crate) fn index<T, E, F>(&self, work: F) -> Answer<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match &self.engine {
            Engine::Sqlite(door) => door.index(work),
            Engine::Postgres(door) => door.write(Vec::new(), work),
        }
    }

    /// Leaves nothing of the index in the log of its file: what was deleted stands there until then.
    pub(crate) async fn settle_index(&self) -> Result<()> {
        match &self.engine {
            Engine::Sqlite(door) => door.settle_index().await,
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// The directory of large blobs, where the engine keeps them in files.
    pub(crate) fn blobs(&self) -> Option<&Arc<Path>> {
        match &self.engine {
            Engine::Sqlite(door) => Some(&door.blobs),
            Engine::Postgres(_) => None,
        }
    }

    /// Whether several programs may share this database.
    pub fn is_shared(&self) -> bool {
        matches!(self.engine, Engine::Postgres(_))
    }

    /// Whether the last write found room on the disk. What is read needs none.
    pub fn has_room(&self) -> bool {
        !self.room.0.load(Relaxed)
    }

    /// What was announced from now on, on this node or another. A receiver that lags has missed some: treat
    /// `RecvError::Lagged` as [`News::Gap`].
    pub fn news(&self) -> broadcast::Receiver<News> {
        self.news.subscribe()
    }

    /// Tells everybody what is written nowhere: who is at a case right now.
    pub fn tell(&self, hint: Hint) {
        match &self.engine {
            Engine::Sqlite(_) => drop(self.news.send(News::Changed(hint))),
            Engine::Postgres(door) => door.tell(hint),
        }
    }

    /// Ends the door: accepted writes are answered first, later ones are refused.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite(door) => door.close().await,
            Engine::Postgres(door) => door.close().await,
        }
    }
}

/// Whether there was room for what was written last; set where it is full.
#[derive(Clone, Default)]
pub(crate) struct Room(Arc<AtomicBool>);

impl Room {
    /// A write has ended: the disk was full, or it took something.
    pub fn note(&self, full: bool, took: bool) {
        if full && !self.0.swap(true, Relaxed) {
            tracing::error!("the disk is full: nothing can be saved until there is room again");
        }
        if took && !full && self.0.swap(false, Relaxed) {
            tracing::warn!("there is room on the disk again");
        }
    }
}

/// What a use case reads in order to change it. The order of the variants is the order of locking: a use case that
/// takes one more with [`Tx::lock`] moves down this list; one that moves up may cost a deadlock and another try.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lock {
    /// The schema itself.
    Schema,
    /// Something named from outside that may not exist yet: an address, an external id.
    Name(String),
    /// A customer, and everything stored under their key.
    Customer(CustomerId),
}

impl Lock {
    /// The number that PostgreSQL locks. Two names with one number only wait for each other needlessly.
    pub(crate) fn number(&self) -> i64 {
        let mut hash = Sha256::new();
        match self {
            Lock::Schema => hash.update("schema"),
            Lock::Name(name) => hash.update(format!("name {name}")),
            Lock::Customer(id) => hash.update(id.0),
        }
        hash.finalize().iter().take(8).fold(0, |number, byte| number << 8 | i64::from(*byte))
    }
}

/// A handle that can only look.
pub struct Read {
    pub(crate) conn: Conn,
    /// Set once the engine has refused a statement.
    pub(crate) failed: AtomicBool,
    /// Set once it has asked for another try.
    pub(crate) conflict: AtomicBool,
    /// Set once it has found no room on the disk.
    pub(crate) full: AtomicBool,
}

pub(crate) enum Conn {
    /// Never contended; it lets `&Read` cross an await, which PostgreSQL needs.
    Sqlite { conn: Mutex<rusqlite::Connection>, blobs: Arc<Path> },
    /// Boxed: it is much the larger of the two.
    Postgres(Box<postgres::Pooled>),
}

impl Conn {
    pub(crate) fn sqlite(conn: rusqlite::Connection, blobs: &Arc<Path>) -> Conn {
        Conn::Sqlite { conn: Mutex::new(conn), blobs: blobs.clone() }
    }
}

impl Read {
    pub(crate) fn new(conn: Conn) -> Self {
        Read { conn, failed: false.into(), conflict: false.into(), full: false.into() }
    }

    /// All rows.
    pub async fn all<T: FromRow>(&self, sql: impl Into<Sql>, args: &[&dyn Param]) -> Result<Vec<T>> {
        let sql = sql.into();
        let rows = match &self.conn {
            Conn::Sqlite { conn, .. } => sqlite::all(&free(conn), &sql, args),
            Conn::Postgres(pooled) => postgres::all(pooled, &sql, args).await,
        };
        self.note(rows)
    }

    /// The first row, or [`Error::NotFound`].
    pub async fn one<T: FromRow>(&self, sql: impl Into<Sql>, args: &[&dyn Param]) -> Result<T> {
        self.find(sql, args).await?.ok_or(Error::NotFound)
    }

    /// The first row, if there is one.
    pub async fn find<T: FromRow>(&self, sql: impl Into<Sql>, args: &[&dyn Param]) -> Result<Option<T>> {
        Ok(self.all(sql, args).await?.into_iter().next())
    }

    pub(crate) fn note<T>(&self, result: Result<T>) -> Result<T> {
        if let Err(err) = &result {
            self.failed.store(true, Relaxed);
            self.conflict.fetch_or(matches!(err, Error::Conflict(_)), Relaxed);
            self.full.fetch_or(matches!(err, Error::Full(_)), Relaxed);
        }
        result
    }
}

/// An open write. It can do all that [`Read`] can, so a function that only looks takes `&Read` and serves both.
pub struct Tx {
    pub(crate) read: Read,
    pub(crate) locks: Vec<Lock>,
    pub(crate) hints: Vec<Hint>,
    /// What of it is found by its words.
    pub(crate) findable: Vec<Item>,
    /// Whether a statement of it has changed a row.
    pub(crate) changed: bool,
    hushed: bool,
}

impl Deref for Tx {
    type Target = Read;

    fn deref(&self) -> &Read {
        &self.read
    }
}

impl Tx {
    pub(crate) fn new(conn: Conn) -> Self {
        Tx {
            read: Read::new(conn),
            locks: Vec::new(),
            hints: Vec::new(),
            findable: Vec::new(),
            changed: false,
            hushed: false,
        }
    }

    /// How many rows it changed.
    pub async fn run(&mut self, sql: impl Into<Sql>, args: &[&dyn Param]) -> Result<u64> {
        let sql = sql.into();
        let count = match &self.conn {
            Conn::Sqlite { conn, .. } => sqlite::run(&free(conn), &sql, args),
            Conn::Postgres(pooled) => postgres::run(pooled, &sql, args).await,
        };
        self.changed |= count.as_ref().is_ok_and(|it| *it > 0);
        self.note(count)
    }

    /// Runs a statement of which nobody asks how many rows it changed. On PostgreSQL it goes out with the next question, or
    /// with the commit, and what it is refused for is the answer to that.
    pub async fn put(&mut self, sql: &'static str, args: &[&dyn Param]) -> Result<()> {
        let Conn::Postgres(pooled) = &self.conn else { return self.run(sql, args).await.map(drop) };
        let waiting = pooled.put(sql, args);
        self.changed = true;
        if waiting < PUT { Ok(()) } else { self.script("").await }
    }

    /// Takes one more lock, for what only the transaction itself could find out. Answers whether others may have
    /// changed something before it was granted: then read again. They cannot where it was held already, nor on SQLite.
    pub async fn lock(&mut self, lock: Lock) -> Result<bool> {
        if self.locks.contains(&lock) {
            return Ok(false);
        }
        let shared = matches!(self.conn, Conn::Postgres(_));
        if shared {
            self.put("select cast(pg_advisory_xact_lock($1) as text)", &[&lock.number()]).await?;
        }
        self.locks.push(lock);
        Ok(shared)
    }

    /// Functions that change a customer call this first: a forgotten lock then fails in the tests of either engine,
    /// and not once a month on PostgreSQL.
    pub fn holds(&self, lock: &Lock) -> Result<()> {
        if self.locks.contains(lock) { Ok(()) } else { Err(Error::UseCase("changes what it has not locked")) }
    }

    /// Tells everybody what changed, once it has.
    pub fn announce(&mut self, hint: Hint) {
        if !self.hushed {
            self.hints.push(hint);
        }
    }

    /// Tells nobody of what follows: for what is brought in by the thousand and is no news.
    pub fn hush(&mut self) {
        self.hushed = true;
    }

    /// The sentence of a use case: what it says, unless a statement failed behind its back.
    pub(crate) fn verdict<T, E: From<Error>>(&self, result: Result<T, E>) -> Result<T, E> {
        if result.is_ok() && self.failed.load(Relaxed) {
            return Err(Error::UseCase("went on after a failed statement").into());
        }
        result
    }

    /// Makes a handle that serves many use cases new again.
    pub(crate) fn renew(&mut self, locks: Vec<Lock>) {
        (self.locks, self.hints, self.hushed) = (locks, Vec::new(), false);
        self.findable.clear();
        self.failed.store(false, Relaxed);
        self.conflict.store(false, Relaxed);
    }

    /// Lets the statements that follow take as long as they need: on PostgreSQL nobody else does.
    pub(crate) async fn take_time(&mut self) -> Result<()> {
        if let Conn::Postgres(pooled) = &mut self.read.conn {
            pooled.patience = Duration::MAX;
        }
        self.script("/*postgres set local lock_timeout = 0; set local statement_timeout = 0; postgres*/").await
    }

    /// Several statements without arguments: migrations.
    pub(crate) async fn script(&mut self, text: &str) -> Result<()> {
        let done = match &self.conn {
            Conn::Sqlite { conn, .. } => free(conn).execute_batch(&migrate::only("sqlite", text)).map_err(Error::from),
            Conn::Postgres(pooled) => pooled.script(&migrate::only("postgres", text)).await,
        };
        self.note(done)
    }
}

/// A panic while the connection was in use has been rolled back; the connection is fine.
pub(crate) fn free<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
