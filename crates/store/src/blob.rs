//! Blobs: raw mails and attachments, as bytes that a case owns.
//!
//! Up to [`ROW`] bytes are a column and share the commit of their message. Larger ones are a file named by its
//! SHA-256, synced before the commit that names it (SQLite), or rows of [`PART`] bytes in the same transaction
//! (PostgreSQL). The client's file name never comes near a path.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use domain::{CaseId, CustomerId};
use sha2::{Digest, Sha256};

use crate::db::{Conn, free};
use crate::error::unsynced;
use crate::{Db, Error, Lock, Read, Result, Sql, Tx, Where};

/// What fits into a row.
const ROW: usize = 64 * 1024;
/// The size of a part.
const PART: usize = 1024 * 1024;

/// Bytes that are ready to be stored. A clone shares them.
#[derive(Clone, Debug)]
pub struct Blob {
    /// SHA-256 of the bytes, in hex.
    pub hash: String,
    /// The bytes.
    pub bytes: Bytes,
}

impl Blob {
    /// Takes the bytes and finds their name.
    pub fn new(bytes: impl Into<Bytes>) -> Blob {
        let bytes = bytes.into();
        Blob { hash: hash(&bytes), bytes }
    }

    /// How many bytes.
    pub fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn is_large(&self) -> bool {
        self.bytes.len() > ROW
    }
}

/// SHA-256 in hex.
pub fn hash(bytes: &[u8]) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    Sha256::digest(bytes)
        .iter()
        .flat_map(|it| [HEX[usize::from(it >> 4)], HEX[usize::from(it & 15)]])
        .map(char::from)
        .collect()
}

/// Makes large blobs durable where the engine keeps them in files. Call it before the write that names them.
pub async fn keep(db: &Db, blobs: &[Blob]) -> Result<()> {
    let Some(dir) = db.blobs().cloned() else { return Ok(()) };
    let large: Vec<Blob> = blobs.iter().filter(|it| it.is_large()).cloned().collect();
    if large.is_empty() {
        return Ok(());
    }
    let kept = tokio::task::spawn_blocking(move || large.iter().try_for_each(|it| keep_one(&dir, it)));
    let kept = kept.await.map_err(|_| Error::UseCase("panicked"))?;
    kept.map_err(|err| Error::of_file("a file could not be kept", &err))
}

/// Two writers of the same bytes do not write into one file. What a crash leaves of these is collected.
static TEMPORARY: AtomicU64 = AtomicU64::new(0);

fn keep_one(dir: &Path, blob: &Blob) -> std::io::Result<()> {
    let path = path(dir, &blob.hash);
    let folder = path.parent().unwrap_or(dir);
    fs::create_dir_all(folder)?;
    if !is_kept(&path, blob)? {
        let temporary = path.with_extension(TEMPORARY.fetch_add(1, Relaxed).to_string());
        let written = write(&temporary, &blob.bytes).and_then(|()| fs::rename(&temporary, &path));
        if let Err(err) = written {
            // On a full disk it would keep it full.
            fs::remove_file(&temporary).ok();
            return Err(err);
        }
    }
    // Whoever wrote it may not have come as far as this yet.
    sync(&path, &File::open(folder)?)?;
    sync(&path, &File::open(dir)?)
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    sync(path, &file)
}

/// A file is durable once it is synced, its name once its folder is, and the folder once its own is. Where a sync has
/// failed, the file must not be found again: it would count as kept. A full disk may say so only here; all else ends the
/// program.
fn sync(path: &Path, what: &File) -> std::io::Result<()> {
    let Err(err) = what.sync_all() else { return Ok(()) };
    fs::remove_file(path).ok();
    match err.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Err(err),
        _ => unsynced(&err),
    }
}

/// Held by whoever looks at a file's age and then acts on it.
static AGES: Mutex<()> = Mutex::new(());

/// Whether the whole file is there; if so, it is young again, and no collector takes it.
fn is_kept(path: &Path, blob: &Blob) -> std::io::Result<bool> {
    let _ages = free(&AGES);
    match fs::metadata(path) {
        // A file system that lost its end in a crash did not keep it.
        Ok(it) if it.len() == blob.size() => {
            File::options().append(true).open(path)?.set_modified(now()).map(|()| true)
        }
        Ok(_) => Ok(false),
        Err(err) if err.kind() == ErrorKind::NotFound => Ok(false),
        Err(err) => Err(err),
    }
}

#[expect(clippy::disallowed_methods, reason = "compared with the file system's clock, and with nothing of ours")]
fn now() -> SystemTime {
    SystemTime::now()
}

fn path(dir: &Path, hash: &str) -> PathBuf {
    dir.join(hash.get(..2).unwrap_or("xx")).join(hash)
}

/// Gives a blob to a case. Those of [`keep`] must be kept by then.
pub async fn insert(tx: &mut Tx, customer: CustomerId, case: CaseId, blob: &Blob) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "insert into blobs (customer_id, case_id, hash, size, body) values ($1, $2, $3, $4, $5)
               on conflict (customer_id, case_id, hash) do nothing";
    let size = i64::try_from(blob.size()).unwrap_or(i64::MAX);
    let body = (!blob.is_large()).then_some(&blob.bytes);
    let args: [&dyn crate::Param; 5] = [&customer, &case, &blob.hash, &size, &body];
    if !(blob.is_large() && matches!(tx.conn, Conn::Postgres(_))) {
        return tx.put(sql, &args).await;
    }
    if tx.run(sql, &args).await? == 1 {
        let sql = "insert into blob_parts (customer_id, case_id, hash, part, body) values ($1, $2, $3, $4, $5)";
        for (part, bytes) in (0_i64..).zip(blob.bytes.chunks(PART)) {
            tx.run(sql, &[&customer, &case, &blob.hash, &part, &bytes]).await?;
        }
    }
    Ok(())
}

/// The bytes of a blob of this case. Whoever calls has found the blob's name in something that they may see.
pub async fn read(rx: &Read, customer: CustomerId, case: CaseId, hash: &str) -> Result<Vec<u8>> {
    let sql = "select body from blobs where customer_id = $1 and case_id = $2 and hash = $3";
    if let Some(bytes) = rx.one::<Option<Vec<u8>>>(sql, &[&customer, &case, &hash]).await? {
        return Ok(bytes);
    }
    if let Conn::Sqlite { blobs, .. } = &rx.conn {
        return fs::read(path(blobs, hash)).map_err(|err| match err.kind() {
            ErrorKind::NotFound => {
                tracing::error!(hash, "the file of a blob is lost");
                Error::NotFound
            }
            _ => Error::Away(format!("a file could not be read: {err}")),
        });
    }
    let sql = "select body from blob_parts where customer_id = $1 and case_id = $2 and hash = $3 order by part";
    Ok(rx.all::<Vec<u8>>(sql, &[&customer, &case, &hash]).await?.concat())
}

/// Messages, notes and drafts of the case. A hash is found in a list of files as it stands: nothing else looks like one.
const NAMED: Sql = Sql::per(
    "select 1 from messages where customer_id = $1 and case_id = $2 and (raw_hash = $3 or instr(files, $3) > 0)
     union all select 1 from entries where customer_id = $1 and case_id = $2 and fact = 'noted' and instr(data, $3) > 0
     union all select 1 from drafts where customer_id = $1 and case_id = $2 and instr(files, $3) > 0 limit 1",
    "select 1 from messages where customer_id = $1 and case_id = $2 and (raw_hash = $3 or position($3 in files) > 0)
     union all select 1 from entries where customer_id = $1 and case_id = $2 and fact = 'noted' and position($3 in data) > 0
     union all select 1 from drafts where customer_id = $1 and case_id = $2 and position($3 in files) > 0 limit 1",
);

/// Takes a blob from a case, unless something there names it still. A file goes with [`collect`].
pub async fn let_go(tx: &mut Tx, customer: CustomerId, case: CaseId, hash: &str) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    if tx.find::<i64>(NAMED, &[&customer, &case, &hash]).await?.is_some() {
        return Ok(());
    }
    let sql = "delete from blob_parts where customer_id = $1 and case_id = $2 and hash = $3";
    tx.run(sql, &[&customer, &case, &hash]).await?;
    let sql = "delete from blobs where customer_id = $1 and case_id = $2 and hash = $3";
    tx.run(sql, &[&customer, &case, &hash]).await.map(drop)
}

/// Gives another case of the same customer a blob that this one has.
pub async fn share(tx: &mut Tx, customer: CustomerId, from: CaseId, to: CaseId, hash: &str) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "insert into blobs (customer_id, case_id, hash, size, body)
               select customer_id, $3, hash, size, body from blobs where customer_id = $1 and case_id = $2 and hash = $4
               on conflict (customer_id, case_id, hash) do nothing";
    if tx.run(sql, &[&customer, &from, &to, &hash]).await? == 0 {
        return Ok(());
    }
    let sql = "insert into blob_parts (customer_id, case_id, hash, part, body)
               select customer_id, $3, hash, part, body from blob_parts
               where customer_id = $1 and case_id = $2 and hash = $4";
    tx.run(sql, &[&customer, &from, &to, &hash]).await.map(drop)
}

/// A file that nobody owned for this long was left by a write that failed.
const ORPHANED: Duration = Duration::from_hours(1);

/// Deletes files that no case owns. Safe beside writes: those keep theirs young. Answers how many went.
pub async fn collect(db: &Db) -> Result<usize> {
    let Some(dir) = db.blobs().cloned() else { return Ok(0) };
    let old = tokio::task::spawn_blocking(move || old_files(&dir)).await.map_err(|_| Error::UseCase("panicked"))?;
    let mut gone = 0;
    for chunk in old.chunks(200) {
        let names: Vec<String> = chunk.iter().map(|it| name(it).to_owned()).collect();
        let owned: Vec<String> = db
            .read(async move |rx| {
                let filter = Where::new("select hash from blobs").and("body is null", &[]).any_of("hash", &names);
                rx.all(filter.sql(), filter.args()).await
            })
            .await?;
        let owned: HashSet<String> = owned.into_iter().collect();
        let orphans: Vec<PathBuf> = chunk.iter().filter(|it| !owned.contains(name(it))).cloned().collect();
        let removed = tokio::task::spawn_blocking(move || orphans.iter().filter(|it| remove_old(it)).count());
        gone += removed.await.map_err(|_| Error::UseCase("panicked"))?;
    }
    Ok(gone)
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|it| it.to_str()).unwrap_or_default()
}

/// Removes a file unless somebody has wanted it since we looked.
fn remove_old(path: &Path) -> bool {
    let _ages = free(&AGES);
    is_old(path) && fs::remove_file(path).is_ok()
}

fn old_files(dir: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(dir).into_iter().flatten().flatten();
    let files = folders.flat_map(|it| fs::read_dir(it.path()).into_iter().flatten().flatten());
    files.map(|it| it.path()).filter(|it| is_old(it)).collect()
}

fn is_old(path: &Path) -> bool {
    let modified = fs::metadata(path).and_then(|it| it.modified());
    modified.is_ok_and(|it| now().duration_since(it).is_ok_and(|age| age > ORPHANED))
}
