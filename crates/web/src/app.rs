//! The house's front door: what every request passes before and after its handler.
//!
//! From outside in: the request gets a name and a line in the log; the answer is compressed and guarded by the strict
//! policy; what goes wrong becomes a page or JSON; who asks from another site is refused; a panic is one more thing that
//! goes wrong; then the table of [`crate::route`] decides.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use desk::Desk;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;
use tracing::Instrument;

use crate::error::{RequestId, Trouble, show};
use crate::presence::Presence;
use crate::{policy, route};

/// What the pages need to know.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// The parts of [`App`].
pub struct Inner {
    /// The desk.
    pub desk: Desk,
    /// How this installation is reached from outside.
    pub public: Public,
    /// Ends what would never end by itself, when the program stops: live streams.
    pub stop: tokio_util::sync::CancellationToken,
    /// Who is at which case right now.
    pub presence: Presence,
}

/// Says of an address whether it is a trusted proxy's.
pub type Trusts = Box<dyn Fn(IpAddr) -> bool + Send + Sync>;

/// How this installation is reached from outside.
#[derive(Default)]
pub struct Public {
    /// Its address as people type it, without a slash at the end: `https://desk.tareline.example`.
    pub url: String,
    /// Whether an address is that of a proxy whose `X-Forwarded-For` is believed.
    pub trusts: Option<Trusts>,
    /// The addresses by which people sign in to a demo, each with who that is: shown on its sign-in page.
    pub demo: Vec<(String, String)>,
    /// The password of all of them.
    pub demo_password: String,
}

impl std::ops::Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl App {
    /// Pages over a desk.
    pub fn new(desk: Desk, public: Public, stop: tokio_util::sync::CancellationToken) -> App {
        let presence = Presence::new(&desk.db);
        App(Arc::new(Inner { desk, public, stop, presence }))
    }

    /// Whether people come by HTTPS.
    pub fn is_secure(&self) -> bool {
        self.public.url.starts_with("https://")
    }

    /// Whether this is the origin of our own pages, as people type it.
    fn is_ours(&self, origin: &str) -> bool {
        let Some((scheme, rest)) = self.public.url.split_once("://") else { return false };
        let host = rest.split('/').next().unwrap_or_default();
        origin.split_once("://").is_some_and(|it| it.0 == scheme && it.1.eq_ignore_ascii_case(host))
    }
}

/// The whole site.
pub fn router(app: App) -> Router {
    let mut router = Router::new();
    for it in route::ROUTES {
        router = router.route(it.path, it.behind(&app));
    }
    layered(app, router)
}

/// What every request passes before and after the routes.
fn layered(app: App, routes: Router<App>) -> Router {
    routes
        .fallback(async || Trouble::NotFound)
        .method_not_allowed_fallback(async || Trouble::NotFound)
        .layer(CatchPanicLayer::custom(|_| Trouble::internal("a handler panicked").into_response()))
        .layer(middleware::from_fn_with_state(app.clone(), same_site))
        .layer(middleware::from_fn(show))
        .layer(middleware::from_fn_with_state(app.is_secure(), policy::guard))
        .layer(CompressionLayer::new())
        .layer(RequestBodyTimeoutLayer::new(Duration::from_mins(1)))
        .layer(middleware::from_fn_with_state(app.clone(), named))
        .with_state(app)
}

/// Where a request comes from.
#[derive(Clone, Copy, Debug)]
pub struct From(pub IpAddr);

/// Names the request, and writes its line in the log: method, route, status, time. Never an address or a content.
async fn named(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = app.desk.id::<uuid::Uuid>().simple().to_string();
    let route = request.extensions().get::<MatchedPath>().map_or("-".to_owned(), |it| it.as_str().to_owned());
    let method = request.method().clone();
    let from = from(&app, &request);
    request.extensions_mut().insert(RequestId(id.clone()));
    request.extensions_mut().insert(From(from));
    let span = tracing::info_span!("request", id, %method, route);
    async move {
        let start = std::time::Instant::now();
        let mut answer = next.run(request).await;
        let (status, took) = (answer.status().as_u16(), start.elapsed());
        let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        if answer.status().is_server_error() {
            tracing::error!(status, took_us, "answered");
        } else {
            tracing::info!(status, took_us, "answered");
        }
        if let Ok(id) = HeaderValue::from_str(&id) {
            answer.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
        }
        answer
    }
    .instrument(span)
    .await
}

/// The address that opened the connection, or what the last trusted proxy says that it saw. What a proxy says and we
/// cannot read ends the way back: whatever stands before it may be the client's own invention.
fn from(app: &App, request: &Request) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|it| it.0.ip());
    let mut from = peer.unwrap_or(IpAddr::from([127, 0, 0, 1]));
    let trusted = |it: IpAddr| app.public.trusts.as_ref().is_some_and(|trusts| trusts(it));
    let lists = request.headers().get_all("x-forwarded-for").iter().map(|it| it.to_str().unwrap_or_default());
    let mut hops: Vec<&str> = lists.flat_map(|it| it.split(',')).collect();
    while trusted(from)
        && let Some(before) = hops.pop().and_then(hop)
    {
        from = before;
    }
    from
}

/// An address as proxies write it: alone, in brackets, or with a port.
fn hop(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    text.parse().ok().or_else(bare).or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()))
}

/// Refuses what another site makes a browser send. Browsers say where a request comes from (Fetch Metadata, or else
/// Origin, on every request that can change something); a program without cookies has nothing to be abused. Behind a
/// proxy that asks us by another name, our own pages are those of the address that people type.
async fn same_site(State(app): State<App>, request: Request, next: Next) -> Result<Response, Trouble> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(next.run(request).await);
    }
    let headers = request.headers();
    let text = |name: HeaderName| headers.get(name).and_then(|it| it.to_str().ok());
    let fine = match (text(HeaderName::from_static("sec-fetch-site")), text(header::ORIGIN)) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => app.is_ours(origin) || origin.split_once("://").map(|it| it.1) == text(header::HOST),
        (None, None) => !headers.contains_key(header::COOKIE),
    };
    if fine { Ok(next.run(request).await) } else { Err(Trouble::Forbidden) }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::StatusCode;
    use axum::routing::get;
    use desk::{Ctx, Keys, Post};
    use tower::ServiceExt as _;
    use uuid::Uuid;

    use super::*;

    async fn app(home: &tempfile::TempDir, public: Public) -> App {
        let node = Uuid::from_u128(7);
        let db = store::Db::open(home.path().to_str().unwrap(), node).await.unwrap();
        let desk = Desk::new(db, Ctx::system(), Keys::new(vec![(1, [7; 32])]), Post::Kept, node);
        App::new(desk, public, tokio_util::sync::CancellationToken::new())
    }

    async fn broken() -> &'static str {
        panic!("the secret of /srv")
    }

    #[tokio::test]
    async fn a_panic_is_answered_like_every_other_trouble() {
        let home = tempfile::tempdir().unwrap();
        let public = Public { url: "https://desk.test".to_owned(), ..Public::default() };
        let routes = Router::new().route("/broken", get(broken)).route("/api/broken", get(broken));
        let site = layered(app(&home, public).await, routes);
        for (path, kind) in [("/broken", "text/html; charset=utf-8"), ("/api/broken", "application/json")] {
            let answer = site.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
            let headers = answer.headers().clone();
            assert_eq!(headers[header::CONTENT_TYPE], kind);
            assert_eq!(headers[header::CONTENT_SECURITY_POLICY], policy::PAGE);
            assert_eq!(headers[header::CACHE_CONTROL], "no-store");
            assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
            assert_eq!(headers[header::STRICT_TRANSPORT_SECURITY], "max-age=31536000");
            let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
            let body = String::from_utf8(body.to_vec()).unwrap();
            assert!(body.contains(headers["x-request-id"].to_str().unwrap()), "{body}");
            assert!(!body.contains("secret"), "{body}");
        }
    }

    #[tokio::test]
    async fn who_comes_by_a_proxy_is_whom_the_last_trusted_one_saw() {
        let home = tempfile::tempdir().unwrap();
        let trusts: Trusts = Box::new(|it| it.is_loopback());
        let app = app(&home, Public { trusts: Some(trusts), ..Public::default() }).await;
        for (peer, forwarded, expected) in [
            ("203.0.113.7:1", "192.0.2.1", "203.0.113.7"),
            ("127.0.0.1:1", "", "127.0.0.1"),
            ("127.0.0.1:1", "192.0.2.1", "192.0.2.1"),
            ("127.0.0.1:1", "198.51.100.1, 192.0.2.1", "192.0.2.1"),
            ("127.0.0.1:1", "198.51.100.1, 192.0.2.1, 127.0.0.2", "192.0.2.1"),
            ("127.0.0.1:1", "198.51.100.1, 192.0.2.1:4711", "192.0.2.1"),
            ("127.0.0.1:1", "198.51.100.1, 2001:db8::7", "2001:db8::7"),
            ("127.0.0.1:1", "198.51.100.1, [2001:db8::7]", "2001:db8::7"),
            ("127.0.0.1:1", "198.51.100.1, [2001:db8::7]:443", "2001:db8::7"),
            ("127.0.0.1:1", "198.51.100.1, unknown", "127.0.0.1"),
            ("127.0.0.1:1", "198.51.100.1, unknown, 127.0.0.2", "127.0.0.2"),
        ] {
            let mut request = Request::get("/").header("x-forwarded-for", forwarded).body(Body::empty()).unwrap();
            request.extensions_mut().insert(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
            assert_eq!(from(&app, &request).to_string(), expected, "{forwarded}");
        }
    }
}
