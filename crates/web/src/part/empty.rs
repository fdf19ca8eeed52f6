//! Nothing here.

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
