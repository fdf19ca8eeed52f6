//! One case in a list: channel, customer, subject, last line, and who owes the next step.

use domain::{Priority, Status, Timestamp};
use maud::{Markup, html};

use super::channel::{ChannelMark, MarkSize, channel_mark};
use super::icon::{Icon, icon};
use super::time::Clock;
use crate::text::t;

/// What a list says about a case.
#[derive(Clone, Copy, Debug)]
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
            @for row in rows { li id={ "row-" (row.number) } { (case_row(row, clock)) } }
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
                (state(row))
            }
        }
    }
}

/// The one thing at the end of the line that changes what you do next.
fn state(row: &CaseRow<'_>) -> Markup {
    html! {
        @match (row.status, row.priority, row.assignee) {
            _ if row.undelivered => span.due.due-risk { (icon(Icon::Alert)) (t("case-undelivered")) },
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
