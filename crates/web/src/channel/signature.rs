//! What a mailbox puts below its messages, and the key by which it signs them.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use desk::dkim::{Record, record};
use desk::signature::{PERSONAL, PLACEHOLDERS};
use domain::ChannelId;
use maud::{Markup, html};
use serde::Deserialize;
use store::channel::Channel;
use store::dkim::{self, Public};
use store::{Read, Scope, signature};

use super::{Known, Sheet, address};
use crate::app::App;
use crate::error::Trouble;
use crate::extract::{Form, Path};
use crate::form::Wrong;
use crate::inbound::From;
use crate::part::{Button, Icon, Tone, badge, icon_sm};
use crate::session::Who;
use crate::text::{t, t_with};

/// A signature, as somebody wrote it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// Its text.
    pub signature: String,
}

/// Whether a mailbox shall sign.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signing {
    on: OnOff,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OnOff {
    Yes,
    No,
}

/// `POST /settings/channels/{id}/signature`
pub async fn save(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ChannelId>,
    Form(it): Form<Written>,
) -> Result<Response, Trouble> {
    match app.desk.set_mailbox_signature(&who.member, id, &it.signature).await {
        Ok(()) => Ok(back(id, "signature").into_response()),
        Err(err) => {
            let wrong = Wrong::of(err, &["signature"])?;
            let mut known = Known::read(&app, &who, Some(id), From::default()).await?;
            known.below.signature = it.signature;
            let entered = known.entered()?;
            let page = Sheet { wrong: &wrong, ..Sheet::new(&known, &entered) }.page(&app, &who);
            Ok(wrong.answer(page))
        }
    }
}

/// `POST /settings/channels/{id}/key`
pub async fn make_key(State(app): State<App>, who: Who, Path(id): Path<ChannelId>) -> Result<Redirect, Trouble> {
    app.desk.make_dkim_key(&who.member, id).await?;
    Ok(back(id, "key"))
}

/// `POST /settings/channels/{id}/signing`
pub async fn sign(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ChannelId>,
    Form(it): Form<Signing>,
) -> Result<Redirect, Trouble> {
    app.desk.sign_mail(&who.member, id, it.on == OnOff::Yes).await?;
    Ok(back(id, "key"))
}

fn back(id: ChannelId, part: &str) -> Redirect {
    Redirect::to(&format!("{}#{part}", address(id)))
}

/// What is known of both.
#[derive(Clone, Debug, Default)]
pub struct Below {
    signature: String,
    key: Option<Public>,
}

impl Below {
    /// Reads it, for whoever may change settings.
    pub async fn read(rx: &Read, scope: &Scope, id: ChannelId) -> Result<Below, store::Error> {
        Ok(Below { key: dkim::shown(rx, scope, id).await?, signature: signature::of_channel(rx, id).await? })
    }

    /// Both sections.
    pub fn render(&self, channel: &Channel, wrong: &Wrong) -> Markup {
        html! {
            section.sec aria-labelledby="signature" {
                header { h2 #signature { (t("signature")) } }
                p.sm.t2.mb3 { (t("signature-mailbox-so")) }
                (field(&format!("{}/signature", address(channel.id)), &self.signature, &[PLACEHOLDERS, &[PERSONAL]].concat(), wrong))
            }
            section.sec aria-labelledby="key" {
                header { h2 #key { (t("dkim")) } }
                p.sm.t2.mb3 { (t("dkim-so")) }
                @match &self.key {
                    Some(key) => (self::key(channel, key)),
                    None => (make(channel.id, t("dkim-make"))),
                }
            }
        }
    }
}

/// The form of a signature: a mailbox's or a person's.
pub fn field(action: &str, text: &str, placeholders: &[&str], wrong: &Wrong) -> Markup {
    let known = placeholders.iter().map(|it| format!("{{{it}}}")).collect::<Vec<_>>().join(" ");
    let error = wrong.at("signature");
    html! {
        form.stack.narrow method="post" action=(action) {
            div.field {
                label for="signature-text" { (t("signature-text")) }
                textarea.input.signature #signature-text name="signature" rows="4" aria-describedby="signature-hint signature-error"
                    aria-invalid=[error.map(|_| "true")] autofocus[error.is_some()] { (text) }
                p.hint #signature-hint { (t_with("signature-hint", &[("known", known.into())])) }
                @if let Some(error) = error { p.err #signature-error role="alert" { (icon_sm(Icon::Alert)) span { (error) } } }
            }
            div { (Button::submit(t("signature-save"))) }
        }
    }
}

fn make(id: ChannelId, label: &str) -> Markup {
    html! { form method="post" action={ (address(id)) "/key" } { (Button::submit(label).icon(Icon::Key)) } }
}

fn key(channel: &Channel, key: &Public) -> Markup {
    let Record { host, name, text } = record(channel, key);
    let quoted = text.iter().map(|it| format!("\"{it}\"")).collect::<Vec<_>>().join(" ");
    let (label, next) = if key.on { (t("dkim-off"), "no") } else { (t("dkim-on"), "yes") };
    html! {
        div.stack.stack-sm {
            p { @if key.on { (badge(Tone::Good, t("dkim-is-on"))) } @else { (badge(Tone::Line, t("dkim-is-off"))) } }
            p.sm.t2 { (t("dkim-record-so")) }
            dl.facts.dkim {
                div { dt { (t("dkim-kind")) } dd { code.mono { "TXT" } } }
                div { dt { (t("dkim-host")) } dd { code.mono.wrap-any { (host) } } }
                div { dt { (t("dkim-name")) } dd { code.mono.wrap-any { (name) } } }
            }
            p.sm { (t("dkim-value")) }
            pre.code.wrap-any tabindex="0" { code { (text.concat()) } }
            details {
                summary.sm { (t("dkim-quoted")) }
                pre.code.wrap-any tabindex="0" { code { (quoted) } }
            }
            p.sm.t2 { (t("dkim-check")) }
            pre.code.wrap-any tabindex="0" { code { "dig +short TXT " (name) } }
            div.row-flex.wrap {
                form method="post" action={ (address(channel.id)) "/signing" } {
                    input type="hidden" name="on" value=(next);
                    (Button::submit(label))
                }
                (make(channel.id, t("dkim-again")))
            }
        }
    }
}
