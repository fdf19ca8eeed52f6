//! What staff did to a case, undone.

use serde::{Deserialize, Serialize};

use super::{Case, Priority, Refusal, Status};
use crate::field::Values;
use crate::{Actor, Entry, Fact, PutAside, StaffId, TagId, TeamId, Timestamp};

/// How a case stands: what somebody may change about it with a key, and undo with another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Its status.
    pub status: Status,
    /// When it was resolved, if it is.
    pub resolved_at: Option<Timestamp>,
    /// What solved it.
    pub resolution: Option<String>,
    /// How much it matters.
    pub priority: Priority,
    /// Whose it is.
    pub assignee: Option<StaffId>,
    /// Which team's it is.
    pub team: Option<TeamId>,
    /// When it comes back, if it is snoozed.
    pub wake_at: Option<Timestamp>,
    /// What it is marked with.
    pub tags: Vec<TagId>,
    /// What its fields say.
    pub fields: Values,
    /// Where it is put aside, if it is.
    pub aside: Option<PutAside>,
    /// Since when they wait for a reply.
    pub owed_since: Option<Timestamp>,
}

impl Case {
    /// How it stands.
    pub fn standing(&self) -> Standing {
        Standing {
            status: self.status,
            resolved_at: self.resolved_at,
            resolution: self.resolution.clone(),
            priority: self.priority,
            assignee: self.assignee,
            team: self.team,
            wake_at: self.wake_at,
            tags: self.tags.clone(),
            fields: self.fields.clone(),
            aside: self.aside,
            owed_since: self.owed_since,
        }
    }

    /// It stands again as it stood before something was done to it that made it `after`. What others have changed since
    /// stays; if that is all of it, there is nothing to undo.
    pub fn undo(&mut self, before: &Standing, after: &Standing, by: Actor, at: Timestamp) -> Result<Entry, Refusal> {
        self.not_closed()?;
        let now = self.standing();
        let mut done = false;
        macro_rules! back {
            ($($part:ident),*) => {$(
                if before.$part != after.$part && now.$part == after.$part {
                    self.$part.clone_from(&before.$part);
                    done = true;
                }
            )*};
        }
        back!(priority, assignee, team, wake_at, tags, fields, aside);
        // What the status says goes together.
        let word = |it: &Standing| (it.status, it.resolved_at, it.resolution.clone());
        if word(before) != word(after) && word(&now) == word(after) {
            self.status = before.status;
            self.resolved_at = before.resolved_at;
            self.resolution.clone_from(&before.resolution);
            self.owed_since = before.owed_since;
            done = true;
        }
        if !done {
            return Err(Refusal::Changed);
        }
        self.time_anew();
        Ok(self.entry(by, at, Fact::Undone { status: self.status }))
    }
}
