//! The name of this process among those that share a database.
//!
//! What a process holds (mailboxes that it reads, jobs that it is at) stands under its name until others may take it,
//! which they do when it has been silent for half a minute. A process that was killed and is started again on the same
//! machine need not wait for that: it takes the name of the one before it, and what stands under it is its own.
//!
//! That must never be somebody else's who lives. So the name lies in a file beside the key file, which its owner has
//! locked as long as it runs, and it counts only for that very file on that very machine since it was started: a copy of
//! the directory, on another machine or on the same, begins with a name of its own. So does whoever cannot keep such a file.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::sync::OnceLock;

use desk::Ctx;
use uuid::Uuid;

/// Locked until the process ends, however it does.
static OWN: OnceLock<File> = OnceLock::new();

/// The name of this process, kept beside the key file `key_file`.
pub fn name(key_file: &Path, ctx: &Ctx) -> Uuid {
    let new = ctx.id();
    let mut path = key_file.as_os_str().to_owned();
    path.push(".node");
    // Where nothing can be kept, nothing is lost but half a minute after a crash.
    let Ok((kept, file)) = keep(Path::new(&path), new) else { return new };
    // A process that opens a second database is somebody else there.
    if OWN.set(file).is_ok() { kept } else { new }
}

/// The name in the file, if it counts; otherwise writes `new` there. The file is locked.
fn keep(path: &Path, new: Uuid) -> std::io::Result<(Uuid, File)> {
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
    file.try_lock()?;
    let place = place(&file)?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    let known = text.trim().split_once(' ').filter(|it| it.1 == place).and_then(|it| it.0.parse().ok());
    if let Some(known) = known {
        return Ok((known, file));
    }
    file.rewind()?;
    file.set_len(0)?;
    writeln!(file, "{new} {place}")?;
    Ok((new, file))
}

/// Which file on which machine, since when that was started.
fn place(file: &File) -> std::io::Result<String> {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id")?;
    let it = file.metadata()?;
    Ok(format!("{} {} {}", boot.trim(), it.dev(), it.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_up_by_the_next_process_and_by_nobody_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let (path, copy) = (dir.path().join("a.node"), dir.path().join("b.node"));
        let id = Uuid::from_u128;
        let (first, lives) = keep(&path, id(1)).unwrap();
        assert_eq!(first, id(1));
        assert!(keep(&path, id(2)).is_err(), "its owner lives");
        drop(lives);
        assert_eq!(keep(&path, id(3)).unwrap().0, id(1), "its owner is dead");
        std::fs::copy(&path, &copy).unwrap();
        assert_eq!(keep(&copy, id(4)).unwrap().0, id(4), "a copy is somebody else");
        std::fs::write(&path, "torn").unwrap();
        assert_eq!(keep(&path, id(5)).unwrap().0, id(5));
    }
}
