//! Encoded words (RFC 2047), in one pass and as forgiving as people need them.
//!
//! What stands next to each other in one character set is put together before it becomes text: many programs cut inside
//! a character.

use crate::decode;

/// Bytes of one encoded word; the standard says 75, and nobody keeps to it.
const LONGEST: usize = 4 << 10;

/// `text` with its encoded words decoded. What is none stays as it stands.
pub(crate) fn decoded_words(text: &str) -> String {
    if memchr::memmem::find(text.as_bytes(), b"=?").is_none() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut run: Option<Run> = None;
    let mut rest = text;
    while let Some(at) = rest.find("=?") {
        let (before, tail) = rest.split_at(at);
        let Some((word, behind)) = Word::of(tail) else {
            flush(&mut run, &mut out);
            out.push_str(before);
            out.push_str("=?");
            rest = &tail[2..];
            continue;
        };
        if run.is_none() || !before.trim().is_empty() {
            flush(&mut run, &mut out);
            out.push_str(before);
        }
        match &mut run {
            // A set that shifts starts anew with each word.
            Some(run) if run.charset.eq_ignore_ascii_case(word.charset) && !shifts(word.charset) => {
                run.bytes.extend_from_slice(&word.bytes);
            }
            _ => {
                flush(&mut run, &mut out);
                run = Some(Run { charset: word.charset.to_owned(), bytes: word.bytes });
            }
        }
        rest = behind;
    }
    flush(&mut run, &mut out);
    out.push_str(rest);
    out
}

/// Encoded words of one character set.
struct Run {
    charset: String,
    bytes: Vec<u8>,
}

fn flush(run: &mut Option<Run>, out: &mut String) {
    if let Some(run) = run.take() {
        out.push_str(&decode::text(run.bytes.into(), Some(&run.charset)));
    }
}

fn shifts(charset: &str) -> bool {
    charset.get(..8).is_some_and(|it| it.eq_ignore_ascii_case("iso-2022"))
}

struct Word<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
}

impl<'a> Word<'a> {
    /// The word that `text` starts with, and what stands behind it.
    fn of(text: &'a str) -> Option<(Word<'a>, &'a str)> {
        let near = &text[2..text.floor_char_boundary(LONGEST)];
        let (charset, tail) = near.split_once('?')?;
        // A language may stand behind the set (RFC 2231 §5).
        let charset = charset.split('*').next().unwrap_or_default();
        let sound = charset.len() <= 40 && !charset.contains(|it: char| it.is_whitespace() || it == '=');
        let (how, tail) = tail.split_once('?').filter(|_| sound)?;
        // In base64 no question mark occurs; elsewhere one may have been left as it is.
        let end = tail.find("?=")?;
        let content = &tail[..end];
        let bytes = match how {
            "B" | "b" => decode::lenient_base64(content.as_bytes()),
            "Q" | "q" => decode::quoted_printable(content.replace('_', " ").as_bytes()),
            _ => return None,
        };
        let behind = 2 + (near.len() - tail.len()) + end + 2;
        Some((Word { charset, bytes }, &text[behind..]))
    }
}
