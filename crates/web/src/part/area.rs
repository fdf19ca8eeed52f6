//! A field of several lines.

use maud::{Markup, Render, html};

use super::field::{described, framed};

/// A field of several lines.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Area<'a> {
    name: &'a str,
    id: &'a str,
    label: &'a str,
    value: &'a str,
    hint: &'a str,
    error: Option<&'a str>,
    rows: u8,
}

impl<'a> Area<'a> {
    /// A field of several lines.
    pub fn new(name: &'a str, label: &'a str) -> Area<'a> {
        Area { name, id: name, label, value: "", hint: "", error: None, rows: 5 }
    }

    /// The id of its element, where the page has several of its name.
    pub fn id(self, id: &'a str) -> Area<'a> {
        Area { id, ..self }
    }

    /// What is in it.
    pub fn value(self, value: &'a str) -> Area<'a> {
        Area { value, ..self }
    }

    /// What helps to fill it in.
    pub fn hint(self, hint: &'a str) -> Area<'a> {
        Area { hint, ..self }
    }

    /// What is wrong with what was entered.
    pub fn error(self, error: Option<&'a str>) -> Area<'a> {
        Area { error, ..self }
    }

    /// How many lines it shows.
    pub fn rows(self, rows: u8) -> Area<'a> {
        Area { rows, ..self }
    }
}

impl Render for Area<'_> {
    fn render(&self) -> Markup {
        // A browser drops the first line end in a textarea; the one here keeps that of the value.
        let input = html! {
            textarea.input id=(self.id) name=(self.name) rows=(self.rows) autofocus[self.error.is_some()]
                aria-invalid=[self.error.map(|_| "true")]
                aria-describedby=[described(self.id, self.hint, self.error)] { "\n" (self.value) }
        };
        framed(self.id, self.label, &input, self.hint, self.error)
    }
}
