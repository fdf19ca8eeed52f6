//! What is wrong with a form that somebody posted, and at which field.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use crate::Trouble;
use crate::page::Page;
use crate::part::{Tone, banner};

/// What is wrong; by default nothing.
#[derive(Clone, Debug, Default)]
pub struct Wrong {
    field: &'static str,
    why: String,
}

impl Wrong {
    /// All is well.
    pub const NOTHING: Wrong = Wrong { field: "", why: String::new() };

    /// Something that this field must not have.
    pub fn new(field: &'static str, why: impl Into<String>) -> Wrong {
        Wrong { field, why: why.into() }
    }

    /// What of a refusal belongs on the form itself, at one of these fields of it, or else above them. The rest is a page
    /// of its own.
    pub fn of(err: desk::Error, fields: &[&str]) -> Result<Wrong, Trouble> {
        match err {
            desk::Error::Invalid { field, why } => {
                Ok(Wrong { field: if fields.contains(&field) { field } else { "" }, why })
            }
            desk::Error::Conflict(why) => Ok(Wrong { field: "", why }),
            other => Err(other.into()),
        }
    }

    /// What is wrong with this field.
    pub fn at(&self, field: &str) -> Option<&str> {
        (self.field == field && !self.why.is_empty()).then_some(&*self.why)
    }

    /// Whether what is wrong, if anything is, belongs to no field.
    pub fn is_above(&self) -> bool {
        self.field.is_empty()
    }

    /// What is wrong, but with no field of the form: on top of it.
    pub fn above(&self) -> Markup {
        html! { @if let Some(why) = self.at("") { (banner(Tone::Risk, why)) } }
    }

    /// The page with the form, as an answer.
    pub fn answer(&self, page: Page) -> Response {
        if self.why.is_empty() {
            page.into_response()
        } else {
            (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
        }
    }
}

/// The refusal of what somebody entered into a field, as the desk says it.
pub fn invalid(field: &'static str, why: impl Into<String>) -> desk::Error {
    desk::Error::Invalid { field, why: why.into() }
}

/// The head of a page that has no navigation around it.
pub fn plain_head(title: &str, sentence: &str) -> Markup {
    html! {
        div.login-m {
            svg.mark.mark-lg aria-hidden="true" { use href="#mark" {} }
            h1 { (title) }
            @if !sentence.is_empty() { p.t2 { (sentence) } }
        }
    }
}

/// Tells whatever keeps passwords for a person whose password the form is about. It is not sent.
pub fn whose(email: &str) -> Markup {
    html! { input.vh type="text" autocomplete="username" value=(email) readonly tabindex="-1" aria-hidden="true"; }
}
