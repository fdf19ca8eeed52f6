//! What a page needs so that the browser can fetch a part of it again.

use maud::{Markup, html};

/// A part of a page that changes while somebody looks at it.
#[derive(Clone, Copy, Debug)]
pub struct Live<'a> {
    /// The id of its element, on the page and in what `source` answers.
    pub id: &'a str,
    /// The hints that concern it, as the stream spells them: `case 1042`, `inbox`; several with commas between.
    pub topics: &'a str,
    /// Where it can be fetched by itself.
    pub source: &'a str,
    /// Its children have ids and revisions and are merged one by one, instead of being replaced as a whole.
    pub merge: bool,
}

/// The element around it. With the class `bare` it takes no part in the layout.
pub fn live(part: &Live<'_>, class: &str, inner: &Markup) -> Markup {
    html! {
        div id=(part.id) class=[(!class.is_empty()).then_some(class)] data-live=(part.topics) data-src=(part.source)
            data-merge[part.merge] { (inner) }
    }
}
