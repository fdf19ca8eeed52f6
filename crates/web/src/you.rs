//! One's own page: who one is here, one's password, and where one is signed in.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use desk::signature::PLACEHOLDERS;
use domain::{Email, SignInId};
use maud::{Markup, html};
use serde::Deserialize;
use store::sign_in::SignIn;
use store::team::Team;
use store::{Read, sign_in, signature, staff, team};

use crate::app::App;
use crate::channel::signature::{Written, field};
use crate::error::Trouble;
use crate::extract::{Form, Path, Query};
use crate::form::{Wrong, whose};
use crate::nav::{self, Around, Here, role_name};
use crate::page::Page;
use crate::part::{AvatarSize, Button, Clock, Field, Place, Tone, badge, banner, bar, our_avatar};
use crate::session::{Theme, Who};
use crate::text::{t, t_with};

/// What was just done.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Done {
    done: Option<Change>,
}

/// What can be changed here.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Change {
    Password,
    Signature,
}

/// The password before, and the one from now on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passwords {
    old: String,
    new: String,
}

/// `GET /you`
pub async fn show(State(app): State<App>, who: Who, Query(it): Query<Done>) -> Result<Page, Trouble> {
    let you = read(&app, &who).await?;
    Ok(you.page(&app, &who, it.done, &Wrong::default()))
}

/// `POST /you/password`
pub async fn password(State(app): State<App>, who: Who, Form(it): Form<Passwords>) -> Result<Response, Trouble> {
    match app.desk.change_password(&who.member, who.sign_in.id, it.old, it.new).await {
        Ok(()) => Ok(Redirect::to("/you?done=password").into_response()),
        Err(err) => {
            let wrong = Wrong::of(err, &["old", "new"])?;
            Ok(wrong.answer(read(&app, &who).await?.page(&app, &who, None, &wrong)))
        }
    }
}

/// `POST /you/signature`
pub async fn signature(State(app): State<App>, who: Who, Form(it): Form<Written>) -> Result<Response, Trouble> {
    match app.desk.set_signature(&who.member, &it.signature).await {
        Ok(()) => Ok(Redirect::to("/you?done=signature").into_response()),
        Err(err) => {
            let wrong = Wrong::of(err, &["signature"])?;
            let you = You { signature: it.signature, ..read(&app, &who).await? };
            Ok(wrong.answer(you.page(&app, &who, None, &wrong)))
        }
    }
}

/// The light that somebody chose.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Light {
    theme: Theme,
}

/// `POST /you/theme`: this device keeps it.
pub async fn theme(State(app): State<App>, Form(it): Form<Light>) -> Response {
    (it.theme.kept(&app), Redirect::to("/you")).into_response()
}

/// `POST /you/sign-ins/{id}/end`
pub async fn end(State(app): State<App>, who: Who, Path(id): Path<SignInId>) -> Result<Redirect, Trouble> {
    app.desk.sign_out(who.member.id, id).await?;
    Ok(Redirect::to("/you"))
}

struct You {
    around: Around,
    email: Email,
    teams: Vec<Team>,
    sign_ins: Vec<SignIn>,
    signature: String,
}

async fn read(app: &App, who: &Who) -> Result<You, Trouble> {
    let (scope, now) = (who.scope(), app.desk.now());
    let read = app.desk.db.read(async move |rx: &Read| {
        let (around, email, teams, sign_ins, signature) = tokio::try_join!(
            nav::around(rx, &scope),
            staff::own_email(rx, &scope),
            team::all(rx, &scope),
            sign_in::own(rx, &scope, now),
            signature::own(rx, &scope),
        )?;
        Ok::<_, store::Error>(You { around, email, teams, sign_ins, signature })
    });
    Ok(read.await?)
}

impl You {
    fn page(&self, app: &App, who: &Who, changed: Option<Change>, wrong: &Wrong) -> Page {
        let clock = self.around.clock(app);
        let content = html! {
            main.main #main {
                (bar(t("you"), "", &html! {}))
                div.page.stack.stack-lg {
                    @match changed {
                        Some(Change::Password) => (banner(Tone::Good, t("password-changed"))),
                        Some(Change::Signature) => (banner(Tone::Good, t("signature-saved"))),
                        None => {},
                    }
                    (wrong.above())
                    (self.profile(who))
                    (theme_form(who.theme))
                    (signature_form(&self.signature, wrong))
                    (self.sign_ins(who, &clock))
                    (password_form(self.email.as_str(), wrong))
                }
            }
        };
        let here = Here { title: t("you"), place: Place::You, view: None, case_open: false };
        nav::framed(app, who, &self.around, here, &content)
    }

    fn profile(&self, who: &Who) -> Markup {
        let own = self.teams.iter().filter(|it| who.member.teams.contains(&it.id));
        let teams = own.map(|it| it.name.as_str()).collect::<Vec<_>>().join(", ");
        html! {
            header.cust-h {
                (our_avatar(&who.member.name, AvatarSize::Huge))
                div.grow { h2.t-2xl { (who.member.name) } p.t2.sm { (self.email) } }
                dl.facts {
                    div { dt { (t("role")) } dd { (role_name(who.member.role)) } }
                    @if !teams.is_empty() { div { dt { (t("teams")) } dd { (teams) } } }
                }
            }
        }
    }

    fn sign_ins(&self, who: &Who, clock: &Clock) -> Markup {
        html! {
            section.sec aria-labelledby="si" {
                header { h2 #si { (t("sign-ins")) } p { (t("sign-ins-so")) } }
                ul.list.list-lines {
                    @for it in &self.sign_ins {
                        @let this = it.id == who.sign_in.id;
                        li.row {
                            div.grow {
                                p.row-t { (it.label) " " @if this { (badge(Tone::Accent, t("sign-in-this"))) } }
                                p.row-s { (t("sign-in-since")) " " (clock.long(it.created_at)) " · " (t("sign-in-seen")) " " (clock.long(it.seen_at)) }
                            }
                            form method="post" action={ "/you/sign-ins/" (it.id) "/end" } {
                                @let name = t_with("sign-in-end-what", &[("browser", it.label.as_str().into())]);
                                (Button::submit(t("sign-in-end")).small().name(&name))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn theme_form(now: Theme) -> Markup {
    let all = [
        ("system", Theme::System, t("theme-system")),
        ("light", Theme::Light, t("theme-light")),
        ("dark", Theme::Dark, t("theme-dark")),
    ];
    html! {
        section.sec aria-labelledby="th" {
            header { h2 #th { (t("theme")) } p { (t("theme-so")) } }
            form.seg method="post" action="/you/theme" {
                @for (word, theme, name) in all {
                    button type="submit" name="theme" value=(word) aria-pressed=[(theme == now).then_some("true")] { (name) }
                }
            }
        }
    }
}

fn signature_form(text: &str, wrong: &Wrong) -> Markup {
    html! {
        section.sec aria-labelledby="sg" {
            header { h2 #sg { (t("signature")) } p { (t("signature-own-so")) } }
            (field("/you/signature", text, PLACEHOLDERS, wrong))
        }
    }
}

fn password_form(email: &str, wrong: &Wrong) -> Markup {
    html! {
        section.sec aria-labelledby="pw" {
            header { h2 #pw { (t("password-change")) } }
            form.stack.narrow method="post" action="/you/password" {
                (whose(email))
                (Field::new("old", t("password-old")).password().autocomplete("current-password").required().error(wrong.at("old")))
                (Field::new("new", t("password-new")).password().autocomplete("new-password").required().at_least(12)
                    .hint(t("password-hint")).error(wrong.at("new")))
                div { (Button::submit(t("password-change")).primary()) }
            }
        }
    }
}
