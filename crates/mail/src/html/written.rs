//! HTML that our own people write: far less than what mails may have, since others' programs must show it.
//!
//! What a composer or a clipboard made of it does not matter: whatever is not on this list is not sent.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::fold::Folded;
use super::{scheme, shape};

/// Lines, and what dresses letters.
const TAGS: &[&str] =
    &["a", "b", "blockquote", "br", "code", "div", "em", "i", "img", "li", "ol", "p", "pre", "s", "strong", "u", "ul"];

/// What a text can say without any HTML.
const PLAIN: &[&str] = &["br", "div", "p"];

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(TAGS.iter().copied().collect())
        .add_clean_content_tags(["script", "style", "title", "head"])
        .add_tag_attributes("a", ["href"])
        .add_tag_attributes("img", ["src", "alt"])
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None)
        .attribute_filter(attribute);
    builder
});

fn attribute<'a>(tag: &str, name: &str, value: &'a str) -> Option<Cow<'a, str>> {
    let stays = match (tag, name) {
        ("a", "href") => scheme(value, &["http:", "https:", "mailto:", "tel:"]),
        ("img", "src") => place(value).is_some(),
        ("img", "alt") => true,
        // The text counts from one.
        _ => false,
    };
    stays.then_some(Cow::Borrowed(value))
}

/// What somebody has written, as it may be kept and sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The HTML; its pictures are `inline/{place in pictures}`.
    pub html: String,
    /// The names behind `cid:` of its pictures, each once.
    pub pictures: Vec<String>,
    /// Whether it says more than its text does.
    pub is_rich: bool,
}

/// Cleans what somebody has written; none if it is too large. Pictures are named `cid:{name}`, all others are left out.
pub fn written(html: &str) -> Option<Written> {
    if html.len() > crate::limits::HTML {
        return None;
    }
    let mut pictures: Vec<String> = Vec::new();
    let shaped = shape::shape(&[html], Folded::default(), &mut |name| {
        let known = pictures.iter().position(|it| it == name);
        Some(known.unwrap_or_else(|| {
            pictures.push(name.to_owned());
            pictures.len() - 1
        }))
    })?;
    let clean = SANITISER.clean(&lined(&shaped)).to_string();
    let html = with_pictures(&clean, &mut |at| Some(format!("inline/{at}")));
    let is_rich = tags(&html).any(|tag| !PLAIN.contains(&name(tag)));
    Some(Written { html, pictures, is_rich })
}

/// The HTML with another address for each picture `inline/{place}`. A picture without one is left out.
pub fn with_pictures(html: &str, source: &mut dyn FnMut(usize) -> Option<String>) -> String {
    each_tag(html, &mut |tag, out| {
        if name(tag) != "img" {
            out.push_str(tag);
            return;
        }
        let Some((before, rest)) = crate::remote::source(tag) else { return };
        let Some((value, after)) = rest.split_once('"') else { return };
        if let Some(address) = place(value).and_then(&mut *source) {
            for part in [before, " src=\"", &address, "\"", after] {
                out.push_str(part);
            }
        }
    })
}

/// The HTML as it is sent: a quote looks like one also where nobody has a style for it.
pub(crate) fn dressed(html: &str) -> String {
    const QUOTE: &str = "<blockquote style=\"margin:0 0 0 8px;padding-left:12px;border-left:2px solid #cccccc\">";
    html.replace("<blockquote>", QUOTE)
}

/// The place of a picture of the mail's own.
fn place(address: &str) -> Option<usize> {
    let digits = address.strip_prefix("inline/")?;
    digits.bytes().all(|it| it.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// Boxes that are not sent become lines, so that no words of two of them grow together.
fn lined(shaped: &str) -> String {
    each_tag(shaped, &mut |tag, out| {
        let closes = tag.starts_with("</");
        out.push_str(match (name(tag), closes) {
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", false) => "<div><b>",
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", true) => "</b></div>",
            ("center" | "dd" | "dl" | "dt" | "table" | "tr", false) => "<div>",
            ("center" | "dd" | "dl" | "dt" | "table" | "tr", true) => "</div>",
            ("td" | "th", true) => " ",
            ("hr", _) => "<br>",
            ("del" | "strike", false) => "<s>",
            ("del" | "strike", true) => "</s>",
            ("kbd" | "samp" | "tt", false) => "<code>",
            ("kbd" | "samp" | "tt", true) => "</code>",
            _ => tag,
        });
    })
}

/// `html` with each tag as `write` writes it. In what the shaper and the sanitiser write, a bracket in a value is an
/// entity, so the next one ends the tag.
fn each_tag(html: &str, write: &mut dyn FnMut(&str, &mut String)) -> String {
    let mut out = String::with_capacity(html.len() + 64);
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        let end = end_of(&rest[start..]) + start;
        write(&rest[start..end], &mut out);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.match_indices('<').map(|(at, _)| &html[at..])
}

/// Behind the bracket that closes a tag: one that stands in no value.
pub(crate) fn end_of(tag: &str) -> usize {
    let mut quoted = false;
    let end = tag.bytes().position(|it| {
        quoted ^= it == b'"';
        it == b'>' && !quoted
    });
    end.map_or(tag.len(), |it| it + 1)
}

fn name(tag: &str) -> &str {
    let tag = tag.trim_start_matches(['<', '/']);
    &tag[..tag.find(|it: char| !it.is_ascii_alphanumeric()).unwrap_or(tag.len())]
}
