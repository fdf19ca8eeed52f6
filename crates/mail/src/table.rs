//! Lists of words as they are looked up: in lower case, and never one word after the other.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Anchored, Input, MatchKind, StartKind};

type Automaton = LazyLock<Option<AhoCorasick>, fn() -> Option<AhoCorasick>>;

/// How texts begin. [`beginnings!`] makes them.
pub(crate) struct Beginnings(Automaton);

/// Words that stand anywhere in a text. [`words!`] makes them.
pub(crate) struct Words(Automaton);

/// [`Beginnings`] of a list.
macro_rules! beginnings {
    ($list:expr) => {
        $crate::table::Beginnings::new(|| $crate::table::starts($list))
    };
}
/// [`Words`] of a list.
macro_rules! words {
    ($list:expr) => {
        $crate::table::Words::new(|| $crate::table::anywhere($list))
    };
}
pub(crate) use {beginnings, words};

/// Finds the longest of `list` with which a text starts.
pub(crate) fn starts(list: &[&str]) -> Option<AhoCorasick> {
    let builder = &mut AhoCorasick::builder();
    let builder = builder.match_kind(MatchKind::LeftmostLongest).start_kind(StartKind::Anchored);
    builder.kind(Some(AhoCorasickKind::ContiguousNFA)).build(list).ok()
}

/// Finds each of `list`, wherever it stands.
pub(crate) fn anywhere(list: &[&str]) -> Option<AhoCorasick> {
    AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(list).ok()
}

impl Beginnings {
    pub(crate) const fn new(automaton: fn() -> Option<AhoCorasick>) -> Beginnings {
        Beginnings(LazyLock::new(automaton))
    }

    /// Whether `text` starts with one of them.
    pub(crate) fn start(&self, text: &str) -> bool {
        self.longest(text).is_some()
    }

    /// What follows the longest that `text` starts with.
    pub(crate) fn longest<'a>(&self, text: &'a str) -> Option<&'a str> {
        let found = self.0.as_ref()?.find(Input::new(text).anchored(Anchored::Yes))?;
        text.get(found.end()..)
    }
}

/// A word where it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Its place in the list.
    pub(crate) word: usize,
    /// Its first byte in the text.
    pub(crate) start: usize,
    /// The byte behind its last.
    pub(crate) end: usize,
}

impl Words {
    pub(crate) const fn new(automaton: fn() -> Option<AhoCorasick>) -> Words {
        Words(LazyLock::new(automaton))
    }

    /// Whether one of them stands in `text`, be it as part of a word.
    pub(crate) fn part(&self, text: &str) -> bool {
        self.0.as_ref().is_some_and(|it| it.is_match(text))
    }

    /// Every place in `text` where one of them stands, as part of a word too.
    pub(crate) fn parts(&self, text: &str) -> impl Iterator<Item = Found> {
        let found =
            self.0.iter().filter(move |it| it.is_match(text)).flat_map(move |it| it.find_overlapping_iter(text));
        found.map(|it| Found { word: it.pattern().as_usize(), start: it.start(), end: it.end() })
    }

    /// Whether one of them stands in `text` with no letter on either side.
    pub(crate) fn word(&self, text: &str) -> bool {
        self.whole(text).next().is_some()
    }

    /// Every place in `text` where one of them stands with no letter on either side.
    pub(crate) fn whole(&self, text: &str) -> impl Iterator<Item = Found> {
        self.parts(text).filter(|it| {
            let before = text[..it.start].chars().next_back();
            let behind = text[it.end..].chars().next();
            !before.is_some_and(char::is_alphanumeric) && !behind.is_some_and(char::is_alphanumeric)
        })
    }
}
