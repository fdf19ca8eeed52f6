//! Coming in and what staff do with their own: sign-in, sessions, setup, invitations, settings.

mod support;

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use domain::Role;
use futures_util::future::join_all;
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
    for next in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
        let fields = [("email", INES), ("password", PASSWORD), ("next", next)];
        assert_eq!(house.browser().post("/sign-in", &fields).await.location(), "/", "{next}");
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

fn first_visit() -> Vec<(&'static str, &'static str)> {
    vec![
        ("organization", "Tareline"),
        ("time_zone", "Europe/London"),
        ("name", "Ines Okafor"),
        ("email", INES),
        ("password", PASSWORD),
        ("address", ""),
        ("user", ""),
        ("mailbox_password", ""),
        ("reading_host", ""),
        ("reading_port", "993"),
        ("reading_security", "tls"),
        ("sending_host", ""),
        ("sending_port", "587"),
        ("sending_security", "starttls"),
    ]
}

fn with(
    mut fields: Vec<(&'static str, &'static str)>,
    name: &str,
    value: &'static str,
) -> Vec<(&'static str, &'static str)> {
    for field in &mut fields {
        if field.0 == name {
            field.1 = value;
        }
    }
    fields
}

#[tokio::test]
async fn the_first_visit_needs_the_link_and_works_once() {
    let house = House::empty().await;
    let browser = house.browser();
    browser.get("/sign-in").await.has("not set up yet");
    let token = house.desk.setup_token().await.unwrap().unwrap();
    let wrong = browser.get("/setup/wrong").await;
    assert_eq!(wrong.status, GONE);
    wrong.has("what the program printed when it started");
    assert_eq!(browser.post("/setup/wrong", &first_visit()).await.status, GONE);
    assert_eq!(browser.post("/setup/wrong/test", &first_visit()).await.status, GONE);

    let at = format!("/setup/{token}");
    browser.get(&at).await.has("Set up your desk").has("Europe/Berlin").has("value=\"993\"");
    let none = browser.post(&at, &first_visit()).await;
    assert_eq!(none.status, WRONG);
    none.has("Write the mailbox").has("value=\"Ines Okafor\"").has_not(PASSWORD);
    let visit = with(first_visit(), "address", "support@tareline.example");
    let port = browser.post(&at, &with(visit.clone(), "reading_port", "99999")).await;
    port.has("A port is a number").has("value=\"99999\"");
    let zone = browser.post(&at, &with(visit.clone(), "time_zone", "Europe/Nowhere")).await;
    zone.has("Choose a time zone");
    let plain = browser.post(&at, &with(visit.clone(), "sending_security", "plain")).await;
    plain.has("this machine alone");
    let tried = browser.post(&format!("{at}/test"), &visit).await;
    tried.has("it connects to no server");

    let done = browser.post(&at, &visit).await;
    assert_eq!((done.status, done.location()), (MOVED, "/"), "{}", done.text());
    browser.get("/settings/channels").await.has("support@tareline.example");
    let again = browser.post(&at, &visit).await;
    assert_eq!(again.status, GONE);
    assert!(house.desk.setup_token().await.unwrap().is_none());
    let all = house.desk.db.read(async |rx| store::channel::all(rx).await).await.unwrap();
    let servers = desk::channel::servers(&all[0]).unwrap();
    assert_eq!(servers.reading.unwrap().to_string(), "mail.tareline.example:993");
    assert_eq!(servers.sending.unwrap().to_string(), "mail.tareline.example:587");
}

#[tokio::test]
async fn a_mailbox_can_wait() {
    let house = House::empty().await;
    let token = house.desk.setup_token().await.unwrap().unwrap();
    let mut visit = first_visit();
    visit.push(("later", "yes"));
    let browser = house.browser();
    assert_eq!(browser.post(&format!("/setup/{token}"), &visit).await.location(), "/");
    browser.get("/settings/channels").await.has("No mailbox yet");
}

/// The link that a page shows once.
fn link(text: &str, before: &str) -> String {
    let at = text.find(before).unwrap_or_else(|| panic!("no {before} in {text}")) + before.len();
    text[at..].chars().take_while(char::is_ascii_alphanumeric).collect()
}

#[tokio::test]
async fn an_invitation_opens_once_under_fifty_tries_at_once() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let fields = [("name", "Jonas Feld"), ("email", "jonas@tareline.example"), ("role", "agent")];
    let page = ines.post("/settings/invitations", &fields).await;
    assert_eq!(page.status, StatusCode::OK);
    let at = format!("/join/{}", link(&page.text(), "http://desk.test/join/"));
    house.browser().get(&at).await.has("Join Tareline").has("Agent").has("Jonas Feld");
    let short = house.browser().post(&at, &[("name", "Jonas Feld"), ("password", "short")]).await;
    assert_eq!(short.status, WRONG);
    short.has("at least 12 characters");

    let tries = (0..50).map(|_| async {
        let browser = house.browser();
        browser.post(&at, &[("name", "Jonas Feld"), ("password", PASSWORD)]).await.status
    });
    let all = join_all(tries).await;
    assert_eq!(all.iter().filter(|it| **it == MOVED).count(), 1, "{all:?}");
    assert!(all.iter().all(|it| *it == MOVED || *it == GONE), "{all:?}");
    assert_eq!(house.browser().get(&at).await.status, GONE);
    let jonas = house.signed_in("jonas@tareline.example").await;
    assert_eq!(jonas.get("/settings/people").await.status, GONE, "an agent does not manage people");
    ines.get("/settings/people").await.has("Jonas Feld").has_not("/revocation");
}

#[tokio::test]
async fn an_invitation_can_be_taken_back_and_runs_out() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let invite = async |email: &str| {
        let page = ines.post("/settings/invitations", &[("name", "Jo"), ("email", email), ("role", "lead")]).await;
        format!("/join/{}", link(&page.text(), "http://desk.test/join/"))
    };
    let (one, other) = (invite("one@tareline.example").await, invite("two@tareline.example").await);
    let page = ines.get("/settings/people").await.text();
    let revoke = page.split("action=\"").filter_map(|it| it.split('"').next()).find(|it| it.ends_with("/revocation"));
    assert_eq!(ines.post(revoke.unwrap(), &[]).await.status, MOVED);
    assert_eq!(house.browser().get(&one).await.status, GONE);
    assert_eq!(house.browser().get(&other).await.status, StatusCode::OK);
    house.later(Duration::from_hours(24 * 8));
    assert_eq!(house.browser().get(&other).await.status, GONE);
    let again = ines.post("/settings/invitations", &[("name", "Ines"), ("email", INES), ("role", "lead")]).await;
    assert_eq!(again.status, WRONG);
    again.has("works here").has("value=\"Ines\"");
}

#[tokio::test]
async fn somebody_who_leaves_is_out_at_once_and_the_last_administrator_stays() {
    let house = House::new().await;
    let jonas = house.colleague("Jonas", Role::Agent).await;
    let (ines, his) = (house.signed_in(INES).await, house.signed_in("jonas@tareline.example").await);
    let me = house.ines().await.id;
    let at = |id: domain::StaffId, what: &str| format!("/settings/people/{id}{what}");
    assert_eq!(ines.post(&at(me, "/departure"), &[]).await.status, WRONG);
    let lead = ines.post(&at(me, ""), &[("role", "lead")]).await;
    assert_eq!(lead.status, WRONG);
    lead.has("the only administrator");
    assert_eq!(ines.post(&at(jonas, "/departure"), &[]).await.status, MOVED);
    assert_eq!(his.get("/you").await.status, MOVED, "he is out");
    assert_eq!(house.browser().sign_in("jonas@tareline.example", PASSWORD).await.status, WRONG);
    ines.get("/settings/people").await.has("Worked here");
    assert_eq!(ines.post(&at(jonas, "/return"), &[]).await.status, MOVED);
    assert_eq!(house.browser().sign_in("jonas@tareline.example", PASSWORD).await.status, MOVED);
}

#[tokio::test]
async fn a_role_and_teams_count_from_the_next_request() {
    let house = House::new().await;
    let jonas = house.colleague("Jonas", Role::Agent).await;
    let (ines, his) = (house.signed_in(INES).await, house.signed_in("jonas@tareline.example").await);
    assert_eq!(ines.post("/settings/teams", &[("name", "Finance"), ("department", "on")]).await.status, MOVED);
    let twice = ines.post("/settings/teams", &[("name", "Finance")]).await;
    assert_eq!(twice.status, WRONG);
    twice.has("There is a team of this name.");
    let page = ines.get("/settings/people").await.text();
    let team = page.split("name=\"team\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(his.get("/outbox").await.status, StatusCode::OK);
    let at = format!("/settings/people/{jonas}");
    assert_eq!(ines.post(&at, &[("role", "department_member"), ("team", &team)]).await.status, MOVED);
    assert_eq!(his.get("/outbox").await.status, GONE);
    his.get("/you").await.has("Finance").has("Department member");
    assert_eq!(ines.post(&at, &[("role", "king")]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(ines.post(&at, &[("role", "agent"), ("name", "x")]).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_organization_has_a_name_and_a_time_zone() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let at = "/settings/organization";
    ines.get(at).await.has("value=\"Tareline\"").has("value=\"Europe/London\" selected");
    let wrong = ines.post(at, &[("organization", "Tareline"), ("time_zone", "Mars/Olympus")]).await;
    assert_eq!(wrong.status, WRONG);
    wrong.has("Choose a time zone");
    assert_eq!(ines.post(at, &[("organization", "  "), ("time_zone", "UTC")]).await.status, WRONG);
    assert_eq!(ines.post(at, &[("organization", "Tareline Ltd"), ("time_zone", "UTC")]).await.location(), at);
    ines.get("/settings").await.has("Tareline Ltd");
}

#[tokio::test]
async fn a_mailbox_is_added_changed_and_never_shows_its_password() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    ines.get("/settings/channels/new").await.has("value=\"993\"");
    let fields = |name: &'static str, port: &'static str| {
        [
            ("name", name),
            ("way", "mailbox"),
            ("address", "support@tareline.example"),
            ("mailbox_password", "a secret of the mailbox"),
            ("reading_host", "imap.tareline.example"),
            ("reading_port", port),
            ("reading_security", "tls"),
            ("sending_host", "smtp.tareline.example"),
            ("sending_port", "465"),
            ("sending_security", "tls"),
            ("user", ""),
            ("authserv_id", "mx.tareline.example"),
        ]
    };
    let added = ines.post("/settings/channels", &fields("Support", "993")).await;
    assert_eq!(added.status, MOVED, "{}", added.text());
    let at = added.location().to_owned();
    let page = ines.get(&at).await;
    page.has("imap.tareline.example").has("mx.tareline.example").has_not("a secret of the mailbox");
    let twice = ines.post("/settings/channels", &fields("Support", "993")).await;
    assert_eq!(twice.status, WRONG);
    twice.has("There is a mailbox with this address already.").has_not("a secret of the mailbox");
    let wrong = ines.post(&at, &fields("Support", "none")).await;
    assert_eq!(wrong.status, WRONG);
    wrong.has("A port is a number").has("value=\"none\"");
    assert_eq!(ines.post(&at, &fields("Tareline Support", "143")).await.location(), "/settings/channels");
    ines.get("/settings/channels").await.has("Tareline Support").has("Not connected");
    let steps = ines.post(&format!("{at}/test"), &fields("Support", "993")).await;
    steps.has("it connects to no server").has("value=\"imap.tareline.example\"");
}
