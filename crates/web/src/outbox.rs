//! What leaves the desk, or would leave it.

use axum::extract::State;
use domain::MessageState;
use maud::{Markup, html};
use serde::Deserialize;
use store::Read;
use store::case::list::Cursor;
use store::outbox::{self, Line};

use crate::app::App;
use crate::error::Trouble;
use crate::extract::Query;
use crate::nav::{self, Here};
use crate::page::Page;
use crate::part::{Clock, Icon, Pager, Place, Tone, badge_with, banner, bar, empty, pager};
use crate::session::Who;
use crate::text::{t, t_with};

/// From where the list goes on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct From {
    before: Option<String>,
}

/// `GET /outbox`
pub async fn show(State(app): State<App>, who: Who, Query(from): Query<From>) -> Result<Page, Trouble> {
    let before = from.before.as_deref().map(|it| Cursor::parse(it).ok_or(Trouble::NotFound)).transpose()?;
    let (scope, continued) = (who.scope(), before.is_some());
    let read = app
        .desk
        .db
        .read(async move |rx: &Read| tokio::try_join!(nav::around(rx, &scope), outbox::page(rx, &scope, before)));
    let (around, (lines, older)) = read.await?;
    let clock = around.clock(&app);
    let older = older.map(|it| format!("/outbox?before={it}"));
    let content = html! {
        main.main #main {
            (bar(t("nav-outbox"), t("outbox-so"), &html! {}))
            div.page.stack {
                @if app.desk.keeps_mail() { (banner(Tone::Accent, t("outbox-demo"))) }
                @if lines.is_empty() {
                    div #outbox data-live="outbox" data-src="/outbox" {
                        (empty(Icon::Send, t("outbox-empty"), t("outbox-empty-so"), &html! {}))
                    }
                } @else {
                    // What somebody has opened stays open: only lines that are new or have changed are replaced.
                    ul.list.list-lines #outbox data-merge data-live="outbox" data-src=[(!continued).then_some("/outbox")] {
                        @for line in &lines {
                            li id={ "sending-" (line.id) } data-rev={ (line.state) "-" (line.tries) } {
                                (message(line, app.desk.keeps_mail(), &clock))
                            }
                        }
                    }
                }
                (pager(&Pager { newer: continued.then_some("/outbox"), older: older.as_deref() }))
            }
        }
    };
    let here = Here { title: t("nav-outbox"), place: Place::Outbox, view: None, case_open: false };
    Ok(nav::framed(&app, &who, &around, here, &content))
}

fn message(line: &Line, kept: bool, clock: &Clock) -> Markup {
    let to = line.addresses().map(domain::Email::as_str).collect::<Vec<_>>().join(", ");
    html! {
        details.person {
            summary.row {
                (state(line.state, kept))
                span.grow { span.row-t { (line.subject) } br; span.row-s.wrap-any { (to) } }
                span.xs.t3.nowrap { (clock.short(line.at)) }
            }
            div.stack.stack-sm.person-b {
                @if let Some(error) = &line.error {
                    p.sm.risk { (error) @if line.tries > 0 { " " (t_with("tries", &[("count", line.tries.into())])) } }
                }
                p.sm { a.link href={ "/cases/" (line.number) } { (t_with("case-number", &[("number", line.number.to_string().into())])) } }
                pre.code { (line.text) }
            }
        }
    }
}

fn state(state: MessageState, kept: bool) -> Markup {
    match state {
        MessageState::Sent => badge_with(Tone::Good, Icon::Check, t("state-sent")),
        MessageState::Failed => badge_with(Tone::Risk, Icon::Alert, t("state-failed")),
        MessageState::TakenBack => badge_with(Tone::Line, Icon::Minus, t("state-taken-back")),
        _ if kept => badge_with(Tone::Line, Icon::Lock, t("state-kept")),
        _ => badge_with(Tone::Plain, Icon::Hourglass, t("state-sending")),
    }
}
