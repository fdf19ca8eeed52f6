//! The inbox: a view over cases on the left, and room for one of them.

pub mod pane;

use axum::extract::State;
use axum::response::Redirect;
use domain::View;
use maud::{Markup, html};
use serde::Deserialize;
use store::case::list::{self, Cursor, From, Line};
use store::{Read, staff};

use crate::Trouble;
use crate::app::App;
use crate::extract::Query;
use crate::nav::{self, Around, Here, around, framed, view_address};
use crate::page::Page;
use crate::part::{Button, Icon, Live, Place, empty, live, view_list, view_menu};
use crate::session::Who;
use crate::text::{t, t_with};
use pane::Pane;

/// What of the inbox is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    view: Option<View>,
    before: Option<String>,
    after: Option<String>,
    part: Option<Part>,
    case: Option<i64>,
}

/// A part that is fetched again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    Views,
    List,
    Rest,
}

impl Ask {
    fn from(&self) -> Result<From, Trouble> {
        match (&self.before, &self.after) {
            (Some(text), _) => Ok(From::Before(cursor(text)?)),
            (None, Some(text)) => Ok(From::After(cursor(text)?)),
            (None, None) => Ok(From::Newest),
        }
    }
}

/// The position that an address names.
pub fn cursor(text: &str) -> Result<Cursor, Trouble> {
    Cursor::parse(text).ok_or_else(|| Trouble::bad(t("bad-cursor")))
}

/// `GET /`
pub async fn home() -> Redirect {
    Redirect::to("/inbox")
}

/// `GET /inbox`
pub async fn show(State(app): State<App>, who: Who, Query(ask): Query<Ask>) -> Result<Page, Trouble> {
    let (scope, from, view) = (who.scope(), ask.from()?, ask.view.unwrap_or(View::Mine));
    let (around, cases, colleagues, kept) = app
        .desk
        .db
        .read(async move |rx| {
            let cases = list::page(rx, &scope, view, from);
            tokio::try_join!(around(rx, &scope), cases, staff::colleagues(rx, &scope), kept(rx, view))
        })
        .await?;
    let clock = around.clock(&app);
    let (me, current) = (&who.member, ask.case);
    let pane = Pane { view, from, page: &cases, current, me, colleagues: &colleagues, kept };
    Ok(match ask.part {
        Some(Part::Views) => {
            let views = around.views(ask.view);
            Page(html! { (view_list(&views)) (view_menu(&views)) })
        }
        Some(Part::List) => Page(html! { (pane.count(&around)) (pane.list(&clock)) }),
        Some(Part::Rest) => Page(rest(&pane, &around)),
        None => {
            let here = Here { title: nav::view_name(view), place: Place::Inbox, view: Some(view), case_open: false };
            let content = html! {
                main.inbox.inbox-none #main {
                    h1.vh { (t("nav-inbox")) }
                    (pane.render(&around, &clock))
                    section.pane.pane-conv aria-label=(t("no-case-open")) { (rest(&pane, &around)) }
                }
            };
            framed(&app, &who, &around, here, &content)
        }
    })
}

/// After how many days a view empties itself; zero is never.
pub async fn kept(rx: &Read, view: View) -> store::Result<i64> {
    match view.aside() {
        Some(aside) => desk::aside::kept(rx, aside).await,
        None => Ok(0),
    }
}

/// What stands where no case is open: how much there is, and where to begin.
fn rest(pane: &Pane<'_>, around: &Around) -> Markup {
    let source = format!("{}&part=rest", view_address(pane.view));
    let inner = pane.first().map_or_else(|| pane.nothing(), |first| begin(pane, around, first));
    live(&Live { id: "rest", topics: "inbox", source: &source, merge: false }, "empty-tall", &inner)
}

fn begin(pane: &Pane<'_>, around: &Around, first: &Line) -> Markup {
    let title = match (pane.view, around.count(pane.view)) {
        (View::Mine, Some(count)) => said("rest-mine", &count),
        (View::Unassigned, Some(count)) => said("rest-unassigned", &count),
        (View::Waiting, Some(count)) => said("rest-waiting", &count),
        (View::Spam, _) => t("rest-spam").to_owned(),
        (View::Trash, _) => t("rest-trash").to_owned(),
        _ => t("rest-all").to_owned(),
    };
    let open = t_with("rest-open", &[("name", first.customer_name.as_str().into())]);
    let address = pane.address(first.number);
    let action = html! {
        (Button::link(&open, &address).primary().class("mt2"))
        p.xs.t3.mt2.hide-s { kbd { "j" } " " kbd { "k" } " " (t("keys-hint-move")) ", " kbd { "Enter" } " " (t("keys-hint-open")) }
    };
    empty(Icon::Inbox, &title, t("rest-then"), &action)
}

/// A sentence with a count that may have stopped at "99+".
fn said(key: &str, count: &str) -> String {
    match count.parse::<i64>() {
        Ok(number) => t_with(key, &[("count", number.into())]),
        Err(_) => t_with(key, &[("count", count.into())]),
    }
}

/// Where a view goes on from a position.
fn page_address(view: View, side: &str, at: Cursor) -> String {
    format!("{}&{side}={at}", view_address(view))
}
