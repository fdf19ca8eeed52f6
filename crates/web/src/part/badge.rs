//! A word that changes what you do next, with a glyph where it has one.

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

/// Beside the name of a sender who may be another. Touched or pressed it says why.
pub fn doubtful(word: &str, why: &str) -> Markup {
    reasoned("mark-un", word, why)
}

/// Beside the name of a sender whose own domain says that it is not them. Touched or pressed it says why.
pub fn denied(word: &str, why: &str) -> Markup {
    reasoned("mark-un mark-bad", word, why)
}

fn reasoned(class: &str, word: &str, why: &str) -> Markup {
    html! { details { summary class=(class) { (icon(Icon::Alert)) (word) } p.xs.t2 { (why) } } }
}

/// Beside the name of a sender whose domain vouches for the mail.
pub fn vouched() -> Markup {
    html! { span.mark-ok role="img" aria-label=(t("verified")) title=(t("verified-why")) { (icon(Icon::CheckCircle)) } }
}
