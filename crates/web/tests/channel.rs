//! Mailboxes, as the settings show and change them.

mod support;

use axum::http::StatusCode;
use support::{House, INES};

const MOVED: StatusCode = StatusCode::SEE_OTHER;
const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

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
