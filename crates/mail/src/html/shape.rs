//! HTML written anew: well nested, bounded, attributes quoted.
//!
//! An HTML5 parser repairs what is badly nested by copying elements, and a mail can be made so that it copies them
//! without end. Here the same repairs are made by closing elements, never by copying them; so the parser behind finds
//! nothing to repair.

use super::TAGS;
use super::fold::{Folded, Watch};
use super::scan::{Scan, Tag, Token, attributes, decoded};
use crate::limits;

/// Elements of letters inside one another.
const LETTERS_DEPTH: usize = 20;
/// Entities in all.
const ENTITIES: usize = 150_000;
/// Bytes of one value.
const VALUE: usize = 4 << 10;

const ATTRIBUTES: &[&str] = &[
    "align",
    "alt",
    "aria-label",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "color",
    "colspan",
    "dir",
    "face",
    "height",
    "href",
    "lang",
    "nowrap",
    "rowspan",
    "size",
    "src",
    "start",
    "style",
    "type",
    "valign",
    "width",
];

/// `pieces` in good shape, one behind the other: what one leaves open ends with it. `None` if they have too many tags or
/// entities.
pub(super) fn shape(
    pieces: &[&str],
    folded: Folded<'_>,
    inline: &mut dyn FnMut(&str) -> Option<usize>,
) -> Option<String> {
    let room = String::with_capacity(pieces.iter().map(|it| it.len()).sum());
    let watch = Watch::new(folded);
    let mut out = Shape { out: room, open: Vec::with_capacity(16), count: 0, entities: 0, watch, inline };
    for piece in pieces {
        for token in Scan::new(piece) {
            if out.count > limits::TAGS {
                return None;
            }
            match token {
                Token::Text(text) => out.text(text),
                Token::Open(tag, rest) => out.open(tag, rest),
                Token::Close(tag) => out.close(tag),
            }
        }
        out.close_to(0);
        out.watch.end(out.out.len());
    }
    (out.entities <= ENTITIES).then(|| out.watch.fold(out.out))
}

struct Shape<'a> {
    out: String,
    open: Vec<Tag>,
    /// Tags so far.
    count: usize,
    /// Entities so far: a parser takes its time over each.
    entities: usize,
    watch: Watch<'a>,
    inline: &'a mut dyn FnMut(&str) -> Option<usize>,
}

impl Shape<'_> {
    fn text(&mut self, text: &str) {
        let blank = text.bytes().all(|it| it.is_ascii_whitespace());
        if !blank {
            self.cell();
        }
        let text = decoded(text);
        let start = self.out.len();
        self.escape(&text);
        let words = text.trim();
        if !words.is_empty() {
            self.watch.word(words, start, self.out.len());
        }
    }

    fn open(&mut self, tag: Tag, rest: &str) {
        if !TAGS.contains(&tag) {
            // Its words stay; a box that is not known still ends a line.
            if matches!(tag, "address" | "article" | "footer" | "header" | "main" | "section") {
                self.open("div", rest);
            }
            return;
        }
        if part_of_table(tag) && !self.row(tag) {
            return;
        }
        match tag {
            "li" => self.end_among(&["li"], &["ul", "ol"]),
            "dd" | "dt" => self.end_among(&["dd", "dt"], &["dl"]),
            "a" => self.end_among(&["a"], &[]),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.end_among(&["h1", "h2", "h3", "h4", "h5", "h6"], &[]),
            _ => {}
        }
        if block(tag) {
            self.end_among(&["p"], &[]);
        }
        if !part_of_table(tag) {
            self.cell();
        }
        let void = matches!(tag, "br" | "hr" | "img");
        let deep = self.open.len() >= limits::HTML_DEPTH
            || letters(tag) && self.open.iter().filter(|it| letters(it)).count() >= LETTERS_DEPTH;
        if deep && !void {
            return;
        }
        if void {
            let start = self.out.len();
            self.start(tag, rest);
            if tag == "img" {
                self.watch.word("", start, self.out.len());
            }
        } else {
            self.enter(tag, rest);
        }
    }

    /// Opens an element that has an end.
    fn enter(&mut self, tag: Tag, rest: &str) {
        let at = self.out.len();
        self.start(tag, rest);
        self.open.push(tag);
        self.watch.enter(tag, rest, at);
    }

    fn close(&mut self, tag: Tag) {
        self.count += 1;
        let tag =
            if matches!(tag, "address" | "article" | "footer" | "header" | "main" | "section") { "div" } else { tag };
        // A tag in a cell closes nothing outside of it, unless it is of the table.
        let fence: &[Tag] = match tag {
            "table" => &[],
            "tbody" | "thead" | "tfoot" | "tr" | "td" | "th" => &["table"],
            _ => &["td", "th", "table"],
        };
        for at in (0..self.open.len()).rev() {
            if self.open[at] == tag {
                return self.close_to(at);
            }
            if fence.contains(&self.open[at]) {
                return;
            }
        }
    }

    /// Closes everything from place `length` on, the innermost first.
    fn close_to(&mut self, length: usize) {
        for tag in self.open.drain(length..).rev() {
            let at = self.out.len();
            self.out.push_str("</");
            self.out.push_str(tag);
            self.out.push('>');
            self.watch.leave(tag, at, self.out.len());
        }
    }

    /// Closes the innermost of `tags`, and what is in it, if none of `fence` and no cell is between.
    fn end_among(&mut self, tags: &[Tag], fence: &[Tag]) {
        for at in (0..self.open.len()).rev() {
            let tag = self.open[at];
            if tags.contains(&tag) {
                return self.close_to(at);
            }
            if fence.contains(&tag) || matches!(tag, "td" | "th" | "table") {
                return;
            }
        }
    }

    /// Gets to where a part of a table may start; false outside of tables.
    fn row(&mut self, tag: Tag) -> bool {
        let Some(table) = self.open.iter().rposition(|it| *it == "table") else { return false };
        let inside = |open: &[Tag], names: &[Tag]| {
            open.iter().skip(table + 1).position(|it| names.contains(it)).map(|it| it + table + 1)
        };
        match tag {
            "td" | "th" => {
                if let Some(row) = inside(&self.open, &["tr"]) {
                    self.close_to(row + 1);
                } else {
                    let body = inside(&self.open, &["tbody", "thead", "tfoot"]);
                    self.close_to(body.unwrap_or(table) + 1);
                    self.enter("tr", "");
                }
            }
            "tr" => {
                let body = inside(&self.open, &["tbody", "thead", "tfoot"]);
                self.close_to(body.unwrap_or(table) + 1);
            }
            _ => self.close_to(table + 1),
        }
        true
    }

    /// Opens a cell if the words or the element that follow would stand in a table but in none of its cells.
    fn cell(&mut self) {
        if matches!(self.open.last(), Some(&("table" | "tbody" | "thead" | "tfoot"))) {
            self.enter("tr", "");
        }
        if self.open.last() == Some(&"tr") {
            self.enter("td", "");
        }
    }

    fn start(&mut self, tag: Tag, rest: &str) {
        self.count += 1;
        self.out.push('<');
        self.out.push_str(tag);
        let mut seen = 0_u32;
        for (name, value) in attributes(rest).take(32) {
            let Some(known) = ATTRIBUTES.iter().position(|it| it.eq_ignore_ascii_case(name)) else { continue };
            if value.len() > VALUE || seen & 1 << known != 0 {
                continue;
            }
            seen |= 1 << known;
            let name = ATTRIBUTES[known];
            if name == "src" {
                let Some(value) = self.source(value) else { continue };
                self.attribute(name, &value);
            } else {
                self.attribute(name, &decoded(value));
            }
        }
        self.out.push('>');
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        self.escape(value);
        self.out.push('"');
    }

    /// Writes `text` so that nothing in it starts a tag or an entity, or ends a value.
    fn escape(&mut self, text: &str) {
        let mut kept = 0;
        for (at, it) in text.bytes().enumerate() {
            let instead = match it {
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                b'&' => "&amp;",
                _ => continue,
            };
            self.out.push_str(&text[kept..at]);
            self.out.push_str(instead);
            self.entities += 1;
            kept = at + 1;
        }
        self.out.push_str(&text[kept..]);
    }

    /// The address of a picture: one of this mail's own becomes relative.
    fn source(&mut self, value: &str) -> Option<String> {
        let value = decoded(value);
        let value = value.trim();
        let cid = value.get(..4).filter(|it| it.eq_ignore_ascii_case("cid:")).map(|_| &value[4..]);
        match cid {
            Some(id) => (self.inline)(&unescaped(id)).map(|it| format!("inline/{it}")),
            None => super::scheme(value, &["http:", "https:"]).then(|| value.to_owned()),
        }
    }
}

/// Elements that stand only in a table.
fn part_of_table(tag: Tag) -> bool {
    matches!(tag, "tbody" | "thead" | "tfoot" | "tr" | "td" | "th")
}

/// Elements before which a paragraph ends.
pub(super) fn block(tag: Tag) -> bool {
    matches!(
        tag,
        "blockquote"
            | "center"
            | "dd"
            | "details"
            | "div"
            | "dl"
            | "dt"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "hr"
            | "li"
            | "ol"
            | "p"
            | "pre"
            | "summary"
            | "table"
            | "ul"
    )
}

/// Elements that only dress letters: the ones that a parser copies.
fn letters(tag: Tag) -> bool {
    matches!(tag, "a" | "b" | "big" | "code" | "em" | "font" | "i" | "s" | "small" | "strike" | "strong" | "tt" | "u")
}

/// `text` with `%xx` decoded (RFC 3986 §2.1).
fn unescaped(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code =
            tail.get(..2).and_then(|it| std::str::from_utf8(it).ok()).and_then(|it| u8::from_str_radix(it, 16).ok());
        match code {
            Some(code) if *first == b'%' => {
                out.push(code);
                rest = &tail[2..];
            }
            _ => {
                out.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
