//! Views: filters over cases that have a name.

use crate::word::words;
use crate::{StaffId, TeamId, ViewId};

words! {
    /// The built-in views of the inbox.
    View {
        /// Live cases of the person who looks.
        Mine = "mine",
        /// Live cases of nobody.
        Unassigned = "unassigned",
        /// Cases whose reply is due in an hour, or late.
        Due = "due",
        /// Cases in which we owe the next step.
        Us = "us",
        /// Cases in which the customer owes the next step.
        Waiting = "waiting",
        /// Cases that come back by themselves.
        Snoozed = "snoozed",
        /// Every case that is not put aside.
        All = "all",
        /// What nobody asked for.
        Spam = "spam",
        /// What somebody deleted.
        Trash = "trash",
    }
}

impl View {
    /// What it asks for, in the language of filters.
    pub fn filter(self) -> &'static str {
        match self {
            View::Mine => "is:open assignee:me",
            View::Unassigned => "is:open is:unassigned",
            View::Due => "due:1h",
            View::Us => "waiting:us",
            View::Waiting => "waiting:customer",
            View::Snoozed => "is:snoozed",
            View::All => "",
            View::Spam => "is:spam",
            View::Trash => "is:trash",
        }
    }
}

/// Who sees a view that somebody has saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// Whoever saved it.
    Own(StaffId),
    /// A team.
    Team(TeamId),
    /// Everybody.
    Everybody,
}

/// A view that somebody has saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    /// Its id.
    pub id: ViewId,
    /// What people call it.
    pub name: String,
    /// What it asks for, as it was typed.
    pub filter: String,
    /// Who sees it.
    pub sharing: Sharing,
    /// Its place among the others.
    pub position: i64,
}
