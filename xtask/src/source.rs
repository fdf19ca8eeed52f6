//! A file as the checks see it: line by line, with code, quoted text and comments told apart.

use std::iter::Peekable;
use std::str::Chars;

/// One line of a file.
#[derive(Debug, Default)]
pub(crate) struct Line {
    /// What is neither quoted nor a comment. Quotation marks stay, with nothing between them.
    pub(crate) code: String,
    /// What is quoted: SQL, routes, texts.
    pub(crate) quoted: String,
    /// What is said about it.
    pub(crate) comment: String,
    /// Whether only tests see it.
    pub(crate) test: bool,
}

/// A text file of the checkout.
#[derive(Debug)]
pub(crate) struct Source {
    /// From the root, with slashes.
    pub(crate) path: String,
    /// As it is.
    pub(crate) text: String,
    /// Told apart, if it is Rust; else each line is all code.
    pub(crate) lines: Vec<Line>,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Source {
        let mut lines = if ending(path) == "rs" { tell_apart(text) } else { plain(text) };
        if is_test(path) {
            for line in &mut lines {
                line.test = true;
            }
        } else {
            mark_tests(&mut lines);
        }
        Source { path: path.to_owned(), text: text.to_owned(), lines }
    }

    pub(crate) fn is_rust(&self) -> bool {
        self.ending() == "rs"
    }

    /// What follows the last dot of its name.
    pub(crate) fn ending(&self) -> &str {
        ending(&self.path)
    }

    /// The folder under `crates/`, or the first folder elsewhere.
    pub(crate) fn room(&self) -> &str {
        let path = self.path.strip_prefix("crates/").unwrap_or(&self.path);
        path.split('/').next().unwrap_or_default()
    }

    /// Lines with their numbers, counted from one.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (usize, &Line)> {
        self.lines.iter().enumerate().map(|(index, line)| (index + 1, line))
    }
}

fn ending(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// Whether the whole file is for us only, and never part of the program.
fn is_test(path: &str) -> bool {
    let folders = ["/tests/", "/benches/", "/examples/", "crates/testkit/"];
    folders.iter().any(|folder| path.contains(folder)) || path.starts_with("fuzz/") || path.ends_with("/tests.rs")
}

fn plain(text: &str) -> Vec<Line> {
    text.lines().map(|line| Line { code: line.to_owned(), ..Line::default() }).collect()
}

/// Where a character stands.
enum Place {
    Code,
    /// In a string that ends with a quotation mark and so many hashes; raw ones know no escapes.
    Quoted {
        hashes: usize,
        raw: bool,
    },
    LineComment,
    /// So many deep.
    BlockComment(usize),
}

fn tell_apart(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = Line::default();
    let mut place = Place::Code;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\n' {
            lines.push(std::mem::take(&mut line));
            if matches!(place, Place::LineComment) {
                place = Place::Code;
            }
            continue;
        }
        place = match place {
            Place::Code => code(c, &mut chars, &mut line),
            Place::Quoted { hashes, raw } => quoted(c, &mut chars, &mut line, hashes, raw),
            Place::LineComment => {
                line.comment.push(c);
                Place::LineComment
            }
            Place::BlockComment(depth) => match (c, chars.peek()) {
                ('*', Some('/')) => {
                    chars.next();
                    if depth == 1 { Place::Code } else { Place::BlockComment(depth - 1) }
                }
                ('/', Some('*')) => {
                    chars.next();
                    Place::BlockComment(depth + 1)
                }
                _ => {
                    line.comment.push(c);
                    Place::BlockComment(depth)
                }
            },
        };
    }
    if !text.ends_with('\n') {
        lines.push(line);
    }
    lines
}

fn code(c: char, chars: &mut Peekable<Chars<'_>>, line: &mut Line) -> Place {
    match (c, chars.peek()) {
        ('/', Some('/')) => {
            chars.next();
            Place::LineComment
        }
        ('/', Some('*')) => {
            chars.next();
            Place::BlockComment(1)
        }
        ('"', _) => {
            let hashes = line.code.chars().rev().take_while(|c| *c == '#').count();
            let before = line.code.trim_end_matches('#');
            let raw = before.ends_with('r') && !before.trim_end_matches(['r', 'b', 'c']).ends_with(is_word);
            line.code.push('"');
            Place::Quoted { hashes: if raw { hashes } else { 0 }, raw }
        }
        ('\'', _) => {
            line.code.push('\'');
            skip_char_literal(chars);
            Place::Code
        }
        _ => {
            line.code.push(c);
            Place::Code
        }
    }
}

/// After an apostrophe: eats a character with its closing apostrophe, and leaves a lifetime alone.
fn skip_char_literal(chars: &mut Peekable<Chars<'_>>) {
    let mut ahead = chars.clone();
    match ahead.next() {
        Some('\\') => {
            ahead.next(); // What is escaped may itself be an apostrophe.
            if ahead.by_ref().take(10).any(|c| c == '\'') {
                *chars = ahead;
            }
        }
        Some(_) if ahead.next() == Some('\'') => *chars = ahead,
        _ => {}
    }
}

fn quoted(c: char, chars: &mut Peekable<Chars<'_>>, line: &mut Line, hashes: usize, raw: bool) -> Place {
    if c == '\\' && !raw {
        // A line that ends with a backslash goes on in the next one; its end must still be counted.
        if chars.peek().is_some_and(|c| *c != '\n') {
            chars.next();
            line.quoted.push(' ');
        }
        return Place::Quoted { hashes, raw };
    }
    if c == '"' && chars.clone().take(hashes).filter(|c| *c == '#').count() == hashes {
        for _ in 0..hashes {
            chars.next();
        }
        line.code.push('"');
        line.quoted.push(' '); // Two strings of one line are not one word.
        return Place::Code;
    }
    line.quoted.push(c);
    Place::Quoted { hashes, raw }
}

/// Marks what follows `#[cfg(test)]` up to the end of its item.
fn mark_tests(lines: &mut [Line]) {
    let mut depth: Option<i32> = None;
    for line in lines {
        if depth.is_none() && line.code.contains("#[cfg(test)]") {
            line.test = true;
            depth = Some(0);
            continue;
        }
        let Some(open) = depth else { continue };
        line.test = true;
        let mut now = open;
        let mut ended = false;
        for c in line.code.chars() {
            match c {
                '{' => now += 1,
                '}' => {
                    now -= 1;
                    ended |= now == 0;
                }
                ';' => ended |= now == 0,
                _ => {}
            }
        }
        depth = if ended { None } else { Some(now) };
    }
}

pub(crate) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<(String, String, String)> {
        let source = Source::new("crates/x/src/lib.rs", text);
        source.lines.into_iter().map(|line| (line.code, line.quoted.trim().to_owned(), line.comment)).collect()
    }

    #[test]
    fn code_quotes_and_comments_are_told_apart() {
        let found = parts("let a = \"x // y\"; // z \"q\"\nlet b = r#\"p \"q\" r\"#; /* m /* n */ o */ c\n");
        assert_eq!(found[0], ("let a = \"\"; ".into(), "x // y".into(), " z \"q\"".into()));
        assert_eq!(found[1].0, "let b = r#\"\";  c");
        assert_eq!(found[1].1, "p \"q\" r");
    }

    #[test]
    fn characters_and_lifetimes_are_no_quotes() {
        let found = parts("fn a<'a>(c: &'a str) { b('\"', '\\'', '\\u{1f600}') } // d\n");
        assert_eq!(found[0].1, "");
        assert_eq!(found[0].2, " d");
    }

    #[test]
    fn a_string_may_go_over_lines() {
        let found = parts("a(\"one \\\n   two\nthree\"); b\n");
        assert_eq!(found.iter().map(|line| line.1.as_str()).collect::<Vec<_>>(), ["one", "two", "three"]);
        assert_eq!(found[2].0, "\"); b");
    }

    #[test]
    fn tests_are_marked_to_their_end() {
        let source =
            Source::new("crates/x/src/lib.rs", "a\n#[cfg(test)]\nmod tests {\n  b {}\n}\nc\n#[cfg(test)]\nmod d;\ne\n");
        let marked: Vec<bool> = source.lines.iter().map(|line| line.test).collect();
        assert_eq!(marked, [false, true, true, true, true, false, true, true, false]);
        assert!(Source::new("crates/x/tests/case.rs", "a\n").lines[0].test);
    }
}
