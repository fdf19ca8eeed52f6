//! A sender's card: what stands below `-- `, what a phone adds, what follows the name below a closing.
//!
//! The closing and the name stay to be read: they belong to what somebody says, and one wants to know to whom one answers.
//! Only the card below them is folded.

use super::closing::{CLOSINGS, FORMAL, SHORT_CLOSINGS};
use super::device::{DEVICES, EXCUSES, MOBILE, MOTTOS};
use super::firm::{ROLES, STREETS};
use super::line::{Line, bar, last};
use super::words::{BELOW, CARD, FIRMS, PHONES, REGISTER};
use crate::table::{Beginnings, Words, beginnings, words};

/// Lines that a card has at most: what is longer is text.
const LINES: usize = 22;

/// Whether a line was added by a phone or a mail program.
pub(super) fn mobile(line: &Line<'_>) -> bool {
    static STARTS: Beginnings = beginnings!(MOBILE);
    static NAMED: Words = words!(DEVICES);
    let lower = line.lower.trim_start_matches(|it: char| !it.is_alphanumeric());
    let motto = MOTTOS.iter().find_map(|it| lower.strip_prefix(it)).filter(|it| it.len() <= 60);
    if motto.is_some_and(|it| it.split(", ").nth(1).is_some_and(|it| it.starts_with("organi"))) {
        return true;
    }
    if line.inner.len() > 170 || line.inner.len() < 8 || !STARTS.start(lower) {
        return false;
    }
    // What stands in brackets is an address.
    let words = lower.split(['<', '[']).next().unwrap_or_default().trim_end();
    // Some ask for patience, too.
    let words =
        words.split_once(". ").filter(|it| EXCUSES.iter().any(|word| it.1.contains(word))).map_or(words, |it| it.0);
    words.len() <= 100
        && (lower.contains("://") || NAMED.word(words))
        && !words.contains(['?', ';'])
        && !words.trim_end_matches('.').contains(". ")
        && !words.contains(", ")
}

/// Where the card starts that `lines[..end]` end with, and where it ends; the lines are those of the sender only.
/// `signer` is the sender's name.
pub(super) fn signature(lines: &[Line<'_>], low: usize, end: usize, signer: &str) -> Option<(usize, usize)> {
    let end = last(lines, low, end)? + 1;
    let low = low.max(end.saturating_sub(LINES));
    let low = (low..end).rev().find(|it| lines[*it].quoted()).map_or(low, |it| it + 1);
    if let Some(found) = dashed(lines, low, end) {
        return Some(found);
    }
    closed(lines, low, end).or_else(|| bare(lines, low, end)).or_else(|| signed(lines, low, end, signer))
}

/// Below `-- ` (RFC 3676 §4.3), or below `--`, a rule or the like if it looks like a card.
fn dashed(lines: &[Line<'_>], low: usize, end: usize) -> Option<(usize, usize)> {
    let at = (low..end).rev().find(|it| {
        let text = lines[*it].text;
        matches!(text, "-- " | "--" | "--\u{a0}" | "-- \r" | "--\r" | "\u{2014}" | "\u{2013}") || bar(text)
    })?;
    if at + 1 >= end {
        return None;
    }
    let exact = matches!(lines[at].text, "-- " | "--\u{a0}" | "-- \r");
    if exact {
        // Between comments it is one of them.
        let comment = |it: &Line<'_>| it.text.starts_with("-- ") && !it.text.trim_end().ends_with("--");
        // Below a patch, the version of the program follows.
        let version =
            |it: &Line<'_>| it.text.contains('.') && it.text.bytes().all(|it| it.is_ascii_digit() || it == b'.');
        if lines[at.saturating_sub(6)..end.min(at + 6)].iter().any(comment) || at + 2 < end && version(&lines[at + 1]) {
            return None;
        }
        let to = resumed(lines, at + 1, end);
        let count = lines[at + 1..to].iter().filter(|it| !it.empty).count();
        return (count <= 16).then_some((at, to));
    }
    let below = || lines[at + 1..end].iter().filter(|it| !it.empty);
    let count = below().count();
    let sentences = below().filter(|it| sentence(it.inner)).count();
    let strong = below().filter(|it| weight(it) >= 2).count();
    let dashes = lines[at].text.trim_end() == "--";
    let card = if dashes { count <= 12 && sentences == 0 } else { count <= 10 && sentences == 0 && strong >= 1 };
    // Two dashes above words of which some are no card are a rule in a text.
    let all = below().all(|it| weight(it) > 0);
    let named = below().next().is_some_and(|it| name(it.inner));
    (card && (strong >= 1 || all && named)).then_some((at, end))
}

/// Where somebody goes on below the card that starts at `from`: with a postscript, or with something to ask.
fn resumed(lines: &[Line<'_>], from: usize, end: usize) -> usize {
    let mut starts = (from + 1..end).filter(|it| lines[it - 1].empty && !lines[*it].empty);
    let asks = |from: usize| {
        let paragraph = || lines[from..end].iter().take_while(|it| !it.empty);
        postscript(&lines[from])
            || paragraph().any(|it| it.inner.ends_with('?')) && !paragraph().any(|it| weight(it) >= 2)
    };
    starts.find(|it| asks(*it)).unwrap_or(end)
}

/// Below a closing and a name.
fn closed(lines: &[Line<'_>], low: usize, end: usize) -> Option<(usize, usize)> {
    let (at, named) = (low..end).rev().find_map(|it| Some((it, closing(&lines[it])?)))?;
    let mut from = at + 1;
    if !named {
        from = (from..end).find(|it| !lines[*it].empty)?;
        let weight = weight(&lines[from]);
        let named = name(lines[from].inner);
        if weight == 0 && !named {
            return None;
        }
        if weight < 2 || named {
            from += 1;
        }
    }
    card(lines, from, end)
}

/// The card that starts at or behind `from`, if one of its lines can be nothing else, or two say where somebody is.
fn card(lines: &[Line<'_>], from: usize, end: usize) -> Option<(usize, usize)> {
    static HOLDER: Beginnings = beginnings!(&[
        "kontoinhaber",
        "empfänger",
        "account holder",
        "account name",
        "beneficiary",
        "titulaire",
        "titular",
        "intestatario",
        "intestato",
        "rekeninghouder",
        "t.n.v",
        "iban",
    ]);
    let from = (from..end).find(|it| !lines[*it].empty)?;
    // Where money is to go is what somebody writes for.
    if HOLDER.start(lines[from].lower) {
        return None;
    }
    let mut strong = 0;
    let mut slogans = 0;
    let mut to = from;
    for (at, line) in lines.iter().enumerate().take(end).skip(from) {
        if line.empty {
            continue;
        }
        if postscript(line) {
            break;
        }
        let text = line.inner;
        match weight(line) {
            sure @ 2.. => strong += sure - 1,
            1 => {}
            // A slogan, between the lines of the card or at its end.
            _ if strong >= 1 && slogans < 2 && text.len() <= 90 && !personal(line) => slogans += 1,
            _ => break,
        }
        to = at + 1;
    }
    let rest = (to..end).find(|it| !lines[*it].empty);
    let whole = rest.is_none_or(|it| postscript(&lines[it]));
    (strong >= 2 && whole && to > from).then_some((from, to))
}

/// Whether a line begins what somebody adds below their card.
fn postscript(line: &Line<'_>) -> bool {
    ["p.s", "ps:", "ps ", "pps", "nb:", "n.b", "anlage", "attach", "p.d", "pd:"]
        .iter()
        .any(|word| line.lower.starts_with(word))
}

/// A card without a closing that the sender's own name begins.
fn signed(lines: &[Line<'_>], low: usize, end: usize, signer: &str) -> Option<(usize, usize)> {
    static POINTS: Words = words!(BELOW);
    let from = begins(lines, low, end)?;
    let points = last(lines, 0, from).is_some_and(|it| POINTS.word(lines[it].lower));
    if points || !signer.contains(' ') || lines[from].lower.trim_end_matches(',') != signer {
        return None;
    }
    let rest = &lines[from + 1..end];
    let short = |it: &Line<'_>| it.inner.len() <= 70 && !sentence(it.inner) && !personal(it);
    let sure = rest.iter().any(|it| phone(it.lower) || reachable(it.inner));
    (sure && rest.len() <= 9 && rest.iter().all(short)).then_some((from + 1, end))
}

/// Where the paragraph begins that `lines[..end]` end with, if it can be a card: something is said above it, and that does
/// not announce it.
fn begins(lines: &[Line<'_>], low: usize, end: usize) -> Option<usize> {
    static SAID: Words = words!(CARD);
    let from = (low..end).rev().take_while(|it| !lines[*it].empty).last()?;
    let above = last(lines, 0, from)?;
    let before = lines[above].lower;
    // What a sentence announces is said, not a card.
    let end_of = &before[before.ceil_char_boundary(before.len().saturating_sub(160))..];
    // One of several is none of the sender's.
    let several = weight(&lines[above]) >= 2;
    (!several && !before.ends_with(':') && !SAID.part(end_of)).then_some(from)
}

/// A card without a closing: name, phone, address and nothing else.
fn bare(lines: &[Line<'_>], low: usize, end: usize) -> Option<(usize, usize)> {
    let from = begins(lines, low, end).filter(|it| name(lines[*it].inner))?;
    let rest = &lines[from + 1..end];
    let phones = rest.iter().filter(|it| phone(it.lower)).count();
    let addresses = rest.iter().filter(|it| reachable(it.inner)).count();
    let all = rest.iter().all(|it| weight(it) > 0);
    (rest.len() >= 2 && all && phones >= 1 && addresses >= 1).then_some((from + 1, end))
}

/// Whether a line is a closing, and whether the name stands in it.
fn closing(line: &Line<'_>) -> Option<bool> {
    static SENTENCES: Beginnings = beginnings!(FORMAL);
    static LONG: Beginnings = beginnings!(CLOSINGS);
    let (text, lower) = (line.inner, line.lower);
    if text.is_empty() || text.len() > 220 {
        return None;
    }
    if SENTENCES.start(lower) {
        return Some(false);
    }
    if text.len() > 90 {
        return None;
    }
    let bare = lower.trim_end_matches([',', '.', '!', ' ', '-', ';']);
    if SHORT_CLOSINGS.contains(&bare) {
        return Some(false);
    }
    if let Some(rest) = LONG.longest(bare) {
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
    let (word, _) = lower.split_once([',', '!'])?;
    let (_, who) = text.split_once([',', '!'])?;
    let who = who.trim();
    (SHORT_CLOSINGS.contains(&word.trim()) && who.split_whitespace().count() <= 3 && name(who)).then_some(true)
}

/// Whether a line can be somebody's name.
fn name(text: &str) -> bool {
    let text = text.trim().trim_end_matches(',');
    let words = text.split_whitespace().count();
    let starts = text.starts_with(char::is_uppercase) || words == 1 || text.starts_with("i. ");
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
fn personal(line: &Line<'_>) -> bool {
    static SPOKEN: Words = words!(&[
        "i", "you", "we", "me", "please", "ich", "sie", "wir", "bitte", "je", "vous", "nous", "merci", "yo", "usted",
        "ik", "u", "wij", "graag", "io", "lei", "eu", "favor", "can", "can't", "did", "not", "nicht", "pas", "no",
        "niet", "non", "não",
    ]);
    line.inner.contains('?') || SPOKEN.word(line.lower)
}

/// How much a line looks like one of a card: 3 for what can hardly be anything else, 2 for where somebody is, 1 for what may
/// be one, 0 for text.
fn weight(line: &Line<'_>) -> u8 {
    static FIRM: Words = words!(FIRMS);
    static ROLE: Words = words!(ROLES);
    static STREET: Words = words!(STREETS);
    let text = line.inner.trim_matches(['|', '*', ' ', '\u{b7}', '\u{2022}']);
    if text.is_empty() || bar(text) {
        return 1;
    }
    if text.len() > 160 {
        return 0;
    }
    let lower = line.lower.trim_matches(['|', ' ', '\u{b7}', '\u{2022}']);
    let words = text.split_whitespace().count();
    let registered = registered(lower);
    if registered >= 2 || registered == 1 && !sentence(text) && !personal(line) {
        return 3;
    }
    if sentence(text) || text.ends_with(['?', '!']) {
        return 0;
    }
    if phone(lower) && (words <= 6 || words <= 16 && !personal(line)) || reachable(text) && words <= 9 {
        return 3;
    }
    let number = text.bytes().any(|it| it.is_ascii_digit());
    let small = text.split_whitespace().filter(|it| it.starts_with(char::is_lowercase)).count();
    if words <= 12 && small <= 3 && FIRM.word(lower) {
        return 3;
    }
    if words <= 9 && small <= 4 && ROLE.part(lower) {
        return 3;
    }
    if number && words <= 12 && small <= 4 && (postal(text) || STREET.part(lower)) {
        return 2;
    }
    let capital = text.starts_with(|it: char| it.is_uppercase() || it.is_ascii_digit() || it == '[' || it == '(');
    u8::from(capital && words <= 8 && text.len() <= 70 && small * 2 <= words && !text.ends_with(['.', ':']))
}

/// Whether a line, in lower case, has a number to call.
fn phone(lower: &str) -> bool {
    static LABELS: Beginnings = beginnings!(PHONES);
    let digits = lower.bytes().filter(u8::is_ascii_digit).count();
    if !(5..=60).contains(&digits) {
        return false;
    }
    let international = lower.trim_start_matches(|it: char| !it.is_alphanumeric() && it != '+').starts_with('+');
    let bare = lower.chars().all(|it| it.is_ascii_digit() || " +-/().|\u{2013}".contains(it)) && digits >= 7;
    let numbers = |part: &str| {
        let here = part.trim_start_matches(|it: char| !it.is_alphanumeric());
        let behind = LABELS.longest(here).map(|it| it.trim_start_matches(['.', ':', ' ', ')', '\u{a0}', '/', '-']));
        behind.is_some_and(|it| it.starts_with(|it: char| it.is_ascii_digit() || matches!(it, '+' | '(' | '[')))
    };
    // The label stands at the start, or behind a rule.
    international || bare || lower.split(['|', ',', '\u{b7}', '\u{2022}', ';']).any(numbers)
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

/// How many different things `lower` says that only the imprint of a firm says.
fn registered(lower: &str) -> usize {
    static REGISTERED: Words = words!(REGISTER);
    let mut said: Vec<usize> = REGISTERED.parts(lower).map(|it| it.word).collect();
    said.sort_unstable();
    said.dedup();
    said.len()
}

/// Whether lines are the imprint of a firm, which may stand alone below a disclaimer.
pub(super) fn imprint(lines: &[Line<'_>]) -> bool {
    lines.iter().map(|it| registered(it.lower)).sum::<usize>() >= 2
        && lines.iter().all(|it| weight(it) >= 2 || it.text.len() < 60 && !sentence(it.inner))
}
