//! What we promised a customer and have yet to keep.

use maud::{Markup, html};
use store::promise::Told;

use crate::case::{brief::sentence, promise::due};
use crate::part::Clock;
use crate::text::{t, t_with};

/// The section; nothing where nothing is open.
pub fn section(all: &[Told], clock: &Clock) -> Markup {
    html! {
        @if !all.is_empty() {
            section.sec #promises aria-labelledby="pr" {
                header { h2 #pr { (t("promises")) } }
                ul.list.list-lines {
                    @for it in all {
                        li { a.row href={ "/cases/" (it.number) } {
                            span.grow {
                                span.row-t { (sentence(&it.promise.text)) } br;
                                span.row-s { (t_with("case-number", &[("number", it.number.to_string().into())])) }
                            }
                            span.xs.nowrap { (due(&it.promise, clock)) }
                        } }
                    }
                }
            }
        }
    }
}
