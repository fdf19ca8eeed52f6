//! Where the pieces of a filter begin and end.

use std::ops::Range;

/// A value behind a colon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// Where it stands, its quotation marks with it.
    pub at: Range<usize>,
    /// The value itself.
    pub text: String,
}

/// Something between two spaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it stands.
    pub at: Range<usize>,
    /// Whether a minus stands before it.
    pub not: bool,
    /// The word before the colon, and where that stands.
    pub key: Option<(String, Range<usize>)>,
    /// What stands behind the colon, between commas.
    pub values: Vec<Value>,
}

/// What opens a quotation, and what closes it. Phones put typographic ones.
const QUOTES: &[(char, &[char])] =
    &[('"', &['"', '”']), ('“', &['”', '"', '“']), ('„', &['“', '”', '"']), ('«', &['»'])];

/// The pieces of `text`, from left to right.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|it: char| !it.is_whitespace()).map(|it| at + it) {
        let piece = piece(text, start);
        at = piece.at.end;
        pieces.push(piece);
    }
    pieces
}

fn piece(text: &str, start: usize) -> Piece {
    let not = text[start..].starts_with('-') && text[start + 1..].starts_with(|it: char| !it.is_whitespace());
    let word = start + usize::from(not);
    let letters = text[word..].find(|it: char| !it.is_alphabetic()).map_or(text.len(), |it| word + it);
    let key =
        (letters > word && text[letters..].starts_with(':')).then(|| (text[word..letters].to_owned(), word..letters));
    // An address of the web is no word of a filter.
    let key = key.filter(|_| !text[letters..].starts_with("://"));
    let mut at = if key.is_some() { letters + 1 } else { word };
    let mut values = Vec::new();
    loop {
        let value = value(text, at);
        at = value.at.end;
        if !value.text.trim().is_empty() {
            values.push(value);
        }
        if !text[at..].starts_with(',') {
            break;
        }
        at += 1;
    }
    Piece { at: start..at, not, key, values }
}

/// A value ends at a comma or a space, unless quotation marks keep that in; one that is never closed goes to the end.
fn value(text: &str, start: usize) -> Value {
    let mut closes: Option<&[char]> = None;
    let mut value = String::new();
    for (at, it) in text[start..].char_indices() {
        match closes {
            Some(marks) if marks.contains(&it) => closes = None,
            Some(_) => value.push(it),
            None if it == ',' || it.is_whitespace() => {
                return Value { at: start..start + at, text: value.trim().to_owned() };
            }
            None => match QUOTES.iter().find(|quote| quote.0 == it) {
                Some(quote) => closes = Some(quote.1),
                None => value.push(it),
            },
        }
    }
    Value { at: start..text.len(), text: value.trim().to_owned() }
}
