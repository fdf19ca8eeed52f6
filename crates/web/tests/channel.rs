//! Mailboxes, as the settings show and change them.

mod support;

use axum::http::StatusCode;
use domain::{InboundId, InboundState};
use store::inbound::{self, Inbound};
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
    page.has("<details class=\"servers\" id=\"servers\"><summary")
        .has("imap.tareline.example:993, smtp.tareline.example:465");
    let twice = ines.post("/settings/channels", &fields("Support", "993")).await;
    assert_eq!(twice.status, WRONG);
    twice.has("There is a mailbox with this address already.").has_not("a secret of the mailbox");
    let wrong = ines.post(&at, &fields("Support", "none")).await;
    assert_eq!(wrong.status, WRONG);
    wrong.has("A port is a number").has("value=\"none\"").has("<details class=\"servers\" id=\"servers\" open>");
    assert_eq!(ines.post(&at, &fields("Tareline Support", "143")).await.location(), "/settings/channels");
    let list = ines.get("/settings/channels").await;
    list.has("Tareline Support").has("Not connected").has("aria-label=\"Test Tareline Support\"");
    let steps = ines.post(&format!("{at}/test"), &fields("Support", "993")).await;
    steps.has("it connects to no server").has("value=\"imap.tareline.example\"");
    let as_saved = ines.post(&format!("{at}/test"), &[]).await;
    as_saved.has("it connects to no server").has("value=\"Tareline Support\"");
}

#[tokio::test]
async fn mail_that_could_not_be_read_is_seen_fetched_tried_again_and_deleted() {
    let house = House::new().await;
    let raw = "Subject: from nobody\n\n<script>alert(1)</script>\n";
    let first = house.quarantined(raw).await;
    for count in 1..=20 {
        house.later(std::time::Duration::from_mins(1));
        house.quarantined(&format!("Subject: number {count}\n\nText\n")).await;
    }
    let ines = house.signed_in(INES).await;
    let channel = house.mailbox().await.id;
    let at = format!("/settings/channels/{channel}");
    ines.get("/settings/channels").await.has("21 mails could not be read").has(&format!("href=\"{at}#quarantine\""));
    let page = ines.get(&at).await;
    page.has("data-live=\"channels\"").has("The mail does not say who sent it.").has_not(&first.to_string());
    let text = page.text();
    let older = text.split("rel=\"next\" href=\"").nth(1).unwrap().split(['"', '#']).next().unwrap();
    let own = format!("{at}/inbound/{first}");
    ines.get(older).await.has(&format!("{own}/raw")).has("48 bytes").has_not("alert(1)");

    let file = ines.get(&format!("{own}/raw")).await;
    assert_eq!(file.text(), raw);
    assert_eq!(file.headers["content-type"], "text/plain; charset=utf-8");
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment;"));
    assert!(file.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
    assert_eq!(file.headers["cache-control"], "private, no-store");
    let other = house.desk.add_mailbox(support::handed_in("Billing", "billing@tareline.example")).await.unwrap();
    let elsewhere = ines.get(&format!("/settings/channels/{other}/inbound/{first}/raw")).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);

    let again = ines.post(&format!("{own}/filing"), &[]).await;
    assert_eq!((again.status, again.location()), (MOVED, &*format!("{at}#quarantine")));
    ines.get(older).await.has(&format!("{own}/raw")).has("48 bytes. Tried 4 times.");
    for _ in 0..2 {
        assert_eq!(ines.post(&format!("{own}/removal"), &[]).await.status, MOVED, "a second click is no mistake");
    }
    assert_eq!(ines.get(&format!("{own}/raw")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ines.post(&format!("{own}/filing"), &[]).await.status, MOVED);
    ines.get("/settings/channels").await.has("20 mails could not be read");
}

#[tokio::test]
async fn what_is_not_here_whole_is_not_offered_to_be_tried_again() {
    let house = House::new().await;
    let (channel, ines) = (house.mailbox().await.id, house.signed_in(INES).await);
    let at = format!("/settings/channels/{channel}");
    let raw = bytes::Bytes::from("From: ruth@northwind.example\r\nSubject: film\r\n");
    let it = Inbound {
        id: InboundId(uuid::Uuid::from_u128(7)),
        channel,
        at: house.desk.now(),
        state: InboundState::Quarantined,
        tries: 3,
        error: Some("This mail has 99 MB.".to_owned()),
        hash: store::blob::hash(&raw),
        whole: false,
        raw,
    };
    let own = format!("{at}/inbound/{}", it.id);
    house
        .desk
        .db
        .write([inbound::lock(channel, &it.hash)], async move |tx| inbound::insert(tx, &it).await)
        .await
        .unwrap();
    let page = ines.get(&at).await;
    page.has("This mail has 99 MB.").has_not(&format!("{own}/filing")).has_not("Tried 3 times");
    let taken = ines.post(&format!("{own}/release"), &[]).await;
    ines.get(taken.location()).await.has("film").has("ruth@northwind.example");
}

#[tokio::test]
async fn a_test_that_cannot_be_made_says_why_at_a_field_that_is_there() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let fields = [("name", "Support"), ("address", "support@tareline.example"), ("way", "api")];
    let said = ines.post("/settings/channels/test", &fields).await;
    assert_eq!(said.status, WRONG);
    said.has("id=\"way\" name=\"way\" aria-invalid=\"true\"").has("id=\"way-e\"").has("A test needs a server to read");
}

#[tokio::test]
async fn further_addresses_belong_to_one_mailbox_and_older_mail_is_asked_for() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let fields = |address: &'static str, aliases: &'static str, days: &'static str| {
        [
            ("way", "reading"),
            ("address", address),
            ("aliases", aliases),
            ("mailbox_password", "a secret of the mailbox"),
            ("reading_host", ""),
            ("reading_port", "993"),
            ("reading_security", "tls"),
            ("sending_port", "587"),
            ("sending_security", "starttls"),
            ("history_days", days),
        ]
    };
    let wrong = ines.post("/settings/channels", &fields("desk@gmx.de", "orders", "30")).await;
    assert_eq!(wrong.status, WRONG);
    wrong.has("“orders” is no mail address").has("value=\"imap.gmx.net\"");
    let added = ines.post("/settings/channels", &fields("desk@gmx.de", "orders@desk.example", "30")).await;
    assert_eq!(added.status, MOVED, "{}", added.text());
    let at = added.location().to_owned();
    let page = ines.get(&at).await;
    page.has("imap.gmx.net")
        .has("orders@desk.example</textarea>")
        .has("It begins as soon as the mailbox is connected.");
    page.has("<option value=\"reading\" selected");
    let taken = ines.post("/settings/channels", &fields("orders@desk.example", "", "")).await;
    taken.has("There is a mailbox with this address already.");

    assert_eq!(ines.post(&format!("{at}/history/stop"), &[]).await.location(), format!("{at}#history"));
    ines.get(&at).await.has("Stopped. What is here stays here.").has("/history/resumption");
    assert_eq!(ines.post(&format!("{at}/history/resumption"), &[]).await.status, MOVED);
    assert_eq!(ines.post(&format!("{at}/history"), &[("days", "7")]).await.status, MOVED);
    ines.get(&at).await.has("/history/stop").has("Not connected");
}
