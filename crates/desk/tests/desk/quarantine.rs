//! Raw mail that nobody could read: taken in as it is, tried again all at once, and not shown twice once it is dropped.

use std::fmt::Write as _;

use desk::mail::Receipt;
use domain::{InboundId, InboundState};
use store::{Scope, blob, inbound};
use testkit::{Home, Letter, Stage};

testkit::both!(
    what_cannot_be_read_is_taken_in_as_it_is,
    without_a_sender_each_is_a_case_of_its_own,
    all_are_tried_again_at_once,
    what_somebody_dropped_is_not_kept_again,
    two_who_take_in_the_same_mail_make_one_case,
);

async fn quarantined(stage: &Stage, raw: &[u8]) -> InboundId {
    match stage.receive_raw(raw.to_vec()).await {
        Receipt::Quarantined { inbound, .. } => inbound,
        other => panic!("it is not in quarantine: {other:?}"),
    }
}

async fn raw(stage: &Stage, id: InboundId) -> Option<inbound::Inbound> {
    stage.desk.db.read(async move |rx| inbound::find(rx, id).await).await.unwrap()
}

/// A mail from Ruth with more multiparts inside one another than anybody reads.
fn too_deep(from: &str) -> Vec<u8> {
    let mut mail = format!("From: {from}\r\nSubject: Nested\r\n");
    for depth in 0..30 {
        write!(mail, "Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r\n").unwrap();
    }
    mail.push_str("Content-Type: text/plain\r\n\r\nThe word is albatross.\r\n");
    mail.into_bytes()
}

async fn what_cannot_be_read_is_taken_in_as_it_is(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, channel) = (&stage.desk, stage.mailbox.id);
    let known = stage.file(&Letter::from("Ruth Alvarez <ruth@northwind.example>")).await;
    let bytes = too_deep("Ruth Alvarez <ruth@northwind.example>");
    let id = quarantined(&stage, &bytes).await;
    assert!(matches!(desk.release_inbound(&stage.jonas, channel, id).await, Err(desk::Error::NotFound)));
    let number = desk.release_inbound(&stage.ines, channel, id).await.unwrap().unwrap();
    assert_eq!(desk.release_inbound(&stage.ines, channel, id).await.unwrap(), None, "a second click finds nothing");
    assert_eq!(raw(&stage, id).await, None);
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    assert_eq!((spine.customer.id, spine.case.subject.as_str()), (known.customer, "Nested"));
    let message = spine.messages.values().next().unwrap();
    assert!(message.text.contains("could not be read") && message.text.contains("Ines Okafor"), "{}", message.text);
    assert_eq!(message.verdict, domain::Verdict::Unknown);
    let file = message.files[0].clone();
    assert_eq!((file.name.as_str(), file.media_type.as_str()), ("mail.eml", "message/rfc822"));
    let (customer, case) = (spine.case.customer, spine.case.id);
    let kept = desk.db.read(async move |rx| blob::read(rx, customer, case, &file.hash).await).await.unwrap();
    assert_eq!(kept, bytes, "it is the mail as it came");
    // A mailbox that is read once more from its beginning does not bring it into quarantine again.
    assert!(matches!(stage.receive_raw(bytes).await, Receipt::Deleted));
}

async fn without_a_sender_each_is_a_case_of_its_own(home: &Home) {
    let stage = Stage::new(home).await;
    let mut cases = Vec::new();
    for text in ["one", "two"] {
        let id = quarantined(&stage, format!("Subject: From nobody\r\n\r\n{text}\r\n").as_bytes()).await;
        let number = stage.desk.release_inbound(&stage.ines, stage.mailbox.id, id).await.unwrap().unwrap();
        let spine = stage.spine(&stage.ines, number).await.unwrap();
        assert_eq!(spine.customer.name, "Unknown sender");
        cases.push((number, spine.customer.id));
    }
    assert!(cases[0].0 != cases[1].0 && cases[0].1 != cases[1].1, "nobody knows that it was the same person");
}

async fn all_are_tried_again_at_once(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, channel) = (&stage.desk, stage.mailbox.id);
    let mut ids = Vec::new();
    for count in 0..105 {
        ids.push(quarantined(&stage, format!("Subject: {count}\r\n\r\nText\r\n").as_bytes()).await);
    }
    // As if this version could read what the one before could not.
    let (mended, bytes) = (ids[3], Letter::from("ruth@northwind.example").raw());
    let mend = desk.db.write([], async move |tx| {
        tx.run("update inbound set body = $2 where id = $1", &[&mended, &bytes]).await.map(drop)
    });
    mend.await.unwrap();
    assert!(matches!(desk.try_all_again(&stage.jonas, channel).await, Err(desk::Error::NotFound)));
    desk.try_all_again(&stage.ines, channel).await.unwrap();
    let scope = Scope::of(&stage.ines);
    let waiting = async || {
        let scope = scope.clone();
        desk.db.read(async move |rx| inbound::waiting(rx, &scope, channel).await).await.unwrap()
    };
    assert_eq!(waiting().await, 100, "a count that stops");
    assert_eq!(desk.work_off().await.unwrap(), 105);
    assert_eq!(waiting().await, 0);
    assert_eq!(raw(&stage, mended).await, None);
    assert!(stage.spine(&stage.ines, 1).await.is_ok(), "it is a case");
    let other = raw(&stage, ids[4]).await.unwrap();
    assert_eq!((other.state, other.tries), (InboundState::Quarantined, 4));
    assert_eq!(desk.work_off().await.unwrap(), 0, "the others wait for a person");
}

async fn what_somebody_dropped_is_not_kept_again(home: &Home) {
    let stage = Stage::new(home).await;
    let bytes = b"Subject: From nobody\r\n\r\nBoo\r\n";
    let id = quarantined(&stage, bytes).await;
    stage.desk.drop_inbound(&stage.ines, stage.mailbox.id, id).await.unwrap();
    assert!(matches!(stage.receive_raw(bytes.to_vec()).await, Receipt::Deleted));
    assert_eq!(raw(&stage, id).await, None);
}

async fn two_who_take_in_the_same_mail_make_one_case(home: &Home) {
    let stage = Stage::new(home).await;
    let channel = stage.mailbox.id;
    let id = quarantined(&stage, b"Subject: From nobody\r\n\r\ntext\r\n").await;
    let mut other = stage.ines.clone();
    "Amara Nwosu".clone_into(&mut other.name);
    let (one, two) = tokio::join!(
        stage.desk.release_inbound(&stage.ines, channel, id),
        stage.desk.release_inbound(&other, channel, id)
    );
    let taken = [one, two].iter().filter(|it| matches!(it, Ok(Some(_)))).count();
    assert_eq!(taken, 1);
    assert_eq!(raw(&stage, id).await, None);
}
