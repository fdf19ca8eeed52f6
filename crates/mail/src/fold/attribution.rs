//! Lines that introduce quoted words: "On … wrote:", in the languages and orders that programs write.

use std::borrow::Cow;
use std::cmp::Reverse;

use super::line::Line;
use crate::table::{Beginnings, Words, beginnings, words};

/// The lines of an introduction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Attribution {
    /// Its first line.
    pub(super) from: usize,
    /// The line behind its last.
    pub(super) to: usize,
    /// Whether it names when and who as only programs do: what follows is quoted even without marks.
    pub(super) sure: bool,
}

/// Lines that an introduction may run over.
const LINES: usize = 4;
/// Bytes of an introduction.
const LENGTH: usize = 400;

/// What is said of who wrote, in lower case.
static VERBS: Words = words!(&[
    "wrote",
    "writes",
    "schrieb",
    "schrieb am",
    "schrieben sie",
    "schriebst du",
    "vous avez écrit",
    "vous écriviez",
    "escribió usted",
    "u schreef",
    "lei ha scritto",
    "você escreveu",
    "geschrieben",
    "geschreven",
    "het volgende geschreven",
    "schreibt",
    "a écrit",
    "a ecrit",
    "écrivait",
    "escribió",
    "escribio",
    "schreef",
    "schreef op",
    "ha scritto",
    "scrive",
    "scriveva",
    "escreveu",
    "napisał",
    "napisała",
    "napisał(a)",
    "pisze",
    "skrev",
    "skrev den",
    "kirjoitti",
    "napsal",
    "napsal(a)",
    "írta",
    "wrote on",
    "написал",
    "пишет",
]);

/// How an introduction begins that gives the date first, in lower case.
static STARTS: Beginnings = beginnings!(&[
    "on ",
    "am ",
    "at ",
    "le ",
    "el ",
    "op ",
    "il ",
    "em ",
    "a ",
    "den ",
    "dnia ",
    "w dniu ",
    "no dia ",
    "in data ",
    "il giorno ",
    "às ",
    "em ",
    "på ",
    "pt., ",
    "pon., ",
    "wt., ",
    "śr., ",
    "czw., ",
    "sob., ",
    "niedz., ",
    "dne ",
]);

/// Other beginnings, after which only a name comes.
static QUOTING: Beginnings =
    beginnings!(&["quoting ", "zitat von ", "citando ", "citazione ", "citat från ", "citation de "]);

/// Words that a sentence has where an introduction has a name, in lower case.
static PROSE: Words = words!(&[
    "the",
    "our",
    "your",
    "my",
    "his",
    "her",
    "their",
    "an",
    "we",
    "i",
    "you",
    "he",
    "she",
    "they",
    "somebody",
    "someone",
    "der",
    "die",
    "das",
    "unser",
    "unsere",
    "ihr",
    "ihre",
    "mein",
    "meine",
    "wir",
    "ich",
    "sie",
    "er",
    "mir",
    "uns",
    "notre",
    "votre",
    "nous",
    "vous",
    "je",
    "nuestro",
    "nuestra",
    "yo",
    "nos",
    "onze",
    "ons",
    "uw",
    "ik",
    "wij",
    "mijn",
    "de monteur",
    "nostro",
    "nostra",
    "suo",
    "io",
    "mio",
    "nosso",
    "nossa",
    "eu",
    "meu",
    "which",
    "that",
    "who",
    "also",
    "already",
    "again",
]);

/// The introduction whose last line is `lines[at]`.
pub(super) fn attribution(lines: &[Line<'_>], at: usize) -> Option<Attribution> {
    let line = lines.get(at)?;
    if line.quoted() || line.text.len() > LENGTH {
        return None;
    }
    let end = line.text.trim_end_matches([' ', '*', '\u{a0}', '\t', '\r']);
    if !end.ends_with(':') && !end.ends_with("---") && !end.ends_with('\u{ff1a}') {
        // A phone of Yahoo begins the quote behind it.
        let intro = line.lower.find(":   ").and_then(|it| line.lower.get(..=it)).filter(|it| STARTS.start(it))?;
        let sure = judge(intro, intro).is_some_and(|it| it.1);
        return sure.then_some(Attribution { from: at, to: at + 1, sure });
    }
    // The longest that begins with a date goes first: a line that ends with a name may go on one that has the date.
    let mut found = None;
    let (mut whole, mut lower) = (Cow::Borrowed(""), Cow::Borrowed(""));
    for from in (at.saturating_sub(LINES - 1)..=at).rev() {
        let line = &lines[from];
        if line.blank() || line.quoted() || whole.len() + line.text.len() > LENGTH {
            break;
        }
        if from < at && line.text.trim_end().ends_with([':', '!', '?']) {
            break;
        }
        if whole.is_empty() {
            (whole, lower) = (line.inner.into(), line.lower.into());
        } else {
            whole = format!("{} {whole}", line.inner).into();
            lower = format!("{} {lower}", line.lower).into();
        }
        match judge(&whole, &lower) {
            Some((Form::Dated, sure)) => found = Some(Attribution { from, to: at + 1, sure }),
            Some((Form::Named, sure)) if found.is_none() && from + 1 >= at => {
                found = Some(Attribution { from, to: at + 1, sure });
            }
            _ => {}
        }
    }
    found
}

/// How an introduction begins.
enum Form {
    /// With the date.
    Dated,
    /// With a name.
    Named,
}

/// Whether `text`, which is `lower` in lower case, is an introduction as a whole, and whether only a program writes one
/// like it.
fn judge(text: &str, lower: &str) -> Option<(Form, bool)> {
    let fenced = text.starts_with("---") && text.ends_with("---");
    let stripped = text.trim_start_matches(['-', ' ', '*', '\u{a0}']);
    let lower = lower.trim_matches(['-', ' ']).trim_end_matches([':', '\u{ff1a}', ' ']);
    if lower.is_empty() || (!fenced && text.ends_with("---")) {
        return None;
    }
    if QUOTING.start(lower) {
        return Some((Form::Named, lower.contains('@')));
    }
    let address = address(lower);
    let time = time(lower);
    let date = date(lower);
    let start = STARTS.start(lower);
    let digit = lower.starts_with(|it: char| it.is_ascii_digit()) && date;
    // The first of the longest.
    let Some(verb) = VERBS.whole(lower).max_by_key(|it| (it.end - it.start, Reverse(it.start))) else {
        // "2026-11-23 10:00 GMT+01:00 Ann Lee <ann@a.example>:", without a verb.
        let dated = digit || lower.ends_with(']') && year(lower);
        return (dated && address && time && lower.ends_with(['>', ')', ']'])).then_some((Form::Dated, true));
    };
    let (before, behind) = (&lower[..verb.start], &lower[verb.end..]);
    // The verb ends it, or is followed by the name, or by the date.
    let ends = behind.trim().is_empty();
    if (start || digit) && lower.bytes().any(|it| it.is_ascii_digit()) {
        let named = if ends { before } else { behind };
        if !ends && (behind.trim().len() > 120 || !date) || !date && !address || prose(named) && !address {
            return None;
        }
        return Some((Form::Dated, address || date && time && year(lower)));
    }
    if !stripped
        .starts_with(|it: char| it.is_uppercase() || matches!(it, '"' | '\'' | '<' | '(') || it.is_ascii_digit())
        && !address
    {
        return None;
    }
    let name = before.trim().trim_end_matches(" hat").trim();
    let words = name.split_whitespace().count();
    // "Monday, November 23, 2026, 10:12:33 AM, you wrote:", as The Bat! does.
    if ends && name.ends_with(", you") && date && time && year(lower) {
        return Some((Form::Dated, true));
    }
    if words == 0 || words > 14 || prose(name) || name.contains(". ") && !date && !address {
        return None;
    }
    if ends {
        // "Ann Lee wrote:", "Ann Lee hat am 23.11.2026 geschrieben:", "Ann Lee <a@a.example> ha scritto:".
        let sure = address && (date || time) || date && time && year(lower);
        return (sure || address || date || words <= 4 && capital(stripped, name)).then_some((Form::Named, sure));
    }
    // "Ann Lee schrieb am 23.11.2026 um 10:00:"
    let dated = date && behind.trim().len() <= 60;
    dated.then_some((Form::Named, address || time && year(lower)))
}

/// Whether `name` has words that no name has.
fn prose(name: &str) -> bool {
    PROSE.whole(name).any(|it| !alone(name, &name[it.start..it.end]))
}

/// Whether `word` stands in `name` only as an initial, as the beginning, or as half of the day ("a.m.").
fn alone(name: &str, word: &str) -> bool {
    word.len() == 1 && (name.starts_with(word) || name.contains(&format!("{word}.")))
}

/// Whether every word of a bare name has a capital, but for what stands between names.
fn capital(text: &str, name: &str) -> bool {
    text.split_whitespace().take(name.split_whitespace().count()).all(|it| {
        it.starts_with(|it: char| it.is_uppercase() || !it.is_alphabetic())
            || matches!(it, "von" | "van" | "de" | "der" | "den" | "du" | "da" | "di" | "la" | "dos" | "zu")
    })
}

fn address(text: &str) -> bool {
    text.split_whitespace()
        .any(|it| it.find('@').is_some_and(|at| at > 0 && it[at + 1..].contains('.') && it.len() >= 6))
        || text.contains("[mailto:")
}

/// Whether a time of day stands in it: 10:05, 10.05, 10h05.
fn time(text: &str) -> bool {
    let bytes = text.as_bytes();
    (1..bytes.len().saturating_sub(2)).any(|at| {
        matches!(bytes[at], b':' | b'.' | b'h')
            && bytes[at - 1].is_ascii_digit()
            && bytes[at + 1].is_ascii_digit()
            && bytes[at + 2].is_ascii_digit()
            && !bytes.get(at + 3).is_some_and(u8::is_ascii_digit)
    })
}

/// Whether a number of four digits that is a year stands in it, or a date like 23.11.26.
fn year(text: &str) -> bool {
    let numbers = || text.split(|it: char| !it.is_ascii_digit());
    numbers().any(|it| it.len() == 4 && (it.starts_with("19") || it.starts_with("20")))
        || text.split_whitespace().any(|it| {
            let it = it.trim_matches([',', ';', '(', ')']);
            let parts: Vec<&str> = it.split(['.', '/', '-']).collect();
            parts.len() == 3 && parts.iter().all(|it| it.len() == 2 && it.bytes().all(|it| it.is_ascii_digit()))
        })
}

/// Whether it has a date: a year, or a day with its month.
fn date(text: &str) -> bool {
    static MONTHS: Beginnings = beginnings!(&[
        "jan", "feb", "fév", "mar", "mär", "mrt", "apr", "avr", "abr", "may", "mai", "mei", "mag", "maj", "jun", "jui",
        "giu", "cze", "jul", "lug", "lip", "aug", "aoû", "ago", "sep", "set", "wrz", "oct", "okt", "ott", "out", "paź",
        "nov", "lis", "dec", "dez", "déc", "dic", "gen", "ene", "sty", "lut", "kwi", "gru",
    ]);
    if year(text) {
        return true;
    }
    let digit = |it: &str| it.starts_with(|it: char| it.is_ascii_digit());
    let mut words = text.split([' ', ',']).filter(|it| !it.is_empty()).peekable();
    while let Some(word) = words.next() {
        let Some(next) = words.peek() else { break };
        if digit(word) && MONTHS.start(next) || digit(next) && MONTHS.start(word) {
            return true;
        }
    }
    // "23.11." and "23/11"
    text.split_whitespace().any(|it| {
        let mut parts = it.split(['.', '/']);
        let short = |it: Option<&str>| {
            it.is_some_and(|it| matches!(it.len(), 1 | 2) && it.bytes().all(|it| it.is_ascii_digit()))
        };
        short(parts.next()) && short(parts.next()) && parts.next().is_some()
    })
}
