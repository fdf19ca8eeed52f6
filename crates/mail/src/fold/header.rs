//! Header lines that programs write above an earlier mail, and the lines that announce it.

use super::field::{Field, field};
use super::line::{Line, bar, spelled};
use crate::table::{Beginnings, beginnings};

/// Words above a whole earlier mail, without their dashes.
const ORIGINAL: &[&str] = &[
    "original message",
    "original appointment",
    "original email",
    "please type your reply above this line",
    "please reply above this line",
    "reply above this line",
    "bitte antworten sie oberhalb dieser linie",
    "reply message",
    "ursprüngliche nachricht",
    "originalnachricht",
    "original-nachricht",
    "originalmeldung",
    "ursprünglicher termin",
    "message d'origine",
    "message original",
    "message initial",
    "mensaje original",
    "oorspronkelijk bericht",
    "origineel bericht",
    "messaggio originale",
    "messaggio originario",
    "mensagem original",
    "oryginalna wiadomość",
    "wiadomość oryginalna",
    "wiadomość pierwotna",
    "originalmeddelande",
    "ursprungligt meddelande",
    "oprindelig meddelelse",
    "oprindelig besked",
    "opprinnelig melding",
];

/// Words above a mail that is passed on, without their dashes and colon.
const FORWARDED: &[&str] = &[
    "forwarded message",
    "forwarded email",
    "forwarded mail",
    "begin forwarded message",
    "start of forwarded message",
    "weitergeleitete nachricht",
    "weitergeleitete e-mail",
    "weitergeleitete mail",
    "anfang der weitergeleiteten nachricht",
    "anfang der weitergeleiteten e-mail",
    "beginn der weitergeleiteten nachricht",
    "message transféré",
    "message transmis",
    "message réexpédié",
    "courriel transféré",
    "mail transféré",
    "e-mail transféré",
    "début du message transféré",
    "début du message réexpédié",
    "mensaje reenviado",
    "inicio del mensaje reenviado",
    "comienzo del mensaje reenviado",
    "mensaje remitido",
    "doorgestuurd bericht",
    "doorgestuurde bericht",
    "begin doorgestuurd bericht",
    "begin van doorgestuurd bericht",
    "messaggio inoltrato",
    "inizio messaggio inoltrato",
    "inizio del messaggio inoltrato",
    "mensagem encaminhada",
    "mensagem reencaminhada",
    "mensagem reenviada",
    "início da mensagem encaminhada",
    "início da mensagem reencaminhada",
    "início da mensagem reenviada",
    "início de mensagem encaminhada",
    "wiadomość przekazana",
    "przekazana wiadomość",
    "wiadomość przekazana dalej",
    "treść przekazanej wiadomości",
    "początek przekazywanej wiadomości",
    "vidarebefordrat meddelande",
    "vidarebefordrat brev",
    "vidarebefordrat mejl",
    "videresendt besked",
    "videresendt meddelelse",
    "start på videresendt besked",
    "videresendt melding",
];

/// How the words begin that also name who passed it on, and when.
const FORWARDED_BY: &[&str] = &[
    "forwarded by ",
    "weitergeleitet von ",
    "transféré par ",
    "reenviado por ",
    "doorgestuurd door ",
    "inoltrato da ",
    "encaminhado por ",
];

/// What announces an earlier mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Original,
    Forwarded,
}

/// Whether `text` announces a whole earlier mail, whatever follows.
pub(crate) fn announces(text: &str) -> bool {
    text.len() <= 160 && ORIGINAL.contains(&spelled(text.trim_matches(|it| matches!(it, '-' | ' '))).as_str())
}

/// Parts of words that announce one or the other in between dashes, if header lines follow.
const STEMS: &[(&str, Mark)] = &[
    ("forward", Mark::Forwarded),
    ("weitergeleitet", Mark::Forwarded),
    ("transféré", Mark::Forwarded),
    ("réexpédié", Mark::Forwarded),
    ("reenviad", Mark::Forwarded),
    ("doorgestuurd", Mark::Forwarded),
    ("inoltrat", Mark::Forwarded),
    ("encaminhad", Mark::Forwarded),
    ("przekaz", Mark::Forwarded),
    ("vidarebefordra", Mark::Forwarded),
    ("videresend", Mark::Forwarded),
    ("original", Mark::Original),
    ("origine", Mark::Original),
    ("ursprünglich", Mark::Original),
    ("oorspronkelijk", Mark::Original),
    ("oryginaln", Mark::Original),
    ("oprindelig", Mark::Original),
];

/// What `lines[at]` announces.
pub(super) fn mark(lines: &[Line<'_>], at: usize) -> Option<Mark> {
    let text = lines.get(at)?.inner;
    if text.len() > 160 || text.len() < 12 {
        return None;
    }
    let fence = |it: char| matches!(it, '-' | '_' | '=' | '*' | '\u{2014}' | '\u{2013}' | '#');
    let dashed = text.starts_with(fence);
    if !dashed && !text.ends_with([':', '*']) {
        return None;
    }
    let words = text.trim_matches(|it| fence(it) || matches!(it, ':' | ' ' | '\u{a0}' | '\u{202f}' | '>' | '|'));
    let words = spelled(words);
    if FORWARDED.contains(&words.as_str()) {
        // A comment in a program begins like this.
        return (!text.starts_with("# ")).then_some(Mark::Forwarded);
    }
    if !dashed {
        return None;
    }
    if ORIGINAL.contains(&words.as_str()) {
        return Some(Mark::Original);
    }
    if !text.ends_with(fence) {
        return None;
    }
    if FORWARDED_BY.iter().any(|it| words.starts_with(it)) {
        return Some(Mark::Forwarded);
    }
    let stem = STEMS.iter().find(|it| words.contains(it.0)).filter(|_| words.len() <= 60)?;
    header(lines, at + 1, true).map(|_| stem.1)
}

/// Whether `text` says that an answer is written above it, as ticket systems do: no header need follow.
pub(super) fn marks_place(text: &str) -> bool {
    let text = spelled(text);
    text.contains("above this line") || text.contains("oberhalb dieser linie")
}

/// Header lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// The first of them.
    pub(super) from: usize,
    /// The line behind the last.
    pub(super) to: usize,
}

/// The header lines that start at `at`, or behind blank lines if `marked`, which says that a line above announces them:
/// then fewer are enough.
pub(super) fn header(lines: &[Line<'_>], at: usize, marked: bool) -> Option<Header> {
    let depth = lines.get(at)?.depth;
    let first = if marked {
        (at..lines.len().min(at + 4)).find(|it| !lines[*it].empty && lines[*it].depth == depth)?
    } else {
        at
    };
    field(lines[first].inner)?;
    let mut seen = [false; 7];
    let (mut address, mut dated, mut ordered) = (false, false, false);
    let mut last = first;
    for (nth, line) in lines.iter().enumerate().skip(first).take(24) {
        if line.depth != depth {
            break;
        }
        if line.empty {
            // Some programs put an empty line between the lines of a header.
            let next = lines.get(nth + 1).filter(|it| it.depth == depth);
            if nth == last + 1 && !complete(seen) && next.is_some_and(|it| field(it.inner).is_some()) {
                continue;
            }
            break;
        }
        if let Some((field, value)) = field(line.inner) {
            if field == Field::From && seen[Field::From as usize] {
                break;
            }
            // The order of Outlook, which may leave out the rest.
            ordered |= field == Field::Sent && last == first && seen[Field::From as usize];
            seen[field as usize] = true;
            address |= matches!(field, Field::From | Field::To) && value.contains('@');
            dated |= field == Field::Sent || field == Field::Date && moment(value);
            last = nth;
        } else if nth - last > 3 || !goes_on(line, lines, last) {
            // What goes on is a list of receivers, or a subject, that did not fit its line.
            break;
        }
    }
    // What follows the last name and goes on it.
    let mut to = last + 1;
    while to < lines.len() && to <= last + 3 && lines[to].depth == depth && !lines[to].empty && continues(&lines[to]) {
        to += 1;
    }
    let has = |it: Field| seen[it as usize];
    let others = [Field::Sent, Field::Date, Field::To, Field::Subject].iter().filter(|it| has(**it)).count();
    let sound = if marked {
        has(Field::From) && others >= 1
    } else {
        // Lists and settings have some of these names, too; they hardly say when, to the minute, and go on what is above.
        let named = has(Field::Subject) || address || ordered;
        let apart =
            first.checked_sub(1).is_none_or(|it| lines[it].empty || lines[it].depth != depth || ruled(&lines[it]));
        has(Field::From) && others >= 2 && dated && named && (apart || has(Field::Sent)) && !logged(lines, first, to)
    };
    sound.then_some(Header { from: first, to })
}

/// Whether a value says a day and a time of it: that takes four numbers.
fn moment(value: &str) -> bool {
    value.split(|it: char| !it.is_ascii_digit()).filter(|it| !it.is_empty()).count() >= 4
}

/// Whether `lines[first..to]` are part of a header as servers write it, which somebody shows.
fn logged(lines: &[Line<'_>], first: usize, to: usize) -> bool {
    static SERVERS: Beginnings = beginnings!(&[
        "received:",
        "return-path:",
        "delivered-to:",
        "envelope-to:",
        "message-id:",
        "mime-version:",
        "content-type:",
        "dkim-signature:",
        "authentication-results:",
        "in-reply-to:",
        "references:",
        "x-",
    ]);
    let by_server = |it: &&Line<'_>| SERVERS.start(it.lower);
    let whole = |it: &&Line<'_>| !it.empty;
    let above = lines[..first].iter().rev().take(24).take_while(whole).any(|it| by_server(&it));
    above || lines[first..].iter().take(to - first + 4).take_while(whole).any(|it| by_server(&it))
}

fn complete(seen: [bool; 7]) -> bool {
    seen[Field::From as usize] && seen[Field::Subject as usize] && seen[Field::To as usize]
}

/// Whether a line without a name belongs to the one above it: another one with a name must follow.
fn goes_on(line: &Line<'_>, lines: &[Line<'_>], last: usize) -> bool {
    let above = field(lines[last].inner);
    let follows = lines.iter().skip(last + 2).take(3).any(|it| it.depth == line.depth && field(it.inner).is_some());
    follows && above.is_some_and(|it| it.0 != Field::Other) && line.inner.len() <= 200
}

/// Whether a line is the rest of a list of addresses.
fn continues(line: &Line<'_>) -> bool {
    let text = line.inner;
    text.contains('@')
        && (text.ends_with(['>', ';', ',']) || line.text.starts_with([' ', '\t']))
        && text.contains('<')
        && !text.ends_with(':')
}

/// Whether a line is the one that Notes writes above a header: name, date and first words, with dashes between.
fn summed_up(text: &str) -> bool {
    let mut parts = text.splitn(3, "---");
    let (name, date) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    !name.is_empty() && parts.next().is_some() && date.starts_with(|it: char| it.is_ascii_digit()) && date.len() <= 30
}

/// Whether a line parts what is below it from what is above.
fn ruled(line: &Line<'_>) -> bool {
    bar(line.inner) || summed_up(line.inner)
}

/// Where the rules above `at` start, behind blank lines too.
pub(super) fn under_bar(lines: &[Line<'_>], at: usize) -> usize {
    let depth = lines[at].depth;
    let above = (at.saturating_sub(2)..at).rev().find(|it| !lines[*it].empty);
    above.filter(|it| lines[*it].depth == depth && ruled(&lines[*it])).unwrap_or(at)
}
