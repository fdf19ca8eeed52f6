//! The content lines of a calendar (RFC 5545 §3.1).

use std::borrow::Cow;

/// Bytes of one property that are read.
const PROPERTY: usize = 64 << 10;

/// The lines of `text`, those that go on joined (a line that begins with a blank goes on with the one before).
pub(super) fn unfolded(text: &str) -> Vec<Cow<'_, str>> {
    let mut lines: Vec<Cow<'_, str>> = Vec::new();
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some(last)) => {
                if last.len() < PROPERTY {
                    last.to_mut().push_str(rest);
                }
            }
            _ if line.trim().is_empty() => {}
            _ => lines.push(Cow::Borrowed(line)),
        }
    }
    lines
}

/// A property: `NAME;PARAMETER=value:value`.
pub(super) struct Line<'a> {
    /// In upper case, without a group before it.
    pub(super) name: String,
    parameters: Vec<(&'a str, &'a str)>,
    /// As it stands there, escapes and all.
    pub(super) value: Cow<'a, str>,
}

impl<'a> Line<'a> {
    pub(super) fn of(text: &'a str) -> Option<Line<'a>> {
        let text = text.trim_start_matches('\u{feff}');
        let end = text.find([';', ':'])?;
        let name = text[..end].trim();
        let name = name.rsplit('.').next().unwrap_or(name);
        if name.is_empty() || name.len() > 60 || !name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-') {
            return None;
        }
        let mut parameters = Vec::new();
        let mut rest = &text[end..];
        while let Some(tail) = rest.strip_prefix(';') {
            let mut quoted = false;
            let stop = tail.find(|it: char| {
                quoted ^= it == '"';
                !quoted && matches!(it, ';' | ':')
            });
            // A quotation that does not end leaves no value.
            let stop = stop?;
            if parameters.len() < 30
                && let Some((name, value)) = tail[..stop].split_once('=')
            {
                parameters.push((name.trim(), value.trim().trim_matches('"')));
            }
            rest = &tail[stop..];
        }
        let value = rest.strip_prefix(':')?;
        Some(Line { name: name.to_ascii_uppercase(), parameters, value: Cow::Borrowed(value) })
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&'a str> {
        self.parameters.iter().find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1)
    }

    /// The value as a text: its escapes undone (RFC 5545 §3.3.11).
    pub(super) fn text(&self) -> String {
        let mut out = String::with_capacity(self.value.len());
        let mut rest = self.value.chars();
        while let Some(it) = rest.next() {
            match it {
                '\\' => match rest.next() {
                    Some('n' | 'N') => out.push('\n'),
                    Some(it) => out.push(it),
                    None => {}
                },
                _ => out.push(it),
            }
        }
        out
    }
}
