//! Settings: what a mailbox answers by itself to the first message of a case.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::ChannelId;
use maud::html;
use serde::Deserialize;
use store::acknowledgement::Acknowledgement;
use store::{Read, channel};

use crate::app::App;
use crate::error::Trouble;
use crate::extract::{Form, Path};
use crate::form::Wrong;
use crate::nav::{self, Around};
use crate::page::Page;
use crate::part::{Area, Button, Field, check};
use crate::session::Who;
use crate::settings::{Section, frame_below};
use crate::text::{t, t_with};

/// What is on the form.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entered {
    active: Option<String>,
    subject: String,
    text: String,
    closed_text: String,
}

/// `GET /settings/channels/{id}/acknowledgement`
pub async fn show(State(app): State<App>, who: Who, Path(id): Path<ChannelId>) -> Result<Page, Trouble> {
    let (around, name) = read(&app, &who, id).await?;
    let it = app.desk.acknowledgement(&who.member, id).await?.unwrap_or_else(suggested);
    Ok(page(&app, &who, &around, (id, &name), &it, &Wrong::NOTHING))
}

/// `POST /settings/channels/{id}/acknowledgement`
pub async fn save(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ChannelId>,
    Form(entered): Form<Entered>,
) -> Result<Response, Trouble> {
    let Entered { active, subject, text, closed_text } = entered;
    let lines = |it: String| it.replace("\r\n", "\n").trim().to_owned();
    let it = Acknowledgement {
        active: active.is_some(),
        subject: lines(subject),
        text: lines(text),
        closed_text: lines(closed_text),
    };
    match app.desk.set_acknowledgement(&who.member, id, it.clone()).await {
        Ok(()) => Ok(Redirect::to(&format!("/settings/channels/{id}")).into_response()),
        Err(err) => {
            let wrong = Wrong::of(err, &["subject", "text", "closed_text"])?;
            let (around, name) = read(&app, &who, id).await?;
            Ok(wrong.answer(page(&app, &who, &around, (id, &name), &it, &wrong)))
        }
    }
}

async fn read(app: &App, who: &Who, id: ChannelId) -> Result<(Around, String), Trouble> {
    let scope = who.scope();
    let read = app.desk.db.read(async move |rx: &Read| {
        let around = nav::around(rx, &scope).await?;
        Ok::<_, store::Error>((around, channel::line(rx, &scope, id).await?.channel.name))
    });
    Ok(read.await?)
}

/// What somebody begins with who has said nothing yet.
fn suggested() -> Acknowledgement {
    Acknowledgement {
        active: false,
        subject: t("acknowledgement-suggested-subject").to_owned(),
        text: t("acknowledgement-suggested").to_owned(),
        closed_text: t("acknowledgement-suggested-closed").to_owned(),
    }
}

fn page(
    app: &App,
    who: &Who,
    around: &Around,
    (id, name): (ChannelId, &str),
    it: &Acknowledgement,
    wrong: &Wrong,
) -> Page {
    let at = format!("/settings/channels/{id}/acknowledgement");
    let title = t_with("acknowledgement-of", &[("mailbox", name.into())]);
    let content = html! {
        p.t2.mb4 { (t("acknowledgement-so")) }
        form.stack.narrow method="post" action=(at) {
            (wrong.above())
            (check("active", t("acknowledgement-active"), "", it.active))
            (Field::new("subject", t("acknowledgement-subject")).value(&it.subject).error(wrong.at("subject")))
            (Area::new("text", t("acknowledgement-text")).rows(7).value(&it.text).error(wrong.at("text")))
            (Area::new("closed_text", t("acknowledgement-closed")).rows(7).value(&it.closed_text)
                .hint(t("acknowledgement-closed-hint")).error(wrong.at("closed_text")))
            p.hint { (t("acknowledgement-placeholders")) }
            p.hint { a.link href="/settings/hours" { (t("hours")) } }
            div { (Button::submit(t("save")).primary()) }
        }
    };
    frame_below(app, who, around, (Section::Channels, &title), &content)
}
