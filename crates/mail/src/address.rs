//! Lists of addresses (RFC 5322 §3.4), in one pass and as people and programs really write them.
//!
//! A name with a comma that nobody quoted is one name, and an angle bracket that nobody closed costs no address that
//! stands behind it.

use domain::Email;

use crate::clean::label;
use crate::read::Mailbox;
use crate::words::decoded_words;

/// How many pieces without an address may be the start of the name that follows: `Lee, Ann, Dr. <ann@x.example>`.
const PIECES: usize = 2;

/// The mailboxes in `text`, which is one line; at most `most`. What has no address is there with its name alone.
pub(crate) fn mailboxes(text: &str, most: usize) -> Vec<Mailbox> {
    let mut list = List { most, ..List::default() };
    let mut rest = text;
    while let Some(it) = rest.chars().next() {
        let tail = &rest[it.len_utf8()..];
        rest = match it {
            '"' => list.quotation(tail),
            '(' => list.comment(tail),
            '<' => list.bracket(tail),
            // A group (RFC 5322 §3.4) has a name that is nobody's; `mailto:` is no name either.
            ':' if !list.entry.raw.contains('@') => {
                list.entry = Entry::default();
                list.loose = 0;
                tail
            }
            ',' | ';' => {
                list.end(it);
                tail
            }
            '\\' => {
                let next = tail.chars().next().map_or(0, char::len_utf8);
                list.entry.name.push_str(&tail[..next]);
                list.entry.raw.push_str(&rest[..=next]);
                &tail[next..]
            }
            _ => {
                let end = rest.find(['"', '(', '<', ':', ',', ';', '\\']).unwrap_or(rest.len()).max(it.len_utf8());
                list.entry.name.push_str(&rest[..end]);
                list.entry.raw.push_str(&rest[..end]);
                &rest[end..]
            }
        };
    }
    list.end(';');
    list.found
}

/// What stands between two commas.
#[derive(Default)]
struct Entry {
    /// Its words, without quotation marks.
    name: String,
    /// The same as they stand: an address may have such marks.
    raw: String,
    comment: String,
    address: Option<String>,
}

#[derive(Default)]
struct List {
    found: Vec<Mailbox>,
    entry: Entry,
    most: usize,
    /// How many of the last found have no address and are followed by a comma.
    loose: usize,
    /// A comment was not closed: from now on the first parenthesis closes one.
    flat: bool,
}

impl List {
    /// A quoted string, `tail` being what follows its first mark. One that is not closed is only a mark.
    fn quotation<'a>(&mut self, tail: &'a str) -> &'a str {
        let Some(end) = closing_quote(tail) else { return tail };
        let mut within = tail[..end].chars();
        while let Some(it) = within.next() {
            self.entry.name.extend(if it == '\\' { within.next() } else { Some(it) });
        }
        self.entry.raw.push('"');
        self.entry.raw.push_str(&tail[..=end]);
        &tail[end + 1..]
    }

    /// A comment, which may have comments in it. One that is not closed is only a sign.
    fn comment<'a>(&mut self, tail: &'a str) -> &'a str {
        let end = if self.flat { tail.find(')') } else { closing(tail) };
        let end = end.or_else(|| {
            self.flat = true;
            tail.find(')')
        });
        let Some(end) = end else { return tail };
        if self.entry.comment.is_empty() {
            tail[..end].trim().clone_into(&mut self.entry.comment);
        }
        &tail[end + 1..]
    }

    /// An address in brackets. Where the bracket is not closed, the next comma or bracket ends it.
    fn bracket<'a>(&mut self, tail: &'a str) -> &'a str {
        if self.entry.address.is_some() {
            // The next address, with the comma forgotten.
            self.end(';');
        }
        let mut address = String::new();
        let mut rest = tail;
        // How much stands behind the next sign that ends a comment; and whether no quote is closed any more. Neither is
        // looked for twice.
        let (mut sign, mut unclosed) = (usize::MAX, false);
        while let Some(it) = rest.chars().next() {
            let next = &rest[it.len_utf8()..];
            match it {
                '>' => {
                    rest = next.trim_start_matches('>');
                    break;
                }
                '<' if address.trim().is_empty() => rest = next,
                '<' | ';' => break,
                // A route (RFC 5322 §4.4) has commas of its own.
                ',' if !address.trim_start().starts_with('@') => break,
                '(' => {
                    if sign > next.len() {
                        sign = next.find([')', '>', '<']).map_or(0, |it| next.len() - it);
                    }
                    let end = next.len() - sign;
                    rest = if next[end..].starts_with(')') { &next[end + 1..] } else { next };
                }
                '"' => {
                    let closing = if unclosed { None } else { closing_quote(next) };
                    unclosed |= closing.is_none();
                    let end = closing.map_or(0, |it| it + 1);
                    if end > 0 {
                        address.push_str(&rest[..=end]);
                    }
                    rest = &next[end..];
                }
                _ => {
                    address.push(it);
                    rest = next;
                }
            }
        }
        if !address.trim().is_empty() {
            self.entry.address = Some(address);
        }
        rest
    }

    /// The entry is over, at `sign`.
    fn end(&mut self, sign: char) {
        let Entry { name, raw, comment, address } = std::mem::take(&mut self.entry);
        if self.found.len() >= self.most {
            return;
        }
        let bare = if address.is_none() { email(&raw) } else { None };
        let written = if bare.is_some() || name.trim().is_empty() { &comment } else { &name };
        let mut name = label(&decoded_words(written));
        let address = bare.or_else(|| address.as_deref().and_then(email)).or_else(|| Email::parse(&name));
        // Some programs repeat the address, in quotes, as the name.
        if address.as_ref().is_some_and(|it| name.trim_matches(['\'', '"']).eq_ignore_ascii_case(it.as_str())) {
            name.clear();
        }
        if name.is_empty() && address.is_none() {
            self.loose = 0;
            return;
        }
        if address.is_none() {
            let loose = sign == ',' && !raw.contains('@');
            self.loose = if loose { self.loose + 1 } else { 0 };
        } else {
            let before = self.found.len() - if raw.trim().is_empty() { 0 } else { self.loose.min(PIECES) };
            let pieces: Vec<String> = self.found.drain(before..).map(|it| it.name).chain([name]).collect();
            name = label(&pieces.join(", "));
            self.loose = 0;
        }
        self.found.push(Mailbox { name, address });
    }
}

/// Where the quotation ends that `tail` is in.
fn closing_quote(tail: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + tail[from..].find(['"', '\\'])?;
        if tail[at..].starts_with('"') {
            return Some(at);
        }
        from = at + 1 + tail[at + 1..].chars().next().map_or(0, char::len_utf8);
    }
}

/// Where the comment ends that `tail` is in.
fn closing(tail: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut escaped = false;
    for (at, it) in tail.bytes().enumerate() {
        match it {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(at),
            b')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The address in `text`, with blanks around its signs, a route, a final dot or single quotes.
fn email(text: &str) -> Option<Email> {
    let text = text.trim().trim_matches('\'');
    if let Some(it) = Email::parse(text) {
        return Some(it);
    }
    let text = match text.split_once(':') {
        Some((before, behind)) if before.starts_with('@') || before.eq_ignore_ascii_case("mailto") => behind,
        _ => text,
    };
    let (local, domain) = text.rsplit_once('@')?;
    let domain = domain.trim().trim_end_matches('.');
    let domain: Vec<&str> = domain.split('.').map(str::trim).collect();
    let local = local.trim();
    let local = if local.starts_with('"') {
        local.to_owned()
    } else {
        local.split('.').map(str::trim).collect::<Vec<_>>().join(".")
    };
    Email::parse(&format!("{local}@{}", domain.join(".")))
}
