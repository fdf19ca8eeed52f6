//! HTML cut into tags and words, in one pass. Comments, and elements whose content is not shown, are left out.
//!
//! What is found need not be what a browser would find in the same place: all of it is written anew before anything
//! else reads it.

use std::borrow::Cow;

use mail_parser::decoders::html::add_html_token;

use crate::clean::readable;

/// A piece of HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Words, entities as they stand.
    Text(&'a str),
    /// A start tag and what stands behind its name.
    Open(Tag, &'a str),
    /// An end tag.
    Close(Tag),
}

/// The name of a tag that means something here, in lower case; empty for any other.
pub(super) type Tag = &'static str;

macro_rules! tags {
    ($($name:literal)*) => {
        fn tag(name: &str) -> Tag {
            let mut lower = [0; 10];
            let Some(lower) = lower.get_mut(..name.len()) else { return "" };
            lower.copy_from_slice(name.as_bytes());
            lower.make_ascii_lowercase();
            match std::str::from_utf8(lower).unwrap_or_default() {
                $($name => $name,)*
                _ => "",
            }
        }
    };
}

tags! {
    "a" "address" "article" "b" "big" "blockquote" "br" "center" "cite" "code" "dd" "del" "details" "div" "dl" "dt" "em" "font" "footer"
    "h1" "h2" "h3" "h4" "h5" "h6" "header" "hr" "i" "iframe" "img" "ins" "kbd" "li" "main" "mark" "math" "noembed" "noframes"
    "object" "ol" "option" "p" "pre" "q" "s" "samp" "script" "section" "select" "small" "span" "strike" "strong" "style" "sub" "summary" "sup" "svg"
    "table" "tbody" "td" "template" "tfoot" "th" "thead" "title" "tr" "tt" "u" "ul" "var" "xmp"
}

/// Elements whose content is never shown.
fn hides(tag: Tag) -> bool {
    matches!(
        tag,
        "script"
            | "style"
            | "title"
            | "iframe"
            | "noembed"
            | "noframes"
            | "template"
            | "svg"
            | "math"
            | "xmp"
            | "object"
            | "select"
    )
}

/// The tokens of a text.
pub(super) struct Scan<'a> {
    text: &'a str,
    at: usize,
    /// Quotation marks of which the rest of the text has none: they are not looked for again.
    spent: [bool; 2],
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str) -> Scan<'a> {
        Scan { text, at: 0, spent: [false; 2] }
    }

    fn seek(&self, from: usize, byte: u8) -> Option<usize> {
        memchr::memchr(byte, self.text.as_bytes().get(from..)?).map(|it| from + it)
    }

    /// The `>` that ends the tag whose name ends at `from`. A quotation mark counts behind `=` only.
    fn tag_end(&mut self, from: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut at = from;
        let mut value = false;
        while let Some(&it) = bytes.get(at) {
            match it {
                b'>' => return Some(at),
                b'=' => value = true,
                b'"' | b'\'' if value => {
                    let which = usize::from(it == b'"');
                    if !self.spent[which] {
                        match self.seek(at + 1, it) {
                            Some(end) => at = end,
                            None => self.spent[which] = true,
                        }
                    }
                    value = false;
                }
                b' ' | b'\t' | b'\n' => {}
                _ => value = false,
            }
            at += 1;
        }
        None
    }

    /// Passes over the content of a hidden element.
    fn skip(&mut self, tag: Tag) {
        let mut at = self.at;
        while let Some(found) = self.seek(at, b'<') {
            let rest = &self.text.as_bytes()[found + 1..];
            if let Some(rest) = rest.strip_prefix(b"/")
                && rest.get(..tag.len()).is_some_and(|it| it.eq_ignore_ascii_case(tag.as_bytes()))
            {
                self.at = self.seek(found, b'>').map_or(self.text.len(), |it| it + 1);
                return;
            }
            at = found + 1;
        }
        self.at = self.text.len();
    }
}

impl<'a> Iterator for Scan<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let text = self.text;
            let bytes = text.as_bytes();
            let start = self.at;
            if start >= bytes.len() {
                return None;
            }
            if bytes[start] != b'<' {
                self.at = self.seek(start, b'<').unwrap_or(bytes.len());
                return Some(Token::Text(&text[start..self.at]));
            }
            let closes = bytes.get(start + 1) == Some(&b'/');
            let name = start + 1 + usize::from(closes);
            match bytes.get(name) {
                Some(it) if it.is_ascii_alphabetic() => {
                    let length = bytes[name..]
                        .iter()
                        .take_while(|it| !matches!(it, b' ' | b'\t' | b'\n' | b'/' | b'>' | b'<'))
                        .count();
                    let tag = text.get(name..name + length).map_or("", tag);
                    let behind = name + length;
                    let end = if closes { self.seek(behind, b'>') } else { self.tag_end(behind) };
                    let Some(end) = end else {
                        // A tag that never ends: what is left is no tag.
                        self.at = bytes.len();
                        return None;
                    };
                    self.at = end + 1;
                    if closes {
                        return Some(Token::Close(tag));
                    }
                    if hides(tag) {
                        self.skip(tag);
                        continue;
                    }
                    return Some(Token::Open(tag, &text[behind..end]));
                }
                Some(b'!') if text[start..].starts_with("<!--") => {
                    let from = start + 4;
                    let end = match &bytes[from..] {
                        [b'>', ..] => Some(from + 1),
                        [b'-', b'>', ..] => Some(from + 2),
                        rest => memchr::memmem::find(rest, b"-->").map(|it| from + it + 3),
                    };
                    self.at = end.unwrap_or(bytes.len());
                }
                Some(b'!' | b'?' | b'/') => self.at = self.seek(start, b'>').map_or(bytes.len(), |it| it + 1),
                _ => {
                    self.at = start + 1;
                    return Some(Token::Text(&text[start..=start]));
                }
            }
        }
    }
}

/// The attributes in what stands behind a tag's name: names as they stand, values with their entities.
pub(super) fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|it: char| it.is_ascii_whitespace() || it == '/');
        if rest.is_empty() {
            return None;
        }
        // The first character belongs to the name whatever it is, so every turn moves on.
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let end = rest[first..]
            .find(|it: char| it.is_ascii_whitespace() || it == '=' || it == '/')
            .map_or(rest.len(), |it| it + first);
        let (name, tail) = rest.split_at(end);
        let Some(value) = tail.trim_start().strip_prefix('=') else {
            rest = tail;
            return Some((name, ""));
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|it| matches!(it, '"' | '\''));
        let (value, behind) = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => value.split_at(value.find(|it: char| it.is_ascii_whitespace()).unwrap_or(value.len())),
        };
        rest = behind;
        Some((name, value))
    })
}

/// `text` with its entities as characters. An entity may name what must not stand in a text, so what comes of it is cleaned
/// like the text it stands in.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length =
            rest.bytes().skip(1).take(32).take_while(|it| it.is_ascii_alphanumeric() || *it == b'#').count() + 1;
        if rest.as_bytes().get(length) == Some(&b';') {
            add_html_token(&mut out, &rest.as_bytes()[..=length], false);
            rest = &rest[length + 1..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    Cow::Owned(readable(out.into()))
}
