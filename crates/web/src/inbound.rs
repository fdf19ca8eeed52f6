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
use crate::message::{as_it_came, as_text};
use crate::part::{Button, Clock, Icon, Live, Pager, live, pager, size};
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

/// How much of a mail is shown as text, in bytes.
const SHOWN: usize = 256 * 1024;

/// `GET /settings/channels/{id}/inbound/{mail}/text`: to be looked at, and nothing in it to be followed.
pub async fn text(
    State(app): State<App>,
    who: Who,
    Path((channel, id)): Path<(ChannelId, InboundId)>,
) -> Result<Response, Trouble> {
    let scope = who.scope();
    let bytes = app.desk.db.read(async move |rx| inbound::raw(rx, &scope, channel, id).await).await?;
    let mut text = String::from_utf8_lossy(&bytes[..bytes.len().min(SHOWN)]).into_owned();
    if bytes.len() > SHOWN {
        let whole = size(u64::try_from(bytes.len()).unwrap_or_default());
        let said = t_with("quarantine-cut", &[("size", whole.into())]);
        text.extend(["\n\n", &said, "\n"]);
    }
    Ok(as_text(text))
}

/// `POST /settings/channels/{id}/inbound/{mail}/release`: into a case, as it is.
pub async fn release(
    State(app): State<App>,
    who: Who,
    Path((channel, id)): Path<(ChannelId, InboundId)>,
) -> Result<Redirect, Trouble> {
    let number = app.desk.release_inbound(&who.member, channel, id).await?;
    Ok(number.map_or_else(|| back(channel), |number| Redirect::to(&format!("/cases/{number}"))))
}

/// `POST /settings/channels/{id}/inbound/filing`: all of it, one after the other.
pub async fn try_all_again(
    State(app): State<App>,
    who: Who,
    Path(channel): Path<ChannelId>,
) -> Result<Redirect, Trouble> {
    app.desk.try_all_again(&who.member, channel).await?;
    Ok(back(channel))
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

/// What lies in the quarantine of a mailbox, and how much of it is being tried again. Nothing of it stands on the page: who
/// wrote it is not known.
pub fn quarantine(
    channel: ChannelId,
    (lines, waiting): (&[Line], i64),
    older: Option<Cursor>,
    from: From,
    clock: &Clock,
) -> Markup {
    let at = format!("/settings/channels/{channel}");
    let source = from.before.map_or_else(|| at.clone(), |it| format!("{at}?before={it}"));
    let older = older.map(|it| format!("{at}?before={it}#quarantine"));
    let newer = format!("{at}#quarantine");
    let inner = html! {
        @if !lines.is_empty() || waiting > 0 || from.before.is_some() {
            section.sec aria-labelledby="qr" {
                header { h2 #qr { (t("quarantine")) } }
                p.sm.t2.mb3 { (t("quarantine-so")) }
                @if waiting > 0 { p.sm.mb3 role="status" { (t_with("quarantine-waiting", &[("count", waiting.into())])) } }
                @if lines.iter().filter(|it| it.whole).count() > 1 {
                    form.mb3 method="post" action={ (at) "/inbound/filing" } { (Button::submit(t("quarantine-again-all")).small().icon(Icon::Refresh)) }
                }
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
                @if it.whole { (t_with("tries", &[("count", it.tries.into())])) }
            }
        }
        a.btn.btn-sm.btn-quiet href={ (at) "/text" } target="_blank" rel="noopener" { (t("quarantine-look")) }
        a.btn.btn-sm.btn-quiet href={ (at) "/raw" } download { (t("quarantine-raw")) }
        @if it.whole {
            form method="post" action={ (at) "/filing" } {
                @let name = t_with("quarantine-again-of", &[("day", when.as_str().into())]);
                (Button::submit(t("quarantine-again")).small().name(&name))
            }
        }
        form method="post" action={ (at) "/release" } {
            @let name = t_with("quarantine-release-of", &[("day", when.as_str().into())]);
            (Button::submit(t("quarantine-release")).small().quiet().name(&name))
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
