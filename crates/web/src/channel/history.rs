//! Older mail of a mailbox: asked for, watched, stopped and taken up again.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::{ChannelId, HistoryState, Timestamp};
use maud::{Markup, html};
use serde::Deserialize;
use store::channel::Line;
use store::history::History;

use super::address;
use super::form::history_choices;
use crate::app::App;
use crate::error::Trouble;
use crate::extract::{Form, Path};
use crate::part::{Button, Select, Tone, banner};
use crate::session::Who;
use crate::text::{t, t_with};

/// From how far back.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wanted {
    days: u32,
}

/// `POST /settings/channels/{id}/history`
pub async fn begin(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ChannelId>,
    Form(it): Form<Wanted>,
) -> Result<Response, Trouble> {
    app.desk.bring_in(&who.member, id, it.days).await?;
    Ok(back(id))
}

/// `POST /settings/channels/{id}/history/stop`
pub async fn stop(State(app): State<App>, who: Who, Path(id): Path<ChannelId>) -> Result<Response, Trouble> {
    app.desk.set_history(&who.member, id, HistoryState::Stopped).await?;
    Ok(back(id))
}

/// `POST /settings/channels/{id}/history/resumption`
pub async fn go_on(State(app): State<App>, who: Who, Path(id): Path<ChannelId>) -> Result<Response, Trouble> {
    app.desk.set_history(&who.member, id, HistoryState::Running).await?;
    Ok(back(id))
}

fn back(id: ChannelId) -> Response {
    Redirect::to(&format!("{}#history", address(id))).into_response()
}

/// The part of a mailbox's page about its older mail; nothing for one that is not read.
pub fn section(line: &Line, now: Timestamp) -> Markup {
    let is_read = desk::channel::servers(&line.channel).is_ok_and(|it| it.reading.is_some());
    let at = address(line.channel.id);
    html! {
        @if is_read {
            section.sec aria-labelledby="hs" {
                header { h2 #hs { (t("history")) } }
                div.stack.stack-sm #history data-live="histories,channels" data-src=(at) {
                    @match &line.history {
                        Some(it) if it.state != HistoryState::Done => (progress(it, &at, now)),
                        Some(it) => {
                            p.sm.t2 { (t_with("history-done", &[("count", it.done.into())])) " " (left_out(it)) }
                            (ask(&at))
                        },
                        None => (ask(&at)),
                    }
                }
            }
        }
    }
}

fn ask(at: &str) -> Markup {
    let choices = history_choices();
    let options: Vec<(&str, &str)> = choices.iter().map(|it| (it.0, it.1.as_str())).collect();
    html! {
        p.sm.t2 { (t("history-so")) }
        form.row-flex.wrap method="post" action={ (at) "/history" } {
            (Select::new("days", t("history-from"), &options).chosen("30"))
            (Button::submit(t("history-begin")))
        }
    }
}

fn progress(it: &History, at: &str, now: Timestamp) -> Markup {
    let counts = [("done", it.done.into()), ("total", it.total.into())];
    let runs = it.state == HistoryState::Running;
    html! {
        @if let Some(error) = &it.error { (banner(Tone::Watch, error)) }
        @if it.total > 0 {
            progress.history max=(it.total) value=(it.done) aria-labelledby="hs" {}
            p.sm {
                (t_with("history-progress", &counts)) " "
                @if let Some(minutes) = minutes_left(it, now).filter(|_| runs) {
                    (t_with("history-left", &[("minutes", minutes.into())]))
                }
                " " (left_out(it))
            }
        } @else {
            p.sm.t2 { (t("history-waits")) }
        }
        form.row-flex method="post" action={ (at) (if runs { "/history/stop" } else { "/history/resumption" }) } {
            (Button::submit(if runs { t("history-stop") } else { t("history-go-on") }))
            @if !runs { span.xs.t3 { (t("history-stopped")) } }
        }
    }
}

fn left_out(it: &History) -> Markup {
    html! { @if it.left_out > 0 { (t_with("history-left-out", &[("count", it.left_out.into())])) } }
}

/// How many minutes it takes at the pace so far; none before there is a pace.
fn minutes_left(it: &History, now: Timestamp) -> Option<i64> {
    let (done, left) = (it.done - it.begun_done, it.total - it.done);
    let spent = i64::try_from(now.since(it.begun_at).as_secs()).ok()?;
    (done > 0 && left > 0).then(|| spent.saturating_mul(left) / done / 60 + 1)
}
