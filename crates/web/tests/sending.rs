//! What is said below a message that leaves, and what helps where it does not; signatures, and the key of a mailbox.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

mod support;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use desk::outbox::HOLD;
use domain::{Email, Hindrance, Message, MessageState, Missed, Obstacle, Status, Timestamp};
use support::{Browser, House, INES, mail};

const DAN: &str = "Dan Whitlock <dan@northwind.example>";
const FORM: [(&str, &str); 2] =
    [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];

/// A case in which Ines has just answered.
async fn answered(house: &House, ines: &Browser<'_>) -> (i64, Message) {
    let number = house.receive(&mail(DAN, "Invoice", "We have 12.")).await.number;
    let fields = [("kind", "reply"), ("to", DAN), ("text", "Twelve it is."), ("then", "waiting")];
    let sent = ines.post(&format!("/cases/{number}/messages"), &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    (number, ours(house, number).await)
}

async fn ours(house: &House, number: i64) -> Message {
    let spine = spine(house, number).await;
    spine.messages.into_values().filter(|it| it.staff.is_some()).max_by_key(|it| it.at).unwrap()
}

async fn spine(house: &House, number: i64) -> store::case::spine::Spine {
    let scope = store::Scope::of(&house.ines().await);
    house.desk.db.read(async move |rx| store::case::spine::spine(rx, &scope, number, None).await).await.unwrap()
}

async fn set(house: &House, message: &Message, state: MessageState, why: Option<&str>, it: Option<Hindrance>) {
    let (message, why) = (message.clone(), why.map(str::to_owned));
    let set = house.desk.db.write([store::Lock::Customer(message.customer)], async move |tx| {
        store::message::set_state(tx, &message, state, why.as_deref()).await?;
        if let Some(it) = &it {
            store::message::set_hindrance(tx, &message, it).await?;
        }
        Ok::<_, store::Error>(())
    });
    set.await.unwrap();
}

#[tokio::test]
async fn an_answer_can_be_taken_back_and_is_a_draft_again() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let (number, message) = answered(&house, &ines).await;
    let page = ines.get(&format!("/cases/{number}")).await;
    page.has("data-left=\"5000\"").has("Leaves in").has("Take back");
    house.colleague("Jonas", domain::Role::Agent).await;
    let jonas = house.signed_in("jonas@tareline.example").await;
    jonas.get(&format!("/cases/{number}")).await.has_not("Take back").has("Kept in the outbox");
    let back = format!("/cases/{number}/messages/{}/taking-back", message.id);
    jonas.post(&back, &[]).await.has("Only whoever wrote a message can take it back.");
    let done = ines.post(&back, &[]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let page = ines.get(&format!("/cases/{number}")).await;
    page.has("took a reply back").has("Taken back before it left").has(">Twelve it is.</textarea>");
    assert_eq!(spine(&house, number).await.case.status, Status::Open, "nobody has answered yet");
    ines.post(&back, &[]).await.has("This message is taken back already.");
    // Its form, sent once more from the page before, is not taken for the same.
    house.later(HOLD);
    jonas.get(&format!("/cases/{number}")).await.has_not("Kept in the outbox");
}

#[tokio::test]
async fn what_did_not_arrive_says_so_in_words_with_the_next_best_way() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let (number, message) = answered(&house, &ines).await;
    house.later(HOLD);
    let page = async || ines.get(&format!("/cases/{number}")).await;
    let of = |kind, said: &str| Some(Hindrance { said: said.to_owned(), ..Hindrance::of(kind) });
    let failed = MessageState::Failed;
    set(&house, &message, failed, Some("Use an app password."), of(Obstacle::NoSignIn, "535 no")).await;
    page().await.has("could not sign in").has("Use an app password.").has("The server said: 535 no");
    page().await.has(&format!("href=\"/settings/channels/{}\"", message.channel)).has("Send again");
    set(&house, &message, failed, Some("There is no mailbox dan."), of(Obstacle::NoSuchAddress, "")).await;
    page().await.has("No such address.").has("Change it and send it again");
    set(&house, &message, failed, Some("It is spam."), of(Obstacle::Refused, "550 spam")).await;
    page().await.has("Refused.").has("550 spam").has("Change it and send it again");
    set(&house, &message, failed, Some("Larger than it takes."), of(Obstacle::TooBig, "")).await;
    page().await.has("Too large.").has("Change it and send it again");
    let later = Hindrance { next_at: Some(Timestamp(message.at.0 + 3_600_000_000)), ..Hindrance::of(Obstacle::Later) };
    set(&house, &message, MessageState::Sending, Some("It asks to wait."), Some(later)).await;
    page()
        .await
        .has("Not delivered yet. It asks to wait.")
        .has("The next try is at")
        .has("Today, 13:00")
        .has("Try now");
    let ruth = Email::parse("ruth@northwind.example").unwrap();
    let why = "There is no mailbox ruth@northwind.example.".to_owned();
    let missed = vec![Missed { address: ruth, kind: Obstacle::NoSuchAddress, why, said: "550 5.1.1".to_owned() }];
    let some = Hindrance { missed, ..Hindrance::of(Obstacle::NoSuchAddress) };
    set(&house, &message, MessageState::Sent, None, Some(some)).await;
    page().await.has("Not with ruth@northwind.example:").has("550 5.1.1").has("Write to them again");
}

#[tokio::test]
async fn a_message_that_failed_is_written_anew_and_keeps_its_files() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let (number, message) = answered(&house, &ines).await;
    let anew = format!("/cases/{number}/messages/{}/draft", message.id);
    assert_eq!(ines.post(&anew, &[]).await.status, StatusCode::CONFLICT, "it is on its way");
    let hindrance = Some(Hindrance::of(Obstacle::NoSuchAddress));
    set(&house, &message, MessageState::Failed, Some("There is no mailbox dan."), hindrance).await;
    assert_eq!(ines.post(&anew, &[("to", "dan@home.example")]).await.status, StatusCode::SEE_OTHER);
    let page = ines.get(&format!("/cases/{number}")).await;
    page.has(">Twelve it is.</textarea>").has("value=\"dan@home.example\"").has("No such address.");
}

#[tokio::test]
async fn an_answer_goes_where_its_sender_wants_it() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let raw = mail(DAN, "Invoice", "We have 12.")
        .replace("Subject:", "Reply-To: Billing <bills@northwind.example>\nSubject:");
    let number = house.receive(&raw).await.number;
    ines.get(&format!("/cases/{number}")).await.has("value=\"Billing &lt;bills@northwind.example&gt;\"");
}

#[tokio::test]
async fn a_dressed_draft_comes_back_clean_with_its_picture() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let number = house.receive(&mail(DAN, "Invoice", "We have 12.")).await.number;
    let body = b"--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"label.png\"\r\n\
        Content-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\nlabel\r\n--x--\r\n";
    let headers = [("content-type", "multipart/form-data; boundary=x"), ("sec-fetch-site", "same-origin")];
    let pictures = format!("/cases/{number}/draft/pictures");
    let added = ines.send(Method::POST, &pictures, &headers, Body::from(body.as_slice())).await;
    added.has("alt=\"label.png\"");
    let text = added.text();
    let address = text.split("src=\"").nth(1).unwrap().split('"').next().unwrap();
    let picture = ines.get(address).await;
    assert_eq!((picture.status, &picture.headers["content-type"]), (StatusCode::OK, &"image/png".parse().unwrap()));
    let hash = address.rsplit('/').next().unwrap();
    let html =
        format!("<p class=x onclick=y>See <b style='color:red'>this</b>: <img src=\"cid:{hash}\" alt=label></p>");
    let fields = support::form(&[("kind", "reply"), ("text", "See this:"), ("html", &html)]);
    let kept = ines.send(Method::PUT, &format!("/cases/{number}/draft"), &FORM, Body::from(fields)).await;
    assert_eq!(kept.status, StatusCode::NO_CONTENT);
    let page = ines.get(&format!("/cases/{number}")).await;
    page.has(&format!("data-html=\"&lt;p&gt;See &lt;b&gt;this&lt;/b&gt;: &lt;img src=&quot;cid:{hash}&quot;"));
    page.has("See this: [label]</textarea>").has_not("label.png</b>");
    // Sent, it stands in its own frame, and its picture with it.
    let fields = [("kind", "reply"), ("to", DAN), ("text", "x"), ("html", html.as_str()), ("then", "open")];
    assert_eq!(ines.post(&format!("/cases/{number}/messages"), &fields).await.status, StatusCode::SEE_OTHER);
    let sent = ours(&house, number).await;
    assert_eq!((sent.text.as_str(), sent.has_html, sent.files[0].inline), ("See this: [label]", true, true));
    let frame = ines.get(&format!("/cases/{number}/messages/{}/html", sent.id)).await;
    frame.has("<p>See <b>this</b>: <img src=\"inline/0\" alt=\"label\"></p>");
    let inline = ines.get(&format!("/cases/{number}/messages/{}/inline/0", sent.id)).await;
    assert_eq!(inline.body, b"\x89PNG\r\n\x1a\nlabel");
    assert_eq!(ines.get(address).await.status, StatusCode::NOT_FOUND, "the draft is gone");
}

#[tokio::test]
async fn signatures_are_written_shown_and_put_below() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let number = house.receive(&mail(DAN, "Invoice", "We have 12.")).await.number;
    ines.get(&format!("/cases/{number}")).await.has_not("Your signature is added below");
    let saved = ines.post("/you/signature", &[("signature", "{first_name} <3\r\n{email}")]).await;
    assert_eq!(saved.location(), "/you?done=signature");
    ines.get(saved.location()).await.has("Your signature is saved.").has("{first_name} &lt;3");
    let wrong = ines.post("/you/signature", &[("signature", "{titel}")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.has("There is no placeholder {titel}").has("{titel}</textarea>");
    ines.get(&format!("/cases/{number}")).await.has("Your signature is added below").has("Ines &lt;3\nines@tareline");
    let channel = house.mailbox().await.id;
    let settings = format!("/settings/channels/{channel}");
    let text = "{signature}\n{organization}, {mailbox}";
    let saved = ines.post(&format!("{settings}/signature"), &[("signature", text)]).await;
    assert_eq!(saved.location(), format!("{settings}#signature"));
    ines.get(&settings).await.has(text);
    let wrong = ines.post(&format!("{settings}/signature"), &[("signature", "{customer}")]).await;
    wrong.has("There is no placeholder {customer}").has("{customer}</textarea>");
    let fields = [("kind", "reply"), ("to", DAN), ("text", "Twelve it is."), ("then", "open")];
    ines.post(&format!("/cases/{number}/messages"), &fields).await;
    let sent = ours(&house, number).await;
    let below = "Ines <3\nines@tareline.example\nTareline, Tareline Support";
    assert_eq!(sent.text, format!("Twelve it is.\n\n-- \n{below}"));
    ines.post(&format!("/cases/{number}/messages/{}/taking-back", sent.id), &[]).await;
    ines.get(&format!("/cases/{number}")).await.has(">Twelve it is.</textarea>");
}

#[tokio::test]
async fn a_mailbox_gets_a_key_and_shows_the_record_before_it_signs() {
    let house = House::new().await;
    let ines = house.signed_in(INES).await;
    let settings = format!("/settings/channels/{}", house.mailbox().await.id);
    ines.get(&settings).await.has("Make a key").has_not("v=DKIM1");
    let made = ines.post(&format!("{settings}/key"), &[]).await;
    assert_eq!(made.location(), format!("{settings}#key"));
    let page = ines.get(&settings).await;
    page.has("v=DKIM1; k=rsa; p=MIIB").has("._domainkey.tareline.example").has("Mail is not signed yet");
    ines.post(&format!("{settings}/signing"), &[("on", "yes")]).await;
    ines.get(&settings).await.has("Mail is signed").has("Stop signing");
}
