//! Our answers in a case, and what became of them.

use serde::{Deserialize, Serialize};

use super::{Case, Refusal, Status};
use crate::word::words;
use crate::{Actor, Entry, Fact, MessageId, Timestamp};

words! {
    /// What becomes of a case with our answer.
    Then {
        /// It waits for the customer.
        Waiting = "waiting",
        /// We still owe the next step.
        Open = "open",
        /// We think that it is done.
        Resolved = "resolved",
    }
}

/// What an answer changed about its case: what it becomes again when the answer is taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    status: Status,
    last_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resolved_at: Option<Timestamp>,
    preview: String,
    theirs: bool,
    #[serde(default)]
    undelivered: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owed_since: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wake_at: Option<Timestamp>,
}

impl Case {
    /// Our answer. It waits for the customer then, unless it is kept open.
    pub fn reply(
        &mut self,
        message: MessageId,
        text: &str,
        keep_open: bool,
        by: Actor,
        at: Timestamp,
    ) -> Result<Entry, Refusal> {
        self.changeable()?;
        if text.trim().is_empty() {
            return Err(Refusal::Empty);
        }
        self.status = if keep_open { Status::Open } else { Status::Waiting };
        self.resolved_at = None;
        self.wake_at = None;
        self.owe_nothing();
        self.wrote(text, false, at);
        Ok(self.entry(by, at, Fact::Replied { message, status: self.status }))
    }

    /// What [`Case::take_back`] needs to know of the case as it is.
    pub fn before(&self) -> Before {
        let Case { status, last_at, resolved_at, ref preview, theirs, undelivered, owed_since, wake_at, .. } = *self;
        Before { status, last_at, resolved_at, preview: preview.clone(), theirs, undelivered, owed_since, wake_at }
    }

    /// Our answer is taken back before it left. The case becomes what it was before, unless something has happened to it
    /// since: `after` is what the answer made of it.
    pub fn take_back(
        &mut self,
        message: MessageId,
        before: Before,
        after: &Before,
        by: Actor,
        at: Timestamp,
    ) -> Result<Entry, Refusal> {
        self.not_closed()?;
        if self.before() == *after {
            self.restore(before);
        }
        Ok(self.entry(by, at, Fact::TakenBack { message, status: self.status }))
    }

    pub(super) fn restore(&mut self, it: Before) {
        let Before { status, last_at, resolved_at, preview, theirs, undelivered, owed_since, wake_at } = it;
        (self.status, self.last_at, self.resolved_at) = (status, last_at, resolved_at);
        (self.owed_since, self.wake_at) = (owed_since, wake_at);
        self.time_anew();
        (self.preview, self.theirs, self.undelivered) = (preview, theirs, undelivered);
    }

    /// What we said has not reached them: whoever looks at the lists sees the case again, and it is not closed by itself.
    /// Its status stays as it is.
    pub fn not_delivered(&mut self, fact: Fact, by: Actor, at: Timestamp) -> Entry {
        self.undelivered = true;
        self.last_at = self.last_at.max(at);
        self.entry(by, at, fact)
    }

    /// Somebody sends it again.
    pub fn sent_again(&mut self) {
        self.undelivered = false;
    }
}
