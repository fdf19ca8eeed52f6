//! Icons of our own set; their drawings stand in `assets/icons.svg`.

use maud::{Markup, html};

macro_rules! icons {
    ($($variant:ident = $name:literal),+ $(,)?) => {
        /// An icon, named after what it shows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Icon { $(#[doc = concat!("`", $name, "`")] $variant),+ }

        impl Icon {
            /// All of them.
            pub const ALL: &'static [Icon] = &[$(Icon::$variant),+];

            fn reference(self) -> &'static str {
                match self { $(Icon::$variant => concat!("#i-", $name)),+ }
            }
        }
    };
}

icons! {
    Alert = "alert", ArrowDown = "arrow-down", Assign = "assign", Bell = "bell", Bold = "bold", Building = "building", Calendar = "calendar",
    Check = "check", CheckCircle = "check-circle", ChevronDown = "chev-d", ChevronLeft = "chev-l",
    ChevronRight = "chev-r", Clip = "clip", Clock = "clock", Code = "code", Customers = "customers", Download = "download",
    Edit = "edit", External = "external", Eye = "eye", Filter = "filter", Form = "form", Forward = "forward", Globe = "globe", Hourglass = "hourglass",
    Inbox = "inbox", Info = "info", Italic = "italic", Key = "key", Link = "link", List = "list", Lock = "lock", Mail = "mail", Menu = "menu",
    Merge = "merge", Minus = "minus", Moon = "moon", More = "more", Note = "note", Numbers = "numbers", Offline = "offline", Panel = "panel",
    Plus = "plus", Quote = "quote", Refresh = "refresh", Reply = "reply", Search = "search", Send = "send", Settings = "settings", Split = "split", Tag = "tag", Trash = "trash",
    User = "user", X = "x",
}

/// An icon of 16 pixels. It is never the only word: beside it stands a text, or its control has a name.
pub fn icon(icon: Icon) -> Markup {
    html! { svg.icon aria-hidden="true" { use href=(icon.reference()) {} } }
}

/// An icon of 14 pixels.
pub fn icon_sm(icon: Icon) -> Markup {
    html! { svg.icon.icon-sm aria-hidden="true" { use href=(icon.reference()) {} } }
}

/// An icon of 20 pixels.
pub fn icon_lg(icon: Icon) -> Markup {
    html! { svg.icon.icon-lg aria-hidden="true" { use href=(icon.reference()) {} } }
}

/// The mark of the product.
pub(super) fn mark() -> Markup {
    html! { svg.mark aria-hidden="true" { use href="#mark" {} } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets;

    #[test]
    fn every_icon_has_a_drawing_and_every_drawing_a_use() {
        let drawn: Vec<&str> =
            assets::sprite().split("id=\"i-").skip(1).filter_map(|it| it.split('"').next()).collect();
        let mut named: Vec<&str> = Icon::ALL.iter().map(|it| it.reference().trim_start_matches("#i-")).collect();
        let mut sorted = drawn.clone();
        sorted.sort_unstable();
        named.sort_unstable();
        assert_eq!(sorted, named);
    }
}
