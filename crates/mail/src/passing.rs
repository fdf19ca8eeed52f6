//! Messages that are passed on below the words of whoever passes them on, as every mail program shows that.

use domain::{Fold, FoldKind};

use crate::compose::linked;
use crate::html_of;

/// How it begins.
const MARK: &str = "---------- Forwarded message ----------";
/// The same in HTML. What people write has no line break behind such dashes: that is how it is found again.
const BELOW: &str = "<div>---------- Forwarded message ----------<br>";

/// A message that is passed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// What its header said: a name and a value each.
    pub head: Vec<(&'static str, String)>,
    /// Its text.
    pub text: String,
}

/// `text` with all of them below it; what they are folded as is added to `folded`.
pub fn below_text(text: String, folded: &mut Vec<Fold>, all: &[Passed]) -> String {
    if all.is_empty() {
        return text;
    }
    let mut whole = text;
    if !whole.is_empty() {
        whole.push_str("\n\n");
    }
    let start = whole.len();
    for (nth, it) in all.iter().enumerate() {
        whole.push_str(if nth > 0 { "\n\n" } else { "" });
        whole.push_str(MARK);
        for (name, value) in &it.head {
            whole.extend(["\n", name, ": ", value]);
        }
        whole.push_str("\n\n");
        whole.push_str(it.text.trim());
    }
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    folded.push(Fold { kind: FoldKind::Forward, start: place(start), end: place(whole.len()) });
    whole
}

/// The same for HTML.
pub fn below_html(html: String, all: &[Passed]) -> String {
    let mut out = html;
    for it in all {
        out.push_str("<div><br></div>");
        out.push_str(BELOW);
        for (nth, (name, value)) in it.head.iter().enumerate() {
            out.push_str(if nth > 0 { "<br>" } else { "" });
            linked(&mut out, &format!("{name}: {value}"));
        }
        out.push_str("</div><blockquote>");
        out.push_str(&html_of(it.text.trim()));
        out.push_str("</blockquote>");
    }
    out
}

/// The HTML without what [`below_html`] put below it. To be asked only of a message that passes something on.
pub fn above(html: &str) -> &str {
    let Some(end) = html.find(BELOW) else { return html };
    html[..end].trim_end_matches("<div><br></div>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_passed_on_stands_below_and_is_found_again() {
        let head = vec![("From", "Ruth <ruth@northwind.example>".to_owned()), ("Subject", "Smoke".to_owned())];
        let all = [Passed { head, text: "Is it <b>safe</b>?\n-- \nRuth".to_owned() }];
        let mut folded = Vec::new();
        let whole = below_text("Can you repair it?".to_owned(), &mut folded, &all);
        assert_eq!(
            whole,
            "Can you repair it?\n\n---------- Forwarded message ----------\nFrom: Ruth <ruth@northwind.example>\n\
             Subject: Smoke\n\nIs it <b>safe</b>?\n-- \nRuth"
        );
        assert_eq!((folded[0].kind, &whole[..folded[0].start as usize]), (FoldKind::Forward, "Can you repair it?\n\n"));
        assert_eq!(folded[0].end as usize, whole.len());
        let html = below_html("<b>Can</b> you?".to_owned(), &all);
        assert!(html.contains("Ruth &lt;ruth@northwind.example&gt;<br>Subject: Smoke</div>"), "{html}");
        assert!(html.contains("&lt;b&gt;safe&lt;/b&gt;"), "its words never become markup: {html}");
        assert_eq!(above(&html), "<b>Can</b> you?");
        assert_eq!(below_text("Alone.".to_owned(), &mut Vec::new(), &[]), "Alone.");
    }
}
