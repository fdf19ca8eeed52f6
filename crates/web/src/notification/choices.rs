//! What may tell somebody of what, and that they are away.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::filter::Day;
use domain::{Away, Choices, MailRhythm, NotificationKind, Timestamp, Word};
use maud::{Markup, html};
use serde::Deserialize;
use store::{Read, notification};

use crate::Trouble;
use crate::app::App;
use crate::extract::{Form, Query};
use crate::form::{Wrong, invalid};
use crate::nav::{self, Around, Here};
use crate::page::Page;
use crate::part::{Button, Field, Icon, Place, Select, Tone, banner, crumbs, icon};
use crate::session::Who;
use crate::text::{t, t_with};

/// The ways by which one is told, as their fields are named.
const WAYS: [&str; 3] = ["app", "device", "mail"];

/// What was just done.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Done {
    done: Option<Change>,
}

/// What can be changed here.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Change {
    Saved,
}

/// `GET /you/notifications`
pub async fn show(State(app): State<App>, who: Who, Query(it): Query<Done>) -> Result<Page, Trouble> {
    let (around, choices) = read(&app, &who).await?;
    Ok(page(&app, &who, &around, &choices, it.done, &Wrong::default()))
}

async fn read(app: &App, who: &Who) -> Result<(Around, Choices), Trouble> {
    let scope = who.scope();
    let read = app
        .desk
        .db
        .read(async move |rx: &Read| tokio::try_join!(nav::around(rx, &scope), notification::choices::own(rx, &scope)));
    Ok(read.await?)
}

/// `POST /you/notifications`
pub async fn save(
    State(app): State<App>,
    who: Who,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Redirect, Trouble> {
    app.desk.choose(&who.member, chosen(&pairs)?).await?;
    Ok(Redirect::to("/you/notifications?done=saved"))
}

fn chosen(pairs: &[(String, String)]) -> Result<Choices, Trouble> {
    let wrong = || Trouble::bad(t("bad-choice"));
    let mut it = Choices { app: vec![], device: vec![], mail: vec![], ..Choices::default() };
    for (name, value) in pairs {
        match name.as_str() {
            "rhythm" => it.rhythm = MailRhythm::parse(value).map_err(|_| wrong())?,
            way => {
                let kind = NotificationKind::parse(value).map_err(|_| wrong())?;
                let list = match way {
                    "app" => &mut it.app,
                    "device" => &mut it.device,
                    "mail" => &mut it.mail,
                    _ => return Err(wrong()),
                };
                if !list.contains(&kind) {
                    list.push(kind);
                }
            }
        }
    }
    Ok(it)
}

/// Until when somebody is away.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Leaving {
    /// `yes` or `no`.
    away: String,
    /// The first day on which they are back; empty: until they say so.
    until: String,
}

/// `POST /you/away`
pub async fn leave(State(app): State<App>, who: Who, Form(it): Form<Leaving>) -> Result<Response, Trouble> {
    let (around, choices) = read(&app, &who).await?;
    let saved = async {
        let away = match (it.away.as_str(), it.until.trim()) {
            ("no", _) => None,
            (_, "") => Some(Away { until: None }),
            (_, day) => Some(Away { until: Some(midnight(day, &around, &app).ok_or_else(not_a_day)?) }),
        };
        app.desk.set_away(&who.member, away).await
    };
    match saved.await {
        Ok(()) => Ok(Redirect::to("/you/notifications?done=saved").into_response()),
        Err(err) => {
            let wrong = Wrong::of(err, &["until"])?;
            Ok(wrong.answer(page(&app, &who, &around, &choices, None, &wrong)))
        }
    }
}

fn not_a_day() -> desk::Error {
    invalid("until", t("mistake-day-alone"))
}

fn midnight(day: &str, around: &Around, app: &App) -> Option<Timestamp> {
    let mut parts = day.splitn(3, '-');
    let (year, month, day) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    around.clock(app).midnight(Day::On { year, month, day })
}

fn page(app: &App, who: &Who, around: &Around, it: &Choices, done: Option<Change>, wrong: &Wrong) -> Page {
    let content = html! {
        main.main #main {
            (crumbs(&[(t("you"), "/you")], t("notifications"), &html! {}))
            div.page.stack.stack-lg.notes-choices {
                header.stack.stack-sm { h1.t-2xl { (t("notifications")) } p.t2 { (t("choices-so")) } }
                @if done.is_some() { (banner(Tone::Good, t("choices-saved"))) }
                (wrong.above())
                (device())
                form.stack method="post" action="/you/notifications" {
                    (matrix(it))
                    (rhythm(it.rhythm))
                    div { (Button::submit(t("save")).primary()) }
                }
                (away(app, around, it, wrong))
            }
        }
    };
    let here = Here { title: t("notifications"), place: Place::You, view: None, case_open: false };
    nav::framed(app, who, around, here, &content)
}

/// Whether this browser may show them. Only a press of the button asks for it.
fn device() -> Markup {
    html! {
        bw-device.banner hidden data-granted=(t("device-granted")) data-denied=(t("device-denied")) data-ask=(t("device-ask"))
            data-example=(t("device-example")) data-try=(t("device-try")) data-allow=(t("device-allow")) {
            (icon(Icon::Info)) span.grow role="status" {} (Button::script(t("device-allow")).small())
        }
    }
}

fn matrix(it: &Choices) -> Markup {
    let heads = [t("choices-app"), t("choices-device"), t("choices-mail")];
    html! {
        div.table-scroll tabindex="0" role="region" aria-label=(t("choices-table")) {
            table.table.matrix {
                thead { tr { th scope="col" { (t("choices-when")) } @for head in heads { th scope="col" { (head) } } } }
                tbody {
                    @for kind in NotificationKind::ALL {
                        @let (name, about) = kind_name(*kind);
                        tr {
                            th scope="row" { span.m { (name) } @if !about.is_empty() { small { (about) } } }
                            @for ((way, head), list) in WAYS.iter().zip(heads).zip([&it.app, &it.device, &it.mail]) {
                                td { label.hit-b {
                                    span.vh { (name) ": " (head) }
                                    input type="checkbox" name=(way) value=(kind.word()) checked[list.contains(kind)];
                                } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn kind_name(kind: NotificationKind) -> (&'static str, &'static str) {
    match kind {
        NotificationKind::Mentioned => (t("choice-mentioned"), ""),
        NotificationKind::Assigned => (t("choice-assigned"), ""),
        NotificationKind::Message => (t("choice-message"), t("choice-message-so")),
        NotificationKind::Clock => (t("choice-clock"), ""),
    }
}

fn rhythm(chosen: MailRhythm) -> Markup {
    let name = |it: &MailRhythm| match it {
        MailRhythm::Soon => t("rhythm-soon"),
        MailRhythm::Hourly => t("rhythm-hourly"),
        MailRhythm::Daily => t("rhythm-daily"),
        MailRhythm::Never => t("rhythm-never"),
    };
    let options: Vec<(&str, &str)> = MailRhythm::ALL.iter().map(|it| (it.word(), name(it))).collect();
    html! { div.narrow { (Select::new("rhythm", t("rhythm"), &options).chosen(chosen.word()).hint(t("rhythm-so"))) } }
}

fn away(app: &App, around: &Around, it: &Choices, wrong: &Wrong) -> Markup {
    let now = app.desk.now();
    let clock = around.clock(app);
    let until = it.away.filter(|_| it.is_away(now)).map(|it| it.until);
    html! {
        section.sec.sec-line aria-labelledby="away-h" {
            header { h2 #away-h { (t("away-head")) } p { (t("away-so")) } }
            @match until {
                Some(until) => form.stack.narrow method="post" action="/you/away" {
                    input type="hidden" name="away" value="no";
                    p { @match until {
                        Some(day) => (t_with("away-until", &[("day", clock.day(day).into())])),
                        None => (t("away-now")),
                    } }
                    div { (Button::submit(t("away-back")).primary()) }
                },
                None => form.stack.narrow method="post" action="/you/away" {
                    input type="hidden" name="away" value="yes";
                    (Field::new("until", t("away-back-on")).date().hint(t("away-back-on-so")).error(wrong.at("until")))
                    div { (Button::submit(t("away-go")).icon(Icon::Moon)) }
                },
            }
        }
    }
}
