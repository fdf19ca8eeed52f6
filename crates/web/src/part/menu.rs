//! Menus: popovers of the browser, so that they open without script.

use maud::{Markup, html};

use super::button::keycap;
use super::icon::{Icon, icon};

/// A menu that the button with `popovertarget=id` opens.
pub fn menu(id: &str, label: &str, items: &Markup) -> Markup {
    html! { div.menu id=(id) popover="auto" data-menu aria-label=(label) { (items) } }
}

/// A line of a menu that posts the form around it.
pub fn menu_button(
    glyph: Option<Icon>,
    label: &str,
    (name, value): (&str, &str),
    key: Option<&str>,
    chosen: bool,
) -> Markup {
    html! {
        button.menu-item type="submit" name=(name) value=(value) data-key=[key] aria-current=[chosen.then_some("true")] {
            @if let Some(glyph) = glyph { (icon(glyph)) }
            span.trunc { (label) }
            @if let Some(key) = key { (keycap(key)) } @else if chosen { span.end { (icon(Icon::Check)) } }
        }
    }
}

/// A line of a menu that posts the form around it, which says no more than its address.
pub fn menu_do(glyph: Icon, label: &str, key: Option<&str>) -> Markup {
    html! {
        button.menu-item type="submit" data-key=[key] {
            (icon(glyph))
            span.trunc { (label) }
            @if let Some(key) = key { (keycap(key)) }
        }
    }
}

/// A line of a menu that goes somewhere.
pub fn menu_link(glyph: Option<Icon>, label: &str, address: &str, current: bool) -> Markup {
    html! {
        a.menu-item href=(address) aria-current=[current.then_some("true")] {
            @if let Some(glyph) = glyph { (icon(glyph)) }
            span.trunc { (label) }
            @if current { span.end { (icon(Icon::Check)) } }
        }
    }
}
