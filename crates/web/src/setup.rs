//! The first visit: one plain page behind a link that the program prints when it starts.

use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use desk::setup::FirstVisit;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use serde::Deserialize;

use crate::app::{self, App};
use crate::channel::button::test_button;
use crate::channel::form::Entered;
use crate::channel::steps::{self, Found, Round, Start, tried};
use crate::error::Trouble;
use crate::extract::{Form, Path};
use crate::form::{Wrong, invalid, plain_head};
use crate::page::{Head, Page, page};
use crate::part::{Button, Clock, Field, Icon, Select, icon};
use crate::sign_in;
use crate::text::t;

/// What the page asks.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Visit {
    organization: String,
    time_zone: String,
    name: String,
    email: String,
    password: String,
    address: String,
    user: String,
    mailbox_password: String,
    reading_host: String,
    reading_port: String,
    reading_security: String,
    sending_host: String,
    sending_port: String,
    sending_security: String,
    sending_user: String,
    sending_password: String,
    history_days: String,
    tested: String,
    reading_only: String,
    later: String,
}

impl Visit {
    fn mailbox(&self) -> Entered {
        Entered {
            address: self.address.clone(),
            user: self.user.clone(),
            mailbox_password: self.mailbox_password.clone(),
            reading_host: self.reading_host.clone(),
            reading_port: self.reading_port.clone(),
            reading_security: self.reading_security.clone(),
            sending_host: self.sending_host.clone(),
            sending_port: self.sending_port.clone(),
            sending_security: self.sending_security.clone(),
            sending_user: self.sending_user.clone(),
            sending_password: self.sending_password.clone(),
            history_days: self.history_days.clone(),
            tested: self.tested.clone(),
            reading_only: self.reading_only.clone(),
            ..Entered::fresh()
        }
    }

    /// The same, with the servers that were found.
    fn with(&self, full: &Entered) -> Visit {
        Visit {
            reading_host: full.reading_host.clone(),
            reading_port: full.reading_port.clone(),
            reading_security: full.reading_security.clone(),
            sending_host: full.sending_host.clone(),
            sending_port: full.sending_port.clone(),
            sending_security: full.sending_security.clone(),
            ..self.clone()
        }
    }

    fn desk(&self) -> FirstVisit {
        FirstVisit {
            organization: self.organization.clone(),
            time_zone: self.time_zone.clone(),
            name: self.name.clone(),
            email: self.email.clone(),
            password: self.password.clone(),
        }
    }

    fn clock(&self, app: &App) -> Clock {
        Clock::new(app.desk.now(), TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC))
    }
}

/// `GET /setup/{token}`
pub async fn form(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Trouble> {
    if !app.desk.may_set_up(&token).await? {
        return Ok(closed());
    }
    let fresh = Entered::fresh();
    let it = Visit {
        reading_port: fresh.reading_port,
        reading_security: fresh.reading_security,
        sending_port: fresh.sending_port,
        sending_security: fresh.sending_security,
        ..Visit::default()
    };
    Ok(Setup { app: &app, token: &token, it: &it, wrong: &Wrong::default(), round: &Round::default() }
        .page()
        .into_response())
}

/// `POST /setup/{token}`
pub async fn submit(
    State(app): State<App>,
    Extension(from): Extension<app::From>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Form(it): Form<Visit>,
) -> Result<Response, Trouble> {
    if !app.desk.may_set_up(&token).await? {
        return Ok(closed());
    }
    let (full, _, strange) = it.mailbox().found(&app).await;
    let it = it.with(&full);
    let wrong = if strange.is_above() { set_up(&app, &token, &it).await? } else { Some(strange) };
    let Some(wrong) = wrong else {
        return sign_in::let_in(&app, &headers, from, &it.email, it.password).await;
    };
    Ok(wrong.answer(Setup { app: &app, token: &token, it: &it, wrong: &wrong, round: &Round::default() }.page()))
}

/// The fields of the form at which something wrong can stand.
const FIELDS: &[&str] = &[
    "organization",
    "time_zone",
    "name",
    "email",
    "password",
    "address",
    "mailbox_password",
    "sending_password",
    "history_days",
    "reading_host",
    "reading_port",
    "reading_security",
    "sending_host",
    "sending_port",
    "sending_security",
];

/// Sets the desk up, or says what is wrong with the form.
async fn set_up(app: &App, token: &str, it: &Visit) -> Result<Option<Wrong>, Trouble> {
    let done = async {
        if TimeZone::get(&it.time_zone).is_err() {
            return Err(invalid("time_zone", t("time-zone-wrong")));
        }
        // The mailbox is looked at first: the desk can be founded only once, and a slip in a port must not spoil that.
        let mailbox = it.later.is_empty().then(|| it.mailbox().mailbox()).transpose()?;
        app.desk.set_up(token, it.desk(), mailbox).await
    };
    done.await.err().map(|err| Wrong::of(err, FIELDS)).transpose()
}

/// `POST /setup/{token}/test`
pub async fn test(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Form(it): Form<Visit>,
) -> Result<Response, Trouble> {
    if !app.desk.may_set_up(&token).await? {
        return Ok(closed());
    }
    let entered = it.mailbox();
    let (round, wrong, full) = match steps::begin(&app, None, &entered, FIELDS).await? {
        Start::Wrong(wrong, full) => {
            let round = Round { found: Found::of(&full, &entered), ..Round::default() };
            if headers.contains_key("x-fragment") && wrong.is_above() {
                let told = Page(tried(&round, &it.clock(&app), &wrong));
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, told).into_response());
            }
            (round, wrong, full)
        }
        Start::Ready(trial, full) => {
            let begun = Round { found: Found::of(&full, &entered), ..Round::default() };
            if headers.contains_key("x-fragment") {
                return Ok(steps::follow(*trial, begun, it.clock(&app)));
            }
            (steps::run(*trial, begun).await?, Wrong::default(), full)
        }
    };
    let it = it.with(&full);
    Ok(wrong.answer(Setup { app: &app, token: &token, it: &it, wrong: &wrong, round: &round }.page()))
}

/// Time zones by their IANA names, as far as people live in them.
pub fn time_zones() -> Vec<String> {
    let all = jiff::tz::db().available().map(|it| it.to_string());
    let lived_in = |it: &String| it.contains('/') && !it.starts_with("Etc/") && !it.starts_with("SystemV/");
    let mut zones: Vec<String> = all.filter(lived_in).collect();
    zones.push("UTC".to_owned());
    zones.sort_unstable();
    zones.dedup();
    zones
}

/// The choice of a time zone; while none is chosen, script proposes the browser's.
pub fn zone_select(chosen: &str, wrong: &Wrong) -> Markup {
    let zones = time_zones();
    let options: Vec<(&str, &str)> = zones.iter().map(|it| (it.as_str(), it.as_str())).collect();
    let now = if chosen.is_empty() { "UTC" } else { chosen };
    let select = Select::new("time_zone", t("time-zone"), &options).chosen(now).error(wrong.at("time_zone"));
    html! { @if chosen.is_empty() { bw-zone.bare { (select) } } @else { (select) } }
}

/// What a link says that opens nothing, or no longer.
fn closed() -> Response {
    let body = html! {
        main.login-b #main {
            (plain_head(t("setup-closed"), t("setup-closed-so")))
            p.t2 { (t("setup-closed-do")) }
            p { (Button::link(t("sign-in-button"), "/sign-in").primary()) }
        }
    };
    (StatusCode::NOT_FOUND, page(&Head::new(t("setup-closed")).class("login"), &body)).into_response()
}

struct Setup<'a> {
    app: &'a App,
    token: &'a str,
    it: &'a Visit,
    wrong: &'a Wrong,
    round: &'a Round,
}

impl Setup<'_> {
    fn page(&self) -> Page {
        let at = format!("/setup/{}", self.token);
        let body = html! {
            main.setup #main {
                p.setup-b { svg.mark aria-hidden="true" { use href="#mark" {} } (t("product")) span.xs.t3.end { (bare(&self.app.public.url)) } }
                div.first-h { h1 { (t("setup")) } p.t2.lg { (t("setup-so")) } }
                (self.wrong.above())
                form method="post" action=(at) {
                    // The first button of a form is the one that Enter presses.
                    button.vh type="submit" tabindex="-1" aria-hidden="true" { (t("setup-finish")) }
                    ol.stepsl {
                        li { span.st-n aria-hidden="true" { "1" } div.grow { (self.people()) } }
                        li { span.st-n aria-hidden="true" { "2" } div.grow { (self.mailbox(&at)) } }
                        li { span.st-n aria-hidden="true" { "3" } div.grow { (finish()) } }
                    }
                }
            }
        };
        page(&Head::new(t("setup")).class("setup-s"), &body)
    }

    fn people(&self) -> Markup {
        let (it, wrong) = (self.it, self.wrong);
        html! {
            div.setup-f {
                h2 { (t("setup-you")) }
                div.setup-2 {
                    (Field::new("organization", t("organization-name")).autocomplete("organization").required().value(&it.organization).error(wrong.at("organization")))
                    (zone_select(&it.time_zone, wrong))
                }
                div.setup-2 {
                    (Field::new("name", t("your-name")).autocomplete("name").required().value(&it.name).error(wrong.at("name")))
                    (Field::new("email", t("your-email")).email().autocomplete("username").required().value(&it.email).error(wrong.at("email")))
                }
                (Field::new("password", t("password")).password().autocomplete("new-password").required().at_least(12).hint(t("password-hint")).error(wrong.at("password")))
            }
        }
    }

    fn mailbox(&self, at: &str) -> Markup {
        let it = self.it.mailbox();
        html! {
            div.setup-f {
                div { h2 { (t("setup-mailbox")) } p.sm.t2 { (t("mailbox-untouched")) } }
                (it.account(self.wrong, false))
                (it.servers(self.wrong, self.round.doubts_servers()))
                (it.history(self.wrong))
                @if self.round.receipt.is_empty() && !it.tested.is_empty() { input type="hidden" name="tested" value=(it.tested); }
                (tried(self.round, &self.it.clock(self.app), &Wrong::default()))
                div.row-flex.wrap { (test_button(&format!("{at}/test"))) }
            }
        }
    }
}

/// An address as people say it.
fn bare(url: &str) -> &str {
    url.split_once("://").map_or(url, |it| it.1)
}

fn finish() -> Markup {
    html! {
        div.setup-f {
            h2 { (t("setup-open")) }
            ul.setup-n {
                li { (icon(Icon::Inbox)) span { (t("setup-only-new")) } }
                li { (icon(Icon::Customers)) span { (t("setup-unknown")) } }
            }
            div.row-flex.wrap {
                (Button::submit(t("setup-finish")).primary())
                (Button::submit_as(t("setup-later"), "later", "yes"))
            }
        }
    }
}
