//! `--fresh`: forgets a demo, and never anything else.
//!
//! Only a database that says that it is a demo is deleted, only while nobody has it open, and only what Bellwether made:
//! whatever else lies in the directory stays.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;

use desk::Ctx;
use store::{Db, organization};

use crate::serve::Outcome;
use crate::settings::Place;

/// What a SQLite installation consists of, beside the files of its large blobs.
const FILES: [&str; 3] = ["bellwether.db", "bellwether.db-wal", "bellwether.db-shm"];

/// Deletes the demo in a data directory, finished or half filled; where there is no database there is nothing to do.
pub async fn forget(place: &Place) -> Outcome {
    let Place::Data(dir) = place else {
        return Err("--fresh works on a data directory: give the demo an empty database instead.".into());
    };
    if !dir.join(FILES[0]).exists() {
        return Ok(());
    }
    if !is_demo(dir).await? {
        return Err(format!("{} is no demo: nothing was deleted.", dir.display()).into());
    }
    // The same lock that everybody holds who has the database open. What it is cannot have changed since.
    let lock = File::options().write(true).open(dir.join("bellwether.lock"))?;
    lock.try_lock().map_err(|_| format!("{} is in use: nothing was deleted.", dir.display()))?;
    for name in FILES {
        gone(std::fs::remove_file(dir.join(name)))?;
    }
    gone(std::fs::remove_dir_all(dir.join("blobs")))?;
    Ok(())
}

/// Whether the database says so. Opening it is refused while another program has it.
async fn is_demo(dir: &Path) -> Outcome<bool> {
    let nothing = |err| format!("{err}. Nothing was deleted.");
    let db = Db::open(&dir.display().to_string(), Ctx::system().id()).await.map_err(nothing)?;
    let mark = db.read(async |rx| organization::setting(rx, super::MARK).await).await;
    db.close().await;
    Ok(mark.map_err(nothing)?.is_some())
}

fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(err) if err.kind() != ErrorKind::NotFound => Err(err),
        _ => Ok(()),
    }
}
