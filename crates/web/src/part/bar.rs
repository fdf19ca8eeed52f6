//! The bar on top of a page: name or breadcrumb, one sentence, actions.

use maud::{Markup, html};

use super::icon::{Icon, icon};
use crate::text::t;

/// A page with a name of its own.
pub fn bar(title: &str, sentence: &str, actions: &Markup) -> Markup {
    html! {
        header.bar-top {
            h1 { (title) }
            @if !sentence.is_empty() { span.t3.sm.trunc { (sentence) } }
            div.end { (actions) }
        }
    }
}

/// A page below others: `(name, address)` of those above it, then its own name.
pub fn crumbs(above: &[(&str, &str)], here: &str, actions: &Markup) -> Markup {
    html! {
        header.bar-top {
            nav.crumb aria-label=(t("breadcrumb")) {
                @for (name, address) in above { a href=(address) { (name) } (icon(Icon::ChevronRight)) }
                span aria-current="page" { (here) }
            }
            div.end { (actions) }
        }
    }
}
