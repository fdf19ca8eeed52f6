//! A mail that passes another one on: whose words it carries.
//!
//! Read from what the sender's program wrote, so it is worth as much as the sender: whoever acts on it must trust them.

use domain::{Email, Party};

use crate::clean::label;
use crate::fold::{Field, Passed, Subject, field, lines, spelled};
use crate::header::Head;
use crate::limits::{ADDRESSES, HEAD};
use crate::read::File;

/// How a subject begins that passes a mail on, in lower case, without its colon.
const PASSES: &[&str] = &[
    "fw",
    "fwd",
    "wg",
    "tr",
    "rv",
    "i",
    "enc",
    "doorst",
    "doorgest",
    "doorgestuurd",
    "fs",
    "pd",
    "vb",
    "vs",
    "vl",
    "tr.",
    "fwd.",
    "weitergeleitet",
    "transf",
    "transféré",
    "reenv",
    "reenviado",
    "inoltro",
    "encaminhado",
];
/// How one begins that answers.
const ANSWERS: &[&str] = &[
    "re", "aw", "antw", "antwort", "sv", "rif", "r", "res", "odp", "ré", "réf", "rép", "ref", "betr", "bls", "vá",
    "ynt", "回复",
];

/// The mail that a mail passes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// Who wrote it, as the header above its words says.
    pub from: Party,
    /// To whom.
    pub to: Vec<Party>,
    /// Its subject as one line; empty if it is not said.
    pub subject: String,
    /// When it was sent, as it is written there, in whatever language; empty if it is not said.
    pub date: String,
    /// Where it is.
    pub place: Place,
}

/// Where the words of a mail that is passed on are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the text, from this byte on.
    Text(u32),
    /// In the file of this index: a whole mail (RFC 2046 §5.2.1), which [`crate::read()`] reads.
    File(usize),
}

/// What a subject says about the mails below the text.
pub(crate) fn subject(text: &str) -> Subject {
    let text = text.trim_start_matches(['[', ' ']);
    let Some((prefix, _)) = text.split_once([':', '\u{ff1a}']) else { return Subject::Silent };
    if prefix.len() > 24 {
        return Subject::Silent;
    }
    // Some programs count: "Re[2]:", "AW (3):".
    let prefix = prefix.split(['[', '(']).next().unwrap_or_default().trim().to_lowercase();
    if PASSES.contains(&prefix.as_str()) {
        Subject::PassesOn
    } else if ANSWERS.contains(&prefix.as_str()) {
        Subject::Answers
    } else {
        Subject::Silent
    }
}

/// The mail whose header lines stand in `text`.
pub(crate) fn inline(text: &str, passed: Passed) -> Option<Original> {
    let head = text.get(passed.head.0..passed.head.1)?;
    let mut original = Original {
        from: Party { name: String::new(), address: None },
        to: Vec::new(),
        subject: String::new(),
        date: String::new(),
        place: Place::Text(u32::try_from(passed.start).ok()?),
    };
    // A value goes on where the next line has no name.
    let mut values: Vec<(Field, String)> = Vec::new();
    for line in lines(head, &spelled(head)) {
        match (field(line.inner), values.last_mut()) {
            (Some((field, value)), _) => values.push((field, value.to_owned())),
            (None, Some(last)) if !line.empty => {
                last.1.push(' ');
                last.1.push_str(line.inner);
            }
            _ => {}
        }
    }
    for (field, value) in &values {
        match field {
            Field::From => original.from = parties(value).into_iter().next()?,
            Field::To => original.to = parties(value),
            Field::Subject => original.subject = label(value),
            Field::Sent | Field::Date => original.date = label(value),
            Field::Cc | Field::Other => {}
        }
    }
    (original.from.address.is_some() || !original.from.name.is_empty()).then_some(original)
}

/// The mail that is the only one among `files`.
pub(crate) fn attached(files: &[File]) -> Option<Original> {
    let mut mails = files.iter().enumerate().filter(|it| it.1.media_type == "message/rfc822");
    let (index, file) = mails.next()?;
    if mails.next().is_some() {
        return None;
    }
    let bytes = file.bytes.get(..HEAD).unwrap_or(&file.bytes);
    let start = bytes.iter().take_while(|it| it.is_ascii_whitespace()).count();
    let bytes = &bytes[start..];
    let end = [&b"\n\n"[..], b"\n\r\n"].iter().filter_map(|it| memchr::memmem::find(bytes, it)).min();
    let head = Head::parse(&bytes[..end.map_or(bytes.len(), |it| it + 1)]).ok()?;
    Some(Original {
        from: head.mailboxes("From").into_iter().find(|it| it.address.is_some())?,
        to: head.mailboxes("To"),
        subject: head.text("Subject").unwrap_or_default(),
        date: head.plain("Date").unwrap_or_default(),
        place: Place::File(index),
    })
}

/// The people in a list as programs write it for people: `Ann Lee <ann@a.example>; bob@a.example [mailto:bob@a.example]`.
fn parties(list: &str) -> Vec<Party> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut address = false;
    for (at, it) in list.char_indices() {
        address |= it == '@';
        // A comma may stand in a name: "Lee, Ann <ann@a.example>".
        if it == ';' || it == ',' && address {
            found.extend(party(&list[start..at]));
            start = at + it.len_utf8();
            address = false;
        }
        if found.len() == ADDRESSES {
            return found;
        }
    }
    found.extend(party(&list[start..]));
    found
}

fn party(text: &str) -> Option<Party> {
    let mark = |it: char| {
        matches!(
            it,
            '*' | '<' | '>' | '[' | ']' | '(' | ')' | '"' | '\'' | ' ' | ',' | '\u{a0}' | '\u{2019}' | '\u{2018}'
        )
    };
    let address = text.split(mark).filter(|it| it.contains('@')).find_map(|it| {
        let it = it.strip_prefix("mailto:").or_else(|| it.strip_prefix("smtp:")).unwrap_or(it);
        Email::parse(it.trim_end_matches(['.', ':', ';']))
    });
    let name = text.split(['<', '[']).next().unwrap_or_default();
    // Some programs put the address, some the department in brackets.
    let name = name.split_once('(').filter(|it| it.1.contains('@')).map_or(name, |it| it.0);
    let name = name.trim_matches(|it: char| mark(it) && !matches!(it, '(' | ')'));
    let name = label(name);
    let name = if name.contains('@') { String::new() } else { name };
    (address.is_some() || !name.is_empty()).then_some(Party { name, address })
}
