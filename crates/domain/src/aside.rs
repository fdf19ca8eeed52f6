//! Cases that nobody has to look at: spam, and what somebody has deleted. They stand in no other list, and come back as
//! they were.

use serde::{Deserialize, Serialize};

use crate::word::words;
use crate::{Actor, Case, Entry, Fact, Refusal, StaffId, Status, Timestamp, View};

words! {
    /// Where a case is put aside.
    Aside {
        /// Nobody asked for it.
        Spam = "spam",
        /// Somebody deleted it.
        Trash = "trash",
    }
}

words! {
    /// Why something is unwanted.
    Unwanted {
        /// One of ours says so.
        Person = "person",
        /// The receiving server says so.
        Server = "server",
        /// Its sender is blocked.
        Blocked = "blocked",
    }
}

/// Where a case was put aside, by whom and when. Its status stays what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutAside {
    /// Where it is.
    pub to: Aside,
    /// Why.
    pub why: Unwanted,
    /// Who put it there, if it was one of ours.
    pub by: Option<StaffId>,
    /// When.
    pub at: Timestamp,
}

impl Aside {
    /// The view that shows what is there.
    pub fn view(self) -> View {
        match self {
            Aside::Spam => View::Spam,
            Aside::Trash => View::Trash,
        }
    }
}

impl View {
    /// What it shows of the cases that are put aside; none if it shows the others.
    pub fn aside(self) -> Option<Aside> {
        match self {
            View::Spam => Some(Aside::Spam),
            View::Trash => Some(Aside::Trash),
            _ => None,
        }
    }
}

impl Case {
    /// Whether somebody owes a step in it: what resolves a case must have arrived. One that was taken into another is
    /// looked after there.
    pub fn is_live(&self) -> bool {
        let missed = self.status == Status::Resolved && self.undelivered;
        (self.status.is_live() || missed) && self.aside.is_none() && self.merged.is_none()
    }

    /// Puts it aside. Nothing to say if it is there already.
    pub fn put_aside(&mut self, to: Aside, why: Unwanted, by: Actor, at: Timestamp) -> Option<Entry> {
        if self.aside.is_some_and(|it| it.to == to) {
            return None;
        }
        let staff = if let Actor::Staff(id) = by { Some(id) } else { None };
        self.wake_at = None;
        self.aside = Some(PutAside { to, why, by: staff, at });
        Some(self.remark(Fact::PutAside { to, why }, by, at))
    }

    /// Puts it back, with the status that it had.
    pub fn put_back(&mut self, by: Actor, at: Timestamp) -> Result<Entry, Refusal> {
        let from = self.aside.take().ok_or(Refusal::NotAside)?.to;
        Ok(self.remark(Fact::PutBack { from, status: self.status }, by, at))
    }
}
