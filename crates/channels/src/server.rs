//! Which server, how the way to it is secured, and who signs in there.

use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// How the connection is kept private.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// TLS from the first byte (ports 993 and 465; RFC 8314 §3).
    Tls,
    /// TLS after the server agreed to it (ports 143 and 587); never falls back to plain text.
    Starttls,
    /// No encryption: only to this machine itself, see [`Server::check`].
    Plain,
}

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Server {
    /// A host name or an IP address; a certificate must be valid for it.
    pub host: String,
    /// The TCP port.
    pub port: u16,
    /// How the connection is kept private.
    pub security: Security,
}

/// The way to the server would be readable by others.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "A password may only go to {host} over TLS or STARTTLS; without encryption the desk talks to this machine alone."
)]
pub struct Unprotected {
    /// The host that was named.
    pub host: String,
}

impl Server {
    /// Refuses plain text to anything but this machine.
    pub fn check(&self) -> Result<(), Unprotected> {
        let loopback = self.host.eq_ignore_ascii_case("localhost")
            || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        match self.security {
            Security::Plain if !loopback => Err(Unprotected { host: self.host.clone() }),
            _ => Ok(()),
        }
    }
}

/// `host:port`, as people write it.
impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// Who signs in.
#[derive(Clone, Debug)]
pub struct Login {
    /// The name, often the mail address.
    pub user: String,
    /// The password, or the app password of the provider.
    pub password: Secret,
}

/// What helps most of those whose password is refused.
pub(crate) const APP_PASSWORD: &str =
    "Many providers ask for an app password here: create one in the mail account, under Security.";

/// A password: it can be used, but neither printed nor logged nor serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a password.
    pub fn new(password: impl Into<String>) -> Secret {
        Secret(password.into())
    }

    /// The password itself, for the wire and for encryption at rest.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(host: &str, security: Security) -> Server {
        Server { host: host.to_owned(), port: 143, security }
    }

    #[test]
    fn plain_text_goes_to_this_machine_alone() {
        for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.8.0.1", "::1"] {
            assert_eq!(server(host, Security::Plain).check(), Ok(()), "{host}");
        }
        for host in ["mail.tareline.example", "10.0.0.1", "localhost.example", "::2", ""] {
            assert!(server(host, Security::Plain).check().is_err(), "{host}");
            assert_eq!(server(host, Security::Starttls).check(), Ok(()), "{host}");
        }
    }

    #[test]
    fn a_secret_never_prints() {
        let login = Login { user: "ann".to_owned(), password: Secret::new("hunter2") };
        assert!(!format!("{login:?}").contains("hunter2"));
        assert_eq!(login.password.reveal(), "hunter2");
    }
}
