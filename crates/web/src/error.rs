//! What can go wrong, said to a person.
//!
//! A handler answers `Result<_, Trouble>`. The answer itself is made by [`show`], one layer further out, where it is
//! known whether a program or a person asks, and what the request is called in the log.

use std::time::Duration;

use axum::extract::Request;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use maud::html;
use serde::Serialize;

use crate::page::{Head, Page, page};
use crate::part::{Button, Icon, icon};
use crate::text::{t, t_with};

/// Why a request has no better answer. Nothing in it may say more than the one who asks may know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// There is no such thing, or they may not see it: the two look the same.
    #[error("there is nothing at this address, or it is not for you")]
    NotFound,
    /// They may not do this. Shown as [`Trouble::NotFound`]; told apart in the log only.
    #[error("this is not for you")]
    Forbidden,
    /// The address, the form or the document does not make sense.
    #[error("{what}")]
    BadInput {
        /// What is wrong and what would be right, in a sentence.
        what: String,
    },
    /// More bytes than this door takes.
    #[error("that is too large")]
    TooLarge,
    /// Too many tries.
    #[error("that was too often")]
    TooMany {
        /// When it makes sense to come again.
        retry: Duration,
    },
    /// Nobody is signed in.
    #[error("please sign in")]
    SignInNeeded,
    /// Somebody else was faster, or the thing is no longer in a state that allows this.
    #[error("{what}")]
    Conflict {
        /// What is so, in a sentence.
        what: String,
    },
    /// For the moment there is no room or no database; what was sent has not been accepted.
    #[error("the desk cannot take this at the moment")]
    Busy {
        /// When it makes sense to come again.
        retry: Duration,
    },
    /// There is no room on the disk; what was sent has not been accepted. What is there can be read.
    #[error("the disk is full: nothing was saved")]
    Full,
    /// A mistake of ours. Its cause is in the log under the request's id, and nowhere else.
    #[error("something went wrong on our side")]
    Internal,
}

/// The name of a request in the log; set as a request extension by the outermost layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(pub String);

/// When whoever found the disk full may ask again.
const FULL: Duration = Duration::from_secs(30);

/// What the page and the answer say of the request itself.
#[derive(Default)]
struct About<'a> {
    /// Its name in the log.
    request: Option<&'a str>,
    /// What was written in it.
    unsaved: Option<&'a str>,
    /// Where it can be asked once more, if it only asked.
    again: Option<&'a str>,
}

impl Trouble {
    /// Input that does not make sense, with what is wrong in a sentence.
    pub fn bad(what: impl Into<String>) -> Trouble {
        Trouble::BadInput { what: what.into() }
    }

    /// Logs the cause of a mistake of ours and hides it from whoever asks.
    pub fn internal(cause: impl std::fmt::Display) -> Trouble {
        tracing::error!(cause = %cause, "a request failed");
        Trouble::Internal
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Trouble::NotFound | Trouble::Forbidden => StatusCode::NOT_FOUND,
            Trouble::BadInput { .. } => StatusCode::BAD_REQUEST,
            Trouble::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Trouble::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Trouble::SignInNeeded => StatusCode::UNAUTHORIZED,
            Trouble::Conflict { .. } => StatusCode::CONFLICT,
            Trouble::Busy { .. } | Trouble::Full => StatusCode::SERVICE_UNAVAILABLE,
            Trouble::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Trouble::NotFound | Trouble::Forbidden => "not_found",
            Trouble::BadInput { .. } => "bad_input",
            Trouble::TooLarge => "too_large",
            Trouble::TooMany { .. } => "too_many",
            Trouble::SignInNeeded => "sign_in_needed",
            Trouble::Conflict { .. } => "conflict",
            Trouble::Busy { .. } => "busy",
            Trouble::Full => "disk_full",
            Trouble::Internal => "internal",
        }
    }

    /// One sentence for programs' people.
    fn message(&self) -> String {
        match self {
            Trouble::Forbidden => Trouble::NotFound.to_string(),
            other => other.to_string(),
        }
    }

    fn retry(&self) -> Option<Duration> {
        match self {
            Trouble::TooMany { retry } | Trouble::Busy { retry } => Some(*retry),
            Trouble::Full => Some(FULL),
            _ => None,
        }
    }

    /// Title, what is so, and what to do.
    fn words(&self) -> (&'static str, String, &'static str) {
        match self {
            Trouble::NotFound | Trouble::Forbidden => {
                (t("trouble-not-found"), t("trouble-not-found-so").to_owned(), t("trouble-not-found-do"))
            }
            Trouble::BadInput { what } => (t("trouble-bad-input"), what.clone(), t("trouble-bad-input-do")),
            Trouble::TooLarge => {
                (t("trouble-too-large"), t("trouble-too-large-so").to_owned(), t("trouble-bad-input-do"))
            }
            Trouble::TooMany { retry } => (t("trouble-too-many"), wait(*retry), t("trouble-too-many-do")),
            Trouble::SignInNeeded => {
                (t("trouble-sign-in"), t("trouble-sign-in-so").to_owned(), t("trouble-sign-in-do"))
            }
            Trouble::Conflict { what } => (t("trouble-conflict"), what.clone(), t("trouble-conflict-do")),
            Trouble::Busy { .. } => (t("trouble-busy"), t("trouble-busy-so").to_owned(), t("trouble-busy-do")),
            Trouble::Full => (t("trouble-full"), t("trouble-full-so").to_owned(), t("trouble-full-do")),
            Trouble::Internal => (t("trouble-internal"), t("trouble-internal-so").to_owned(), t("trouble-internal-do")),
        }
    }

    /// The trouble as a page.
    pub fn page(&self, request: Option<&str>) -> Page {
        self.page_with(&About { request, ..About::default() })
    }

    /// Where to try again, if a person who waits may hope.
    fn again<'a>(&self, about: &About<'a>) -> Option<&'a str> {
        about.again.filter(|_| matches!(self, Trouble::Busy { .. } | Trouble::Full))
    }

    fn page_with(&self, about: &About<'_>) -> Page {
        let (title, so, then) = self.words();
        let body = html! {
            main.trouble #main {
                (icon(Icon::Alert))
                h1 { (title) }
                p { (so) }
                p.t2 { (then) }
                @if let Some(text) = about.unsaved {
                    div.field {
                        label for="unsaved" { (t("trouble-unsaved")) }
                        textarea.input #unsaved rows="8" readonly { (text) }
                    }
                }
                p.trouble-a {
                    @if *self == Trouble::SignInNeeded {
                        (Button::link(t("sign-in-button"), "/sign-in").primary())
                    } @else if let Some(again) = self.again(about) {
                        (Button::link(t("trouble-again"), again).primary())
                    } @else {
                        (Button::link(t("trouble-back"), "/").primary())
                    }
                }
                @if let (Trouble::Internal, Some(request)) = (self, about.request) {
                    p.xs.t3 { (t("trouble-request")) " " span.mono { (request) } }
                }
            }
        };
        page(&Head::new(title), &body)
    }

    fn answer(&self, json: bool, about: &About<'_>) -> Response {
        let mut answer = if json {
            let error = Said { code: self.code(), message: &self.message(), request: about.request };
            (self.status(), axum::Json(Wrapped { error })).into_response()
        } else {
            (self.status(), self.page_with(about)).into_response()
        };
        if json && *self == Trouble::SignInNeeded {
            // RFC 9110 §15.5.2: who is asked for credentials is told for which.
            answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(retry) = self.retry() {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry.as_secs().max(1)));
            // The page asks by itself, as a person would.
            if !json && self.again(about).is_some() {
                answer.headers_mut().insert(header::REFRESH, HeaderValue::from(retry.as_secs().max(1)));
            }
        }
        answer
    }
}

/// How long to wait, in a sentence.
pub(crate) fn wait(retry: Duration) -> String {
    let seconds = retry.as_secs().max(1);
    if seconds < 90 {
        t_with("trouble-wait-seconds", &[("count", seconds.into())])
    } else {
        t_with("trouble-wait-minutes", &[("count", seconds.div_ceil(60).into())])
    }
}

/// The one form of an error in the API: `{"error": {"code", "message", "request"}}`.
#[derive(Serialize)]
struct Wrapped<'a> {
    error: Said<'a>,
}

#[derive(Serialize)]
struct Said<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<&'a str>,
}

/// What somebody posted that was not taken: the page shows it, so that they have it.
#[derive(Clone, Debug)]
struct Unsaved(String);

impl Trouble {
    /// The answer to a post, with what was written in it.
    pub(crate) fn unsaved(self, text: String) -> Response {
        let mut answer = self.into_response();
        if !text.trim().is_empty() {
            answer.extensions_mut().insert(Unsaved(text));
        }
        answer
    }
}

impl From<desk::Error> for Trouble {
    fn from(err: desk::Error) -> Trouble {
        match err {
            desk::Error::NotFound => Trouble::NotFound,
            desk::Error::Refused(refusal) => Trouble::Conflict { what: refusal.to_string() },
            desk::Error::Invalid { why, .. } => Trouble::BadInput { what: why },
            desk::Error::Conflict(what) => Trouble::Conflict { what },
            desk::Error::TooMany { retry_after } => Trouble::TooMany { retry: retry_after },
            desk::Error::Store(err) => err.into(),
            desk::Error::Internal(cause) => Trouble::internal(cause),
        }
    }
}

impl From<store::Error> for Trouble {
    fn from(err: store::Error) -> Trouble {
        match err {
            store::Error::NotFound => Trouble::NotFound,
            store::Error::Full(cause) => {
                tracing::warn!(cause, "there is no room for a request");
                Trouble::Full
            }
            // Nothing was accepted, and the next try may go through.
            err if err.is_passing() => {
                tracing::warn!(cause = %err, "a request could not be served for now");
                Trouble::Busy { retry: Duration::from_secs(5) }
            }
            err => Trouble::internal(err),
        }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let mut answer = self.answer(false, &About::default());
        answer.extensions_mut().insert(self);
        answer
    }
}

/// The layer that makes the final answer of every [`Trouble`]: for `/api` in JSON, for a person as a page.
pub async fn show(request: Request, next: Next) -> Response {
    let json = request.uri().path().starts_with("/api/");
    let id = request.extensions().get::<RequestId>().cloned();
    let asks = matches!(*request.method(), Method::GET | Method::HEAD);
    let again = request.uri().path_and_query().filter(|_| asks).cloned();
    let answer = next.run(request).await;
    match answer.extensions().get::<Trouble>() {
        Some(trouble) => {
            let unsaved = answer.extensions().get::<Unsaved>().map(|it| it.0.as_str());
            let (request, again) = (id.as_ref().map(|it| it.0.as_str()), again.as_ref().map(PathAndQuery::as_str));
            trouble.answer(json, &About { request, unsaved, again })
        }
        None => answer,
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;

    async fn ask(path: &str) -> (StatusCode, String, HeaderValue) {
        let app = Router::new()
            .route("/{*any}", get(|| async { Err::<(), _>(Trouble::internal("the disk of /srv/secret is gone")) }))
            .route("/api/slow", get(|| async { Trouble::TooMany { retry: Duration::from_secs(7) } }))
            .route("/hidden", get(|| async { Trouble::Forbidden }))
            .layer(axum::middleware::from_fn(show))
            .layer(axum::Extension(RequestId("r-17".to_owned())));
        let answer = app.oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        let retry = answer.headers().get(header::RETRY_AFTER).cloned().unwrap_or(HeaderValue::from_static(""));
        let status = answer.status();
        let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap(), retry)
    }

    #[tokio::test]
    async fn a_person_gets_a_page_and_the_name_of_the_request_but_not_the_cause() {
        let (status, body, _) = ask("/cases/7").await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(body.starts_with("<!DOCTYPE html>") && body.contains("r-17"), "{body}");
        assert!(!body.contains("secret"));
    }

    #[tokio::test]
    async fn a_program_gets_the_one_form_of_an_error() {
        let (status, body, retry) = ask("/api/slow").await;
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(body, r#"{"error":{"code":"too_many","message":"that was too often","request":"r-17"}}"#);
        assert_eq!(retry, "7");
    }

    #[test]
    fn a_database_that_is_away_is_no_mistake_of_ours() {
        for passing in
            [store::Error::Away("no route".into()), store::Error::Conflict("again".into()), store::Error::Closed]
        {
            assert_eq!(Trouble::from(desk::Error::Store(passing)).status(), StatusCode::SERVICE_UNAVAILABLE);
        }
        let full = Trouble::from(desk::Error::Store(store::Error::Full("no space".into())));
        assert_eq!((full.status(), full.code()), (StatusCode::SERVICE_UNAVAILABLE, "disk_full"));
        let wrong = store::Error::Sql("no such column".into());
        assert_eq!(Trouble::from(wrong).status(), StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[tokio::test]
    async fn what_one_may_not_see_looks_like_what_is_not_there() {
        let (status, body, _) = ask("/hidden").await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert_eq!(body, Trouble::NotFound.page(None).into_string());
    }
}
