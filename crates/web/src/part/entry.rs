//! The conversation: one spine, every message and note hangs from it, and what happened stands between them.

use domain::mention::Mention;
use domain::{FoldKind, Timestamp, Verdict};
use maud::{Markup, html};

use super::badge::{Tone, badge, badge_with, verdict_mark};
use super::channel::{ChannelMark, MarkSize, channel_mark};
use super::file::file_chip;
use super::icon::{Icon, icon, icon_sm};
use super::time::Clock;
use crate::text::t;

/// What a message says.
#[derive(Clone, Copy, Debug)]
pub enum MessageBody<'a> {
    /// Plain text in pieces; those with a kind are folded away.
    Text(&'a [(Option<FoldKind>, &'a str)]),
    /// HTML, shown in a frame with its own address and policy.
    Frame {
        /// The frame's address.
        address: &'a str,
        /// Its name, by which a link can load something else into it.
        name: &'a str,
    },
}

/// A message on the spine.
#[derive(Clone, Copy, Debug)]
pub struct MessageEntry<'a> {
    /// The id of its element: `e12` for the twelfth entry.
    pub id: &'a str,
    /// Changes when anything shown of it changes.
    pub revision: i64,
    /// Who wrote it.
    pub name: &'a str,
    /// How: "by email to billing@tareline.example".
    pub via: &'a str,
    /// When it reached us, or when we wrote it.
    pub at: Timestamp,
    /// Whether the sender is who they say; nobody asks that of one of ours.
    pub verdict: Option<Verdict>,
    /// Set if a machine wrote it, with what kind of mail it is.
    pub automatic: Option<&'a str>,
    /// Why it is in this case.
    pub why: Option<&'a Markup>,
    /// What else a reader should know before they believe it.
    pub warning: Option<&'a str>,
    /// What its reader can do with it right here.
    pub offers: &'a [Markup],
    /// Where it can be had as it came.
    pub raw: Option<&'a str>,
    /// What it says.
    pub body: MessageBody<'a>,
    /// `(name, bytes, address)` of each file.
    pub files: &'a [(&'a str, u64, &'a str)],
    /// Below it: that it is on its way, or what helps since it did not leave.
    pub state: Option<&'a Markup>,
    /// Whether it is said with a supplier, and not with the customer.
    pub supplier: bool,
    /// Where it is forwarded to one.
    pub forward: Option<&'a str>,
    /// Whether it did not leave.
    pub failed: bool,
    /// The box by which it is chosen, where messages are.
    pub choice: Option<&'a Markup>,
}

impl MessageEntry<'_> {
    /// The message as an article.
    pub fn render(&self, clock: &Clock) -> Markup {
        let ours = self.verdict.is_none();
        html! {
            article.entry.entry-failed[self.failed].entry-supplier[self.supplier] id=(self.id) data-rev=(self.revision) {
                (channel_mark(ChannelMark::Mail, MarkSize::Normal))
                header {
                    b { (self.name) }
                    @if let Some(verdict) = self.verdict { (verdict_mark(verdict)) }
                    @if self.supplier { span title=(t("supplier-stays")) { (badge_with(Tone::Plain, Icon::Forward, t("supplier"))) } }
                    @if let Some(kind) = self.automatic { (badge(Tone::Line, kind)) }
                    span.via title=(self.via) { (self.via) }
                    (clock.long(self.at))
                    @if let Some(choice) = self.choice { (choice) }
                }
                @if self.why.is_some() || self.raw.is_some() || self.forward.is_some() { (why(self.why, self.raw, self.forward)) }
                @if let Some(warning) = self.warning { p.err.entry-w { (icon_sm(Icon::Alert)) span { (warning) } } }
                @for offer in self.offers { (offer) }
                div.msg.msg-ours[ours].msg-frame[matches!(self.body, MessageBody::Frame { .. })].mt1[self.why.is_none() && self.forward.is_none()] {
                    (body(&self.body, self.name, ours))
                    (files(self.files))
                }
                @if let Some(state) = self.state { (state) }
            }
        }
    }
}

/// An internal note on the spine.
#[derive(Clone, Copy, Debug)]
pub struct NoteEntry<'a> {
    /// The id of its element.
    pub id: &'a str,
    /// Who wrote it.
    pub name: &'a str,
    /// When.
    pub at: Timestamp,
    /// What it says.
    pub text: &'a str,
    /// Where colleagues are named in it.
    pub mentions: &'a [Mention],
    /// `(name, bytes, address)` of each file.
    pub files: &'a [(&'a str, u64, &'a str)],
}

impl NoteEntry<'_> {
    /// The note as an article.
    pub fn render(&self, clock: &Clock) -> Markup {
        html! {
            article.entry id=(self.id) data-rev="0" {
                (channel_mark(ChannelMark::Note, MarkSize::Normal))
                header {
                    b { (self.name) }
                    (badge_with(Tone::Note, Icon::Lock, t("internal-note")))
                    (clock.long(self.at))
                }
                div.msg.msg-note.mt1 {
                    p.said { (self.said()) }
                    (files(self.files))
                }
            }
        }
    }

    /// The text, with the names of colleagues marked.
    fn said(&self) -> Markup {
        let mut at = 0;
        html! {
            @for it in self.mentions {
                (linked(self.text.get(at..it.at.start).unwrap_or_default()))
                b.mention { (self.text.get(it.at.clone()).unwrap_or_default()) }
                ({ at = it.at.end; "" })
            }
            (linked(self.text.get(at..).unwrap_or_default()))
        }
    }
}

/// What happened between messages, in one line.
pub fn entry_line(id: &str, sentence: &Markup, at: Timestamp, clock: &Clock) -> Markup {
    entry_line_with(id, sentence, None, at, clock)
}

/// The same with what can be done about it.
pub fn entry_line_with(id: &str, sentence: &Markup, action: Option<&Markup>, at: Timestamp, clock: &Clock) -> Markup {
    html! {
        div.entry.entry-line id=(id) data-rev=(i64::from(action.is_some())) {
            span.entry-dot aria-hidden="true" {}
            @if let Some(action) = action {
                div.entry-t { div { span { (sentence) } " " (action) } (clock.long(at)) }
            } @else {
                p.entry-t { span { (sentence) } (clock.long(at)) }
            }
        }
    }
}

/// Why a message is in this case, directly under its header; where it can be had as it came, and where it is forwarded.
pub fn why(reason: Option<&Markup>, raw: Option<&str>, forward: Option<&str>) -> Markup {
    html! {
        p.why {
            @if let Some(reason) = reason { (icon(Icon::Link)) span.why-r { (reason) } }
            @if let Some(forward) = forward { a.why-forward href=(forward) title=(t("forward-why")) { (t("forward")) } }
            @if let Some(raw) = raw { a.why-raw href=(raw) download title=(t("raw-why")) { (t("raw")) } }
        }
    }
}

/// The spine: a labelled region that scrolls and opens at its newest entry. `address` answers with it alone.
pub fn feed(case: i64, address: &str, entries: &Markup) -> Markup {
    html! {
        div.conv-body {
            div.conv-scroll tabindex="0" role="region" aria-label=(t("conversation")) {
                div.feed #spine data-live={ "case " (case) } data-src=(address) data-merge { (entries) }
            }
        }
    }
}

fn body(body: &MessageBody<'_>, name: &str, ours: bool) -> Markup {
    html! {
        @match body {
            MessageBody::Text(pieces) => {
                @for (fold, text) in *pieces {
                    @match fold {
                        None => p.said { (linked(text.trim_matches(['\r', '\n']))) },
                        Some(kind) => details.quoted {
                            summary { (icon_sm(Icon::More)) (folded(*kind, ours)) }
                            blockquote.said { (linked(text.trim_matches(['\r', '\n']))) }
                        },
                    }
                }
            }
            MessageBody::Frame { address, name: frame } => {
                bw-frame {
                    iframe src=(address) name=(frame) title={ (t("frame-of")) " " (name) } loading="lazy"
                        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox" {}
                }
            }
        }
    }
}

fn folded(kind: FoldKind, ours: bool) -> &'static str {
    match kind {
        FoldKind::Forward if ours => t("forwarded-message"),
        FoldKind::Quote => t("folded-quote"),
        FoldKind::Signature => t("folded-signature"),
        FoldKind::Forward => t("folded-forward"),
        FoldKind::Disclaimer => t("folded-disclaimer"),
    }
}

fn files(files: &[(&str, u64, &str)]) -> Markup {
    html! {
        @if !files.is_empty() {
            div.msg-foot { @for (name, bytes, address) in files { (file_chip(name, *bytes, address)) } }
        }
    }
}

/// Text whose addresses of the web can be followed. Nothing else in it becomes markup.
fn linked(text: &str) -> Markup {
    let mut rest = text;
    let mut pieces = Vec::new();
    while let Some(start) = next_address(rest) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|it: char| it.is_whitespace() || matches!(it, '<' | '>' | '"')).unwrap_or(from.len());
        let address = trimmed(&from[..end]);
        pieces.push((before, Some(address)));
        rest = &from[address.len()..];
    }
    html! {
        @for (before, address) in pieces {
            (before)
            @if let Some(address) = address { a.link href=(address) rel="noreferrer noopener" target="_blank" { (address) } }
        }
        (rest)
    }
}

fn next_address(text: &str) -> Option<usize> {
    ["https://", "http://"].iter().filter_map(|it| text.find(it)).min()
}

/// Without the punctuation that ends a sentence, and without a bracket that was opened before the address.
fn trimmed(address: &str) -> &str {
    let mut end = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', '*', '_']);
    while end.ends_with(')') && end.matches(')').count() > end.matches('(').count() {
        end = end[..end.len() - 1].trim_end_matches(['.', ',', ';', ':', '!', '?']);
    }
    end
}

#[cfg(test)]
mod tests {
    use super::linked;

    #[test]
    fn an_address_in_a_text_can_be_followed_and_nothing_else_becomes_markup() {
        let a = |it: &str| {
            format!("<a class=\"link\" href=\"{it}\" rel=\"noreferrer noopener\" target=\"_blank\">{it}</a>")
        };
        for (text, expected) in [
            ("See https://x.example/a.", format!("See {}.", a("https://x.example/a"))),
            ("(http://x.example/a_(b))", format!("({})", a("http://x.example/a_(b)"))),
            ("<script>javascript:1</script>", "&lt;script&gt;javascript:1&lt;/script&gt;".to_owned()),
            ("https://x.example/\"onclick=1", format!("{}&quot;onclick=1", a("https://x.example/"))),
            // A scheme alone must not make the search go round for ever.
            ("http://...", format!("{}...", a("http://"))),
        ] {
            assert_eq!(linked(text).into_string(), expected);
        }
    }
}
