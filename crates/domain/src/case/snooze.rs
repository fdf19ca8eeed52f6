//! Cases that stay out of the lists until a moment, or until somebody writes.

use super::{Case, Refusal};
use crate::{Actor, Entry, Fact, Timestamp};

/// Where a case stands in the lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Live {
    /// In none of those that ask for work.
    No,
    /// In them.
    Yes,
    /// It comes back into them by itself.
    Snoozed,
}

impl Case {
    /// It comes back at `until`, or when somebody writes.
    pub fn snooze(&mut self, until: Timestamp, by: Actor, at: Timestamp) -> Result<Option<Entry>, Refusal> {
        self.changeable()?;
        if !self.status.is_live() {
            return Err(Refusal::NotLive);
        }
        if until <= at {
            return Err(Refusal::Past);
        }
        if self.wake_at == Some(until) {
            return Ok(None);
        }
        self.wake_at = Some(until);
        self.looked_after();
        Ok(Some(self.entry(by, at, Fact::Snoozed { until, status: self.status })))
    }

    /// It comes back now.
    pub fn wake(&mut self, by: Actor, at: Timestamp) -> Result<Entry, Refusal> {
        self.wake_at.take().ok_or(Refusal::NotSnoozed)?;
        self.time_anew();
        Ok(self.entry(by, at, Fact::Woken))
    }

    /// Where it stands in the lists.
    pub fn live(&self) -> Live {
        match (self.is_live(), self.wake_at) {
            (false, _) => Live::No,
            (true, None) => Live::Yes,
            (true, Some(_)) => Live::Snoozed,
        }
    }
}
