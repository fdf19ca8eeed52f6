//! Taking up an invitation: the link opens once.

use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::html;
use serde::Deserialize;
use store::invitation::Invitation;
use store::organization;

use crate::app::{self, App};
use crate::error::Trouble;
use crate::extract::{Form, Path};
use crate::form::{Wrong, plain_head, whose};
use crate::nav::role_name;
use crate::page::{Head, Page, page};
use crate::part::{Button, Field};
use crate::sign_in;
use crate::text::{t, t_with};

/// What somebody says who joins.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Joining {
    name: String,
    password: String,
}

/// `GET /join/{token}`
pub async fn form(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Trouble> {
    match invitation(&app, &token).await? {
        Some(it) => Ok(joining(&app, &token, &it, &it.name, &Wrong::default()).await?.into_response()),
        None => Ok(closed()),
    }
}

/// `POST /join/{token}`
pub async fn submit(
    State(app): State<App>,
    Extension(from): Extension<app::From>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Form(input): Form<Joining>,
) -> Result<Response, Trouble> {
    let Some(it) = invitation(&app, &token).await? else { return Ok(closed()) };
    let err = match app.desk.join(&token, &input.name, &input.password).await {
        Ok(_) => return sign_in::let_in(&app, &headers, from, it.email.as_str(), input.password).await,
        Err(desk::Error::NotFound) => return Ok(closed()),
        Err(err) => err,
    };
    let wrong = Wrong::of(err, &["name", "password"])?;
    Ok(wrong.answer(joining(&app, &token, &it, &input.name, &wrong).await?))
}

async fn invitation(app: &App, token: &str) -> Result<Option<Invitation>, Trouble> {
    match app.desk.invitation(token).await {
        Ok(it) => Ok(Some(it)),
        Err(desk::Error::NotFound) => Ok(None),
        Err(err) => Err(err.into()),
    }
}

async fn joining(app: &App, token: &str, it: &Invitation, name: &str, wrong: &Wrong) -> Result<Page, Trouble> {
    let organization = app.desk.db.read(async |rx| organization::find(rx).await).await?;
    let of = organization.map_or_else(String::new, |it| it.name);
    let title = t_with("join", &[("organization", of.into())]);
    let as_what = t_with("join-as", &[("email", it.email.as_str().into()), ("role", role_name(it.role).into())]);
    let body = html! {
        main.login-b #main {
            (plain_head(&title, &as_what))
            (wrong.above())
            form.stack method="post" action={ "/join/" (token) } {
                (whose(it.email.as_str()))
                (Field::new("name", t("your-name")).large().autocomplete("name").required().value(name).error(wrong.at("name")))
                (Field::new("password", t("password")).password().large().autocomplete("new-password").required().at_least(12)
                    .hint(t("password-hint")).error(wrong.at("password")).focus())
                (Button::submit(t("join-button")).primary().large())
            }
        }
    };
    Ok(page(&Head::new(&title).class("login"), &body))
}

/// What a link says that was used, taken back, or forgotten for too long.
fn closed() -> Response {
    let body = html! {
        main.login-b #main {
            (plain_head(t("join-closed"), t("join-closed-so")))
            p { (Button::link(t("sign-in-button"), "/sign-in").primary()) }
        }
    };
    (StatusCode::NOT_FOUND, page(&Head::new(t("join-closed")).class("login"), &body)).into_response()
}
