//! Settings: tags.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::{Tag, TagId};
use maud::{Markup, html};
use serde::Deserialize;
use store::{Read, tag};

use crate::Trouble;
use crate::app::App;
use crate::extract::{Form, Path};
use crate::form::Wrong;
use crate::nav;
use crate::page::Page;
use crate::part::{Button, Field, Icon, empty};
use crate::session::Who;
use crate::settings::{Section, frame};
use crate::text::{t, t_with};

/// What somebody enters about a tag.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Entered {
    name: String,
}

/// `GET /settings/tags`
pub async fn list(State(app): State<App>, who: Who) -> Result<Page, Trouble> {
    page(&app, &who, None, &Wrong::NOTHING).await
}

/// `POST /settings/tags`: a new one.
pub async fn add(State(app): State<App>, who: Who, Form(it): Form<Entered>) -> Result<Response, Trouble> {
    match app.desk.tags_named(&who.member, std::slice::from_ref(&it.name)).await {
        Ok(_) => Ok(Redirect::to("/settings/tags").into_response()),
        Err(err) => {
            let wrong = Wrong::of(err, &["tag"])?;
            Ok(wrong.answer(page(&app, &who, None, &wrong).await?))
        }
    }
}

/// `POST /settings/tags/{id}`: another name.
pub async fn rename(
    State(app): State<App>,
    who: Who,
    Path(id): Path<TagId>,
    Form(it): Form<Entered>,
) -> Result<Response, Trouble> {
    match app.desk.rename_tag(&who.member, id, &it.name).await {
        Ok(()) => Ok(Redirect::to("/settings/tags").into_response()),
        Err(err) => {
            let wrong = Wrong::of(err, &["tag", "name"])?;
            Ok(wrong.answer(page(&app, &who, Some(id), &wrong).await?))
        }
    }
}

/// `POST /settings/tags/{id}/removal`
pub async fn remove(State(app): State<App>, who: Who, Path(id): Path<TagId>) -> Result<Redirect, Trouble> {
    app.desk.delete_tag(&who.member, id).await?;
    Ok(Redirect::to("/settings/tags"))
}

async fn page(app: &App, who: &Who, at: Option<TagId>, wrong: &Wrong) -> Result<Page, Trouble> {
    let scope = who.scope();
    let read = app.desk.db.read(async move |rx: &Read| tokio::try_join!(nav::around(rx, &scope), tag::all(rx, &scope)));
    let (around, tags) = read.await?;
    let new = if at.is_none() { wrong.at("tag") } else { None };
    let content = html! {
        p.t2.mb4 { (t("tags-so")) }
        (wrong.above())
        @if tags.is_empty() { (empty(Icon::Tag, t("tags-none"), t("tags-none-then"), &html! {})) }
        ul.list.list-lines.mb4 { @for it in &tags { li.row { (line(it, at, wrong)) } } }
        form.stack.narrow method="post" action="/settings/tags" {
            (Field::new("name", t("tag-new")).id("tag-new").required().autocomplete("off").error(new))
            div { (Button::submit(t("tag-make"))) }
        }
    };
    Ok(frame(app, who, &around, Section::Tags, &html! {}, &content))
}

fn line(it: &Tag, at: Option<TagId>, wrong: &Wrong) -> Markup {
    let base = format!("/settings/tags/{}", it.id);
    let id = format!("tag-{}", it.id);
    let wrong = if at == Some(it.id) { wrong.at("tag").or(wrong.at("name")) } else { None };
    let of = |key: &str| t_with(key, &[("tag", it.name.as_str().into())]);
    html! {
        details.grow.line-edit open[wrong.is_some()] {
            summary.row-t { (it.name) }
            form.stack.stack-sm.narrow method="post" action=(base) {
                (Field::new("name", t("tag-name")).id(&id).value(&it.name).required().autocomplete("off").error(wrong))
                div { (Button::submit(t("save")).small().primary()) }
            }
            form.mt2 method="post" action={ (base) "/removal" } {
                p.xs.t3 { (t("tag-delete-so")) }
                (Button::submit(t("tag-delete")).small().name(&of("tag-delete-of")))
            }
        }
    }
}
