//! Which parts of a text are shown folded: words of earlier mails, a sender's card.
//!
//! Ranges only; nothing is ever deleted. A quote is folded where it ends the text: one that has an answer below it stays
//! open, because the answer is read with it. What begins a quote or a signature stands in tables.

use domain::{Fold, FoldKind};

/// A line that introduces quoted words: how it begins, and how it ends.
const ATTRIBUTIONS: &[(&str, &str)] = &[
    ("On ", "wrote:"),
    ("Am ", "schrieb:"),
    ("Am ", "geschrieben:"),
    ("Am ", ":schrieb"),
    ("Le ", "a écrit :"),
    ("Le ", "a écrit:"),
    ("Le ", "a écrit\u{a0}:"),
    ("El ", "escribió:"),
    ("Op ", "schreef:"),
    ("Il ", "ha scritto:"),
];

/// Words in the middle of an introduction that ends with the writer's name (`Am 3. Mai schrieb Ann Lee:`).
const WROTE: &[(&str, &str)] = &[("Am ", " schrieb "), ("On ", " wrote "), ("Op ", " schreef ")];

/// Lines, without their dashes, above a whole earlier mail.
const ORIGINAL: &[&str] = &[
    "original message",
    "original appointment",
    "reply message",
    "ursprüngliche nachricht",
    "originalnachricht",
    "original-nachricht",
    "message d'origine",
    "message d’origine",
    "message original",
];

/// Lines, without their dashes, above a mail that is passed on.
const FORWARDED: &[&str] = &[
    "forwarded message",
    "begin forwarded message:",
    "weitergeleitete nachricht",
    "anfang der weitergeleiteten nachricht:",
    "message transféré",
    "message transmis",
    "début du message transféré :",
    "début du message réexpédié :",
];

/// The names of header lines that programs write above an earlier mail: the sender's, and the others.
const SENDER: &[&str] = &["from:", "von:", "de :", "de:"];
const OTHERS: &[&str] = &[
    "sent:",
    "date:",
    "to:",
    "cc:",
    "subject:",
    "reply-to:",
    "gesendet:",
    "datum:",
    "an:",
    "betreff:",
    "kopie:",
    "envoyé :",
    "envoyé:",
    "à :",
    "à:",
    "objet :",
    "objet:",
    "date :",
    "cc :",
];

/// Last lines that a program added.
const CARDS: &[&str] = &[
    "sent from my ",
    "sent from outlook",
    "get outlook for ",
    "von meinem iphone gesendet",
    "von meinem ipad gesendet",
    "gesendet von ",
    "envoyé de mon ",
    "envoyé depuis ",
];

/// Lines of a signature at most: what is longer is text.
const SIGNATURE: usize = 20;

/// A line and where it stands.
#[derive(Clone, Copy)]
struct Line<'a> {
    start: usize,
    text: &'a str,
}

impl Line<'_> {
    fn blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    fn quoted(&self) -> bool {
        self.text.starts_with('>')
    }
}

/// The folds of `text`: sorted, apart from each other, at the bounds of lines.
pub fn fold(text: &str) -> Vec<Fold> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        lines.push(Line { start, text: line.trim_end_matches('\n') });
        start += line.len();
    }
    let end = lines.iter().rposition(|it| !it.blank()).map_or(0, |it| it + 1);
    let lines = &lines[..end];

    let mut found = Vec::new();
    let range = |kind, from: usize, to: usize| {
        let last = lines.get(to.wrapping_sub(1)).map_or(0, |it| it.start + it.text.len());
        let start = lines.get(from).map_or(last, |it| it.start);
        let bound = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
        Fold { kind, start: bound(start), end: bound(last) }
    };

    let mut own_end = end;
    match earlier(lines) {
        Some(Earlier::Passed { from, to }) => {
            found.push(range(FoldKind::Forward, from, to));
            own_end = from;
        }
        Some(Earlier::Quote { from }) => {
            found.push(range(FoldKind::Quote, from, end));
            own_end = from;
        }
        None => {
            // A quote above the answer leaves the signature at the very end; look for it before the quote's end.
            if let Some((from, to)) = trailing(lines, end) {
                found.push(range(FoldKind::Quote, from, to));
                own_end = from;
            }
        }
    }
    if let Some((from, to)) = signature(&lines[..own_end]) {
        found.push(range(FoldKind::Signature, from, to));
        if own_end == end
            && let Some((from, to)) = trailing(lines, from)
        {
            found.push(range(FoldKind::Quote, from, to));
        }
    }
    found.sort_by_key(|it| it.start);
    found.retain(|it| it.start < it.end);
    found
}

/// A whole earlier mail below the text.
enum Earlier {
    /// It is quoted, down to the end.
    Quote { from: usize },
    /// It is passed on: only its header lines are folded.
    Passed { from: usize, to: usize },
}

fn earlier(lines: &[Line<'_>]) -> Option<Earlier> {
    let last_quote = lines.iter().rposition(Line::quoted);
    for (at, line) in lines.iter().enumerate() {
        if line.quoted() || line.blank() {
            continue;
        }
        let words = line.text.trim().trim_matches(|it: char| matches!(it, '-' | '_' | '*' | ' ')).to_lowercase();
        let dashed = line.text.trim().starts_with(['-', '_', '*']);
        let named = |table: &[&str]| table.contains(&words.as_str()) && (dashed || words.ends_with(':'));
        if named(FORWARDED) {
            return Some(Earlier::Passed { from: at, to: header(lines, at + 1).unwrap_or(at + 1) });
        }
        if named(ORIGINAL) {
            return Some(Earlier::Quote { from: at });
        }
        let bar = words.is_empty() && dashed && line.text.trim().len() >= 5;
        let first = if bar { at + 1 } else { at };
        if let Some(to) = lines.get(first).filter(|it| begins(it.text, SENDER)).and_then(|_| header(lines, first)) {
            // With nothing of one's own above, it is a mail passed on.
            return Some(if lines[..at].iter().all(Line::blank) {
                Earlier::Passed { from: at, to }
            } else {
                Earlier::Quote { from: at }
            });
        }
        if let Some(behind) = attribution(lines, at) {
            let next = (behind..lines.len()).find(|it| !lines[*it].blank());
            let quotes = last_quote.is_some_and(|it| it >= behind);
            // Without a single marked line the program marks quotes in colour: all below is quoted.
            if next.is_some() && !quotes && (line.text.trim_end().ends_with(':') || behind > at + 1) {
                return Some(Earlier::Quote { from: at });
            }
        }
    }
    None
}

/// Where the header lines that start at `at` or behind blank lines end: at least a sender and two others.
fn header(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let first = (at..lines.len()).find(|it| !lines[*it].blank())?;
    let mut others = 0;
    let mut sender = false;
    let mut last = first;
    for (nth, line) in lines.iter().enumerate().skip(first).take(10) {
        if line.blank() {
            break;
        }
        if begins(line.text, SENDER) {
            sender = true;
        } else if begins(line.text, OTHERS) {
            others += 1;
        } else if nth > last + 1 {
            break;
        } else {
            continue;
        }
        last = nth;
    }
    (sender && others >= 2).then_some(last + 1)
}

fn begins(line: &str, names: &[&str]) -> bool {
    let line = line.trim_start_matches([' ', '*', '>']);
    let start: String = line.chars().take(20).flat_map(char::to_lowercase).filter(|it| *it != '*').collect();
    names.iter().any(|it| start.starts_with(it))
}

/// The line behind an introduction that starts at `at`; it may run over three lines.
fn attribution(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let first = lines.get(at)?.text.trim();
    if !ATTRIBUTIONS.iter().any(|it| first.starts_with(it.0)) {
        return None;
    }
    let mut whole = String::new();
    for (nth, line) in lines.iter().enumerate().skip(at).take(3) {
        if line.blank() || line.quoted() {
            return None;
        }
        if !whole.is_empty() {
            whole.push(' ');
        }
        whole.push_str(line.text.trim());
        let whole = whole.as_str();
        let dated = whole.len() <= 400 && whole.contains(|it: char| it.is_ascii_digit());
        let ends = ATTRIBUTIONS.iter().any(|(start, end)| whole.starts_with(start) && whole.ends_with(end))
            || whole.ends_with(':')
                && WROTE.iter().any(|(start, middle)| whole.starts_with(start) && whole.contains(middle));
        if dated && ends {
            return Some(nth + 1);
        }
    }
    None
}

/// The marked lines that end `lines[..end]`, with the introduction above them.
fn trailing(lines: &[Line<'_>], end: usize) -> Option<(usize, usize)> {
    let last = lines[..end].iter().rposition(|it| !it.blank())?;
    if !lines[last].quoted() {
        return None;
    }
    let mut from = last;
    while let Some(above) = from.checked_sub(1).filter(|it| lines[*it].quoted() || lines[*it].blank()) {
        from = above;
    }
    while lines[from].blank() {
        from += 1;
    }
    // The introduction, up to three lines that stand right above or behind one blank line.
    let above = lines[..from].iter().rposition(|it| !it.blank()).map_or(0, |it| it + 1);
    let start = (above.saturating_sub(3)..above).find(|it| attribution(lines, *it) == Some(above));
    Some((start.unwrap_or(from), last + 1))
}

/// The sender's card at the end of `lines`.
fn signature(lines: &[Line<'_>]) -> Option<(usize, usize)> {
    let end = lines.iter().rposition(|it| !it.blank())? + 1;
    let lines = &lines[..end];
    let low = end.saturating_sub(SIGNATURE + 1);
    let dashes = (low..end).rev().find(|it| matches!(lines[*it].text, "-- " | "--" | "--\u{a0}"));
    if let Some(at) = dashes
        && !lines[at..].iter().any(Line::quoted)
    {
        return Some((at, end));
    }
    let last = lines[end - 1].text.trim().to_lowercase();
    CARDS.iter().any(|it| last.starts_with(it) && last.len() < 80).then_some((end - 1, end))
}
