//! Values with parameters (RFC 2045 §5.1, RFC 2183, RFC 2231), as forgiving as people need them.
//!
//! The pieces of a continued parameter are put together before they become text: some programs cut inside a character.

use crate::decode;
use crate::words::decoded_words;

/// A value and its parameters.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Content {
    /// What stands before the first semicolon, without comments and quotation marks.
    pub(crate) kind: String,
    /// The names are in lower case. What is written in the form that can say every letter stands first.
    parameters: Vec<(String, String)>,
}

/// One piece of a parameter that is continued, or that names its character set.
struct Piece {
    name: String,
    number: u16,
    percent: bool,
    value: String,
}

impl Content {
    /// Reads `text`, which is one line.
    pub(crate) fn of(text: &str) -> Content {
        let end = text.find(';').unwrap_or(text.len());
        let kind = &text[..end];
        // Parameters of nothing: whoever wrote them forgot what they belong to.
        let (kind, mut rest) = match kind.split_once('=') {
            Some((name, _)) if token(name.trim()) => ("", text),
            _ => (kind, &text[end..]),
        };
        let kind = kind.split('(').next().unwrap_or_default().trim().trim_matches(['"', '\'']).trim();
        let mut plain: Vec<(String, String)> = Vec::new();
        let mut pieces = Vec::new();
        loop {
            rest = rest.trim_start_matches(|it: char| it == ';' || it == ',' || it.is_whitespace());
            if rest.is_empty() {
                break;
            }
            let end = rest.find(['=', ';']).unwrap_or(rest.len());
            if !rest[end..].starts_with('=') {
                rest = &rest[end..];
                continue;
            }
            let name = rest[..end].rsplit(')').next().unwrap_or_default().trim().to_ascii_lowercase();
            let (value, behind) = value(&rest[end + 1..], name.contains("name"));
            match name.split_once('*') {
                None => plain.push((name, value)),
                Some((name, form)) => {
                    let percent = form.is_empty() || form.ends_with('*');
                    let number = form.trim_end_matches('*').parse().unwrap_or(0);
                    pieces.push(Piece { name: name.to_owned(), number, percent, value });
                }
            }
            rest = behind;
        }
        pieces.sort_by(|one, other| (&one.name, one.number).cmp(&(&other.name, other.number)));
        let mut parameters: Vec<(String, String)> =
            pieces.chunk_by(|one, other| one.name == other.name).map(|it| (it[0].name.clone(), joined(it))).collect();
        parameters.append(&mut plain);
        Content { kind: kind.to_owned(), parameters }
    }

    /// The parameter of this name, which is in lower case.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
    }

    /// The name of a file, its encoded words (RFC 2047) decoded: the standard forbids them here, and many write them.
    pub(crate) fn name(&self, name: &str) -> Option<String> {
        self.parameter(name).map(decoded_words).filter(|it| !it.trim().is_empty())
    }
}

/// The text that the pieces of one parameter make.
fn joined(pieces: &[Piece]) -> String {
    let mut bytes = Vec::new();
    let mut charset = None;
    let mut last = None;
    for (nth, piece) in pieces.iter().enumerate() {
        // The same piece twice: the first counts.
        if last == Some(piece.number) {
            continue;
        }
        last = Some(piece.number);
        let mut value = piece.value.as_str();
        if piece.percent && nth == 0 {
            let mut parts = value.splitn(3, '\'');
            if let (Some(set), Some(_), Some(text)) = (parts.next(), parts.next(), parts.next()) {
                charset = Some(set.trim()).filter(|it| !it.is_empty());
                value = text;
            }
        }
        if piece.percent {
            percent_decoded(value.as_bytes(), &mut bytes);
        } else {
            bytes.extend_from_slice(value.as_bytes());
        }
    }
    decode::text(bytes.into(), charset).into_owned()
}

/// `value` without the encoding of RFC 2231 §4; a sign that stands for nothing stands for itself.
fn percent_decoded(value: &[u8], out: &mut Vec<u8>) {
    let mut rest = value;
    while let [first, tail @ ..] = rest {
        rest = tail;
        if let (b'%', [high, low, behind @ ..]) = (first, tail)
            && let (Some(high), Some(low)) = (decode::hex(*high), decode::hex(*low))
        {
            out.push(high << 4 | low);
            rest = behind;
        } else {
            out.push(*first);
        }
    }
}

/// The value that `text` starts with, and what stands behind it; `file` for the name of one, which has blanks in it.
fn value(text: &str, file: bool) -> (String, &str) {
    let text = text.trim_start();
    if let Some(tail) = text.strip_prefix('"')
        && let Some(end) = quote_end(tail)
    {
        let mut out = String::with_capacity(end);
        let mut within = tail[..end].chars().peekable();
        while let Some(it) = within.next() {
            // A reversed stroke before any other sign is a part of a path.
            let escapes = it == '\\' && matches!(within.peek(), Some('"' | '\\'));
            out.extend(if escapes { within.next() } else { Some(it) });
        }
        return (out, &tail[end + 1..]);
    }
    let end = text.find(';').unwrap_or(text.len());
    let mut end = end;
    if !file && let Some(blank) = text[..end].trim_end().find(char::is_whitespace) {
        // The next parameter, with the semicolon forgotten; or a comment.
        if follows(&text[blank..]) {
            end = blank;
        }
    }
    (text[..end].trim().trim_matches('"').to_owned(), &text[end..])
}

/// Where the quotation ends that `tail` is in: at the first mark behind which something else begins. Marks within a name
/// are forgotten to be escaped.
fn quote_end(tail: &str) -> Option<usize> {
    let mut first = None;
    let mut escaped = false;
    for (at, it) in tail.bytes().enumerate() {
        match it {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => {
                if follows(&tail[at + 1..]) {
                    return Some(at);
                }
                first = first.or(Some(at));
            }
            _ => {}
        }
    }
    first
}

/// Whether `text` is the end of a value: nothing, a sign that ends it, a comment, or the next parameter.
fn follows(text: &str) -> bool {
    let next = text.trim_start();
    next.is_empty()
        || next.starts_with([';', ',', '('])
        || next.len() < text.len() && next.find('=').is_some_and(|it| token(&next[..it]))
}

/// Whether it is the name of a parameter.
fn token(name: &str) -> bool {
    !name.is_empty() && name.len() <= 40 && name.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_*".contains(&it))
}
