//! Spam and trash: what is done with a case there, and how long it stays.

use axum::extract::State;
use axum::response::Redirect;
use domain::{Aside, Role, View};
use maud::{Markup, html};

use crate::Trouble;
use crate::app::App;
use crate::case::Here;
use crate::extract::{Path, Query};
use crate::part::{Button, Icon};
use crate::session::Who;
use crate::text::{t, t_with};
use crate::view::Shown;

/// `POST /cases/{number}/spam`
pub async fn spam(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
) -> Result<Redirect, Trouble> {
    app.desk.put_aside(&who.member, number, Aside::Spam).await?;
    Ok(here.back(number))
}

/// `POST /cases/{number}/trash`: whoever did not mean it presses the button that stands there then.
pub async fn trash(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
) -> Result<Redirect, Trouble> {
    app.desk.put_aside(&who.member, number, Aside::Trash).await?;
    Ok(here.back(number))
}

/// `POST /cases/{number}/restoration`: back from spam or trash.
pub async fn restore(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
) -> Result<Redirect, Trouble> {
    app.desk.put_back(&who.member, number).await?;
    Ok(here.back(number))
}

/// `POST /cases/{number}/deletion`: for good.
pub async fn delete(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
    Query(here): Query<Here>,
) -> Result<Redirect, Trouble> {
    app.desk.delete_for_good(&who.member, number).await?;
    Ok(Redirect::to(&here.list()))
}

/// `POST /spam/emptying`
pub async fn empty_spam(State(app): State<App>, who: Who) -> Result<Redirect, Trouble> {
    app.desk.empty(&who.member, Aside::Spam).await?;
    Ok(Redirect::to(&Shown::View(View::Spam).address()))
}

/// `POST /trash/emptying`
pub async fn empty_trash(State(app): State<App>, who: Who) -> Result<Redirect, Trouble> {
    app.desk.empty(&who.member, Aside::Trash).await?;
    Ok(Redirect::to(&Shown::View(View::Trash).address()))
}

/// What stands above the list of what is put aside: how long it stays, and for those who may, a way to be rid of it.
pub fn above(aside: Aside, kept: i64, role: Role, any: bool) -> Markup {
    let address = match aside {
        Aside::Spam => "/spam/emptying",
        Aside::Trash => "/trash/emptying",
    };
    html! {
        div.pane-note {
            p.xs.t2 { (stays(aside, kept)) }
            @if any && role.may(desk::aside::right_to_empty(aside)) {
                (sure(t("empty-now"), t("empty-now-sure"), address))
            }
        }
    }
}

fn stays(aside: Aside, kept: i64) -> String {
    let key = match aside {
        Aside::Spam => "spam-stays",
        Aside::Trash => "trash-stays",
    };
    t_with(key, &[("days", kept.into())])
}

/// What cannot be taken back: one click alone does not do it.
pub fn sure(label: &str, sure: &str, address: &str) -> Markup {
    html! {
        details.sure {
            summary.btn.btn-sm.btn-quiet { (label) }
            form method="post" action=(address) { (Button::submit(sure).small().danger().icon(Icon::Trash)) }
        }
    }
}
