//! The steps of a test as they stand, told to whoever looks on.

use tokio::time::Instant;

use super::words::Failure;
use super::{Detail, Outcome, Step, StepName};

const ALL: [StepName; 6] = [
    StepName::FoundServer,
    StepName::Secure,
    StepName::SignedInForReading,
    StepName::SignedInForSending,
    StepName::CameBack,
    StepName::PlusAddress,
];

/// The steps; each takes the time since the one before it.
pub(super) struct Steps<F> {
    list: Vec<Step>,
    at: usize,
    since: Instant,
    tell: F,
}

impl<F: FnMut(&[Step])> Steps<F> {
    /// All steps, the first of them under way. A mailbox that is only read has no more than three.
    pub(super) fn new(tell: F, sends: bool) -> Steps<F> {
        let count = if sends { ALL.len() } else { 3 };
        let list = ALL.into_iter().take(count).map(|name| Step { name, outcome: Outcome::Waits, took_ms: 0 }).collect();
        let mut steps = Steps { list, at: 0, since: Instant::now(), tell };
        steps.begin();
        steps
    }

    fn begin(&mut self) {
        if let Some(step) = self.list.get_mut(self.at) {
            step.outcome = Outcome::Now;
        }
        (self.tell)(&self.list);
    }

    /// The step that is under way came to this; the next one begins.
    pub(super) fn done(&mut self, outcome: Outcome) {
        let took_ms = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.since = Instant::now();
        if let Some(step) = self.list.get_mut(self.at) {
            (step.outcome, step.took_ms) = (outcome, took_ms);
        }
        self.at += 1;
        self.begin();
    }

    pub(super) fn judged(&mut self, result: Result<Detail, Failure>) {
        self.done(match result {
            Ok(detail) => Outcome::Ok(detail),
            Err(Failure { words, said }) => Outcome::Failed { words, said },
        });
    }

    /// A step about both servers fails with what is wrong with either.
    pub(super) fn both(&mut self, failures: [Option<Failure>; 2], detail: Detail) {
        let (mut words, mut said) = (Vec::new(), Vec::new());
        for failure in failures.into_iter().flatten() {
            if !words.contains(&failure.words) {
                words.push(failure.words);
            }
            if !failure.said.is_empty() {
                said.push(failure.said);
            }
        }
        self.judged(if words.is_empty() {
            Ok(detail)
        } else {
            Err(Failure { words: words.join(" "), said: said.join("; ") })
        });
    }

    /// No step is under way any more.
    pub(super) fn end(mut self) -> Vec<Step> {
        for step in &mut self.list {
            if step.outcome == Outcome::Now {
                step.outcome = Outcome::Waits;
            }
        }
        (self.tell)(&self.list);
        self.list
    }
}
