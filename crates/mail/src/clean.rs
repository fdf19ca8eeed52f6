//! What may stand in a text, and what in a name.

use std::borrow::Cow;

/// Characters of a name, subject or file name that are kept.
const LONGEST: usize = 1_000;

/// `text` as one line that shows what it is: without control characters, without the marks that turn the direction of
/// writing round or are not seen at all, with single spaces.
///
/// Joiners (U+200C, U+200D) stay between characters that are not ASCII: Persian and emoji need them.
pub fn label(text: &str) -> String {
    // Most are such already.
    let bytes = text.as_bytes();
    let clean = |at: usize| match bytes[at] {
        b' ' => at > 0 && bytes[at - 1] != b' ' && at + 1 < bytes.len(),
        it => it.is_ascii_graphic(),
    };
    if bytes.len() <= LONGEST && (0..bytes.len()).all(clean) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len().min(LONGEST));
    let mut space = false;
    let mut count = 0;
    let mut before = ' ';
    let mut rest = text.chars();
    while let Some(it) = rest.next() {
        if it.is_whitespace() {
            space = true;
            continue;
        }
        if it.is_control() || unseen(it) {
            let joins = matches!(it, '\u{200c}' | '\u{200d}')
                && !before.is_ascii()
                && !space
                && rest.clone().next().is_some_and(|next| !next.is_ascii() && !unseen(next) && !next.is_whitespace());
            if !joins {
                continue;
            }
        }
        if space && !out.is_empty() {
            out.push(' ');
        }
        space = false;
        out.push(it);
        before = it;
        count += 1;
        if count == LONGEST {
            break;
        }
    }
    out
}

/// A file's name as a label: no path, nothing that is not seen, never empty, its ending kept if it is long.
pub(crate) fn file_name(name: &str, otherwise: &str) -> String {
    const LONG: usize = 150;
    let name: String = name.chars().filter(|it| !matches!(it, '\u{200c}' | '\u{200d}')).collect();
    let all = name.chars().count();
    let name: String =
        name.chars().enumerate().filter(|(at, _)| *at < LONGEST / 2 || at + LONGEST / 4 > all).map(|it| it.1).collect();
    let name = label(&name);
    let name: String = name.rsplit(['/', '\\']).find(|it| !it.trim().is_empty()).unwrap_or_default().to_owned();
    let name = name.trim().trim_start_matches('.').trim_end_matches(['.', ' ']).trim_start();
    // What some systems take for a part of a path, a stream or a device.
    let mut name = name.replace([':', '*', '?', '"', '<', '>', '|'], "_");
    let stem = name.find('.').unwrap_or(name.len());
    if reserved(&name[..stem]) {
        name.insert(stem, '_');
    }
    if name.is_empty() {
        return otherwise.to_owned();
    }
    let length = name.chars().count();
    if length <= LONG {
        return name;
    }
    let ending: String = name.chars().skip(length - 20).collect();
    name.chars().take(LONG - 20).chain(ending.chars()).collect()
}

/// Names of devices on Windows, whatever their ending.
fn reserved(stem: &str) -> bool {
    let stem = stem.trim_end().to_ascii_lowercase();
    let port = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul")
        || port.is_some_and(|it| it.len() == 1 && it.bytes().all(|it| (b'1'..=b'9').contains(&it)))
}

/// Marks that change how their neighbours read, or are not seen.
fn unseen(it: char) -> bool {
    matches!(it,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// `text` with LF as its only line end and without control characters other than the tab.
pub(crate) fn readable(text: Cow<'_, str>) -> String {
    let unsound = |rest: &[u8]| rest.iter().position(|it| !SOUND[usize::from(*it)]);
    if unsound(text.as_bytes()).is_none() && !text.starts_with('\u{feff}') {
        return text.into_owned();
    }
    let mut out = String::with_capacity(text.len());
    let text = text.trim_start_matches('\u{feff}');
    let bytes = text.as_bytes();
    let mut kept = 0;
    let mut at = 0;
    while let Some(skip) = bytes.get(at..).and_then(unsound) {
        at += skip;
        let (width, instead) = match bytes[at] {
            b'\r' if bytes.get(at + 1) == Some(&b'\n') => (1, ""),
            b'\r' | 0x0b | 0x0c => (1, "\n"),
            0xc2 if bytes.get(at + 1) == Some(&0x85) => (2, "\n"),
            // The C1 controls, U+0080 to U+009F.
            0xc2 if bytes.get(at + 1).is_some_and(|next| *next < 0xa0) => (2, ""),
            0xc2 => {
                at += 1;
                continue;
            }
            _ => (1, ""),
        };
        out.push_str(&text[kept..at]);
        out.push_str(instead);
        at += width;
        kept = at;
    }
    out.push_str(&text[kept..]);
    out
}

/// Bytes that stand in a readable text as they are; behind 0xC2 there may be controls.
const SOUND: [bool; 256] = {
    let mut sound = [true; 256];
    let mut it = 0;
    while it < 32 {
        sound[it] = it == b'\n' as usize || it == b'\t' as usize;
        it += 1;
    }
    sound[0x7f] = false;
    sound[0xc2] = false;
    sound
};

/// The longest start of `text` that has at most `limit` bytes.
pub(crate) fn cut(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}
