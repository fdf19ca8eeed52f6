//! Ours: who they are and what they may.

use crate::word::words;
use crate::{StaffId, TeamId};

words! {
    /// The one role of a staff member.
    Role {
        /// May do everything.
        Administrator = "administrator",
        /// Everything but settings and people.
        Lead = "lead",
        /// Every case and customer.
        Agent = "agent",
        /// Every case and customer.
        SuccessManager = "success_manager",
        /// Only the cases of their teams.
        DepartmentMember = "department_member",
    }
}

words! {
    /// What a door asks of whoever comes.
    Right {
        /// Nothing: sign-in, health checks, the login of an API by its own token.
        Public = "public",
        /// To be signed in: one's own profile, sign-ins and drafts.
        Own = "own",
        /// To see and answer cases, as far as the scope reaches.
        Cases = "cases",
        /// To see customers who have a case in reach, and all if the scope is the desk.
        Customers = "customers",
        /// To change what belongs to the whole desk: who owns a domain, the outbox. To write to somebody first.
        Desk = "desk",
        /// To delete for everybody what was put aside as spam.
        Empty = "empty",
        /// To say what everybody sees: views for all.
        Share = "share",
        /// To invite, change and deactivate staff.
        People = "people",
        /// To change channels, teams and the organization.
        Settings = "settings",
    }
}

impl Role {
    /// Whether the role has the right; how far it reaches is the scope's affair.
    pub fn may(self, right: Right) -> bool {
        match right {
            Right::Public | Right::Own | Right::Cases | Right::Customers => true,
            Right::Desk => self != Role::DepartmentMember,
            Right::Empty | Right::Share => matches!(self, Role::Administrator | Role::Lead),
            Right::People | Right::Settings => self == Role::Administrator,
        }
    }

    /// Whether the role sees every case and customer.
    pub fn sees_all(self) -> bool {
        self != Role::DepartmentMember
    }
}

/// A staff member who is at the door: what is needed to decide what they may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// Their one role.
    pub role: Role,
    /// Their teams.
    pub teams: Vec<TeamId>,
}
