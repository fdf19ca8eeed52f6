//! Why no answer came, in words for whoever set the endpoint up.

use std::time::Duration;

use serde::Deserialize;

use crate::server::Secret;
use crate::wire::ConnectError;

/// So much of what a server says is shown.
const SAID: usize = 200;

/// Why no answer came.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// No safe connection came about.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// Its addresses are none to which something may be sent.
    #[error(
        "{host} leads to an address to which nothing is sent: one that is not private and not protected by https, or one \
         at which no model runs."
    )]
    Forbidden {
        /// The host that was named.
        host: String,
    },
    /// The key cannot be sent.
    #[error("The key has characters that no key has. Enter it again.")]
    BadKey,
    /// It wants to be asked elsewhere.
    #[error("{host} wants to be asked at another address. That is not followed: enter the address it has now.")]
    Moved {
        /// Who.
        host: String,
    },
    /// It is asked too often.
    #[error("{host} is asked too often, or the budget there is used up.{}", quoted(said))]
    TooMany {
        /// Who.
        host: String,
        /// For how long it wants to be left alone.
        wait: Option<Wait>,
        /// What it says.
        said: String,
    },
    /// It does not want to, or cannot.
    #[error("{host} answers with the error {status}{}.{}", meaning(*status), quoted(said))]
    Refused {
        /// Who.
        host: String,
        /// The status of its answer.
        status: u16,
        /// For how long it wants to be left alone.
        wait: Option<Wait>,
        /// What it says.
        said: String,
    },
    /// It takes too long.
    #[error("{host} did not answer within {} seconds.", limit.as_secs_f32())]
    Silent {
        /// Who.
        host: String,
        /// How long it was waited for.
        limit: Duration,
    },
    /// It says more than anybody reads.
    #[error("{host} answers with more than {most} KiB. No answer has as much.")]
    TooMuch {
        /// Who.
        host: String,
        /// How much is read.
        most: usize,
    },
    /// It does not speak HTTP, or hangs up.
    #[error("The connection with {host} broke: {why}.")]
    Broken {
        /// Who.
        host: String,
        /// What happened.
        why: String,
    },
    /// It is no such endpoint.
    #[error("The answer of {host} cannot be used: {why}.")]
    Unreadable {
        /// Who.
        host: String,
        /// What is wrong with it.
        why: &'static str,
    },
}

impl AskError {
    /// For how long it wants to be left alone, if it says so.
    pub fn wait(&self) -> Option<Wait> {
        match self {
            AskError::TooMany { wait, .. } | AskError::Refused { wait, .. } => *wait,
            _ => None,
        }
    }
}

/// For how long a server wants to be left alone (RFC 9110, section 10.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// From now on.
    For(Duration),
    /// Until this second since 1970 UTC.
    Until(i64),
}

impl Wait {
    pub(super) fn parse(text: &str) -> Option<Wait> {
        let text = text.trim();
        if let Ok(seconds) = text.parse() {
            return Some(Wait::For(Duration::from_secs(seconds)));
        }
        Some(Wait::Until(jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_second()))
    }
}

/// What a server says about its error, without the key: some repeat it.
pub(super) fn said(body: &[u8], key: Option<&Secret>) -> String {
    #[derive(Deserialize)]
    struct Body {
        error: Error,
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Error {
        Told { message: String },
        Bare(String),
    }
    let said = match serde_json::from_slice(body) {
        Ok(Body { error: Error::Told { message } | Error::Bare(message) }) => message,
        Err(_) => String::new(),
    };
    let said = match key.map(Secret::reveal).filter(|it| !it.is_empty()) {
        Some(key) => said.replace(key, "…"),
        None => said,
    };
    let clean: String = said.split_whitespace().collect::<Vec<_>>().join(" ");
    clean.chars().filter(|it| !it.is_control()).take(SAID).collect()
}

fn quoted(said: &str) -> String {
    if said.is_empty() { String::new() } else { format!(" It says: “{said}”") }
}

fn meaning(status: u16) -> &'static str {
    match status {
        401 | 403 => ": the key is not accepted",
        404 => ": there is no such model, or the address is wrong",
        500.. => ": it has trouble of its own",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_seconds_or_a_moment() {
        assert_eq!(Wait::parse(" 120 "), Some(Wait::For(Duration::from_mins(2))));
        assert_eq!(Wait::parse("Tue, 10 Nov 2026 09:00:00 GMT"), Some(Wait::Until(1_794_301_200)));
        assert_eq!(Wait::parse("soon"), None);
        assert_eq!(Wait::parse("-3"), None);
    }

    #[test]
    fn what_a_server_says_of_its_error_has_no_key_in_it() {
        let key = Secret::new("sk-123");
        let body = br#"{"error":{"message":"Wrong key: sk-123.\nAsk us.","code":401}}"#;
        assert_eq!(said(body, Some(&key)), "Wrong key: …. Ask us.");
        assert_eq!(said(br#"{"error":"model not found"}"#, None), "model not found");
        assert_eq!(said(b"<html>", None), "");
    }
}
