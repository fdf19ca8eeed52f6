//! What somebody has begun to write in a case, by whom it is for.

use crate::Forwarding;

/// For whom it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum DraftKind {
    /// A reply to the customer.
    #[default]
    Reply,
    /// An internal note.
    Note,
    /// Something for a supplier.
    Forward(Forwarding),
}

impl DraftKind {
    /// Of two drafts that become one. What was begun for different readers is for the desk alone: nothing of it is to leave
    /// by accident.
    #[must_use]
    pub fn joined(&self, other: &DraftKind) -> DraftKind {
        match (self, other) {
            (DraftKind::Reply, DraftKind::Reply) => DraftKind::Reply,
            (DraftKind::Forward(one), DraftKind::Forward(_)) => DraftKind::Forward(one.clone()),
            _ => DraftKind::Note,
        }
    }

    /// What goes to a supplier, if it is for one.
    pub fn forwarding(&self) -> Option<&Forwarding> {
        if let DraftKind::Forward(it) = self { Some(it) } else { None }
    }
}
