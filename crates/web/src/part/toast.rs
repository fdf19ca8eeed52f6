//! What was just done, with a way back. Never an error.

use maud::{Markup, html};

/// A toast that leaves by itself; `undo` is a form or a link with the way back.
pub fn toast(sentence: &str, undo: &Markup) -> Markup {
    html! { bw-toast.toast role="status" { span { (sentence) } (undo) } }
}
