//! Macros: text that is written often, and what is done with it.

use serde::{Deserialize, Serialize};

use crate::{MacroId, Priority, Sharing, StaffId, TagId, TeamId, Then};

/// Text with placeholders, what is done to a case, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Macro {
    /// Its id.
    pub id: MacroId,
    /// What people call it.
    pub name: String,
    /// Its text with placeholders; may be empty.
    pub body: String,
    /// What it does.
    pub actions: Actions,
    /// Who has it.
    pub sharing: Sharing,
}

/// What a macro does to a case. What it does not name stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Actions {
    /// Whose the case becomes.
    pub assign: Option<Whom>,
    /// The team that it goes to.
    pub team: Option<TeamId>,
    /// How much it matters.
    pub priority: Option<Priority>,
    /// What it is marked with.
    pub tag: Vec<TagId>,
    /// What it is marked with no more.
    pub untag: Vec<TagId>,
    /// In how many hours it comes back.
    pub snooze: Option<u32>,
    /// It is done, and what solved it; may be empty.
    pub resolve: Option<String>,
    /// What becomes of it with the answer, if its writer does not say otherwise.
    pub then: Option<Then>,
}

/// To whom a macro gives a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// Whoever uses the macro.
    Me,
    /// Nobody.
    Nobody,
    /// A colleague.
    Colleague(StaffId),
}

impl Actions {
    /// Whether it changes a case at once.
    pub fn change(&self) -> bool {
        let Actions { assign, team, priority, tag, untag, snooze, resolve, then: _ } = self;
        assign.is_some()
            || team.is_some()
            || priority.is_some()
            || !tag.is_empty()
            || !untag.is_empty()
            || snooze.is_some()
            || resolve.is_some()
    }
}
