//! The fields of a header (RFC 5322 §2.2), and what is in them.
//!
//! The fields are told apart here, so that each value reaches mail-parser alone and of bounded length: its encoded words
//! cost more than linear time.

use domain::Email;
use mail_parser::DateTime;
use mail_parser::parsers::MessageStream;

use crate::address;
use crate::clean::label;
use crate::decode::{self, windows_1252};
use crate::limits::{ADDRESSES, FIELDS, REFERENCES, Unreadable};
use crate::parameter::Content;
use crate::read::Mailbox;
use crate::words::decoded_words;

/// Bytes of a subject, or of a value with parameters, that are read.
const VALUE: usize = 2 << 10;
/// Bytes of a list of addresses that are read.
const LIST: usize = 32 << 10;
/// Encoded words in a value; of one with more, only [`VALUE`] bytes are read: one that does not end costs a look at all
/// that follows.
const ENCODED: usize = 1_000;
/// Bytes of one id.
const ID: usize = 900;

/// One field, with its line end.
#[derive(Debug)]
struct Field<'a> {
    name: &'a [u8],
    value: &'a [u8],
}

/// The fields of one header, top first.
#[derive(Debug, Default)]
pub(crate) struct Head<'a>(Vec<Field<'a>>);

impl<'a> Head<'a> {
    /// The fields in `block`; lines that are none are passed over.
    pub(crate) fn parse(block: &'a [u8]) -> Result<Head<'a>, Unreadable> {
        let mut fields: Vec<Field<'a>> = Vec::with_capacity(24);
        let mut at = 0;
        let mut start = None;
        while at < block.len() {
            let end = memchr::memchr(b'\n', &block[at..]).map_or(block.len(), |it| at + it + 1);
            let line = &block[at..end];
            if matches!(line.first(), Some(b' ' | b'\t')) {
                if let (Some(start), Some(field)) = (start, fields.last_mut()) {
                    field.value = &block[start..end];
                }
            } else if let Some((name, value)) = named(line) {
                if fields.len() == FIELDS {
                    return Err(Unreadable::TooManyFields);
                }
                start = Some(end - value.len());
                fields.push(Field { name, value });
            } else {
                start = None;
            }
            at = end;
        }
        Ok(Head(fields))
    }

    /// Whether there is no field at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The raw values of every field of this name, top first.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        let name = name.as_bytes();
        // Nearly all others differ in length, or in this.
        let begins = name.first().map(u8::to_ascii_lowercase);
        let named = move |it: &&Field<'a>| {
            it.name.len() == name.len()
                && it.name.first().map(u8::to_ascii_lowercase) == begins
                && it.name.eq_ignore_ascii_case(name)
        };
        self.0.iter().filter(named).map(|it| it.value)
    }

    /// The topmost of them.
    pub(crate) fn first(&self, name: &str) -> Option<&'a [u8]> {
        self.all(name).next()
    }

    /// The topmost value as one line, nothing decoded.
    pub(crate) fn plain(&self, name: &str) -> Option<String> {
        self.first(name).map(plain)
    }

    /// The topmost value with its encoded words decoded (RFC 2047).
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let value = self.first(name)?;
        let value = start(value, VALUE * 4);
        Some(label(&decoded_words(&unfolded(value))))
    }

    /// The mailboxes of every field of this name.
    pub(crate) fn mailboxes(&self, name: &str) -> Vec<Mailbox> {
        let mut found = Vec::new();
        for value in self.all(name).take(4) {
            found.append(&mut address::mailboxes(&line(value, LIST), ADDRESSES.saturating_sub(found.len())));
        }
        found
    }

    /// The first address that stands in a field of this name, in whatever form, and the words before it. For a field that
    /// has no mailbox as the standard wants it: nobody can count on what is found.
    pub(crate) fn any_mailbox(&self, name: &str) -> Option<Mailbox> {
        self.all(name).take(4).find_map(|value| {
            let text = decoded_words(&unfolded(&value[..value.len().min(VALUE)])).replace(" @ ", "@");
            let part = |it: char| it.is_whitespace() || "<>\"'()[]:;,".contains(it);
            text.split(part).find_map(|word| {
                let address = Email::parse(word.trim_matches('.')).filter(|_| word.contains('@'))?;
                let before = text.split_once(word).map_or("", |it| it.0);
                let before = before.trim_end_matches(|it: char| part(it)).trim_start_matches(part);
                let before = if before.contains('@') || before.eq_ignore_ascii_case("mailto") { "" } else { before };
                Some(Mailbox { name: label(before), address: Some(address) })
            })
        })
    }

    /// The ids of the topmost field of this name, with brackets (RFC 5322 §3.6.4).
    pub(crate) fn ids(&self, name: &str) -> Vec<String> {
        self.first(name).map(ids).unwrap_or_default()
    }

    /// The instant in the Date field, in microseconds UTC.
    pub(crate) fn date(&self) -> Option<i64> {
        let value = self.first("Date")?;
        let read = |value: &[u8]| {
            let date = parsed(value, VALUE, |mut it| it.parse_date().into_datetime())?;
            if date.is_valid() { date.to_timestamp().checked_mul(1_000_000) } else { None }
        };
        read(value).or_else(|| {
            let text = plain(value);
            // The form of RFC 3339, that of C's asctime, and one without a zone, which counts as UTC.
            if let Some(date) = mail_parser::DateTime::parse_rfc3339(text.trim()).filter(DateTime::is_valid) {
                return date.to_timestamp().checked_mul(1_000_000);
            }
            let words: Vec<&str> = text.split(' ').collect();
            if let [_, month, day, time, year] = words[..]
                && year.bytes().all(|it| it.is_ascii_digit())
            {
                return read(format!("{day} {month} {year} {time} +0000").as_bytes());
            }
            let bare = text.len() < 40 && text.matches(':').count() >= 1 && !text.contains(['+', '(']);
            read(format!("{text} +0000").as_bytes()).filter(|_| bare)
        })
    }

    /// The values with parameters (RFC 2045 §5.1, RFC 2183, RFC 2231) of every field of this name, top first.
    pub(crate) fn contents(&self, name: &str) -> impl Iterator<Item = Content> {
        self.all(name).take(4).map(|it| Content::of(&line(it, VALUE)))
    }
}

pub(crate) fn named(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = memchr::memchr(b':', line)?;
    let name = line[..colon].trim_ascii();
    let sound = !name.is_empty() && name.len() <= 100 && name.iter().all(u8::is_ascii_graphic);
    sound.then(|| (name, &line[colon + 1..]))
}

/// At most `limit` bytes of `value`; no more than [`VALUE`] of one that has more than [`ENCODED`] encoded words.
fn start(value: &[u8], limit: usize) -> &[u8] {
    let encoded = value.len() > VALUE && memchr::memmem::find_iter(value, b"=?").nth(ENCODED).is_some();
    &value[..value.len().min(if encoded { VALUE } else { limit })]
}

/// What `read` finds in at most `limit` bytes of `value`, which it gets as UTF-8 and with a line end.
fn parsed<T>(value: &[u8], limit: usize, read: impl FnOnce(MessageStream<'_>) -> T) -> T {
    let start = start(value, limit);
    let sound = memchr::memchr(0, value).is_none();
    if sound && value.len() == start.len() && value.ends_with(b"\n") && std::str::from_utf8(value).is_ok() {
        return read(MessageStream::new(value));
    }
    let mut whole = match std::str::from_utf8(start) {
        Ok(_) => start.to_vec(),
        // Cut inside a character.
        Err(error) if error.error_len().is_none() => start[..error.valid_up_to()].to_vec(),
        Err(_) => windows_1252(start).into_bytes(),
    };
    whole.retain(|it| *it != 0);
    while whole.last().is_some_and(u8::is_ascii_whitespace) {
        whole.pop();
    }
    whole.push(b'\n');
    read(MessageStream::new(&whole))
}

/// At most `limit` bytes of `value` as text without its line ends and nulls.
fn line(value: &[u8], limit: usize) -> String {
    let start = start(value, limit);
    let text = match std::str::from_utf8(start) {
        // Cut inside a character.
        Err(error) if error.error_len().is_none() => &start[..error.valid_up_to()],
        _ => start,
    };
    decode::text(text.into(), None).replace(['\r', '\n', '\0'], "")
}

/// `value` as text without its line ends (RFC 5322 §2.2.3).
fn unfolded(value: &[u8]) -> String {
    decode::text(value.into(), None).replace(['\r', '\n'], "")
}

/// `value` as one line.
pub(crate) fn plain(value: &[u8]) -> String {
    label(&whole(&value[..value.len().min(LIST)]))
}

/// All of `value` as it stands, its line ends too: for what must not be hidden behind something long.
pub(crate) fn whole(value: &[u8]) -> String {
    std::str::from_utf8(value).map_or_else(|_| windows_1252(value), str::to_owned)
}

fn ids(value: &[u8]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut push = |id: &[u8]| {
        let id: String = match std::str::from_utf8(id) {
            Ok(whole) if id.iter().all(u8::is_ascii_graphic) => whole.to_owned(),
            _ => id.iter().filter(|it| it.is_ascii_graphic()).map(|it| char::from(*it)).collect(),
        };
        if !id.is_empty() && id.len() <= ID {
            // The oldest and the newest stay: in between, one goes for each that comes.
            if found.len() == REFERENCES {
                found.remove(1);
            }
            found.push(format!("<{id}>"));
        }
    };
    let mut rest = value;
    let mut bracketed = false;
    while let Some(start) = memchr::memchr(b'<', rest) {
        let tail = &rest[start + 1..];
        let Some(end) = memchr::memchr2(b'>', b'<', tail) else { break };
        if tail[end] == b'>' {
            bracketed = true;
            push(&tail[..end]);
            rest = &tail[end + 1..];
        } else {
            rest = &tail[end..];
        }
    }
    if !bracketed {
        for word in value[..value.len().min(LIST)].split(u8::is_ascii_whitespace).filter(|it| it.contains(&b'@')) {
            push(word.trim_ascii().strip_prefix(b"<").unwrap_or(word));
        }
    }
    found
}
