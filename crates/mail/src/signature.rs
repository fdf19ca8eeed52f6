//! What stands below the words of a message: behind a line of two dashes and a space, as readers know it (RFC 3676 §4.3).

use domain::{Fold, FoldKind};

use crate::compose::linked;

/// How it begins in HTML. What people write has no line break behind such dashes: that is how it is found again.
const BELOW: &str = "<div>-- <br>";

/// `text` with `signature` below it, and where that stands.
pub fn below_text(text: &str, signature: &str) -> (String, Vec<Fold>) {
    let text = text.trim_end();
    if signature.trim().is_empty() {
        return (text.to_owned(), Vec::new());
    }
    let whole = format!("{text}\n\n-- \n{}", signature.trim_end());
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let fold = Fold { kind: FoldKind::Signature, start: place(text.len() + 2), end: place(whole.len()) };
    (whole, vec![fold])
}

/// The same for HTML.
pub fn below_html(html: &str, signature: &str) -> String {
    let mut out = html.to_owned();
    if !signature.trim().is_empty() {
        out.push_str("<div><br></div>");
        out.push_str(BELOW);
        for (nth, line) in signature.trim_end().lines().enumerate() {
            if nth > 0 {
                out.push_str("<br>");
            }
            linked(&mut out, line);
        }
        out.push_str("</div>");
    }
    out
}

/// The HTML without what [`below_html`] put below it. To be asked only of a message that has a signature.
pub fn above(html: &str) -> &str {
    let Some(end) = html.rfind(BELOW) else { return html };
    html[..end].trim_end_matches("<div><br></div>")
}
