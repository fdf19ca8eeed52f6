//! A text as lines, and how they are compared.

/// A line and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    /// Its first byte in the text.
    pub(crate) start: usize,
    /// The line, without its end.
    pub(crate) text: &'a str,
    /// How many quotation marks it begins with.
    pub(crate) depth: u8,
    /// Whether nothing stands in it, but for quotation marks.
    pub(crate) empty: bool,
}

impl<'a> Line<'a> {
    fn new(start: usize, text: &'a str) -> Line<'a> {
        let (depth, inner) = marks(text);
        Line { start, text, depth, empty: inner.trim().is_empty() }
    }

    /// Whether it is white space only.
    pub(crate) fn blank(&self) -> bool {
        self.empty && self.depth == 0
    }

    pub(crate) fn quoted(&self) -> bool {
        self.depth > 0
    }

    /// What stands behind the quotation marks, trimmed.
    pub(crate) fn inner(&self) -> &'a str {
        marks(self.text).1.trim()
    }

    /// The byte behind its last.
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The quotation marks that `text` begins with, and what is behind them.
fn marks(text: &str) -> (u8, &str) {
    let mut rest = text.strip_prefix(' ').filter(|it| it.starts_with('>')).unwrap_or(text);
    let mut depth = 0u8;
    while let Some(inner) = rest.strip_prefix('>') {
        depth = depth.saturating_add(1);
        rest = inner.strip_prefix(' ').filter(|it| it.starts_with('>')).unwrap_or(inner);
    }
    (depth, rest)
}

/// The lines of `text`, up to the last that has something in it.
pub(crate) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        lines.push(Line::new(start, line.trim_end_matches('\n')));
        start += line.len();
    }
    lines.truncate(last(&lines, 0, lines.len()).map_or(0, |it| it + 1));
    lines
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

/// `text` in lower case, as tables spell it: plain spaces and apostrophes, no stars, at most `limit` bytes and a little.
pub(crate) fn plain(text: &str, limit: usize) -> String {
    let mut out = String::with_capacity(text.len().min(limit) + 4);
    for it in text.chars() {
        if out.len() >= limit {
            break;
        }
        match it {
            '*' => {}
            '\u{a0}' | '\u{202f}' | '\t' => out.push(' '),
            '\u{2019}' | '\u{2018}' | '\u{b4}' | '`' => out.push('\''),
            _ if it.is_ascii() => out.push(it.to_ascii_lowercase()),
            _ => out.extend(it.to_lowercase()),
        }
    }
    out
}

/// Whether `text` starts with one of `all`: most lists are long, and the first byte tells nearly all of it.
pub(crate) fn starts(text: &str, all: &[&str]) -> bool {
    let Some(first) = text.as_bytes().first() else { return false };
    all.iter().any(|it| it.as_bytes().first() == Some(first) && text.starts_with(it))
}

/// Whether `word` stands in `text` with no letter on either side.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    find_word(text, word).is_some()
}

/// Where `word` stands in `text` with no letter on either side.
pub(crate) fn find_word(text: &str, word: &str) -> Option<usize> {
    let first = *word.as_bytes().first()?;
    let stands = |at: &usize| text.as_bytes()[*at..].starts_with(word.as_bytes());
    memchr::memchr_iter(first, text.as_bytes()).filter(stands).take(8).find(|at| {
        let before = text[..*at].chars().next_back();
        let behind = text[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !behind.is_some_and(char::is_alphanumeric)
    })
}
