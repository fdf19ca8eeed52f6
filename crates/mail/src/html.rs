//! HTML of mails: made harmless, and made text.
//!
//! Three steps, each linear: `scan` cuts it into tags and words; `shape` writes it anew, well nested, bounded in
//! depth and number, with quoted attributes, so that no parser behind it can be led to build a tree larger than its
//! input; ammonia, an HTML5 parser with an allow-list, then has the last word on what stays.

mod fold;
mod ink;
mod scan;
mod shape;
mod style;
mod text;
mod written;

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

pub(crate) use fold::Folded;
pub use text::text_of;
pub use written::{Written, with_pictures, written};
pub(crate) use written::{dressed, end_of};

use crate::limits::HTML;

const TAGS: &[&str] = &[
    "a",
    "b",
    "big",
    "blockquote",
    "br",
    "center",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
];

const TABLE: &[&str] = &["align", "valign", "bgcolor", "width", "height"];

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(TAGS.iter().copied().collect())
        .add_clean_content_tags(["script", "style", "title", "head"])
        .generic_attributes(HashSet::from(["align", "dir", "lang", "style"]))
        .add_tag_attributes("a", ["href"])
        .add_tag_attributes("font", ["color", "face", "size"])
        .add_tag_attributes("img", ["src", "alt", "width", "height", "border"])
        .add_tag_attributes("ol", ["start", "type"])
        .add_tag_attributes("summary", ["aria-label"])
        .add_tag_attributes("table", ["bgcolor", "border", "cellpadding", "cellspacing", "height", "width"])
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer nofollow"))
        .set_tag_attribute_value("a", "target", "_blank")
        .attribute_filter(attribute);
    for tag in ["tr", "tbody", "thead", "tfoot"] {
        builder.add_tag_attributes(tag, TABLE);
    }
    for tag in ["td", "th"] {
        builder.add_tag_attributes(tag, TABLE).add_tag_attributes(tag, ["colspan", "rowspan", "nowrap"]);
    }
    builder
});

/// The last word on the value of an attribute.
fn attribute<'a>(tag: &str, name: &str, value: &'a str) -> Option<Cow<'a, str>> {
    match (tag, name) {
        (_, "style") => style::kept(value).map(Cow::Owned),
        ("summary", "aria-label") => fold::is_label(value).then_some(Cow::Borrowed(value)),
        ("a", "href") => scheme(value, &["http:", "https:", "mailto:", "tel:"]).then_some(Cow::Borrowed(value)),
        ("img", "src") => {
            let inline = value
                .strip_prefix("inline/")
                .is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()));
            (inline || scheme(value, &["http:", "https:"])).then_some(Cow::Borrowed(value))
        }
        (_, "align" | "dir" | "lang" | "valign" | "type" | "alt" | "color" | "bgcolor" | "face" | "rel" | "target") => {
            Some(Cow::Borrowed(value))
        }
        // Numbers: what is larger than any screen is no size.
        (_, "colspan" | "rowspan") => number(value, 3),
        _ => number(value, 4),
    }
}

/// A number of so many digits, its unit with it.
fn number(value: &str, digits: usize) -> Option<Cow<'_, str>> {
    let longest = value.split(|it: char| !it.is_ascii_digit()).map(str::len).max().unwrap_or_default();
    (longest <= digits && value.len() <= 20).then_some(Cow::Borrowed(value))
}

fn scheme(value: &str, allowed: &[&str]) -> bool {
    allowed.iter().any(|it| value.get(..it.len()).is_some_and(|start| start.eq_ignore_ascii_case(it)))
}

/// `html` without anything that runs, sends, frames or loads unasked other than pictures, which the frame's policy
/// holds back; `None` if it is too large or has too many tags: its text is shown then.
///
/// `inline` tells the index of the file with a Content-ID: a picture by that id (RFC 2392) gets the relative address
/// `inline/{index}`, one by an unknown id none.
pub fn sanitise(html: &str, inline: &mut dyn FnMut(&str) -> Option<usize>) -> Option<String> {
    sanitise_all(&[html], Folded::default(), inline)
}

/// [`sanitise`] for the pieces of one mail: what one of them leaves open, be it a comment, cannot swallow the next.
pub(crate) fn sanitise_all(
    pieces: &[&str],
    folded: Folded<'_>,
    inline: &mut dyn FnMut(&str) -> Option<usize>,
) -> Option<String> {
    if pieces.iter().map(|it| it.len()).sum::<usize>() > HTML {
        return None;
    }
    let shaped = shape::shape(pieces, folded, inline)?;
    Some(SANITISER.clean(&shaped).to_string())
}
