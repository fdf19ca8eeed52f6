//! The reply clock: how long a customer may wait for a reply, for each priority.

use serde::{Deserialize, Serialize};

use crate::Priority;

/// How many minutes of business hours a reply may take; none: such cases are not timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Targets {
    /// Of cases that come when there is time.
    pub low: Option<u32>,
    /// In turn.
    pub normal: Option<u32>,
    /// Before the others.
    pub high: Option<u32>,
    /// Now.
    pub urgent: Option<u32>,
}

/// Until somebody says otherwise: an hour, half a day, a day, three days of eight hours.
impl Default for Targets {
    fn default() -> Targets {
        Targets { low: Some(24 * 60), normal: Some(8 * 60), high: Some(4 * 60), urgent: Some(60) }
    }
}

impl Targets {
    /// Of one priority.
    pub fn of(&self, priority: Priority) -> Option<u32> {
        match priority {
            Priority::Low => self.low,
            Priority::Normal => self.normal,
            Priority::High => self.high,
            Priority::Urgent => self.urgent,
        }
    }
}
