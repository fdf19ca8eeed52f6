//! Settings: where a language model writes the Brief, if it does; and what it was told of a case.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use desk::brief::endpoint::{self, Endpoint, Health, Tried};
use domain::{BriefLine, WrittenLine};
use maud::{Markup, html};
use serde::Deserialize;
use store::Read;
use store::case::within;

use crate::Trouble;
use crate::app::App;
use crate::case::brief::{mood_said, name};
use crate::extract::{Form, Path};
use crate::form::{Wrong, invalid};
use crate::nav::{self, Around, Here};
use crate::page::Page;
use crate::part::{
    Button, Check, CheckState, Clock, Field, Icon, Place, Tone, banner_with, check, checks, crumbs, icon,
};
use crate::session::Who;
use crate::settings::{Section, frame};
use crate::text::{t, t_with};

const AT: &str = "/settings/brief";
const FIELDS: &[&str] = &["address", "model", "key", "seconds"];

/// The form as somebody left it. The key goes in, and never out.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Entered {
    on: Option<String>,
    address: String,
    inside: Option<String>,
    model: String,
    key: String,
    seconds: String,
    notes: Option<String>,
}

impl Entered {
    fn of(it: &Endpoint) -> Entered {
        let ticked = |it: bool| it.then(|| "on".to_owned());
        Entered {
            on: ticked(it.on),
            address: it.address.clone(),
            inside: ticked(it.inside),
            model: it.model.clone(),
            key: String::new(),
            seconds: it.seconds.to_string(),
            notes: ticked(it.notes),
        }
    }

    fn endpoint(&self) -> Result<endpoint::Entered, desk::Error> {
        let (from, to) = (*endpoint::PATIENCE.start(), *endpoint::PATIENCE.end());
        let wrong = |_| invalid("seconds", t_with("brief-seconds-wrong", &[("from", from.into()), ("to", to.into())]));
        Ok(endpoint::Entered {
            on: self.on.is_some(),
            address: self.address.clone(),
            inside: self.inside.is_some(),
            model: self.model.clone(),
            key: self.key.clone(),
            seconds: self.seconds.trim().parse().map_err(wrong)?,
            notes: self.notes.is_some(),
        })
    }
}

/// `GET /settings/brief`
pub async fn show(State(app): State<App>, who: Who) -> Result<Page, Trouble> {
    let known = Known::read(&app, &who).await?;
    let it = Entered::of(&known.endpoint);
    Ok(known.page(&app, &who, &it, None, &Wrong::NOTHING))
}

/// `POST /settings/brief`
pub async fn save(State(app): State<App>, who: Who, Form(it): Form<Entered>) -> Result<Response, Trouble> {
    let saved = async { app.desk.set_brief_endpoint(&who.member, it.endpoint()?).await };
    match saved.await {
        Ok(()) => Ok(Redirect::to(AT).into_response()),
        Err(err) => {
            let (wrong, known) = (Wrong::of(err, FIELDS)?, Known::read(&app, &who).await?);
            Ok(wrong.answer(known.page(&app, &who, &it, None, &wrong)))
        }
    }
}

/// `POST /settings/brief/test`: a sample is sent, as it was entered. Script puts the answer in its place.
pub async fn test(
    State(app): State<App>,
    who: Who,
    headers: HeaderMap,
    Form(it): Form<Entered>,
) -> Result<Response, Trouble> {
    let tried = async { app.desk.try_brief_endpoint(&who.member, it.endpoint()?).await };
    let tried = tried.await;
    let known = Known::read(&app, &who).await?;
    match tried {
        Ok(tried) if headers.contains_key("x-fragment") => {
            let line = told(Some((&tried, it.model.trim()))).into_string().replace(['\r', '\n'], " ") + "\n";
            Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], line).into_response())
        }
        Ok(tried) => Ok(known.page(&app, &who, &it, Some(&tried), &Wrong::NOTHING).into_response()),
        Err(err) => {
            let wrong = Wrong::of(err, FIELDS)?;
            Ok(wrong.answer(known.page(&app, &who, &it, None, &wrong)))
        }
    }
}

/// `POST /settings/brief/key/removal`
pub async fn remove_key(State(app): State<App>, who: Who) -> Result<Redirect, Trouble> {
    app.desk.remove_brief_key(&who.member).await?;
    Ok(Redirect::to(AT))
}

/// What the page shows beside what was entered.
struct Known {
    around: Around,
    endpoint: Endpoint,
    health: Health,
}

impl Known {
    async fn read(app: &App, who: &Who) -> Result<Known, Trouble> {
        let (endpoint, health) = app.desk.brief_endpoint(&who.member).await?;
        let scope = who.scope();
        let around = app.desk.db.read(async move |rx: &Read| nav::around(rx, &scope).await).await?;
        Ok(Known { around, endpoint, health })
    }

    fn page(&self, app: &App, who: &Who, it: &Entered, tried: Option<&Tried>, wrong: &Wrong) -> Page {
        let clock = self.around.clock(app);
        let key = if self.endpoint.has_key { t("brief-key-kept") } else { t("brief-key-hint") };
        let content = html! {
            p.t2.mb4 { (t("brief-endpoint-so")) }
            div #health data-live="brief_endpoint" data-src=(AT) { (self.trouble(&clock)) }
            form.stack.narrow method="post" action=(AT) {
                (wrong.above())
                (check("on", t("brief-on"), t("brief-on-hint"), it.on.is_some()))
                (Field::new("address", t("brief-address")).value(&it.address).autocomplete("off")
                    .placeholder("https://api.example.com/v1").hint(t("brief-address-hint")).error(wrong.at("address")))
                (check("inside", t("brief-inside"), t("brief-inside-hint"), it.inside.is_some()))
                (Field::new("model", t("brief-model")).value(&it.model).autocomplete("off").hint(t("brief-model-hint")).error(wrong.at("model")))
                (Field::new("key", t("brief-key")).password().autocomplete("new-password").hint(key).error(wrong.at("key")))
                (Field::new("seconds", t("brief-seconds")).number().value(&it.seconds).autocomplete("off").error(wrong.at("seconds")))
                (check("notes", t("brief-notes"), t("brief-notes-hint"), it.notes.is_some()))
                (sent())
                (told(tried.map(|tried| (tried, it.model.trim()))))
                div.row-flex.wrap {
                    (Button::submit(t("save")).primary())
                    bw-try data-waiting=(t("brief-trying")) {
                        button.btn type="submit" formaction={ (AT) "/test" } formnovalidate { (icon(Icon::Refresh)) (t("brief-try")) }
                    }
                }
            }
            @if self.endpoint.has_key {
                form.mt4 method="post" action={ (AT) "/key/removal" } { (Button::submit(t("brief-key-remove")).icon(Icon::Key).small()) }
            }
        };
        frame(app, who, &self.around, Section::Brief, &html! {}, &content)
    }

    /// What went wrong last, quietly.
    fn trouble(&self, clock: &Clock) -> Markup {
        let Some((why, at)) = &self.health.last else { return html! {} };
        let sentence = html! {
            (t("brief-failed")) " " (clock.long(*at)) ": " (why)
            @if let Some(until) = self.health.paused_until {
                " " (t("brief-paused")) " " (clock.long(until)) "."
            }
        };
        html! { div.mb4 { (banner_with(Tone::Watch, &sentence, &html! {})) } }
    }
}

/// What is sent, and to whom.
fn sent() -> Markup {
    html! {
        section.brief-sent aria-labelledby="bs" {
            h2.m #bs { (t("brief-sends")) }
            ul.sm {
                li { (t("brief-sends-what")) }
                li { (t("brief-sends-hidden")) }
                li { (t("brief-sends-not")) }
                li { (t("brief-sends-whom")) }
                li { (t("brief-sends-when")) }
            }
        }
    }
}

/// What came of a sample: nothing yet before the first.
fn told(tried: Option<(&Tried, &str)>) -> Markup {
    html! {
        div #checks aria-live="polite" {
            @if let Some((it, model)) = tried {
                @match &it.answer {
                    Ok(lines) => {
                        @let title = t_with("brief-tried-well", &[("model", model.into())]);
                        (checks(&[Check { state: CheckState::Good, title: &title, detail: "", said: None, took: Some(it.took) }]))
                        (sample(lines))
                    }
                    Err(why) => {
                        (checks(&[Check { state: CheckState::Bad, title: t("brief-tried-badly"), detail: why, said: None, took: Some(it.took) }]))
                    }
                }
            }
        }
    }
}

fn sample(lines: &[WrittenLine]) -> Markup {
    let said = |it: &WrittenLine| {
        if it.line == BriefLine::Mood { mood_said(&it.text).unwrap_or_default().to_owned() } else { it.text.clone() }
    };
    html! {
        @if lines.is_empty() { p.sm.t2 { (t("brief-tried-nothing")) } }
        dl.brief-dl { @for it in lines { div { dt { (name(it.line)) } dd title=(it.sentence) { (said(it)) } } } }
    }
}

/// `GET /cases/{number}/brief/sent`: what was sent to have the Brief written, word for word.
pub async fn what_was_sent(State(app): State<App>, who: Who, Path(number): Path<i64>) -> Result<Page, Trouble> {
    let scope = who.scope();
    let read = app.desk.db.read(async move |rx| {
        let (writer, texts, at) = desk::brief::sent(rx, &scope, number).await?;
        let case = within(rx, &scope, number).await?.ok_or(store::Error::NotFound)?;
        Ok::<_, store::Error>((nav::around(rx, &scope).await?, case.number, writer, texts, at))
    });
    let (around, number, writer, [instruction, text], at) = read.await?;
    let clock = around.clock(&app);
    let (case, address) = (t_with("case-number", &[("number", number.to_string().into())]), format!("/cases/{number}"));
    let to = t_with("brief-sent-to", &[("model", writer.model.into()), ("host", writer.host.into())]);
    let content = html! {
        main.main #main {
            (crumbs(&[(&case, &address)], t("brief-sent"), &html! {}))
            div.page.page-narrow.stack {
                h1 { (t("brief-sent")) }
                p.t2 { (to) " " (clock.long(at)) }
                h2 { (t("brief-sent-instruction")) }
                pre.code.brief-text { (instruction) }
                h2 { (t("brief-sent-text")) }
                pre.code.brief-text { (text) }
            }
        }
    };
    let here = Here { title: t("brief-sent"), place: Place::Inbox, view: None, case_open: false };
    Ok(nav::framed(&app, &who, &around, here, &content))
}
