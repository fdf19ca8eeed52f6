//! Spam, trash, blocked senders and poison, as pages and doors show them.

mod support;

use std::time::Duration;

use axum::http::StatusCode;
use domain::{Aside, InboundState, Role};
use support::{House, INES, mail};

const MOVED: StatusCode = StatusCode::SEE_OTHER;

#[tokio::test]
async fn spam_is_marked_with_a_key_and_comes_back_the_same_way() {
    let house = House::new().await;
    let number = house.receive(&mail("Dan <dan@northwind.example>", "Cheap watches", "Buy now.")).await.number;
    let ines = house.signed_in(INES).await;
    let at = format!("/cases/{number}");
    ines.get("/inbox?view=unassigned").await.has_not("view=spam").has_not("view=trash");
    ines.get(&at).await.has("data-key=\"!\"").has("data-key=\"#\"").has_not("Not spam");
    let moved = ines.post(&format!("{at}/spam?view=unassigned"), &[]).await;
    assert_eq!((moved.status, moved.location()), (MOVED, &*format!("{at}?view=unassigned")));
    let page = ines.get(&at).await;
    page.has("marked this case as spam.").has("Not spam").has("It goes for good: ").has("Delete for good");
    page.has_not("data-key=\"e\"").has_not("<bw-composer").has("view=spam");
    ines.get("/inbox?view=all").await.has_not("Cheap watches").has("href=\"/inbox?view=spam\"");
    let spam = ines.get("/inbox?view=spam").await;
    spam.has("Cheap watches").has("deleted for good after 30 days").has("Empty now").has("Delete all for good");
    ines.get(&format!("{at}?part=live")).await.has("Not spam");
    assert_eq!(ines.post(&format!("{at}/restoration"), &[]).await.status, MOVED);
    ines.get("/inbox?view=unassigned").await.has("Cheap watches").has_not("view=spam");
    ines.get(&at).await.has("said that this is no spam").has_not("Not spam");
}

#[tokio::test]
async fn a_deleted_case_is_restored_or_gone_for_good() {
    let house = House::new().await;
    let dan = "Dan <dan@northwind.example>";
    let kept = house.receive(&mail(dan, "The other", "Stays.")).await;
    house.later(Duration::from_mins(1));
    let number = house.receive(&mail(dan, "An invoice", "Too high.")).await.number;
    let ines = house.signed_in(INES).await;
    house.colleague("Jonas", Role::Agent).await;
    let jonas = house.signed_in("jonas@tareline.example").await;
    let at = format!("/cases/{number}");
    jonas.post(&format!("{at}/trash"), &[]).await;
    jonas.get(&at).await.has("deleted this case.").has("Restore").has_not("Delete for good");
    jonas.get("/inbox?view=trash").await.has("An invoice").has_not("Empty now");
    jonas.get(&format!("/customers/{}", kept.customer)).await.has("The other").has_not("An invoice");
    assert_eq!(jonas.post(&format!("{at}/deletion"), &[]).await.status, StatusCode::NOT_FOUND);
    house.later(Duration::from_mins(1));
    let gone = ines.post(&format!("{at}/deletion?view=trash"), &[]).await;
    assert_eq!((gone.status, gone.location()), (MOVED, "/inbox?view=trash"));
    assert_eq!(ines.get(&at).await.status, StatusCode::NOT_FOUND);
    ines.get("/inbox?view=trash").await.has("The trash is empty").has_not("An invoice");
    let customer = ines.get(&format!("/customers/{}", kept.customer)).await;
    customer.has(&format!("deleted case {number} for good")).has_not("An invoice");
    let refused = ines.post(&format!("/cases/{}/deletion", kept.number), &[]).await;
    refused.has("This case is not put aside.");
}

#[tokio::test]
async fn a_long_list_of_spam_goes_on_by_position_and_is_emptied() {
    let house = House::new().await;
    let me = house.ines().await;
    for at in 0..60 {
        let number = house.receive(&mail(&format!("p{at}@spam.example"), &format!("Offer {at}."), "Buy.")).await.number;
        house.desk.put_aside(&me, number, Aside::Spam).await.unwrap();
        house.later(Duration::from_secs(1));
    }
    let ines = house.signed_in(INES).await;
    let page = ines.get("/inbox?view=spam").await.text();
    assert!(page.contains("Offer 59.") && page.contains("Offer 10.") && !page.contains("Offer 9."));
    let next = page.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    ines.get(&next).await.has("Offer 9.").has("Offer 0.").has_not("Offer 10.");
    assert_eq!(ines.post("/spam/emptying", &[]).await.location(), "/inbox?view=spam");
    house.desk.work_off().await.unwrap();
    ines.get("/inbox?view=spam").await.has("No spam").has_not("Offer");
}

#[tokio::test]
async fn a_sender_is_blocked_from_a_case_and_listed_in_the_settings() {
    let house = House::new().await;
    let number = house.receive(&mail("Dan <dan+x@northwind.example>", "Late truck", "Where?")).await.number;
    let free = house.receive(&mail("amy@gmail.com", "Hello", "Hi.")).await.number;
    let ines = house.signed_in(INES).await;
    let at = format!("/cases/{number}");
    ines.get(&at).await.has("Block dan@northwind.example").has("Block everybody @northwind.example");
    ines.get(&format!("/cases/{free}")).await.has("Block amy@gmail.com").has_not("Block everybody");
    assert_eq!(ines.post(&format!("{at}/block"), &[("whom", "domain")]).await.status, MOVED);
    let page = ines.get(&at).await;
    page.has("Unblock @northwind.example").has_not("Block dan@").has("New mail from ").has(" goes to spam.");
    let spam = house.receive(&mail("Eve <eve@northwind.example>", "An offer", "Buy.")).await.number;
    ines.get(&format!("/cases/{spam}")).await.has("since its sender is blocked");
    let list = ines.get("/settings/unwanted").await;
    list.has("@northwind.example").has("Ines Okafor").has("Held one mail.").has("data-live=\"blocks\"");
    let refused = ines.post("/settings/blocks", &[("sender", "gmail.com")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.has("gmail.com is a free mail provider").has("value=\"gmail.com\"");
    ines.post("/settings/blocks/removal", &[("sender", "northwind.example")]).await;
    ines.get("/settings/unwanted").await.has("Nobody is blocked.").has_not("Unblock");
    for (typed, why) in [("soon", "Write a number of days"), ("9999", "from 1 to 3650")] {
        let refused = ines.post("/settings/unwanted", &[("spam", "7"), ("trash", typed)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.has(why).has(&format!("value=\"{typed}\""));
    }
    assert_eq!(ines.post("/settings/unwanted", &[("spam", "7"), ("trash", "0")]).await.status, MOVED);
    ines.get("/inbox?view=spam").await.has("deleted for good after 7 days");
    ines.get("/inbox?view=trash").await.has("It stays until an administrator deletes it.");
}

#[tokio::test]
async fn what_could_not_be_read_is_looked_at_as_text_and_taken_in() {
    let house = House::new().await;
    let raw = format!("Subject: from nobody\n\n<script>alert(1)</script>\n{}", "x".repeat(300_000));
    let id = house.quarantined(&raw).await;
    house.quarantined("Subject: another\n\nText\n").await;
    let ines = house.signed_in(INES).await;
    let at = format!("/settings/channels/{}", house.mailbox().await.id);
    ines.get(&at).await.has("Look at it").has("Take it in as it is").has("Try all again");
    let text = ines.get(&format!("{at}/inbound/{id}/text")).await;
    text.has("<script>alert(1)</script>").has("Cut here. The whole mail has");
    assert!(text.body.len() < 270_000);
    assert_eq!(text.headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(text.headers["x-content-type-options"], "nosniff");
    assert_eq!(text.headers["content-disposition"], "inline");
    assert!(text.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
    ines.post(&format!("{at}/inbound/filing"), &[]).await;
    ines.get(&at).await.has("2 mails are being tried again.");
    house.desk.work_off().await.unwrap();
    ines.get(&at).await.has_not("being tried again").has("Tried 4 times.");
    let taken = ines.post(&format!("{at}/inbound/{id}/release"), &[]).await;
    let case = taken.location().to_owned();
    assert!(case.starts_with("/cases/"), "{case}");
    ines.get(&case).await.has("This mail could not be read.").has("mail.eml").has("Unknown sender");
}

/// One mail in a hundred that nobody can read, or for whose case the database refuses, through the door of programs.
#[tokio::test]
async fn poison_ends_in_quarantine_after_its_tries_and_all_others_are_filed() {
    let house = House::new().await;
    let id = house.mailbox().await.id;
    let token = house.desk.channel_token(id).await.unwrap();
    let hand_in = async |raw: String| {
        let request = axum::http::Request::post(format!("/api/v1/channels/{id}/mail"))
            .header("content-type", "message/rfc822")
            .header("authorization", format!("Bearer {token}"));
        house.ask(request.body(raw.into()).unwrap()).await
    };
    let first = "From: dan@northwind.example\r\nMessage-ID: <first@northwind.example>\r\nSubject: One\r\n\r\nText\r\n";
    let spoiled = hand_in(first.to_owned()).await.json()["case"]["number"].as_i64().unwrap();
    let spoil = house.desk.db.write([], async move |tx| {
        tx.run("update cases set participants = 'no list' where number = $1", &[&spoiled]).await
    });
    assert_eq!(spoil.await.unwrap(), 1);
    let (mut filed, mut kept) = (0, Vec::new());
    for at in 0..200 {
        let raw = match at {
            50 => "Subject: from nobody\r\n\r\nText\r\n".to_owned(),
            150 => "From: dan@northwind.example\r\nIn-Reply-To: <first@northwind.example>\r\n\r\nStill\r\n".to_owned(),
            _ => mail(&format!("p{at}@northwind.example"), &format!("Issue {at}"), "Please help."),
        };
        let answer = hand_in(raw).await;
        match answer.status {
            StatusCode::CREATED => filed += 1,
            StatusCode::ACCEPTED => kept.push(answer.json()["quarantined"]["id"].as_str().unwrap().to_owned()),
            other => panic!("{other}: {}", answer.text()),
        }
    }
    assert_eq!((filed, kept.len()), (198, 2));
    for _ in 0..3 {
        house.later(Duration::from_hours(5));
        house.desk.work_off().await.unwrap();
    }
    for id in kept {
        let id: domain::InboundId = id.parse().unwrap();
        let it = house.desk.db.read(async move |rx| store::inbound::find(rx, id).await).await.unwrap().unwrap();
        assert_eq!((it.state, it.tries), (InboundState::Quarantined, 3));
    }
    let ines = house.signed_in(INES).await;
    ines.get("/settings/channels").await.has("2 mails could not be read");
}
