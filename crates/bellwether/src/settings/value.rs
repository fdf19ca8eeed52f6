//! What settings are made of, and how each is read. A parser says in its error what it expected.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::path::{Component, Path, PathBuf};

/// Where the data is.
#[derive(Clone, PartialEq, Eq)]
pub enum Place {
    /// A directory with a SQLite database.
    Data(PathBuf),
    /// The URL of a PostgreSQL database. It holds a password, and is never shown.
    Database(String),
}

impl Place {
    /// The directory or the URL, as the store's door takes it.
    pub fn name(&self) -> String {
        match self {
            Place::Data(dir) => dir.display().to_string(),
            Place::Database(url) => url.clone(),
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Data(dir) => f.debug_tuple("Data").field(dir).finish(),
            Place::Database(_) => f.write_str("Database(secret)"),
        }
    }
}

/// How lines of the log look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// A network of addresses, such as `10.0.0.0/8`; one address is a network of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Net {
    /// An IPv4 address is kept as it is mapped into IPv6, so that both spellings of it are one.
    first: u128,
    bits: u32,
}

impl Net {
    /// Whether `address` is one of this network's.
    pub fn contains(&self, address: IpAddr) -> bool {
        let rest = 128 - self.bits;
        // A shift by all 128 bits is not defined; a network of everything has everything.
        rest == 128 || (number(address) >> rest) == (self.first >> rest)
    }

    fn parse(text: &str) -> Option<Net> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u32>().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(width);
        (bits <= width).then(|| Net { first: number(address), bits: bits + 128 - width })
    }
}

fn number(address: IpAddr) -> u128 {
    let address: Ipv6Addr = match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    };
    address.to_bits()
}

pub(super) fn listen(text: &str) -> Result<SocketAddr, String> {
    let text = text.strip_prefix("localhost:").map_or_else(|| text.to_owned(), |port| format!("127.0.0.1:{port}"));
    text.parse().map_err(|_| "an address and a port, such as 127.0.0.1:8080 or [::]:8080".to_owned())
}

pub(super) fn data(text: &str, base: &Path) -> Result<PathBuf, String> {
    let dir = path(text, base).map_err(|_| "the path of a directory".to_owned())?;
    // The key file stands beside it under its name, so it needs one.
    dir.file_name()
        .is_some()
        .then_some(dir)
        .ok_or_else(|| "a directory with a name, such as ./bellwether-data".to_owned())
}

pub(super) fn database(text: &str) -> Result<String, String> {
    let text = text.trim();
    let known = ["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme));
    known.then(|| text.to_owned()).ok_or_else(|| "a URL such as postgres://user:password@host/name".to_owned())
}

pub(super) fn public_url(text: &str) -> Result<String, String> {
    let expected = || "an address such as https://desk.example.com, without a path".to_owned();
    let url = text.strip_suffix('/').unwrap_or(text);
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).ok_or_else(expected)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    if host.is_empty() || !host.chars().all(plain) { Err(expected()) } else { Ok(url.to_owned()) }
}

pub(super) fn nets(text: &str) -> Result<Vec<Net>, String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| Net::parse(part).ok_or_else(|| format!("networks such as 10.0.0.0/8,::1, and {part} is none")))
        .collect()
}

pub(super) fn path(text: &str, base: &Path) -> Result<PathBuf, String> {
    if text.is_empty() { Err("the path of a file".to_owned()) } else { Ok(base.join(text)) }
}

pub(super) fn log(text: &str) -> Result<String, String> {
    match tracing_subscriber::EnvFilter::try_new(text) {
        Ok(_) if !text.trim().is_empty() => Ok(text.to_owned()),
        _ => Err("error, warn, info, debug or trace, or by part such as info,store=debug".to_owned()),
    }
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err("text or json".to_owned()),
    }
}

/// Whether `file` lies in `dir` by its name; links are not followed.
pub(super) fn is_inside(file: &Path, dir: &Path) -> bool {
    let plain = |path: &Path| -> PathBuf {
        path.components().fold(PathBuf::new(), |mut plain, part| {
            match part {
                Component::CurDir => {}
                Component::ParentDir if plain.file_name().is_some() => {
                    plain.pop();
                }
                _ => plain.push(part),
            }
            plain
        })
    };
    plain(file).starts_with(plain(dir))
}
