//! Mail that could not be read: kept as it came below its mailbox, until a person decides.

use axum::extract::State;
use axum::response::{Redirect, Response};
use domain::{ChannelId, InboundId};
use maud::{Markup, html};
use serde::Deserialize;
use store::case::list::Cursor;
use store::inbound::{self, Line};

use crate::app::App;
use crate::error::Trouble;
use crate::extract::{Path, cursor};
use crate::message::as_it_came;
use crate::part::{Button, Clock, Live, Pager, live, pager, size};
use crate::session::Who;
use crate::text::{t, t_with};

/// From where the list goes on.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct From {
    #[serde(default, deserialize_with = "cursor")]
    pub before: Option<Cursor>,
}

/// `GET /settings/channels/{id}/inbound/{mail}/raw`
pub async fn raw(
    State(app): State<App>,
    who: Who,
    Path((channel, id)): Path<(ChannelId, InboundId)>,
) -> Result<Response, Trouble> {
    let scope = who.scope();
    let bytes = app.desk.db.read(async move |rx| inbound::raw(rx, &scope, channel, id).await).await?;
    Ok(as_it_came(&format!("{id}.eml"), bytes))
}

/// `POST /settings/channels/{id}/inbound/{mail}/filing`
pub async fn try_again(
    State(app): State<App>,
    who: Who,
    Path((channel, id)): Path<(ChannelId, InboundId)>,
) -> Result<Redirect, Trouble> {
    app.desk.try_again(&who.member, channel, id).await?;
    Ok(back(channel))
}

/// `POST /settings/channels/{id}/inbound/{mail}/removal`
pub async fn discard(
    State(app): State<App>,
    who: Who,
    Path((channel, id)): Path<(ChannelId, InboundId)>,
) -> Result<Redirect, Trouble> {
    app.desk.drop_inbound(&who.member, channel, id).await?;
    Ok(back(channel))
}

fn back(channel: ChannelId) -> Redirect {
    Redirect::to(&format!("/settings/channels/{channel}#quarantine"))
}

/// What lies in the quarantine of a mailbox. Nothing of it stands on the page: who wrote it is not known.
pub fn quarantine(channel: ChannelId, lines: &[Line], older: Option<Cursor>, from: From, clock: &Clock) -> Markup {
    let at = format!("/settings/channels/{channel}");
    let source = from.before.map_or_else(|| at.clone(), |it| format!("{at}?before={it}"));
    let older = older.map(|it| format!("{at}?before={it}#quarantine"));
    let newer = format!("{at}#quarantine");
    let inner = html! {
        @if !lines.is_empty() || from.before.is_some() {
            section.sec aria-labelledby="qr" {
                header { h2 #qr { (t("quarantine")) } }
                p.sm.t2.mb3 { (t("quarantine-so")) }
                ul.list.list-lines { @for it in lines { li.row.wrap { (line(&at, it, clock)) } } }
                (pager(&Pager { newer: from.before.map(|_| newer.as_str()), older: older.as_deref() }))
            }
        }
    };
    live(&Live { id: "quarantine", topics: "channels", source: &source, merge: false }, "", &inner)
}

fn line(at: &str, it: &Line, clock: &Clock) -> Markup {
    let at = format!("{at}/inbound/{}", it.id);
    let when = clock.day(it.at);
    html! {
        div.grow {
            p.row-t { (it.error.as_deref().unwrap_or_default()) }
            p.row-s {
                (clock.long(it.at)) ", " (size(u64::try_from(it.size).unwrap_or_default())) ". "
                (t_with("tries", &[("count", it.tries.into())]))
            }
        }
        a.btn.btn-sm.btn-quiet href={ (at) "/raw" } download { (t("quarantine-raw")) }
        form method="post" action={ (at) "/filing" } {
            @let name = t_with("quarantine-again-of", &[("day", when.as_str().into())]);
            (Button::submit(t("quarantine-again")).small().name(&name))
        }
        // It is the only copy we have: one click alone does not delete it.
        details {
            summary.btn.btn-sm.btn-quiet { (t("quarantine-drop")) }
            form method="post" action={ (at) "/removal" } {
                @let name = t_with("quarantine-drop-of", &[("day", when.as_str().into())]);
                (Button::submit(t("quarantine-drop-sure")).small().danger().name(&name))
            }
        }
    }
}
