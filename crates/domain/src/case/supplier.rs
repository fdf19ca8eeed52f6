//! What is said in a case with a supplier. It is no answer to the customer, and no word of theirs: who waits on whom, since
//! when, and what was said last with the customer stays as it is.

use super::{Case, Refusal, Status};
use crate::{Actor, Automatic, Entry, Fact, MessageId, Timestamp};

impl Case {
    /// One of ours asks a supplier; `says` is whether there is a word in it, or something that goes along.
    pub fn forward(&mut self, message: MessageId, says: bool, by: Actor, at: Timestamp) -> Result<Entry, Refusal> {
        self.changeable()?;
        if !says {
            return Err(Refusal::Empty);
        }
        self.looked_after();
        self.last_at = self.last_at.max(at);
        Ok(self.entry(by, at, Fact::Forwarded { message, status: self.status }))
    }

    /// A supplier has answered: the next step is ours. The customer has not written, so their clock does not begin, and a
    /// closed case takes it and stays closed. Automatic mail changes no status.
    pub fn supplier_answered(
        &mut self,
        message: MessageId,
        automatic: Option<Automatic>,
        by: Actor,
        at: Timestamp,
    ) -> Entry {
        let mut reopened = false;
        if automatic.is_none() {
            reopened = self.status == Status::Resolved;
            if matches!(self.status, Status::Waiting | Status::Resolved) {
                self.status = Status::Open;
                self.resolved_at = None;
            }
            self.wake_at = None;
            self.last_at = self.last_at.max(at);
        }
        self.entry(by, at, Fact::SupplierAnswered { message, status: self.status, reopened, automatic })
    }
}
