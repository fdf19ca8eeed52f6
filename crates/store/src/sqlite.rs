//! SQLite: one writer thread with group commit, and readers that hop once per page.
//!
//! A commit costs one fsync, which no transaction can share in SQLite. So the writer lets every use case that waits
//! run inside one transaction, commits once, and then answers them all. A use case that fails after it has written is
//! rare, and a savepoint around each costs a copy of every page that it touches: so when one does, all are undone and
//! run once more, this time each in a savepoint.

use std::fs::{File, TryLockError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{CachedStatement, Connection, OpenFlags};
use tokio::sync::{Semaphore, broadcast, mpsc, oneshot};

use crate::db::{Answer, Conn, Room, free};
use crate::{Error, FromRow, Hint, Lock, News, Param, Read, Result, Row, Sql, Tx, search};

mod index;

pub(crate) use index::VERSION as INDEX_VERSION;

/// How many use cases may share one commit.
const GROUP: usize = 64;
/// How many may wait; the next caller waits before it may wait.
const QUEUE: usize = 1024;
const READERS: usize = 8;
/// Of each connection; the 2 MiB that SQLite begins with hold no desk.
const CACHE_KIB: i64 = 32 * 1024;
/// How many pages of 4 KiB the log may grow to before they move into the database. A page that many commits touch moves
/// once; ten times SQLite's own figure halves the cost of a commit.
const WAL_PAGES: i64 = 10_000;

pub(crate) struct Door {
    file: PathBuf,
    /// Where large blobs are kept.
    pub(crate) blobs: Arc<Path>,
    writer: mpsc::Sender<Order>,
    idle: Mutex<Vec<Read>>,
    readers: Arc<Semaphore>,
    index: Arc<index::File>,
}

enum Order {
    Write(Box<dyn Call>),
    Close(oneshot::Sender<()>),
}

impl Door {
    pub fn open(dir: &Path, news: broadcast::Sender<News>, room: Room) -> Result<Door> {
        let refused = |err: std::io::Error| Error::Refused(format!("cannot open {}: {err}", dir.display()));
        std::fs::create_dir_all(dir).map_err(refused)?;
        let own = File::create(dir.join("bellwether.lock")).map_err(refused)?;
        own.try_lock().map_err(|err| match err {
            TryLockError::WouldBlock => Error::Refused(format!(
                "{} is in use by another Bellwether: stop that one first, or use PostgreSQL to run several",
                dir.display()
            )),
            TryLockError::Error(err) => refused(err),
        })?;
        let file = dir.join("bellwether.db");
        let conn = connect(&file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        conn.execute_batch("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on")?;
        conn.pragma_update(None, "wal_autocheckpoint", WAL_PAGES)?;
        let blobs: Arc<Path> = dir.join("blobs").into();
        std::fs::create_dir_all(&blobs).and_then(|()| File::open(dir)?.sync_all()).map_err(refused)?;
        let tx = Tx::new(Conn::sqlite(conn, &blobs));
        let (writer, inbox) = mpsc::channel(QUEUE);
        std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || write(tx, inbox, &news, &room, own))
            .map_err(refused)?;
        let index = Arc::new(index::File::open(dir, &file, &blobs)?);
        Ok(Door { file, blobs, writer, idle: Mutex::default(), readers: Arc::new(Semaphore::new(READERS)), index })
    }

    /// Readers alone.
    pub fn look(dir: &Path) -> Result<Door> {
        let file = dir.join("bellwether.db");
        if !file.exists() {
            return Err(Error::Refused(format!("there is no database in {}", dir.display())));
        }
        let (writer, _) = mpsc::channel(1);
        let (blobs, index) = (dir.join("blobs").into(), Arc::new(index::File::look(dir)));
        Ok(Door { file, blobs, writer, idle: Mutex::default(), readers: Arc::new(Semaphore::new(READERS)), index })
    }

    pub fn write<T, E, F>(&self, locks: Vec<Lock>, work: F) -> Answer<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let call: Box<dyn Call> = Box::new(Waiting { work, locks, reply, result: None, hints: Vec::new() });
        let writer = self.writer.clone();
        Box::pin(async move {
            writer.send(Order::Write(call)).await.map_err(|_| Error::Closed)?;
            answer.await.map_err(|_| Error::Closed)?.0
        })
    }

    pub fn read<T, E, F>(self: &Arc<Self>, work: F) -> Answer<T, E>
    where
        F: AsyncFn(&Read) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let door = self.clone();
        let page: Box<dyn FnOnce() -> Result<T, E> + Send> = Box::new(move || {
            let idle = free(&door.idle).pop();
            let read = idle.map_or_else(|| door.reader(), Ok)?;
            control(&read, "begin")?;
            let result = at_once(work(&read));
            control(&read, "commit")?;
            free(&door.idle).push(read);
            result
        });
        let readers = self.readers.clone();
        Box::pin(async move {
            let permit = readers.acquire_owned().await.map_err(|_| Error::Closed)?;
            let page = tokio::task::spawn_blocking(move || (page(), drop(permit)).0);
            page.await.map_err(|_| Error::Closed)?
        })
    }

    pub async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.writer.send(Order::Close(done)).await.is_ok() {
            closed.await.ok();
        }
        self.readers.close();
        free(&self.idle).clear();
        self.index.close();
    }

    /// A write to the index of the search.
    pub fn index<T, E, F>(&self, work: F) -> Answer<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let file = self.index.clone();
        let write: Box<dyn FnOnce() -> Result<T, E> + Send> = Box::new(move || file.write(&work));
        Box::pin(async move { tokio::task::spawn_blocking(write).await.map_err(|_| Error::Closed)? })
    }

    pub async fn settle_index(&self) -> Result<()> {
        let file = self.index.clone();
        tokio::task::spawn_blocking(move || file.settle()).await.map_err(|_| Error::Closed)?
    }

    fn reader(&self) -> Result<Read> {
        let conn = connect(&self.file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        self.index.attach_to(&conn)?;
        Ok(Read::new(Conn::sqlite(conn, &self.blobs)))
    }
}

fn connect(file: &Path, flags: OpenFlags) -> Result<Connection> {
    let conn = Connection::open_with_flags(file, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(Duration::from_secs(5))?;
    conn.pragma_update(None, "cache_size", -CACHE_KIB)?;
    // A savepoint's own journal need not survive anything: it has no business in a file.
    conn.pragma_update(None, "temp_store", "memory")?;
    // One plan for each text, whatever its parameters are; otherwise some are planned anew at each call.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.set_prepared_statement_cache_capacity(512);
    Ok(conn)
}

/// The writer thread. It ends, and lets go of the directory, when the door is closed or dropped.
fn write(mut tx: Tx, mut inbox: mpsc::Receiver<Order>, news: &broadcast::Sender<News>, room: &Room, own: File) {
    while let Some(order) = inbox.blocking_recv() {
        let mut next = Some(order);
        let mut group: Vec<Box<dyn Call>> = Vec::new();
        let before = changes(&tx);
        let mut outcome = control(&tx, "begin immediate");
        let mut apart = Apart::No;
        let mut closing = None;
        while let Some(order) = next.take() {
            let mut call = match order {
                Order::Write(call) => call,
                Order::Close(done) => {
                    closing = Some(done);
                    break;
                }
            };
            let ran = outcome.and_then(|()| call.run(&mut tx, apart));
            group.push(call);
            outcome = match ran {
                Ok(Ran::Well) => Ok(()),
                Ok(Ran::Amiss) => {
                    apart = Apart::Yes;
                    once_more(&mut tx, &mut group)
                }
                Err(err) => Err(err),
            };
            if outcome.is_ok() && group.len() < GROUP {
                next = inbox.try_recv().ok();
            }
        }
        outcome = outcome.and_then(|()| control(&tx, "commit"));
        if outcome.is_err() {
            control(&tx, "rollback").ok(); // The engine may have done it already.
        }
        let full = tx.full.swap(false, Relaxed) || matches!(outcome, Err(Error::Full(_)));
        room.note(full, outcome.is_ok() && changes(&tx) != before);
        for call in group {
            call.answer(&outcome, news);
        }
        if let Some(done) = closing {
            drop((tx, own, inbox));
            done.send(()).ok();
            return;
        }
    }
}

/// Undoes what a group has done so far, and runs it again with each use case apart from the others.
fn once_more(tx: &mut Tx, group: &mut [Box<dyn Call>]) -> Result<()> {
    control(tx, "rollback").ok(); // The engine may have done it already.
    control(tx, "begin immediate")?;
    group.iter_mut().try_for_each(|call| call.run(tx, Apart::Yes).map(drop))
}

/// Whether a use case runs in a savepoint of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Apart {
    Yes,
    No,
}

/// How a use case has left the transaction.
enum Ran {
    /// As it should be: with all that it did, or with nothing of it.
    Well,
    /// With a part of what it did: the transaction cannot be committed.
    Amiss,
}

/// One caller that waits for the writer.
trait Call: Send {
    /// Runs the use case. An error is the end of the whole group, not of this use case.
    fn run(&mut self, tx: &mut Tx, apart: Apart) -> Result<Ran>;
    /// Publishes what it announced and answers the caller.
    fn answer(self: Box<Self>, committed: &Result<()>, news: &broadcast::Sender<News>);
}

struct Waiting<T, E, F> {
    work: F,
    locks: Vec<Lock>,
    /// Takes the use case too: what it holds is let go by whoever made it, not by the one thread for which all wait.
    reply: oneshot::Sender<(Result<T, E>, F)>,
    result: Option<Result<T, E>>,
    hints: Vec<Hint>,
}

impl<T, E, F> Call for Waiting<T, E, F>
where
    F: AsyncFn(&mut Tx) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, tx: &mut Tx, apart: Apart) -> Result<Ran> {
        tx.renew(self.locks.clone());
        if apart == Apart::Yes {
            control(tx, "savepoint use_case")?;
        }
        let before = changes(tx);
        let result = at_once(async {
            let result = (self.work)(tx).await;
            search::with_its_items(result, tx).await
        });
        let failed = self.result.insert(tx.verdict(result)).is_err();
        self.hints = if failed { Vec::new() } else { std::mem::take(&mut tx.hints) };
        if apart == Apart::No {
            let amiss = failed && (changes(tx) != before || tx.failed.load(Relaxed));
            return Ok(if amiss { Ran::Amiss } else { Ran::Well });
        }
        if failed {
            // Fails if the engine gave up the whole transaction: then nobody's work is left, and that is nobody's fault.
            let undone = control(tx, "rollback to use_case");
            let full = tx.full.load(Relaxed);
            undone.map_err(|err| if full { Error::Full(err.to_string()) } else { Error::Away(err.to_string()) })?;
        }
        control(tx, "release use_case").map(|()| Ran::Well)
    }

    fn answer(self: Box<Self>, committed: &Result<()>, news: &broadcast::Sender<News>) {
        // A refusal may rest on what a neighbour wrote, so it too holds only if that is there.
        let result = match (self.result, committed) {
            (_, Err(err)) => Err(err.clone().into()),
            (result, Ok(())) => result.unwrap_or_else(|| Err(Error::Closed.into())),
        };
        if committed.is_ok() {
            for hint in self.hints {
                news.send(News::Changed(hint)).ok(); // Nobody may be listening.
            }
        }
        self.reply.send((result, self.work)).ok();
    }
}

/// How many rows the connection has changed in its life.
fn changes(read: &Read) -> u64 {
    match &read.conn {
        Conn::Sqlite { conn, .. } => free(conn).total_changes(),
        Conn::Postgres(_) => 0,
    }
}

/// A future that awaits only its handle is ready at the first poll; one that is not awaited something else, which
/// would hold up every other writer. A panic must fail one use case, not the writer of all.
fn at_once<T, E: From<Error>>(work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let mut work = pin!(work);
    let poll = || work.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    match catch_unwind(AssertUnwindSafe(poll)) {
        Ok(Poll::Ready(result)) => result,
        Ok(Poll::Pending) => Err(Error::UseCase("awaited something that is not its own transaction").into()),
        Err(_) => Err(Error::UseCase("panicked").into()),
    }
}

fn control(read: &Read, text: &'static str) -> Result<()> {
    match &read.conn {
        Conn::Sqlite { conn, .. } => Ok(free(conn).prepare_cached(text)?.raw_execute().map(|_| ())?),
        Conn::Postgres(_) => Err(Error::Closed),
    }
}

pub(crate) fn all<T: FromRow>(conn: &Connection, sql: &Sql, args: &[&dyn Param]) -> Result<Vec<T>> {
    let mut statement = prepare(conn, sql, args)?;
    let mut rows = statement.raw_query();
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(T::from_row(&Row::sqlite(row))?);
    }
    Ok(found)
}

pub(crate) fn run(conn: &Connection, sql: &Sql, args: &[&dyn Param]) -> Result<u64> {
    Ok(prepare(conn, sql, args)?.raw_execute()? as u64)
}

/// SQLite takes `$1` for a name and numbers it by first appearance, so arguments are bound in that order. This spares us
/// rewriting the text, and asking SQLite for each name, which it looks for in a list.
fn prepare<'c>(conn: &'c Connection, sql: &Sql, args: &[&dyn Param]) -> Result<CachedStatement<'c>> {
    let text = match sql {
        Sql::Fixed { sqlite, .. } => sqlite,
        Sql::Built(text) => text.as_str(),
    };
    tracing::trace!(target: "store::sql", text);
    let mut statement = conn.prepare_cached(text)?;
    let mut bound = vec![false; args.len()];
    let mut place = 0;
    for at in memchr::memchr_iter(b'$', text.as_bytes()) {
        let digits = text.as_bytes()[at + 1..].iter().take_while(|it| it.is_ascii_digit());
        let number =
            digits.fold(0, |number: usize, it| number.saturating_mul(10).saturating_add(usize::from(it - b'0')));
        let number = number.checked_sub(1);
        let Some((number, arg)) = number.and_then(|it| Some((it, args.get(it)?))) else {
            return Err(Error::Sql(format!("parameters are $1, $2... in `{text}`")));
        };
        if !std::mem::replace(&mut bound[number], true) {
            place += 1;
            statement.raw_bind_parameter(place, arg.value())?;
        }
    }
    if place != args.len() || statement.parameter_count() != place {
        return Err(Error::Sql(format!("{} arguments for `{text}`", args.len())));
    }
    Ok(statement)
}
