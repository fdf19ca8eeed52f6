//! Two cases that are one issue, or one that is two: what is offered, and the way back.

use domain::{Direction, Member, Message, MessageState, Right, Status};
use maud::{Markup, html};

use super::read::{Case, Suggested};
use crate::nav::status_name;
use crate::part::{Button, Icon, Tone, banner, icon, menu, menu_button, menu_do, suggestion};
use crate::text::{t, t_with};

/// How many of the customer's cases are offered.
const OFFERED: usize = 8;

/// That a number leads here since its case was taken into this one.
pub fn was(number: Option<i64>, case: &Case) -> Markup {
    let known = number.filter(|it| *it != case.number());
    html! {
        @if let Some(number) = known {
            (banner(Tone::Plain, &t_with("merged-was", &[("number", number.to_string().into()), ("case", case.number().to_string().into())])))
        }
    }
}

/// The cases to which this one may belong. The keys decide about the first.
pub fn suggestions(case: &Case, query: &str) -> Markup {
    let open = case.spine.case.changeable().is_ok() && case.spine.case.status != Status::Resolved;
    html! {
        @for (at, it) in case.suggested.iter().enumerate() {
            @let actions = if open { actions(case.number(), it, query, at == 0) } else { html! {} };
            (suggestion(it.case.number, &it.case.subject, &it.why, &actions))
        }
    }
}

fn actions(number: i64, it: &Suggested, query: &str, first: bool) -> Markup {
    let with = it.number.to_string();
    let base = format!("/cases/{number}/suggestion");
    let key = |it: &'static str, button: Button<'static>| if first { button.key(it) } else { button };
    html! {
        div.suggest-a {
            @if it.case.changeable().is_ok() {
                form method="post" action={ (base) "/joining" (query) } {
                    input type="hidden" name="with" value=(with);
                    (key("y", Button::submit(t("suggestion-join")).small()))
                }
            }
            form method="post" action={ (base) "/removal" (query) } {
                input type="hidden" name="with" value=(with);
                (key("Y", Button::submit(t("suggestion-apart")).small().quiet()))
            }
        }
    }
}

/// The lines of the menu that take a case apart, put it together with another, or give it to another customer.
pub fn lines(me: &Member, base: &str, query: &str) -> Markup {
    let sign = if query.is_empty() { '?' } else { '&' };
    html! {
        button.menu-item type="button" popovertarget="merge" data-key="M" data-focus="merge-with" {
            (icon(Icon::Merge)) span.trunc { (t("merge-with")) } kbd aria-hidden="true" { "M" }
        }
        a.menu-item href={ (base) (query) (sign) "choose=true" } data-key="X" {
            (icon(Icon::Split)) span.trunc { (t("split-choose")) } kbd aria-hidden="true" { "X" }
        }
        @if me.role.may(Right::Desk) {
            a.menu-item href={ (base) "/customer" } data-key="l" {
                (icon(Icon::Customers)) span.trunc { (t("move-case")) } kbd aria-hidden="true" { "l" }
            }
        }
    }
}

/// With which case this one is merged: one of the customer's, or a number.
pub fn with(case: &Case, base: &str, query: &str) -> Markup {
    let others = case.card.cases.iter().filter(|it| it.number != case.number() && it.status != Status::Closed);
    html! {
        form method="post" action={ (base) "/merge" (query) } {
            (menu("merge", t("merge-with"), &html! {
                div.field {
                    label for="merge-with" { (t("merge-number")) }
                    input.input #merge-with name="with" inputmode="numeric" autocomplete="off" aria-describedby="merge-h";
                    p.hint #merge-h { (t("merge-hint")) }
                }
                (menu_do(Icon::Check, t("merge-do"), None))
                hr;
                @for it in others.take(OFFERED) {
                    @let number = it.number.to_string();
                    @let label = t_with("merge-line", &[("number", number.as_str().into()), ("subject", it.subject.as_str().into()), ("status", status_name(it.status).into())]);
                    (menu_button(Some(Icon::Merge), &label, ("case", &number), None, false))
                }
            }))
        }
    }
}

/// Where the messages that are chosen become a case.
pub fn choose(case: &Case, query: &str) -> Markup {
    let base = format!("/cases/{}", case.number());
    html! {
        form.split-bar #split method="post" action={ (base) "/split" (query) } aria-label=(t("split-choose")) {
            div.field.grow {
                label for="split-subject" { (t("split-subject")) }
                input.input #split-subject name="subject" maxlength="200" autocomplete="off" aria-describedby="split-h";
                p.hint #split-h { (t("split-hint")) }
            }
            div.row-flex {
                (Button::submit(t("split-do")).primary().icon(Icon::Split))
                (Button::link(t("cancel"), &format!("{base}{query}")).quiet().key("Escape"))
            }
        }
    }
}

/// The box that chooses a message; none for what opened the case, and what cannot go.
pub fn choice(case: &Case, it: &Message) -> Option<Markup> {
    let opener = case.spine.opener == Some(it.id);
    if opener || matches!(it.state, MessageState::Sending | MessageState::TakenBack) {
        return None;
    }
    let who = if it.direction == Direction::Inbound { it.sender.label() } else { case.staff_name(it.staff) };
    let name = t_with("split-this", &[("who", who.into())]);
    Some(html! {
        label.choice { input type="checkbox" name="message" value=(it.id) form="split"; span.vh { (name) } }
    })
}

/// Undoes what an entry tells.
pub fn undo(case: i64, entry: i64, query: &str) -> Markup {
    html! {
        form.undo method="post" action={ "/cases/" (case) "/entries/" (entry) "/undo" (query) } {
            button.link type="submit" { (t("undo")) }
        }
    }
}
