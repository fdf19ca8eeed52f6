//! SQLite: one writer thread with group commit, and readers that hop once per page.
//!
//! A commit costs one fsync, which no transaction can share in SQLite. So the writer lets every use case that waits
//! run inside one transaction, each in a savepoint of its own, commits once, and then answers them all.

use std::fs::{File, TryLockError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{CachedStatement, Connection, OpenFlags};
use tokio::sync::{Semaphore, broadcast, mpsc, oneshot};

use crate::db::{Answer, Conn, free};
use crate::{Error, FromRow, Lock, News, Param, Read, Result, Row, Sql, Tx};

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
}

enum Order {
    Write(Box<dyn Call>),
    Close(oneshot::Sender<()>),
}

impl Door {
    pub fn open(dir: &Path, news: broadcast::Sender<News>) -> Result<Door> {
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
            .spawn(move || write(tx, inbox, &news, own))
            .map_err(refused)?;
        Ok(Door { file, blobs, writer, idle: Mutex::default(), readers: Arc::new(Semaphore::new(READERS)) })
    }

    pub fn write<T, E, F>(&self, locks: Vec<Lock>, work: F) -> Answer<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let call: Box<dyn Call> = Box::new(Waiting { work, locks, reply, result: None });
        let writer = self.writer.clone();
        Box::pin(async move {
            writer.send(Order::Write(call)).await.map_err(|_| Error::Closed)?;
            answer.await.map_err(|_| Error::Closed)?
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
    }

    fn reader(&self) -> Result<Read> {
        let conn = connect(&self.file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
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
fn write(mut tx: Tx, mut inbox: mpsc::Receiver<Order>, news: &broadcast::Sender<News>, own: File) {
    while let Some(order) = inbox.blocking_recv() {
        let mut next = Some(order);
        let mut group = Vec::new();
        let mut hints = Vec::new();
        let mut outcome = control(&tx, "begin immediate");
        let mut closing = None;
        while let Some(order) = next.take() {
            let mut call = match order {
                Order::Write(call) => call,
                Order::Close(done) => {
                    closing = Some(done);
                    break;
                }
            };
            outcome = outcome.and_then(|()| call.run(&mut tx));
            hints.append(&mut tx.hints);
            group.push(call);
            if outcome.is_ok() && group.len() < GROUP {
                next = inbox.try_recv().ok();
            }
        }
        outcome = outcome.and_then(|()| control(&tx, "commit"));
        if outcome.is_ok() {
            for hint in hints {
                news.send(News::Changed(hint)).ok(); // Nobody may be listening.
            }
        } else {
            control(&tx, "rollback").ok(); // The engine may have done it already.
        }
        for call in group {
            call.answer(&outcome);
        }
        if let Some(done) = closing {
            drop((tx, own, inbox));
            done.send(()).ok();
            return;
        }
    }
}

/// One caller that waits for the writer.
trait Call: Send {
    /// Runs the use case in a savepoint. An error is the end of the whole group, not of this use case.
    fn run(&mut self, tx: &mut Tx) -> Result<()>;
    fn answer(self: Box<Self>, committed: &Result<()>);
}

struct Waiting<T, E, F> {
    work: F,
    locks: Vec<Lock>,
    reply: oneshot::Sender<Result<T, E>>,
    result: Option<Result<T, E>>,
}

impl<T, E, F> Call for Waiting<T, E, F>
where
    F: AsyncFn(&mut Tx) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, tx: &mut Tx) -> Result<()> {
        tx.renew(std::mem::take(&mut self.locks));
        control(tx, "savepoint use_case")?;
        let result = at_once((self.work)(tx));
        let result = self.result.insert(tx.verdict(result));
        if result.is_err() {
            tx.hints.clear();
            // Fails if the engine gave up the whole transaction: then nobody's work is left, and that is nobody's fault.
            let undone = control(tx, "rollback to use_case");
            undone.map_err(|err| Error::Away(format!("the transaction was given up, as on a full disk: {err}")))?;
        }
        control(tx, "release use_case")
    }

    fn answer(self: Box<Self>, committed: &Result<()>) {
        let result = match committed {
            // A refusal too: it may rest on what another of the group had written, which is not there.
            Err(err) => Err(err.clone().into()),
            Ok(()) => self.result.unwrap_or_else(|| Err(Error::Closed.into())),
        };
        self.reply.send(result).ok();
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

/// SQLite takes `$1` for a name and numbers it by first appearance, so arguments are bound by that name. This spares
/// us rewriting the text.
fn prepare<'c>(conn: &'c Connection, sql: &Sql, args: &[&dyn Param]) -> Result<CachedStatement<'c>> {
    let text = match sql {
        Sql::Fixed { sqlite, .. } => sqlite,
        Sql::Built(text) => text.as_str(),
    };
    tracing::trace!(target: "store::sql", text);
    let mut statement = conn.prepare_cached(text)?;
    if statement.parameter_count() != args.len() {
        return Err(Error::Sql(format!("{} arguments for `{text}`", args.len())));
    }
    for at in 1..=args.len() {
        let number = statement.parameter_name(at).and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok());
        let arg = number.and_then(|it| args.get(it.checked_sub(1)?));
        let arg = arg.ok_or_else(|| Error::Sql(format!("parameters are $1, $2... in `{text}`")))?;
        statement.raw_bind_parameter(at, arg.value())?;
    }
    Ok(statement)
}
