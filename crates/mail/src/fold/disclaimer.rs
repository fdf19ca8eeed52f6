//! What lawyers, virus checkers and mailing lists put below a mail.

use super::footer::{BANNERS, PROGRAMS, STARTS};
use super::legal::SAYS;
use crate::clean::cut;
use crate::table::{Beginnings, Words, beginnings, words};

/// Bytes of a paragraph that are looked at.
const LOOK: usize = 3_000;

/// Whether a text that begins like `start` is a disclaimer from there on, whatever follows.
pub(super) fn begins(start: &str) -> bool {
    static ALL: Beginnings = beginnings!(&[STARTS, PROGRAMS].concat());
    ALL.start(trimmed(start))
}

fn trimmed(text: &str) -> &str {
    let text = text.trim_start_matches(|it: char| !it.is_alphabetic() && it != '[');
    // A tree, where the font of trees is missing.
    text.strip_prefix("p ").unwrap_or(text)
}

/// All of [`SAYS`] at once: one pass over a text instead of one for each.
static SAID: Words = words!(&SAYS.concat());

/// Which kinds of [`SAYS`] are in `lower`.
fn says(lower: &str) -> [bool; SAYS.len()] {
    let mut says = [false; SAYS.len()];
    for found in SAID.parts(lower) {
        let mut at = found.word;
        for (kind, words) in SAYS.iter().enumerate() {
            if at < words.len() {
                says[kind] = true;
                break;
            }
            at -= words.len();
        }
    }
    says
}

/// Whether a paragraph is a disclaimer, or the like.
pub(super) fn disclaims<'a>(lines: impl Iterator<Item = &'a str>) -> bool {
    static PROGRAM: Beginnings = beginnings!(PROGRAMS);
    static START: Beginnings = beginnings!(STARTS);
    let mut whole = String::new();
    for line in lines {
        if whole.len() > LOOK {
            break;
        }
        if !whole.is_empty() {
            whole.push(' ');
        }
        whole.push_str(line);
    }
    // In quotation marks it is what somebody speaks of.
    if whole.trim_start().starts_with(['"', '\'', '\u{201e}', '\u{201c}', '\u{ab}', '\u{2018}', '\u{201a}']) {
        return false;
    }
    let lower = cut(trimmed(&whole), LOOK);
    if PROGRAM.start(lower) && lower.len() < 700 {
        return true;
    }
    if lower.len() < 60 {
        return false;
    }
    let says = says(lower);
    let count = says.iter().filter(|it| **it).count();
    let asks = lower.contains('?');
    if START.start(lower) && count >= 1 && lower.len() >= 60 {
        return true;
    }
    !asks && lower.len() >= 90 && (count >= 3 || count == 2 && (says[1] || says[2]))
}

/// Whether a line at the top says that the mail comes from elsewhere.
pub(super) fn banner(text: &str) -> bool {
    static BANNER: Beginnings = beginnings!(BANNERS);
    BANNER.start(text.trim_start_matches([' ', '>', '!', '\u{26a0}', '\u{fe0f}']))
}
