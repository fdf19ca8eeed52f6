//! Settings: what becomes of unwanted mail, and whose mail is held back.

use std::fmt::Write as _;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::Aside;
use maud::{Markup, html};
use serde::Deserialize;
use store::block::{self, Before, Line};
use store::staff::{self, Colleague};
use store::{Read, Scope};

use crate::app::App;
use crate::case::Here;
use crate::error::Trouble;
use crate::extract::{Form, Path, Query};
use crate::form::{Wrong, invalid};
use crate::nav::{self, Around};
use crate::page::Page;
use crate::part::{Button, Clock, Field, Live, Pager, hidden, live, pager};
use crate::session::Who;
use crate::settings::{Section, frame};
use crate::text::{t, t_with};

const HERE: &str = "/settings/unwanted";

/// From where the list goes on.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    before: Option<String>,
}

/// How long spam and trash are kept, in days, as somebody typed it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    spam: String,
    trash: String,
}

/// Whom somebody blocks, or no more.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    sender: String,
}

/// Whom a block from a case concerns.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    whom: Whom,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Whom {
    Address,
    Domain,
}

/// `POST /cases/{number}/block`
pub async fn sender_of(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
    Form(it): Form<Chosen>,
) -> Result<Redirect, Trouble> {
    app.desk.block_sender_of(&who.member, number, it.whom == Whom::Domain).await?;
    Ok(here.back(number))
}

/// `POST /cases/{number}/block/removal`
pub async fn sender_of_no_more(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
) -> Result<Redirect, Trouble> {
    app.desk.unblock_sender_of(&who.member, number).await?;
    Ok(here.back(number))
}

/// `GET /settings/unwanted`
pub async fn show(State(app): State<App>, who: Who, Query(ask): Query<Ask>) -> Result<Page, Trouble> {
    let all = All::read(&app, who.scope(), ask.before.as_deref()).await?;
    Ok(all.page(&app, &who, &all.kept, &Named::default(), &Wrong::NOTHING))
}

/// `POST /settings/unwanted`: how long spam and trash are kept.
pub async fn keep(State(app): State<App>, who: Who, Form(it): Form<Kept>) -> Result<Response, Trouble> {
    let saved = async {
        let (spam, trash) = (days("spam", &it.spam)?, days("trash", &it.trash)?);
        for (field, aside, days) in [("spam", Aside::Spam, spam), ("trash", Aside::Trash, trash)] {
            app.desk.keep_for(&who.member, aside, days).await.map_err(|err| at(field, err))?;
        }
        Ok(())
    };
    let Err(err) = saved.await else { return Ok(Redirect::to(HERE).into_response()) };
    let (wrong, all) = (Wrong::of(err, &["spam", "trash"])?, All::read(&app, who.scope(), None).await?);
    Ok(wrong.answer(all.page(&app, &who, &it, &Named::default(), &wrong)))
}

fn days(field: &'static str, text: &str) -> Result<i64, desk::Error> {
    text.trim().parse().map_err(|_| invalid(field, t("days-wrong")))
}

/// The same, at the field of this form.
fn at(field: &'static str, err: desk::Error) -> desk::Error {
    match err {
        desk::Error::Invalid { why, .. } => invalid(field, why),
        err => err,
    }
}

/// `POST /settings/blocks`
pub async fn add(State(app): State<App>, who: Who, Form(it): Form<Named>) -> Result<Response, Trouble> {
    let added = app.desk.block(&who.member, &it.sender).await;
    let Err(err) = added else { return Ok(Redirect::to(HERE).into_response()) };
    let (wrong, all) = (Wrong::of(err, &["sender"])?, All::read(&app, who.scope(), None).await?);
    Ok(wrong.answer(all.page(&app, &who, &all.kept, &it, &wrong)))
}

/// `POST /settings/blocks/removal`
pub async fn remove(State(app): State<App>, who: Who, Form(it): Form<Named>) -> Result<Redirect, Trouble> {
    app.desk.unblock(&who.member, &it.sender).await?;
    Ok(Redirect::to(HERE))
}

struct All {
    around: Around,
    kept: Kept,
    blocks: Vec<Line>,
    older: Option<Before>,
    before: Option<Before>,
    colleagues: Vec<Colleague>,
}

impl All {
    async fn read(app: &App, scope: Scope, before: Option<&str>) -> Result<All, Trouble> {
        let before = match before {
            Some(text) => Some(Before::parse(text).ok_or_else(|| Trouble::bad(t("bad-cursor")))?),
            None => None,
        };
        let read = app.desk.db.read(async move |rx: &Read| {
            let (around, (blocks, older), colleagues, spam, trash) = tokio::try_join!(
                nav::around(rx, &scope),
                block::page(rx, &scope, before.as_ref()),
                staff::colleagues(rx, &scope),
                desk::aside::kept(rx, Aside::Spam),
                desk::aside::kept(rx, Aside::Trash),
            )?;
            let kept = Kept { spam: spam.to_string(), trash: trash.to_string() };
            Ok::<_, store::Error>(All { around, kept, blocks, older, before: before.clone(), colleagues })
        });
        Ok(read.await?)
    }

    fn page(&self, app: &App, who: &Who, kept: &Kept, named: &Named, wrong: &Wrong) -> Page {
        let content = html! {
            (wrong.above())
            (keeping(kept, wrong))
            (self.list(&self.around.clock(app)))
            form.stack.narrow method="post" action="/settings/blocks" {
                (Field::new("sender", t("block-add")).required().value(&named.sender).autocomplete("off").hint(t("block-add-hint")).error(wrong.at("sender")))
                div { (Button::submit(t("block-do"))) }
            }
        };
        frame(app, who, &self.around, Section::Unwanted, &html! {}, &content)
    }

    fn list(&self, clock: &Clock) -> Markup {
        let source = self.before.as_ref().map_or_else(|| HERE.to_owned(), at_position);
        let (newer, older) = (self.before.as_ref().map(|_| HERE), self.older.as_ref().map(at_position));
        let inner = html! {
            section.sec aria-labelledby="bl" {
                header { h2 #bl { (t("blocks")) } }
                p.sm.t2.mb3 { (t("blocks-so")) }
                @if self.blocks.is_empty() { p.sm.t3.mb3 { (t("blocks-none")) } }
                ul.list.list-lines.mb4 { @for it in &self.blocks { li.row.wrap { (self.line(it, clock)) } } }
                (pager(&Pager { newer, older: older.as_deref() }))
            }
        };
        live(&Live { id: "blocks", topics: "blocks", source: &source, merge: false }, "", &inner)
    }

    fn line(&self, it: &Line, clock: &Clock) -> Markup {
        let sender = crate::case::spelled(&it.sender);
        let by = self.colleagues.iter().find(|who| who.id == it.by).map_or(t("somebody"), |it| &it.name);
        let name = t_with("unblock-whom", &[("sender", sender.as_str().into())]);
        html! {
            div.grow {
                p.row-t { (sender) }
                p.row-s {
                    (t_with("blocked-by", &[("who", by.into())])) " " (clock.long(it.at)) ". "
                    (t_with("block-held", &[("count", it.held.into())]))
                    @if let Some(at) = it.held_at { " " (t("block-held-last")) " " (clock.long(at)) }
                }
            }
            form method="post" action="/settings/blocks/removal" {
                (hidden("sender", &it.sender))
                (Button::submit(t("unblock")).small().name(&name))
            }
        }
    }
}

/// An address may hold what means something in a query.
fn at_position(it: &Before) -> String {
    let mut address = format!("{HERE}?before=");
    for byte in it.to_string().bytes() {
        if byte.is_ascii_alphanumeric() || b".-_@".contains(&byte) {
            address.push(char::from(byte));
        } else {
            write!(address, "%{byte:02X}").unwrap_or_default();
        }
    }
    address
}

fn keeping(kept: &Kept, wrong: &Wrong) -> Markup {
    html! {
        form.stack.narrow method="post" action=(HERE) {
            (Field::new("spam", t("keep-spam")).number().required().value(&kept.spam).error(wrong.at("spam")))
            (Field::new("trash", t("keep-trash")).number().required().value(&kept.trash).hint(t("keep-hint")).error(wrong.at("trash")))
            div { (Button::submit(t("save")).primary()) }
        }
    }
}
