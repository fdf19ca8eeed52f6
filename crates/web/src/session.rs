//! Who asks: the cookie, the session behind it, and what they may.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::time::Duration;

use axum::extract::{FromRequestParts, Request, State};
use axum::handler::Handler;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use domain::{Member, Right, Timestamp};
use serde::Deserialize;
use store::Scope;
use store::sign_in::SignIn;

use crate::app::App;
use crate::case;
use crate::error::Trouble;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Who {
    /// Who they are.
    pub member: Member,
    /// By which session.
    pub sign_in: SignIn,
    /// When they came.
    pub now: Timestamp,
    /// In which light they read, on this device.
    pub theme: Theme,
}

/// In which light somebody reads. A device keeps it, in a cookie: a phone at night is not the screen of an office.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the device has it.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// The name of its cookie: it is no secret, and holds as long as browsers keep one.
const THEME: &str = "theme";
const LONG: Duration = Duration::from_hours(24 * 365);

impl Theme {
    /// Its word, as style sheets know it; none, where the device decides.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Theme::System => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        }
    }

    fn of(headers: &HeaderMap) -> Theme {
        match cookie(headers, THEME).as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::System,
        }
    }

    /// The cookie that keeps it.
    pub fn kept(self, app: &App) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let age = if self == Theme::System { Duration::ZERO } else { LONG };
        put(app, &mut headers, THEME, self.word().unwrap_or_default(), Some(age));
        headers
    }
}

impl Who {
    /// What they may see.
    pub fn scope(&self) -> Scope {
        Scope::of(&self.member).at(self.now)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Who {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Trouble> {
        parts.extensions.get::<Who>().cloned().ok_or(Trouble::SignInNeeded)
    }
}

/// A handler behind its right: nobody comes to it who may not.
pub fn guarded<H, T>(method: MethodFilter, handler: H, app: &App, right: Right) -> MethodRouter<App, Infallible>
where
    H: Handler<T, App>,
    T: 'static,
{
    let plain = on(method, handler);
    match right {
        Right::Public => plain,
        _ => plain.route_layer(middleware::from_fn_with_state((app.clone(), right), guard)),
    }
}

/// Lets in whoever may come in. A person without a session is shown the way to the sign-in page and back.
async fn guard(State((app, right)): State<(App, Right)>, mut request: Request, next: Next) -> Response {
    let found = match token(&app, request.headers()) {
        Some(token) => app.desk.member(&token).await,
        None => Ok(None),
    };
    let (sign_in, member) = match found {
        Ok(Some(found)) => found,
        Ok(None) if request.method() == Method::GET && wants_page(request.headers()) => {
            let back = request.uri().path_and_query().map_or("/", |it| it.as_str());
            return Redirect::to(&format!("/sign-in?next={}", encoded(back))).into_response();
        }
        Ok(None) => return Trouble::SignInNeeded.into_response(),
        Err(err) => return unsaved(Trouble::from(err), request, &app).await,
    };
    if !member.role.may(right) {
        return Trouble::Forbidden.into_response();
    }
    if request.method() != Method::GET
        && let Err(err) = app.desk.seen(&sign_in).await
    {
        tracing::warn!(%err, "the use of a session could not be noted");
    }
    let theme = Theme::of(request.headers());
    request.extensions_mut().insert(Who { member, sign_in, now: app.desk.now(), theme });
    next.run(request).await
}

/// Nobody can be let in for now; what they wrote must not be lost for that.
async fn unsaved(trouble: Trouble, request: Request, app: &App) -> Response {
    let posted = request.method() == Method::POST;
    match posted.then_some(request) {
        Some(request) => trouble.unsaved(case::text_of(request, app).await.unwrap_or_default()),
        None => trouble.into_response(),
    }
}

fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|it| it.to_str().ok());
    !headers.contains_key("x-fragment") && accept.is_some_and(|it| it.contains("text/html"))
}

/// A path as part of a query.
fn encoded(path: &str) -> String {
    path.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").unwrap_or_default();
        }
        text
    })
}

/// A place of ours to go on to: never one that another wrote.
pub fn back(next: Option<&str>) -> &str {
    // Browsers drop tabs and line breaks before they read an address, and take a backslash for a slash.
    let ours = |it: &&str| it.starts_with('/') && !it.starts_with("//");
    next.filter(ours).filter(|it| !it.contains(|it: char| it == '\\' || it.is_control())).unwrap_or("/")
}

/// The name of the session's cookie. With `__Host-` no other host of the domain can set it, which needs HTTPS.
fn cookie_name(app: &App) -> &'static str {
    if app.is_secure() { "__Host-bellwether" } else { "bellwether" }
}

fn device_name(app: &App) -> &'static str {
    if app.is_secure() { "__Host-bellwether-device" } else { "bellwether-device" }
}

/// The session's token in the cookies.
pub fn token(app: &App, headers: &HeaderMap) -> Option<String> {
    cookie(headers, cookie_name(app))
}

/// The mark of a browser from which somebody has signed in before.
pub fn device(app: &App, headers: &HeaderMap) -> Option<String> {
    cookie(headers, device_name(app))
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok());
    let mut pairs = all.flat_map(|it| it.split(';')).filter_map(|it| it.trim().split_once('='));
    pairs.find(|it| it.0 == name).map(|it| it.1.to_owned())
}

/// The cookies of a new session.
pub fn set(app: &App, signed_in: &desk::sign_in::SignedIn) -> HeaderMap {
    let mut headers = HeaderMap::new();
    put(app, &mut headers, cookie_name(app), &signed_in.token, signed_in.keep);
    put(app, &mut headers, device_name(app), &signed_in.device, Some(Duration::from_hours(24 * 365)));
    headers
}

/// The cookie of a session that is over.
pub fn unset(app: &App) -> HeaderMap {
    let mut headers = HeaderMap::new();
    put(app, &mut headers, cookie_name(app), "", Some(Duration::ZERO));
    headers
}

fn put(app: &App, headers: &mut HeaderMap, name: &str, value: &str, keep: Option<Duration>) {
    let age = keep.map_or(String::new(), |it| format!("; Max-Age={}", it.as_secs()));
    let secure = if app.is_secure() { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        headers.append(header::SET_COOKIE, cookie);
    }
}
