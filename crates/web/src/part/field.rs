//! Fields of a form: a label, what to enter, a hint, and an error tied to it in words.

use maud::{Markup, Render, html};

use super::icon::{Icon, icon_sm};
use crate::text::t_with;

/// A field of one line.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Field<'a> {
    name: &'a str,
    label: &'a str,
    kind: &'a str,
    value: &'a str,
    hint: &'a str,
    error: Option<&'a str>,
    autocomplete: Option<&'a str>,
    placeholder: Option<&'a str>,
    inputmode: Option<&'a str>,
    minlength: Option<u32>,
    required: bool,
    large: bool,
    focus: bool,
    beside: Option<&'a Markup>,
}

impl<'a> Field<'a> {
    /// A field of text.
    pub fn new(name: &'a str, label: &'a str) -> Field<'a> {
        Field {
            name,
            label,
            kind: "text",
            value: "",
            hint: "",
            error: None,
            autocomplete: None,
            placeholder: None,
            inputmode: None,
            minlength: None,
            required: false,
            large: false,
            focus: false,
            beside: None,
        }
    }

    /// For an address of mail.
    pub fn email(self) -> Field<'a> {
        Field { kind: "email", ..self }
    }

    /// For a password. What was entered is never sent back.
    pub fn password(self) -> Field<'a> {
        Field { kind: "password", value: "", ..self }
    }

    /// For a whole number.
    pub fn number(self) -> Field<'a> {
        Field { inputmode: Some("numeric"), ..self }
    }

    /// What is in it.
    pub fn value(self, value: &'a str) -> Field<'a> {
        if self.kind == "password" { self } else { Field { value, ..self } }
    }

    /// What helps to fill it in.
    pub fn hint(self, hint: &'a str) -> Field<'a> {
        Field { hint, ..self }
    }

    /// What is wrong with what was entered.
    pub fn error(self, error: Option<&'a str>) -> Field<'a> {
        Field { error, ..self }
    }

    /// What the browser may fill in.
    pub fn autocomplete(self, what: &'a str) -> Field<'a> {
        Field { autocomplete: Some(what), ..self }
    }

    /// An example.
    pub fn placeholder(self, example: &'a str) -> Field<'a> {
        Field { placeholder: Some(example), ..self }
    }

    /// The least number of characters.
    pub fn at_least(self, characters: u32) -> Field<'a> {
        Field { minlength: Some(characters), ..self }
    }

    /// It cannot be left empty.
    pub fn required(self) -> Field<'a> {
        Field { required: true, ..self }
    }

    /// 44 pixels: where the form is the page.
    pub fn large(self) -> Field<'a> {
        Field { large: true, ..self }
    }

    /// The first thing to fill in.
    pub fn focus(self) -> Field<'a> {
        Field { focus: true, ..self }
    }

    /// Something at the end of the label's line.
    pub fn beside(self, beside: &'a Markup) -> Field<'a> {
        Field { beside: Some(beside), ..self }
    }
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        let input = html! {
            input class={ "input" @if self.large { " input-lg" } } id=(self.name) name=(self.name) type=(self.kind)
                value=[(!self.value.is_empty()).then_some(self.value)] autocomplete=[self.autocomplete]
                placeholder=[self.placeholder] inputmode=[self.inputmode] minlength=[self.minlength]
                required[self.required] autofocus[self.focus || self.error.is_some()] aria-invalid=[self.error.map(|_| "true")]
                aria-describedby=[described(self.name, self.hint, self.error)];
        };
        framed(self.name, self.label, self.beside, &input, self.hint, self.error)
    }
}

/// A field of many lines.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct TextArea<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its label.
    pub label: &'a str,
    /// What is in it.
    pub value: &'a str,
    /// What helps.
    pub hint: &'a str,
    /// How many lines it shows.
    pub rows: u32,
    /// What is wrong.
    pub error: Option<&'a str>,
}

impl Render for TextArea<'_> {
    fn render(&self) -> Markup {
        let input = html! {
            textarea.input id=(self.name) name=(self.name) rows=(self.rows)
                aria-invalid=[self.error.map(|_| "true")]
                aria-describedby=[described(self.name, self.hint, self.error)] { (self.value) }
        };
        framed(self.name, self.label, None, &input, self.hint, self.error)
    }
}

/// A choice of one.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Select<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its label.
    pub label: &'a str,
    /// `(value, text)` of each.
    pub options: &'a [(&'a str, &'a str)],
    /// The value that is chosen.
    pub chosen: &'a str,
    /// What helps.
    pub hint: &'a str,
    /// What is wrong.
    pub error: Option<&'a str>,
}

impl Render for Select<'_> {
    fn render(&self) -> Markup {
        let input = html! {
            select.input id=(self.name) name=(self.name) aria-invalid=[self.error.map(|_| "true")]
                aria-describedby=[described(self.name, self.hint, self.error)] {
                @for (value, text) in self.options {
                    option value=(value) selected[*value == self.chosen] { (text) }
                }
            }
        };
        framed(self.name, self.label, None, &input, self.hint, self.error)
    }
}

/// A tick.
pub fn check(name: &str, label: &str, hint: &str, ticked: bool) -> Markup {
    html! {
        label.check {
            input type="checkbox" name=(name) value="on" checked[ticked];
            span { (label) @if !hint.is_empty() { span.hint.check-h { (hint) } } }
        }
    }
}

/// On top of a form that was refused: how much is to be mended. Each error stands at its field.
pub fn error_summary(count: usize) -> Markup {
    html! {
        @if count > 0 {
            p.err role="alert" { (icon_sm(Icon::Alert)) span { (t_with("form-errors", &[("count", count.into())])) } }
        }
    }
}

fn described(name: &str, hint: &str, error: Option<&str>) -> Option<String> {
    match (hint.is_empty(), error) {
        (_, Some(_)) if !hint.is_empty() => Some(format!("{name}-e {name}-h")),
        (_, Some(_)) => Some(format!("{name}-e")),
        (false, None) => Some(format!("{name}-h")),
        (true, None) => None,
    }
}

fn framed(name: &str, label: &str, beside: Option<&Markup>, input: &Markup, hint: &str, error: Option<&str>) -> Markup {
    html! {
        div.field {
            @if let Some(beside) = beside {
                div.row-flex { label.label for=(name) { (label) } span.end { (beside) } }
            } @else {
                label for=(name) { (label) }
            }
            (input)
            @if let Some(error) = error { p.err id={ (name) "-e" } { (icon_sm(Icon::Alert)) span { (error) } } }
            @if !hint.is_empty() { p.hint id={ (name) "-h" } { (hint) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_tied_to_its_field_in_words() {
        let field = Field::new("email", "Email").email().value("x").hint("Yours.").error(Some("No @ in it."));
        let html = field.render().into_string();
        assert!(html.contains("aria-invalid=\"true\" aria-describedby=\"email-e email-h\""), "{html}");
        assert!(html.contains("id=\"email-e\"") && html.contains("No @ in it."), "{html}");
    }

    #[test]
    fn a_password_is_never_sent_back() {
        let html = Field::new("password", "Password").password().value("correct horse").render().into_string();
        assert!(!html.contains("correct horse"));
    }
}
