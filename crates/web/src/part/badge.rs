//! A word that changes what you do next, with a glyph where it has one.

use domain::Verdict;
use maud::{Markup, html};

use super::icon::{Icon, icon};
use crate::text::t;

/// What a badge means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Plain,
    /// All is well.
    Good,
    /// Somebody should look.
    Watch,
    /// Something is wrong.
    Risk,
    /// It is selected, or new.
    Accent,
    /// Internal.
    Note,
    /// Outlined: less than plain.
    Line,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Tone::Plain => "badge",
            Tone::Good => "badge badge-good",
            Tone::Watch => "badge badge-watch",
            Tone::Risk => "badge badge-risk",
            Tone::Accent => "badge badge-accent",
            Tone::Note => "badge badge-note",
            Tone::Line => "badge badge-line",
        }
    }
}

/// A badge with a word only.
pub fn badge(tone: Tone, word: &str) -> Markup {
    html! { span class=(tone.class()) { (word) } }
}

/// A badge with a glyph and a word.
pub fn badge_with(tone: Tone, glyph: Icon, word: &str) -> Markup {
    html! { span class=(tone.class()) { (icon(glyph)) (word) } }
}

/// Beside the name of a sender: whether their domain vouches for the mail. Touched or pressed, a doubt says why.
pub fn verdict_mark(verdict: Verdict) -> Markup {
    match verdict {
        Verdict::Aligned => html! {
            span.mark-ok role="img" aria-label=(t("verified")) title=(t("verified-why")) { (icon(Icon::CheckCircle)) }
        },
        Verdict::Unknown => reasoned("mark-un", t("not-verified"), t("not-verified-why")),
        Verdict::Failed => reasoned("mark-un mark-bad", t("denied"), t("denied-why")),
    }
}

fn reasoned(class: &str, word: &str, why: &str) -> Markup {
    html! { details { summary class=(class) { (icon(Icon::Alert)) (word) } p.xs.t2 { (why) } } }
}
