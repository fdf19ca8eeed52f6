//! HTML, folded: what the text of the mail shows folded stands in an element that a browser shows closed, without a script.
//!
//! Programs name the place where the earlier mail starts. What is named is folded only if words of the sender stand above
//! and nothing stands below: never around answers between the lines of a quote, never around everything. What has no name
//! is found by what it says.

use domain::{Fold, FoldKind};

use super::ink::{Piece, Places};
use super::scan::{Tag, attributes};
use super::shape::block;
use crate::fold::announces;

/// What is folded, for a reader who does not see the three dots.
pub(super) fn label(kind: FoldKind) -> &'static str {
    match kind {
        FoldKind::Quote => "Earlier messages",
        FoldKind::Signature => "Signature",
        FoldKind::Forward => "Forwarded header",
        FoldKind::Disclaimer => "Legal notice",
    }
}

/// Whether `value` is a [`label`].
pub(super) fn is_label(value: &str) -> bool {
    use FoldKind::{Disclaimer, Forward, Quote, Signature};
    [Quote, Signature, Forward, Disclaimer].iter().any(|it| label(*it) == value)
}

/// Candidates that are watched.
const CANDIDATES: usize = 32;

/// The text that says the same as the HTML, and what of it is folded.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Folded<'a> {
    pub(crate) text: &'a str,
    pub(crate) folds: &'a [Fold],
}

/// How far a quote goes whose start is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// To the end of the element; its own words are in the elements for quotes that it has.
    Cites,
    /// To the end of the element, whatever is in it.
    Element,
    /// To the end of what the element is in.
    Rest,
    /// The same, but words between elements for quotes are answers.
    RestCites,
    /// It is no quote but the sender's card.
    Signature,
}

/// A place where a quote may start.
struct Candidate {
    start: usize,
    end: Option<usize>,
    /// The words in front of its start, and of its end.
    before: usize,
    behind: usize,
    /// The number of open elements with which it ends.
    depth: usize,
    /// Whether the end tag of that element belongs to it.
    closes: bool,
    /// Elements for quotes around it, if words between those in it are answers.
    cites: Option<usize>,
    /// Whether one of those in it has ended.
    cited: bool,
    /// Whether answers stand in it.
    answered: bool,
}

/// What is seen of a mail while it is written.
#[derive(Default)]
pub(super) struct Watch<'a> {
    folded: Folded<'a>,
    on: bool,
    places: Places,
    /// Words and pictures so far.
    words: usize,
    /// Of each open element its name, its start, and the words in front of it.
    open: Vec<(Tag, usize, usize)>,
    /// Elements for quotes that are open.
    cites: usize,
    /// How many elements are open with the one for a signature that is: what stands in it is neither words of the sender
    /// nor an answer.
    signature: Option<usize>,
    candidates: Vec<Candidate>,
}

impl Watch<'_> {
    pub(super) fn new(folded: Folded<'_>) -> Watch<'_> {
        Watch { folded, on: !folded.folds.is_empty(), ..Watch::default() }
    }

    /// Words that were written from `start` to `end`; none for a picture.
    pub(super) fn word(&mut self, text: &str, start: usize, end: usize) {
        if !self.on {
            return;
        }
        self.places.word(text.is_empty(), start, end);
        if self.signature.is_some() {
            return;
        }
        if self.words > 0 && text.starts_with("---") && announces(text) && self.candidates.len() < CANDIDATES {
            self.candidate(Reach::Rest);
        }
        self.words += 1;
        for it in self.candidates.iter_mut().filter(|it| it.end.is_none()) {
            it.answered |= it.cited && it.cites == Some(self.cites);
        }
    }

    /// An element is opened whose tag starts at `at`.
    pub(super) fn enter(&mut self, tag: Tag, rest: &str, at: usize) {
        if !self.on {
            return;
        }
        self.places.enter(tag, at);
        self.open.push((tag, at, self.words));
        if matches!(tag, "div" | "blockquote") {
            match named(tag, rest) {
                Some(Reach::Signature) if self.signature.is_none() => self.signature = Some(self.open.len()),
                Some(reach) if self.words > 0 && self.candidates.len() < CANDIDATES => self.candidate(reach),
                _ => {}
            }
        }
        self.cites += usize::from(tag == "blockquote");
    }

    fn candidate(&mut self, reach: Reach) {
        let mut depth = self.open.len();
        // Words may be dressed: the box around them starts with them.
        while depth >= 2 && !block(self.open[depth - 1].0) && self.open[depth - 2].2 == self.words {
            depth -= 1;
        }
        if depth == 0 || !matches!(self.open[depth - 1].0, "div" | "p" | "blockquote") {
            return;
        }
        let rest = matches!(reach, Reach::Rest | Reach::RestCites);
        // What starts with nothing in front of it starts where the box around it does.
        while rest && depth >= 2 && self.open[depth - 2].0 == "div" && self.open[depth - 2].2 == self.words {
            depth -= 1;
        }
        let start = self.open[depth - 1].1;
        let cites = matches!(reach, Reach::Cites | Reach::RestCites).then_some(self.cites);
        self.candidates.push(Candidate {
            start,
            end: None,
            before: self.words,
            behind: 0,
            depth: if rest { depth - 1 } else { depth },
            closes: !rest,
            cites,
            cited: false,
            answered: false,
        });
    }

    /// The innermost element is closed, by an end tag from `at` to `end`.
    pub(super) fn leave(&mut self, tag: Tag, at: usize, end: usize) {
        if !self.on {
            return;
        }
        self.places.leave(end);
        let depth = self.open.len();
        self.open.pop();
        if self.signature == Some(depth) {
            self.signature = None;
        }
        if tag == "blockquote" {
            self.cites = self.cites.saturating_sub(1);
        }
        let (cites, words) = (self.cites, self.words);
        for it in self.candidates.iter_mut().filter(|it| it.end.is_none()) {
            it.cited |= tag == "blockquote" && it.cites == Some(cites);
            if it.depth == depth {
                it.end = Some(if it.closes { end } else { at });
                it.behind = words;
            }
        }
    }

    /// A piece of the mail ends at `at`.
    pub(super) fn end(&mut self, at: usize) {
        let words = self.words;
        for it in self.candidates.iter_mut().filter(|it| it.end.is_none()) {
            it.end = Some(at);
            it.behind = words;
        }
    }

    /// `html` with what is folded of it.
    pub(super) fn fold(&self, html: String) -> String {
        let Folded { text, folds } = self.folded;
        if folds.is_empty() {
            return html;
        }
        // A mail that is passed on is the point of the mail.
        let has = |kind: FoldKind| folds.iter().any(|it| it.kind == kind);
        let named = (has(FoldKind::Quote) && !has(FoldKind::Forward)).then(|| self.quote()).flatten();
        // Where its program names the earlier mail, that says better where it ends.
        let sought = |it: &&Fold| it.kind != FoldKind::Quote || self.candidates.is_empty();
        let mut pieces = Vec::new();
        if folds.iter().any(|it| sought(&it)) {
            pieces = self.places.find(&html, text, folds.iter().filter(sought));
        }
        if let Some(named) = named {
            pieces.retain(|it| it.end <= named.start || it.start >= named.end);
            pieces.push(named);
        }
        pieces.sort_by_key(|it| it.start);
        pieces.dedup_by(|it, before| it.start < before.end);
        if !self.places.shown(&html, &pieces) {
            return html;
        }
        let mut out = String::with_capacity(html.len() + pieces.len() * 80);
        let mut at = 0;
        for Piece { kind, start, end } in pieces {
            let (Some(before), Some(piece)) = (html.get(at..start), html.get(start..end)) else { continue };
            let label = label(kind);
            out.push_str(before);
            for part in ["<details><summary aria-label=\"", label, "\">\u{2026}"] {
                out.push_str(part);
            }
            if kind != FoldKind::Quote {
                out.push(' ');
                out.push_str(label);
            }
            for part in ["</summary>", piece, "</details>"] {
                out.push_str(part);
            }
            at = end;
        }
        out.push_str(html.get(at..).unwrap_or_default());
        out
    }

    /// The quote that ends the mail, where its start is named.
    fn quote(&self) -> Option<Piece> {
        let trailing = |it: &&Candidate| !it.answered && it.behind == self.words && it.behind > it.before;
        let it = self.candidates.iter().filter(trailing).min_by_key(|it| it.start)?;
        Some(Piece { kind: FoldKind::Quote, start: it.start, end: it.end? })
    }
}

/// How far the quote goes that an element is named as the start of.
fn named(tag: Tag, rest: &str) -> Option<Reach> {
    for (name, value) in attributes(rest).take(32) {
        let reach = if name.eq_ignore_ascii_case("class") {
            value.split_ascii_whitespace().find_map(class)
        } else if name.eq_ignore_ascii_case("id") {
            id(value)
        } else if name.eq_ignore_ascii_case("type") {
            (tag == "blockquote" && value.eq_ignore_ascii_case("cite")).then_some(Reach::Cites)
        } else if name.eq_ignore_ascii_case("name") {
            value.eq_ignore_ascii_case("quote").then_some(Reach::Element)
        } else if name.eq_ignore_ascii_case("style") && value.len() <= 400 {
            ruled(tag, value)
        } else {
            None
        };
        if reach.is_some() {
            return reach;
        }
    }
    None
}

fn class(name: &str) -> Option<Reach> {
    match name {
        "gmail_quote" | "gmail_quote_container" | "protonmail_quote" | "tutanota_quote" | "quote" | "zmail_extra" => {
            Some(Reach::Cites)
        }
        "moz-signature" | "gmail_signature" | "protonmail_signature_block" => Some(Reach::Signature),
        "moz-cite-prefix" | "gmail_attr" => Some(Reach::RestCites),
        "OutlookMessageHeader" => Some(Reach::Rest),
        _ if name.ends_with("yahoo_quoted") => Some(Reach::Element),
        _ => None,
    }
}

fn id(name: &str) -> Option<Reach> {
    match name {
        "divRplyFwdMsg" | "appendonsend" => Some(Reach::Rest),
        "AppleMailSignature" | "ms-outlook-mobile-signature" | "composer_signature" | "Signature" => {
            Some(Reach::Signature)
        }
        "reply-intro" | "replybody1" => Some(Reach::RestCites),
        "OLK_SRC_BODY_SECTION" | "mail-editor-reference-message-container" | "protonmail_quote" => Some(Reach::Element),
        _ if name.starts_with("yahoo_quoted") => Some(Reach::Element),
        _ => None,
    }
}

/// The rule that desktop programs draw above the header lines of an earlier mail, or beside its words.
fn ruled(tag: Tag, style: &str) -> Option<Reach> {
    let style: String = style.chars().filter(|it| !it.is_whitespace()).map(|it| it.to_ascii_lowercase()).collect();
    if tag == "div" && style.starts_with("border:none;border-top:solid") {
        return Some(Reach::Rest);
    }
    (tag == "blockquote" && style.contains("border-left:") && style.contains("solid")).then_some(Reach::Cites)
}
