//! Two cases that are one issue: one of them takes in the other, which stays as it was and is shown there.
//!
//! Nothing of the other is rewritten. It keeps its messages and its entries, and says of itself into which case it was
//! taken; so whoever undoes the merge only has to clear that. What the merge did to the case that stays is kept beside it
//! ([`Kept`]), and not in the entry: a merge that is undone before a later one changes what that one has to give back.

use serde::{Deserialize, Serialize};

use super::marks::TAGS;
use super::{Before, Case, Refusal, Status};
use crate::{Actor, CaseId, Email, Entry, Fact, TagId, Timestamp};

/// That a case was taken into another.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// Into which.
    pub into: CaseId,
    /// The number of the entry there that tells it.
    pub entry: i64,
    /// What it did to that case.
    pub kept: Kept,
}

/// What a merge did to the case that took in another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    before: State,
    after: State,
    /// What it is marked with since.
    tags: Vec<TagId>,
}

/// What a merge changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct State {
    case: Before,
    participants: Vec<Email>,
}

impl Case {
    /// Takes in a case of the same customer.
    pub fn merge(&mut self, other: &mut Case, by: Actor, at: Timestamp) -> Result<Entry, Refusal> {
        self.mergeable(other)?;
        let kept = self.take_in(other);
        let entry = self.entry(by, at, Fact::Merged { number: other.number, case: other.id });
        other.merged = Some(Merged { into: self.id, entry: self.entries, kept });
        Ok(entry)
    }

    /// Takes back a case that was split off. With it comes what was written there meanwhile, if that is anything.
    pub fn join_back(
        &mut self,
        other: &mut Case,
        with_words: bool,
        by: Actor,
        at: Timestamp,
    ) -> Result<Entry, Refusal> {
        self.mergeable(other)?;
        let state = self.state();
        let kept = if with_words {
            self.take_in(other)
        } else {
            Kept { before: state.clone(), after: state, tags: Vec::new() }
        };
        let entry = self.entry(by, at, Fact::SplitUndone { number: other.number });
        other.merged = Some(Merged { into: self.id, entry: self.entries, kept });
        Ok(entry)
    }

    fn mergeable(&self, other: &Case) -> Result<(), Refusal> {
        if self.id == other.id || self.merged.is_some() || other.merged.is_some() {
            return Err(Refusal::SameCase);
        }
        if self.customer != other.customer {
            return Err(Refusal::OtherCustomer);
        }
        self.changeable()?;
        other.changeable()
    }

    /// Lets go of a case that it took in. It becomes what it was before, if nothing but merges has happened to it since:
    /// `later` are the cases that it took in after that one, in their order. Else it keeps its status, and `stay` are
    /// those who wrote or were written to since. Answers whether it is what it was.
    pub fn take_apart(
        &mut self,
        other: &mut Case,
        later: &mut [Case],
        stay: &[Email],
        by: Actor,
        at: Timestamp,
    ) -> Result<(Entry, bool), Refusal> {
        self.changeable()?;
        let Some(Merged { into, kept, .. }) = other.merged.take() else { return Err(Refusal::NotMerged) };
        if into != self.id {
            return Err(Refusal::NotMerged);
        }
        let states: Vec<&Kept> = later.iter().filter_map(|it| it.merged.as_ref()).map(|it| &it.kept).collect();
        let mut now = &kept.after;
        self.tags.retain(|it| !kept.tags.contains(it));
        let untouched = states.iter().all(|it| {
            let follows = it.before == *now;
            now = &it.after;
            follows
        }) && *now == self.state();
        if untouched {
            self.become_state(kept.before);
            for it in later.iter_mut() {
                let again = self.take_in(it);
                if let Some(merged) = &mut it.merged {
                    merged.kept = again;
                }
            }
        } else {
            let others: Vec<&Email> = later.iter().flat_map(|it| &it.participants).collect();
            let came = |it: &Email| !kept.before.participants.contains(it) && other.participants.contains(it);
            self.participants.retain(|it| !came(it) || stay.contains(it) || others.contains(&it));
            for it in later.iter_mut() {
                let tags = self.mark_as(&it.tags);
                if let Some(merged) = &mut it.merged {
                    merged.kept.tags.extend(tags);
                }
            }
        }
        Ok((self.entry(by, at, Fact::MergeUndone { number: other.number }), untouched))
    }

    /// What was said last in it, where that cannot be known from what happened to it.
    pub fn said_last(&mut self, text: &str, theirs: bool) {
        self.preview = super::preview(text);
        self.theirs = theirs;
    }

    /// Whoever owes the next step in either of two cases owes it in both together, from the earlier moment on; and what was
    /// said last in either was said last. It is snoozed if both were.
    fn take_in(&mut self, other: &Case) -> Kept {
        let before = self.state();
        self.status = match (self.status, other.status) {
            (Status::New, Status::New) => Status::New,
            (Status::New | Status::Open, _) | (_, Status::New | Status::Open) => Status::Open,
            (Status::Waiting, _) | (_, Status::Waiting) => Status::Waiting,
            (status, _) => status,
        };
        self.resolved_at = if self.status == Status::Resolved { self.resolved_at } else { None };
        if other.last_at > self.last_at {
            self.last_at = other.last_at;
            self.preview.clone_from(&other.preview);
            self.theirs = other.theirs;
        }
        self.undelivered |= other.undelivered;
        self.wake_at = self.wake_at.zip(other.wake_at).map(|(one, two)| one.min(two));
        let owed_since = self.owed_since.into_iter().chain(other.owed_since).min();
        if owed_since != self.owed_since {
            self.owed_since = owed_since;
            self.time_anew();
        }
        self.meet(&other.participants);
        let tags = self.mark_as(&other.tags);
        Kept { before, after: self.state(), tags }
    }

    /// Marks it with what another is marked with, too; answers what is new of that.
    fn mark_as(&mut self, tags: &[TagId]) -> Vec<TagId> {
        let free = TAGS.saturating_sub(self.tags.len());
        let new: Vec<TagId> = tags.iter().filter(|it| !self.tags.contains(it)).take(free).copied().collect();
        self.tags.extend(&new);
        new
    }

    fn state(&self) -> State {
        State { case: self.before(), participants: self.participants.clone() }
    }

    fn become_state(&mut self, state: State) {
        self.restore(state.case);
        self.participants = state.participants;
    }
}
