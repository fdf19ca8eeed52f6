//! What a case is marked with: tags, and what its fields say.

use super::{Case, Refusal};
use crate::{Actor, Entry, Fact, Field, FieldId, Tag, TagId, Timestamp};

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
        let before = self.fields.get(&field.id).cloned();
        if before.as_deref() == value {
            return Ok(None);
        }
        match value {
            Some(value) => self.fields.insert(field.id, value.to_owned()),
            None => self.fields.remove(&field.id),
        };
        let shown = |it: &str| field.shown(it).to_owned();
        let (from, to) = (before.as_deref().map(shown), value.map(shown));
        Ok(Some(self.entry(by, at, Fact::FieldChanged { field: field.name.clone(), from, to })))
    }

    /// Which of these a case has to say before it is resolved, and does not.
    pub fn missing<'a>(&self, fields: &'a [Field]) -> Vec<&'a Field> {
        fields.iter().filter(|it| it.required && !self.says(it.id)).collect()
    }

    fn says(&self, field: FieldId) -> bool {
        self.fields.contains_key(&field)
    }
}
