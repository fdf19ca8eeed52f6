//! What happened with a customer, in words: the newest first, by days.

use domain::{Actor, Aside, Automatic, BounceOutcome, ContactId, Entry, Fact, Status};
use maud::{Markup, html};
use store::customer::page::Page;
use store::entry::{Line, Timeline};
use store::staff::Colleague;

use crate::nav::priority_name;
use crate::part::{ChannelMark, Clock, Icon, MarkSize, channel_mark, icon};
use crate::text::{t, t_with};

/// The newest entries of a customer.
pub(super) fn timeline(it: &Timeline, of: &Page, colleagues: &[Colleague], may_change: bool, clock: &Clock) -> Markup {
    let (lines, names) = (&it.lines, Names { colleagues, contacts: &it.names });
    html! {
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
                            @if may_change { (undo(of, lines, at)) }
                        }
                        (clock.short(entry.at))
                    }
                }
            }
    }
}

/// The way back, where a line tells of the last merge of somebody who is not parted again.
fn undo(of: &Page, lines: &[Line], at: usize) -> Markup {
    let Some(line) = lines.get(at) else { return html! {} };
    let newer = lines.iter().take(at).map(|it| &it.entry.fact);
    let address = match &line.entry.fact {
        Fact::CustomerMerged { other, .. } => {
            let again = |it: &Fact| matches!(it, Fact::CustomerMerged { other: same, .. } if same == other);
            let stands = of.merged.contains(other) && !newer.into_iter().any(again);
            stands.then(|| format!("/customers/{}/members/{other}/separation", line.customer))
        }
        Fact::ContactsMerged { from, .. } => {
            let again = |it: &Fact| matches!(it, Fact::ContactsMerged { from: same, .. } if same == from);
            let stands = of.merged_people.contains(from) && !newer.into_iter().any(again);
            stands.then(|| format!("/customers/{}/contacts/{from}/separation", of.customer.id))
        }
        _ => None,
    };
    html! {
        @if let Some(address) = address {
            " " form.undo method="post" action=(address) { button.link type="submit" { (t("undo")) } }
        }
    }
}

fn mark(fact: &Fact) -> Markup {
    let glyph = match fact {
        Fact::Opened { .. }
        | Fact::Received { .. }
        | Fact::AlsoArrived { .. }
        | Fact::Replied { .. }
        | Fact::Forwarded { .. }
        | Fact::SupplierAnswered { .. }
        | Fact::Acknowledged { .. } => {
            return channel_mark(ChannelMark::Mail, MarkSize::Normal);
        }
        Fact::Noted { .. } => return channel_mark(ChannelMark::Note, MarkSize::Normal),
        Fact::IdentityAdded { .. } | Fact::IdentityRemoved { .. } | Fact::IdentityPreferred { .. } => Icon::Link,
        Fact::ContactAdded { .. } | Fact::ContactRenamed { .. } | Fact::Assigned { .. } | Fact::TeamChanged { .. } => {
            Icon::User
        }
        Fact::DomainAdded { .. } | Fact::DomainRemoved { .. } => Icon::Globe,
        Fact::TakenBack { .. } | Fact::Undone { .. } => Icon::X,
        Fact::Snoozed { .. } | Fact::Woken => Icon::Clock,
        Fact::PromiseMade { .. }
        | Fact::PromiseKept { .. }
        | Fact::PromiseBroken { .. }
        | Fact::PromiseReopened { .. } => Icon::CheckCircle,
        Fact::Begun
        | Fact::Tagged { .. }
        | Fact::FieldChanged { .. }
        | Fact::CustomerFieldChanged { .. }
        | Fact::ContactFieldChanged { .. } => Icon::Edit,
        Fact::SendFailed { .. } | Fact::Bounced { .. } | Fact::PriorityChanged { .. } => Icon::Alert,
        Fact::Resolved { .. } | Fact::Closed => Icon::Check,
        Fact::Reopened | Fact::PutBack { .. } | Fact::FollowedUp { .. } => Icon::Refresh,
        Fact::SplitOff { .. }
        | Fact::SplitFrom { .. }
        | Fact::MergeUndone { .. }
        | Fact::CustomerMergeUndone { .. }
        | Fact::ContactMergeUndone { .. } => Icon::Split,
        Fact::SplitUndone { .. } | Fact::Merged { .. } | Fact::CustomerMerged { .. } | Fact::ContactsMerged { .. } => {
            Icon::Merge
        }
        Fact::CustomerAdded { .. }
        | Fact::CustomerRenamed { .. }
        | Fact::Moved(_)
        | Fact::MovedBack(_)
        | Fact::CaseLeft { .. } => Icon::Customers,
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
            Fact::SupplierAnswered { .. } => t("did-supplier"),
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

    fn address(&self, key: &'static str, contact: ContactId, address: &str) -> String {
        t_with(key, &[("name", self.person(contact).into()), ("address", address.into())])
    }

    fn did(&self, entry: &Entry) -> String {
        match &entry.fact {
            Fact::CustomerAdded { .. } | Fact::ContactAdded { .. } => t("did-became-known").to_owned(),
            Fact::DomainAdded { domain } => t_with("did-domain-added", &[("domain", domain.as_str().into())]),
            Fact::DomainRemoved { domain } => t_with("did-domain-removed", &[("domain", domain.as_str().into())]),
            Fact::CustomerRenamed { from, to } => {
                t_with("did-renamed", &[("from", from.as_str().into()), ("to", to.as_str().into())])
            }
            Fact::CustomerMerged { name, .. } => t_with("did-customer-merged", &[("name", name.as_str().into())]),
            Fact::CustomerMergeUndone { name } => {
                t_with("did-customer-merge-undone", &[("name", name.as_str().into())])
            }
            Fact::ContactRenamed { from, to, .. } => {
                t_with("did-contact-renamed", &[("from", from.as_str().into()), ("to", to.as_str().into())])
            }
            Fact::IdentityAdded { contact, address } => self.address("did-identity-added", *contact, address),
            Fact::IdentityRemoved { contact, address } => self.address("did-identity-removed", *contact, address),
            Fact::IdentityPreferred { contact, address } => self.address("did-identity-preferred", *contact, address),
            Fact::ContactsMerged { into, name, .. } => {
                t_with("did-contacts-merged", &[("name", name.as_str().into()), ("into", self.person(*into).into())])
            }
            Fact::ContactMergeUndone { contact } => {
                t_with("did-contact-merge-undone", &[("name", self.person(*contact).into())])
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
            Fact::Forwarded { .. } => t("did-forwarded").to_owned(),
            Fact::SupplierAnswered { automatic: Some(_), .. } => t("did-supplier-automatic").to_owned(),
            Fact::SupplierAnswered { reopened: true, .. } => t("did-supplier-reopened").to_owned(),
            Fact::SupplierAnswered { .. } => t("did-supplier-answered").to_owned(),
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
            Fact::CustomerFieldChanged { field, to: Some(to), .. } => {
                t_with("did-customer-field", &[("field", field.as_str().into()), ("to", to.as_str().into())])
            }
            Fact::CustomerFieldChanged { field, to: None, .. } => {
                t_with("did-customer-field-empty", &[("field", field.as_str().into())])
            }
            Fact::ContactFieldChanged { contact, field, to, .. } => {
                let of = [("name", self.person(*contact).into()), ("field", field.as_str().into())];
                match to {
                    Some(to) => t_with("did-contact-field", &[of.as_slice(), &[("to", to.as_str().into())]].concat()),
                    None => t_with("did-contact-field-empty", &of),
                }
            }
            Fact::PromiseMade { text, .. } => t_with("did-promised", &[("what", text.as_str().into())]),
            Fact::PromiseKept { text } => t_with("did-promise-kept", &[("what", text.as_str().into())]),
            Fact::PromiseBroken { text } => t_with("did-promise-broken", &[("what", text.as_str().into())]),
            Fact::PromiseReopened { text } => t_with("did-promise-reopened", &[("what", text.as_str().into())]),
            Fact::Undone { .. } => t("did-undone").to_owned(),
            Fact::Closed => t("did-closed").to_owned(),
            Fact::SplitOff { number, .. } => t_with("did-split-off", &[("number", number.to_string().into())]),
            Fact::SplitFrom { number } => t_with("did-split-from", &[("number", number.to_string().into())]),
            Fact::SplitUndone { number } => t_with("did-split-undone", &[("number", number.to_string().into())]),
            Fact::Merged { number, .. } => t_with("did-merged", &[("number", number.to_string().into())]),
            Fact::MergeUndone { number } => t_with("did-merge-undone", &[("number", number.to_string().into())]),
            Fact::Moved(it) => t_with("did-moved", &[("from", it.from_name.as_str().into())]),
            Fact::MovedBack(_) => t("did-moved-back").to_owned(),
            Fact::CaseLeft { number, to } => {
                t_with("did-case-left", &[("number", number.to_string().into()), ("to", to.as_str().into())])
            }
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
