//! What a person sees when something stands in the way of a whole request.

mod support;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use support::{House, INES, mail};

const URLENCODED: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[tokio::test]
async fn a_database_that_is_away_says_when_to_come_again_and_what_was_written_is_not_lost() {
    let house = House::new().await;
    let number = house.receive(&mail("Dan <dan@northwind.example>", "Blank labels", "They are blank.")).await.number;
    let ines = house.signed_in(INES).await;
    house.desk.db.close().await;
    for path in ["/inbox", "/sign-in", &format!("/cases/{number}"), "/settings/channels"] {
        let away = ines.get(path).await;
        assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(away.headers[header::RETRY_AFTER], "5", "{path}");
        assert_eq!(away.headers[header::REFRESH], "5", "{path} asks again by itself");
        away.has("cannot reach its data").has(&format!("href=\"{path}\"")).has("Try again").has_not("Copy it before");
    }
    let fields = [("kind", "note"), ("text", "An <hour> of work"), ("to", ""), ("cc", ""), ("then", "keep")];
    let lost = ines.post(&format!("/cases/{number}/messages"), &fields).await;
    assert_eq!(lost.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!lost.headers.contains_key(header::REFRESH), "what was written stays on the screen");
    lost.has("Copy it before you leave").has("An &lt;hour&gt; of work");
    let signed_out = house.browser().post(&format!("/cases/{number}/messages"), &fields).await;
    assert_eq!(signed_out.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_form_takes_no_more_than_it_can_need() {
    let house = House::new().await;
    let number = house.receive(&mail("Dan <dan@northwind.example>", "Blank labels", "They are blank.")).await.number;
    let ines = house.signed_in(INES).await;
    let nobody = house.browser();
    let long = |bytes: usize| format!("email=a&password={}", "x".repeat(bytes));
    let headers = [URLENCODED, ("sec-fetch-site", "same-origin")];
    let sent = nobody.send(Method::POST, "/sign-in", &headers, Body::from(long(60_000))).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "a wrong password, however long");
    for path in ["/sign-in", "/setup/something", "/join/something"] {
        let sent = nobody.send(Method::POST, path, &headers, Body::from(long(70_000))).await;
        assert_eq!(sent.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
    }
    let text = |bytes: usize| Body::from(format!("kind=note&text={}", "x".repeat(bytes)));
    let draft = format!("/cases/{number}/draft");
    assert_eq!(ines.send(Method::PUT, &draft, &headers, text(900_000)).await.status, StatusCode::NO_CONTENT);
    assert_eq!(ines.send(Method::PUT, &draft, &headers, text(1_100_000)).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(ines.send(Method::PUT, &draft, &headers, text(5_000_000)).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let note = ines.send(Method::POST, &format!("/cases/{number}/messages"), &headers, text(1_100_000)).await;
    assert_eq!(note.status, StatusCode::BAD_REQUEST);
    note.has("attach it as a file").has(&"x".repeat(1_100_000));
}

#[tokio::test]
async fn nothing_is_a_page_too() {
    let house = House::new().await;
    for path in ["/nothing", &web::assets::url("js/nothing.js"), "/assets/0/nothing"] {
        let nothing = house.browser().get(path).await;
        assert_eq!(nothing.status, StatusCode::NOT_FOUND, "{path}");
        nothing.has("Nothing is here");
    }
    let wrong_method = house.browser().post("/healthz", &[]).await;
    assert_eq!(wrong_method.status, StatusCode::NOT_FOUND);
    wrong_method.has("Nothing is here");
}
