//! Transfer encodings (RFC 2045 §6) and character sets: bytes in, bytes and text out, whatever the bytes are.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;

/// How the bytes of a part were made fit to travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// 7bit, 8bit, binary, and what nobody knows.
    Plain,
    /// RFC 2045 §6.8.
    Base64,
    /// RFC 2045 §6.7.
    QuotedPrintable,
}

impl Encoding {
    /// The encoding that a Content-Transfer-Encoding field names.
    pub(crate) fn named(name: &str) -> Encoding {
        let name = name.trim();
        if name.eq_ignore_ascii_case("base64") {
            Encoding::Base64
        } else if name.eq_ignore_ascii_case("quoted-printable") {
            Encoding::QuotedPrintable
        } else {
            Encoding::Plain
        }
    }

    /// The bytes behind `body`. What is no part of the encoding is passed over: a damaged file is better than none.
    pub(crate) fn decode(self, body: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Encoding::Plain => Cow::Borrowed(body),
            Encoding::Base64 => Cow::Owned(base64_decode(body).unwrap_or_else(|| lenient_base64(body))),
            Encoding::QuotedPrintable => Cow::Owned(quoted_printable(body)),
        }
    }
}

fn lenient_base64(body: &[u8]) -> Vec<u8> {
    let known: Vec<u8> =
        body.iter().copied().filter(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/' | b'=')).collect();
    base64_decode(&known).unwrap_or_default()
}

fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = memchr::memchr(b'=', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
        if let [high, low, tail @ ..] = rest
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            out.push(high << 4 | low);
            rest = tail;
            continue;
        }
        // A soft line break, with the white space that some servers put behind its sign.
        let blank = rest.iter().take_while(|it| matches!(it, b' ' | b'\t' | b'\r')).count();
        match rest.get(blank) {
            Some(b'\n') => rest = &rest[blank + 1..],
            None => rest = &[],
            Some(_) => out.push(b'='),
        }
    }
    out.extend_from_slice(rest);
    out
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|it| u8::try_from(it).ok())
}

/// The text in `bytes`. Without a label, or labelled as ASCII, it is UTF-8 if that is possible, else windows-1252, which
/// every sequence of bytes is.
pub(crate) fn text<'a>(bytes: Cow<'a, [u8]>, charset: Option<&str>) -> Cow<'a, str> {
    let charset = charset.map(str::trim).filter(|it| !it.is_empty());
    let ascii = charset.is_none_or(|it| {
        ["us-ascii", "ascii", "unknown", "unknown-8bit", "x-unknown", "default", "binary"]
            .iter()
            .any(|name| it.eq_ignore_ascii_case(name))
    });
    let utf8 = charset.is_some_and(|it| it.eq_ignore_ascii_case("utf-8") || it.eq_ignore_ascii_case("utf8"));
    if !ascii
        && !utf8
        && let Some(decode) = charset.and_then(|it| charset_decoder(it.as_bytes()))
    {
        return Cow::Owned(decode(&bytes));
    }
    let bytes = match bytes {
        Cow::Borrowed(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => return Cow::Borrowed(text),
            Err(_) => Cow::Borrowed(bytes),
        },
        Cow::Owned(bytes) => match String::from_utf8(bytes) {
            Ok(text) => return Cow::Owned(text),
            Err(error) => Cow::Owned(error.into_bytes()),
        },
    };
    // A mail that says UTF-8 and has some is UTF-8 with a damaged place; one that has none lies.
    let lossy = String::from_utf8_lossy(&bytes);
    if utf8 && lossy.chars().any(|it| !it.is_ascii() && it != char::REPLACEMENT_CHARACTER) {
        return Cow::Owned(lossy.into_owned());
    }
    Cow::Owned(windows_1252(&bytes))
}

/// `bytes` as windows-1252.
pub(crate) fn windows_1252(bytes: &[u8]) -> String {
    charset_decoder(b"windows-1252").map_or_else(|| String::from_utf8_lossy(bytes).into_owned(), |decode| decode(bytes))
}
