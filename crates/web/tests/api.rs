//! The door for programs that hand in mail.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

mod support;

use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode, header};
use domain::ChannelId;
use support::{Answer, House, INES, mail};

struct Door {
    house: House,
    id: ChannelId,
    token: String,
}

impl Door {
    async fn new() -> Door {
        let house = House::new().await;
        let id = house.mailbox().await.id;
        let token = house.desk.channel_token(id).await.unwrap();
        Door { house, id, token }
    }

    async fn send(&self, body: impl Into<Body>, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::post(format!("/api/v1/channels/{}/mail", self.id));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.house.ask(request.body(body.into()).unwrap()).await
    }

    async fn hand_in(&self, body: impl Into<Body>) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        self.send(body, &[("content-type", "message/rfc822"), ("authorization", &bearer)]).await
    }
}

#[tokio::test]
async fn a_mail_is_filed_and_the_second_copy_is_known() {
    let door = Door::new().await;
    let raw = mail("Dan Whitlock <dan@northwind.example>", "Invoice bills 14 printers", "We have 12.");
    let answer = door.hand_in(raw.clone()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let said = answer.json();
    let keys: Vec<&String> = said.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["association", "case", "contact", "customer", "message"]);
    assert_eq!(said["case"]["number"], 1);
    assert_eq!(said["case"]["status"], "new");
    assert_eq!(said["message"]["state"], "received");
    assert!(said["message"]["automatic"].is_null());
    let association = serde_json::json!({
        "decision": "new", "reason": "nothing", "confidence": 0.0, "verified": false, "suggest": []
    });
    assert_eq!(said["association"], association);
    let again = door.hand_in(raw).await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(again.json()["message"], said["message"]);
    assert_eq!(again.json()["customer"], said["customer"]);
}

#[tokio::test]
async fn an_automatic_mail_says_so() {
    let door = Door::new().await;
    let raw = mail("Dan <dan@northwind.example>", "Out of office", "Back on Monday.");
    let answer = door.hand_in(format!("Auto-Submitted: auto-replied\n{raw}")).await;
    assert_eq!(answer.json()["message"]["automatic"], "auto_reply");
}

#[tokio::test]
async fn what_cannot_be_read_is_kept_and_says_why() {
    let door = Door::new().await;
    let answer = door.hand_in("Subject: from nobody\n\nText\n").await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    let said = answer.json();
    assert_eq!(said["message"]["state"], "quarantined");
    assert!(said["case"].is_null() && said["customer"].is_null() && said["association"].is_null());
    assert_eq!(said["quarantined"]["why"], "The mail does not say who sent it.");
    assert!(said["quarantined"]["id"].is_string());
    let page = door.house.signed_in(INES).await.get("/settings/channels").await;
    page.has("One mail could not be read");
}

#[tokio::test]
async fn it_opens_by_its_own_token_alone() {
    let door = Door::new().await;
    let raw = mail("Dan <dan@northwind.example>", "Hello", "Text");
    let kind = ("content-type", "message/rfc822");
    for headers in [
        vec![kind],
        vec![kind, ("authorization", "Bearer wrong")],
        vec![kind, ("authorization", "Bearer ")],
        vec![kind, ("authorization", "Basic dGVzdDp0ZXN0")],
    ] {
        let answer = door.send(raw.clone(), &headers).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{headers:?}");
        assert_eq!(answer.headers[header::WWW_AUTHENTICATE], "Bearer");
        assert_eq!(answer.json()["error"]["code"], "sign_in_needed");
    }
    let other = door.house.desk.add_mailbox(support::handed_in("Billing", "billing@tareline.example")).await.unwrap();
    let others = door.house.desk.channel_token(other).await.unwrap();
    let bearer = format!("Bearer {others}");
    assert_eq!(door.send(raw.clone(), &[kind, ("authorization", &bearer)]).await.status, StatusCode::UNAUTHORIZED);
    for unknown in ["01920000-0000-7000-8000-000000000000", "nothing"] {
        let request = Request::post(format!("/api/v1/channels/{unknown}/mail"));
        let request = request.header("content-type", "message/rfc822").header("authorization", &bearer);
        let answer = door.house.ask(request.body(Body::from(raw.clone())).unwrap()).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{unknown}");
        assert_eq!(answer.json()["error"]["code"], "not_found");
    }
    let ines = door.house.signed_in(INES).await;
    let page = ines.post(&format!("/settings/channels/{}/token", door.id), &[]).await;
    page.has("shown once").has("message/rfc822");
    assert_eq!(door.hand_in(raw).await.status, StatusCode::UNAUTHORIZED, "a new token makes the old one void");
    ines.get(&format!("/settings/channels/{}", door.id)).await.has_not("shown once");
}

#[tokio::test]
async fn it_takes_mail_and_nothing_else() {
    let door = Door::new().await;
    let bearer = format!("Bearer {}", door.token);
    let json = door.send("{}", &[("content-type", "application/json"), ("authorization", &bearer)]).await;
    assert_eq!(json.status, StatusCode::BAD_REQUEST);
    assert!(json.json()["error"]["message"].as_str().unwrap().contains("message/rfc822"));
    assert_eq!(door.hand_in("").await.status, StatusCode::BAD_REQUEST);
    let kind = [("content-type", "Message/RFC822; charset=utf-8"), ("authorization", &*bearer)];
    assert_eq!(door.send(mail("a@x.example", "S", "T"), &kind).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn it_takes_a_stream_and_no_more_than_its_limit() {
    let door = Door::new().await;
    let raw = mail("Dan <dan@northwind.example>", "In pieces", "One after the other.");
    let pieces: Vec<_> =
        raw.into_bytes().chunks(10).map(|it| Ok::<_, std::io::Error>(Bytes::copy_from_slice(it))).collect();
    let answer = door.hand_in(Body::from_stream(futures_util::stream::iter(pieces))).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());

    let endless = (0..51).map(|_| Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; 1024 * 1024])));
    let answer = door.hand_in(Body::from_stream(futures_util::stream::iter(endless))).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let bearer = format!("Bearer {}", door.token);
    let said = [("content-type", "message/rfc822"), ("authorization", &*bearer), ("content-length", "99999999")];
    assert_eq!(door.send("x", &said).await.status, StatusCode::PAYLOAD_TOO_LARGE);

    let broken = vec![Ok(Bytes::from_static(b"From: a@b.example\n")), Err(std::io::Error::other("the line broke"))];
    let answer = door.hand_in(Body::from_stream(futures_util::stream::iter(broken))).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "nobody may take that for a refusal");
    assert!(answer.headers.contains_key(header::RETRY_AFTER));
}

#[tokio::test]
async fn a_database_that_is_away_is_no_refusal() {
    let door = Door::new().await;
    door.house.desk.db.close().await;
    let answer = door.hand_in(mail("Dan <dan@northwind.example>", "Hello", "Text")).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(answer.json()["error"]["code"], "busy");
}
