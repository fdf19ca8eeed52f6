//! Transfer encodings (RFC 2045 §6) and character sets: bytes in, bytes and text out, whatever the bytes are.

use std::borrow::Cow;

use crate::{utf7, uuencode};

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
    /// The way of UNIX, older than RFC 2045.
    Uuencode,
}

impl Encoding {
    /// The encoding that a Content-Transfer-Encoding field names.
    pub(crate) fn named(name: &str) -> Encoding {
        let name = name
            .split('(')
            .next()
            .unwrap_or_default()
            .trim_matches(|it: char| it.is_whitespace() || "\"';".contains(it));
        let is = |names: &[&str]| names.iter().any(|it| it.eq_ignore_ascii_case(name));
        if is(&["base64", "base-64", "b"]) {
            Encoding::Base64
        } else if is(&["quoted-printable", "quoted_printable", "quotedprintable", "qp", "q"]) {
            Encoding::QuotedPrintable
        } else if is(&["x-uuencode", "uuencode", "x-uue", "uue"]) {
            Encoding::Uuencode
        } else {
            Encoding::Plain
        }
    }

    /// The bytes behind `body`. What is no part of the encoding is passed over: a damaged file is better than none.
    pub(crate) fn decode(self, body: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Encoding::Plain => Cow::Borrowed(body),
            Encoding::Base64 if words(body) => Cow::Borrowed(body),
            Encoding::Base64 => Cow::Owned(base64_decode(body).unwrap_or_else(|| lenient_base64(body))),
            Encoding::Uuencode => uuencode::file(body).map_or(Cow::Borrowed(body), Cow::Owned),
            Encoding::QuotedPrintable => Cow::Owned(quoted_printable(body)),
        }
    }
}

/// Whether a body that says base64 is words as they stand: much of its start is not of that alphabet.
fn words(body: &[u8]) -> bool {
    let start = &body[..body.len().min(1 << 10)];
    let other = start.iter().filter(|it| !it.is_ascii_alphanumeric() && !b"+/=-_\r\n\t".contains(it)).count();
    other > start.len() / 8 && other > 2
}

/// The bytes behind base64 with other signs in it, also in the alphabet of addresses (RFC 4648 §5). Padding ends a piece,
/// not the whole.
pub(crate) fn lenient_base64(body: &[u8]) -> Vec<u8> {
    let standard = memchr::memchr2(b'+', b'/', body).is_some();
    let mut out = Vec::with_capacity(body.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0_u32);
    for &it in body {
        let value = match it {
            b'A'..=b'Z' => it - b'A',
            b'a'..=b'z' => it - b'a' + 26,
            b'0'..=b'9' => it - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'-' if !standard => 62,
            b'_' if !standard => 63,
            b'=' => {
                (bits, count) = (0, 0);
                continue;
            }
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from(bits >> count & 0xff).unwrap_or_default());
            bits &= (1 << count) - 1;
        }
    }
    out
}

pub(crate) fn quoted_printable(body: &[u8]) -> Vec<u8> {
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

pub(crate) fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|it| u8::try_from(it).ok())
}

/// The text in `bytes`. Without a label, or labelled as ASCII, it is UTF-8 if that is possible, else windows-1252, which
/// every sequence of bytes is.
pub(crate) fn text<'a>(bytes: Cow<'a, [u8]>, charset: Option<&str>) -> Cow<'a, str> {
    let charset = charset.map(|it| it.trim_matches(|it: char| it.is_whitespace() || "\"'".contains(it)));
    let charset = charset.filter(|it| !it.is_empty());
    let ascii = charset.is_none_or(|it| {
        ["us-ascii", "ascii", "unknown", "unknown-8bit", "x-unknown", "default", "binary"]
            .iter()
            .any(|name| it.eq_ignore_ascii_case(name))
    });
    let utf8 = charset.is_some_and(|it| {
        ["utf-8", "utf8", "utf8mb4", "unicode-1-1-utf-8"].iter().any(|name| it.eq_ignore_ascii_case(name))
    });
    // Some programs label by habit. What is UTF-8 and not ASCII is hardly ever anything else, and the other way round.
    let western = charset.is_some_and(|it| {
        let it = it.to_ascii_lowercase();
        it.starts_with("iso-8859")
            || it.starts_with("windows-125")
            || it.starts_with("latin")
            || it.starts_with("cp125")
    });
    let ascii = ascii || western && !bytes.is_ascii() && std::str::from_utf8(&bytes).is_ok();
    let charset = match charset {
        Some(it) if it.eq_ignore_ascii_case("utf-16") => utf_16(&bytes),
        None if bytes.is_ascii() && memchr::memmem::find(&bytes, b"\x1b$B").is_some() => Some("iso-2022-jp"),
        it => it,
    };
    let (ascii, utf8) = match charset {
        Some("iso-2022-jp") => (false, false),
        None => (true, utf8),
        Some(_) => (ascii, utf8),
    };
    if charset.is_some_and(|it| ["utf-7", "utf7", "unicode-1-1-utf-7"].iter().any(|name| it.eq_ignore_ascii_case(name)))
    {
        return Cow::Owned(utf7::decoded(&bytes));
    }
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

/// Which UTF-16 it is without a mark: letters of the west have their zeros on one side. None if it is no UTF-16 at all.
fn utf_16(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Some("utf-16");
    }
    let start = &bytes[..bytes.len().min(1 << 10)];
    let zeros = |side: usize| start.iter().skip(side).step_by(2).filter(|it| **it == 0).count();
    match (zeros(0), zeros(1)) {
        (0, 0) if std::str::from_utf8(bytes).is_ok() => None,
        (even, odd) if even > odd => Some("utf-16be"),
        _ => Some("utf-16le"),
    }
}

/// The character set that the head of a page names for itself.
pub(crate) fn of_page(bytes: &[u8]) -> Option<&str> {
    let start = &bytes[..bytes.len().min(1 << 10)];
    let at = memchr::memmem::find(start, b"charset=")?;
    let label = start[at + 8..].strip_prefix(b"\"").unwrap_or(&start[at + 8..]);
    let end = label.iter().take_while(|it| it.is_ascii_alphanumeric() || b"-_".contains(it)).count();
    std::str::from_utf8(&label[..end]).ok().filter(|it| charset_decoder(it.as_bytes()).is_some())
}

/// `bytes` as windows-1252.
pub(crate) fn windows_1252(bytes: &[u8]) -> String {
    charset_decoder(b"windows-1252").map_or_else(|| String::from_utf8_lossy(bytes).into_owned(), |decode| decode(bytes))
}
