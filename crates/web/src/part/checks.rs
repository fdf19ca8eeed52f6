//! A connection test, told step by step; the step that failed says what helps.

use std::time::Duration;

use maud::{Markup, html};

use super::icon::{Icon, icon};
use crate::text::{t, t_with};

/// How a step went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckState {
    /// It worked.
    Good,
    /// It did not.
    Bad,
    /// It is under way.
    Now,
    /// It waits for a step before, or is no matter.
    Later,
}

/// One step.
#[derive(Clone, Copy, Debug)]
pub struct Check<'a> {
    /// How it went.
    pub state: CheckState,
    /// What was tried, or what happened.
    pub title: &'a str,
    /// What was found, or what helps.
    pub detail: &'a str,
    /// What the server said, word for word.
    pub said: Option<&'a str>,
    /// How long it took.
    pub took: Option<Duration>,
}

/// All steps.
pub fn checks(steps: &[Check<'_>]) -> Markup {
    html! {
        ul.checks aria-label=(t("checks")) {
            @for step in steps {
                @let (class, glyph) = match step.state {
                    CheckState::Good => ("ok", Icon::CheckCircle),
                    CheckState::Bad => ("bad", Icon::Alert),
                    CheckState::Now => ("now", Icon::Hourglass),
                    CheckState::Later => ("later", Icon::Minus),
                };
                li class=(class) {
                    (icon(glyph))
                    div {
                        b { (step.title) }
                        @if !step.detail.is_empty() { p.checks-d { (step.detail) } }
                        @if let Some(said) = step.said { p.checks-d { span.said-by { (said) } } }
                    }
                    time { @if let Some(took) = step.took { (milliseconds(took)) } }
                }
            }
        }
    }
}

fn milliseconds(took: Duration) -> String {
    let count = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    t_with("milliseconds", &[("count", count.into())])
}
