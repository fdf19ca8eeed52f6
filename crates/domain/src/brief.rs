//! The Brief: what someone new to a case must know.

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
