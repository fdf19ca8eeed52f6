//! The first visit.

mod support;

use axum::http::StatusCode;
use support::{House, INES, PASSWORD};

const GONE: StatusCode = StatusCode::NOT_FOUND;
const MOVED: StatusCode = StatusCode::SEE_OTHER;
const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

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
