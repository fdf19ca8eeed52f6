//! The part of a report that is written for programs (RFC 3464 §2): groups of fields, one for each recipient.

use domain::Email;

use super::{Found, READ};
use crate::decode;
use crate::limits::REPORTED;
use crate::read::File;

/// Of the parts that are such a report.
pub(super) fn of_files(files: &[File]) -> Vec<Found> {
    let is =
        |it: &&File| matches!(it.media_type.as_str(), "message/delivery-status" | "message/global-delivery-status");
    let mut found = Vec::new();
    for file in files.iter().filter(is).take(4) {
        found.extend(groups(&file_text(file)));
    }
    found
}

/// Of a text, or of a file, that has its fields without saying so.
pub(super) fn of_text(text: &str, files: &[File]) -> Vec<Found> {
    let like = |it: &str| {
        let has = |name: &str| it.lines().any(|it| field(it).is_some_and(|it| it.0 == name));
        has("final-recipient") && (has("action") || has("status"))
    };
    if like(text) {
        let start = text.lines().position(|it| {
            field(it)
                .is_some_and(|it| matches!(it.0.as_str(), "reporting-mta" | "final-recipient" | "original-recipient"))
        });
        let rest: Vec<&str> = text.lines().skip(start.unwrap_or(0)).take(2_000).collect();
        return groups(&rest.join("\n"));
    }
    let named = |it: &File| it.name.rsplit_once('.').is_some_and(|it| it.1.eq_ignore_ascii_case("txt"));
    let texts = files.iter().filter(|it| it.media_type.starts_with("text/") || named(it)).take(4);
    texts.map(file_text).find(|it| like(it)).map(|it| groups(&it)).unwrap_or_default()
}

fn file_text(file: &File) -> String {
    let start = &file.bytes[..file.bytes.len().min(READ)];
    decode::text(start.into(), Some("utf-8")).into_owned()
}

/// The name of a field in lower case, and its value.
fn field(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim_start_matches(['>', ' ']).trim_end();
    let sound = !name.is_empty() && name.len() <= 60 && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
    sound.then(|| (name.to_ascii_lowercase(), value.trim()))
}

/// One group as it grows.
#[derive(Default)]
struct Group {
    original: Option<String>,
    last: Option<String>,
    action: Option<String>,
    status: Option<String>,
    said: Option<String>,
    server: Option<String>,
}

impl Group {
    /// The place of a field in it, if it is one of its fields.
    fn slot(&mut self, name: &str) -> Option<&mut Option<String>> {
        Some(match name {
            "original-recipient" => &mut self.original,
            "final-recipient" => &mut self.last,
            "action" => &mut self.action,
            "status" => &mut self.status,
            "diagnostic-code" | "x-smtp-diagnostic" | "x-display-diagnostic" => &mut self.said,
            "remote-mta" => &mut self.server,
            _ => return None,
        })
    }

    fn names_somebody(&self) -> bool {
        self.original.is_some() || self.last.is_some()
    }

    fn found(self) -> Option<Found> {
        if !self.names_somebody() && self.action.is_none() && self.status.is_none() {
            return None;
        }
        // The address that we had written comes before what a server made of it.
        let address = self.original.as_deref().and_then(address).or_else(|| self.last.as_deref().and_then(address));
        let said = self.said.map(|it| typed(&it).to_owned()).unwrap_or_default();
        let action = self.action.and_then(|it| it.split([' ', '(', ';']).next().map(str::to_ascii_lowercase));
        Some(Found { address, action, status: self.status, said })
    }
}

/// The groups in `text`. Blank lines part them, yet some servers leave them out or put too many: a group ends where a field
/// of its own comes again.
fn groups(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut group = Group::default();
    let mut fresh = false;
    let mut last: Option<String> = None;
    for line in text.lines() {
        if line.trim().is_empty() {
            fresh = true;
            last = None;
            continue;
        }
        if line.starts_with([' ', '\t']) {
            if let Some(slot) = last.as_ref().and_then(|name| group.slot(name))
                && let Some(value) = slot
                && value.len() < 4_000
            {
                value.push(' ');
                value.push_str(line.trim());
            }
            continue;
        }
        let Some((name, value)) = field(line) else {
            last = None;
            continue;
        };
        let recipient = matches!(name.as_str(), "final-recipient" | "original-recipient");
        let again = group.slot(&name).is_some_and(|it| it.is_some());
        let counts = matches!(name.as_str(), "final-recipient" | "original-recipient" | "action" | "status");
        let next = again && counts && (recipient || fresh) || fresh && recipient && group.names_somebody();
        if next {
            found.extend(std::mem::take(&mut group).found());
            if found.len() >= REPORTED {
                return found;
            }
        }
        fresh = fresh && group.slot(&name).is_none();
        if let Some(slot) = group.slot(&name)
            && slot.is_none()
        {
            *slot = Some(super::cut(value, 4_000).to_owned());
            last = Some(name);
        } else {
            last = None;
        }
    }
    found.extend(group.found());
    // A status for the whole mail, which names nobody, says nothing where others do.
    if found.iter().any(|it| it.address.is_some()) {
        found.retain(|it| it.address.is_some());
    }
    found
}

/// A value without its type: `smtp; 550 no` is `550 no`.
fn typed(value: &str) -> &str {
    match value.split_once(';') {
        Some((kind, rest))
            if kind.len() <= 24 && kind.trim().bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-') =>
        {
            rest.trim()
        }
        _ => value.trim(),
    }
}

/// The address in a recipient field: of any type, in brackets or not, escaped or not.
fn address(value: &str) -> Option<Email> {
    let value = typed(value);
    let value = value.rsplit_once('<').map_or(value, |it| it.1);
    let value = value.split(['>', ' ', '(']).next().unwrap_or_default().trim_matches(['"', '\'', ',']);
    if value.len() > 1_000 {
        return None;
    }
    Email::parse(&unescaped(value)).or_else(|| Email::parse(value))
}

/// `\x{e4}` as the character (RFC 6533 §3), and `+40` where the `@` is written so (RFC 3461 §4).
fn unescaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find("\\x{") {
        let code = rest[at + 3..].split_once('}');
        let Some((it, tail)) = code
            .and_then(|(hex, tail)| u32::from_str_radix(hex, 16).ok().and_then(char::from_u32).map(|it| (it, tail)))
        else {
            break;
        };
        out.push_str(&rest[..at]);
        out.push(it);
        rest = tail;
    }
    out.push_str(rest);
    if out.contains('@') { out } else { out.replace("+40", "@") }
}
