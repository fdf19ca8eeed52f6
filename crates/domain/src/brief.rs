//! The Brief: what someone new to a case must know.

use serde::{Deserialize, Serialize};

use crate::word::words;
use crate::{StaffId, Timestamp};

words! {
    /// A line of the Brief.
    BriefLine {
        /// What the customer wants, or what does not work.
        Issue = "issue",
        /// What was done about it already.
        Tried = "tried",
        /// What we promised.
        Promised = "promised",
        /// Who waits on whom.
        Waiting = "waiting",
        /// How the customer feels.
        Mood = "mood",
        /// What is to be done next.
        Next = "next",
    }
}

/// One line of a Brief that an endpoint wrote, with the sentence that it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenLine {
    /// Which line.
    pub line: BriefLine,
    /// What it says; of the mood, one of its words.
    pub text: String,
    /// The number of the case in which the sentence was written.
    pub case: i64,
    /// The number of its entry.
    pub entry: i64,
    /// The sentence.
    pub sentence: String,
}

/// A Brief that an endpoint wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenBrief {
    /// Of which state of the case it tells.
    pub basis: String,
    /// The model that wrote it.
    pub model: String,
    /// At which host.
    pub host: String,
    /// Its lines.
    pub lines: Vec<WrittenLine>,
    /// When it came.
    pub at: Timestamp,
}

/// What one of ours wrote in the place of what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Which line.
    pub line: BriefLine,
    /// What it says; empty: nothing.
    pub text: String,
    /// Who wrote it.
    pub by: StaffId,
    /// And when.
    pub at: Timestamp,
}
