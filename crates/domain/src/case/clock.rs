//! By when we owe a reply: the time runs from their first word that we have not answered.

use super::Case;
use crate::Timestamp;

impl Case {
    /// They wait from now on, unless they wait already.
    pub(super) fn owe(&mut self, at: Timestamp) {
        if self.owed_since.is_none() {
            self.owed_since = Some(at);
            self.time_anew();
        }
    }

    /// We have answered, or nobody waits any more.
    pub(super) fn owe_nothing(&mut self) {
        self.owed_since = None;
        self.time_anew();
    }

    /// By when has to be worked out again.
    pub(super) fn time_anew(&mut self) {
        self.due_at = None;
        self.warned = false;
    }

    /// Since when somebody waits, where it has yet to be worked out by when we owe a reply.
    pub fn untimed(&self) -> Option<Timestamp> {
        self.owed_since.filter(|_| self.due_at.is_none())
    }

    /// Says by when we owe a reply; never, where such cases are not timed.
    pub fn time(&mut self, due_at: Option<Timestamp>) {
        if self.due_at != due_at {
            self.due_at = due_at;
            self.warned = false;
        }
    }
}
