//! Macros: text that is written often and what is done with it, as a person has them. [`apply`] is how they are used.

pub mod apply;
mod entered;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use desk::view::may_change;
use domain::{Macro, MacroId, Member, Sharing, Tag};
use maud::{Markup, html};
use store::staff::Colleague;
use store::team::Team;
use store::{macros, staff, tag, team};

use crate::Trouble;
use crate::app::App;
use crate::extract::{Form, Path};
use crate::form::Wrong;
use crate::nav::{Around, Here, around, framed};
use crate::page::Page;
use crate::part::{Button, Icon, Place, bar, empty};
use crate::session::Who;
use crate::text::{t, t_with};
use entered::Entered;

/// `GET /macros`: the macros that one has.
pub async fn list(State(app): State<App>, who: Who) -> Result<Page, Trouble> {
    let known = Known::read(&app, &who).await?;
    Ok(known.page(&app, &who, None, &Wrong::default()))
}

/// `POST /macros`: a new one.
pub async fn add(State(app): State<App>, who: Who, Form(it): Form<Entered>) -> Result<Response, Trouble> {
    let saved = async { app.desk.add_macro(&who.member, it.read(&app, &who).await?).await };
    match saved.await {
        Ok(_) => Ok(Redirect::to("/macros").into_response()),
        Err(err) => refused(&app, &who, None, &it, err).await,
    }
}

/// `POST /macros/{id}`
pub async fn change(
    State(app): State<App>,
    who: Who,
    Path(id): Path<MacroId>,
    Form(it): Form<Entered>,
) -> Result<Response, Trouble> {
    let saved = async { app.desk.change_macro(&who.member, id, it.read(&app, &who).await?).await };
    match saved.await {
        Ok(()) => Ok(Redirect::to("/macros").into_response()),
        Err(err) => refused(&app, &who, Some(id), &it, err).await,
    }
}

/// `POST /macros/{id}/removal`
pub async fn remove(State(app): State<App>, who: Who, Path(id): Path<MacroId>) -> Result<Redirect, Trouble> {
    app.desk.delete_macro(&who.member, id).await?;
    Ok(Redirect::to("/macros"))
}

async fn refused(
    app: &App,
    who: &Who,
    id: Option<MacroId>,
    it: &Entered,
    err: desk::Error,
) -> Result<Response, Trouble> {
    let wrong = Wrong::of(err, entered::FIELDS)?;
    let known = Known::read(app, who).await?;
    Ok(wrong.answer(known.page(app, who, Some((id, it)), &wrong)))
}

/// What the page and its forms know.
struct Known {
    around: Around,
    macros: Vec<Macro>,
    teams: Vec<Team>,
    colleagues: Vec<Colleague>,
    tags: Vec<Tag>,
}

impl Known {
    async fn read(app: &App, who: &Who) -> Result<Known, Trouble> {
        let scope = who.scope();
        let read = app.desk.db.read(async move |rx| {
            let (around, macros, teams, colleagues, tags) = tokio::try_join!(
                around(rx, &scope),
                macros::all(rx, &scope),
                team::all(rx, &scope),
                staff::colleagues(rx, &scope),
                tag::all(rx, &scope),
            )?;
            Ok::<_, store::Error>(Known { around, macros, teams, colleagues, tags })
        });
        Ok(read.await?)
    }

    fn page(&self, app: &App, who: &Who, entered: Option<(Option<MacroId>, &Entered)>, wrong: &Wrong) -> Page {
        let is_new = entered.is_some_and(|it| it.0.is_none());
        let new = entered.filter(|_| is_new).map(|it| it.1.clone()).unwrap_or_default();
        let of_new = if is_new { wrong } else { &Wrong::NOTHING };
        let content = html! {
            main.main #main {
                (bar(t("macros"), t("macros-so"), &html! {}))
                div.page.stack.stack-lg {
                    (wrong.above())
                    @if self.macros.is_empty() { (empty(Icon::List, t("macros-none"), t("macros-none-so"), &html! {})) }
                    @else {
                        ul.list.list-lines { @for it in &self.macros {
                            @let entered = entered.filter(|e| e.0 == Some(it.id)).map(|e| e.1.clone());
                            li { (self.line(&who.member, it, entered, wrong)) }
                        } }
                    }
                    section.sec aria-labelledby="nm" {
                        header { h2 #nm { (t("macro-new")) } }
                        form.stack.narrow method="post" action="/macros" {
                            (self.fields(&who.member, &new, "new", of_new))
                            div { (Button::submit(t("macro-save")).primary()) }
                        }
                    }
                }
            }
        };
        let here = Here { title: t("macros"), place: Place::Inbox, view: None, case_open: false };
        framed(app, who, &self.around, here, &content)
    }

    fn line(&self, me: &Member, it: &Macro, entered: Option<Entered>, wrong: &Wrong) -> Markup {
        let (open, wrong) = (entered.is_some(), if entered.is_some() { wrong } else { &Wrong::NOTHING });
        let name = |key: &str| t_with(key, &[("name", it.name.as_str().into())]);
        let does = apply::does(it, &self.teams, &self.colleagues, &self.tags);
        html! {
            details.person open[open] {
                summary.row {
                    span.grow {
                        span.row-t { (it.name) }
                        @if !it.body.is_empty() { br; span.row-s.wrap-any { (apply::beginning(&it.body)) } }
                        @if !does.is_empty() { br; span.row-s.wrap-any { (does) } }
                    }
                    span.xs.t3.nowrap { (self.sharing(it.sharing)) }
                }
                div.stack.stack-sm.person-b {
                    @if may_change(me, it.sharing) {
                        @let entered = entered.unwrap_or_else(|| Entered::of(it, &self.tags));
                        form.stack.narrow method="post" action={ "/macros/" (it.id) } {
                            (self.fields(me, &entered, &it.id.to_string(), wrong))
                            div { (Button::submit(t("save")).primary().name(&name("view-save-of"))) }
                        }
                        form method="post" action={ "/macros/" (it.id) "/removal" } {
                            (Button::submit(t("view-delete")).small().icon(Icon::Trash).name(&name("view-delete-of")))
                        }
                    } @else {
                        @if !it.body.is_empty() { p.said { (it.body) } }
                        p.sm.t2 { (t("macro-others")) }
                    }
                }
            }
        }
    }

    fn sharing(&self, sharing: Sharing) -> &str {
        match sharing {
            Sharing::Own(_) => t("view-own"),
            Sharing::Everybody => t("view-everybody"),
            Sharing::Team(id) => self.teams.iter().find(|it| it.id == id).map_or("", |it| it.name.as_str()),
        }
    }
}
