//! The key file: what encrypts the passwords of channels and marks our message ids.
//!
//! It is made at first start and never changed by the program, nor made anew: the database remembers a fingerprint of the
//! key in use, and a program with other keys does not start. Each line is one key, its id and its 32 bytes in
//! base64; the first line is the key in use, the others still open and verify what they once closed and signed. Ids
//! are random, so that a key that is lost and made anew is not taken for the old one.
//!
//! It lies outside the data directory, because a copy of the data must not open what is in it, and nobody but its
//! owner may read it.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use data_encoding::BASE64;

/// Bits of a file's mode that let others in.
const OTHERS: u32 = 0o077;

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// Others can read or change it.
    #[error("the key file {} can be read or changed by others (mode {mode:04o}): run `chmod 600 {}`", .file.display(), .file.display())]
    Open {
        /// The key file.
        file: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// A line that is no key.
    #[error("line {line} of the key file {} is no key: expected a number and 32 bytes in base64", .file.display())]
    NoKey {
        /// The key file.
        file: PathBuf,
        /// Counted from one.
        line: usize,
    },
    /// Two keys with one id.
    #[error("the key file {} has two keys with the id {id}", .file.display())]
    Twice {
        /// The key file.
        file: PathBuf,
        /// What both are called.
        id: u32,
    },
    /// No line at all.
    #[error("the key file {} is empty: put back your copy of it", .file.display())]
    Empty {
        /// The key file.
        file: PathBuf,
    },
    /// It is not there, and there was one.
    #[error(
        "the key file {} is not there, and this database was begun with one: put back your copy of it, or name it with --key-file. With a new key no password of a mailbox could be read",
        .file.display()
    )]
    Missing {
        /// The key file.
        file: PathBuf,
    },
    /// None of its keys is the one that the database knows.
    #[error(
        "the key file {} is not the one of this database: put back your copy of it, or name it with --key-file. All nodes need the same one",
        .file.display()
    )]
    Foreign {
        /// The key file.
        file: PathBuf,
    },
    /// It cannot be read.
    #[error("the key file {} cannot be read: {source}", .file.display())]
    Unreadable {
        /// The key file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It cannot be made.
    #[error("the key file {} cannot be made: {source}", .file.display())]
    NotMade {
        /// The key file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// The keys in `file`, the one in use first; makes the file with one new key when there is none.
///
/// Two processes that start at once get the same key: whoever comes second reads what the first has made.
pub fn open(file: &Path) -> Result<Vec<(u32, [u8; 32])>, Trouble> {
    if !file.exists() {
        create(file).map_err(|source| Trouble::NotMade { file: file.to_path_buf(), source })?;
    }
    read(file)
}

/// The keys in `file`, for a database that was begun with them: none are made.
pub fn existing(file: &Path) -> Result<Vec<(u32, [u8; 32])>, Trouble> {
    if file.exists() { read(file) } else { Err(Trouble::Missing { file: file.to_path_buf() }) }
}

/// The keys in `file`, the one in use first.
pub fn read(file: &Path) -> Result<Vec<(u32, [u8; 32])>, Trouble> {
    let unreadable = |source| Trouble::Unreadable { file: file.to_path_buf(), source };
    let opened = File::open(file).map_err(unreadable)?;
    let mode = opened.metadata().map_err(unreadable)?.permissions().mode() & 0o7777;
    if mode & OTHERS != 0 {
        return Err(Trouble::Open { file: file.to_path_buf(), mode });
    }
    let text = io::read_to_string(opened).map_err(unreadable)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let keys = lines
        .map(|(index, line)| key(line).ok_or_else(|| Trouble::NoKey { file: file.to_path_buf(), line: index + 1 }))
        .collect::<Result<Vec<_>, _>>()?;
    if keys.is_empty() {
        return Err(Trouble::Empty { file: file.to_path_buf() });
    }
    let mut ids: Vec<u32> = keys.iter().map(|(id, _)| *id).collect();
    ids.sort_unstable();
    match ids.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(Trouble::Twice { file: file.to_path_buf(), id: pair[0] }),
        None => Ok(keys),
    }
}

fn key(line: &str) -> Option<(u32, [u8; 32])> {
    let (id, secret) = line.trim().split_once(' ')?;
    let secret = BASE64.decode(secret.trim().as_bytes()).ok()?;
    Some((id.parse().ok()?, secret.try_into().ok()?))
}

/// Makes the file whole or not at all: it gets its name only when its bytes are on the disk.
fn create(file: &Path) -> io::Result<()> {
    let dir = file.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(dir)?;
    let (id, secret) = new_key()?;
    let mut draft = file.to_path_buf().into_os_string();
    draft.push(format!(".{id}")); // Nobody else drafts under this name.
    let draft = PathBuf::from(draft);
    let made = write(&draft, id, &secret).and_then(|()| match std::fs::hard_link(&draft, file) {
        // Somebody else was faster, and theirs counts.
        Err(err) if err.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    });
    // A draft that stays behind is nobody's key; why the file itself could not be made is worth more.
    std::fs::remove_file(&draft).ok();
    made?;
    File::open(dir)?.sync_all()
}

fn write(draft: &Path, id: u32, secret: &[u8; 32]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft)?;
    writeln!(file, "{id} {}", BASE64.encode(secret))?;
    file.sync_all()
}

#[expect(clippy::disallowed_methods, reason = "keys are made at this edge, before there is anything to ask")]
fn new_key() -> io::Result<(u32, [u8; 32])> {
    let (mut id, mut secret) = ([0; 4], [0; 32]);
    getrandom::fill(&mut id).map_err(io::Error::other)?;
    getrandom::fill(&mut secret).map_err(io::Error::other)?;
    Ok((u32::from_le_bytes(id), secret))
}
