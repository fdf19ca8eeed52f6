//! What keeps a message of ours from arriving, in kinds that people can do something about.

use serde::{Deserialize, Serialize};

use crate::word::words;
use crate::{Email, Timestamp};

words! {
    /// The kind of an obstacle. Each has its own next best way.
    Obstacle {
        /// The sending server does not take the mailbox's name and password.
        NoSignIn = "no_sign_in",
        /// A server refuses this mail: by a rule of its own, or as spam, or for a mailbox that is full.
        Refused = "refused",
        /// It is larger than a server takes.
        TooBig = "too_big",
        /// There is no such recipient.
        NoSuchAddress = "no_such_address",
        /// A server asks to be asked again later.
        Later = "later",
        /// The mailbox has no server for sending, or there is no safe way to it.
        NoServer = "no_server",
        /// The connection ended before the server's word: it may have been sent.
        Unclear = "unclear",
        /// Anything else.
        Other = "other",
    }
}

/// Why a message of ours is not there, or not with everybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hindrance {
    /// What kind of obstacle.
    pub kind: Obstacle,
    /// The server's own words; empty if it said nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub said: String,
    /// When it is tried again by itself; none if it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<Timestamp>,
    /// Whom it did not reach, where others have it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missed: Vec<Missed>,
}

impl Hindrance {
    /// An obstacle of which nothing else is known.
    pub fn of(kind: Obstacle) -> Hindrance {
        Hindrance { kind, said: String::new(), next_at: None, missed: Vec::new() }
    }
}

/// A recipient whom a server refused while it took the message for others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missed {
    /// Whom.
    pub address: Email,
    /// What kind of obstacle.
    pub kind: Obstacle,
    /// Why, in a sentence.
    pub why: String,
    /// The server's own words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub said: String,
}
