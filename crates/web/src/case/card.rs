//! Beside a case: who the customer is, and the facts of the case.

use domain::{CustomerKind, Member, Owner, Right};
use maud::{Markup, html};

use super::follow;
use super::read::Case;
use super::{brief, like, promise};
use crate::field;
use crate::inbox::pane::first_name;
use crate::nav::{kind_name, priority_name, status_name};
use crate::part::{AvatarSize, Button, Clock, Icon, Tone, badge, organization_avatar, their_avatar};
use crate::text::{t, t_with};

/// How many people and cases the card shows; the customer's own page has the rest.
const SHOWN: usize = 6;

/// The card.
pub fn card(case: &Case, me: &Member, query: &str, clock: &Clock) -> Markup {
    let customer = &case.spine.customer;
    let address = format!("/customers/{}", customer.id);
    html! {
        div.side-top.only-m {
            h2 { (t_with("case-number", &[("number", case.number().to_string().into())])) }
            (Button::close(t("close"), "side").quiet().only_icon(Icon::X))
        }
        (brief::section(case, query, clock))
        (promise::section(case, query, clock))
        section.side-sec {
            header {
                @match customer.kind {
                    CustomerKind::Organization => (organization_avatar(&customer.name, AvatarSize::Large)),
                    CustomerKind::Individual => (their_avatar(&customer.name, AvatarSize::Large)),
                }
                div.grow.side-who {
                    h2.trunc { a href=(address) { (customer.name) } }
                    p.xs.t3.trunc { (kind_name(customer.kind)) @if !case.card.domains.is_empty() { ", " (case.card.domains.join(", ")) } }
                }
                @if customer.provisional { (badge(Tone::Line, t("provisional"))) }
            }
            @if customer.provisional { p.xs.t3 { (t("provisional-why")) } }
            (field::facts(&case.fields, Owner::Customer, &case.card.fields, &changed_at(me, &address)))
        }
        (follow::followers(case, me))
        (people(case, &address))
        (issuer(case, me, &address))
        (others(case))
        (like::place(case))
        (fields(case, query))
        (facts(case, clock))
    }
}

/// What the team wants to know of each case.
fn fields(case: &Case, query: &str) -> Markup {
    let it = &case.spine.case;
    let may = it.aside.is_none();
    let mut all = case.own_fields().peekable();
    html! {
        @if all.peek().is_some() {
            section.side-sec {
                header { h2 { (t("fields")) } }
                form.stack.stack-sm.side-fields method="post" action={ "/cases/" (it.number) "/fields" (query) } {
                    @for field in all { (field::input(field, it.fields.get(&field.id).map(String::as_str), "side")) }
                    @if may { div { (Button::submit(t("save")).small()) } }
                }
            }
        }
    }
}

/// What is known of the person whose issue it is.
fn issuer(case: &Case, me: &Member, address: &str) -> Markup {
    let (id, name) = &case.spine.contact;
    let facts = field::facts(
        &case.fields,
        Owner::Contact,
        &case.contact_says,
        &changed_at(me, &format!("{address}/contacts/{id}")),
    );
    html! {
        @if !facts.0.is_empty() {
            section.side-sec {
                header { h2.trunc { (name) } }
                (facts)
            }
        }
    }
}

/// The way to where fields are changed, for whoever may.
fn changed_at(me: &Member, address: &str) -> Markup {
    html! { @if me.role.may(Right::Desk) { p.xs { a.link href={ (address) "#fields" } { (t("fields-change")) } } } }
}

fn people(case: &Case, address: &str) -> Markup {
    let people = &case.card.people;
    html! {
        @if !people.is_empty() {
            section.side-sec {
                header { h2 { (t("people")) } }
                ul.side-list {
                    @for it in people.iter().take(SHOWN) {
                        @let writes = it.id == case.spine.contact.0;
                        li {
                            span.trunc.m[writes] title=[writes.then_some(t("their-issue"))] { (it.name) }
                            @if let Some(email) = it.address.as_ref().filter(|email| email.as_str() != it.name) {
                                span.xs.t3.trunc.side-at title=(email) { (email) }
                            }
                        }
                    }
                    @if people.len() > SHOWN { li { a.link href=(address) { (t("all-people")) } } }
                }
            }
        }
    }
}

fn others(case: &Case) -> Markup {
    let others: Vec<_> = case.card.cases.iter().filter(|it| it.number != case.number()).take(SHOWN).collect();
    html! {
        @if !others.is_empty() {
            section.side-sec {
                header { h2 { (t("other-cases")) } }
                ul.side-list {
                    @for it in others {
                        li {
                            a.trunc href={ "/cases/" (it.number) } title=(it.subject) { (it.subject) }
                            span.xs.t3 {
                                (status_name(it.status))
                                @if it.assignee.is_some() { ", " (first_name(case.staff_name(it.assignee))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn facts(case: &Case, clock: &Clock) -> Markup {
    let it = &case.spine.case;
    let team = it.team.and_then(|id| case.teams.iter().find(|it| it.id == id));
    html! {
        section.side-sec {
            header { h2 { (t_with("case-number", &[("number", it.number.to_string().into())])) } }
            dl.case-facts {
                dt { (t("status")) } dd { (status_name(it.status)) }
                dt { (t("priority")) } dd { (priority_name(it.priority)) }
                dt { (t("assignee")) } dd { (if it.assignee.is_some() { case.staff_name(it.assignee) } else { t("nobody") }) }
                @if let Some(team) = team { dt { (t("team")) } dd { (team.name) } }
                @if let Some(channel) = case.channel(it.channel) { dt { (t("channel")) } dd.trunc title=(channel.address) { (channel.address) } }
                @if let Some(at) = it.due_at { dt { (t("due")) } dd { (clock.long_said(at)) } }
                dt { (t("opened")) } dd { (clock.long(it.opened_at)) }
                dt { (t("last-written")) } dd { (clock.long(it.last_at)) }
                @if let (Some(how), Some(_)) = (&it.resolution, it.resolved_at) { dt { (t("resolution")) } dd { (how) } }
                @if let Some(at) = it.resolved_at { dt { (t("resolved-at")) } dd { (clock.long(at)) } }
            }
        }
    }
}
