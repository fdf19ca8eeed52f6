//! What we promised: found while somebody writes, beside the case until it is kept, and offered below what was sent.

use axum::extract::State;
use axum::response::Redirect;
use desk::promise::{Found, TEXT, found as found_in};
use domain::{Member, Message, MessageId, MessageState, Promise, PromiseId, PromiseState, Timestamp};
use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;

use super::Here;
use super::brief::sentence;
use super::read::Case;
use crate::Trouble;
use crate::app::App;
use crate::extract::{Form, Path, Query};
use crate::nav;
use crate::page::Page;
use crate::part::{Button, Clock, Icon, hidden, icon_sm, keycap};
use crate::session::Who;
use crate::text::{t, t_with};

/// So many of those in one text are told: who promises more at once is read by nobody.
const FOUND: usize = 5;
/// For so long after it was sent a message offers to keep track of what it promises.
const OFFERED: std::time::Duration = std::time::Duration::from_hours(24);
/// The key that ticks the next one, while somebody writes.
const KEY: &str = "Alt+P";

/// What somebody is writing.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    text: String,
}

/// `POST /cases/{number}/promises/found`; answers the lines below the text. Nothing is kept.
pub async fn found(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Form(it): Form<Words>,
) -> Result<Page, Trouble> {
    let all = app.desk.promises_in(&who.member, number, &it.text).await?;
    let now = app.desk.now();
    let clock = app.desk.db.read(async move |rx| nav::clock(rx, now).await).await?;
    Ok(Page(html! {
        @for (nth, it) in all.iter().take(FOUND).enumerate() {
            label.promised data-key=[(nth == 0).then_some(KEY)] {
                input type="checkbox" name="promise" value=(it.text) autocomplete="off";
                span { (t_with("promise-track", &[("promise", said(&it.text, it.due_at, &clock).into())])) }
                @if nth == 0 { (keycap(KEY)) }
            }
        }
    }))
}

/// What we promised, and by when.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    text: String,
    #[serde(default)]
    due: String,
}

/// `POST /cases/{number}/promises`
pub async fn add(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
    Form(it): Form<Made>,
) -> Result<Redirect, Trouble> {
    let due: Option<Date> = match it.due.trim() {
        "" => None,
        day => Some(day.parse().map_err(|_| Trouble::bad(t("promise-day")))?),
    };
    app.desk.promise(&who.member, number, &it.text, due).await?;
    Ok(here.back(number))
}

/// What became of it.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Became {
    state: PromiseState,
}

/// `POST /cases/{number}/promises/{id}`
pub async fn settle(
    State(app): State<App>,
    who: Who,
    Path((number, id)): Path<(i64, PromiseId)>,
    Query(here): Query<Here>,
    Form(it): Form<Became>,
) -> Result<Redirect, Trouble> {
    app.desk.settle(&who.member, number, id, it.state).await?;
    Ok(here.back(number))
}

/// `POST /cases/{number}/messages/{message}/promises`: keeps track of one after it was sent.
pub async fn track(
    State(app): State<App>,
    who: Who,
    Path((number, message)): Path<(i64, MessageId)>,
    Query(here): Query<Here>,
    Form(it): Form<Words>,
) -> Result<Redirect, Trouble> {
    app.desk.track(&who.member, number, message, &it.text).await?;
    Ok(here.back(number))
}

/// "send the corrected invoice by Wed 2 Dec"
pub fn said(text: &str, due_at: Option<Timestamp>, clock: &Clock) -> String {
    match due_at {
        Some(at) => t_with("promise-by", &[("text", text.into()), ("day", clock.by(at).into())]),
        None => text.to_owned(),
    }
}

/// By when, in colour where that is over.
pub fn due(it: &Promise, clock: &Clock) -> Markup {
    html! {
        @match (it.state, it.due_at) {
            (PromiseState::Kept, _) => span.t3 { (t("promise-kept")) },
            (PromiseState::Broken, _) => span.t3 { (t("promise-broken")) },
            (PromiseState::Open, Some(at)) if it.is_late(clock.now()) => {
                span.risk.m { (t_with("promise-late", &[("day", clock.by(at).into())])) }
            },
            (PromiseState::Open, Some(at)) => span.t2 { (t_with("promise-due", &[("day", clock.by(at).into())])) },
            (PromiseState::Open, None) => span.t3 { (t("promise-no-day")) },
        }
    }
}

/// Beside the case.
pub fn section(case: &Case, query: &str, clock: &Clock) -> Markup {
    let it = &case.spine.case;
    let may_settle = it.aside.is_none();
    let may_add = may_settle && it.status != domain::Status::Closed;
    let mut all: Vec<&Promise> = case.promises.iter().collect();
    all.sort_by_key(|it| (it.state, it.due_at.is_none(), it.due_at, it.at));
    if all.is_empty() && !may_add {
        return html! {};
    }
    let base = format!("/cases/{}/promises", it.number);
    html! {
        section.side-sec aria-labelledby="promises-h" {
            header { h2 #promises-h { (t("promises")) } }
            @if !all.is_empty() {
                ul.promises {
                    @for it in all {
                        li {
                            p { span.t3[it.state != PromiseState::Open] { (sentence(&it.text)) } " " span.nowrap { (due(it, clock)) } }
                            @if may_settle { (settling(it, &base, query)) }
                        }
                    }
                }
            }
            @if may_add { (adding(&base, query)) }
        }
    }
}

fn settling(it: &Promise, base: &str, query: &str) -> Markup {
    html! {
        form.row-flex.gap-1 method="post" action={ (base) "/" (it.id) (query) } {
            @if it.state == PromiseState::Open {
                (Button::submit_as(t("promise-keep"), "state", "kept").small())
                (Button::submit_as(t("promise-break"), "state", "broken").small().quiet())
            } @else {
                (Button::submit_as(t("promise-open"), "state", "open").small().quiet())
            }
        }
    }
}

fn adding(base: &str, query: &str) -> Markup {
    html! {
        details.promise-add {
            summary.link.sm { (t("promise-add")) }
            form.stack.stack-sm method="post" action={ (base) (query) } {
                div.field {
                    label for="promise-text" { (t("promise-what")) }
                    input.input #promise-text name="text" maxlength=(TEXT) required autocomplete="off";
                }
                div.field {
                    label for="promise-due" { (t("promise-when")) }
                    input.input #promise-due type="date" name="due";
                }
                div { (Button::submit(t("promise-do")).small()) }
            }
        }
    }
}

/// What a message of one's own promises and nobody keeps track of, for a day.
pub fn offers(case: &Case, it: &Message, me: &Member, base: &str, query: &str, clock: &Clock) -> Option<Markup> {
    let open = case.spine.case.aside.is_none() && case.spine.case.status != domain::Status::Closed;
    let own = it.staff == Some(me.id) && it.state != MessageState::TakenBack && it.supplier.is_none();
    if !open || !own || it.at.after(OFFERED) < clock.now() {
        return None;
    }
    let known = |found: &Found| {
        let same = |promise: &&Promise| promise.text == found.text;
        case.promises.iter().filter(same).any(|promise| {
            promise.message == Some(it.id) || promise.due_at == found.due_at && promise.state == PromiseState::Open
        })
    };
    let all: Vec<Found> = found_in(it.own_text(), it.at, clock.zone()).into_iter().filter(|it| !known(it)).collect();
    (!all.is_empty()).then(|| {
        html! {
            @for found in all.iter().take(FOUND) {
                form.offer method="post" action={ (base) "/promises" (query) } {
                    (hidden("text", &found.text))
                    (icon_sm(Icon::CheckCircle))
                    span { (t_with("promise-track", &[("promise", said(&found.text, found.due_at, clock).into())])) }
                    (Button::submit(t("promise-keep-track")).small())
                }
            }
        }
    })
}
