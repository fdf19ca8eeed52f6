//! What somebody is told: their list, how much of it is new, and what their browser shows while a tab is open.

pub mod choices;

use axum::Json;
use axum::extract::State;
use axum::response::Redirect;
use domain::{Choices, Timestamp};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};
use store::case::list::Cursor;
use store::notification::{self, Line};
use store::staff::{self, Colleague};
use store::{Read, Scope};

use crate::Trouble;
use crate::app::App;
use crate::extract::{Path, Query, cursor};
use crate::nav::{self, Here, around, count, framed};
use crate::page::Page;
use crate::part::{Notes, Pager, Place, address, below, sentence};
use crate::session::Who;
use crate::text::t;

/// How much of what somebody wants to see in the desk is new, and what they want.
pub async fn unseen(rx: &Read, scope: &Scope) -> store::Result<(i64, Choices)> {
    let choices = notification::choices::own(rx, scope).await?;
    Ok((notification::unseen(rx, scope, &choices.app).await?, choices))
}

/// Which of it is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// Older than this.
    #[serde(default, deserialize_with = "cursor")]
    before: Option<Cursor>,
    part: Option<Part>,
}

/// A part that is fetched again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    /// How much is new.
    Count,
    /// The list beside the navigation.
    List,
}

/// `GET /notifications`
pub async fn show(State(app): State<App>, who: Who, Query(ask): Query<Ask>) -> Result<Page, Trouble> {
    let (scope, before, part) = (who.scope(), ask.before, ask.part);
    if part == Some(Part::Count) {
        let (unseen, _) = app.desk.db.read(async move |rx| self::unseen(rx, &scope).await).await?;
        return Ok(Page(html! { (counted("bell-count", unseen)) (counted("bell-count-small", unseen)) }));
    }
    let read = app.desk.db.read(async move |rx| {
        let around = around(rx, &scope).await?;
        let choices = notification::choices::own(rx, &scope).await?;
        let (page, colleagues) =
            tokio::try_join!(notification::page(rx, &scope, &choices.app, before), staff::colleagues(rx, &scope))?;
        Ok::<_, store::Error>((around, choices, page, colleagues))
    });
    let (around, choices, page, colleagues) = read.await?;
    let older = page.older.map(|it| format!("/notifications?before={it}"));
    let newest = before.map(|_| "/notifications");
    let unseen = if around.unseen > 0 { count(around.unseen) } else { String::new() };
    let (away, clock) = (choices.is_away(app.desk.now()), around.clock(&app));
    let pager = Pager { newer: newest, older: older.as_deref() };
    let (lines, me) = (&page.lines, who.member.id);
    let notes = Notes { lines, me, colleagues: &colleagues, unseen: &unseen, away, pager, clock: &clock }.render();
    if part == Some(Part::List) {
        return Ok(Page(
            html! { div #notes-list data-live="notifications" data-src="/notifications?part=list" { (notes) } },
        ));
    }
    let content = html! {
        main.main #main {
            h1.vh { (t("notifications")) }
            section.notes.notes-page aria-labelledby="notes-h" {
                @let source = before.map_or("/notifications".to_owned(), |it| format!("/notifications?before={it}"));
                div #notes-page data-live="notifications" data-src=(source) { (notes) }
            }
        }
    };
    let here = Here { title: t("notifications"), place: Place::Notifications, view: None, case_open: false };
    Ok(framed(&app, &who, &around, here, &content))
}

/// How much is new, beside a bell. It is told again whenever it changes.
pub fn counted(id: &str, unseen: i64) -> Markup {
    html! {
        span.n.n-new id=(id) hidden[unseen == 0] data-live="notifications" data-src="/notifications?part=count" {
            (count(unseen)) span.vh { " " (t("notifications-new-word")) }
        }
    }
}

/// `POST /notifications/seen`: all of it is read.
pub async fn see_all(State(app): State<App>, who: Who) -> Result<Redirect, Trouble> {
    app.desk.see_all(&who.member).await?;
    Ok(Redirect::to("/notifications"))
}

/// `POST /cases/{number}/seen`: what was told of a case is read, for it is on the screen.
pub async fn see_case(
    State(app): State<App>,
    who: Who,
    Path(number): Path<i64>,
) -> Result<axum::http::StatusCode, Trouble> {
    app.desk.see_case(&who.member, number).await?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}

/// What came after a moment, in microseconds.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    after: i64,
}

/// What a browser is to show on the device.
#[derive(Clone, Debug, Serialize)]
pub struct Fresh {
    /// Up to when this tells everything.
    until: i64,
    lines: Vec<FreshLine>,
}

#[derive(Clone, Debug, Serialize)]
struct FreshLine {
    /// Another of the same case and kind takes its place.
    tag: String,
    title: String,
    body: String,
    address: String,
}

/// `GET /notifications/fresh`: what is new since then and not seen yet, for a device. Nothing while they are away.
pub async fn fresh(State(app): State<App>, who: Who, Query(it): Query<After>) -> Result<Json<Fresh>, Trouble> {
    let (scope, now) = (who.scope(), app.desk.now());
    let read = app.desk.db.read(async move |rx| {
        let (choices, clock) = tokio::try_join!(notification::choices::own(rx, &scope), nav::clock(rx, now))?;
        if choices.is_away(now) {
            return Ok((Vec::new(), Vec::new(), clock));
        }
        let lines = notification::fresh(rx, &scope, &choices.device, Timestamp(it.after)).await?;
        let colleagues = if lines.is_empty() { Vec::new() } else { staff::colleagues(rx, &scope).await? };
        Ok::<_, store::Error>((lines, colleagues, clock))
    });
    let (lines, colleagues, clock) = read.await?;
    // What is committed late may have an earlier moment than what was told already; that stands in the list.
    let until = lines.iter().map(|it| it.at.0).max().unwrap_or(it.after);
    let lines = lines.iter().map(|it| fresh_line(it, &colleagues, &who, &clock)).collect();
    Ok(Json(Fresh { until, lines }))
}

fn fresh_line(it: &Line, colleagues: &[Colleague], who: &Who, clock: &crate::part::Clock) -> FreshLine {
    let ours = it.by.and_then(|id| colleagues.iter().find(|it| it.id == id)).map(|it| it.name.as_str());
    FreshLine {
        tag: format!("{} {}", it.kind, it.number),
        title: plain(&sentence(it, ours, who.member.id, clock)),
        body: below(it),
        address: address(it),
    }
}

/// A sentence without its marks.
fn plain(sentence: &Markup) -> String {
    let mut text = String::new();
    let mut inside = false;
    for it in sentence.0.chars() {
        match it {
            '<' => inside = true,
            '>' => inside = false,
            it if !inside => text.push(it),
            _ => {}
        }
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}
