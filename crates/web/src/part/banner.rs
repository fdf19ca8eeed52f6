//! A state that lasts until it is over.

use maud::{Markup, html};

use super::badge::Tone;
use super::icon::{Icon, icon};

/// A banner with a sentence.
pub fn banner(tone: Tone, sentence: &str) -> Markup {
    banner_with(tone, &html! { (sentence) }, &html! {})
}

/// A banner with a sentence in markup, and what can be done about it.
pub fn banner_with(tone: Tone, sentence: &Markup, action: &Markup) -> Markup {
    let (class, glyph) = match tone {
        Tone::Risk => ("banner banner-risk", Icon::Alert),
        Tone::Watch => ("banner banner-watch", Icon::Alert),
        Tone::Good => ("banner", Icon::CheckCircle),
        Tone::Plain | Tone::Accent | Tone::Note | Tone::Line => ("banner", Icon::Info),
    };
    html! {
        div class=(class) role=(if tone == Tone::Risk { "alert" } else { "status" }) {
            (icon(glyph)) span.grow { (sentence) } (action)
        }
    }
}
