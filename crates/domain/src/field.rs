//! Fields: what a team wants to know of each case, contact or customer, beyond what every desk keeps.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::word::words;
use crate::{ChoiceId, FieldId};

/// The longest name of a field or a choice, and the longest value, in characters.
pub const NAME: usize = 60;
/// The longest value, in characters.
pub const VALUE: usize = 500;
/// The most choices of one field.
pub const CHOICES: usize = 100;

words! {
    /// What a field belongs to.
    Owner {
        /// A case.
        Case = "case",
        /// A person who speaks for a customer.
        Contact = "contact",
        /// A customer.
        Customer = "customer",
    }
}

words! {
    /// What a field holds.
    FieldKind {
        /// A line of text.
        Text = "text",
        /// A number.
        Number = "number",
        /// One of several values.
        Choice = "choice",
        /// A day.
        Date = "date",
    }
}

/// One of the values that a field offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Its id: the value that is kept.
    pub id: ChoiceId,
    /// What people call it.
    pub name: String,
}

/// A field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its id.
    pub id: FieldId,
    /// What it belongs to.
    pub owner: Owner,
    /// What people call it.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
    /// The values that it offers, if it offers some.
    pub choices: Vec<Choice>,
    /// Whether a case has to say it before it is resolved.
    pub required: bool,
    /// Its place among the others.
    pub position: i64,
}

/// What fields say of one case, contact or customer.
pub type Values = BTreeMap<FieldId, String>;

/// That a field says something else, as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What the field is called.
    pub field: String,
    /// What it said.
    pub from: Option<String>,
    /// What it says.
    pub to: Option<String>,
}

/// Why a field does not take a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Too long.
    #[error("A value has at most {VALUE} characters.")]
    Long,
    /// Not a number.
    #[error("This is no number. Write 12, or 12.5.")]
    Number,
    /// Not one of its choices.
    #[error("This is none of the choices.")]
    Choice,
    /// Not a day.
    #[error("This is no day. Write it as 2026-12-31.")]
    Date,
}

impl Field {
    /// What somebody entered, as it is kept; nothing, if they entered nothing. `is_day` knows the calendar.
    pub fn read(&self, typed: &str, is_day: impl Fn(&str) -> bool) -> Result<Option<String>, Unfit> {
        let value = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        if value.is_empty() {
            return Ok(None);
        }
        if value.chars().count() > VALUE {
            return Err(Unfit::Long);
        }
        match self.kind {
            FieldKind::Text => Ok(Some(value)),
            FieldKind::Number => number(&value).map(Some).ok_or(Unfit::Number),
            FieldKind::Date => is_day(&value).then_some(Some(value)).ok_or(Unfit::Date),
            FieldKind::Choice => {
                let meant = |it: &&Choice| it.id.to_string() == value || it.name.to_lowercase() == value.to_lowercase();
                self.choices.iter().find(meant).map(|it| Some(it.id.to_string())).ok_or(Unfit::Choice)
            }
        }
    }

    /// Has it say this from now on; nothing empties it. `others` is what those say who turned out to be the same: it
    /// counts where nothing of one's own does, and stays as it is. None if it said so before.
    pub fn fill(&self, own: &mut Values, others: &Values, value: Option<&str>) -> Option<Change> {
        let said = own.get(&self.id).or_else(|| others.get(&self.id)).filter(|it| !self.shown(it).is_empty());
        if said.map(String::as_str) == value {
            return None;
        }
        let shown = |it: &str| self.shown(it).to_owned();
        let change = Change { field: self.name.clone(), from: said.map(|it| shown(it)), to: value.map(shown) };
        match value {
            Some(value) => own.insert(self.id, value.to_owned()),
            // Only a word of one's own counts before the others': that it says nothing.
            None if others.contains_key(&self.id) => own.insert(self.id, String::new()),
            None => own.remove(&self.id),
        };
        Some(change)
    }

    /// What it says among these, as people read it; none if it says nothing, or a choice that is no more.
    pub fn said<'a>(&'a self, values: &'a Values) -> Option<&'a str> {
        values.get(&self.id).map(|it| self.shown(it)).filter(|it| !it.is_empty())
    }

    /// A kept value as people read it.
    pub fn shown<'a>(&'a self, value: &'a str) -> &'a str {
        match self.kind {
            FieldKind::Choice => {
                self.choices.iter().find(|it| it.id.to_string() == value).map_or("", |it| it.name.as_str())
            }
            FieldKind::Text | FieldKind::Number | FieldKind::Date => value,
        }
    }
}

/// What several say who are one: of each field, whatever the first of them says who says anything about it.
pub fn joined<'a>(all: impl IntoIterator<Item = &'a Values>) -> Values {
    let mut joined = Values::new();
    for (field, value) in all.into_iter().flatten() {
        joined.entry(*field).or_insert_with(|| value.clone());
    }
    joined.retain(|_, it| !it.is_empty());
    joined
}

/// A number with its needless signs gone: `007.50` is `7.5`. As text, so that no digit is lost.
fn number(text: &str) -> Option<String> {
    let (sign, digits) = match text.strip_prefix(['-', '−']) {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
    let is_digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(part) || (part.is_empty() && digits.len() != whole.len()) {
        return None;
    }
    let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    let zero = whole == "0" && part.is_empty();
    let sign = if zero { "" } else { sign };
    Some(if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn plan() -> Field {
        Field {
            id: FieldId(Uuid::from_u128(1)),
            owner: Owner::Customer,
            name: "Plan".to_owned(),
            kind: FieldKind::Text,
            choices: Vec::new(),
            required: false,
            position: 0,
        }
    }

    #[test]
    fn what_those_say_who_are_the_same_counts_until_there_is_a_word_of_ones_own() {
        let plan = plan();
        let other = Values::from([(plan.id, "Gold".to_owned())]);
        let mut own = Values::new();
        assert_eq!(plan.fill(&mut own, &other, Some("Gold")), None, "it said so before");
        assert!(own.is_empty());
        let change = plan.fill(&mut own, &other, None).unwrap();
        assert_eq!((change.from.as_deref(), change.to), (Some("Gold"), None));
        assert_eq!(plan.said(&joined([&own, &other])), None, "it was emptied");
        assert_eq!(plan.fill(&mut own, &other, None), None);
        plan.fill(&mut own, &other, Some("Silver")).unwrap();
        assert_eq!(plan.said(&joined([&own, &other])), Some("Silver"));
        assert_eq!(joined([&Values::new(), &other]), other);
        let mut alone = own.clone();
        plan.fill(&mut alone, &Values::new(), None).unwrap();
        assert!(alone.is_empty());
    }

    #[test]
    fn a_choice_that_is_no_more_says_nothing() {
        let mut plan = Field { kind: FieldKind::Choice, ..plan() };
        let gold = Choice { id: ChoiceId(Uuid::from_u128(2)), name: "Gold".to_owned() };
        let mut own = Values::from([(plan.id, gold.id.to_string())]);
        plan.choices = vec![gold];
        assert_eq!(plan.said(&own), Some("Gold"));
        plan.choices.clear();
        assert_eq!(plan.said(&own), None);
        assert_eq!(plan.fill(&mut own, &Values::new(), None), None, "nobody sees a change");
    }
}
