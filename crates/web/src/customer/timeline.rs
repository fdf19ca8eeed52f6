//! What happened with a customer, in words: the newest first, by days.

use domain::{Actor, Aside, Automatic, BounceOutcome, ContactId, Entry, Fact, Status};
use maud::{Markup, html};
use store::entry::{Line, Timeline};
use store::staff::Colleague;

use crate::nav::priority_name;
use crate::part::{ChannelMark, Clock, Icon, MarkSize, channel_mark, icon};
use crate::text::{t, t_with};

/// The newest entries of a customer.
pub(super) fn timeline(it: &Timeline, colleagues: &[Colleague], clock: &Clock) -> Markup {
    let (lines, names) = (&it.lines, Names { colleagues, contacts: &it.names });
    html! {
        section.sec #timeline aria-labelledby="tl" {
            header { h2 #tl { (t("timeline")) } }
            @if lines.is_empty() { p.sm.t3 { (t("timeline-none")) } }
            ol.tl {
                @for (at, Line { entry, case, .. }) in lines.iter().enumerate() {
                    @if at == 0 || !clock.same_day(lines[at - 1].entry.at, entry.at) {
                        li.tl-day { (clock.day(entry.at)) }
                    }
                    li {
                        (mark(&entry.fact))
                        div.tl-b {
                            (names.line(entry))
                            @if let Some(case) = case { " " a.link href={ "/cases/" (case) } { (t("case")) " " (case) } }
                        }
                        (clock.short(entry.at))
                    }
                }
            }
        }
    }
}

fn mark(fact: &Fact) -> Markup {
    let glyph = match fact {
        Fact::Opened { .. }
        | Fact::Received { .. }
        | Fact::AlsoArrived { .. }
        | Fact::Replied { .. }
        | Fact::Acknowledged { .. } => {
            return channel_mark(ChannelMark::Mail, MarkSize::Normal);
        }
        Fact::Begun => Icon::Edit,
        Fact::Noted { .. } => return channel_mark(ChannelMark::Note, MarkSize::Normal),
        Fact::CustomerAdded { .. } | Fact::CustomerRenamed { .. } => Icon::Customers,
        Fact::ContactAdded { .. } | Fact::Assigned { .. } | Fact::TeamChanged { .. } => Icon::User,
        Fact::DomainAdded { .. } | Fact::DomainRemoved { .. } => Icon::Globe,
        Fact::TakenBack { .. } | Fact::Undone { .. } => Icon::X,
        Fact::Snoozed { .. } | Fact::Woken => Icon::Clock,
        Fact::PromiseMade { .. }
        | Fact::PromiseKept { .. }
        | Fact::PromiseBroken { .. }
        | Fact::PromiseReopened { .. } => Icon::CheckCircle,
        Fact::Tagged { .. } | Fact::FieldChanged { .. } => Icon::Edit,
        Fact::SendFailed { .. } | Fact::Bounced { .. } | Fact::PriorityChanged { .. } => Icon::Alert,
        Fact::Resolved { .. } | Fact::Closed => Icon::Check,
        Fact::Reopened | Fact::PutBack { .. } | Fact::FollowedUp { .. } => Icon::Refresh,
        Fact::SplitOff { .. } | Fact::SplitFrom { .. } => Icon::Split,
        Fact::PutAside { .. } | Fact::Suspected { .. } | Fact::CaseDeleted { .. } => Icon::Trash,
    };
    html! { span.ch { (icon(glyph)) } }
}

/// Who is called what.
struct Names<'a> {
    colleagues: &'a [Colleague],
    contacts: &'a [(ContactId, String)],
}

impl Names<'_> {
    fn line(&self, entry: &Entry) -> Markup {
        html! { b { (self.subject(entry)) } " " (self.did(entry)) }
    }

    /// Of whom the line speaks: whoever did it, but for what nobody did.
    fn subject(&self, entry: &Entry) -> &str {
        match &entry.fact {
            Fact::ContactAdded { contact } => self.person(*contact),
            Fact::CustomerAdded { .. } => t("did-customer"),
            _ => self.actor(entry.by),
        }
    }

    fn person(&self, id: ContactId) -> &str {
        self.contacts.iter().find(|it| it.0 == id).map_or(t("somebody"), |it| &it.1)
    }

    fn actor(&self, by: Actor) -> &str {
        match by {
            Actor::Staff(id) => self.staff(id),
            Actor::Contact(id) => self.person(id),
            Actor::Channel(_) => t("actor-mail"),
            Actor::Rule(_) | Actor::Job => t("actor-desk"),
            Actor::Operator => t("actor-operator"),
        }
    }

    fn staff(&self, id: domain::StaffId) -> &str {
        self.colleagues.iter().find(|it| it.id == id).map_or(t("somebody"), |it| &it.name)
    }

    fn did(&self, entry: &Entry) -> String {
        match &entry.fact {
            Fact::CustomerAdded { .. } | Fact::ContactAdded { .. } => t("did-became-known").to_owned(),
            Fact::DomainAdded { domain } => t_with("did-domain-added", &[("domain", domain.as_str().into())]),
            Fact::DomainRemoved { domain } => t_with("did-domain-removed", &[("domain", domain.as_str().into())]),
            Fact::CustomerRenamed { from, to } => {
                t_with("did-renamed", &[("from", from.as_str().into()), ("to", to.as_str().into())])
            }
            Fact::Opened { automatic: Some(_), .. } => t("did-opened-automatic").to_owned(),
            Fact::Opened { follows: Some(number), .. } => {
                t_with("did-opened-follow-up", &[("number", number.to_string().into())])
            }
            Fact::Opened { .. } => t("did-opened").to_owned(),
            Fact::Begun => t("did-began").to_owned(),
            Fact::Received { automatic, reopened, .. } => received(*automatic, *reopened).to_owned(),
            Fact::AlsoArrived { .. } => t("did-also-arrived").to_owned(),
            Fact::Replied { status: Status::Resolved, .. } => t("did-replied-resolved").to_owned(),
            Fact::Replied { .. } => t("did-replied").to_owned(),
            Fact::TakenBack { .. } => t("did-taken-back").to_owned(),
            Fact::Acknowledged { .. } => t("did-acknowledged").to_owned(),
            Fact::Bounced { why, outcome: BounceOutcome::Delayed, .. } => {
                t_with("did-delayed", &[("why", why.as_str().into())])
            }
            Fact::Bounced { why, .. } => t_with("did-bounced", &[("why", why.as_str().into())]),
            Fact::SendFailed { why, .. } => t_with("did-send-failed", &[("why", why.as_str().into())]),
            Fact::Noted { .. } => t("did-noted").to_owned(),
            Fact::Assigned { to: Some(to), .. } if entry.by == Actor::Staff(*to) => t("did-took").to_owned(),
            Fact::Assigned { to: Some(to), .. } => t_with("did-assigned", &[("name", self.staff(*to).into())]),
            Fact::Assigned { to: None, .. } => t("did-unassigned").to_owned(),
            Fact::TeamChanged { to: Some(_), .. } => t("did-team").to_owned(),
            Fact::TeamChanged { to: None, .. } => t("did-no-team").to_owned(),
            Fact::PriorityChanged { to, .. } => {
                t_with("did-priority", &[("priority", priority_name(*to).to_lowercase().into())])
            }
            Fact::Resolved { .. } => t("did-resolved").to_owned(),
            Fact::Reopened => t("did-reopened").to_owned(),
            Fact::Snoozed { .. } => t("did-snoozed").to_owned(),
            Fact::Woken => t("did-woken").to_owned(),
            Fact::Tagged { .. } => t("did-tagged").to_owned(),
            Fact::FieldChanged { field, .. } => t_with("did-field", &[("field", field.as_str().into())]),
            Fact::PromiseMade { text, .. } => t_with("did-promised", &[("what", text.as_str().into())]),
            Fact::PromiseKept { text } => t_with("did-promise-kept", &[("what", text.as_str().into())]),
            Fact::PromiseBroken { text } => t_with("did-promise-broken", &[("what", text.as_str().into())]),
            Fact::PromiseReopened { text } => t_with("did-promise-reopened", &[("what", text.as_str().into())]),
            Fact::Undone { .. } => t("did-undone").to_owned(),
            Fact::Closed => t("did-closed").to_owned(),
            Fact::SplitOff { number, .. } => t_with("did-split-off", &[("number", number.to_string().into())]),
            Fact::SplitFrom { number } => t_with("did-split-from", &[("number", number.to_string().into())]),
            Fact::PutAside { to: Aside::Spam, .. } => t("did-spam").to_owned(),
            Fact::PutAside { to: Aside::Trash, .. } => t("did-trash").to_owned(),
            Fact::PutBack { .. } => t("did-put-back").to_owned(),
            Fact::Suspected { .. } => t("did-suspected").to_owned(),
            Fact::CaseDeleted { number } => t_with("did-deleted", &[("number", number.to_string().into())]),
            Fact::FollowedUp { number } => t_with("did-followed-up", &[("number", number.to_string().into())]),
        }
    }
}

fn received(automatic: Option<Automatic>, reopened: bool) -> &'static str {
    match (automatic, reopened) {
        (Some(_), _) => t("did-received-automatic"),
        (None, true) => t("did-received-reopened"),
        (None, false) => t("did-received"),
    }
}
