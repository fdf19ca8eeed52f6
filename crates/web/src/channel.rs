//! Settings: the mailboxes by which customers reach us.

pub mod form;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use desk::channel::Step;
use domain::{ChannelId, MailboxState};
use maud::{Markup, html};
use store::channel::{self, Channel, Line};
use store::{Read, Scope};

use crate::app::App;
use crate::error::Trouble;
use crate::extract::{Form, Path};
use crate::form::Wrong;
use crate::nav::{self, Around};
use crate::page::Page;
use crate::part::{
    Button, ChannelMark, Clock, Field, Icon, MarkSize, Select, Tone, banner, banner_with, channel_mark, empty, icon,
};
use crate::session::Who;
use crate::settings::{Section, frame, frame_below};
use crate::text::{t, t_with};
use form::{Entered, save_buttons, tried};

/// `GET /settings/channels`
pub async fn list(State(app): State<App>, who: Who) -> Result<Page, Trouble> {
    let scope = who.scope();
    let read = app.desk.db.read(async move |rx: &Read| {
        let (around, lines) = tokio::try_join!(nav::around(rx, &scope), channel::lines(rx, &scope))?;
        Ok::<_, store::Error>((around, lines))
    });
    let (around, lines) = read.await?;
    let clock = around.clock(&app);
    let add = Button::link(t("channel-add"), "/settings/channels/new").primary().icon(Icon::Plus);
    let content = html! {
        p.t2.mb4 { (t("channels-so")) }
        div #channels data-live="channels" data-src="/settings/channels" {
            @for line in &lines { (warning(line)) }
            @if lines.is_empty() {
                (empty(Icon::Mail, t("channels-none"), t("channels-none-so"), &html! {}))
            } @else {
                ul.chans { @for line in &lines { (row(line, &clock)) } }
            }
        }
    };
    Ok(frame(&app, &who, &around, Section::Channels, &html! { (add) }, &content))
}

/// A mailbox that cannot be read.
fn warning(line: &Line) -> Markup {
    let error = line.mailbox.as_ref().filter(|it| it.state == MailboxState::Broken).and_then(|it| it.error.as_deref());
    html! {
        @if let Some(error) = error {
            div.mb4 {
                (banner_with(
                    Tone::Risk,
                    &html! { b { (line.channel.name) } ": " (error) " " (t("channel-broken-safe")) },
                    &html! { (Button::link(t("channel-mend"), &address(line.channel.id)).small()) },
                ))
            }
        }
    }
}

fn row(line: &Line, clock: &Clock) -> Markup {
    let state = line.mailbox.as_ref().map(|it| it.state);
    let name = t_with("channel-settings-of", &[("name", line.channel.name.as_str().into())]);
    html! {
        li {
            (channel_mark(ChannelMark::from(line.channel.kind), MarkSize::Large))
            div.chan-n { b { (line.channel.name) } span { (line.channel.address) } }
            div.chan-s {
                @match state {
                    Some(MailboxState::Live) => span.st-good { (icon(Icon::CheckCircle)) (t("channel-live")) },
                    Some(MailboxState::Broken) => span.st-risk { (icon(Icon::Alert)) (t("channel-broken")) },
                    Some(MailboxState::Connecting) => span.st-watch { (icon(Icon::Clock)) (t("channel-connecting")) },
                    None => span { (icon(Icon::Minus)) (t("channel-idle")) },
                }
                @if line.quarantined > 0 {
                    span.xs.t3 { (t_with("channel-quarantined", &[("count", line.quarantined.into())])) }
                }
            }
            div.chan-l.hide-s { @if let Some(mailbox) = &line.mailbox { span.xs.t3 { (t("channel-since")) " " (clock.short(mailbox.since)) } } }
            (Button::link(t("channel-settings"), &address(line.channel.id)).small().name(&name))
        }
    }
}

fn address(id: ChannelId) -> String {
    format!("/settings/channels/{id}")
}

/// `GET /settings/channels/new`
pub async fn new(State(app): State<App>, who: Who) -> Result<Page, Trouble> {
    let around = around(&app, who.scope()).await?;
    Ok(Sheet::new(&Entered::fresh()).page(&app, &who, &around))
}

/// `POST /settings/channels`
pub async fn add(State(app): State<App>, who: Who, Form(it): Form<Entered>) -> Result<Response, Trouble> {
    let saved = match it.mailbox() {
        Ok(mailbox) => app.desk.set_mailbox(&who.member, None, mailbox).await.map_err(Wrong::of),
        Err(wrong) => Err(Ok(wrong)),
    };
    match saved {
        Ok(id) => Ok(Redirect::to(&address(id)).into_response()),
        Err(wrong) => {
            let (wrong, around) = (wrong?, around(&app, who.scope()).await?);
            Ok(wrong.answer(Sheet { wrong: &wrong, ..Sheet::new(&it) }.page(&app, &who, &around)))
        }
    }
}

/// `POST /settings/channels/test`
pub async fn test(
    State(app): State<App>,
    who: Who,
    headers: HeaderMap,
    Form(it): Form<Entered>,
) -> Result<Response, Trouble> {
    let (steps, wrong) = try_mailbox(&app, None, &it).await?;
    let around = around(&app, who.scope()).await?;
    let sheet = Sheet { steps: &steps, wrong: &wrong, ..Sheet::new(&it) };
    Ok(sheet.tested(&app, &who, &around, &headers))
}

/// `GET /settings/channels/{id}`
pub async fn edit(State(app): State<App>, who: Who, Path(id): Path<ChannelId>) -> Result<Page, Trouble> {
    let (around, channel) = one(&app, who.scope(), id).await?;
    let it = Entered::of(&channel, desk::channel::servers(&channel)?);
    Ok(Sheet { channel: Some(&channel), ..Sheet::new(&it) }.page(&app, &who, &around))
}

/// `POST /settings/channels/{id}`
pub async fn save(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ChannelId>,
    Form(it): Form<Entered>,
) -> Result<Response, Trouble> {
    let saved = match it.mailbox() {
        Ok(mailbox) => app.desk.set_mailbox(&who.member, Some(id), mailbox).await.map_err(Wrong::of),
        Err(wrong) => Err(Ok(wrong)),
    };
    match saved {
        Ok(_) => Ok(Redirect::to("/settings/channels").into_response()),
        Err(wrong) => {
            let (wrong, (around, channel)) = (wrong?, one(&app, who.scope(), id).await?);
            let sheet = Sheet { channel: Some(&channel), wrong: &wrong, ..Sheet::new(&it) };
            Ok(wrong.answer(sheet.page(&app, &who, &around)))
        }
    }
}

/// `POST /settings/channels/{id}/test`
pub async fn test_saved(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ChannelId>,
    headers: HeaderMap,
    Form(it): Form<Entered>,
) -> Result<Response, Trouble> {
    let (around, channel) = one(&app, who.scope(), id).await?;
    let (steps, wrong) = try_mailbox(&app, Some(id), &it).await?;
    let sheet = Sheet { channel: Some(&channel), steps: &steps, wrong: &wrong, ..Sheet::new(&it) };
    Ok(sheet.tested(&app, &who, &around, &headers))
}

/// `POST /settings/channels/{id}/token`: the one answer that shows it.
pub async fn new_token(State(app): State<App>, who: Who, Path(id): Path<ChannelId>) -> Result<Page, Trouble> {
    let token = app.desk.new_channel_token(&who.member, id).await?;
    let (around, channel) = one(&app, who.scope(), id).await?;
    let it = Entered::of(&channel, desk::channel::servers(&channel)?);
    Ok(Sheet { channel: Some(&channel), token: Some(&token), ..Sheet::new(&it) }.page(&app, &who, &around))
}

async fn around(app: &App, scope: Scope) -> Result<Around, Trouble> {
    Ok(app.desk.db.read(async move |rx: &Read| nav::around(rx, &scope).await).await?)
}

async fn one(app: &App, scope: Scope, id: ChannelId) -> Result<(Around, Channel), Trouble> {
    let read = app.desk.db.read(async move |rx: &Read| {
        let (around, channel) = tokio::try_join!(nav::around(rx, &scope), channel::find(rx, id))?;
        Ok::<_, store::Error>((around, channel.ok_or(store::Error::NotFound)?))
    });
    Ok(read.await?)
}

/// Tries what was entered: the steps, or what is wrong with the form.
pub async fn try_mailbox(app: &App, id: Option<ChannelId>, it: &Entered) -> Result<(Vec<Step>, Wrong), Trouble> {
    let mailbox = match it.mailbox() {
        Ok(mailbox) => mailbox,
        Err(wrong) => return Ok((Vec::new(), wrong)),
    };
    match app.desk.try_mailbox(id, &mailbox).await {
        Ok(steps) => Ok((steps, Wrong::default())),
        Err(err) => Ok((Vec::new(), Wrong::of(err)?)),
    }
}

/// The form of one mailbox, with what was found out about it.
struct Sheet<'a> {
    it: &'a Entered,
    channel: Option<&'a Channel>,
    steps: &'a [Step],
    wrong: &'a Wrong,
    token: Option<&'a str>,
}

impl<'a> Sheet<'a> {
    fn new(it: &'a Entered) -> Sheet<'a> {
        const NOTHING: &Wrong = &Wrong::NOTHING;
        Sheet { it, channel: None, steps: &[], wrong: NOTHING, token: None }
    }

    /// The answer of a test: script puts it in its place, and the page is there for whoever has none.
    fn tested(&self, app: &App, who: &Who, around: &Around, headers: &HeaderMap) -> Response {
        if headers.contains_key("x-fragment") && self.wrong.is_above() {
            return Page(tried(self.steps, &around.clock(app), self.wrong)).into_response();
        }
        self.wrong.answer(self.page(app, who, around))
    }

    fn page(&self, app: &App, who: &Who, around: &Around) -> Page {
        let (it, wrong) = (self.it, self.wrong);
        let at = self.channel.map_or_else(|| "/settings/channels".to_owned(), |it| address(it.id));
        let title = self.channel.map_or(t("channel-new"), |it| &it.name);
        let save = if self.channel.is_some() { t("save") } else { t("channel-add") };
        let ways = [("mailbox", t("way-mailbox")), ("api", t("way-api"))];
        let content = html! {
            @if let (Some(token), Some(channel)) = (self.token, self.channel) { (shown_token(app, token, channel.id)) }
            p.t2.mb4 { (t("mailbox-untouched")) }
            form.setup-f method="post" action=(at) {
                button.vh type="submit" tabindex="-1" aria-hidden="true" { (save) }
                div.setup-2 {
                    (Field::new("name", t("channel-name")).value(&it.name).hint(t("channel-name-hint")).error(wrong.at("name")))
                    (Select { name: "way", label: t("way"), options: &ways, chosen: &it.way, hint: "", error: wrong.at("way") })
                }
                (it.account(wrong, self.channel.is_some()))
                (it.servers(wrong))
                (Field::new("authserv_id", t("authserv-id")).autocomplete("off").value(&it.authserv_id).hint(t("authserv-id-hint")))
                (tried(self.steps, &around.clock(app), wrong))
                (save_buttons(save, &format!("{at}/test")))
            }
            @if let Some(channel) = self.channel { (token_form(channel.id)) }
        };
        frame_below(app, who, around, (Section::Channels, title), &content)
    }
}

fn token_form(id: ChannelId) -> Markup {
    html! {
        section.sec aria-labelledby="tk" {
            header { h2 #tk { (t("token")) } }
            p.sm.t2.mb3 { (t("token-so")) }
            form method="post" action={ (address(id)) "/token" } { (Button::submit(t("token-new")).icon(Icon::Key)) }
        }
    }
}

/// The token and how to use it, in the one answer that has it.
fn shown_token(app: &App, token: &str, id: ChannelId) -> Markup {
    let line = format!(
        "curl --data-binary @mail.eml -H 'Content-Type: message/rfc822' -H 'Authorization: Bearer {token}' {}/api/v1/channels/{id}/mail",
        app.public.url
    );
    html! {
        section.stack.stack-sm.mb4 {
            (banner(Tone::Accent, t("token-once")))
            p { code.mono.wrap-any { (token) } }
            p.sm.t2 { (t("token-use")) }
            pre.code { code { (line) } }
        }
    }
}
