//! Settings: the mailboxes by which customers reach us.

pub mod button;
pub mod form;
mod history;
pub mod signature;
mod state;
pub mod steps;

pub use history::{begin as begin_history, go_on as go_on_with_history, stop as stop_history};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::ChannelId;
use maud::{Markup, html};
use store::case::list::Cursor;
use store::channel::{self, Line};
use store::{Read, inbound};

use crate::app::App;
use crate::error::Trouble;
use crate::extract::{Form, Path, Query};
use crate::form::Wrong;
use crate::inbound::{From, quarantine};
use crate::nav::{self, Around};
use crate::page::Page;
use crate::part::{Button, Field, Icon, Select, Tone, banner, empty};
use crate::session::Who;
use crate::settings::{Section, frame, frame_below};
use crate::text::t;
use button::save_buttons;
use form::Entered;
use signature::Below;
use state::{row, warning};
use steps::{Found, Round, Start, tried};

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
        div.mt2 #checks aria-live="polite" {}
    };
    Ok(frame(&app, &who, &around, Section::Channels, &html! { (add) }, &content))
}

fn address(id: ChannelId) -> String {
    format!("/settings/channels/{id}")
}

/// `GET /settings/channels/new`
pub async fn new(State(app): State<App>, who: Who) -> Result<Page, Trouble> {
    let known = Known::read(&app, &who, None, From::default()).await?;
    Ok(Sheet::new(&known, &Entered::fresh()).page(&app, &who))
}

/// `POST /settings/channels`
pub async fn add(State(app): State<App>, who: Who, Form(it): Form<Entered>) -> Result<Response, Trouble> {
    saved(&app, &who, None, &it).await
}

/// `POST /settings/channels/test`
pub async fn test(
    State(app): State<App>,
    who: Who,
    headers: HeaderMap,
    Form(it): Form<Entered>,
) -> Result<Response, Trouble> {
    Box::pin(tested(&app, &who, None, &headers, &it)).await
}

/// `GET /settings/channels/{id}`
pub async fn edit(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ChannelId>,
    Query(from): Query<From>,
) -> Result<Page, Trouble> {
    let known = Known::read(&app, &who, Some(id), from).await?;
    Ok(Sheet::new(&known, &known.entered()?).page(&app, &who))
}

/// `POST /settings/channels/{id}`
pub async fn save(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ChannelId>,
    Form(it): Form<Entered>,
) -> Result<Response, Trouble> {
    saved(&app, &who, Some(id), &it).await
}

/// `POST /settings/channels/{id}/test`: as it was entered, or with nothing entered as it was saved.
pub async fn test_saved(
    State(app): State<App>,
    who: Who,
    Path(id): Path<ChannelId>,
    headers: HeaderMap,
    Form(it): Form<Entered>,
) -> Result<Response, Trouble> {
    Box::pin(tested(&app, &who, Some(id), &headers, &it)).await
}

/// `POST /settings/channels/{id}/token`: the one answer that shows it.
pub async fn new_token(State(app): State<App>, who: Who, Path(id): Path<ChannelId>) -> Result<Page, Trouble> {
    let token = app.desk.new_channel_token(&who.member, id).await?;
    let known = Known::read(&app, &who, Some(id), From::default()).await?;
    Ok(Sheet { token: Some(&token), ..Sheet::new(&known, &known.entered()?) }.page(&app, &who))
}

/// Saves a new mailbox or one there is; or shows the form again, with what is wrong.
async fn saved(app: &App, who: &Who, id: Option<ChannelId>, it: &Entered) -> Result<Response, Trouble> {
    let (it, _, wrong) = it.found(app).await;
    if !wrong.is_above() {
        let known = Known::read(app, who, id, From::default()).await?;
        return Ok(wrong.answer(Sheet { wrong: &wrong, ..Sheet::new(&known, &it) }.page(app, who)));
    }
    let done = async { app.desk.set_mailbox(&who.member, id, it.mailbox()?).await };
    match (done.await, id) {
        (Ok(_), Some(_)) => Ok(Redirect::to("/settings/channels").into_response()),
        (Ok(new), None) => Ok(Redirect::to(&address(new)).into_response()),
        (Err(err), _) => {
            let wrong = Wrong::of(err, FIELDS)?;
            let known = Known::read(app, who, id, From::default()).await?;
            Ok(wrong.answer(Sheet { wrong: &wrong, ..Sheet::new(&known, &it) }.page(app, who)))
        }
    }
}

/// The answer of a test: script puts it in its place, and the page is there for whoever has none.
async fn tested(
    app: &App,
    who: &Who,
    id: Option<ChannelId>,
    headers: &HeaderMap,
    it: &Entered,
) -> Result<Response, Trouble> {
    let known = Known::read(app, who, id, From::default()).await?;
    let saved = known.line.as_ref().filter(|_| it.is_untouched()).map(|it| it.channel.name.clone());
    let it = &if saved.is_some() { known.entered()? } else { it.clone() };
    match steps::begin(app, id, it, FIELDS).await? {
        Start::Wrong(wrong, full) => {
            let found = Found::of(&full, it);
            let clock = known.around.clock(app);
            let round = Round { found, ..Round::default() };
            if headers.contains_key("x-fragment") && wrong.is_above() {
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(tried(&round, &clock, &wrong))).into_response());
            }
            Ok(wrong.answer(Sheet { round: &round, wrong: &wrong, ..Sheet::new(&known, &full) }.page(app, who)))
        }
        Start::Ready(trial, full) => {
            let begun = Round { found: Found::of(&full, it), saved, ..Round::default() };
            if headers.contains_key("x-fragment") {
                return Ok(steps::follow(*trial, begun, known.around.clock(app)));
            }
            let round = steps::run(*trial, begun).await?;
            Ok(Sheet { round: &round, ..Sheet::new(&known, &full) }.page(app, who).into_response())
        }
    }
}

/// The fields of the form at which something wrong can stand.
const FIELDS: &[&str] = &[
    "name",
    "way",
    "address",
    "aliases",
    "history_days",
    "mailbox_password",
    "sending_password",
    "reading_host",
    "reading_port",
    "reading_security",
    "sending_host",
    "sending_port",
    "sending_security",
];

/// What the page of a mailbox shows beside what was entered: nothing yet of a new one.
struct Known {
    around: Around,
    line: Option<Line>,
    quarantined: Vec<inbound::Line>,
    waiting: i64,
    older: Option<Cursor>,
    from: From,
    below: Below,
}

impl Known {
    async fn read(app: &App, who: &Who, id: Option<ChannelId>, from: From) -> Result<Known, Trouble> {
        let scope = who.scope();
        let read = app.desk.db.read(async move |rx: &Read| {
            let around = nav::around(rx, &scope).await?;
            let Some(id) = id else {
                let below = Below::default();
                return Ok(Known { around, line: None, quarantined: Vec::new(), waiting: 0, older: None, from, below });
            };
            let line = Some(channel::line(rx, &scope, id).await?);
            let (quarantined, older) = inbound::page(rx, &scope, id, from.before).await?;
            let waiting = inbound::waiting(rx, &scope, id).await?;
            let below = Below::read(rx, &scope, id).await?;
            Ok::<_, store::Error>(Known { around, line, quarantined, waiting, older, from, below })
        });
        Ok(read.await?)
    }

    /// The form as the mailbox was saved.
    fn entered(&self) -> Result<Entered, Trouble> {
        let Some(line) = &self.line else { return Ok(Entered::fresh()) };
        Ok(Entered::of(&line.channel, desk::channel::servers(&line.channel)?))
    }
}

/// The form of one mailbox, with what was found out about it.
struct Sheet<'a> {
    known: &'a Known,
    it: &'a Entered,
    round: &'a Round,
    wrong: &'a Wrong,
    token: Option<&'a str>,
}

impl<'a> Sheet<'a> {
    fn new(known: &'a Known, it: &'a Entered) -> Sheet<'a> {
        const NOTHING: &Wrong = &Wrong::NOTHING;
        const NONE: &Round = &Round { steps: Vec::new(), receipt: String::new(), found: Found::NOTHING, saved: None };
        Sheet { known, it, round: NONE, wrong: NOTHING, token: None }
    }

    fn page(&self, app: &App, who: &Who) -> Page {
        let (it, wrong, line) = (self.it, self.wrong, self.known.line.as_ref());
        let channel = line.map(|it| &it.channel);
        let clock = self.known.around.clock(app);
        let at = channel.map_or_else(|| "/settings/channels".to_owned(), |it| address(it.id));
        let title = channel.map_or(t("channel-new"), |it| &it.name);
        let save = if channel.is_some() { t("save") } else { t("channel-add") };
        let ways = [("mailbox", t("way-mailbox")), ("reading", t("way-reading")), ("api", t("way-api"))];
        let content = html! {
            @if let (Some(token), Some(channel)) = (self.token, channel) { (shown_token(app, token, channel.id)) }
            @if let Some(line) = line { (state::standing(line, &clock)) }
            form.setup-f method="post" action=(at) {
                button.vh type="submit" tabindex="-1" aria-hidden="true" { (save) }
                p.t2.for-reading { (t("mailbox-untouched")) }
                div.setup-2 {
                    (Field::new("name", t("channel-name")).value(&it.name).hint(t("channel-name-hint")).error(wrong.at("name")))
                    (Select::new("way", t("way"), &ways).chosen(&it.way).error(wrong.at("way")))
                }
                (it.account(wrong, channel.is_some()))
                (it.servers(wrong, self.round.doubts_servers()))
                (it.aliases(wrong))
                (Field::new("authserv_id", t("authserv-id")).autocomplete("off").value(&it.authserv_id).hint(t("authserv-id-hint")))
                @if channel.is_none() { div.for-reading { (it.history(wrong)) } }
                @if self.round.receipt.is_empty() && !it.tested.is_empty() { input type="hidden" name="tested" value=(it.tested); }
                (tried(self.round, &clock, wrong))
                (save_buttons(save, &format!("{at}/test")))
            }
            @if let Some(line) = line { (history::section(line, app.desk.now())) }
            @if let Some(channel) = channel {
                (self.known.below.render(channel, wrong))
                (quarantine(channel.id, (&self.known.quarantined, self.known.waiting), self.known.older, self.known.from, &clock))
                p.mb4 { a.btn.btn-sm href={ (address(channel.id)) "/acknowledgement" } { (t("acknowledgement-link")) } }
                (token_form(channel.id))
            }
        };
        frame_below(app, who, &self.known.around, (Section::Channels, title), &content)
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
