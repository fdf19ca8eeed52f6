//! The inbox: a view over cases on the left, and room for one of them.

pub mod bulk;
pub mod completion;
pub mod pane;

use axum::extract::State;
use axum::response::Redirect;
use domain::{ActId, Aside, View};
use maud::{Markup, html};
use serde::Deserialize;
use store::case::list::{self, Cursor, From, Line};
use store::{Read, staff, tag, team};

use crate::Trouble;
use crate::act::toast;
use crate::app::App;
use crate::extract::Query;
use crate::nav::{Around, Here, around, framed};
use crate::page::Page;
use crate::part::{Button, Icon, Live, Place, empty, live, view_list, view_menu};
use crate::session::Who;
use crate::text::{t, t_with};
use crate::view::{Listed, Shown};
use pane::Pane;

/// What of the inbox is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    view: Option<String>,
    filter: Option<String>,
    before: Option<String>,
    after: Option<String>,
    part: Option<Part>,
    case: Option<i64>,
    done: Option<ActId>,
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
    fn shown(&self) -> Result<Option<Shown>, Trouble> {
        Shown::of(self.view.as_deref(), self.filter.as_deref())
    }

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
    let (scope, from, named) = (who.scope(), ask.from()?, ask.shown()?);
    let (shown, now, part) = (named.clone().unwrap_or(Shown::View(View::Mine)), app.desk.now(), ask.part);
    let done = ask.done;
    let read = app.desk.db.read(async move |rx| {
        let mut around = around(rx, &scope).await?;
        let clock = around.clock_at(now);
        if part == Some(Part::Views) {
            around.count_saved(rx, &scope, &clock).await?;
        }
        let list = Listed::read(rx, &scope, shown.clone(), &around, &clock).await?;
        around.toast = toast(rx, &scope, done, &list.shown.address(), &clock).await?;
        let cases = match part {
            Some(Part::Views) => list::Page::default(),
            _ => list::page(rx, &scope, &list.asked, from).await?,
        };
        let aside = list.aside();
        let (colleagues, teams, tags, macros, kept) = tokio::try_join!(
            staff::colleagues(rx, &scope),
            team::all(rx, &scope),
            tag::all(rx, &scope),
            store::macros::all(rx, &scope),
            kept(rx, aside)
        )?;
        Ok::<_, store::Error>((around, list, cases, colleagues, teams, tags, macros, kept, clock))
    });
    let (around, listed, cases, colleagues, teams, tags, macros, kept, clock) = read.await?;
    let (me, current) = (&who.member, ask.case);
    let (colleagues, teams, tags, macros) = (&colleagues[..], &teams[..], &tags[..], &macros[..]);
    let pane = Pane { list: &listed, from, page: &cases, current, me, colleagues, teams, tags, macros, kept };
    Ok(match ask.part {
        Some(Part::Views) => {
            let views = around.views(named.as_ref());
            Page(html! { (view_list(&views)) (view_menu(&views)) })
        }
        Some(Part::List) => Page(html! { (pane.count(&around)) (pane.list(&clock)) }),
        Some(Part::Rest) => Page(rest(&pane, &around)),
        None => {
            let here = Here { title: &listed.name, place: Place::Inbox, view: Some(&listed.shown), case_open: false };
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

/// After how many days a list of what is put aside empties itself; zero is never.
pub async fn kept(rx: &Read, aside: Option<Aside>) -> store::Result<i64> {
    match aside {
        Some(aside) => desk::aside::kept(rx, aside).await,
        None => Ok(0),
    }
}

/// What stands where no case is open: how much there is, and where to begin.
fn rest(pane: &Pane<'_>, around: &Around) -> Markup {
    let source = format!("{}&part=rest", pane.list.shown.address());
    let inner = pane.first().map_or_else(|| pane.nothing(), |first| begin(pane, around, first));
    live(&Live { id: "rest", topics: "inbox", source: &source, merge: false }, "empty-tall", &inner)
}

fn begin(pane: &Pane<'_>, around: &Around, first: &Line) -> Markup {
    let built = pane.list.shown.built();
    let title = match (built, built.and_then(|it| around.count(it))) {
        (Some(View::Mine), Some(count)) => said("rest-mine", &count),
        (Some(View::Unassigned), Some(count)) => said("rest-unassigned", &count),
        (Some(View::Us), Some(count)) => said("rest-us", &count),
        (Some(View::Due), Some(count)) => said("rest-due", &count),
        (Some(View::Snoozed), _) => t("rest-snoozed").to_owned(),
        (Some(View::Waiting), Some(count)) => said("rest-waiting", &count),
        (Some(View::Spam), _) => t("rest-spam").to_owned(),
        (Some(View::Trash), _) => t("rest-trash").to_owned(),
        (None, _) if matches!(pane.list.shown, Shown::Typed(_)) => t("rest-typed").to_owned(),
        (None, _) => t_with("rest-saved", &[("name", pane.list.name.as_str().into())]),
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
fn page_address(shown: &Shown, side: &str, at: Cursor) -> String {
    format!("{}&{side}={at}", shown.address())
}
