//! A sentence as one line.

use crate::turn::{Line, Span};

/// A line is at most so many characters long.
const LONG: usize = 200;

/// The sentence at this place as a line.
pub(crate) fn line(text: &str, at: Span) -> Line {
    Line { text: cut(&text[at.start..at.end], LONG), at }
}

/// The words of a text with single spaces between them, cut at a word if they are more than so many characters.
pub(crate) fn cut(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len().min(most * 2));
    let mut length = 0;
    for word in text.split_whitespace() {
        let more = word.chars().count() + usize::from(length > 0);
        if length + more > most {
            // A single word may be longer than the whole line.
            if length == 0 {
                out.extend(word.chars().take(most));
            }
            out.push('…');
            return out;
        }
        if length > 0 {
            out.push(' ');
        }
        out.push_str(word);
        length += more;
    }
    out
}
