//! Fields of a form: a label, what to enter, a hint, and an error tied to it in words.

use maud::{Markup, Render, html};

use super::icon::{Icon, icon_sm};

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
    id: &'a str,
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
            id: name,
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

    /// For a day.
    pub fn date(self) -> Field<'a> {
        Field { kind: "date", ..self }
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

    /// An id of its own, where the page has several fields of this name.
    pub fn id(self, id: &'a str) -> Field<'a> {
        Field { id, ..self }
    }
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        let input = html! {
            input class={ "input" @if self.large { " input-lg" } } id=(self.id) name=(self.name) type=(self.kind)
                value=[(!self.value.is_empty()).then_some(self.value)] autocomplete=[self.autocomplete]
                placeholder=[self.placeholder] inputmode=[self.inputmode] minlength=[self.minlength]
                required[self.required] autofocus[self.focus || self.error.is_some()] aria-invalid=[self.error.map(|_| "true")]
                aria-describedby=[described(self.id, self.hint, self.error)];
        };
        framed(self.id, self.label, &input, self.hint, self.error)
    }
}

/// A choice of one.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Select<'a> {
    name: &'a str,
    label: &'a str,
    options: &'a [(&'a str, &'a str)],
    chosen: &'a str,
    hint: &'a str,
    error: Option<&'a str>,
    id: &'a str,
}

impl<'a> Select<'a> {
    /// A choice among `(value, text)`.
    pub fn new(name: &'a str, label: &'a str, options: &'a [(&'a str, &'a str)]) -> Select<'a> {
        Select { name, label, options, chosen: "", hint: "", error: None, id: name }
    }

    /// The value that is chosen.
    pub fn chosen(self, chosen: &'a str) -> Select<'a> {
        Select { chosen, ..self }
    }

    /// What helps to choose.
    pub fn hint(self, hint: &'a str) -> Select<'a> {
        Select { hint, ..self }
    }

    /// What is wrong with what was chosen.
    pub fn error(self, error: Option<&'a str>) -> Select<'a> {
        Select { error, ..self }
    }

    /// An id of its own, where the page has several fields of this name.
    pub fn id(self, id: &'a str) -> Select<'a> {
        Select { id, ..self }
    }
}

impl Render for Select<'_> {
    fn render(&self) -> Markup {
        let input = html! {
            select.input id=(self.id) name=(self.name) aria-invalid=[self.error.map(|_| "true")]
                aria-describedby=[described(self.id, self.hint, self.error)] {
                @for (value, text) in self.options {
                    option value=(value) selected[*value == self.chosen] { (text) }
                }
            }
        };
        framed(self.id, self.label, &input, self.hint, self.error)
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

pub(super) fn described(id: &str, hint: &str, error: Option<&str>) -> Option<String> {
    match (hint.is_empty(), error) {
        (false, Some(_)) => Some(format!("{id}-e {id}-h")),
        (true, Some(_)) => Some(format!("{id}-e")),
        (false, None) => Some(format!("{id}-h")),
        (true, None) => None,
    }
}

pub(super) fn framed(id: &str, label: &str, input: &Markup, hint: &str, error: Option<&str>) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            (input)
            @if let Some(error) = error { p.err id={ (id) "-e" } { (icon_sm(Icon::Alert)) span { (error) } } }
            @if !hint.is_empty() { p.hint id={ (id) "-h" } { (hint) } }
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
