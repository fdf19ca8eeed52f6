//! What a colleague is told: who, what, where; by day, with what is new marked.

use domain::{NotificationKind, StaffId};
use maud::{Markup, html};
use store::notification::Line;
use store::staff::Colleague;

use super::avatar::{AvatarSize, our_avatar};
use super::button::Button;
use super::icon::{Icon, icon};
use super::pager::{Pager, pager};
use super::time::Clock;
use super::told::told;
use crate::text::{t, t_with};

/// The list of what somebody is told.
#[derive(Clone, Copy)]
pub struct Notes<'a> {
    /// Its lines, newest first.
    pub lines: &'a [Line],
    /// Whose it is.
    pub me: StaffId,
    /// Everybody, by name.
    pub colleagues: &'a [Colleague],
    /// How much is new, as text; empty if nothing.
    pub unseen: &'a str,
    /// Whether they have said that they are away.
    pub away: bool,
    /// Where the list goes on.
    pub pager: Pager<'a>,
    /// Now.
    pub clock: &'a Clock,
}

impl Notes<'_> {
    /// The head, the list, and what keeps quiet.
    pub fn render(&self) -> Markup {
        html! {
            header {
                h2 #notes-h { (t("notifications")) }
                @if !self.unseen.is_empty() { span.t3.sm { (t_with("notifications-new", &[("count", self.unseen.into())])) } }
                span.end.row-flex.gap-0 {
                    @if !self.unseen.is_empty() {
                        form method="post" action="/notifications/seen" { (Button::submit(t("notifications-seen")).small().quiet().icon(Icon::Check)) }
                    }
                    (Button::link(t("notifications-choose"), "/you/notifications").small().quiet().only_icon(Icon::Settings))
                }
            }
            @if self.lines.is_empty() { p.notes-none.t2 { (t("notifications-none")) } } @else { (self.list()) }
            (pager(&self.pager))
            @if self.away { footer { (icon(Icon::Moon)) span { (t("notifications-away")) } } }
        }
    }

    fn list(&self) -> Markup {
        let mut days: Vec<&[Line]> = Vec::new();
        let mut rest = self.lines;
        while let Some(first) = rest.first() {
            let end = rest.iter().position(|it| !self.clock.same_day(it.at, first.at)).unwrap_or(rest.len());
            days.push(&rest[..end]);
            rest = &rest[end..];
        }
        html! {
            div.notes-l tabindex="0" role="region" aria-label=(t("notifications-list")) data-list {
                @for day in days {
                    h3.notes-d { (self.clock.day(day.first().map_or(domain::Timestamp(0), |it| it.at))) }
                    ul { @for it in day { li { (self.line(it)) } } }
                }
            }
        }
    }

    fn line(&self, it: &Line) -> Markup {
        let ours = it.by.map(|id| self.name(id));
        html! {
            a.notei.notei-new[!it.seen] href=(address(it)) {
                @match (it.kind, ours) {
                    (NotificationKind::Clock, _) => span.ch.ch-risk { (icon(Icon::Clock)) },
                    (_, Some(name)) => (our_avatar(name, AvatarSize::Normal)),
                    (NotificationKind::Message, None) => span.ch.ch-mail { (icon(Icon::Mail)) },
                    _ => span.ch { (icon(Icon::Bell)) },
                }
                p {
                    @if !it.seen { span.vh { (t("notification-new")) " " } }
                    (sentence(it, ours, self.me, self.clock))
                    small { (below(it)) }
                }
                (self.clock.time(it.at))
            }
        }
    }

    fn name(&self, id: StaffId) -> &str {
        self.colleagues.iter().find(|it| it.id == id).map_or(t("somebody"), |it| it.name.as_str())
    }
}

/// Where it is told of.
pub fn address(it: &Line) -> String {
    let entry = it.entry.map(|it| format!("#e{it}")).unwrap_or_default();
    format!("/cases/{}{entry}", it.number)
}

/// What happened, in a sentence. `ours` is the name of the colleague who did it.
pub fn sentence(it: &Line, ours: Option<&str>, me: StaffId, clock: &Clock) -> Markup {
    let strong = |text: &str| html! { b { (text) } };
    let who = ("who", strong(ours.unwrap_or(&it.name)));
    let number = ("number", html! { (it.number) });
    let count = ("count", strong(&it.count.to_string()));
    match (it.kind, it.count) {
        (NotificationKind::Mentioned, 1) => told("told-mentioned", &[who, number]),
        (NotificationKind::Mentioned, _) => told("told-mentioned-often", &[who, number, count]),
        (NotificationKind::Assigned, _) if ours.is_none() => told("told-assigned-by-itself", &[number]),
        (NotificationKind::Assigned, _) => told("told-assigned", &[who, number]),
        (NotificationKind::Message, 1) if it.assignee == Some(me) => told("told-message", &[who]),
        (NotificationKind::Message, 1) => told("told-message-followed", &[who]),
        (NotificationKind::Message, _) => told("told-messages", &[count, number]),
        (NotificationKind::Clock, _) => clock_sentence(it, clock),
    }
}

fn clock_sentence(it: &Line, clock: &Clock) -> Markup {
    let customer = ("customer", html! { (it.customer) });
    let left = it.due.map(|due| clock.until(due).as_secs().div_ceil(60)).unwrap_or_default();
    if left == 0 {
        return told("told-clock-late", &[customer]);
    }
    let minutes = t_with("told-clock-minutes", &[("minutes", left.into())]);
    told("told-clock", &[("left", html! { b { (minutes) } }), customer])
}

/// What was said, or what it is about.
pub fn below(it: &Line) -> String {
    match it.kind {
        NotificationKind::Mentioned if !it.line.is_empty() => t_with("said", &[("words", it.line.as_str().into())]),
        _ => {
            t_with("told-about", &[("subject", it.subject.as_str().into()), ("customer", it.customer.as_str().into())])
        }
    }
}
