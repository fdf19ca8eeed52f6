//! A case that one begins by writing first.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use desk::Upload;
use desk::begin::Beginning;
use desk::case::addresses;
use domain::{ChannelId, CustomerId, MessageId, Recipients};
use maud::{Markup, html};
use serde::Deserialize;
use store::channel::Name;
use store::team::Team;
use store::{channel, customer, team};
use uuid::Uuid;

use super::optional;
use crate::Trouble;
use crate::app::App;
use crate::extract::{FormOrMultipart, Query};
use crate::form::Wrong;
use crate::nav::{Around, Here, around, framed};
use crate::page::Page;
use crate::part::{Area, Button, Place, Select, bar, hidden};
use crate::session::Who;
use crate::text::t;

/// For whom it is.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    customer: Option<CustomerId>,
}

/// What is written.
#[derive(Clone, Debug, Default)]
struct Typed {
    id: String,
    channel: String,
    to: String,
    subject: String,
    text: String,
    team: String,
    uploads: Vec<Upload>,
}

impl Typed {
    async fn read(body: FormOrMultipart<Vec<(String, String)>>) -> Result<Typed, Trouble> {
        let (fields, uploads) = body.read().await?;
        let mut typed = Typed { uploads, ..Typed::default() };
        for (name, value) in fields {
            typed.take(&name, &value)?;
        }
        Ok(typed)
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), Trouble> {
        let place = match name {
            "id" => &mut self.id,
            "channel" => &mut self.channel,
            "to" => &mut self.to,
            "subject" => &mut self.subject,
            "text" => &mut self.text,
            "team" => &mut self.team,
            _ => return Err(Trouble::bad(t("bad-choice"))),
        };
        *place = value.replace("\r\n", "\n");
        Ok(())
    }

    async fn send(&self, app: &App, who: &Who) -> Result<i64, Failed> {
        let bad = || Trouble::bad(t("bad-choice"));
        let channel: ChannelId = self.channel.parse().map_err(|_| bad())?;
        let id = optional::<Uuid>(&self.id)?.map(MessageId);
        let team = optional(&self.team)?;
        let recipients = Recipients { to: addresses("to", &self.to)?, cc: Vec::new() };
        let (subject, text, uploads) = (self.subject.clone(), self.text.clone(), self.uploads.clone());
        let beginning = Beginning { id, channel, recipients, subject, text, team, uploads };
        Ok(app.desk.begin_case(&who.member, beginning).await?)
    }
}

/// What went wrong: with the request itself, or with what is written.
enum Failed {
    Request(Trouble),
    Written(desk::Error),
}

impl From<Trouble> for Failed {
    fn from(it: Trouble) -> Failed {
        Failed::Request(it)
    }
}

impl From<desk::Error> for Failed {
    fn from(it: desk::Error) -> Failed {
        Failed::Written(it)
    }
}

/// `GET /cases/new`
pub async fn form(State(app): State<App>, who: Who, Query(ask): Query<Ask>) -> Result<Page, Trouble> {
    let known = Known::read(&app, &who, ask.customer).await?;
    let to = known.people.first().map(|it| it.1.clone()).unwrap_or_default();
    let typed = Typed { id: app.desk.id::<Uuid>().to_string(), to, ..Typed::default() };
    Ok(known.page(&app, &who, &typed, &Wrong::default()))
}

/// `POST /cases`
pub async fn begin(
    State(app): State<App>,
    who: Who,
    body: FormOrMultipart<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let typed = Typed::read(body).await?;
    let err = match typed.send(&app, &who).await {
        Ok(number) => return Ok(Redirect::to(&format!("/cases/{number}")).into_response()),
        Err(Failed::Request(trouble)) => return Ok(trouble.unsaved(typed.text)),
        Err(Failed::Written(desk::Error::Refused(why))) => Wrong::new("to", why.to_string()),
        Err(Failed::Written(err)) => Wrong::of(err, &["to", "channel", "subject", "text", "team", "file"])?,
    };
    let known = Known::read(&app, &who, None).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, known.page(&app, &who, &typed, &err)).into_response())
}

struct Known {
    around: Around,
    channels: Vec<Name>,
    teams: Vec<Team>,
    /// Name and address of those who speak for the customer.
    people: Vec<(String, String)>,
}

impl Known {
    async fn read(app: &App, who: &Who, of: Option<CustomerId>) -> Result<Known, Trouble> {
        let scope = who.scope();
        let read = app.desk.db.read(async move |rx| {
            let (around, channels, teams) =
                tokio::try_join!(around(rx, &scope), channel::names(rx, &scope), team::all(rx, &scope))?;
            let people = match of {
                Some(id) => customer::card(rx, &scope, id).await?.people,
                None => Vec::new(),
            };
            let address = |it: store::customer::Person| Some((it.name, it.address?.to_string()));
            let people = people.into_iter().filter_map(address).collect();
            Ok::<_, store::Error>(Known { around, channels, teams, people })
        });
        Ok(read.await?)
    }

    fn page(&self, app: &App, who: &Who, typed: &Typed, wrong: &Wrong) -> Page {
        let content = html! {
            main.main #main {
                (bar(t("begin"), t("begin-so"), &html! {}))
                div.page {
                    @if self.channels.is_empty() { p { (t("begin-no-mailbox")) } }
                    @else { (self.fields(typed, wrong)) }
                }
            }
        };
        let here = Here { title: t("begin"), place: Place::Inbox, view: None, case_open: false };
        framed(app, who, &self.around, here, &content)
    }

    fn fields(&self, typed: &Typed, wrong: &Wrong) -> Markup {
        let ids: Vec<(String, String)> =
            self.channels.iter().map(|it| (it.id.to_string(), format!("{} ({})", it.name, it.address))).collect();
        let channels: Vec<(&str, &str)> = ids.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
        let ids: Vec<String> = self.teams.iter().map(|it| it.id.to_string()).collect();
        let mut teams = vec![("", t("no-team"))];
        teams.extend(ids.iter().zip(&self.teams).map(|(id, it)| (id.as_str(), it.name.as_str())));
        let text_of = |name| wrong.at(name).map(|why| html! { p.err id={ (name) "-e" } role="alert" { (why) } });
        html! {
            form.stack.narrow method="post" action="/cases" enctype="multipart/form-data" {
                (wrong.above())
                (hidden("id", &typed.id))
                (Select::new("channel", t("begin-from"), &channels).chosen(&typed.channel).error(wrong.at("channel")))
                div.field {
                    label for="to" { (t("to")) }
                    input.input #to name="to" value=(typed.to) list="known" required autocomplete="off" autofocus[typed.to.is_empty()] aria-describedby="to-e to-h";
                    @if let Some(why) = text_of("to") { (why) }
                    p.hint #to-h { (t("begin-to-hint")) }
                    datalist #known { @for (name, address) in &self.people { option value=(address) { (name) } } }
                }
                div.field {
                    label for="subject" { (t("begin-subject")) }
                    input.input #subject name="subject" value=(typed.subject) required maxlength="200" autocomplete="off" aria-describedby="subject-e";
                    @if let Some(why) = text_of("subject") { (why) }
                }
                (Area::new("text", t("begin-text")).value(&typed.text).rows(12).error(wrong.at("text")))
                div.field {
                    label for="files" { (t("begin-files")) }
                    input #files type="file" name="files" multiple aria-describedby="file-e";
                    @if let Some(why) = text_of("file") { (why) }
                    @if !typed.uploads.is_empty() { p.hint { (t("begin-files-again")) } }
                }
                @if !self.teams.is_empty() { (Select::new("team", t("begin-team"), &teams).chosen(&typed.team).error(wrong.at("team"))) }
                div { (Button::submit(t("begin-do")).primary().key("Ctrl+Enter")) }
            }
        }
    }
}
