//! What becomes of a mail, whatever it is.

use std::sync::Arc;
use std::time::Duration;

use desk::Error;
use desk::mail::Receipt;
use domain::{Automatic, Fact, InboundId, InboundState, Status};
use store::blob;
use store::inbound::{self, Inbound};
use testkit::{Home, Letter, Stage};
use tokio::sync::Barrier;

testkit::both!(
    the_same_mail_is_one_message,
    the_same_mail_at_once_is_one_message,
    another_mail_with_the_same_id_is_marked,
    our_own_mail_that_comes_back_is_known,
    what_cannot_be_read_is_kept_raw,
    a_mail_that_cannot_be_filed_holds_nobody_up,
    a_mail_that_can_be_filed_at_last_is,
    a_raw_mail_whose_mailbox_is_gone_is_left_to_a_person,
    what_lies_in_quarantine_is_tried_again_or_dropped,
    automatic_mail_changes_no_status,
    files_and_raw_bytes_are_kept,
    large_mails_are_kept,
    the_same_mail_by_another_mailbox_is_an_entry,
);

const RUTH: &str = "Ruth Alvarez <ruth@northwind.example>";

async fn the_same_mail_is_one_message(home: &Home) {
    let stage = Stage::new(home).await;
    let letter = Letter::from(RUTH);
    let first = stage.file(&letter).await;
    let Receipt::Known(again) = stage.receive(&letter).await else { panic!("it was filed twice") };
    assert_eq!((again.number, again.message), (first.number, first.message));
    assert_eq!(again.association, first.association);
    let spine = stage.spine(&stage.ines, first.number).await.unwrap();
    assert_eq!((spine.messages.len(), spine.entries.len()), (1, 1));
}

async fn the_same_mail_at_once_is_one_message(home: &Home) {
    let stage = Stage::new(home).await;
    let letters: Vec<Letter> = (0..4).map(|n| Letter::from(RUTH).subject(&format!("{n}"))).collect();
    let start = Arc::new(Barrier::new(32));
    let mut tasks = Vec::new();
    for n in 0..32 {
        let (desk, mailbox, start) = (stage.desk.clone(), stage.mailbox.clone(), start.clone());
        let raw = letters[n % 4].raw();
        tasks.push(tokio::spawn(async move {
            start.wait().await;
            let now = desk.now();
            desk.receive(&mailbox, raw, now).await.unwrap()
        }));
    }
    let (mut filed, mut customers) = (0, Vec::new());
    for task in tasks {
        match task.await.unwrap() {
            Receipt::Filed(it) => {
                filed += 1;
                customers.push(it.customer);
            }
            Receipt::Known(it) => customers.push(it.customer),
            Receipt::Deleted => panic!("it was deleted before"),
            Receipt::Quarantined { why, .. } => panic!("{why}"),
        }
    }
    customers.dedup();
    assert_eq!((filed, customers.len()), (4, 1), "four mails of one customer");
}

async fn another_mail_with_the_same_id_is_marked(home: &Home) {
    let stage = Stage::new(home).await;
    let first = stage.file(&Letter::from(RUTH).message_id("<one@northwind.example>")).await;
    let other = stage.file(&Letter::from(RUTH).message_id("<one@northwind.example>").text("Something else")).await;
    assert_ne!(first.message, other.message);
    let spine = stage.spine(&stage.ines, first.number).await.unwrap();
    assert!(!spine.messages[&first.message].altered);
    let spine = stage.spine(&stage.ines, other.number).await.unwrap();
    assert!(spine.messages[&other.message].altered);
}

/// A copy of an answer that our own mailbox also receives.
async fn our_own_mail_that_comes_back_is_known(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let reply = crate::case::reply("Pull the plug.", "ruth@northwind.example");
    let message = stage.desk.reply(&stage.ines, number, reply).await.unwrap();
    let ours = stage.spine(&stage.ines, number).await.unwrap().messages[&message].message_id.clone().unwrap();
    let copy = Letter::from("Ines <support@desk.example>").text("Pull the plug.").message_id(&ours);
    let Receipt::Known(known) = stage.receive(&copy).await else { panic!("our own mail was filed") };
    assert_eq!((known.number, known.message), (number, message));
}

async fn what_cannot_be_read_is_kept_raw(home: &Home) {
    let stage = Stage::new(home).await;
    let mut bomb = String::from("From: a@b.example\r\nContent-Type: message/rfc822\r\n\r\n");
    for _ in 0..10_000 {
        bomb.push_str("Content-Type: message/rfc822\r\n\r\n");
    }
    let nobody = b"Subject: nobody wrote this\r\n\r\nBoo\r\n".to_vec();
    for raw in [nobody, Vec::new()] {
        let Receipt::Quarantined { inbound, why } = stage.receive_raw(raw.clone()).await else {
            panic!("it was filed")
        };
        assert!(why.ends_with('.'), "a sentence: {why}");
        let Receipt::Quarantined { inbound: again, .. } = stage.receive_raw(raw.clone()).await else { panic!() };
        assert_eq!(inbound, again, "kept once");
        let kept = stage.desk.db.read(async move |rx| store::inbound::find(rx, inbound).await).await.unwrap().unwrap();
        assert_eq!((kept.raw.to_vec(), kept.state), (raw, InboundState::Quarantined));
    }
    // Whether it is filed or kept raw: the process lives, and the next mail is fine.
    stage.receive_raw(bomb.into_bytes()).await;
    stage.file(&Letter::from(RUTH)).await;
}

/// A mail for a case of which this stands in the database.
async fn poison(stage: &Stage, participants: &'static str) -> Letter {
    let first = Letter::from(RUTH);
    let number = stage.file(&first).await.number;
    let spoil = async move |tx: &mut store::Tx| {
        tx.run("update cases set participants = $1 where number = $2", &[&participants, &number]).await
    };
    assert_eq!(stage.desk.db.write([], spoil).await.unwrap(), 1);
    Letter::from(RUTH).text("Still smoke").answers(&first.id())
}

async fn raw(stage: &Stage, inbound: InboundId) -> Option<Inbound> {
    stage.desk.db.read(async move |rx| inbound::find(rx, inbound).await).await.unwrap()
}

async fn a_mail_that_cannot_be_filed_holds_nobody_up(home: &Home) {
    let stage = Stage::new(home).await;
    let letter = poison(&stage, "no list").await;
    let Receipt::Quarantined { inbound, why } = stage.receive(&letter).await else { panic!("it was filed") };
    assert!(why.ends_with('.') && why.contains("participants"), "{why}");
    stage.file(&Letter::from("dan@northwind.example")).await;
    for tries in 1..3 {
        let kept = raw(&stage, inbound).await.unwrap();
        assert_eq!((kept.state, kept.tries), (InboundState::Waiting, tries));
        stage.pass(Duration::from_mins(2));
        assert_eq!(stage.desk.work_off().await.unwrap(), 1);
    }
    let kept = raw(&stage, inbound).await.unwrap();
    assert_eq!((kept.state, kept.tries, kept.raw.to_vec()), (InboundState::Quarantined, 3, letter.raw()));
    stage.pass(Duration::from_hours(24));
    assert_eq!(stage.desk.work_off().await.unwrap(), 0, "it waits for a person");
}

async fn a_mail_that_can_be_filed_at_last_is(home: &Home) {
    let stage = Stage::new(home).await;
    let letter = poison(&stage, "no list").await;
    let Receipt::Quarantined { inbound, .. } = stage.receive(&letter).await else { panic!("it was filed") };
    let mend = async move |tx: &mut store::Tx| tx.run("update cases set participants = '[]'", &[]).await;
    stage.desk.db.write([], mend).await.unwrap();
    stage.pass(Duration::from_mins(2));
    assert_eq!(stage.desk.work_off().await.unwrap(), 1);
    assert_eq!(raw(&stage, inbound).await, None);
    let Receipt::Known(_) = stage.receive(&letter).await else { panic!("it was not filed") };
    let jobs = async |rx: &store::Read| rx.one::<i64>("select count(*) from jobs", &[]).await;
    assert_eq!(stage.desk.db.read(jobs).await.unwrap(), 0);
}

async fn a_raw_mail_whose_mailbox_is_gone_is_left_to_a_person(home: &Home) {
    let stage = Stage::new(home).await;
    let letter = poison(&stage, "no list").await;
    let Receipt::Quarantined { inbound, .. } = stage.receive(&letter).await else { panic!("it was filed") };
    let remove = async move |tx: &mut store::Tx| tx.run("delete from channels", &[]).await;
    assert_eq!(stage.desk.db.write([], remove).await.unwrap(), 1);
    stage.pass(Duration::from_mins(2));
    stage.desk.work_off().await.unwrap();
    let kept = raw(&stage, inbound).await.unwrap();
    assert_eq!(kept.state, InboundState::Quarantined);
    assert!(kept.error.unwrap().contains("mailbox"));
}

async fn what_lies_in_quarantine_is_tried_again_or_dropped(home: &Home) {
    let stage = Stage::new(home).await;
    let (desk, channel) = (&stage.desk, stage.mailbox.id);
    let Receipt::Quarantined { inbound, .. } = stage.receive_raw(b"Subject: from nobody\r\n\r\nBoo\r\n".to_vec()).await
    else {
        panic!("it was filed")
    };
    let kept = async || desk.db.read(async move |rx| store::inbound::find(rx, inbound).await).await.unwrap();
    let (agent, other) = (&stage.jonas, desk.id::<domain::ChannelId>());
    assert!(matches!(desk.try_again(agent, channel, inbound).await, Err(Error::NotFound)));
    assert!(matches!(desk.drop_inbound(agent, channel, inbound).await, Err(Error::NotFound)));
    desk.try_again(&stage.ines, channel, inbound).await.unwrap();
    assert_eq!(kept().await.unwrap().tries, 4, "it still cannot be read");
    desk.drop_inbound(&stage.ines, other, inbound).await.unwrap();
    desk.try_again(&stage.ines, other, inbound).await.unwrap();
    assert_eq!(kept().await.unwrap().tries, 4, "it is another mailbox's");

    // As if this version could read what the one before could not.
    let raw = Letter::from(RUTH).raw();
    let mended = desk.db.write([], async move |tx| {
        tx.run("update inbound set body = $2 where id = $1", &[&inbound, &raw]).await.map(drop)
    });
    mended.await.unwrap();
    let mut news = desk.db.news();
    desk.try_again(&stage.ines, channel, inbound).await.unwrap();
    assert_eq!(kept().await, None);
    let told = std::iter::from_fn(|| news.try_recv().ok()).collect::<Vec<_>>();
    assert!(told.contains(&store::News::Changed(store::Hint::new("channels"))), "{told:?}");
    assert!(stage.spine(&stage.ines, 1).await.is_ok(), "it is a case");
    desk.try_again(&stage.ines, channel, inbound).await.unwrap();
    assert!(stage.spine(&stage.ines, 2).await.is_err(), "and only once");

    let Receipt::Quarantined { inbound, .. } = stage.receive_raw(b"Subject: again\r\n\r\nBoo\r\n".to_vec()).await
    else {
        panic!("it was filed")
    };
    for _ in 0..2 {
        desk.drop_inbound(&stage.ines, channel, inbound).await.unwrap();
    }
    let left = desk.db.read(async move |rx| store::inbound::find(rx, inbound).await).await.unwrap();
    assert_eq!(left, None);
}

async fn automatic_mail_changes_no_status(home: &Home) {
    let stage = Stage::new(home).await;
    let first = Letter::from(RUTH);
    let number = stage.file(&first).await.number;
    let reply = crate::case::reply("Pull the plug.", "ruth@northwind.example");
    stage.desk.reply(&stage.ines, number, reply).await.unwrap();
    let away = Letter::from(RUTH).text("I am away.").answers(&first.id()).header("Auto-Submitted", "auto-replied");
    let filed = stage.file(&away).await;
    assert_eq!((filed.number, filed.automatic), (number, Some(Automatic::AutoReply)));
    assert_eq!(filed.status, Status::Waiting);
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    assert!(!spine.case.theirs, "the last word is ours");
    let list = Letter::from("news@list.example").header("List-Id", "<news.list.example>");
    assert_eq!(stage.file(&list).await.automatic, Some(Automatic::List));
}

async fn files_and_raw_bytes_are_kept(home: &Home) {
    let stage = Stage::new(home).await;
    let letter = Letter::from(RUTH).file("../../etc/invoice.pdf", b"%PDF-1.7 small");
    let filed = stage.file(&letter).await;
    let spine = stage.spine(&stage.ines, filed.number).await.unwrap();
    let message = &spine.messages[&filed.message];
    assert_eq!(message.files.len(), 1);
    let file = message.files[0].clone();
    assert!(!file.name.contains('/') && file.name.ends_with("invoice.pdf"), "{}", file.name);
    assert_eq!(file.size, 14);
    let (customer, case, raw) = (filed.customer, filed.case, message.raw_hash.clone().unwrap());
    let (bytes, raw) = stage
        .desk
        .db
        .read(async move |rx| {
            Ok::<_, store::Error>((
                blob::read(rx, customer, case, &file.hash).await?,
                blob::read(rx, customer, case, &raw).await?,
            ))
        })
        .await
        .unwrap();
    assert_eq!((bytes.as_slice(), raw), (b"%PDF-1.7 small".as_slice(), letter.raw()));
}

async fn large_mails_are_kept(home: &Home) {
    let stage = Stage::new(home).await;
    let content: Vec<u8> = (0..3_000_000_u32).map(|it| (it % 251) as u8).collect();
    let letter = Letter::from(RUTH).file("scan.pdf", &content);
    let filed = stage.file(&letter).await;
    let spine = stage.spine(&stage.ines, filed.number).await.unwrap();
    let file = spine.messages[&filed.message].files[0].clone();
    let (customer, case) = (filed.customer, filed.case);
    let bytes = stage.desk.db.read(async move |rx| blob::read(rx, customer, case, &file.hash).await).await.unwrap();
    assert!(bytes == content);
}

async fn the_same_mail_by_another_mailbox_is_an_entry(home: &Home) {
    let stage = Stage::new(home).await;
    let billing = desk::channel::NewMailbox {
        name: "Billing".to_owned(),
        address: "billing@desk.example".to_owned(),
        reading: None,
        sending: None,
        user: String::new(),
        password: String::new(),
        ..desk::channel::NewMailbox::default()
    };
    let billing = stage.desk.add_mailbox(billing).await.unwrap();
    let billing = stage.desk.mailbox(billing).await.unwrap().unwrap();
    let letter = Letter::from(RUTH);
    let first = stage.file(&letter).await;
    let now = stage.desk.now();
    for _ in 0..2 {
        let Receipt::Known(_) = stage.desk.receive(&billing, letter.raw(), now).await.unwrap() else { panic!() };
    }
    let spine = stage.spine(&stage.ines, first.number).await.unwrap();
    let also = Fact::AlsoArrived { message: first.message, channel: billing.id };
    assert_eq!(spine.messages.len(), 1);
    assert_eq!(spine.entries.iter().filter(|it| it.fact == also).count(), 1, "one by each way");
}
