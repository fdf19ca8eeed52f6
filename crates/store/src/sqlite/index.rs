//! The index of the search, a file beside the database.
//!
//! It can be made anew from that, so whatever is wrong with it is no reason not to start. Readers have it beside the
//! database on one connection; one connection writes it, and none of those that write the database does.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rusqlite::{Connection, OpenFlags};

use super::{at_once, connect, control};
use crate::db::{Conn, free};
use crate::{Error, Result, Tx};

/// The schema, and its number: a file with another is made anew.
const SCHEMA: &str = include_str!("../../migrations/search.sql");
pub(crate) const VERSION: i64 = 2;
/// Of the connection that writes: parts of the index are put together in it.
const CACHE_KIB: i64 = 64 * 1024;

pub(super) struct File {
    path: PathBuf,
    /// None where nobody may write, or the door is closed.
    tx: Mutex<Option<Tx>>,
}

impl File {
    /// Opens the index of the database `main` in `dir`, or makes an empty one.
    pub fn open(dir: &Path, main: &Path, blobs: &Arc<Path>) -> Result<File> {
        let path = dir.join("search.db");
        let conn = match existing(&path) {
            Ok(Some(conn)) => conn,
            found => {
                if let Err(err) = found {
                    tracing::warn!(%err, "the index of the search cannot be read, and is made anew");
                }
                fresh(&path)?
            }
        };
        conn.pragma_update(None, "cache_size", -CACHE_KIB)?;
        // Sorting all that there is needs more than memory.
        conn.pragma_update(None, "temp_store", "file")?;
        conn.execute("attach $1 as desk", [uri(main, "ro")?])?;
        Ok(File { path, tx: Mutex::new(Some(Tx::new(Conn::sqlite(conn, blobs)))) })
    }

    /// For readers alone.
    pub fn look(dir: &Path) -> File {
        File { path: dir.join("search.db"), tx: Mutex::new(None) }
    }

    /// Puts it beside the database of a connection that reads.
    pub fn attach_to(&self, conn: &Connection) -> Result<()> {
        if self.path.exists() {
            let path = self.path.to_str().ok_or_else(|| unnamed(&self.path))?;
            // Like the connection itself, only to be read.
            conn.execute("attach $1 as search", [path])?;
        }
        Ok(())
    }

    /// One transaction, on the thread that calls.
    pub fn write<T, E: From<Error>>(&self, work: &impl AsyncFn(&mut Tx) -> Result<T, E>) -> Result<T, E> {
        let mut held = free(&self.tx);
        let tx = held.as_mut().ok_or(Error::Closed)?;
        tx.renew(Vec::new());
        control(tx, "begin immediate")?;
        let result = at_once(work(tx));
        let result = tx.verdict(result);
        let ended = control(tx, if result.is_ok() { "commit" } else { "rollback" });
        if result.is_ok() && ended.is_err() {
            control(tx, "rollback").ok(); // The engine may have done it already.
        }
        let result = result?;
        ended?;
        Ok(result)
    }

    /// Moves its log into the file, as far as nobody reads what is older.
    pub fn settle(&self) -> Result<()> {
        let held = free(&self.tx);
        let Some(Conn::Sqlite { conn, .. }) = held.as_ref().map(|it| &it.conn) else { return Err(Error::Closed) };
        free(conn).query_row("pragma main.wal_checkpoint(truncate)", [], |_| Ok(()))?;
        Ok(())
    }

    pub fn close(&self) {
        free(&self.tx).take();
    }
}

/// What is there, if it is an index of this version.
fn existing(path: &Path) -> Result<Option<Connection>> {
    if !path.exists() {
        return Ok(None);
    }
    let conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_URI)?;
    let version: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let whole = version == VERSION && conn.table_exists(None, "search_words")?;
    prepare(&conn)?;
    Ok(whole.then_some(conn))
}

fn fresh(path: &Path) -> Result<Connection> {
    for end in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        match std::fs::remove_file(&name) {
            Err(err) if err.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::Refused(format!("cannot remove {}: {err}", name.display())));
            }
            _ => {}
        }
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_URI;
    let conn = connect(path, flags)?;
    prepare(&conn)?;
    conn.execute_batch(&format!("begin; {SCHEMA} pragma user_version = {VERSION}; commit;"))?;
    Ok(conn)
}

/// What is taken from the queue must be on the disk before it is taken from there. What is deleted leaves nothing behind.
fn prepare(conn: &Connection) -> Result<()> {
    Ok(conn.execute_batch("pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on")?)
}

/// As SQLite names a file that is not to be made.
fn uri(path: &Path, mode: &str) -> Result<String> {
    let path = path.to_str().ok_or_else(|| unnamed(path))?;
    let name = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    Ok(format!("file:{name}?mode={mode}"))
}

fn unnamed(path: &Path) -> Error {
    Error::Refused(format!("{} has no plain name", path.display()))
}
