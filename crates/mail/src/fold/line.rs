//! A text as lines, and how they are compared.

/// A line and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    /// Its first byte in the text.
    pub(crate) start: usize,
    /// The line, without its end.
    pub(crate) text: &'a str,
    /// What stands behind the quotation marks, trimmed.
    pub(crate) inner: &'a str,
    /// That, as [`spelled`] makes it.
    pub(crate) lower: &'a str,
    /// How many quotation marks it begins with.
    pub(crate) depth: u8,
    /// Whether nothing stands in it, but for quotation marks.
    pub(crate) empty: bool,
}

impl<'a> Line<'a> {
    fn new(start: usize, text: &'a str, lower: &'a str) -> Line<'a> {
        let (depth, inner) = marks(text);
        // The marks are as long in lower case.
        let lower = lower.get(text.len() - inner.len()..).unwrap_or_default().trim();
        let inner = inner.trim();
        Line { start, text, inner, lower, depth, empty: inner.is_empty() }
    }

    /// The same, where what looks like a quotation mark is a bracket that the line above has opened.
    fn bracketed(self, lower: &'a str) -> Line<'a> {
        Line { inner: self.text.trim(), lower: lower.trim(), depth: 0, empty: false, ..self }
    }

    /// Whether it is white space only.
    pub(crate) fn blank(&self) -> bool {
        self.empty && self.depth == 0
    }

    pub(crate) fn quoted(&self) -> bool {
        self.depth > 0
    }

    /// The byte behind its last.
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The quotation marks that `text` begins with, and what is behind them.
fn marks(text: &str) -> (u8, &str) {
    let mut rest = text.strip_prefix(' ').filter(|it| it.starts_with('>')).unwrap_or(text);
    // The Bat! puts the initials of the sender in front: `AS> `.
    let bare = text.trim_start_matches(' ');
    if let [a, b, b'>', b' ', ..] = bare.as_bytes()
        && a.is_ascii_uppercase()
        && b.is_ascii_uppercase()
        && !bare.starts_with("PS")
    {
        rest = &bare[2..];
    }
    let mut depth = 0u8;
    while let Some(inner) = rest.strip_prefix('>') {
        depth = depth.saturating_add(1);
        rest = inner.strip_prefix(' ').filter(|it| it.starts_with('>')).unwrap_or(inner);
    }
    (depth, rest)
}

/// The lines of `text`, up to the last that has something in it; `lower` is what [`spelled`] makes of it.
pub(crate) fn lines<'a>(text: &'a str, lower: &'a str) -> Vec<Line<'a>> {
    let mut lines = Vec::with_capacity(memchr::memchr_iter(b'\n', text.as_bytes()).count() + 1);
    let mut start = 0;
    for (text, lower) in broken(text).zip(broken(lower)) {
        let line = Line::new(start, text, lower);
        lines.push(if closes(lines.last(), &line) { line.bracketed(lower) } else { line });
        start += text.len() + 1;
    }
    lines.truncate(last(&lines, 0, lines.len()).map_or(0, |it| it + 1));
    lines
}

/// Whether a line goes on with an introduction that was broken within the brackets of its address: `Ann <ann@a.example`,
/// and `> wrote:` below.
fn closes(above: Option<&Line<'_>>, line: &Line<'_>) -> bool {
    let opened = |it: &Line<'_>| {
        let address = it.text.rsplit_once('<').map(|it| it.1.trim_end());
        it.depth == 0 && address.is_some_and(|it| it.contains('@') && !it.contains(['>', ' ']))
    };
    line.depth == 1 && line.text.len() <= 60 && line.text.trim_end().ends_with(':') && above.is_some_and(opened)
}

/// What stands between the line ends of `text`.
fn broken(text: &str) -> impl Iterator<Item = &str> {
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain(std::iter::once(text.len()));
    let mut start = 0;
    ends.map(move |end| &text[std::mem::replace(&mut start, end + 1)..end])
}

/// The last line of `lines[from..to]` that is not blank.
pub(crate) fn last(lines: &[Line<'_>], from: usize, to: usize) -> Option<usize> {
    lines.get(from..to)?.iter().rposition(|it| !it.blank()).map(|it| it + from)
}

/// The first line of `lines[from..]` that is not blank.
pub(crate) fn next(lines: &[Line<'_>], from: usize) -> Option<usize> {
    lines.get(from..)?.iter().position(|it| !it.blank()).map(|it| it + from)
}

/// Whether `text` is only a rule: dashes and the like, three at least.
pub(crate) fn bar(text: &str) -> bool {
    let text = text.trim();
    text.len() >= 3 && text.chars().all(|it| matches!(it, '-' | '_' | '=' | '*' | '~' | '\u{2014}' | '\u{2500}' | ' '))
}

/// `text` in lower case, as tables spell it: plain spaces and apostrophes, no stars. It has as many lines.
pub(crate) fn spelled(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|it| !PLAIN[usize::from(it)]) {
        out.push_str(&rest[..at]);
        let mut chars = rest[at..].chars();
        match chars.next() {
            Some('*') | None => {}
            Some('\u{a0}' | '\u{202f}' | '\t') => out.push(' '),
            Some('\u{2019}' | '\u{2018}' | '\u{b4}' | '`') => out.push('\''),
            Some(it) => out.extend(it.to_lowercase()),
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    out.make_ascii_lowercase();
    out
}

/// Bytes that stay as they are, but for their case.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut it = 0;
    while it < 128 {
        plain[it] = true;
        it += 1;
    }
    plain[b'*' as usize] = false;
    plain[b'\t' as usize] = false;
    plain[b'`' as usize] = false;
    plain
};
