//! One line on top of a case: which other case it may belong to.

use maud::{Markup, html};

use super::icon::{Icon, icon};
use crate::text::t;

/// A case that the first message may belong to, and why it did not join it.
pub fn suggestion(number: i64, subject: &str, why: &str, actions: &Markup) -> Markup {
    html! {
        div.suggest role="group" aria-label=(t("suggestion")) {
            (icon(Icon::Merge))
            p {
                (t("suggestion-looks-like")) " "
                a href={ "/cases/" (number) } title=(subject) { (t("case")) " " (number) }
                ": " (why)
            }
            (actions)
        }
    }
}
