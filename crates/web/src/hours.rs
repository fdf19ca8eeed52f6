//! Settings: business hours.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::hours::{Hours, Span};
use maud::{Markup, html};
use store::Read;

use crate::app::App;
use crate::error::Trouble;
use crate::extract::Form;
use crate::form::{Wrong, invalid};
use crate::nav::{self, Around};
use crate::page::Page;
use crate::part::{Area, Button};
use crate::session::Who;
use crate::settings::{Section, frame};
use crate::text::t;

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// `GET /settings/hours`
pub async fn show(State(app): State<App>, who: Who) -> Result<Page, Trouble> {
    let hours = app.desk.hours().await?;
    let around = around(&app, &who).await?;
    Ok(page(&app, &who, &around, &Entered::of(&hours), &Wrong::NOTHING))
}

/// `POST /settings/hours`
pub async fn save(
    State(app): State<App>,
    who: Who,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let entered = Entered::read(&pairs)?;
    let saved = match entered.hours() {
        Ok(hours) => app.desk.set_hours(&who.member, hours).await,
        Err(err) => Err(err),
    };
    match saved {
        Ok(()) => Ok(Redirect::to("/settings/hours").into_response()),
        Err(err) => {
            let wrong = Wrong::of(err, &["days", "closed"])?;
            Ok(wrong.answer(page(&app, &who, &around(&app, &who).await?, &entered, &wrong)))
        }
    }
}

async fn around(app: &App, who: &Who) -> Result<Around, Trouble> {
    let scope = who.scope();
    Ok(app.desk.db.read(async move |rx: &Read| nav::around(rx, &scope).await).await?)
}

/// The form as somebody left it.
#[derive(Default)]
struct Entered {
    always: bool,
    /// From and to of each day; both empty where nobody is there.
    days: [(String, String); 7],
    closed: String,
}

impl Entered {
    fn of(hours: &Hours) -> Entered {
        let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        let span = |it: &Option<Span>| it.map_or_else(Default::default, |it| (time(it.from), time(it.to)));
        let mut days: [(String, String); 7] = Default::default();
        let usual = |at: usize| if at < 5 { ("09:00".into(), "17:00".into()) } else { Default::default() };
        for (at, day) in days.iter_mut().enumerate() {
            *day = hours.days.get(at).map_or_else(|| usual(at), span);
        }
        Entered { always: hours.days.is_empty(), days, closed: hours.closed.join("\n") }
    }

    fn read(pairs: &[(String, String)]) -> Result<Entered, Trouble> {
        let mut it = Entered::default();
        for (name, value) in pairs {
            let (day, end) = name.split_once('_').unwrap_or((name, ""));
            match (name.as_str(), DAYS.iter().position(|it| *it == day), end) {
                ("always", ..) => it.always = value == "yes",
                ("closed", ..) => it.closed.clone_from(value),
                (_, Some(at), "from") => it.days[at].0.clone_from(value),
                (_, Some(at), "to") => it.days[at].1.clone_from(value),
                _ => return Err(Trouble::bad(t("bad-choice"))),
            }
        }
        Ok(it)
    }

    fn hours(&self) -> Result<Hours, desk::Error> {
        let words = self.closed.split([',', ' ', '\n', '\r']);
        let closed = words.filter(|it| !it.is_empty()).map(str::to_owned).collect();
        let days = if self.always { Vec::new() } else { self.days.iter().map(span).collect::<Result<_, _>>()? };
        Ok(Hours { days, closed })
    }
}

fn span((from, to): &(String, String)) -> Result<Option<Span>, desk::Error> {
    match (from.trim(), to.trim()) {
        ("", "") => Ok(None),
        (from, to) => Ok(Some(Span { from: minute(from)?, to: minute(to)? })),
    }
}

fn minute(text: &str) -> Result<u16, desk::Error> {
    let wrong = || invalid("days", t("hours-wrong"));
    let (hour, minute) = text.split_once(':').ok_or_else(wrong)?;
    match (hour.parse(), minute.get(..2).unwrap_or(minute).parse()) {
        (Ok(hour @ 0..=24_u16), Ok(minute @ 0..=59_u16)) => Ok(hour * 60 + minute),
        _ => Err(wrong()),
    }
}

fn page(app: &App, who: &Who, around: &Around, it: &Entered, wrong: &Wrong) -> Page {
    let content = html! {
        p.t2.mb4 { (t("hours-so")) }
        form.stack.narrow method="post" action="/settings/hours" {
            (wrong.above())
            fieldset.hours {
                legend.vh { (t("hours-when")) }
                label.check { input type="radio" name="always" value="yes" checked[it.always]; span { (t("hours-always")) } }
                label.check { input type="radio" name="always" value="no" checked[!it.always]; span { (t("hours-at")) } }
                @if let Some(why) = wrong.at("days") { p.err role="alert" { (why) } }
                div.hours-days {
                    @for ((name, label), (from, to)) in DAYS.iter().zip(labels()).zip(&it.days) { (day(name, label, from, to)) }
                }
            }
            (Area::new("closed", t("hours-closed")).rows(4).value(&it.closed).hint(t("hours-closed-hint")).error(wrong.at("closed")))
            div { (Button::submit(t("save")).primary()) }
        }
    };
    frame(app, who, around, Section::Hours, &html! {}, &content)
}

fn labels() -> [&'static str; 7] {
    [t("monday"), t("tuesday"), t("wednesday"), t("thursday"), t("friday"), t("saturday"), t("sunday")]
}

fn day(name: &str, label: &str, from: &str, to: &str) -> Markup {
    html! {
        div.hours-day role="group" aria-label=(label) {
            span { (label) }
            input.input type="time" name={ (name) "_from" } value=(from) aria-label={ (label) ", " (t("hours-from")) };
            span aria-hidden="true" { "–" }
            input.input type="time" name={ (name) "_to" } value=(to) aria-label={ (label) ", " (t("hours-to")) };
        }
    }
}
