//! Buttons, and links that look like one.
//!
//! A button declares its key; the script that listens to keys presses the button, so that both always do the same.

use maud::{Markup, Render, html};

use super::icon::{Icon, icon};
use crate::text::t_with;

#[derive(Clone, Copy, Debug)]
enum Does<'a> {
    Submit,
    SubmitAs(&'a str, &'a str),
    Go(&'a str),
    Open(&'a str),
    Close(&'a str),
    Script,
}

/// A button. What it does is chosen first, how it looks after that.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Button<'a> {
    label: &'a str,
    does: Does<'a>,
    look: &'static str,
    small: &'static str,
    icon: Option<Icon>,
    only_icon: bool,
    key: Option<&'a str>,
    class: &'a str,
    name: Option<&'a str>,
}

impl<'a> Button<'a> {
    fn new(label: &'a str, does: Does<'a>) -> Button<'a> {
        Button { label, does, look: "", small: "", icon: None, only_icon: false, key: None, class: "", name: None }
    }

    /// Posts its form.
    pub fn submit(label: &'a str) -> Button<'a> {
        Button::new(label, Does::Submit)
    }

    /// Posts its form and says by which button.
    pub fn submit_as(label: &'a str, name: &'a str, value: &'a str) -> Button<'a> {
        Button::new(label, Does::SubmitAs(name, value))
    }

    /// Goes to an address.
    pub fn link(label: &'a str, address: &'a str) -> Button<'a> {
        Button::new(label, Does::Go(address))
    }

    /// Opens the popover with this id.
    pub fn open(label: &'a str, popover: &'a str) -> Button<'a> {
        Button::new(label, Does::Open(popover))
    }

    /// Closes the popover with this id.
    pub fn close(label: &'a str, popover: &'a str) -> Button<'a> {
        Button::new(label, Does::Close(popover))
    }

    /// Does nothing by itself: a script of ours listens to it.
    pub fn script(label: &'a str) -> Button<'a> {
        Button::new(label, Does::Script)
    }

    /// The one thing to do here. At most one of a view.
    pub fn primary(self) -> Button<'a> {
        Button { look: " btn-primary", ..self }
    }

    /// Without a frame.
    pub fn quiet(self) -> Button<'a> {
        Button { look: " btn-quiet", ..self }
    }

    /// Takes something away.
    pub fn danger(self) -> Button<'a> {
        Button { look: " btn-danger", ..self }
    }

    /// 28 pixels.
    pub fn small(self) -> Button<'a> {
        Button { small: " btn-sm", ..self }
    }

    /// 40 pixels.
    pub fn large(self) -> Button<'a> {
        Button { small: " btn-lg", ..self }
    }

    /// With an icon before the label.
    pub fn icon(self, icon: Icon) -> Button<'a> {
        Button { icon: Some(icon), ..self }
    }

    /// Shows the icon alone; the label is its name.
    pub fn only_icon(self, icon: Icon) -> Button<'a> {
        Button { icon: Some(icon), only_icon: true, ..self }
    }

    /// The key that presses it, as script names it: `r`, `Ctrl+Enter`, `g i`.
    pub fn key(self, key: &'a str) -> Button<'a> {
        Button { key: Some(key), ..self }
    }

    /// A name for those who cannot see what it stands beside.
    pub fn name(self, name: &'a str) -> Button<'a> {
        Button { name: Some(name), ..self }
    }

    /// Further classes.
    pub fn class(self, class: &'a str) -> Button<'a> {
        Button { class, ..self }
    }

    fn face(&self) -> Markup {
        html! {
            @if let Some(it) = self.icon { (icon(it)) }
            @if !self.only_icon {
                @if self.icon.is_some() && self.small == " btn-sm" { span.vh-s { (self.label) } } @else { (self.label) }
                @if let Some(key) = self.key { (keycap(key)) }
            }
        }
    }
}

impl Render for Button<'_> {
    fn render(&self) -> Markup {
        let mut class = format!("btn{}{}", self.look, self.small);
        if self.only_icon {
            class.push_str(" btn-icon");
        }
        if !self.class.is_empty() {
            class.push(' ');
            class.push_str(self.class);
        }
        let name = self.name.or(self.only_icon.then_some(self.label));
        let title = match (self.only_icon, self.key) {
            (true, Some(key)) => Some(t_with("with-key", &[("what", self.label.into()), ("key", spelled(key).into())])),
            (true, None) => Some(self.label.to_owned()),
            (false, _) => None,
        };
        let face = self.face();
        html! {
            @match self.does {
                Does::Go(address) => a class=(class) href=(address) data-key=[self.key] aria-label=[name] title=[title] { (face) }
                Does::Submit => button class=(class) type="submit" data-key=[self.key] aria-label=[name] title=[title] { (face) }
                Does::SubmitAs(field, value) => button class=(class) type="submit" name=(field) value=(value) data-key=[self.key] aria-label=[name] title=[title] { (face) }
                Does::Open(id) => button class=(class) type="button" popovertarget=(id) data-key=[self.key] aria-label=[name] title=[title] { (face) }
                Does::Close(id) => button class=(class) type="button" popovertarget=(id) popovertargetaction="hide" data-key=[self.key] aria-label=[name] title=[title] { (face) }
                Does::Script => button class=(class) type="button" data-key=[self.key] aria-label=[name] title=[title] { (face) }
            }
        }
    }
}

/// A field that nobody sees.
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// The key as it is printed on a keyboard.
pub fn keycap(key: &str) -> Markup {
    html! { kbd aria-hidden="true" { (spelled(key)) } }
}

fn spelled(key: &str) -> String {
    key.replace('+', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_declares_its_key_and_an_icon_has_a_name() {
        let send = Button::submit_as("Send", "then", "waiting").primary().key("Ctrl+Enter").render().into_string();
        assert_eq!(
            send,
            "<button class=\"btn btn-primary\" type=\"submit\" name=\"then\" value=\"waiting\" \
             data-key=\"Ctrl+Enter\">Send<kbd aria-hidden=\"true\">Ctrl Enter</kbd></button>"
        );
        let more = Button::open("More", "more").quiet().only_icon(Icon::More).render().into_string();
        assert!(more.contains("aria-label=\"More\"") && more.contains("popovertarget=\"more\""), "{more}");
    }
}
