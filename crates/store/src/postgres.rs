//! PostgreSQL: pooled connections, advisory locks, another try when the engine asks for one.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, QueueMode, RecyclingMethod, Runtime};
use futures_util::TryStreamExt;
use futures_util::future::{join, join_all};
use tokio::sync::{broadcast, mpsc};
use tokio::task::JoinHandle;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::config::SslMode;
use tokio_postgres::types::Type;
use tokio_postgres::{Config, RowStream};
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::{LocalPoolHandle, TaskTracker};
use uuid::Uuid;

use crate::db::{Answer, Conn, Room, free};
use crate::value::Kept;
use crate::{Error, FromRow, Hint, Lock, News, Param, Read, Result, Row, Sql, Tx, Value, news, search};

/// After a conflict a use case runs at most this often.
const TRIES: u32 = 5;
const CONNECTIONS: usize = 16;
const WORKERS: usize = 2;
/// How long a server may take to be reached, and a caller may wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);
const WAIT: Duration = Duration::from_secs(10);
/// How long a connection may be silent before its other end counts as gone.
const SILENCE: Duration = Duration::from_secs(30);
/// How long what is still to be told may take when the door is closed.
const FAREWELL: Duration = Duration::from_secs(2);
/// How long a server may take for one statement before it gives it up itself, and how long we then wait for its word. One
/// that stands still gives nothing up, and its connections look as well as ever.
const TERM: Duration = Duration::from_secs(15);
const PATIENCE: Duration = Duration::from_secs(5);
const LIMITS: &str = "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s";

pub(crate) struct Door {
    write: Pool,
    /// Connections that cannot write, which may point to a replica one day.
    read: Pool,
    workers: LocalPoolHandle,
    news: broadcast::Sender<News>,
    abroad: mpsc::UnboundedSender<Hint>,
    /// Spreads the pauses of those who try again.
    salt: AtomicU64,
    room: Room,
    /// Talks with the other nodes.
    talks: TaskTracker,
    stop: CancellationToken,
    /// It ends with the door.
    _stop: DropGuard,
}

impl Door {
    pub fn open(url: &str, node: Uuid, news: broadcast::Sender<News>, room: Room) -> Result<Door> {
        let mut config: Config = url.parse().map_err(|err| Error::Refused(format!("not a PostgreSQL URL: {err}")))?;
        let tls = tls(&mut config)?;
        be_alert(&mut config);
        let write = pool(&config, &tls, "")?;
        let read = pool(&config, &tls, "-c default_transaction_read_only=on")?;
        let (abroad, hints) = mpsc::unbounded_channel();
        let (talks, stop) = (TaskTracker::new(), CancellationToken::new());
        talks.spawn(news::tell(write.clone(), node, hints, stop.clone()));
        talks.spawn(stop.clone().run_until_cancelled_owned(news::hear(config, tls, node, news.clone())));
        let workers = LocalPoolHandle::new(WORKERS);
        let salt = AtomicU64::new(node.as_u64_pair().1);
        let guard = stop.clone().drop_guard();
        Ok(Door { write, read, workers, news, abroad, salt, room, talks, stop, _stop: guard })
    }

    pub fn write<T, E, F>(self: &Arc<Self>, locks: Vec<Lock>, work: F) -> Answer<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let door = self.clone();
        self.spawn(async move || door.until_it_goes_through(locks, work).await)
    }

    async fn until_it_goes_through<T, E, F>(&self, locks: Vec<Lock>, work: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E>,
        E: From<Error>,
    {
        // `read committed`, on purpose: a stricter snapshot would be taken before the locks are granted.
        // One statement takes all of them, in their order.
        let takes: Vec<String> = locks.iter().map(|it| format!("pg_advisory_xact_lock({})", it.number())).collect();
        let opening = if takes.is_empty() { "begin".to_owned() } else { format!("begin; select {}", takes.join(", ")) };
        let mut tries = 0;
        loop {
            let object = self.write.get().await.map_err(Error::from)?;
            let mut tx = Tx::new(Conn::Postgres(Box::new(Pooled::new(object, true))));
            tx.renew(locks.clone());
            let begun = tx.script(&opening).await;
            // A connection that died in the pool, as all do when the server restarts: nothing was done on it.
            let is_dead = matches!(begun, Err(Error::Away(_))) && !tx.was_silent();
            let result = match begun {
                Ok(()) => search::with_its_items(work(&mut tx).await, &mut tx).await,
                Err(err) => Err(err.into()),
            };
            let result = tx.verdict(result);
            let committed = if result.is_ok() { tx.commit().await } else { Ok(()) };
            tries += 1;
            if (is_dead || tx.conflict.load(Relaxed)) && tries < TRIES {
                drop(tx);
                let pause = 5 << tries;
                let jitter = self.salt.fetch_add(0x9e37_79b9_7f4a_7c15, Relaxed) % pause;
                tokio::time::sleep(Duration::from_millis(pause + jitter)).await;
                continue;
            }
            let full = tx.full.load(Relaxed) || matches!(committed, Err(Error::Full(_)));
            self.room.note(full, tx.changed && committed.is_ok());
            let result = result?;
            committed?;
            for hint in std::mem::take(&mut tx.hints) {
                self.tell(hint);
            }
            return Ok(result);
        }
    }

    pub fn tell(&self, hint: Hint) {
        self.abroad.send(hint.clone()).ok();
        self.news.send(News::Changed(hint)).ok();
    }

    pub fn read<T, E, F>(self: &Arc<Self>, work: F) -> Answer<T, E>
    where
        F: AsyncFn(&Read) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let door = self.clone();
        self.spawn(async move || {
            let object = door.read.get().await.map_err(Error::from)?;
            work(&Read::new(Conn::Postgres(Box::new(Pooled::new(object, false))))).await
        })
    }

    /// Runs a use case on a thread of our own, as SQLite does: it need not be `Send`, its panic is caught, and it
    /// does not end half-way when the caller goes away.
    fn spawn<T, E>(&self, work: impl AsyncFnOnce() -> Result<T, E> + Send + 'static) -> Answer<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let workers = self.workers.clone();
        let start: Box<dyn FnOnce() -> JoinHandle<Result<T, E>> + Send> =
            Box::new(move || workers.spawn_pinned(async move || work().await));
        Box::pin(async move { start().await.unwrap_or_else(|_| Err(Error::UseCase("panicked").into())) })
    }

    /// What was announced is still told to the other nodes, if they can be reached.
    pub async fn close(&self) {
        self.stop.cancel();
        self.talks.close();
        tokio::time::timeout(FAREWELL, self.talks.wait()).await.ok();
        self.write.close();
        self.read.close();
    }
}

/// `sslmode=require` speaks TLS with a server whose certificate the system trusts, or not at all. Anything less would
/// not notice who is in between, so it is plain: within one machine, or one network of one's own.
fn tls(config: &mut Config) -> Result<MakeRustlsConnect> {
    let mut trusted = rustls::RootCertStore::empty();
    if config.get_ssl_mode() == SslMode::Require {
        trusted.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    } else {
        config.ssl_mode(SslMode::Disable);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let tls = tls.map_err(|err| Error::Refused(format!("no TLS: {err}")))?;
    Ok(MakeRustlsConnect::new(tls.with_root_certificates(trusted).with_no_client_auth()))
}

/// Where the URL says nothing else, a server that is not there is noticed in half a minute, and not in hours.
fn be_alert(config: &mut Config) {
    let unsaid = Config::new();
    if config.get_connect_timeout() == unsaid.get_connect_timeout() {
        config.connect_timeout(CONNECT);
    }
    if config.get_tcp_user_timeout() == unsaid.get_tcp_user_timeout() {
        config.tcp_user_timeout(SILENCE);
    }
    if config.get_keepalives_idle() == unsaid.get_keepalives_idle() {
        config.keepalives_idle(SILENCE);
    }
}

fn pool(config: &Config, tls: &MakeRustlsConnect, more: &str) -> Result<Pool> {
    let mut config = config.clone();
    let given = config.get_options().unwrap_or_default();
    config.options(format!("{given} {LIMITS} -c statement_timeout={}s {more}", TERM.as_secs()));
    let manager = Manager::from_config(config, tls.clone(), ManagerConfig { recycling_method: RecyclingMethod::Fast });
    // The one that was used last knows its statements and has its pages at hand.
    let pool = Pool::builder(manager).max_size(CONNECTIONS).queue_mode(QueueMode::Lifo).runtime(Runtime::Tokio1);
    let pool = pool.wait_timeout(Some(WAIT)).create_timeout(Some(WAIT));
    pool.build().map_err(|err| Error::Refused(err.to_string()))
}

/// A pooled connection that never goes back with a transaction open, nor with a question that was not answered.
pub(crate) struct Pooled {
    /// None once it was given up.
    object: Option<Object>,
    open: bool,
    /// How long the server may be silent.
    pub patience: Duration,
    silent: AtomicBool,
    /// What goes out with the next question.
    put: Mutex<Vec<Put>>,
}

/// A statement for whose answer nobody waits.
struct Put {
    text: &'static str,
    args: Vec<Kept>,
}

impl Pooled {
    fn new(object: Object, open: bool) -> Pooled {
        Pooled {
            object: Some(object),
            open,
            patience: TERM + PATIENCE,
            silent: AtomicBool::new(false),
            put: Mutex::default(),
        }
    }

    /// Keeps a statement for the next question, and tells how many wait for that.
    pub fn put(&self, text: &'static str, args: &[&dyn Param]) -> usize {
        let args = args.iter().map(|it| Kept::from(it.value())).collect();
        let mut put = free(&self.put);
        put.push(Put { text, args });
        put.len()
    }

    /// Asks the server, and waits no longer than is sensible.
    async fn ask<T>(&self, question: impl AsyncFnOnce(&Object) -> Result<T, tokio_postgres::Error>) -> Result<T> {
        let object = self.object.as_ref().ok_or(Error::Closed)?;
        if let Ok(answer) = tokio::time::timeout(self.patience, question(object)).await {
            return Ok(answer?);
        }
        self.silent.store(true, Relaxed);
        Err(Error::Away("the server stopped answering".to_owned()))
    }

    /// Sends what was put before, in its order, and then the question, and only then waits: one way there and back for
    /// all. What is refused first is the answer; the server refuses all that follows it, a commit too.
    async fn ask_after_all<T>(
        &self,
        question: impl AsyncFnOnce(&Object) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T> {
        let put = std::mem::take(&mut *free(&self.put));
        if put.is_empty() {
            return self.ask(question).await;
        }
        let all = async |object: &Object| {
            // First of all: what is already prepared would overtake what is not.
            let mut statements = Vec::with_capacity(put.len());
            for it in &put {
                tracing::trace!(target: "store::sql", text = it.text);
                statements.push(object.prepare_cached(it.text).await?);
            }
            let put = put.iter().zip(&statements).map(async |(it, statement)| {
                count(object.query_raw(statement, it.args.iter().map(Param::value)).await?).await
            });
            let (put, answer) = join(join_all(put), question(object)).await;
            put.into_iter().collect::<Result<Vec<u64>, _>>()?;
            answer
        };
        self.ask(all).await
    }

    /// Many rows at once, as the server takes them quickest.
    pub async fn copy(&self, table: &str, columns: &str, rows: &[Vec<Kept>]) -> Result<()> {
        let copy = async |object: &Object| {
            let kinds = object.prepare(&format!("select {columns} from {table}")).await?;
            // Words come as bytes that the server knows how to read.
            let kind = |it: &Type| if *it == Type::TS_VECTOR { Type::BYTEA } else { it.clone() };
            let kinds: Vec<Type> = kinds.columns().iter().map(|it| kind(it.type_())).collect();
            let copy = format!("copy {table} ({columns}) from stdin (format binary)");
            let mut rest = pin!(BinaryCopyInWriter::new(object.copy_in(&copy).await?, &kinds));
            for row in rows {
                rest.as_mut().write_raw(row.iter().map(Param::value)).await?;
            }
            rest.finish().await
        };
        self.ask_after_all(copy).await.map(drop)
    }

    /// Several statements without arguments.
    pub async fn script(&self, text: &str) -> Result<()> {
        self.ask_after_all(async |it| it.batch_execute(text).await).await
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        let Some(object) = self.object.take() else { return };
        if self.silent.load(Relaxed) {
            // The next who takes a connection need not wait for this one; the server hears that it is gone.
            drop(Object::take(object));
        } else if self.open {
            // After a refusal, a panic, or a caller who went away. The first poll queues the message, ahead of all that
            // the next user of the connection will send; nobody needs the answer.
            let _ = pin!(object.batch_execute("rollback")).poll(&mut Context::from_waker(Waker::noop()));
        }
    }
}

impl Tx {
    /// Whether the server did not answer: asking it once more would only take as long again.
    fn was_silent(&self) -> bool {
        matches!(&self.conn, Conn::Postgres(pooled) if pooled.silent.load(Relaxed))
    }

    async fn commit(&mut self) -> Result<()> {
        self.script("commit").await?;
        if let Conn::Postgres(pooled) = &mut self.read.conn {
            pooled.open = false;
        }
        Ok(())
    }
}

pub(crate) async fn all<T: FromRow>(pooled: &Pooled, sql: &Sql, args: &[&dyn Param]) -> Result<Vec<T>> {
    let collect = async |it: &Object| {
        let mut rows = pin!(send(it, sql, args).await?);
        let mut found = Vec::new();
        while let Some(row) = rows.try_next().await? {
            found.push(T::from_row(&Row::postgres(&row)));
        }
        Ok(found)
    };
    pooled.ask_after_all(collect).await?.into_iter().collect()
}

pub(crate) async fn run(pooled: &Pooled, sql: &Sql, args: &[&dyn Param]) -> Result<u64> {
    pooled.ask_after_all(async |it: &Object| count(send(it, sql, args).await?).await).await
}

async fn count(rows: RowStream) -> Result<u64, tokio_postgres::Error> {
    let mut rows = pin!(rows);
    while rows.try_next().await?.is_some() {}
    Ok(rows.rows_affected().unwrap_or_default())
}

async fn send(object: &Object, sql: &Sql, args: &[&dyn Param]) -> Result<RowStream, tokio_postgres::Error> {
    let values = args.iter().map(|it| it.value());
    match sql {
        Sql::Fixed { postgres: text, .. } => {
            tracing::trace!(target: "store::sql", text);
            let statement = object.prepare_cached(text).await?;
            object.query_raw(&statement, values).await
        }
        // Sent with its types in one round trip, and not kept: the pool's cache never forgets.
        Sql::Built(text) => {
            tracing::trace!(target: "store::sql", text);
            object.query_typed_raw(text, values.map(|it| (it, kind(&it)))).await
        }
    }
}

fn kind(value: &Value<'_>) -> Type {
    match value {
        Value::Null => Type::UNKNOWN,
        Value::Int(_) => Type::INT8,
        Value::Real(_) => Type::FLOAT8,
        Value::Text(_) => Type::TEXT,
        Value::Bytes(_) => Type::BYTEA,
        Value::Uuid(_) => Type::UUID,
    }
}
