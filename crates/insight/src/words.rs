//! A text as words: what the rules are matched against.
//!
//! A word keeps where it stands, so that whatever is found can be shown in its place, and what stands before it, because a
//! comma or a dash often decides whether two words have to do with each other.

use std::ops::Range;

use crate::kind::Kind;
use crate::rules::Rules;

/// What parts a word from the one before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Gap {
    /// A space.
    None,
    /// A comma.
    Comma,
    /// A dash, a colon, a semicolon, a bracket, an ellipsis; or the beginning.
    Strong,
}

/// A sentence with more words than this is none, and need not be read to its end.
const MOST: usize = 250;

/// One word, in lower case and without the marks around it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Word {
    /// Its number in the vocabulary of the rules; 0 if they do not know it.
    pub(crate) id: u32,
    /// What else it is.
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) gap: Gap,
    /// Whether somebody else's words are quoted here.
    pub(crate) quoted: bool,
    /// Whether it begins with a capital.
    pub(crate) capital: bool,
    /// Whether it is written in capitals, two letters at least.
    pub(crate) capitals: bool,
}

/// The words of one sentence; `quotes` are the ranges of the whole text in which somebody is quoted.
pub(crate) fn words(text: &str, sentence: &Range<usize>, quotes: &[Range<usize>], rules: &Rules) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::with_capacity(sentence.len() / 5 + 1);
    let mut gap = Gap::Strong;
    let mut lower = String::new();
    for raw in pieces(text, sentence).take(MOST) {
        let piece = &text[raw.clone()];
        let inner = piece.trim_start_matches(|it: char| !it.is_alphanumeric());
        let lead = &piece[..piece.len() - inner.len()];
        let core = inner.trim_end_matches(|it: char| !it.is_alphanumeric());
        gap = gap.max(mark(lead));
        if core.is_empty() {
            if lead.chars().all(|it| matches!(it, '-' | '&' | '+' | '=' | '/' | '>')) {
                gap = Gap::Strong;
            }
            continue;
        }
        let start = raw.start + lead.len();
        lower.clear();
        lower.extend(core.chars().flat_map(char::to_lowercase).map(|it| if apostrophe(it) { '\'' } else { it }));
        let (id, kind) = rules.known(&lower);
        let letters = || core.chars().filter(|it| it.is_alphabetic());
        let capitals = letters().count() > 1 && letters().all(char::is_uppercase);
        let capital = core.starts_with(char::is_uppercase);
        let others = quotes[..quotes.partition_point(|it| it.start <= start)].last().is_some_and(|it| start < it.end);
        out.push(Word { id, kind, start, end: start + core.len(), gap, quoted: others, capital, capitals });
        gap = mark(&inner[core.len()..]);
    }
    out
}

/// The ranges of a text in which somebody else is quoted: between double quotation marks of one line, and lines that begin
/// with the mark of a quote.
pub(crate) fn quotes(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with('>') {
            out.push(start..start + line.len());
        } else {
            let mut open: Option<(usize, char)> = None;
            for (at, char) in line.char_indices() {
                match (open, char) {
                    (None, '"' | '“' | '„' | '«') => open = Some((start + at, char)),
                    (Some((from, with)), '"' | '”' | '“' | '»') if (with == '"') == (char == '"') => {
                        out.push(from..start + at);
                        open = None;
                    }
                    _ => {}
                }
            }
        }
        start += line.len();
    }
    out
}

/// What lies between spaces, and between marks that part words without a space.
fn pieces<'a>(text: &'a str, sentence: &Range<usize>) -> impl Iterator<Item = Range<usize>> + use<'a> {
    let end = sentence.end;
    let mut at = sentence.start;
    std::iter::from_fn(move || {
        let rest = &text[at..end];
        let start = at + (rest.len() - rest.trim_start().len());
        let rest = &text[start..end];
        if rest.is_empty() {
            return None;
        }
        let bytes = rest.as_bytes();
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let length = rest
            .char_indices()
            .find_map(|(at, char)| match char {
                _ if char.is_whitespace() => Some(at),
                // The mark itself belongs to the piece that it ends.
                '—' | '–' | '…' if !(char == '–' && at > 0 && digit(at - 1) && digit(at + 3)) => Some(at + 3),
                ',' | ';' | '(' | ')' | '"' if !(at > 0 && digit(at - 1) && digit(at + 1)) => Some(at + 1),
                '.' if rest[at..].starts_with("...") => Some(at + 3),
                _ => None,
            })
            .unwrap_or(rest.len());
        at = start + length;
        Some(start..at)
    })
}

/// How much the marks beside a word part it from the next.
fn mark(marks: &str) -> Gap {
    if marks.contains([':', ';', '—', '–', '(', ')', '…', '[', ']', '!', '?']) || marks.contains("..") {
        Gap::Strong
    } else if marks.contains(',') {
        Gap::Comma
    } else {
        Gap::None
    }
}

/// Whether a character stands for an apostrophe.
fn apostrophe(char: char) -> bool {
    matches!(char, '’' | '‘' | 'ʼ' | '`' | '´' | '′')
}
