//! A customer's own page: who they are, who speaks for them, their cases, and what happened.

pub mod contact;
pub mod list;
pub mod merge;
mod page;
mod people;
mod promise;
mod timeline;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::entry::Topic;
use domain::{ContactId, CustomerId, Word};
use serde::Deserialize;
use store::case::list::Cursor;
use store::customer;

use crate::app::App;
use crate::error::Trouble;
use crate::extract::{Form, Path, Query, cursor};
use crate::field;
use crate::form::Wrong;
use crate::page::Page;
use crate::session::Who;
use page::{Typed, read};

/// What of the customer is asked for, and from where each list goes on.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    #[serde(default, deserialize_with = "cursor")]
    open: Option<Cursor>,
    #[serde(default, deserialize_with = "cursor")]
    cases: Option<Cursor>,
    people: Option<ContactId>,
    #[serde(default, deserialize_with = "cursor")]
    files: Option<Cursor>,
    /// What the timeline is about; all if it is not said.
    topic: Option<Topic>,
    #[serde(default, deserialize_with = "cursor")]
    entries: Option<Cursor>,
    /// The part that is fetched again.
    part: Option<Part>,
}

/// A part of the page that is fetched again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    Head,
    Cases,
    Files,
    Timeline,
    People,
}

impl Ask {
    /// The address of the page that these lists stand on.
    fn address(self, id: CustomerId) -> String {
        let query = [
            self.open.map(|it| format!("open={it}")),
            self.cases.map(|it| format!("cases={it}")),
            self.people.map(|it| format!("people={it}")),
            self.files.map(|it| format!("files={it}")),
            self.topic.map(|it| format!("topic={}", it.word())),
            self.entries.map(|it| format!("entries={it}")),
        ];
        let query: Vec<String> = query.into_iter().flatten().collect();
        if query.is_empty() { format!("/customers/{id}") } else { format!("/customers/{id}?{}", query.join("&")) }
    }

    /// The address of a part of it.
    fn part(self, id: CustomerId, part: &str) -> String {
        let page = self.address(id);
        let sign = if page.contains('?') { '&' } else { '?' };
        format!("{page}{sign}part={part}")
    }
}

/// What somebody calls the customer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    name: String,
}

/// A domain that is theirs, or is theirs no longer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    domain: String,
}

/// `GET /customers/{id}`
pub async fn show(
    State(app): State<App>,
    who: Who,
    Path(id): Path<CustomerId>,
    Query(ask): Query<Ask>,
) -> Result<Response, Trouble> {
    let it = read(&app, &who, id, ask).await?;
    // Who was merged into another is shown there; what is fetched again is shown where it is wanted.
    if it.id() != id && ask.part.is_none() {
        return Ok(Redirect::to(&ask.address(it.id())).into_response());
    }
    let clock = it.around.clock(&app);
    let page = match ask.part {
        Some(Part::Head) => Page(it.head(&clock)),
        Some(Part::Cases) => Page(it.cases(&clock)),
        Some(Part::Files) => Page(it.files(&clock)),
        Some(Part::Timeline) => Page(it.happened(&clock)),
        Some(Part::People) => Page(it.people()),
        None => it.page(&app, &who, &Typed::default(), &Wrong::default()),
    };
    Ok(page.into_response())
}

/// `POST /customers/{id}/name`
pub async fn rename(
    State(app): State<App>,
    who: Who,
    Path(id): Path<CustomerId>,
    Form(it): Form<Named>,
) -> Result<Response, Trouble> {
    let done = app.desk.rename_customer(&who.member, id, &it.name).await;
    answer(&app, &who, id, Typed { name: Some(&it.name), ..Typed::default() }, done).await
}

/// `POST /customers/{id}/fields`
pub async fn fill(
    State(app): State<App>,
    who: Who,
    Path(id): Path<CustomerId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let fields = field::entered(pairs)?;
    let done = app.desk.fill_customer(&who.member, id, fields.clone()).await;
    answer(&app, &who, id, Typed { fields: &fields, ..Typed::default() }, done).await
}

/// `POST /customers/{id}/domains`
pub async fn add_domain(
    State(app): State<App>,
    who: Who,
    Path(id): Path<CustomerId>,
    Form(it): Form<Domain>,
) -> Result<Response, Trouble> {
    let done = app.desk.add_domain(&who.member, id, &it.domain).await;
    answer(&app, &who, id, Typed { domain: &it.domain, ..Typed::default() }, done).await
}

/// `POST /customers/{id}/domains/removal`
pub async fn remove_domain(
    State(app): State<App>,
    who: Who,
    Path(id): Path<CustomerId>,
    Form(it): Form<Domain>,
) -> Result<Response, Trouble> {
    let done = app.desk.remove_domain(&who.member, id, &it.domain).await;
    answer(&app, &who, id, Typed::default(), done).await
}

/// The page after something was done, or again with what was wrong.
async fn answer(
    app: &App,
    who: &Who,
    id: CustomerId,
    typed: Typed<'_>,
    done: Result<(), desk::Error>,
) -> Result<Response, Trouble> {
    let Err(err) = done else { return Ok(Redirect::to(&format!("/customers/{id}")).into_response()) };
    let wrong = Wrong::of(err, &["name", "domain", "address", "fields"])?;
    Ok(wrong.answer(read(app, who, id, Ask::default()).await?.page(app, who, &typed, &wrong)))
}

/// Who stands for a customer.
async fn head(app: &App, id: CustomerId) -> Result<CustomerId, Trouble> {
    let found = app.desk.db.read(async move |rx| customer::head(rx, id).await).await?;
    Ok(found.map_or(id, |it| it.id))
}
