//! HTML made text that reads well: paragraphs, lists, links, quotes.

use super::scan::{Scan, Tag, Token, attributes, decoded};
use super::shape::block;
use crate::limits::TEXT;

/// Quotes inside one another that are marked as such.
const QUOTES: usize = 8;
/// Bytes of an address that is shown behind its words.
const LINK: usize = 300;

/// The text of `html`, at most [`TEXT`] bytes and a little: a quote gets `> ` before each line, a link its address
/// behind its words unless they are the same.
pub fn text_of(html: &str) -> String {
    let mut out = Writer { out: String::with_capacity(html.len() / 2), ..Writer::default() };
    // What is hidden: the tag whose end is waited for, and how many of its name are open.
    let mut hidden: Option<(Tag, usize)> = None;
    for token in Scan::new(html) {
        if out.out.len() > TEXT {
            break;
        }
        if let Some((tag, depth)) = &mut hidden {
            // A paragraph need not be closed: the next box ends it, and is shown.
            let next = *tag == "p" && matches!(token, Token::Open(it, _) | Token::Close(it) if ends_paragraph(it));
            match token {
                _ if next => *depth = 0,
                Token::Open(it, _) if it == *tag => *depth += 1,
                Token::Close(it) if it == *tag => *depth -= 1,
                _ => {}
            }
            if *depth == 0 {
                hidden = None;
            }
            if !next {
                continue;
            }
        }
        match token {
            Token::Text(text) => out.words(&decoded(text)),
            Token::Open(tag @ ("div" | "span" | "p"), rest) if hides(rest) => hidden = Some((tag, 1)),
            Token::Open(tag, rest) => out.open(tag, rest),
            Token::Close(tag) => out.close(tag),
        }
    }
    out.out.truncate(out.out.trim_end().len());
    out.out
}

fn hides(rest: &str) -> bool {
    attribute(rest, "style").is_some_and(|it| {
        let style: String = it.chars().filter(|it| !it.is_whitespace()).map(|it| it.to_ascii_lowercase()).collect();
        style.contains("display:none")
    })
}

fn attribute<'a>(rest: &'a str, name: &str) -> Option<&'a str> {
    attributes(rest).take(32).find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1)
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Line ends that come before the next word.
    breaks: usize,
    /// Whether a space comes before the next word.
    space: bool,
    quotes: usize,
    /// Quotes around the word before.
    before: usize,
    /// The number of the next item of each open list; `None` for a list without numbers.
    lists: Vec<Option<usize>>,
    /// What stands before the next word, the mark of an item.
    mark: String,
    pre: usize,
    /// The open link: where its words start, and its address.
    link: Option<(usize, String)>,
}

impl Writer {
    fn words(&mut self, text: &str) {
        if self.pre > 0 {
            for (nth, line) in text.split('\n').enumerate() {
                if nth > 0 {
                    self.breaks = (self.breaks + 1).min(2);
                }
                if !line.is_empty() {
                    self.begin();
                    self.out.push_str(line);
                }
            }
            return;
        }
        let blank = |it: char| it.is_ascii_whitespace() || it == '\u{a0}';
        self.space |= text.starts_with(blank);
        for word in text.split(blank).filter(|it| !it.is_empty()) {
            self.begin();
            self.out.push_str(word);
            self.space = true;
        }
        if !text.is_empty() && !text.ends_with(blank) {
            self.space = false;
        }
    }

    /// Writes what comes before a word.
    fn begin(&mut self) {
        let start = self.out.is_empty();
        if start || self.breaks > 0 {
            let breaks = if start { 0 } else { self.breaks };
            for nth in 0..breaks {
                // An empty line inside a quote belongs to it; one around it does not.
                let inside = self.quotes.min(self.before);
                if nth > 0 && inside > 0 {
                    self.quote_marks(inside);
                    self.out.truncate(self.out.trim_end_matches(' ').len());
                }
                self.out.push('\n');
            }
            self.quote_marks(self.quotes);
            self.before = self.quotes;
            self.out.push_str(&std::mem::take(&mut self.mark));
        } else if self.space {
            self.out.push(' ');
        }
        self.breaks = 0;
        self.space = false;
    }

    fn quote_marks(&mut self, depth: usize) {
        let depth = depth.min(QUOTES);
        self.out.extend(std::iter::repeat_n('>', depth));
        if depth > 0 {
            self.out.push(' ');
        }
    }

    fn line(&mut self, breaks: usize) {
        self.breaks = self.breaks.max(breaks);
        self.space = false;
    }

    fn open(&mut self, tag: Tag, rest: &str) {
        match tag {
            "br" => {
                self.breaks = (self.breaks + 1).min(2);
                self.space = false;
            }
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dl" => self.line(2),
            "ul" | "ol" => {
                self.line(if self.lists.is_empty() { 2 } else { 1 });
                self.lists.push((tag == "ol").then_some(1));
            }
            "li" => {
                self.line(1);
                let indent = "  ".repeat(self.lists.len().saturating_sub(1).min(QUOTES));
                self.mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{indent}{}. ", *number - 1)
                    }
                    _ => format!("{indent}- "),
                };
            }
            "blockquote" => {
                self.line(2);
                self.quotes += 1;
            }
            "pre" => {
                self.line(2);
                self.pre += 1;
            }
            "hr" => {
                self.line(2);
                self.words("---");
                self.line(2);
            }
            "td" | "th" => self.space = true,
            "img" => {
                if let Some(alt) = attribute(rest, "alt").map(decoded).filter(|it| !it.trim().is_empty()) {
                    self.space = true;
                    self.words(&format!("[{}]", alt.trim()));
                }
            }
            "a" => {
                let href = attribute(rest, "href").map(|it| decoded(it).trim().to_owned());
                self.link = href.filter(|it| it.len() <= LINK).map(|it| (self.out.len(), it));
            }
            _ if boxed(tag) => self.line(1),
            _ => {}
        }
    }

    fn close(&mut self, tag: Tag) {
        match tag {
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dl" => self.line(2),
            "ul" | "ol" => {
                self.lists.pop();
                self.mark.clear();
                self.line(if self.lists.is_empty() { 2 } else { 1 });
            }
            "blockquote" => {
                self.line(2);
                self.quotes = self.quotes.saturating_sub(1);
            }
            "pre" => {
                self.line(2);
                self.pre = self.pre.saturating_sub(1);
            }
            "a" => self.end_link(),
            _ if boxed(tag) => self.line(1),
            _ => {}
        }
    }

    fn end_link(&mut self) {
        let Some((start, href)) = self.link.take() else { return };
        let words = self.out[start.min(self.out.len())..].trim().to_owned();
        let bare = |it: &str| {
            let it = it.trim().trim_end_matches('/').to_ascii_lowercase();
            ["mailto:", "tel:", "https://", "http://", "www."]
                .iter()
                .fold(it, |it, start| it.strip_prefix(start).map_or(it.clone(), str::to_owned))
        };
        let shown = super::scheme(&href, &["http:", "https:", "mailto:"]);
        if shown && !words.is_empty() && bare(&words) != bare(&href) {
            let href: String = href.chars().filter(|it| !it.is_whitespace() && !it.is_control()).collect();
            let behind = self.space;
            self.space = true;
            self.words(&format!("<{href}>"));
            self.space = behind;
        }
    }
}

fn ends_paragraph(tag: Tag) -> bool {
    block(tag) || boxed(tag) || matches!(tag, "td" | "th")
}

fn boxed(tag: Tag) -> bool {
    matches!(
        tag,
        "address"
            | "article"
            | "center"
            | "dd"
            | "div"
            | "dt"
            | "footer"
            | "header"
            | "li"
            | "main"
            | "option"
            | "section"
            | "table"
            | "tbody"
            | "tfoot"
            | "thead"
            | "tr"
    )
}
