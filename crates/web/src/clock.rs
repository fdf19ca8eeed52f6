//! Settings: the reply clock.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::Targets;
use maud::html;
use serde::Deserialize;
use store::Read;

use crate::Trouble;
use crate::app::App;
use crate::extract::Form;
use crate::form::{Wrong, invalid};
use crate::nav::{self, Around};
use crate::page::Page;
use crate::part::{Button, Field};
use crate::session::Who;
use crate::settings::{Section, frame};
use crate::text::t;

const FIELDS: [&str; 4] = ["urgent", "high", "normal", "low"];

/// How long a reply may take, as somebody wrote it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Entered {
    urgent: String,
    high: String,
    normal: String,
    low: String,
}

impl Entered {
    fn of(it: &Targets) -> Entered {
        let said = |minutes: Option<u32>| match minutes {
            None => String::new(),
            Some(it) if it % 60 == 0 => format!("{} h", it / 60),
            Some(it) => format!("{it} min"),
        };
        Entered { urgent: said(it.urgent), high: said(it.high), normal: said(it.normal), low: said(it.low) }
    }

    fn targets(&self) -> Result<Targets, desk::Error> {
        Ok(Targets {
            urgent: minutes("urgent", &self.urgent)?,
            high: minutes("high", &self.high)?,
            normal: minutes("normal", &self.normal)?,
            low: minutes("low", &self.low)?,
        })
    }
}

/// `4 h`, `90 min`, `1:30`, or a number of hours alone.
fn minutes(field: &'static str, text: &str) -> Result<Option<u32>, desk::Error> {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || invalid(field, t("clock-wrong"));
    if let Some((hours, minutes)) = text.split_once(':') {
        let (hours, minutes): (u32, u32) = (hours.parse().map_err(|_| wrong())?, minutes.parse().map_err(|_| wrong())?);
        return hours.checked_mul(60).and_then(|it| it.checked_add(minutes)).map(Some).ok_or_else(wrong);
    }
    let split = text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let number: u32 = number.parse().map_err(|_| wrong())?;
    let each = match unit.trim() {
        "" | "h" | "hour" | "hours" => 60,
        "m" | "min" | "minute" | "minutes" => 1,
        _ => return Err(wrong()),
    };
    number.checked_mul(each).map(Some).ok_or_else(wrong)
}

/// `GET /settings/clock`
pub async fn show(State(app): State<App>, who: Who) -> Result<Page, Trouble> {
    let targets = app.desk.targets().await?;
    Ok(page(&app, &who, &around(&app, &who).await?, &Entered::of(&targets), &Wrong::NOTHING))
}

/// `POST /settings/clock`
pub async fn save(State(app): State<App>, who: Who, Form(it): Form<Entered>) -> Result<Response, Trouble> {
    let saved = match it.targets() {
        Ok(targets) => app.desk.set_targets(&who.member, targets).await,
        Err(err) => Err(err),
    };
    match saved {
        Ok(()) => Ok(Redirect::to("/settings/clock").into_response()),
        Err(err) => {
            let wrong = Wrong::of(err, &FIELDS)?;
            Ok(wrong.answer(page(&app, &who, &around(&app, &who).await?, &it, &wrong)))
        }
    }
}

async fn around(app: &App, who: &Who) -> Result<Around, Trouble> {
    let scope = who.scope();
    Ok(app.desk.db.read(async move |rx: &Read| nav::around(rx, &scope).await).await?)
}

fn page(app: &App, who: &Who, around: &Around, it: &Entered, wrong: &Wrong) -> Page {
    let values = [&it.urgent, &it.high, &it.normal, &it.low];
    let labels = [t("priority-urgent"), t("priority-high"), t("priority-normal"), t("priority-low")];
    let content = html! {
        p.t2.mb4 { (t("clock-so")) }
        form.stack.narrow method="post" action="/settings/clock" {
            (wrong.above())
            @for ((name, label), value) in FIELDS.iter().zip(labels).zip(values) {
                (Field::new(name, label).value(value).autocomplete("off").error(wrong.at(name)))
            }
            p.hint { (t("clock-hint")) }
            div { (Button::submit(t("save")).primary()) }
        }
    };
    frame(app, who, around, Section::Clock, &html! {}, &content)
}
