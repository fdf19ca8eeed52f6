//! One case in a list: channel, customer, subject, last line, and who owes the next step.

use domain::{Priority, Status, Timestamp};
use maud::{Markup, html};

use super::channel::{ChannelMark, MarkSize, channel_mark};
use super::due::due;
use super::icon::{Icon, icon};
use super::time::Clock;
use crate::text::{t, t_with};

/// What a list says about a case.
#[derive(Clone, Debug)]
pub struct CaseRow<'a> {
    /// Its number.
    pub number: i64,
    /// Where it opens; keeps the view that the list shows.
    pub address: &'a str,
    /// Its subject.
    pub subject: &'a str,
    /// The customer's name.
    pub customer: &'a str,
    /// Who said the last thing, shortly: "Dan", "You".
    pub who: &'a str,
    /// The last thing said, shortly.
    pub preview: &'a str,
    /// When that was.
    pub at: Timestamp,
    /// Whether our last word has not reached them.
    pub undelivered: bool,
    /// By when we owe a reply, if we do.
    pub due_at: Option<Timestamp>,
    /// When it comes back, if it is snoozed.
    pub wake_at: Option<Timestamp>,
    /// What it is marked with.
    pub tags: Vec<&'a str>,
    /// Whose turn it is.
    pub status: Status,
    /// How urgent it is.
    pub priority: Priority,
    /// Whose case it is, if the list is not about one person.
    pub assignee: Option<&'a str>,
    /// Whether it is the one beside the list.
    pub current: bool,
}

/// The list. It never moves under the pointer or the focus.
pub fn case_list(label: &str, rows: &[CaseRow<'_>], clock: &Clock) -> Markup {
    html! {
        ul.cases data-list aria-label=(label) {
            @for row in rows {
                li id={ "row-" (row.number) } {
                    (case_row(row, clock))
                    input.case-x type="checkbox" name="case" value=(row.number) form="bulk" tabindex="-1"
                        aria-label=(t_with("select-case", &[("subject", row.subject.into())]));
                }
            }
        }
    }
}

fn case_row(row: &CaseRow<'_>, clock: &Clock) -> Markup {
    let fresh = row.status == Status::New;
    html! {
        a.case.case-new[fresh] href=(row.address) aria-current=[row.current.then_some("true")] {
            (channel_mark(ChannelMark::Mail, MarkSize::Small))
            span.case-c { span.trunc { (row.customer) } (clock.short(row.at)) }
            span.case-s { @if fresh { span.vh { (t("case-fresh")) " " } } (row.subject) }
            span.case-p {
                span.trunc { @if !row.who.is_empty() { (row.who) ": " } (row.preview) }
                (state(row, clock))
            }
            @if !row.tags.is_empty() {
                span.case-t { @for it in row.tags.iter().take(3) { span.tag { (it) } } @if row.tags.len() > 3 { span.t3 { "+" (row.tags.len() - 3) } } }
            }
        }
    }
}

/// The one thing at the end of the line that changes what you do next.
fn state(row: &CaseRow<'_>, clock: &Clock) -> Markup {
    html! {
        @match (row.status, row.priority, row.assignee) {
            _ if row.undelivered => span.due.due-risk { (icon(Icon::Alert)) (t("case-undelivered")) },
            _ if row.wake_at.is_some() => span.due { (icon(Icon::Clock)) @if let Some(at) = row.wake_at { (clock.short_ahead(at)) } },
            (Status::New | Status::Open, ..) if row.due_at.is_some() => { @if let Some(at) = row.due_at { (due(at, clock)) } },
            (Status::Waiting, ..) => span.due { (icon(Icon::Hourglass)) (t("status-waiting")) },
            (Status::Resolved, ..) => span.due { (icon(Icon::Check)) (t("status-resolved")) },
            (Status::Closed, ..) => span.due { (icon(Icon::Lock)) (t("status-closed")) },
            (_, Priority::Urgent, _) => span.due.due-risk { (icon(Icon::Alert)) (t("priority-urgent")) },
            (_, Priority::High, _) => span.due.due-watch { (icon(Icon::Alert)) (t("priority-high")) },
            (_, _, Some(name)) => span.due { (icon(Icon::User)) (name) },
            _ => {},
        }
    }
}
