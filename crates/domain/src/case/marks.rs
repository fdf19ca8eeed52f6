//! What a case is marked with: tags, and what its fields say.

use super::{Case, Refusal};
use crate::field::{Change, Values};
use crate::{Actor, Entry, Fact, Field, Tag, TagId, Timestamp};

/// More tags than anybody reads.
pub(super) const TAGS: usize = 30;

impl Case {
    /// Puts tags on it and takes others off. Nothing to say if that changes nothing.
    pub fn tag(&mut self, on: &[Tag], off: &[Tag], by: Actor, at: Timestamp) -> Result<Option<Entry>, Refusal> {
        self.changeable()?;
        let added: Vec<&Tag> = on.iter().filter(|it| !self.tags.contains(&it.id)).collect();
        let removed: Vec<&Tag> = off.iter().filter(|it| self.tags.contains(&it.id)).collect();
        if added.is_empty() && removed.is_empty() {
            return Ok(None);
        }
        let gone: Vec<TagId> = removed.iter().map(|it| it.id).collect();
        let mut tags: Vec<TagId> = self.tags.iter().copied().filter(|it| !gone.contains(it)).collect();
        for it in &added {
            if !tags.contains(&it.id) {
                tags.push(it.id);
            }
        }
        if tags.len() > TAGS {
            return Err(Refusal::Tags);
        }
        self.tags = tags;
        let names = |all: &[&Tag]| all.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
        let fact = Fact::Tagged { added: names(&added), removed: names(&removed) };
        Ok(Some(self.entry(by, at, fact)))
    }

    /// What one of its fields says from now on; nothing empties it. A closed case is put right, too: it is a record.
    pub fn fill(
        &mut self,
        field: &Field,
        value: Option<&str>,
        by: Actor,
        at: Timestamp,
    ) -> Result<Option<Entry>, Refusal> {
        self.not_aside()?;
        let change = field.fill(&mut self.fields, &Values::new(), value);
        Ok(change.map(|Change { field, from, to }| self.entry(by, at, Fact::FieldChanged { field, from, to })))
    }

    /// Which of these a case has to say before it is resolved, and does not.
    pub fn missing<'a>(&self, fields: &'a [Field]) -> Vec<&'a Field> {
        fields.iter().filter(|it| it.required && it.said(&self.fields).is_none()).collect()
    }
}
