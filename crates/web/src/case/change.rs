//! What is done with a case by a key: each of it can be undone for a while.

use axum::extract::State;
use axum::response::Redirect;
use desk::act::Doing;
use domain::{ActId, Priority, StaffId, Tag, TagId, TeamId, Timestamp};
use serde::Deserialize;

use super::{Here, optional};
use crate::Trouble;
use crate::app::App;
use crate::extract::{Form, Path, Query};
use crate::field;
use crate::nav;
use crate::session::Who;
use crate::text::t;

/// Whose the case shall be.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    assignee: String,
}

/// `POST /cases/{number}/assignment`
pub async fn assign(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
    Form(input): Form<Assignment>,
) -> Result<Redirect, Trouble> {
    let to: Option<StaffId> = optional(&input.assignee)?;
    let done = app.desk.act(&who.member, number, Doing::Assign(to)).await?;
    // Whoever sees only the cases of their teams still sees this one: the team has not changed.
    Ok(here.done(number, done))
}

/// Which team shall have the case.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Giving {
    team: String,
}

/// `POST /cases/{number}/team`
pub async fn give_to(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
    Form(input): Form<Giving>,
) -> Result<Redirect, Trouble> {
    let to: Option<TeamId> = optional(&input.team)?;
    let done = app.desk.act(&who.member, number, Doing::GiveTo(to)).await?;
    let reaches = who.scope().teams().is_none_or(|mine| to.is_some_and(|it| mine.contains(&it)));
    Ok(if reaches { here.done(number, done) } else { Redirect::to(&crate::act::with("/inbox", done)) })
}

/// How much the case shall matter.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weight {
    priority: Priority,
}

/// `POST /cases/{number}/priority`
pub async fn prioritize(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
    Form(input): Form<Weight>,
) -> Result<Redirect, Trouble> {
    let done = app.desk.act(&who.member, number, Doing::Prioritize(input.priority)).await?;
    Ok(here.done(number, done))
}

/// `POST /cases/{number}/resolution`: what solved it, and what its fields have to say.
pub async fn resolve(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Redirect, Trouble> {
    let mut resolution = String::new();
    let mut fields = Vec::new();
    for (name, value) in pairs {
        if name == "resolution" {
            resolution = value;
        } else {
            fields.push((field::named(&name)?, value));
        }
    }
    let done = app.desk.act(&who.member, number, Doing::Resolve { resolution, fields }).await?;
    Ok(here.done(number, done))
}

/// `POST /cases/{number}/reopening`
pub async fn reopen(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
) -> Result<Redirect, Trouble> {
    let done = app.desk.act(&who.member, number, Doing::Reopen).await?;
    Ok(here.done(number, done))
}

/// `POST /cases/{number}/fields`
pub async fn fill(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Redirect, Trouble> {
    let done = app.desk.act(&who.member, number, Doing::Fill(field::entered(pairs)?)).await?;
    Ok(here.done(number, done))
}

/// When it shall come back: a moment, or a time on the clock of the organization.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rest {
    /// The moment, as a number.
    pub until: String,
    /// Or a time on the clock of the organization.
    pub at: String,
}

impl Rest {
    /// The moment; what is not one says so.
    pub async fn moment(&self, app: &App) -> Result<Timestamp, Trouble> {
        if let Ok(until) = self.until.parse() {
            return Ok(Timestamp(until));
        }
        let now = app.desk.now();
        let clock = app.desk.db.read(async move |rx| nav::clock(rx, now).await).await?;
        let there = self.at.parse::<jiff::civil::DateTime>().ok();
        let there = there.and_then(|it| it.to_zoned_datetime(clock.zone().clone()).ok());
        let there = there.ok_or_else(|| Trouble::bad(t("snooze-when")))?;
        Ok(Timestamp(there.timestamp().as_microsecond()))
    }
}

/// `POST /cases/{number}/snooze`
pub async fn snooze(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
    Form(rest): Form<Rest>,
) -> Result<Redirect, Trouble> {
    let until = rest.moment(&app).await?;
    let done = app.desk.act(&who.member, number, Doing::Snooze(until)).await?;
    Ok(here.done(number, done))
}

/// `POST /cases/{number}/waking`
pub async fn wake(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
) -> Result<Redirect, Trouble> {
    let done = app.desk.act(&who.member, number, Doing::Wake).await?;
    Ok(here.done(number, done))
}

/// Tags to put on, by their names, and one to take off.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tagging {
    /// Names, with commas between them.
    pub on: String,
    /// One that it has.
    pub off: Option<TagId>,
}

impl Tagging {
    /// What it does.
    pub async fn doing(&self, app: &App, who: &Who) -> Result<Doing, Trouble> {
        let names: Vec<String> =
            self.on.split([',', ';']).map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
        if names.is_empty() && self.off.is_none() {
            return Err(Trouble::bad(t("tag-which")));
        }
        let on = app.desk.tags_named(&who.member, &names).await?;
        let off: Vec<Tag> = match self.off {
            Some(id) => {
                let found = app.desk.db.read(async move |rx| store::tag::find(rx, id).await).await?;
                vec![found.unwrap_or(Tag { id, name: String::new() })]
            }
            None => Vec::new(),
        };
        Ok(Doing::Tag(on, off))
    }
}

/// `POST /cases/{number}/tags`
pub async fn tag(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
    Form(input): Form<Tagging>,
) -> Result<Redirect, Trouble> {
    // Nobody makes tags for a case that they may not see.
    let scope = who.scope();
    if !app.desk.db.read(async move |rx| store::case::is_visible(rx, &scope, number).await).await? {
        return Err(Trouble::from(desk::Error::NotFound));
    }
    let doing = input.doing(&app, &who).await?;
    let done: Option<ActId> = app.desk.act(&who.member, number, doing).await?;
    Ok(here.done(number, done))
}
