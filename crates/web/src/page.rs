//! The document around every page.

use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::assets;
use crate::text::t;

/// What a document says about itself.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    title: &'a str,
    class: &'a str,
    theme: Option<&'a str>,
}

impl<'a> Head<'a> {
    /// A document with this title.
    pub fn new(title: &'a str) -> Head<'a> {
        Head { title, class: "", theme: None }
    }

    /// In which light it is read, if its reader has chosen.
    #[must_use]
    pub fn theme(self, theme: Option<&'a str>) -> Head<'a> {
        Head { theme, ..self }
    }

    /// The class of the body: the kind of page, where the shell is not around it.
    #[must_use]
    pub fn class(self, class: &'a str) -> Head<'a> {
        Head { class, ..self }
    }
}

/// An answer in HTML: a whole document, or a fragment of one that script puts into its place.
#[derive(Clone, Debug)]
pub struct Page(pub Markup);

impl Page {
    /// The text of it.
    pub fn into_string(self) -> String {
        self.0.into_string()
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        Html(self.into_string()).into_response()
    }
}

/// The whole document: head, icons, and what the page itself is.
pub fn page(head: &Head<'_>, body: &Markup) -> Page {
    Page(html! {
        (DOCTYPE)
        html lang="en" data-theme=[head.theme] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                title { (head.title) " · " (t("product")) }
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                link rel="preload" href=(assets::url("fonts/inter-latin.woff2")) as="font" type="font/woff2" crossorigin;
                link rel="stylesheet" href=(assets::url("bellwether.css"));
                link rel="icon" type="image/svg+xml" href=(assets::url("favicon.svg"));
                script type="module" src=(assets::url("js/bellwether.js")) {}
            }
            body class=[(!head.class.is_empty()).then_some(head.class)] {
                (PreEscaped(assets::sprite()))
                (body)
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use maud::html;

    use super::*;
    use crate::part::{Nav, Place, shell};

    /// The policy refuses them, so that one of these would silently do nothing.
    #[test]
    fn no_page_has_an_inline_style_or_script() {
        let nav = Nav {
            organization: "Tareline",
            me: "Ines Okafor",
            role: "Agent",
            place: Place::Inbox,
            views: &[],
            customers: true,
            outbox: true,
            settings: true,
            case_open: false,
            toast: None,
            unseen: 3,
            away: None,
            now: domain::Timestamp(0),
        };
        let html = page(&Head::new("Inbox"), &shell(&nav, &html! { main #main {} })).into_string();
        for never in [" style=", "<style", " onclick=", " onload=", "javascript:", "<script>"] {
            assert!(!html.contains(never), "{never} in {html}");
        }
        assert!(html.starts_with("<!DOCTYPE html><html lang=\"en\">"));
        assert_eq!(html.matches("<main").count(), 1);
    }

    #[test]
    fn what_people_write_stays_text() {
        let html = page(&Head::new("<b>\"x\"</b>"), &html! { p { "<script>alert(1)</script>" } }).into_string();
        assert!(html.contains("<title>&lt;b&gt;&quot;x&quot;&lt;/b&gt; · Bellwether</title>"), "{html}");
        assert!(!html.contains("<script>alert"));
    }
}
