//! What we promised in a case, and what became of it.

use super::{Case, Refusal};
use crate::promise::first_due;
use crate::{Actor, Entry, Fact, Promise, PromiseState, Timestamp};

impl Case {
    /// Somebody writes down what we promised.
    pub fn promise(&mut self, it: &Promise, by: Actor, at: Timestamp) -> Result<Entry, Refusal> {
        self.changeable()?;
        if it.text.trim().is_empty() {
            return Err(Refusal::Empty);
        }
        Ok(self.entry(by, at, Fact::PromiseMade { text: it.text.clone(), due: it.due_at }))
    }

    /// Somebody says what became of it, or that it is open again. A promise outlives its case: one that is closed has them
    /// too. Nothing to say if it stands so already.
    pub fn settle(
        &mut self,
        it: &mut Promise,
        to: PromiseState,
        by: Actor,
        at: Timestamp,
    ) -> Result<Option<Entry>, Refusal> {
        self.not_aside()?;
        if it.state == to {
            return Ok(None);
        }
        it.state = to;
        it.closed_at = (to != PromiseState::Open).then_some(at);
        let text = it.text.clone();
        let fact = match to {
            PromiseState::Open => Fact::PromiseReopened { text },
            PromiseState::Kept => Fact::PromiseKept { text },
            PromiseState::Broken => Fact::PromiseBroken { text },
        };
        Ok(Some(self.entry(by, at, fact)))
    }

    /// Remembers by when the first open one of its promises is due: its lists go by that.
    pub fn owe_promises<'p>(&mut self, all: impl IntoIterator<Item = &'p Promise>) {
        self.promised_at = first_due(all);
    }
}
