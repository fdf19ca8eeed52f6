//! The house's front door: what every request passes before and after its handler.
//!
//! From outside in: the request gets a name and a line in the log; a panic becomes a page; the answer is compressed and
//! guarded by the strict policy; what goes wrong becomes a page or JSON; who asks from another site is refused; then
//! the table of [`crate::route`] decides.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use desk::Desk;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;
use tracing::Instrument;

use crate::error::{RequestId, Trouble, show};
use crate::{assets, policy, route};

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
        App(Arc::new(Inner { desk, public, stop }))
    }

    /// Whether people come by HTTPS.
    pub fn is_secure(&self) -> bool {
        self.public.url.starts_with("https://")
    }
}

/// The largest body: files of a message, and their wrapping.
pub const LARGEST_BODY: usize = 60 * 1024 * 1024;

/// The whole site.
pub fn router(app: App) -> Router {
    let mut router = Router::new();
    for it in route::ROUTES {
        router = router.route(it.path, (it.handler)(&app, it.right));
    }
    router
        .merge(assets::router())
        .fallback(async || Trouble::NotFound)
        .method_not_allowed_fallback(async || Trouble::NotFound)
        .layer(middleware::from_fn(same_site))
        .layer(middleware::from_fn(show))
        .layer(middleware::from_fn(policy::guard))
        .layer(CompressionLayer::new())
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(RequestBodyTimeoutLayer::new(Duration::from_mins(1)))
        .layer(CatchPanicLayer::custom(|_| Trouble::internal("a handler panicked").into_response()))
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

/// The address that opened the connection, or what the last trusted proxy says that it saw.
fn from(app: &App, request: &Request) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|it| it.0.ip());
    let mut from = peer.unwrap_or(IpAddr::from([127, 0, 0, 1]));
    let trusted = |it: IpAddr| app.public.trusts.as_ref().is_some_and(|trusts| trusts(it));
    let lists = request.headers().get_all("x-forwarded-for").iter().filter_map(|it| it.to_str().ok());
    let mut hops: Vec<IpAddr> = lists.flat_map(|it| it.split(',')).filter_map(|it| it.trim().parse().ok()).collect();
    while trusted(from)
        && let Some(before) = hops.pop()
    {
        from = before;
    }
    from
}

/// Refuses what another site makes a browser send. Browsers say where a request comes from (Fetch Metadata, or else
/// Origin, on every request that can change something); a program without cookies has nothing to be abused.
async fn same_site(request: Request, next: Next) -> Result<Response, Trouble> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(next.run(request).await);
    }
    let headers = request.headers();
    let text = |name: HeaderName| headers.get(name).and_then(|it| it.to_str().ok());
    let fine = match (text(HeaderName::from_static("sec-fetch-site")), text(header::ORIGIN)) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => origin.split_once("://").map(|it| it.1) == text(header::HOST),
        (None, None) => !headers.contains_key(header::COOKIE),
    };
    if fine { Ok(next.run(request).await) } else { Err(Trouble::Forbidden) }
}
