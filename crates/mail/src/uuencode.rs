//! Files in the way of UNIX, as they stood in mails before RFC 2045 and sometimes still do.

use std::borrow::Cow;

/// Files that are looked for in one text.
const FILES: usize = 20;

/// `text` without the files that stand in it, and their names and bytes.
pub(crate) fn apart(text: &str) -> (Cow<'_, str>, Vec<(String, Vec<u8>)>) {
    let mut files = Vec::new();
    let mut words = String::new();
    let mut rest = text;
    let mut from = 0;
    while files.len() < FILES
        && let Some(at) = memchr::memmem::find(&rest.as_bytes()[from..], b"begin ").map(|it| it + from)
    {
        let starts = at == 0 || rest.as_bytes()[at - 1] == b'\n';
        let Some((name, bytes, length)) = starts.then(|| begun(&rest[at..])).flatten() else {
            from = at + 6;
            continue;
        };
        words.push_str(&rest[..at]);
        files.push((name.to_owned(), bytes));
        rest = &rest[at + length..];
        from = 0;
    }
    if files.is_empty() {
        return (text.into(), files);
    }
    words.push_str(rest);
    (words.into(), files)
}

/// The bytes of the one file in `body`.
pub(crate) fn file(body: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(body).ok()?;
    let at = text.find("begin ")?;
    begun(&text[at..]).map(|it| it.1)
}

/// The file that `text` starts with: its name, its bytes, and how long it is here. No line may be
/// longer than its first character says, and the end must come: words that begin alike are words.
fn begun(text: &str) -> Option<(&str, Vec<u8>, usize)> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next()?;
    let (mode, name) = first.strip_prefix("begin ")?.trim_end().split_once(' ')?;
    if !(3..=4).contains(&mode.len()) || !mode.bytes().all(|it| (b'0'..=b'7').contains(&it)) {
        return None;
    }
    let mut length = first.len();
    let mut bytes = Vec::new();
    for line in lines {
        length += line.len();
        let line = line.trim_end_matches(['\r', '\n']);
        if line == "end" {
            return Some((name, bytes, length));
        }
        decode(line.as_bytes(), &mut bytes)?;
        // Lines that say more than they have would make much of little.
        if bytes.len() > length {
            return None;
        }
    }
    None
}

fn decode(line: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let value = |it: u8| (b' '..=b'`').contains(&it).then(|| (it - b' ') & 63);
    let Some((first, tail)) = line.split_first() else { return Some(()) };
    let count = usize::from(value(*first)?);
    let end = out.len() + count;
    // Blanks at the end of a line get lost on the way, and stand for zeros.
    if tail.len() > count.div_ceil(3) * 4 + 2 {
        return None;
    }
    for group in 0..count.div_ceil(3) {
        let at = |nth: usize| tail.get(group * 4 + nth).map_or(Some(0), |it| value(*it));
        let (a, b, c, d) = (at(0)?, at(1)?, at(2)?, at(3)?);
        out.extend([a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
    }
    out.truncate(end);
    Some(())
}
