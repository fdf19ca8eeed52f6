//! Below a message of ours: that it waits and can be taken back, that it is on its way, or why it did not arrive and what
//! helps then.

use axum::extract::State;
use axum::response::Redirect;
use desk::outbox::HOLD;
use domain::{Email, Hindrance, Message, MessageId, MessageState, Obstacle, Timestamp};
use maud::{Markup, html};
use serde::Deserialize;

use super::Here;
use crate::Trouble;
use crate::app::App;
use crate::extract::{Form, Path, Query};
use crate::part::{Button, Clock, Icon, icon_sm, size};
use crate::session::Who;
use crate::text::{t, t_with};

/// `POST /cases/{number}/messages/{message}/taking-back`
pub async fn take_back(
    State(app): State<App>,
    who: Who,
    Path((number, id)): Path<(i64, MessageId)>,
    Query(here): Query<Here>,
) -> Result<Redirect, Trouble> {
    app.desk.take_back(&who.member, number, id).await?;
    Ok(here.back(number))
}

/// To whom it shall go instead; empty: to whom it went, or did not reach.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anew {
    #[serde(default)]
    to: String,
}

/// `POST /cases/{number}/messages/{message}/draft`
pub async fn write_anew(
    State(app): State<App>,
    who: Who,
    Path((number, id)): Path<(i64, MessageId)>,
    Query(here): Query<Here>,
    Form(it): Form<Anew>,
) -> Result<Redirect, Trouble> {
    app.desk.write_anew(&who.member, number, id, Email::parse(&it.to)).await?;
    Ok(here.back(number))
}

/// A message of ours, and what is known around it.
pub struct Leaving<'a> {
    /// The message.
    pub message: &'a Message,
    /// The address of the message.
    pub base: &'a str,
    /// The query that keeps the list as it is.
    pub query: &'a str,
    /// Whether mail stays here.
    pub demo: bool,
    /// Whether whoever looks wrote it.
    pub mine: bool,
    /// Whether they may change settings.
    pub may_mend: bool,
    /// Name and address of everybody who takes part or speaks for the customer.
    pub known: &'a [(String, String)],
    /// Now.
    pub clock: &'a Clock,
}

impl Leaving<'_> {
    /// What is said below it; nothing once it has arrived at a server.
    pub fn render(&self) -> Option<Markup> {
        let it = self.message;
        let left = self.clock.until(it.at.after(HOLD));
        let why = it.error.as_deref();
        match (it.state, why) {
            (MessageState::Failed, why) => Some(self.failed(why.unwrap_or_default())),
            (MessageState::Sending, Some(why)) => Some(self.later(why)),
            (MessageState::Sending, None) if left > HOLD => Some(self.leaves(it.at.after(HOLD))),
            (MessageState::Sending, None) if self.mine && !left.is_zero() => {
                Some(self.held(i64::try_from(left.as_millis()).unwrap_or_default()))
            }
            (MessageState::Sending, None) if self.demo => Some(html! {
                p.entry-state { (icon_sm(Icon::Clock)) (t("sending-kept")) }
            }),
            (MessageState::Sending, None) => Some(html! { p.entry-state { (icon_sm(Icon::Send)) (t("sending-now")) } }),
            (MessageState::TakenBack, _) => Some(html! { p.entry-state { (icon_sm(Icon::X)) (t("taken-back")) } }),
            _ => self.missed(),
        }
    }

    /// It waits, so that it can be taken back.
    fn held(&self, left_ms: i64) -> Markup {
        let over = if self.demo { t("sending-kept") } else { t("sending-now") };
        html! {
            bw-hold.entry-state data-left=(left_ms) data-over=(over) {
                (icon_sm(Icon::Send))
                span.hold-t { (t("sending-hold")) " " b.hold-n { ((left_ms + 999) / 1000) } " s" }
                form method="post" action={ (self.base) "/taking-back" (self.query) } {
                    (Button::submit(t("take-back")).small().key("z"))
                }
            }
        }
    }

    /// It leaves at a moment that its writer chose.
    fn leaves(&self, at: Timestamp) -> Markup {
        html! {
            div.entry-state {
                (icon_sm(Icon::Clock)) span { (t("sending-at")) " " (self.clock.long(at)) }
                @if self.mine {
                    form method="post" action={ (self.base) "/taking-back" (self.query) } {
                        (Button::submit(t("take-back")).small())
                    }
                }
            }
        }
    }

    /// It is tried again by itself.
    fn later(&self, why: &str) -> Markup {
        let hindrance = self.message.hindrance.as_ref();
        html! {
            div.failed {
                p.entry-state {
                    (icon_sm(Icon::Clock)) span {
                        (t("not-there-yet")) " " (why) " "
                        @match hindrance.and_then(|it| it.next_at) {
                            Some(at) => { (t("tried-again-at")) " " (self.clock.long(at)) "." }
                            None => (t("tried-again")),
                        }
                    }
                }
                (said(hindrance))
                div.failed-a {
                    (self.again(t("try-now")))
                    @if let Some(it) = hindrance { (self.way(it.kind)) }
                }
                (missed(hindrance))
            }
        }
    }

    /// It is not tried again by itself.
    fn failed(&self, why: &str) -> Markup {
        let hindrance = self.message.hindrance.as_ref();
        let kind = hindrance.map_or(Obstacle::Other, |it| it.kind);
        html! {
            div.failed {
                p.err { (icon_sm(Icon::Alert)) span { b { (title(kind)) } " " (why) } }
                (said(hindrance))
                @if kind == Obstacle::TooBig { (self.large()) }
                (missed(hindrance))
                div.failed-a {
                    @if matches!(kind, Obstacle::NoSuchAddress | Obstacle::TooBig) {
                        (self.anew(t("edit-and-send"), None))
                        (self.again(t("send-again")))
                    } @else {
                        (self.again(t("send-again")))
                        (self.way(kind))
                    }
                }
            }
        }
    }

    /// Others have it, and these do not.
    fn missed(&self) -> Option<Markup> {
        let hindrance = self.message.hindrance.as_ref()?;
        (!hindrance.missed.is_empty()).then(|| {
            html! {
                div.failed {
                    (missed(Some(hindrance)))
                    div.failed-a { (self.anew(t("edit-and-send-missed"), None)) }
                }
            }
        })
    }

    /// The next best way, beside trying again.
    fn way(&self, kind: Obstacle) -> Markup {
        let settings = format!("/settings/channels/{}", self.message.channel);
        html! {
            @match kind {
                Obstacle::NoSignIn | Obstacle::NoServer if self.may_mend => (Button::link(t("mailbox-settings"), &settings).small()),
                Obstacle::NoSignIn | Obstacle::NoServer => span.xs.t3 { (t("ask-administrator")) },
                Obstacle::Refused => {
                    (self.anew(t("edit-and-send"), None))
                    @for other in self.others() { (self.anew(&t_with("send-to-other", &[("address", other.into())]), Some(other))) }
                },
                Obstacle::Later | Obstacle::TooBig | Obstacle::NoSuchAddress | Obstacle::Unclear | Obstacle::Other => {},
            }
        }
    }

    /// Which files make it large.
    fn large(&self) -> Markup {
        let mut files: Vec<_> = self.message.files.iter().collect();
        files.sort_by_key(|it| std::cmp::Reverse(it.size));
        html! {
            @if !files.is_empty() {
                p { (t("large-files")) " " @for (nth, it) in files.iter().take(3).enumerate() { @if nth > 0 { ", " } (it.name) " (" (size(it.size)) ")" } ". " (t("large-files-do")) }
            }
        }
    }

    /// Other addresses of whoever it went to: of the same name, as far as we know it.
    fn others(&self) -> Vec<&str> {
        let went: Vec<&str> = self.message.recipients.addresses().map(Email::as_str).collect();
        let names: Vec<&str> = self
            .known
            .iter()
            .filter(|it| went.contains(&it.1.as_str()) && !it.0.is_empty())
            .map(|it| it.0.as_str())
            .collect();
        let other = |it: &&(String, String)| names.contains(&it.0.as_str()) && !went.contains(&it.1.as_str());
        self.known.iter().filter(other).map(|it| it.1.as_str()).take(2).collect()
    }

    fn again(&self, label: &str) -> Markup {
        html! { form method="post" action={ (self.base) "/sending" (self.query) } { (Button::submit(label).small()) } }
    }

    /// Only what somebody wrote can be written anew.
    fn anew(&self, label: &str, to: Option<&str>) -> Markup {
        if self.message.staff.is_none() {
            return html! {};
        }
        html! {
            form method="post" action={ (self.base) "/draft" (self.query) } {
                @if let Some(to) = to { input type="hidden" name="to" value=(to); }
                (Button::submit(label).small().icon(Icon::Edit))
            }
        }
    }
}

fn title(kind: Obstacle) -> &'static str {
    match kind {
        Obstacle::NoSignIn => t("unsent-no-sign-in"),
        Obstacle::Refused => t("unsent-refused"),
        Obstacle::TooBig => t("unsent-too-big"),
        Obstacle::NoSuchAddress => t("unsent-no-such-address"),
        Obstacle::NoServer => t("unsent-no-server"),
        Obstacle::Unclear => t("unsent-unclear"),
        Obstacle::Later | Obstacle::Other => t("not-delivered"),
    }
}

fn said(hindrance: Option<&Hindrance>) -> Markup {
    html! {
        @if let Some(it) = hindrance.filter(|it| !it.said.is_empty()) {
            p.xs.t3.wrap-any { (t("server-said")) " " (it.said) }
        }
    }
}

/// Whom it did not reach, and why.
fn missed(hindrance: Option<&Hindrance>) -> Markup {
    html! {
        @for it in hindrance.iter().flat_map(|it| &it.missed) {
            p.err {
                (icon_sm(Icon::Alert)) span {
                    b { (t_with("missed-by", &[("address", it.address.as_str().into())])) } " " (it.why)
                    @if !it.said.is_empty() { " " span.xs.t3 { (t("server-said")) " " (it.said) } }
                }
            }
        }
    }
}
