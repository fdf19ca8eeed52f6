//! Nothing here, or nothing could be loaded.

use maud::{Markup, html};

use super::icon::{Icon, icon};

/// Nothing yet: what is true, what happens next, one action.
pub fn empty(glyph: Icon, title: &str, then: &str, action: &Markup) -> Markup {
    html! {
        div.empty {
            (icon(glyph))
            h2 { (title) }
            p { (then) }
            (action)
        }
    }
}

/// Something could not be shown: what failed, what is safe, what to do.
pub fn failed(title: &str, safe: &str, action: &Markup) -> Markup {
    html! {
        div.empty role="alert" {
            (icon(Icon::Alert))
            h2 { (title) }
            p { (safe) }
            (action)
        }
    }
}
