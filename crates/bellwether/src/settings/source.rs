//! Where values come from: the file, the environment, the flags.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use super::{SETTINGS, Setting, Trouble};

/// What the environment says about Bellwether: every variable that begins with `BELLWETHER_` and is not empty.
pub type Environment = BTreeMap<String, OsString>;

/// Picks what is for us. An empty variable says nothing.
pub fn environment(all: impl IntoIterator<Item = (impl Into<OsString>, impl Into<OsString>)>) -> Environment {
    let all = all.into_iter().map(|(name, value)| (name.into(), value.into()));
    let ours = all.filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    ours.filter(|(name, value)| name.starts_with("BELLWETHER_") && !value.is_empty()).collect()
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// The configuration file.
    File(PathBuf),
    /// A variable of the environment.
    Variable(String),
    /// A flag, with its dashes.
    Flag(String),
    /// A file that holds the secret, and who named it.
    Secret(PathBuf, Box<Origin>),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::File(file) => write!(f, "{}", file.display()),
            Origin::Variable(name) | Origin::Flag(name) => f.write_str(name),
            Origin::Secret(file, named) => write!(f, "{} ({named})", file.display()),
        }
    }
}

/// One value of one setting from one source.
#[derive(Clone)]
pub struct Given {
    /// The name of the setting.
    pub name: &'static str,
    /// What was written.
    pub text: String,
    /// Who wrote it.
    pub origin: Origin,
    /// The directory from which a relative path is meant: that of the file it stands in, else the working directory.
    pub base: PathBuf,
}

impl Given {
    /// What holds when nobody says anything.
    pub(super) fn default(name: &'static str, text: &str) -> Given {
        Given { name, text: text.to_owned(), origin: Origin::Default, base: PathBuf::new() }
    }

    /// What a flag says. With `from_file` it names the file in which the secret is.
    pub fn flag(setting: &Setting, from_file: bool, text: String) -> Result<Given, Trouble> {
        let ending = if from_file { "-file" } else { "" };
        let origin = Origin::Flag(format!("--{}{ending}", setting.flag()));
        Given::new(setting, from_file, text, origin, PathBuf::new())
    }

    fn new(setting: &Setting, from_file: bool, text: String, origin: Origin, base: PathBuf) -> Result<Given, Trouble> {
        if !from_file {
            return Ok(Given { name: setting.name, text, origin, base });
        }
        let file = base.join(text);
        let text = std::fs::read_to_string(&file).map_err(|source| Trouble::Unreadable {
            file: file.clone(),
            origin: origin.clone(),
            source,
        })?;
        let origin = Origin::Secret(file, Box::new(origin));
        Ok(Given { name: setting.name, text: text.trim_end_matches(['\r', '\n']).to_owned(), origin, base })
    }

    pub(super) fn refused(&self, setting: &Setting, expected: String) -> Trouble {
        let written = if setting.secret { "what it says".to_owned() } else { format!("{:?}", self.text) };
        Trouble::BadValue { setting: setting.name, origin: self.origin.clone(), written, expected }
    }
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} from {}", self.name, self.origin) // The text may be a secret.
    }
}

/// The file that is read: the one that was named, or `bellwether.toml` if it is there.
pub(super) fn config_file(named: Option<&Path>) -> Option<PathBuf> {
    let usual = PathBuf::from("bellwether.toml");
    named.map(Path::to_path_buf).or_else(|| usual.is_file().then_some(usual))
}

/// The directory that `file` is in.
pub(super) fn directory(file: &Path) -> PathBuf {
    file.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_path_buf()
}

/// What the configuration file says.
pub(super) fn from_file(file: &Path) -> Result<Vec<Given>, Trouble> {
    let origin = Origin::File(file.to_path_buf());
    let text = std::fs::read_to_string(file).map_err(|source| Trouble::Unreadable {
        file: file.to_path_buf(),
        origin: Origin::Flag("--config".to_owned()),
        source,
    })?;
    let table: toml::Table = toml::from_str(&text).map_err(|err| not_toml(file, &text, &err))?;
    let base = file.parent().unwrap_or(Path::new("")).to_path_buf();
    table
        .iter()
        .map(|(key, value)| {
            let (setting, from_file) =
                known(key).ok_or_else(|| Trouble::unknown_key(file, line_of(&text, key), key))?;
            let text = plain(value).ok_or_else(|| Trouble::BadValue {
                setting: setting.name,
                origin: origin.clone(),
                written: format!("a {}", value.type_str()),
                expected: format!("{} in quotation marks", setting.form),
            })?;
            Given::new(setting, from_file, text, origin.clone(), base.clone())
        })
        .collect()
}

/// Where the fault is and what it is, and never what stands there: that may be a secret.
fn not_toml(file: &Path, text: &str, err: &toml::de::Error) -> Trouble {
    let at = err.span().map_or(0, |span| span.start);
    let line = text.bytes().take(at).filter(|it| *it == b'\n').count() + 1;
    Trouble::NotToml { file: file.to_path_buf(), line, what: err.message().to_owned() }
}

/// What the environment says.
pub(super) fn from_environment(environment: &Environment) -> Result<Vec<Given>, Trouble> {
    let of_setting = |(name, value): (&String, &OsString)| {
        let (setting, from_file) = known_variable(name)?;
        let origin = Origin::Variable(name.clone());
        let Some(text) = value.to_str() else {
            let (written, expected) = ("what it says".to_owned(), "text in UTF-8".to_owned());
            return Some(Err(Trouble::BadValue { setting: setting.name, origin, written, expected }));
        };
        Some(Given::new(setting, from_file, text.to_owned(), origin, PathBuf::new()))
    };
    environment.iter().filter_map(of_setting).collect()
}

/// A variable that is nobody's is a spelling mistake, and silence about it would cost somebody an evening.
pub(super) fn refuse_unknown(environment: &Environment) -> Result<(), Trouble> {
    match environment.keys().find(|name| known_variable(name).is_none()) {
        Some(name) => Err(Trouble::unknown_variable(name)),
        None => Ok(()),
    }
}

/// The setting with this key, and whether the key names a file in which the secret is.
fn known(key: &str) -> Option<(&'static Setting, bool)> {
    let by_name = |name: &str| SETTINGS.iter().find(|setting| setting.name == name);
    by_name(key).map(|setting| (setting, false)).or_else(|| {
        let setting = by_name(key.strip_suffix("_file")?)?;
        setting.secret.then_some((setting, true))
    })
}

fn known_variable(name: &str) -> Option<(&'static Setting, bool)> {
    let key = name.strip_prefix("BELLWETHER_")?;
    // Only capitals: on most systems BELLWETHER_listen is another variable.
    if key.chars().any(|c| c.is_ascii_lowercase()) { None } else { known(&key.to_lowercase()) }
}

/// A string as it is; a list of strings with commas between.
fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Array(list) => {
            let list: Option<Vec<&str>> = list.iter().map(toml::Value::as_str).collect();
            list.map(|list| list.join(","))
        }
        _ => None,
    }
}

/// The line on which a key of the top level stands, counted from one.
fn line_of(text: &str, key: &str) -> usize {
    let is_it = |line: &str| {
        let line = line.trim_start().trim_start_matches(['[', '"', '\'']);
        line.strip_prefix(key).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    text.lines().position(is_it).map_or(1, |index| index + 1)
}
