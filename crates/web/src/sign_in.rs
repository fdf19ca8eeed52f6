//! Signing in and out.

use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use desk::sign_in::Attempt;
use maud::{Markup, html};
use serde::Deserialize;
use store::organization::{self, Organization};

use crate::app::{self, App};
use crate::error::{Trouble, wait};
use crate::extract::{Form, Query};
use crate::form::{Wrong, plain_head};
use crate::page::{Head, Page, page};
use crate::part::{Button, Field, Tone, banner, check, hidden};
use crate::session::{self, Who};
use crate::text::{t, t_with};

/// Where somebody wanted to go.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Going {
    next: Option<String>,
}

/// What somebody at the door says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    email: String,
    password: String,
    keep: Option<String>,
    next: Option<String>,
}

/// `GET /sign-in`
pub async fn form(State(app): State<App>, headers: HeaderMap, Query(going): Query<Going>) -> Result<Response, Trouble> {
    let token = session::token(&app, &headers);
    if let Some(token) = token
        && app.desk.member(&token).await?.is_some()
    {
        return Ok(Redirect::to(session::back(going.next.as_deref())).into_response());
    }
    let organization = app.desk.db.read(async |rx| organization::find(rx).await).await?;
    let door = Door { app: &app, organization: organization.as_ref(), next: going.next.as_deref() };
    Ok(door.page("", true, &Wrong::default()).into_response())
}

/// `POST /sign-in`
pub async fn submit(
    State(app): State<App>,
    Extension(from): Extension<app::From>,
    headers: HeaderMap,
    Form(it): Form<Credentials>,
) -> Result<Response, Trouble> {
    let keep = it.keep.is_some();
    let attempt = attempt(&app, &headers, from, &it.email, it.password, keep);
    let err = match app.desk.sign_in(attempt).await {
        Ok(signed_in) => {
            return Ok(
                (session::set(&app, &signed_in), Redirect::to(session::back(it.next.as_deref()))).into_response()
            );
        }
        Err(err) => err,
    };
    let organization = app.desk.db.read(async |rx| organization::find(rx).await).await?;
    let door = Door { app: &app, organization: organization.as_ref(), next: it.next.as_deref() };
    if let desk::Error::TooMany { retry_after } = err {
        let wrong = Wrong::new("password", t_with("too-many-wait", &[("wait", wait(retry_after).into())]));
        let retry = [(header::RETRY_AFTER, HeaderValue::from(retry_after.as_secs().max(1)))];
        return Ok((StatusCode::TOO_MANY_REQUESTS, retry, door.page(&it.email, keep, &wrong)).into_response());
    }
    let wrong = Wrong::of(err, &["password"])?;
    Ok(wrong.answer(door.page(&it.email, keep, &wrong)))
}

/// `POST /sign-out`
pub async fn out(State(app): State<App>, who: Who) -> Result<Response, Trouble> {
    app.desk.sign_out(who.member.id, who.sign_in.id).await?;
    Ok((session::unset(&app), Redirect::to("/sign-in")).into_response())
}

/// Lets somebody in who has just chosen their password, and shows them the desk.
pub async fn let_in(
    app: &App,
    headers: &HeaderMap,
    from: app::From,
    email: &str,
    password: String,
) -> Result<Response, Trouble> {
    match app.desk.sign_in(attempt(app, headers, from, email, password, false)).await {
        Ok(signed_in) => Ok((session::set(app, &signed_in), Redirect::to("/")).into_response()),
        // They are known, but something stands in the way of this door: the other one says what.
        Err(desk::Error::Invalid { .. } | desk::Error::TooMany { .. }) => Ok(Redirect::to("/sign-in").into_response()),
        Err(err) => Err(err.into()),
    }
}

fn attempt(app: &App, headers: &HeaderMap, from: app::From, email: &str, password: String, keep: bool) -> Attempt {
    let device = session::device(app, headers);
    Attempt { email: email.to_owned(), password, device, from: from.0, label: browser(headers), keep }
}

/// The browser as people call it: enough to tell one's own apart, and no more.
fn browser(headers: &HeaderMap) -> String {
    const BROWSERS: [(&str, &str); 6] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let agent = headers.get(header::USER_AGENT).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let known = |list: &[(&str, &'static str)]| list.iter().find(|it| agent.contains(it.0)).map(|it| it.1);
    match (known(&BROWSERS), known(&SYSTEMS)) {
        (Some(browser), Some(system)) => {
            t_with("browser-on", &[("browser", browser.into()), ("system", system.into())])
        }
        (Some(only), None) | (None, Some(only)) => only.to_owned(),
        (None, None) => t("browser-unknown").to_owned(),
    }
}

/// The page at which people come in.
struct Door<'a> {
    app: &'a App,
    organization: Option<&'a Organization>,
    next: Option<&'a str>,
}

impl Door<'_> {
    fn page(&self, email: &str, keep: bool, wrong: &Wrong) -> Page {
        let again = wrong.at("password").is_some();
        let entered = Field::new("email", t("email")).email().large().autocomplete("username").required().value(email);
        let secret = Field::new("password", t("password")).password().large().autocomplete("current-password");
        let secret = secret.required().error(wrong.at("password"));
        let body = html! {
            main.login-b #main {
                (plain_head(t("sign-in"), self.organization.map_or("", |it| &it.name)))
                @if self.organization.is_none() { (banner(Tone::Watch, t("sign-in-not-set-up"))) }
                form.stack method="post" action="/sign-in" {
                    (wrong.above())
                    (if again { entered } else { entered.focus() })
                    (if again { secret.focus() } else { secret })
                    (check("keep", t("keep-signed-in"), "", keep))
                    (self.going())
                    (Button::submit(t("sign-in-button")).primary().large())
                }
                (self.demo())
                p.xs.t3.login-f { (t("sign-in-how")) }
            }
        };
        page(&Head::new(t("sign-in-button")).class("login"), &body)
    }

    fn going(&self) -> Markup {
        html! { @if let Some(next) = self.next { (hidden("next", next)) } }
    }

    /// Who may come in at a demo: one button each.
    fn demo(&self) -> Markup {
        let public = &self.app.public;
        html! {
            @if !public.demo.is_empty() {
                section.stack.stack-sm aria-labelledby="demo-h" {
                    h2.sm.t2 #demo-h { (t("demo-sign-ins")) }
                    ul.list.list-lines {
                        @for (email, person) in &public.demo {
                            li { form method="post" action="/sign-in" {
                                (hidden("email", email))
                                (hidden("password", &public.demo_password))
                                (self.going())
                                button.row type="submit" { span.grow { span.row-t { (person) } " " span.row-s { (email) } } }
                            } }
                        }
                    }
                    p.xs.t3 { (t("demo-password")) " " span.mono { (public.demo_password) } }
                }
            }
        }
    }
}
