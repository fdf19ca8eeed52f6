//! A case: its page, and what is done with it there.

mod aside;
pub mod begin;
pub mod brief;
mod card;
pub mod change;
pub mod compose;
pub mod follow;
mod head;
pub mod like;
mod merge;
mod page;
pub mod promise;
mod read;
pub mod sending;
mod spine;
mod supplier;
mod why;

use std::str::FromStr;

use axum::extract::{FromRequest as _, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::{ActId, MessageId, Word};
use maud::html;
use serde::Deserialize;
use store::case::list::Cursor;
use store::case::spine::Reach;
use store::{blob, draft};

use crate::Trouble;
use crate::app::App;
use crate::extract::{Form, FormOrMultipart, Multipart, Path, Query, cursor};
use crate::message;
use crate::page::Page;
use crate::session::Who;
use crate::text::t;
use crate::view::Shown;
pub use aside::spelled;
use compose::Written;

/// What of a case is asked for, and from where somebody came to it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Here {
    /// The view that the list beside it shows.
    view: Option<String>,
    /// What it asks, where it is no view.
    filter: Option<String>,
    /// From where that list goes on.
    #[serde(default, deserialize_with = "cursor")]
    from: Option<Cursor>,
    /// The entry before which the conversation ends.
    #[serde(default, deserialize_with = "reach")]
    before: Option<Reach>,
    /// The number that was asked for, where that case was taken into this one.
    was: Option<i64>,
    /// Whether messages are chosen for a case of their own.
    choose: Option<bool>,
    /// The message that goes to a supplier, or the supplier's that is answered.
    forward: Option<MessageId>,
    /// The part that is fetched again.
    part: Option<Part>,
    /// What was just done, and may be undone.
    pub(crate) done: Option<ActId>,
}

/// A part of the page that is fetched again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    /// Everything about the case that changes while somebody looks at it.
    Live,
}

fn reach<'de, D: serde::Deserializer<'de>>(text: D) -> Result<Option<Reach>, D::Error> {
    let text = String::deserialize(text)?;
    text.parse().map(Some).map_err(|_| serde::de::Error::custom(t("bad-cursor")))
}

impl Here {
    /// The list beside it, where an address names one.
    fn shown(&self) -> Result<Option<Shown>, Trouble> {
        Shown::of(self.view.as_deref(), self.filter.as_deref())
    }

    /// The query that keeps the list as it is.
    fn query(&self) -> String {
        let Ok(Some(shown)) = self.shown() else { return String::new() };
        match self.from {
            Some(from) => format!("?{}&from={from}", shown.query()),
            None => format!("?{}", shown.query()),
        }
    }

    /// The same with the list that was found for the case.
    fn beside(&self, shown: &Shown) -> Here {
        let (view, filter) = match shown {
            Shown::View(view) => (Some(view.word().to_owned()), None),
            Shown::Saved(id) => (Some(id.to_string()), None),
            Shown::Typed(text) => (None, Some(text.clone())),
        };
        Here { view, filter, ..self.clone() }
    }

    /// The list from which somebody came.
    pub fn list(&self) -> String {
        self.shown().ok().flatten().map_or_else(|| "/inbox".to_owned(), |it| it.address())
    }

    /// The way back to the case, with its list as it was.
    pub fn back(&self, number: i64) -> Redirect {
        Redirect::to(&format!("/cases/{number}{}", self.query()))
    }

    /// The address of a case as it is asked for here.
    pub fn address(&self, number: i64) -> String {
        let further = [
            self.before.as_ref().map(|it| format!("before={it}")),
            self.was.map(|it| format!("was={it}")),
            (self.choose == Some(true)).then(|| "choose=true".to_owned()),
            self.forward.map(|it| format!("forward={it}")),
        ];
        let query = further.into_iter().flatten().fold(self.query(), |query, it| {
            let sign = if query.is_empty() { '?' } else { '&' };
            format!("{query}{sign}{it}")
        });
        format!("/cases/{number}{query}")
    }

    /// The same after something was done that may be undone.
    pub fn done(&self, number: i64, act: Option<ActId>) -> Redirect {
        let address = format!("/cases/{number}{}", self.query());
        Redirect::to(&crate::act::with(&address, act))
    }
}

/// `GET /cases/{number}`
pub async fn show(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
) -> Result<Response, Trouble> {
    let case = read::read(&app, &who, number, &here).await?;
    // The number of a case that was taken into another leads there; what is fetched again is shown where it is wanted.
    if case.number() != number && here.part.is_none() {
        let back = Here { was: Some(number), ..here };
        return Ok(Redirect::to(&back.address(case.number())).into_response());
    }
    Ok(case.show(&app, &who, &here, None).into_response())
}

/// `POST /cases/{number}/messages`: an answer or a note.
pub async fn write(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
    body: FormOrMultipart<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let written = Written::read(body).await?;
    let leaves = match written.leaves(&app).await {
        Ok(leaves) => leaves,
        Err(trouble) => return Ok(trouble.unsaved(written.text)),
    };
    match written.send(&app.desk, &who.member, number, leaves).await {
        Ok(()) => Ok(here.back(number).into_response()),
        Err(err) => match refused(&app, &who, number, &here, &written, err).await {
            Ok(page) => Ok(page),
            Err(trouble) => Ok(trouble.unsaved(written.text)),
        },
    }
}

/// What somebody wrote in the form of the composer, where nothing else can be done with it.
pub async fn text_of(request: Request, app: &App) -> Option<String> {
    let body = FormOrMultipart::from_request(request, app).await.ok()?;
    Some(Written::read(body).await.ok()?.text)
}

/// What could not be sent is kept as a draft, and stands in its place again with the reason.
async fn refused(
    app: &App,
    who: &Who,
    number: i64,
    here: &Here,
    written: &Written,
    err: desk::Error,
) -> Result<Response, Trouble> {
    use desk::Error::{Conflict, Invalid, Refused};
    if !matches!(err, Invalid { .. } | Refused(_) | Conflict(_)) {
        return Err(err.into());
    }
    // What is too much for a draft stands on the page at least.
    if let Err(err) = written.keep(&app.desk, &who.member, number).await
        && !matches!(err, Invalid { .. })
    {
        return Err(err.into());
    }
    let why = err.to_string();
    let case = read::read(app, who, number, here).await?;
    Ok((Trouble::from(err).status(), case.show(app, who, here, Some((written, &why)))).into_response())
}

/// `PUT /cases/{number}/draft`; answers when it was kept, by which a page knows a newer draft from its own.
pub async fn keep_draft(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let written = Written::read(FormOrMultipart::Form(pairs)).await?;
    let draft = written.keep(&app.desk, &who.member, number).await?;
    Ok((StatusCode::NO_CONTENT, [("x-draft-at", draft.at.0.to_string())]).into_response())
}

/// `POST /cases/{number}/draft/files`; answers the files as the composer shows them.
pub async fn attach(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    parts: Multipart,
) -> Result<Page, Trouble> {
    let written = Written::read(FormOrMultipart::Multipart(parts.0)).await?;
    let mut added = Vec::new();
    for upload in written.into_uploads() {
        let draft = app.desk.attach(&who.member, number, upload).await?;
        added.extend(draft.files.last().cloned());
    }
    Ok(Page(html! { @for it in &added { (compose::attached(it).render()) } }))
}

/// `POST /cases/{number}/draft/pictures`; answers the picture as it stands in the text.
pub async fn picture(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    parts: Multipart,
) -> Result<Page, Trouble> {
    let written = Written::read(FormOrMultipart::Multipart(parts.0)).await?;
    let mut added = Vec::new();
    for upload in written.into_uploads() {
        let draft = app.desk.attach_picture(&who.member, number, upload).await?;
        added.extend(draft.files.last().cloned());
    }
    Ok(Page(html! { @for it in &added { img src={ "/cases/" (number) "/draft/pictures/" (it.hash) } alt=(it.name); } }))
}

/// `GET /cases/{number}/draft/pictures/{hash}`: a picture of one's own draft.
pub async fn drafted_picture(
    State(app): State<App>,
    who: Who,
    Path((number, hash)): Path<(i64, String)>,
) -> Result<Response, Trouble> {
    let scope = who.scope();
    let found = app.desk.db.read(async move |rx| {
        let at = draft::own_files(rx, &scope, number).await?;
        let file = at.files.into_iter().find(|it| it.hash == hash).ok_or(store::Error::NotFound)?;
        Ok::<_, store::Error>((blob::read(rx, at.customer, at.case, &file.hash).await?, file))
    });
    let (bytes, file) = found.await?;
    Ok(message::shown(&file.name, bytes))
}

/// `POST /cases/{number}/messages/{message}/case`: what is about something else gets a case of its own.
pub async fn split(
    State(app): State<App>,
    who: Who,
    Path((number, message)): Path<(i64, MessageId)>,
    Query(here): Query<Here>,
) -> Result<Redirect, Trouble> {
    let new = app.desk.split(&who.member, number, message).await?;
    Ok(here.back(new))
}

/// An id, or nothing where the field is empty.
pub(crate) fn optional<T: FromStr>(text: &str) -> Result<Option<T>, Trouble> {
    match text {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Trouble::bad(t("bad-choice"))),
    }
}
