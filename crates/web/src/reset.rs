//! A new password by a link of the operator: it opens once.

use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::html;
use serde::Deserialize;
use store::staff::Staff;

use crate::app::{self, App};
use crate::error::Trouble;
use crate::extract::{Form, Path};
use crate::form::{Wrong, plain_head, whose};
use crate::page::{Head, Page, page};
use crate::part::{Button, Field};
use crate::sign_in;
use crate::text::{t, t_with};

/// What somebody says who sets a new password.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    password: String,
}

/// `GET /reset/{token}`
pub async fn form(State(app): State<App>, Path(token): Path<String>) -> Result<Response, Trouble> {
    match app.desk.reset_of(&token).await {
        Ok(person) => Ok(choosing(&token, &person, &Wrong::NOTHING).into_response()),
        Err(desk::Error::NotFound) => Ok(closed()),
        Err(err) => Err(err.into()),
    }
}

/// `POST /reset/{token}`
pub async fn submit(
    State(app): State<App>,
    Extension(from): Extension<app::From>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Form(input): Form<Chosen>,
) -> Result<Response, Trouble> {
    let err = match app.desk.reset_password(&token, input.password.clone()).await {
        Ok(email) => return sign_in::let_in(&app, &headers, from, email.as_str(), input.password).await,
        Err(desk::Error::NotFound) => return Ok(closed()),
        Err(err) => err,
    };
    let wrong = Wrong::of(err, &["password"])?;
    match app.desk.reset_of(&token).await {
        Ok(person) => Ok(wrong.answer(choosing(&token, &person, &wrong))),
        Err(desk::Error::NotFound) => Ok(closed()),
        Err(err) => Err(err.into()),
    }
}

fn choosing(token: &str, person: &Staff, wrong: &Wrong) -> Page {
    let so = t_with("reset-so", &[("name", person.name.as_str().into()), ("email", person.email.as_str().into())]);
    let body = html! {
        main.login-b #main {
            (plain_head(t("reset"), &so))
            (wrong.above())
            form.stack method="post" action={ "/reset/" (token) } {
                (whose(person.email.as_str()))
                (Field::new("password", t("reset-password")).password().large().autocomplete("new-password").required()
                    .at_least(12).hint(t("password-hint")).error(wrong.at("password")).focus())
                (Button::submit(t("reset-button")).primary().large())
            }
        }
    };
    page(&Head::new(t("reset")).class("login"), &body)
}

/// What a link says that was used, or forgotten for too long.
fn closed() -> Response {
    let body = html! {
        main.login-b #main {
            (plain_head(t("reset-closed"), t("reset-closed-so")))
            p { (Button::link(t("sign-in-button"), "/sign-in").primary()) }
        }
    };
    (StatusCode::NOT_FOUND, page(&Head::new(t("reset-closed")).class("login"), &body)).into_response()
}
