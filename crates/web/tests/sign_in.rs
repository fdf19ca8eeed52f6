//! Signing in and out: passwords, guesses, sessions, and who may make a browser post.

mod support;

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use support::{House, INES, PASSWORD};

const GONE: StatusCode = StatusCode::NOT_FOUND;
const MOVED: StatusCode = StatusCode::SEE_OTHER;
const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

#[tokio::test]
async fn a_right_password_opens_and_leads_back_to_where_one_wanted_to_go() {
    let house = House::new().await;
    let browser = house.browser();
    let sent = browser.get("/settings/people?x=1").await;
    assert_eq!((sent.status, sent.location()), (MOVED, "/sign-in?next=/settings/people%3Fx%3D1"));
    browser.get(sent.location()).await.has("value=\"/settings/people?x=1\"").has("Tareline");
    let fields = [("email", "Ines@Tareline.example"), ("password", PASSWORD), ("next", "/settings/people")];
    let answer = browser.post("/sign-in", &fields).await;
    assert_eq!((answer.status, answer.location()), (MOVED, "/settings/people"));
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && !cookie.contains("Max-Age"), "{cookie}");
    assert_eq!(browser.get("/settings/people").await.status, StatusCode::OK);
    assert_eq!(browser.get("/sign-in").await.location(), "/", "whoever is in needs no door");
}

#[tokio::test]
async fn it_never_leads_to_another_site() {
    let house = House::new().await;
    for next in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/\r\n/evil.example",
        "/\u{1}/evil.example",
        "/\u{7f}/evil.example",
        "javascript:alert(1)",
    ] {
        let fields = [("email", INES), ("password", PASSWORD), ("next", next)];
        let browser = house.browser();
        assert_eq!(browser.post("/sign-in", &fields).await.location(), "/", "{next:?}");
        let at = format!("/sign-in?{}", support::form(&[("next", next)]));
        assert_eq!(browser.get(&at).await.location(), "/", "{next:?}, when one is in already");
    }
}

#[tokio::test]
async fn a_wrong_password_is_said_at_its_field_and_never_sent_back() {
    let house = House::new().await;
    let wrong = house.browser().sign_in(INES, "an incorrect guess").await;
    assert_eq!(wrong.status, WRONG);
    wrong.has("do not match").has("aria-invalid").has(INES).has_not("an incorrect guess");
    let unknown = house.browser().sign_in("nobody@tareline.example", "an incorrect guess").await;
    let same = wrong.text().replace(INES, "nobody@tareline.example");
    assert_eq!(unknown.text(), same, "a known address must look like an unknown one");
}

#[tokio::test]
async fn strangers_are_shut_out_and_the_victims_own_browser_is_not() {
    let house = House::new().await;
    let own = house.signed_in(INES).await;
    own.post("/sign-out", &[]).await;
    let stranger = house.browser_at([203, 0, 113, 9]);
    for _ in 0..8 {
        assert_eq!(stranger.sign_in(INES, "not the password").await.status, WRONG);
    }
    let out = stranger.sign_in(INES, PASSWORD).await;
    assert_eq!(out.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(out.headers[header::RETRY_AFTER], "900");
    out.has("15 minutes").has(INES);
    assert_eq!(own.sign_in(INES, PASSWORD).await.status, MOVED);
    house.later(Duration::from_mins(16));
    assert_eq!(stranger.sign_in(INES, PASSWORD).await.status, MOVED);
}

#[tokio::test]
async fn guesses_from_many_places_shut_out_unknown_browsers_alone() {
    let house = House::new().await;
    let own = house.signed_in(INES).await;
    own.post("/sign-out", &[]).await;
    for place in 0..60 {
        house.browser_at([203, 0, 113, place]).sign_in(INES, "not the password").await;
    }
    let fresh = house.browser_at([198, 51, 100, 7]);
    assert_eq!(fresh.sign_in(INES, PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(own.sign_in(INES, PASSWORD).await.status, MOVED);
}

#[tokio::test]
async fn one_sees_ones_sign_ins_and_ends_them() {
    let house = House::new().await;
    let desk = house.signed_in(INES).await;
    let phone = house.browser();
    let agent =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile Safari/604.1";
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("user-agent", agent)];
    let body = support::form(&[("email", INES), ("password", PASSWORD)]);
    assert_eq!(phone.send(Method::POST, "/sign-in", &headers, Body::from(body)).await.status, MOVED);
    let page = desk.get("/you").await;
    page.has("Safari on iPhone").has("This browser");
    let text = page.text();
    let ends: Vec<&str> =
        text.split("action=\"").filter_map(|it| it.split('"').next()).filter(|it| it.ends_with("/end")).collect();
    assert_eq!(ends.len(), 2);
    let this = text.find("This browser").unwrap();
    let other = ends.iter().min_by_key(|it| text.find(**it).unwrap() > this).unwrap();
    let phones = if text.find("Safari on iPhone").unwrap() < this { other } else { ends.last().unwrap() };
    assert_eq!(desk.post(phones, &[]).await.location(), "/you");
    assert_eq!(phone.get("/you").await.status, MOVED, "the phone is out");
    assert_eq!(desk.get("/you").await.status, StatusCode::OK);
    assert_eq!(desk.post(phones, &[]).await.status, GONE, "it is over already");
    assert_eq!(desk.post("/sign-out", &[]).await.location(), "/sign-in");
    assert_eq!(desk.get("/you").await.location(), "/sign-in?next=/you");
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions_at_once() {
    let house = House::new().await;
    let (one, other) = (house.signed_in(INES).await, house.signed_in(INES).await);
    let wrong = one.post("/you/password", &[("old", "not the old one"), ("new", "a quite new password")]).await;
    assert_eq!(wrong.status, WRONG);
    wrong.has("That is not your password.");
    let short = one.post("/you/password", &[("old", PASSWORD), ("new", "short")]).await;
    assert_eq!(short.status, WRONG);
    short.has("at least 12 characters").has_not(PASSWORD);
    assert_eq!(other.get("/you").await.status, StatusCode::OK);
    let changed = one.post("/you/password", &[("old", PASSWORD), ("new", "a quite new password")]).await;
    assert_eq!(changed.location(), "/you?done=password");
    one.get(changed.location()).await.has("All other browsers were signed out");
    assert_eq!(other.get("/you").await.status, MOVED);
    assert_eq!(house.browser().sign_in(INES, PASSWORD).await.status, WRONG);
    assert_eq!(house.browser().sign_in(INES, "a quite new password").await.status, MOVED);
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    let house = House::new().await;
    let browser = house.signed_in(INES).await;
    house.later(Duration::from_hours(24 * 29));
    assert_eq!(browser.get("/you").await.status, StatusCode::OK);
    house.later(Duration::from_hours(48));
    assert_eq!(browser.get("/you").await.status, MOVED);
}

/// As browsers send a form where they do not say `Sec-Fetch-Site`: over plain HTTP, and older ones everywhere. That
/// they say `Origin` and not `null` is what our `Referrer-Policy` asks for.
#[tokio::test]
async fn a_form_comes_from_the_page_that_we_sent_however_that_was_reached() {
    let house = House::new().await;
    let browser = house.browser();
    let page = browser.get("/sign-in").await;
    assert_eq!(page.headers["referrer-policy"], "same-origin");
    let post = async |host: &str, origin: &str| {
        let headers = [
            ("host", host),
            ("origin", origin),
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", "text/html"),
        ];
        let body = support::form(&[("email", INES), ("password", PASSWORD)]);
        house.browser().send(Method::POST, "/sign-in", &headers, Body::from(body)).await.status
    };
    assert_eq!(post("192.168.1.5:8080", "http://192.168.1.5:8080").await, MOVED);
    assert_eq!(post("desk.test", "http://desk.test").await, MOVED);
    assert_eq!(post("127.0.0.1:8080", "http://desk.test").await, MOVED, "a proxy asks us by another name");
    assert_eq!(post("127.0.0.1:8080", "https://desk.test").await, GONE, "another scheme is another origin");
    assert_eq!(post("127.0.0.1:8080", "http://evil.example").await, GONE);
    assert_eq!(post("192.168.1.5:8080", "http://192.168.1.5:9090").await, GONE);
    assert_eq!(post("192.168.1.5:8080", "null").await, GONE);
}

#[tokio::test]
async fn another_site_cannot_make_a_browser_post() {
    let house = House::new().await;
    let browser = house.signed_in(INES).await;
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let post = async |headers: &[(&str, &str)]| {
        let headers: Vec<_> = headers.iter().copied().chain([kind]).collect();
        browser.send(Method::POST, "/settings/teams", &headers, Body::from("name=Finance")).await.status
    };
    assert_eq!(post(&[("sec-fetch-site", "cross-site")]).await, GONE);
    assert_eq!(post(&[("sec-fetch-site", "same-site")]).await, GONE);
    assert_eq!(post(&[("origin", "https://evil.example")]).await, GONE);
    assert_eq!(post(&[("origin", "null")]).await, GONE);
    assert_eq!(post(&[]).await, GONE, "with a cookie, a browser says where it comes from");
    browser.get("/settings/people").await.has_not("Finance");
    assert_eq!(post(&[("origin", "http://desk.test")]).await, MOVED);
    browser.get("/settings/people").await.has("Finance");
    let named = [("name", "Sales"), ("department", "on"), ("admin", "on")];
    assert_eq!(browser.post("/settings/teams", &named).await.status, StatusCode::BAD_REQUEST, "an unknown field");
}
