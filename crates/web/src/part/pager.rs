//! Long lists by keyset: there is no page number, only further on and back.

use maud::{Markup, html};

use super::icon::{Icon, icon};
use crate::text::t;

/// Where the list goes on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pager<'a> {
    /// The address of what came later, if this is not the newest page.
    pub newer: Option<&'a str>,
    /// The address of what came earlier, if there is more.
    pub older: Option<&'a str>,
}

/// Links to both sides; nothing if the list is whole.
pub fn pager(pager: &Pager<'_>) -> Markup {
    html! {
        @if pager.newer.is_some() || pager.older.is_some() {
            nav.pager aria-label=(t("pager")) {
                @if let Some(newer) = pager.newer {
                    a.btn.btn-sm.btn-quiet rel="prev" href=(newer) data-key="[" { (icon(Icon::ChevronLeft)) (t("pager-newer")) }
                }
                @if let Some(older) = pager.older {
                    a.btn.btn-sm.btn-quiet.end rel="next" href=(older) data-key="]" { (t("pager-older")) (icon(Icon::ChevronRight)) }
                }
            }
        }
    }
}
