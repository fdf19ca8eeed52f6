//! What can be wrong with what the program was told, in sentences that say where and what to do.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{Origin, SETTINGS};

/// Why the program does not start.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The command line cannot be understood, or asks for help.
    #[error(transparent)]
    Usage(#[from] clap::Error),
    /// A key of the file that is no setting.
    #[error("{}, line {line}: there is no setting {key:?}{}", .file.display(), did_you_mean(.nearest.as_deref()))]
    UnknownKey {
        /// The configuration file.
        file: PathBuf,
        /// Counted from one.
        line: usize,
        /// What stands there.
        key: String,
        /// What was probably meant.
        nearest: Option<String>,
    },
    /// A variable `BELLWETHER_...` that is no setting.
    #[error("the environment has {name}, and there is no such setting{}", did_you_mean(.nearest.as_deref()))]
    UnknownVariable {
        /// The variable.
        name: String,
        /// What was probably meant.
        nearest: Option<String>,
    },
    /// A value that cannot be read.
    #[error("{setting} from {origin}: expected {expected}, not {written}")]
    BadValue {
        /// The setting.
        setting: &'static str,
        /// Who said it.
        origin: Origin,
        /// What was said, unless it is a secret.
        written: String,
        /// What would be right.
        expected: String,
    },
    /// A file that was named and cannot be read.
    #[error("{} (named by {origin}) cannot be read: {source}", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Who named it.
        origin: Origin,
        /// Why not.
        source: std::io::Error,
    },
    /// The configuration file is no TOML.
    #[error("{}, line {line}: this is no TOML: {what}", .file.display())]
    NotToml {
        /// The file.
        file: PathBuf,
        /// Counted from one.
        line: usize,
        /// Why, without what stands there.
        what: String,
    },
    /// Two places for the data.
    #[error(
        "data (from {data}) and database (from {database}) are both set, and there is one place for the data: keep one of them"
    )]
    Both {
        /// Who said `data`.
        data: Origin,
        /// Who said `database`.
        database: Origin,
    },
    /// The command fills a database with invented customers, and does so only where it is told to.
    #[error("say where: --data DIR or --database URL")]
    Nowhere,
    /// Whoever copies the data would have the keys too.
    #[error("key_file {} is inside data {}: whoever copies the data must not have the keys; put it elsewhere", .key_file.display(), .data.display())]
    KeyInsideData {
        /// The key file.
        key_file: PathBuf,
        /// The data directory.
        data: PathBuf,
    },
}

impl Trouble {
    /// Tells it to whoever started the program. Help goes to standard output and is no failure.
    pub fn tell(&self) -> ExitCode {
        if let Trouble::Usage(err) = self {
            err.print().ok();
            return if err.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
        eprintln!("bellwether: {self}");
        ExitCode::from(2)
    }

    pub(super) fn unknown_key(file: &Path, line: usize, key: &str) -> Trouble {
        let known = SETTINGS.iter().map(|setting| setting.name.to_owned());
        Trouble::UnknownKey { file: file.to_path_buf(), line, key: key.to_owned(), nearest: nearest(key, known) }
    }

    pub(super) fn unknown_variable(name: &str) -> Trouble {
        let known = SETTINGS.iter().map(super::Setting::variable);
        Trouble::UnknownVariable { name: name.to_owned(), nearest: nearest(name, known) }
    }
}

fn did_you_mean(nearest: Option<&str>) -> String {
    match nearest {
        Some(name) => format!("; did you mean {name}?"),
        None => "; `bellwether settings` lists them".to_owned(),
    }
}

/// The known name with the fewest letters to change, if these are few enough to be a slip.
fn nearest(name: &str, known: impl Iterator<Item = String>) -> Option<String> {
    let own = name.trim_start_matches("BELLWETHER_").len();
    known
        .map(|known| (distance(&name.to_lowercase(), &known.to_lowercase()), known))
        .min()
        .filter(|(changes, _)| *changes <= 1 + own / 3)
        .map(|(_, known)| known)
}

/// How many letters have to be put in, taken out or changed.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let change = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
