//! What somebody looks for by words, and where an answer has them.

use std::ops::Range;

use crate::tokens::{Tokens, tokens};
use crate::word::words;

words! {
    /// What is found by its words.
    Findable {
        /// A message.
        Message = "message",
        /// A note.
        Note = "note",
        /// A case: its number, its subject and what solved it.
        Case = "case",
        /// A contact: their name and addresses.
        Contact = "contact",
        /// A customer: their name and domains.
        Customer = "customer",
    }
}

/// Words that follow one another: one word that somebody typed, or several between quotation marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// They, folded. At least one.
    pub words: Vec<String>,
    /// The same as a whole, if it is a thing of several pieces: INV-10874.
    pub whole: Option<String>,
}

impl Phrase {
    /// What a text asks for; nothing if there is no word in it.
    pub fn of(text: &str) -> Option<Phrase> {
        let Tokens { words, wholes } = tokens(text);
        let (first, last) = (words.first()?, words.last()?);
        let all = first.at.start..last.at.end;
        let whole = wholes.into_iter().find(|it| it.at == all).map(|it| it.text);
        // Nobody writes an address in pieces, and some of them are in half of all mails.
        if let Some(whole) = whole.as_ref().filter(|_| is_address(text)) {
            return Some(Phrase { words: vec![whole.clone()], whole: None });
        }
        Some(Phrase { words: words.into_iter().map(|it| it.text).collect(), whole })
    }

    /// Where a text has it, in bytes.
    pub fn places(&self, within: &Tokens) -> Vec<Range<usize>> {
        let Tokens { words, wholes } = within;
        let run = words
            .windows(self.words.len())
            .filter(|run| run.iter().zip(&self.words).all(|(it, word)| it.text == *word));
        let mut places: Vec<_> = run.map(|run| run[0].at.start..run[run.len() - 1].at.end).collect();
        let one = self.whole.as_ref().or(if self.words.len() == 1 { self.words.first() } else { None });
        if let Some(one) = one {
            places.extend(wholes.iter().filter(|it| it.text == *one).map(|it| it.at.clone()));
            if self.whole.is_some() {
                places.extend(words.iter().filter(|it| it.text == *one).map(|it| it.at.clone()));
            }
        }
        places.sort_by_key(|it| (it.start, std::cmp::Reverse(it.end)));
        places.dedup();
        places
    }

    /// Whether one of these texts has it.
    pub fn is_in(&self, texts: &[Tokens]) -> bool {
        texts.iter().any(|it| !self.places(it).is_empty())
    }
}

/// Whether it is one to its end, as far as its signs say: more than the beginning of one.
fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(_, domain)| domain.contains('.'))
}

/// What somebody looks for by words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sought {
    /// All of these are there.
    pub all: Vec<Phrase>,
    /// None of these is.
    pub none: Vec<Phrase>,
}

impl Sought {
    /// Whether it looks for anything.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether something made of these texts is what is looked for.
    pub fn fits(&self, texts: &[Tokens]) -> bool {
        self.all.iter().all(|it| it.is_in(texts)) && !self.none.iter().any(|it| it.is_in(texts))
    }

    /// How well these texts, the more telling first, fit what is looked for: often, early, and near together counts. Only
    /// larger or smaller says anything.
    #[expect(clippy::cast_precision_loss, reason = "no text has so many words")]
    pub fn weight(&self, texts: &[Tokens]) -> f64 {
        let mut weight = 0.0;
        for (nth, text) in texts.iter().enumerate() {
            let rank = if nth == 0 { 2.0 } else { 1.0 };
            let length = 1.0 + (text.words.len() as f64 / 100.0);
            let places: Vec<Vec<Range<usize>>> = self.all.iter().map(|it| it.places(text)).collect();
            for found in places.iter().filter(|it| !it.is_empty()) {
                let often = found.len() as f64;
                // The second time says less than the first, and in a long text any time does.
                weight += rank * often * 2.2 / (often + 1.2 * length.min(4.0));
            }
            let starts: Option<Vec<usize>> = places.iter().map(|it| it.first().map(|it| it.start)).collect();
            if let Some(starts) = starts.filter(|it| it.len() > 1) {
                let apart = starts.iter().max().unwrap_or(&0) - starts.iter().min().unwrap_or(&0);
                weight += rank / (1.0 + apart as f64 / 50.0);
            }
        }
        weight
    }
}

/// A piece of a text, and where the words that were looked for stand in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snippet {
    /// The piece, on one line.
    pub text: String,
    /// Where to mark it, in bytes, from left to right.
    pub marks: Vec<Range<usize>>,
    /// Whether the text begins before it.
    pub begun: bool,
    /// Whether the text goes on behind it.
    pub goes_on: bool,
}

/// How far before the first mark a snippet begins, and how long it is, in characters.
const BEFORE: usize = 40;
const LENGTH: usize = 220;

/// The piece of a text that shows most of what is looked for; nothing if none of it is there.
pub fn snippet(text: &str, sought: &Sought) -> Option<Snippet> {
    let found = tokens(text);
    let mut places: Vec<(usize, Range<usize>)> = Vec::new();
    for (which, phrase) in sought.all.iter().enumerate() {
        places.extend(phrase.places(&found).into_iter().map(|at| (which, at)));
    }
    places.sort_by_key(|it| it.1.start);
    // Of all that begin at a mark, the one in which most different things are found; the first of such.
    let kinds = |from: usize| {
        let within = places[from..].iter().take_while(|it| it.1.end <= places[from].1.start + LENGTH - BEFORE);
        let mut which: Vec<usize> = within.map(|it| it.0).collect();
        which.sort_unstable();
        which.dedup();
        which.len()
    };
    let best = (0..places.len().min(200)).max_by_key(|at| (kinds(*at), std::cmp::Reverse(*at)))?;
    let first = places[best].1.start;
    let start = back(text, first, BEFORE);
    let end = forth(text, start, LENGTH).max(places[best].1.end);
    Some(cut(text, start..end, places.into_iter().map(|it| it.1)))
}

/// The whole of a short text, such as a subject, with its marks.
pub fn marked(text: &str, sought: &Sought) -> Snippet {
    let found = tokens(text);
    let mut places: Vec<_> = sought.all.iter().flat_map(|it| it.places(&found)).collect();
    places.sort_by_key(|it| it.start);
    cut(text, 0..text.len(), places.into_iter())
}

/// On one line, with one space where there were several.
fn cut(text: &str, part: Range<usize>, places: impl Iterator<Item = Range<usize>>) -> Snippet {
    let mut it = Snippet {
        begun: !text[..part.start].trim().is_empty(),
        goes_on: !text[part.end..].trim().is_empty(),
        ..Snippet::default()
    };
    let mut places = places.filter(|at| at.start >= part.start && at.end <= part.end).peekable();
    let mut open: Option<(usize, usize)> = None;
    for (at, sign) in text[part.clone()].char_indices().map(|(at, sign)| (at + part.start, sign)) {
        if let Some((start, _)) = open.filter(|it| it.1 <= at) {
            it.marks.push(start..it.text.trim_end().len());
            open = None;
        }
        while let Some(place) = places.next_if(|place| place.start <= at) {
            // One that begins within another makes that longer.
            let (start, end) = open.unwrap_or((it.text.len(), 0));
            open = Some((start, end.max(place.end)));
        }
        if !sign.is_whitespace() {
            it.text.push(sign);
        } else if !it.text.is_empty() && !it.text.ends_with(' ') {
            it.text.push(' ');
        }
    }
    if let Some((start, _)) = open {
        it.marks.push(start..it.text.trim_end().len());
    }
    it.text.truncate(it.text.trim_end().len());
    it.marks.retain(|mark| mark.start < mark.end && mark.end <= it.text.len());
    it
}

/// So many characters back, and then to the beginning of a word or a line.
fn back(text: &str, from: usize, characters: usize) -> usize {
    let mut start = from;
    for (at, sign) in text[..from].char_indices().rev().take(characters) {
        if sign == '\n' && text[at + 1..from].trim().len() > BEFORE / 3 {
            return at + 1;
        }
        if sign.is_whitespace() {
            start = at + sign.len_utf8();
        }
    }
    if text[..from].chars().count() <= characters { 0 } else { start }
}

/// So many characters further, and then back to the end of a word.
fn forth(text: &str, from: usize, characters: usize) -> usize {
    let Some((end, _)) = text[from..].char_indices().nth(characters) else { return text.len() };
    let end = from + end;
    text[from..end].rfind(char::is_whitespace).map_or(end, |at| from + at)
}
