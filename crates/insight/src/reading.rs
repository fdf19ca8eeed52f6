//! A text, read once: its sentences, their words, and every sign in them.

use std::ops::Range;

use crate::language::{Language, Tongue, tongue};
use crate::pattern::Hit;
use crate::rules::{Rules, Sign};
use crate::sentence::sentences;
use crate::turn::{From, Span, Turn};
use crate::words::{Word, quotes, words};

/// One sentence with what the rules see in it.
pub(crate) struct Sentence {
    pub(crate) range: Range<usize>,
    pub(crate) words: Vec<Word>,
    pub(crate) signs: Vec<Hit<Sign>>,
    /// Whether it ends with a question mark.
    pub(crate) question: bool,
    /// How many exclamation marks it ends with.
    pub(crate) exclaims: usize,
}

/// One turn, read.
pub(crate) struct Reading<'a> {
    pub(crate) turn: usize,
    pub(crate) from: From,
    pub(crate) text: &'a str,
    pub(crate) sentences: Vec<Sentence>,
}

impl Sentence {
    /// Whether the sign is in it, outside what it quotes.
    pub(crate) fn has(&self, sign: Sign) -> bool {
        self.find(sign).next().is_some()
    }

    /// Every place of that sign, outside what it quotes.
    pub(crate) fn find(&self, sign: Sign) -> impl Iterator<Item = Hit<Sign>> + '_ {
        let quoted = |it: &Hit<Sign>| self.words.get(it.start).is_some_and(|it| it.quoted);
        self.signs.iter().filter(move |it| it.sign == sign && !quoted(it)).copied()
    }

    /// Where it stands.
    pub(crate) fn span(&self, turn: usize) -> Span {
        Span { turn, start: self.range.start, end: self.range.end }
    }
}

/// Reads one text.
pub(crate) fn read(text: &str, rules: &Rules) -> Vec<Sentence> {
    let quotes = quotes(text);
    sentences(text)
        .into_iter()
        .map(|range| {
            let words = words(text, &range, &quotes, rules);
            let signs = rules.signs(&words);
            let said = &text[range.clone()];
            let marks = said.trim_end_matches(['"', '”', '»', ')', ' ']);
            let marks = &marks[marks.trim_end_matches(['?', '!', '.', '…']).len()..];
            let exclaims = marks.bytes().filter(|it| *it == b'!').count();
            Sentence { range, words, signs, question: marks.contains('?'), exclaims }
        })
        .collect()
}

/// Reads the turns of a case that are in one of our languages; a turn too short to tell is read as the rest of the case.
/// `None` if no turn is.
pub(crate) fn read_case<'a>(turns: &[Turn<'a>]) -> Option<(&'static Rules, Vec<Reading<'a>>)> {
    let tongues: Vec<Tongue> = turns.iter().map(|it| tongue(it.text)).collect();
    let known = |it: &Tongue| if let Tongue::Known(language) = it { Some(*language) } else { None };
    // Many short texts may be enough together.
    let language = tongues.iter().find_map(known).or_else(|| together(turns, &tongues))?;
    let rules = Rules::of(language)?;
    let readings = turns
        .iter()
        .enumerate()
        .zip(&tongues)
        .map(|((turn, it), tongue)| {
            let foreign = *tongue == Tongue::Other || known(tongue).is_some_and(|it| it != language);
            let sentences = if foreign { Vec::new() } else { read(it.text, rules) };
            Reading { turn, from: it.from, text: it.text, sentences }
        })
        .collect();
    Some((rules, readings))
}

/// The language of the short texts of a case, taken together, if none of its texts is in another one.
fn together(turns: &[Turn<'_>], tongues: &[Tongue]) -> Option<Language> {
    if tongues.contains(&Tongue::Other) {
        return None;
    }
    let all: Vec<&str> = turns.iter().map(|it| it.text).collect();
    crate::language::language(&all.join("\n"))
}
