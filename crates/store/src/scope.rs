//! What a person may see. Every read that a page may ask for takes one; there is no read without.

use domain::{Member, Right, Role, StaffId, TeamId, Timestamp};

use crate::{Error, Result, Where};

/// What a person may see.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Who looks.
    pub member: StaffId,
    /// And when.
    pub now: Timestamp,
    role: Role,
    teams: Vec<TeamId>,
}

impl Scope {
    /// The scope of a staff member who looks at a moment long ago: of nothing that depends on the hour.
    pub fn of(member: &Member) -> Scope {
        Scope { member: member.id, now: Timestamp(0), role: member.role, teams: member.teams.clone() }
    }

    /// The same at this moment.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Scope {
        Scope { now, ..self }
    }

    /// The teams to which the scope is narrowed; none if it reaches every case.
    pub fn teams(&self) -> Option<&[TeamId]> {
        (!self.role.sees_all()).then_some(self.teams.as_slice())
    }

    /// What one may not see does not exist.
    pub fn needs(&self, right: Right) -> Result<()> {
        if self.role.may(right) { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Narrows a filter over `cases` to what the scope reaches. What is put aside is the desk's affair.
    pub fn narrow<'a>(&'a self, filter: Where<'a>) -> Where<'a> {
        match self.teams() {
            None => filter,
            Some(teams) => filter.and("aside is null", &[]).any_of("team_id", teams),
        }
    }
}
