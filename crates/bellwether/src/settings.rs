//! What an installation is told from outside: where it listens, where its data is, who stands before it.
//!
//! Each setting is one row of [`SETTINGS`]. From that row come its key in `bellwether.toml`, its variable
//! `BELLWETHER_...`, its flag, what `bellwether settings` prints and its row in docs/install.md, which a test holds
//! to it. What is nearer to the hand wins: defaults, file, environment, flags.
//!
//! The desk's own settings (its name, its mailboxes, its people) are not here: they live in the database and are
//! edited on pages. No setting is in both places.

mod source;
mod trouble;
mod value;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

pub use source::{Environment, Given, Origin, environment};
pub use trouble::Trouble;
pub use value::{LogFormat, Net, Place};

/// One thing that can be set.
#[derive(Debug)]
pub struct Setting {
    /// The key in the file. The variable is `BELLWETHER_` and this in capitals; the flag has dashes.
    pub name: &'static str,
    /// What a value looks like, for the help text.
    pub form: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// What holds when nobody says anything, as one would have written it.
    pub default: Option<&'static str>,
    /// Whether the value is never shown, and may also be read from a file that `name_file` names.
    pub secret: bool,
    /// The commands that have a flag for it.
    pub commands: &'static [Reader],
    /// Parses a value and keeps it, or says what was expected. A relative path is taken from the given directory.
    set: fn(&mut Settings, &str, &Path) -> Result<(), String>,
}

/// Who asks for settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// `bellwether serve`
    Serve,
    /// `bellwether settings`, which shows what `serve` would see
    Settings,
    /// `bellwether channel ...`, `bellwether search ...`
    Channel,
    /// `bellwether staff ...`
    Staff,
    /// `bellwether demo`
    Demo,
    /// `bellwether generate`
    Generate,
    /// `bellwether mail ...`
    Mail,
}

use Reader::{Channel, Demo, Generate, Mail, Serve, Staff};

/// Every setting there is.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "listen",
        form: "ADDRESS:PORT",
        doc: "Where pages and the API are served, over plain HTTP. A proxy in front of it does TLS.",
        default: Some("127.0.0.1:8080"),
        secret: false,
        commands: &[Serve, Reader::Settings, Staff, Demo],
        set: |settings, text, _| value::listen(text).map(|listen| settings.listen = listen),
    },
    Setting {
        name: "data",
        form: "DIR",
        doc: "The directory of the SQLite database. Made when missing. Give this or database.",
        default: Some("./bellwether-data"),
        secret: false,
        commands: &[Serve, Reader::Settings, Channel, Staff, Demo, Generate],
        set: |settings, text, base| value::data(text, base).map(|dir| settings.place = Place::Data(dir)),
    },
    Setting {
        name: "database",
        form: "URL",
        doc: "A PostgreSQL database instead of a directory: postgres://user:password@host/name",
        default: None,
        secret: true,
        commands: &[Serve, Reader::Settings, Channel, Staff, Demo, Generate],
        set: |settings, text, _| value::database(text).map(|url| settings.place = Place::Database(url)),
    },
    Setting {
        name: "public_url",
        form: "URL",
        doc: "The address by which people reach the desk, for links in mails. Without it: the address of listen.",
        default: None,
        secret: false,
        commands: &[Serve, Reader::Settings, Staff],
        set: |settings, text, _| value::public_url(text).map(|url| settings.public_url = Some(url)),
    },
    Setting {
        name: "trusted_proxies",
        form: "NETS",
        doc: "Networks of the proxies whose word about a visitor's address is believed, such as 10.0.0.0/8,::1",
        default: None,
        secret: false,
        commands: &[Serve, Reader::Settings],
        set: |settings, text, _| value::nets(text).map(|nets| settings.trusted_proxies = nets),
    },
    Setting {
        name: "key_file",
        form: "FILE",
        doc: "The keys that protect stored passwords, made at first start. Never inside data. Without it: beside data, or bellwether.key beside the configuration file. Keep a copy apart from the backups.",
        default: None,
        secret: false,
        commands: &[Serve, Reader::Settings, Channel, Staff, Demo, Generate],
        set: |settings, text, base| value::path(text, base).map(|file| settings.key_file = file),
    },
    Setting {
        name: "extra_ca_file",
        form: "FILE",
        doc: "Certificates (PEM) of further authorities to believe when talking to mail servers.",
        default: None,
        secret: false,
        commands: &[Serve, Reader::Settings],
        set: |settings, text, base| value::path(text, base).map(|file| settings.extra_ca_file = Some(file)),
    },
    Setting {
        name: "log",
        form: "FILTER",
        doc: "What is logged to standard error: error, warn, info, debug, or by part such as info,store=debug",
        default: Some("info"),
        secret: false,
        commands: &[Serve, Reader::Settings, Channel, Staff, Demo, Generate, Mail],
        set: |settings, text, _| value::log(text).map(|filter| settings.log = filter),
    },
    Setting {
        name: "log_format",
        form: "text|json",
        doc: "How it is logged: text for people, json for machines.",
        default: Some("text"),
        secret: false,
        commands: &[Serve, Reader::Settings, Channel, Staff, Demo, Generate, Mail],
        set: |settings, text, _| value::log_format(text).map(|format| settings.log_format = format),
    },
];

impl Setting {
    /// Its variable in the environment.
    pub fn variable(&self) -> String {
        format!("BELLWETHER_{}", self.name.to_uppercase())
    }

    /// Its flag on the command line, without the two dashes.
    pub fn flag(&self) -> String {
        self.name.replace('_', "-")
    }
}

impl Reader {
    /// Whether the command works on the installation of this machine, and so reads its file and environment.
    ///
    /// The demo and the generator do not: they fill a database with invented customers, and must never find a real
    /// one by accident. They know only their flags.
    pub fn reads_installation(self) -> bool {
        matches!(self, Serve | Reader::Settings | Channel | Staff)
    }

    /// The directory it uses when none is named; `None` when one has to be named.
    fn default_data(self) -> Option<&'static str> {
        match self {
            Demo => Some("./bellwether-demo"),
            Generate => None,
            _ => SETTINGS.iter().find(|setting| setting.name == "data").and_then(|setting| setting.default),
        }
    }
}

/// What holds, after all sources were heard.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where pages and the API are served.
    pub listen: SocketAddr,
    /// Where the data is.
    pub place: Place,
    /// The address by which people reach the desk, without a slash at its end. See [`Settings::address`].
    pub public_url: Option<String>,
    /// The proxies whose word about a visitor's address is believed.
    pub trusted_proxies: Vec<Net>,
    /// Where the keys are.
    pub key_file: PathBuf,
    /// Further authorities to believe when talking to mail servers, in a PEM file.
    pub extra_ca_file: Option<PathBuf>,
    /// What is logged: directives of `tracing`.
    pub log: String,
    /// How it is logged.
    pub log_format: LogFormat,
    /// In the order of [`SETTINGS`]: the value as a person may see it, and where it came from.
    shown: Vec<(String, Origin)>,
}

impl Settings {
    /// Hears all sources that `reader` reads. `flags` are what the command line said about settings; `config` is the
    /// file that it named, without which `bellwether.toml` in the working directory is read if there is one.
    pub fn resolve(
        reader: Reader,
        config: Option<&Path>,
        environment: &Environment,
        flags: Vec<Given>,
    ) -> Result<Settings, Trouble> {
        source::refuse_unknown(environment)?;
        let mut given = Vec::new();
        let mut config_dir = PathBuf::from(".");
        if reader.reads_installation() {
            if let Some(file) = source::config_file(config) {
                given.extend(source::from_file(&file)?);
                config_dir = source::directory(&file);
            }
            given.extend(source::from_environment(environment)?);
        }
        given.extend(flags);
        Settings::from(reader, &given, &config_dir)
    }

    /// `given` is in rising order of weight.
    fn from(reader: Reader, given: &[Given], config_dir: &Path) -> Result<Settings, Trouble> {
        let place = SETTINGS.iter().map(|setting| setting.name).filter(|name| matches!(*name, "data" | "database"));
        let places: Vec<&Given> = place.filter_map(|name| last(given, name)).collect();
        if let [data, database] = places[..] {
            return Err(Trouble::Both { data: data.origin.clone(), database: database.origin.clone() });
        }
        if places.is_empty() && reader.default_data().is_none() && reader != Mail {
            return Err(Trouble::Nowhere);
        }
        let mut settings = Settings::blank();
        for setting in SETTINGS {
            let default = if setting.name == "data" { reader.default_data() } else { setting.default };
            let default = default.filter(|_| setting.name != "data" || places.is_empty());
            let default = default.map(|text| Given::default(setting.name, text));
            let given = last(given, setting.name).or(default.as_ref());
            let shown = match given {
                Some(given) => {
                    (setting.set)(&mut settings, &given.text, &given.base)
                        .map_err(|expected| given.refused(setting, expected))?;
                    let text = if setting.secret { "(secret)" } else { given.text.as_str() };
                    (text.to_owned(), given.origin.clone())
                }
                None => (String::new(), Origin::Default),
            };
            settings.shown.push(shown);
        }
        settings.place_the_key_file(config_dir)?;
        Ok(settings)
    }

    fn place_the_key_file(&mut self, config_dir: &Path) -> Result<(), Trouble> {
        if self.key_file.as_os_str().is_empty() {
            self.key_file = match &self.place {
                Place::Data(dir) => {
                    let mut name = dir.file_name().unwrap_or_default().to_owned();
                    name.push(".key");
                    dir.with_file_name(name)
                }
                Place::Database(_) => config_dir.join("bellwether.key"),
            };
            for (setting, shown) in SETTINGS.iter().zip(&mut self.shown) {
                if setting.name == "key_file" {
                    shown.0 = self.key_file.display().to_string();
                }
            }
        }
        match &self.place {
            Place::Data(dir) if value::is_inside(&self.key_file, dir) => {
                Err(Trouble::KeyInsideData { key_file: self.key_file.clone(), data: dir.clone() })
            }
            _ => Ok(()),
        }
    }

    /// Before anything was set; what has no default stays so.
    fn blank() -> Settings {
        Settings {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            place: Place::Data(PathBuf::new()),
            public_url: None,
            trusted_proxies: Vec::new(),
            key_file: PathBuf::new(),
            extra_ca_file: None,
            log: String::new(),
            log_format: LogFormat::Text,
            shown: Vec::new(),
        }
    }

    /// The address by which people reach the desk, without a slash at its end.
    pub fn address(&self) -> String {
        match &self.public_url {
            Some(url) => url.clone(),
            // Whoever listens everywhere can be reached from here, and nobody knows by what name from elsewhere.
            None if self.listen.ip().is_loopback() || self.listen.ip().is_unspecified() => {
                format!("http://localhost:{}", self.listen.port())
            }
            None => format!("http://{}", self.listen),
        }
    }

    /// The table of the manual, in Markdown: name, default, what it does.
    pub fn manual() -> String {
        let rows = SETTINGS.iter().map(|it| {
            let default = it.default.map_or("-".to_owned(), |it| format!("`{it}`"));
            format!("| `{}` | {default} | {} |\n", it.name, it.doc)
        });
        rows.fold("| Setting | Default | What it does |\n|---|---|---|\n".to_owned(), |text, row| text + &row)
    }

    /// The table that `bellwether settings` prints: name, value, where it came from, what it does.
    pub fn table(&self) -> String {
        let rows: Vec<[String; 4]> = SETTINGS
            .iter()
            .zip(&self.shown)
            .map(|(setting, (value, origin))| {
                let value = if value.is_empty() { "-" } else { value };
                [setting.name.to_owned(), value.to_owned(), origin.to_string(), setting.doc.to_owned()]
            })
            .collect();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let (name, value, origin) = (width(0), width(1), width(2));
        rows.iter().fold(String::new(), |text, row| {
            text + &format!("{:name$}  {:value$}  {:origin$}  {}\n", row[0], row[1], row[2], row[3])
        })
    }
}

/// What the weightiest source says.
fn last<'a>(given: &'a [Given], name: &str) -> Option<&'a Given> {
    given.iter().rev().find(|given| given.name == name)
}
