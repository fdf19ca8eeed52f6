//! One stream of what changed, to each browser. It carries names and no contents: the browser fetches what it shows
//! again, by the same address and the same permission check.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use domain::{CustomerId, Right, Timestamp};
use futures_util::{Stream, stream};
use store::{Hint, News, case, customer};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, timeout_at};

use crate::app::App;
use crate::session::Who;

/// What changes together is told together.
const GATHER: Duration = Duration::from_millis(60);
/// A session that was ended elsewhere ends its stream within this.
const LOOK: Duration = Duration::from_secs(30);

/// `GET /live`
pub async fn stream(State(app): State<App>, who: Who, token: Token) -> impl IntoResponse {
    let news = app.desk.db.news();
    let looked_at = app.desk.now();
    let ear = Ear { app, who, token: token.0, news, looked_at };
    Sse::new(events(ear)).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

/// The session's token, to see later whether it still opens.
pub struct Token(String);

impl axum::extract::FromRequestParts<App> for Token {
    type Rejection = crate::Trouble;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, app: &App) -> Result<Self, Self::Rejection> {
        crate::session::token(app, &parts.headers).map(Token).ok_or(crate::Trouble::SignInNeeded)
    }
}

struct Ear {
    app: App,
    who: Who,
    token: String,
    news: Receiver<News>,
    /// When it was last asked whether they are still in.
    looked_at: Timestamp,
}

/// What is found when that is asked.
#[derive(PartialEq, Eq)]
enum Found {
    /// They are who they were.
    Same,
    /// They may see other things than before.
    Changed,
    /// They are out.
    Out,
}

fn events(ear: Ear) -> impl Stream<Item = Result<Event, Infallible>> {
    // What happened between the page and the stream is fetched again.
    let first = gap();
    stream::unfold((ear, Some(first)), async |(mut ear, first)| {
        let event = match first {
            Some(first) => first,
            None => ear.next().await?,
        };
        Some((Ok(event), (ear, None)))
    })
}

/// Everything on the screen is to be fetched again.
fn gap() -> Event {
    Event::default().event("gap").data("{}")
}

impl Ear {
    /// The next thing to tell; none when the stream is over.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let stop = self.app.stop.clone();
            let heard = tokio::select! {
                () = stop.cancelled() => return None,
                heard = self.hear() => heard,
            };
            if heard.as_ref().is_none_or(|hints| self.must_look(hints)) {
                match self.look().await {
                    Found::Same => {}
                    Found::Changed => return Some(gap()),
                    Found::Out => return None,
                }
            }
            let Some(hints) = heard else { return Some(gap()) };
            let mut changed = Vec::new();
            for hint in hints {
                if self.may_know(&hint).await {
                    changed.push(topic(&hint).to_owned());
                }
            }
            if !changed.is_empty() {
                let told = serde_json::json!({ "changed": changed });
                return Some(Event::default().data(told.to_string()));
            }
        }
    }

    /// A busy stream looks as often as a silent one; and whoever signs out, leaves, or changes their role or teams is
    /// not waited for.
    fn must_look(&self, hints: &BTreeSet<Hint>) -> bool {
        let told = |it: &Hint| matches!(it.as_str(), "sign_ins" | "staff");
        hints.is_empty() || hints.iter().any(told) || self.app.desk.now().since(self.looked_at) >= LOOK
    }

    /// What changed within a moment; nothing after a long silence; none if something was missed.
    async fn hear(&mut self) -> Option<BTreeSet<Hint>> {
        let mut hints = BTreeSet::new();
        let mut until = Instant::now() + LOOK;
        loop {
            match timeout_at(until, self.news.recv()).await {
                Err(_) => return Some(hints),
                Ok(Ok(News::Changed(hint))) => {
                    if hints.is_empty() {
                        until = Instant::now() + GATHER;
                    }
                    hints.insert(hint);
                }
                Ok(Ok(News::Gap) | Err(RecvError::Lagged(_))) => return None,
                Ok(Err(RecvError::Closed)) => return std::future::pending().await,
            }
        }
    }

    async fn look(&mut self) -> Found {
        self.looked_at = self.app.desk.now();
        match self.app.desk.member(&self.token).await {
            Ok(Some((sign_in, member))) => {
                if let Err(err) = self.app.desk.seen(&sign_in).await {
                    tracing::warn!(%err, "the use of a session could not be noted");
                }
                let found = if self.who.member == member { Found::Same } else { Found::Changed };
                self.who = Who { member, sign_in, now: self.looked_at, theme: self.who.theme };
                found
            }
            Ok(None) => Found::Out,
            // The database is away: that ends nobody's session.
            Err(_) => Found::Same,
        }
    }

    /// Even a name is told only to who may see the thing.
    async fn may_know(&self, hint: &Hint) -> bool {
        let (role, scope, db) = (self.who.member.role, self.who.scope(), &self.app.desk.db);
        match hint.as_str().split_once(' ') {
            Some(("case" | "presence" | "customer", _)) if role.sees_all() => true,
            Some(("case" | "presence", number)) => {
                let Ok(number) = number.parse() else { return false };
                let visible = db.read(async move |rx| case::is_visible(rx, &scope, number).await);
                visible.await.unwrap_or(false)
            }
            Some(("customer", id)) => {
                let Ok(id) = id.parse::<CustomerId>() else { return false };
                let visible = db.read(async move |rx| customer::is_visible(rx, &scope, id).await);
                visible.await.unwrap_or(false)
            }
            Some(("notifications", id)) => id == self.who.member.id.to_string(),
            None => match hint.as_str() {
                "inbox" => true,
                "outbox" => role.may(Right::Desk),
                "channels" | "histories" | "brief_endpoint" => role.may(Right::Settings),
                "staff" | "teams" => role.may(Right::People),
                _ => false,
            },
            Some(_) => false,
        }
    }
}

/// What a page knows it by: of what people are told, each hears only of their own.
fn topic(hint: &Hint) -> &str {
    if hint.as_str().starts_with("notifications ") { "notifications" } else { hint.as_str() }
}
