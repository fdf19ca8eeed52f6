//! First messages are acknowledged: when, with what, and never too often.

use std::time::Duration;

use channels::{Security, Tls};
use desk::Post;
use desk::channel::NewMailbox;
use desk::mail::Receipt;
use domain::hours::{Hours, Span};
use domain::{Automatic, Direction, Fact, Message, Status};
use store::acknowledgement::Acknowledgement;
use testkit::scripted::Scripted;
use testkit::{Home, Letter, Stage};

use crate::outbox::{accepts, mailbox};

testkit::both!(
    a_first_message_is_acknowledged_without_a_word_of_its_sender,
    a_machine_a_forger_and_a_second_message_are_not,
    one_address_hears_of_us_once_a_day,
    nobody_is_there_at_night,
    two_desks_stop_at_two_mails,
    its_texts_must_make_sense,
    what_is_a_day_old_or_could_not_be_read_is_not,
);

const RUTH: &str = "Ruth Alvarez <ruth@northwind.example>";

pub async fn acknowledging(stage: &Stage) {
    let it = Acknowledgement {
        active: true,
        subject: "We have it: case {number}".to_owned(),
        text: "{organization} has your message, number {number}.".to_owned(),
        closed_text: String::new(),
    };
    stage.desk.set_acknowledgement(&stage.ines, stage.mailbox.id, it).await.unwrap();
}

/// What the desk has said in a case.
async fn said(stage: &Stage, number: i64) -> Vec<Message> {
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    let mut ours: Vec<_> = spine.messages.into_values().filter(|it| it.direction == Direction::Outbound).collect();
    ours.sort_by_key(|it| it.id);
    ours
}

async fn a_first_message_is_acknowledged_without_a_word_of_its_sender(home: &Home) {
    let stage = Stage::new(home).await;
    let silent = stage.file(&Letter::from("first@northwind.example")).await;
    assert_eq!(said(&stage, silent.number).await, [], "nobody has set that up");
    acknowledging(&stage).await;
    let letter = Letter::from(RUTH).subject("BUY PILLS https://evil.example").text("Click https://evil.example");
    let filed = stage.file(&letter).await;
    let [answer] = &said(&stage, filed.number).await[..] else { panic!("one answer") };
    assert_eq!(answer.subject, format!("We have it: case {}", filed.number));
    assert_eq!(answer.text, format!("Tareline has your message, number {}.", filed.number));
    assert_eq!(answer.recipients.addresses().map(ToString::to_string).collect::<Vec<_>>(), ["ruth@northwind.example"]);
    assert_eq!((answer.automatic, answer.in_reply_to.clone()), (Some(Automatic::AutoReply), Some(letter.id())));
    let spine = stage.spine(&stage.ines, filed.number).await.unwrap();
    assert_eq!(spine.entries.last().unwrap().fact, Fact::Acknowledged { message: answer.id });
    assert_eq!((spine.case.status, spine.case.theirs), (Status::New, true), "nobody has answered yet");
    // Their answer to it comes to the same case.
    let id = answer.message_id.clone().unwrap();
    assert_eq!(stage.file(&Letter::from(RUTH).text("Oh, and this").answers(&id)).await.number, filed.number);
}

async fn a_machine_a_forger_and_a_second_message_are_not(home: &Home) {
    let stage = Stage::new(home).await;
    acknowledging(&stage).await;
    for letter in [
        Letter::from("a@northwind.example").header("Auto-Submitted", "auto-replied"),
        Letter::from("b@northwind.example").header("List-Id", "<news.northwind.example>"),
        Letter::from("mailer-daemon@northwind.example"),
        Letter::from("c@northwind.example").header("Precedence", "bulk"),
        Letter::from("d@northwind.example").verdict("fail"),
        Letter::from("support@desk.example"),
    ] {
        let filed = stage.file(&letter).await;
        assert_eq!(said(&stage, filed.number).await, [], "{letter:?}");
    }
    let first = Letter::from(RUTH);
    let filed = stage.file(&first).await;
    stage.pass(Duration::from_hours(48));
    stage.file(&Letter::from(RUTH).text("Any news?").answers(&first.id())).await;
    assert_eq!(said(&stage, filed.number).await.len(), 1);
}

async fn one_address_hears_of_us_once_a_day(home: &Home) {
    let stage = Stage::new(home).await;
    acknowledging(&stage).await;
    let mut heard = 0;
    for n in 0..20 {
        // A tag or capitals make no other address.
        let from = if n % 2 == 0 { "RUTH+shop@northwind.example" } else { "ruth@northwind.example" };
        let filed = stage.file(&Letter::from(from).text(&n.to_string())).await;
        heard += said(&stage, filed.number).await.len();
        stage.pass(Duration::from_hours(1));
    }
    assert_eq!(heard, 1);
    stage.pass(Duration::from_hours(5));
    stage.desk.reconcile_once(true).await.unwrap();
    let next = stage.file(&Letter::from(RUTH).text("tomorrow")).await;
    assert_eq!(said(&stage, next.number).await.len(), 1);
}

async fn nobody_is_there_at_night(home: &Home) {
    let stage = Stage::new(home).await;
    let it = Acknowledgement {
        active: true,
        subject: "We have it".to_owned(),
        text: "We are here.".to_owned(),
        closed_text: "We are asleep.".to_owned(),
    };
    stage.desk.set_acknowledgement(&stage.ines, stage.mailbox.id, it).await.unwrap();
    // It is nine o’clock in London, where the organization is.
    let day = Some(Span { from: 9 * 60, to: 17 * 60 });
    let hours = Hours { days: vec![day, day, day, day, day, None, None], closed: vec!["11-13".to_owned()] };
    stage.desk.set_hours(&stage.ines, hours).await.unwrap();
    for (pass, expected) in [(0, "here"), (7, "here"), (1, "asleep"), (16, "here"), (48, "asleep"), (24, "asleep")] {
        stage.pass(Duration::from_hours(pass));
        let filed = stage.file(&Letter::from(&format!("a{}@northwind.example", stage.desk.now().0))).await;
        let said = said(&stage, filed.number).await;
        assert_eq!(said[0].text, format!("We are {expected}."), "{pass} hours later");
    }
}

/// A desk of its own with this address, that sends by this server.
async fn desk_at(home: &Home, address: &str, server: &Scripted) -> Stage {
    let mailbox = NewMailbox { address: address.to_owned(), ..mailbox(Some(server.server(Security::Plain))) };
    let stage = Stage::with(home, Post::Servers(Tls::new(None).unwrap()), Some(mailbox)).await;
    acknowledging(&stage).await;
    stage
}

async fn two_desks_stop_at_two_mails(home: &Home) {
    let (out, back) = (Scripted::start(vec![accepts()]).await, Scripted::start(vec![accepts()]).await);
    let other_home = Home::sqlite();
    let one = desk_at(home, "help@one.example", &out).await;
    let other = desk_at(&other_home, "help@two.example", &back).await;
    // Somebody at the other desk writes here by its address: that is one mail, and the answer to it the second.
    one.file(&Letter::from("help@two.example").to("help@one.example").text("A person writes.")).await;
    one.desk.work_off().await.unwrap();
    let [answer] = &out.mails()[..] else { panic!("it is acknowledged") };
    let filed = other.receive_raw(answer.clone().into_bytes()).await;
    let desk::mail::Receipt::Filed(filed) = filed else { panic!("{filed:?}") };
    assert_eq!(filed.automatic, Some(Automatic::AutoReply));
    other.desk.work_off().await.unwrap();
    assert_eq!((back.mails(), said(&other, filed.number).await), (vec![], vec![]));
    other_home.remove().await;
}

async fn its_texts_must_make_sense(home: &Home) {
    let stage = Stage::new(home).await;
    let it = Acknowledgement { active: true, subject: "{name}".to_owned(), text: "x".to_owned(), ..Default::default() };
    for (it, word) in [
        (it.clone(), "{name}"),
        (Acknowledgement { subject: String::new(), ..it.clone() }, "Write what"),
        (Acknowledgement { subject: "x".to_owned(), text: "x".repeat(20_000), ..it }, "too long"),
    ] {
        let refused = stage.desk.set_acknowledgement(&stage.ines, stage.mailbox.id, it).await.unwrap_err();
        assert!(refused.to_string().contains(word), "{refused}");
    }
    let hours = Hours { days: vec![Some(Span { from: 600, to: 540 })], closed: Vec::new() };
    assert!(stage.desk.set_hours(&stage.ines, hours).await.is_err());
    let hours = Hours { days: Vec::new(), closed: vec!["31-12".to_owned()] };
    assert!(stage.desk.set_hours(&stage.ines, hours).await.is_err());
    assert!(stage.desk.set_hours(&stage.jonas, Hours::default()).await.is_err(), "an agent may not");
}

async fn what_is_a_day_old_or_could_not_be_read_is_not(home: &Home) {
    let stage = Stage::new(home).await;
    acknowledging(&stage).await;
    let mailbox = stage.desk.mailbox(stage.mailbox.id).await.unwrap().unwrap();
    let before = |hours| stage.desk.now().before(Duration::from_hours(hours));
    for (hours, answers) in [(25, 0), (23, 1)] {
        let letter = Letter::from(&format!("a{hours}@northwind.example"));
        let filed = match stage.desk.receive(&mailbox, letter.raw(), before(hours)).await.unwrap() {
            Receipt::Filed(it) => it,
            other => panic!("{other:?}"),
        };
        assert_eq!(said(&stage, filed.number).await.len(), answers, "{hours} hours old");
    }
    let deep = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n".repeat(30);
    let inbound = match stage.receive_raw(format!("From: {RUTH}\r\n{deep}").into_bytes()).await {
        Receipt::Quarantined { inbound, .. } => inbound,
        other => panic!("{other:?}"),
    };
    let number = stage.desk.release_inbound(&stage.ines, mailbox.id, inbound).await.unwrap().unwrap();
    assert_eq!(said(&stage, number).await, []);
}
