//! What a text shows folded, found again in the HTML that says the same.
//!
//! The two differ in marks, in the ends of lines, and in the addresses of links; their ink, the letters and digits, is the
//! same. A fold is found if its ink is that of whole words, and if these are whole elements of one box; where that is not
//! so, the HTML stays open.

use domain::{Fold, FoldKind};

use super::scan::Tag;

/// Bytes of ink that are compared.
const INK: usize = 256 << 10;
/// Places that have the same ink, and are looked at.
const PLACES: usize = 64;
/// Bytes of the address of a link.
const LINK: usize = 2_000;

/// A piece of the HTML that is folded, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) kind: FoldKind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The words and elements of a mail, as they are written. What they cost is paid only by a mail of which something is looked
/// for.
#[derive(Default)]
pub(super) struct Places {
    words: Vec<Word>,
    elements: Vec<Element>,
    open: Vec<usize>,
}

struct Word {
    start: usize,
    end: usize,
    picture: bool,
    inside: Option<usize>,
}

struct Element {
    tag: Tag,
    start: usize,
    end: usize,
    /// The words in front of its start, and of its end.
    before: usize,
    behind: usize,
    inside: Option<usize>,
}

impl Places {
    /// Words that were written from `start` to `end`, or a picture.
    pub(super) fn word(&mut self, picture: bool, start: usize, end: usize) {
        self.words.push(Word { start, end, picture, inside: self.open.last().copied() });
    }

    pub(super) fn enter(&mut self, tag: Tag, start: usize) {
        let inside = self.open.last().copied();
        self.open.push(self.elements.len());
        let before = self.words.len();
        self.elements.push(Element { tag, start, end: start, before, behind: before, inside });
    }

    pub(super) fn leave(&mut self, end: usize) {
        if let Some(it) = self.open.pop() {
            self.elements[it].end = end;
            self.elements[it].behind = self.words.len();
        }
    }

    /// Where `folds` of `text` stand in `html`, as far as they can be found; sorted.
    pub(super) fn find<'f>(&self, html: &str, text: &str, folds: impl Iterator<Item = &'f Fold>) -> Vec<Piece> {
        let Some(inks) = Inks::of(html, &self.words) else { return Vec::new() };
        let mut found = Vec::new();
        let (mut before, mut at) = (String::new(), 0);
        for fold in folds {
            let (start, end) = (fold.start as usize, fold.end as usize);
            let (Some(above), Some(words)) = (text.get(at..start), text.get(start..end)) else { continue };
            add(above, &mut before);
            let mut ink = String::new();
            add(words, &mut ink);
            if ink.len() >= 4 && ink.len() <= inks.all.len() {
                let marked = words.starts_with(|it: char| !it.is_alphanumeric());
                let places = memchr::memmem::find_iter(inks.all.as_bytes(), ink.as_bytes()).take(PLACES);
                let nearest = places.min_by_key(|it| it.abs_diff(before.len()));
                let words = nearest.and_then(|it| inks.words(it, it + ink.len(), marked));
                let range = words.and_then(|(first, last)| self.range(first, last));
                found.extend(range.map(|(start, end)| Piece { kind: fold.kind, start, end }));
            }
            before.push_str(&ink);
            at = end;
        }
        found
    }

    /// Whether words stand outside of `pieces`.
    pub(super) fn shown(&self, html: &str, pieces: &[Piece]) -> bool {
        let hidden = |word: &Word| pieces.iter().any(|it| (it.start..it.end).contains(&word.start));
        let says = |word: &Word| word.picture || html[word.start..word.end].contains(char::is_alphanumeric);
        self.words.iter().any(|it| !hidden(it) && says(it))
    }

    /// The bytes of the box's part that goes from one word to another.
    fn range(&self, first: usize, last: usize) -> Option<(usize, usize)> {
        let starts = self.around(first, |it| it.before == first, |it| it.start, self.words[first].start);
        let ends = self.around(last, |it| it.behind == last + 1, |it| it.end, self.words[last].end);
        let (inside, start) = starts.iter().find(|it| self.holds(it.0) && ends.iter().any(|end| end.0 == it.0))?;
        let (_, end) = ends.iter().find(|it| it.0 == *inside)?;
        (start < end).then_some((*start, *end))
    }

    /// Whether a box may stand in an element: not in a paragraph, which it would end.
    fn holds(&self, element: Option<usize>) -> bool {
        let Some(it) = element.map(|it| &self.elements[it]) else { return true };
        match it.tag {
            "blockquote" | "center" | "dd" | "div" | "li" | "td" | "th" => true,
            "font" | "span" => self.holds(it.inside),
            _ => false,
        }
    }

    /// The boxes around a word as far as it is at their `edge`, each with the place in it at which the word's part is.
    fn around(
        &self,
        word: usize,
        edge: impl Fn(&Element) -> bool,
        place: impl Fn(&Element) -> usize,
        at: usize,
    ) -> Vec<(Option<usize>, usize)> {
        let mut found = vec![(self.words[word].inside, at)];
        let mut inside = self.words[word].inside;
        while let Some(element) = inside.map(|it| &self.elements[it]).filter(|it| edge(it)) {
            inside = element.inside;
            found.push((inside, place(element)));
        }
        found
    }
}

/// The ink of a mail.
struct Inks {
    all: String,
    /// Where the ink of each word starts; that of the next one is where it ends.
    starts: Vec<usize>,
    /// Whether a word is only marks.
    marks: Vec<bool>,
}

impl Inks {
    fn of(html: &str, words: &[Word]) -> Option<Inks> {
        let mut it = Inks { all: String::new(), starts: Vec::new(), marks: Vec::new() };
        for word in words {
            let start = it.all.len();
            if !word.picture {
                // Written as `escape` writes it.
                let mut rest = html.get(word.start..word.end)?;
                while let Some((before, behind)) = rest.split_once('&') {
                    add(before, &mut it.all);
                    rest = behind.split_once(';').map_or(behind, |it| it.1);
                }
                add(rest, &mut it.all);
            }
            it.starts.push(start);
            it.marks.push(!word.picture && start == it.all.len());
            if it.all.len() > INK {
                return None;
            }
        }
        Some(it)
    }

    fn end(&self, word: usize) -> usize {
        self.starts.get(word + 1).copied().unwrap_or(self.all.len())
    }

    /// The first and the last of the words whose ink goes from `from` to `to`; with the rule above, if it is `marked`.
    fn words(&self, from: usize, to: usize, marked: bool) -> Option<(usize, usize)> {
        let mut first = self.starts.partition_point(|it| *it < from);
        while *self.starts.get(first)? == from && self.end(first) == from {
            first += 1;
        }
        let last = self.starts.partition_point(|it| *it < to).checked_sub(1)?;
        if *self.starts.get(first)? != from || last < first || self.end(last) != to {
            return None;
        }
        while marked && first > 0 && self.marks[first - 1] {
            first -= 1;
        }
        Some((first, last))
    }
}

/// Adds the ink of `text`, without addresses in brackets.
fn add(text: &str, ink: &mut String) {
    let mut skip = 0;
    for (at, it) in text.char_indices() {
        if at < skip {
            continue;
        }
        if it.is_ascii_alphanumeric() {
            ink.push(it.to_ascii_lowercase());
        } else if matches!(it, '<' | '(' | '[') {
            skip = address(&text[at..]).map_or(0, |length| at + length);
        } else if !it.is_ascii() && it.is_alphanumeric() {
            ink.extend(it.to_lowercase());
        }
    }
}

/// The length of the address in brackets that `text` starts with: programs write them behind the words of links, and for
/// pictures.
fn address(text: &str) -> Option<usize> {
    let inner = &text[1..];
    let starts = ["http:", "https:", "mailto:", "tel:", "cid:", "image:"];
    starts.iter().find(|it| inner.get(..it.len()).is_some_and(|start| start.eq_ignore_ascii_case(it)))?;
    let close = match text.as_bytes()[0] {
        b'<' => b'>',
        b'(' => b')',
        _ => b']',
    };
    let end = inner.bytes().take(LINK).position(|it| it == close)?;
    Some(end + 2)
}
