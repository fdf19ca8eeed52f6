//! A sender's card: what stands below `-- `, what a phone adds, what follows the name below a closing.
//!
//! The closing and the name stay to be read: they belong to what somebody says, and one wants to know to whom one answers.
//! Only the card below them is folded.

use super::closing::{CLOSINGS, FORMAL, SHORT_CLOSINGS};
use super::device::{DEVICES, EXCUSES, MOBILE};
use super::firm::{ROLES, STREETS};
use super::line::{Line, bar, has_word, last, plain, starts};
use super::words::{CARD, FIRMS, PHONES, REGISTER};

/// Lines that a card has at most: what is longer is text.
const LINES: usize = 22;

/// Whether a line was added by a phone or a mail program.
pub(super) fn mobile(text: &str) -> bool {
    let text = text.trim();
    if text.len() > 170 || text.len() < 8 {
        return false;
    }
    let lower = plain(text, 180);
    let lower = lower.trim_start_matches(|it: char| !it.is_alphanumeric());
    // What stands in brackets is an address.
    let words = lower.split(['<', '[']).next().unwrap_or_default().trim_end();
    // Some ask for patience, too.
    let words =
        words.split_once(". ").filter(|it| EXCUSES.iter().any(|word| it.1.contains(word))).map_or(words, |it| it.0);
    starts(lower, MOBILE)
        && words.len() <= 100
        && (lower.contains("://") || DEVICES.iter().any(|it| has_word(words, it)))
        && !words.contains(['?', ';'])
        && !words.trim_end_matches('.').contains(". ")
        && !words.contains(", ")
}

/// Where the card starts that `lines[..end]` end with, and where it ends; the lines are those of the sender only.
pub(super) fn signature(lines: &[Line<'_>], low: usize, end: usize) -> Option<(usize, usize)> {
    let end = last(lines, low, end)? + 1;
    let low = low.max(end.saturating_sub(LINES));
    let low = (low..end).rev().find(|it| lines[*it].quoted()).map_or(low, |it| it + 1);
    if let Some(from) = dashed(lines, low, end) {
        return Some((from, end));
    }
    closed(lines, low, end).or_else(|| bare(lines, low, end))
}

/// Below `-- ` (RFC 3676 §4.3), or below `--`, a rule or the like if it looks like a card.
fn dashed(lines: &[Line<'_>], low: usize, end: usize) -> Option<usize> {
    let at = (low..end).rev().find(|it| {
        let text = lines[*it].text;
        matches!(text, "-- " | "--" | "--\u{a0}" | "-- \r" | "--\r" | "\u{2014}" | "\u{2013}") || bar(text)
    })?;
    if at + 1 >= end {
        return None;
    }
    let below = || lines[at + 1..end].iter().filter(|it| !it.empty);
    let exact = matches!(lines[at].text, "-- " | "--\u{a0}" | "-- \r");
    let count = below().count();
    if exact {
        return (count <= 16).then_some(at);
    }
    let sentences = below().filter(|it| sentence(it.inner())).count();
    let strong = below().filter(|it| weight(it.inner()) >= 2).count();
    let dashes = lines[at].text.trim_end() == "--";
    let card = if dashes { count <= 12 && sentences == 0 } else { count <= 10 && sentences == 0 && strong >= 1 };
    // Two dashes above words of which some are no card are a rule in a text.
    let all = below().all(|it| weight(it.inner()) > 0);
    let named = below().next().is_some_and(|it| name(it.inner()));
    (card && (strong >= 1 || all && named)).then_some(at)
}

/// Below a closing and a name.
fn closed(lines: &[Line<'_>], low: usize, end: usize) -> Option<(usize, usize)> {
    let (at, named) = (low..end).rev().find_map(|it| Some((it, closing(lines[it].inner())?)))?;
    let mut from = at + 1;
    if !named {
        from = (from..end).find(|it| !lines[*it].empty)?;
        if weight(lines[from].inner()) < 2 || name(lines[from].inner()) {
            if !name(lines[from].inner()) && weight(lines[from].inner()) == 0 {
                return None;
            }
            from += 1;
        }
    }
    card(lines, from, end)
}

/// The card that starts at or behind `from`, if one of its lines can be nothing else, or two say where somebody is.
fn card(lines: &[Line<'_>], from: usize, end: usize) -> Option<(usize, usize)> {
    let from = (from..end).find(|it| !lines[*it].empty)?;
    let mut strong = 0;
    let mut slogans = 0;
    let mut to = from;
    for (at, line) in lines.iter().enumerate().take(end).skip(from) {
        if line.empty {
            continue;
        }
        let text = line.inner();
        match weight(text) {
            sure @ 2.. => strong += sure - 1,
            1 => {}
            // A slogan, between the lines of the card or at its end.
            _ if strong >= 1 && slogans < 2 && text.len() <= 90 && !personal(text) => slogans += 1,
            _ => break,
        }
        to = at + 1;
    }
    let rest = (to..end).find(|it| !lines[*it].empty);
    let postscript = rest.is_none_or(|it| {
        let lower = plain(lines[it].inner(), 12);
        ["p.s", "ps:", "ps ", "pps", "nb:", "n.b", "anlage", "attach", "p.d", "pd:"]
            .iter()
            .any(|it| lower.starts_with(it))
    });
    (strong >= 2 && postscript && to > from).then_some((from, to))
}

/// A card without a closing: name, phone, address and nothing else.
fn bare(lines: &[Line<'_>], low: usize, end: usize) -> Option<(usize, usize)> {
    let from = (low..end).rev().take_while(|it| !lines[*it].empty).last()?;
    let above = last(lines, 0, from)?;
    let before = lines[above].inner();
    // What a sentence announces is said, not a card.
    let lower = plain(&before.chars().rev().take(160).collect::<Vec<_>>().into_iter().rev().collect::<String>(), 400);
    if before.ends_with(':') || CARD.iter().any(|it| lower.contains(it)) || !name(lines[from].inner()) {
        return None;
    }
    let rest = &lines[from + 1..end];
    let phones = rest.iter().filter(|it| phone(&plain(it.inner(), 120))).count();
    let addresses = rest.iter().filter(|it| reachable(it.inner())).count();
    let all = rest.iter().all(|it| weight(it.inner()) > 0);
    (rest.len() >= 2 && all && phones >= 1 && addresses >= 1).then_some((from + 1, end))
}

/// Whether a line is a closing, and whether the name stands in it.
fn closing(text: &str) -> Option<bool> {
    if text.is_empty() || text.len() > 220 {
        return None;
    }
    let lower = plain(text, 240);
    if starts(&lower, FORMAL) {
        return Some(false);
    }
    if text.len() > 90 {
        return None;
    }
    let bare = lower.trim_end_matches([',', '.', '!', ' ', '-', ';']);
    if SHORT_CLOSINGS.contains(&bare) {
        return Some(false);
    }
    if let Some(rest) = longest(bare) {
        if rest.is_empty() {
            return Some(false);
        }
        let short = rest.split_whitespace().count() <= 6 && rest.starts_with([' ', ',', '!', '.', '/']);
        if short && !rest.contains(['?', ':']) {
            let named = text.split_once([',', '.', '!']).is_some_and(|it| name(it.1));
            return Some(named);
        }
        return None;
    }
    // "Thanks, Ruth"
    let (word, who) = text.split_once([',', '!'])?;
    let word = plain(word.trim(), 60);
    let who = who.trim();
    (SHORT_CLOSINGS.contains(&word.as_str()) && who.split_whitespace().count() <= 3 && name(who)).then_some(true)
}

/// What follows the longest closing that `bare` starts with.
fn longest(bare: &str) -> Option<&str> {
    let first = bare.as_bytes().first();
    CLOSINGS
        .iter()
        .filter(|it| it.as_bytes().first() == first)
        .filter_map(|it| bare.strip_prefix(it))
        .min_by_key(|it| it.len())
}

/// Whether a line can be somebody's name.
fn name(text: &str) -> bool {
    let text = text.trim().trim_end_matches(',');
    let words = text.split_whitespace().count();
    let starts = text.starts_with(char::is_uppercase) || words == 1 || plain(text, 8).starts_with("i. ");
    (1..=6).contains(&words)
        && text.len() <= 60
        && starts
        && !text.contains(['@', ':', '?', '!', '/', '=', '>'])
        && !text.bytes().any(|it| it.is_ascii_digit())
        && !sentence(text)
}

/// Whether a line reads like a sentence.
fn sentence(text: &str) -> bool {
    let text = text.trim();
    let words = text.split_whitespace().count();
    let small = text.split_whitespace().skip(1).filter(|it| it.starts_with(char::is_lowercase)).count();
    words >= 4 && text.ends_with(['.', '?', '!', ':']) && small * 2 >= words || words >= 9 && small * 3 >= words * 2
}

/// Whether somebody speaks, or is spoken to.
fn personal(text: &str) -> bool {
    let lower = plain(text, 120);
    text.contains('?')
        || [
            "i", "you", "we", "me", "please", "ich", "sie", "wir", "bitte", "je", "vous", "nous", "merci", "yo",
            "usted", "ik", "u", "wij", "graag", "io", "lei", "eu", "favor", "can", "can't", "did", "not", "nicht",
            "pas", "no", "niet", "non", "não",
        ]
        .iter()
        .any(|it| has_word(&lower, it))
}

/// How much a line looks like one of a card: 3 for what can hardly be anything else, 2 for where somebody is, 1 for what may
/// be one, 0 for text.
fn weight(text: &str) -> u8 {
    let text = text.trim().trim_matches(['|', '*', ' ', '\u{b7}', '\u{2022}']);
    if text.is_empty() || bar(text) {
        return 1;
    }
    if text.len() > 160 {
        return 0;
    }
    let lower = plain(text, 200);
    let words = text.split_whitespace().count();
    let registered = REGISTER.iter().filter(|it| lower.contains(*it)).count();
    if registered >= 2 || registered == 1 && !sentence(text) && !personal(text) {
        return 3;
    }
    if sentence(text) || text.ends_with(['?', '!']) {
        return 0;
    }
    if phone(&lower) && words <= 16 || reachable(text) && words <= 9 {
        return 3;
    }
    let number = text.bytes().any(|it| it.is_ascii_digit());
    let small = text.split_whitespace().filter(|it| it.starts_with(char::is_lowercase)).count();
    if words <= 12 && FIRMS.iter().any(|it| has_word(&lower, it)) && small <= 3 {
        return 3;
    }
    if words <= 9 && ROLES.iter().any(|it| lower.contains(it)) && small <= 4 {
        return 3;
    }
    if number && words <= 12 && (postal(text) || STREETS.iter().any(|it| lower.contains(it))) && small <= 4 {
        return 2;
    }
    let capital = text.starts_with(|it: char| it.is_uppercase() || it.is_ascii_digit() || it == '[' || it == '(');
    u8::from(capital && words <= 8 && text.len() <= 70 && small * 2 <= words && !text.ends_with(['.', ':']))
}

/// Whether a line, in lower case, has a number to call.
fn phone(lower: &str) -> bool {
    let digits = lower.bytes().filter(u8::is_ascii_digit).count();
    if !(5..=60).contains(&digits) {
        return false;
    }
    let international = lower.trim_start_matches(|it: char| !it.is_alphanumeric() && it != '+').starts_with('+');
    let bare = lower.chars().all(|it| it.is_ascii_digit() || " +-/().|".contains(it)) && digits >= 7;
    international
        || bare
        || PHONES.iter().any(|it| {
            let mut rest = lower;
            // The label stands at the start, or behind a rule.
            loop {
                let here = rest.trim_start_matches(|it: char| !it.is_alphanumeric());
                if let Some(behind) = here.strip_prefix(it) {
                    let behind = behind.trim_start_matches(['.', ':', ' ', ')', '\u{a0}', '/', '-']);
                    if behind.starts_with(|it: char| it.is_ascii_digit() || matches!(it, '+' | '(' | '[')) {
                        return true;
                    }
                }
                match rest.split_once(['|', ',', '\u{b7}', '\u{2022}', ';']) {
                    Some((_, behind)) => rest = behind,
                    None => return false,
                }
            }
        })
}

/// Whether a line has an address to write or to go to.
fn reachable(text: &str) -> bool {
    text.split_whitespace().any(|it| {
        let it = it.trim_matches(['<', '>', '(', ')', ',', '|', '[', ']']);
        let at = it.find('@').is_some_and(|at| at > 0 && it[at + 1..].contains('.'));
        at || it.starts_with("www.") || it.starts_with("http://") || it.starts_with("https://") || it.contains("//www.")
    })
}

/// Whether a line has a postal code: four or five digits in front of a place, or the British kind.
fn postal(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().map(|it| it.trim_matches([',', '|', '\u{b7}'])).collect();
    words.windows(2).any(|it| {
        let code = it[0].rsplit('-').next().unwrap_or_default();
        let digits = matches!(code.len(), 4 | 5) && code.bytes().all(|it| it.is_ascii_digit());
        let british = matches!(it[0].len(), 2..=4)
            && it[0].bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit())
            && it[0].starts_with(|it: char| it.is_ascii_uppercase())
            && it[1].len() == 3
            && it[1].starts_with(|it: char| it.is_ascii_digit());
        digits && it[1].starts_with(char::is_uppercase) || british
    })
}

/// Whether lines are the imprint of a firm, which may stand alone below a disclaimer.
pub(super) fn imprint(lines: &[Line<'_>]) -> bool {
    let registered = |it: &Line<'_>| {
        let lower = plain(it.inner(), 300);
        REGISTER.iter().filter(|it| lower.contains(*it)).count()
    };
    lines.iter().map(registered).sum::<usize>() >= 2
        && lines.iter().all(|it| weight(it.inner()) >= 2 || it.text.len() < 60 && !sentence(it.inner()))
}
