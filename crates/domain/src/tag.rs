//! Tags: words that cases are marked with, in a team's own language.

use crate::TagId;

/// The longest name, in characters.
pub const NAME: usize = 40;

/// A word that cases are marked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its id.
    pub id: TagId,
    /// What people call it.
    pub name: String,
}

/// The name of a tag as it is kept: one line, without the signs by which filters end a word; none if nothing is left or it
/// is too long.
pub fn name(typed: &str) -> Option<String> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let sound = !name.is_empty()
        && name.chars().count() <= NAME
        && !name.chars().any(|it| it.is_control() || matches!(it, ',' | ';' | '"' | '“' | '„' | '«' | '»'));
    sound.then_some(name)
}

/// By what two names are the same tag.
pub fn folded(name: &str) -> String {
    name.to_lowercase()
}
