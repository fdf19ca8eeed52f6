//! A desk behind its router, and browsers that ask it. Each test binary uses a part of this.
#![allow(dead_code, reason = "each test binary uses another part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use desk::channel::NewMailbox;
use desk::mail::{Filed, Mailbox, Receipt};
use desk::setup::FirstVisit;
use desk::{Clock, Ctx, Desk, Keys, Post, Seeded};
use domain::{InboundId, Member, Role, StaffId, Timestamp};
use store::Db;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use uuid::Uuid;

/// The password of everybody.
pub const PASSWORD: &str = "correct horse battery";
/// Monday 23 November 2026, 12:00 UTC.
pub const NOON: Timestamp = Timestamp(1_795_435_200_000_000);
/// The mailbox.
pub const SUPPORT: &str = "support@tareline.example";
/// The administrator.
pub const INES: &str = "ines@tareline.example";

/// A clock that moves when a test says so.
#[derive(Clone)]
pub struct Moving(Arc<AtomicI64>);

impl Clock for Moving {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(SeqCst))
    }
}

/// A desk in a directory of its own, behind its router.
pub struct House {
    pub desk: Desk,
    pub router: Router,
    clock: Moving,
    _home: TempDir,
}

impl House {
    /// A desk that is not set up yet.
    pub async fn empty() -> House {
        let home = tempfile::tempdir().unwrap();
        let node = Uuid::from_u128(7);
        let db = Db::open(home.path().to_str().unwrap(), node).await.unwrap();
        let clock = Moving(Arc::new(AtomicI64::new(NOON.0)));
        let ctx = Ctx::new(clock.clone(), Seeded::new(1));
        let desk = Desk::new(db, ctx, Keys::new(vec![(1, [7; 32])]), Post::Kept, node);
        let public = web::Public { url: "http://desk.test".to_owned(), ..web::Public::default() };
        let router = web::router(web::App::new(desk.clone(), public, CancellationToken::new()));
        House { desk, router, clock, _home: home }
    }

    /// A desk with an organization and Ines, its administrator.
    pub async fn new() -> House {
        let house = House::empty().await;
        let visit = FirstVisit {
            organization: "Tareline".to_owned(),
            time_zone: "Europe/London".to_owned(),
            name: "Ines Okafor".to_owned(),
            email: INES.to_owned(),
            password: PASSWORD.to_owned(),
        };
        house.desk.found(visit, None).await.unwrap();
        house
    }

    /// Time passes.
    pub fn later(&self, by: Duration) {
        self.clock.0.fetch_add(i64::try_from(by.as_micros()).unwrap(), SeqCst);
    }

    /// Another colleague, who signs in as `name@tareline.example`.
    pub async fn colleague(&self, name: &str, role: Role) -> StaffId {
        let email = format!("{}@tareline.example", name.to_lowercase());
        self.desk.add_staff(name, &email, role, PASSWORD).await.unwrap()
    }

    /// Ines, as the desk knows her.
    pub async fn ines(&self) -> Member {
        let email = domain::Email::parse(INES).unwrap();
        let found = self.desk.db.read(async move |rx| store::staff::by_email(rx, &email).await).await.unwrap();
        self.desk.staff_member(found.unwrap().id).await.unwrap()
    }

    /// The mailbox, which is made when it is first asked for.
    pub async fn mailbox(&self) -> Mailbox {
        let all = self.desk.db.read(async |rx| store::channel::all(rx).await).await.unwrap();
        let id = match all.first() {
            Some(it) => it.id,
            None => self.desk.add_mailbox(handed_in("Tareline Support", SUPPORT)).await.unwrap(),
        };
        self.desk.mailbox(id).await.unwrap().unwrap()
    }

    /// A mail comes.
    pub async fn receive(&self, raw: &str) -> Filed {
        let raw = raw.replace("\r\n", "\n").replace('\n', "\r\n").into_bytes();
        match self.desk.receive(&self.mailbox().await, raw, self.desk.now()).await.unwrap() {
            Receipt::Filed(it) | Receipt::Known(it) => *it,
            Receipt::Deleted => panic!("it was deleted before"),
            Receipt::Quarantined { why, .. } => panic!("quarantined: {why}"),
        }
    }

    /// A mail comes that cannot be read.
    pub async fn quarantined(&self, raw: &str) -> InboundId {
        match self.desk.receive(&self.mailbox().await, raw.as_bytes().to_vec(), self.desk.now()).await.unwrap() {
            Receipt::Quarantined { inbound, .. } => inbound,
            receipt => panic!("it was filed: {receipt:?}"),
        }
    }

    /// Asks the router.
    pub async fn ask(&self, request: Request<Body>) -> Answer {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let body = to_bytes(body, 1 << 28).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// A browser that nobody has used, at a place of its own.
    pub fn browser(&self) -> Browser<'_> {
        self.browser_at([192, 0, 2, 1])
    }

    /// A browser at this address.
    pub fn browser_at(&self, address: [u8; 4]) -> Browser<'_> {
        Browser { house: self, from: address.into(), cookies: Mutex::default() }
    }

    /// A browser in which somebody is signed in.
    pub async fn signed_in(&self, email: &str) -> Browser<'_> {
        let browser = self.browser();
        let answer = browser.sign_in(email, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        browser
    }
}

/// A mailbox whose mail programs hand in.
pub fn handed_in(name: &str, address: &str) -> NewMailbox {
    let authserv_id = "mx.tareline.example".to_owned();
    NewMailbox { name: name.to_owned(), address: address.to_owned(), authserv_id, ..NewMailbox::default() }
}

/// A plain mail.
pub fn mail(from: &str, subject: &str, text: &str) -> String {
    format!(
        "From: {from}\nTo: {SUPPORT}\nSubject: {subject}\nDate: Mon, 23 Nov 2026 11:58:00 +0000\n\
         Message-ID: <{}@mail.example>\nContent-Type: text/plain; charset=utf-8\n\n{text}\n",
        store::blob::hash(format!("{from}{subject}{text}").as_bytes())
    )
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|err| panic!("{err}: {}", self.text()))
    }

    /// Where it sends the browser.
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |it| it.to_str().unwrap())
    }

    /// The same without what was done, which may be undone there.
    pub fn place(&self) -> &str {
        self.location().split_once("done=").map_or(self.location(), |it| it.0.trim_end_matches(['?', '&']))
    }

    /// What the page itself brings, without what stands around every page.
    fn main(&self) -> String {
        let text = self.text();
        text.find("<main").map_or(text.clone(), |at| text[at..].to_owned())
    }

    /// The text has this.
    #[track_caller]
    pub fn has(&self, what: &str) -> &Answer {
        assert!(self.text().contains(what), "no `{what}` in {}", self.main());
        self
    }

    /// The text has not.
    #[track_caller]
    pub fn has_not(&self, what: &str) -> &Answer {
        assert!(!self.text().contains(what), "`{what}` in {}", self.main());
        self
    }
}

/// A browser with its cookies.
pub struct Browser<'a> {
    house: &'a House,
    from: IpAddr,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser<'_> {
    /// Goes to a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[(header::ACCEPT.as_str(), "text/html")], Body::empty()).await
    }

    /// Posts a form of the page.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form(fields);
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", "text/html"),
            ("sec-fetch-site", "same-origin"),
        ];
        self.send(Method::POST, path, &headers, Body::from(body)).await
    }

    /// Any request, with the browser's cookies.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if headers.iter().all(|it| it.0 != "host") {
            request = request.header("host", "desk.test");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let cookies = self.cookies();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies);
        }
        let mut request = request.body(body).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(self.from, 40_000)));
        let answer = self.house.ask(request).await;
        self.keep(&answer.headers);
        answer
    }

    /// Signs in.
    pub async fn sign_in(&self, email: &str, password: &str) -> Answer {
        self.post("/sign-in", &[("email", email), ("password", password), ("keep", "on")]).await
    }

    /// The cookies as the browser sends them.
    pub fn cookies(&self) -> String {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn keep(&self, headers: &HeaderMap) {
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        for it in headers.get_all(header::SET_COOKIE) {
            let text = it.to_str().unwrap();
            let (pair, rest) = text.split_once(';').unwrap_or((text, ""));
            let (name, value) = pair.split_once('=').unwrap();
            if rest.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// Fields as a form sends them.
pub fn form(fields: &[(&str, &str)]) -> String {
    fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect::<Vec<_>>().join("&")
}

fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}
