//! Promises: what we told a customer we would do, and by when.

use crate::word::words;
use crate::{CaseId, CustomerId, MessageId, PromiseId, StaffId, Timestamp};

words! {
    /// What became of a promise. A late one is open.
    PromiseState {
        /// It is yet to be kept.
        Open = "open",
        /// We did it.
        Kept = "kept",
        /// We did not, and will not.
        Broken = "broken",
    }
}

/// What we told a customer we would do, and by when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// To whom.
    pub customer: CustomerId,
    /// In which case.
    pub case: CaseId,
    /// Its id.
    pub id: PromiseId,
    /// The message of ours that makes it; none if somebody wrote it down by hand.
    pub message: Option<MessageId>,
    /// What we do, in few words.
    pub text: String,
    /// The moment until which it is kept in time; none if no day was named.
    pub due_at: Option<Timestamp>,
    /// What became of it.
    pub state: PromiseState,
    /// Who wrote it down.
    pub by: StaffId,
    /// And when.
    pub at: Timestamp,
    /// When it was kept or broken.
    pub closed_at: Option<Timestamp>,
}

/// Where a promise without a day stands in the order of what is due: after every day.
const NEVER: Timestamp = Timestamp(9_000_000_000_000_000);

impl Promise {
    /// Whether its time is over, and it is neither kept nor broken.
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.state == PromiseState::Open && self.due_at.is_some_and(|it| it <= now)
    }
}

/// By when the first open one of them is due; a moment far away where none of these has a day, none where none is open.
pub fn first_due<'p>(promises: impl IntoIterator<Item = &'p Promise>) -> Option<Timestamp> {
    let open = promises.into_iter().filter(|it| it.state == PromiseState::Open);
    open.map(|it| it.due_at.unwrap_or(NEVER)).min()
}
