//! What leaves, and what is said when it does not.

use std::time::Duration;

use channels::{Security, Server, Tls};
use desk::case::Reply;
use desk::channel::NewMailbox;
use desk::outbox::HOLD;
use desk::{Ctx, Desk, Fixed, Keys, Post, Seeded, Upload};
use domain::{Fact, MessageState};
use testkit::scripted::{Scripted, Turn};
use testkit::{Home, Letter, Stage};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

testkit::both!(
    a_reply_is_sent_once,
    a_server_that_says_later_is_asked_again,
    a_mail_that_is_refused_stays_and_says_so,
    a_crash_after_the_servers_word_sends_the_same_mail_again,
    a_mail_that_may_have_been_sent_twice_is_left_to_a_person,
    a_mail_at_which_processes_die_is_left_to_a_person,
    a_worker_that_was_too_slow_changes_nothing,
    a_job_is_held_while_its_mail_is_handed_over,
    a_message_has_one_job,
    a_key_file_that_is_another_fails_the_message,
    a_file_that_is_lost_fails_the_message,
    a_job_that_is_given_up_fails_the_message,
    whom_no_server_takes_is_named_at_once,
    a_mailbox_without_a_server_says_so,
    in_a_demo_nothing_leaves,
);

const RUTH: &str = "Ruth Alvarez <ruth@northwind.example>";

pub fn say(text: &str) -> Turn {
    Turn::Say(text.to_owned())
}

pub fn hear(line: &'static str, answer: &str) -> Turn {
    Turn::Hear(line, answer.to_owned())
}

/// A server that signs us in, and then does this.
pub fn session(rest: Vec<Turn>) -> Vec<Turn> {
    let mut turns = vec![
        say("220 mx.example ESMTP\r\n"),
        hear("EHLO", "250-mx.example\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN\r\n"),
        hear("AUTH PLAIN", "235 welcome\r\n"),
    ];
    turns.extend(rest);
    turns
}

pub fn accepts() -> Vec<Turn> {
    session(vec![
        hear("MAIL", "250 ok\r\n"),
        hear("RCPT", "250 ok\r\n"),
        hear("DATA", "354 go on\r\n"),
        Turn::HearMail("250 queued as 17\r\n".to_owned()),
        hear("QUIT", "221 bye\r\n"),
    ])
}

pub fn mailbox(sending: Option<Server>) -> NewMailbox {
    NewMailbox {
        name: "Tareline Support".to_owned(),
        address: "support@desk.example".to_owned(),
        reading: None,
        sending,
        user: String::new(),
        password: "app password".to_owned(),
        ..NewMailbox::default()
    }
}

/// A desk with an answer in its outbox.
async fn answered(home: &Home, server: &Scripted) -> (Stage, i64, domain::MessageId) {
    let post = Post::Servers(Tls::new(None).unwrap());
    let stage = Stage::with(home, post, Some(mailbox(Some(server.server(Security::Plain))))).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let reply = crate::case::reply("Pull the plug.", "ruth@northwind.example");
    let id = stage.desk.reply(&stage.ines, number, reply).await.unwrap();
    stage.pass(HOLD);
    (stage, number, id)
}

pub async fn message(stage: &Stage, number: i64, id: domain::MessageId) -> domain::Message {
    stage.spine(&stage.ines, number).await.unwrap().messages[&id].clone()
}

fn mails(server: &Scripted) -> usize {
    server.heard().iter().filter(|it| it.starts_with("DATA")).count()
}

async fn a_reply_is_sent_once(home: &Home) {
    let server = Scripted::start(vec![accepts()]).await;
    let (stage, number, id) = answered(home, &server).await;
    assert_eq!(message(&stage, number, id).await.state, MessageState::Sending);
    stage.desk.work_off().await.unwrap();
    assert_eq!(message(&stage, number, id).await.state, MessageState::Sent);
    stage.pass(Duration::from_hours(24));
    stage.desk.work_off().await.unwrap();
    assert_eq!((mails(&server), server.surprises()), (1, Vec::<String>::new()));
    let heard = server.heard().join("\n");
    assert!(heard.contains("MAIL FROM:<support@desk.example>") && heard.contains("RCPT TO:<ruth@northwind.example>"));
}

async fn a_server_that_says_later_is_asked_again(home: &Home) {
    let later = session(vec![hear("MAIL", "451 greylisted, come back\r\n"), hear("QUIT", "221 bye\r\n")]);
    let server = Scripted::start(vec![later.clone(), later, accepts()]).await;
    let (stage, number, id) = answered(home, &server).await;
    for _ in 0..2 {
        assert_eq!(stage.desk.work_off().await.unwrap(), 1);
        let it = message(&stage, number, id).await;
        assert_eq!(it.state, MessageState::Sending);
        assert!(it.error.is_some(), "whoever looks sees why it is not there yet");
        stage.pass(Duration::from_mins(5));
    }
    stage.desk.work_off().await.unwrap();
    let it = message(&stage, number, id).await;
    assert_eq!((it.state, it.error, mails(&server)), (MessageState::Sent, None, 1));
}

async fn a_mail_that_is_refused_stays_and_says_so(home: &Home) {
    let refuses = session(vec![
        hear("MAIL", "250 ok\r\n"),
        hear("RCPT", "550 5.1.1 no such user\r\n"),
        hear("QUIT", "221 bye\r\n"),
    ]);
    let server = Scripted::start(vec![refuses, accepts()]).await;
    let (stage, number, id) = answered(home, &server).await;
    stage.desk.work_off().await.unwrap();
    let it = message(&stage, number, id).await;
    assert_eq!(it.state, MessageState::Failed);
    let why = it.error.unwrap();
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    assert_eq!(spine.entries.last().unwrap().fact, Fact::SendFailed { message: id, why });
    stage.pass(Duration::from_hours(1));
    assert_eq!(stage.desk.work_off().await.unwrap(), 0, "it is not tried again by itself");
    stage.desk.send_again(&stage.ines, number, id).await.unwrap();
    assert!(stage.desk.send_again(&stage.ines, number, id).await.is_err(), "it is on its way");
    stage.desk.work_off().await.unwrap();
    assert_eq!(message(&stage, number, id).await.state, MessageState::Sent);
}

/// The connection breaks after the mail was handed over: nobody knows whether it was taken.
fn breaks() -> Vec<Turn> {
    session(vec![
        hear("MAIL", "250 ok\r\n"),
        hear("RCPT", "250 ok\r\n"),
        hear("DATA", "354 go on\r\n"),
        Turn::HearMail(String::new()),
        Turn::Close,
    ])
}

/// The server falls silent before the mail was handed over.
fn stalls() -> Vec<Turn> {
    session(vec![hear("MAIL", "250 ok\r\n"), hear("RCPT", "250 ok\r\n"), hear("DATA", ""), Turn::Stall])
}

/// Another process that shares the database, at this moment.
fn other_node(stage: &Stage, keys: Keys) -> Desk {
    let ctx = Ctx::new(Fixed(stage.desk.now()), Seeded::new(8));
    Desk::new(stage.desk.db.clone(), ctx, keys, Post::Servers(Tls::new(None).unwrap()), Uuid::from_u128(8))
}

pub fn same_keys() -> Keys {
    Keys::new(vec![(1, [7; 32])])
}

async fn count(stage: &Stage, sql: &'static str) -> i64 {
    stage.desk.db.read(async move |rx| rx.one::<i64>(sql, &[]).await).await.unwrap()
}

const JOBS: &str = "select count(*) from jobs";

async fn a_mail_that_may_have_been_sent_twice_is_left_to_a_person(home: &Home) {
    let later = session(vec![hear("MAIL", "451 come back\r\n"), hear("QUIT", "221 bye\r\n")]);
    let server = Scripted::start(vec![breaks(), later, breaks(), accepts()]).await;
    let (stage, number, id) = answered(home, &server).await;
    for _ in 0..3 {
        assert_eq!(message(&stage, number, id).await.state, MessageState::Sending);
        stage.desk.work_off().await.unwrap();
        stage.pass(Duration::from_mins(5));
    }
    let it = message(&stage, number, id).await;
    assert_eq!(it.state, MessageState::Failed);
    assert!(it.error.unwrap().contains("may have been sent"));
    stage.pass(Duration::from_hours(24));
    assert_eq!((stage.desk.work_off().await.unwrap(), server.mails().len()), (0, 2));
    stage.desk.send_again(&stage.ines, number, id).await.unwrap();
    stage.desk.work_off().await.unwrap();
    assert_eq!(message(&stage, number, id).await.state, MessageState::Sent, "whoever asks for it knows");
}

/// A process takes up all that is to be sent, and dies when it hands it over.
async fn dies(stage: &Stage) {
    let now = stage.desk.now();
    for job in store::job::claim(&stage.desk.db, Uuid::nil(), &["send"], now, 9).await.unwrap() {
        let named: serde_json::Value = serde_json::from_str(&job.payload).unwrap();
        let id = |name: &str| named[name].as_str().unwrap().parse::<Uuid>().unwrap();
        let (customer, outbox) = (domain::CustomerId(id("customer")), domain::OutboxId(id("outbox")));
        let die = stage.desk.db.write([store::Lock::Customer(customer)], async move |tx| {
            let begun = store::outbox::begin(tx, customer, outbox).await?.unwrap();
            store::outbox::handing(tx, &begun.sending).await
        });
        assert!(die.await.unwrap());
    }
    stage.pass(Duration::from_mins(6));
}

/// Nobody knows whether one that died had handed its mail over.
async fn a_mail_at_which_processes_die_is_left_to_a_person(home: &Home) {
    let later = session(vec![hear("MAIL", "451 come back\r\n"), hear("QUIT", "221 bye\r\n")]);
    let server = Scripted::start(vec![later, accepts()]).await;
    let (stage, number, id) = answered(home, &server).await;
    dies(&stage).await;
    stage.desk.work_off().await.unwrap();
    assert_eq!(
        message(&stage, number, id).await.state,
        MessageState::Sending,
        "one may have sent it: it is tried again"
    );
    stage.pass(Duration::from_mins(6));
    dies(&stage).await;
    stage.desk.work_off().await.unwrap();
    let it = message(&stage, number, id).await;
    assert_eq!((it.state, server.mails().len()), (MessageState::Failed, 0));
    assert!(it.error.unwrap().contains("may have been sent"));
    stage.desk.send_again(&stage.ines, number, id).await.unwrap();
    stage.desk.work_off().await.unwrap();
    assert_eq!((message(&stage, number, id).await.state, server.mails().len()), (MessageState::Sent, 1));
}

async fn a_worker_that_was_too_slow_changes_nothing(home: &Home) {
    let server = Scripted::start(vec![stalls(), accepts()]).await;
    let (stage, number, id) = answered(home, &server).await;
    let desk = stage.desk.clone();
    let slow = tokio::spawn(async move { desk.work_off().await });
    server.wait_for_connections(1).await;
    stage.pass(Duration::from_mins(6));
    assert_eq!(other_node(&stage, same_keys()).work_off().await.unwrap(), 1, "its lease is over");
    assert_eq!(message(&stage, number, id).await.state, MessageState::Sent);
    server.hang_up();
    slow.await.unwrap().unwrap();
    let it = message(&stage, number, id).await;
    assert_eq!((it.state, it.error), (MessageState::Sent, None));
    assert_eq!((server.mails().len(), count(&stage, JOBS).await), (1, 0));
}

async fn a_job_is_held_while_its_mail_is_handed_over(home: &Home) {
    let server = Scripted::start(vec![stalls(), accepts()]).await;
    let (stage, number, id) = answered(home, &server).await;
    let (desk, stop) = (stage.desk.clone(), CancellationToken::new());
    let stopped = stop.clone();
    let worker = tokio::spawn(async move { desk.work_at(Duration::from_millis(5), stopped).await });
    server.wait_for_connections(1).await;
    let until = async || count(&stage, "select due_at from jobs").await;
    for _ in 0..3 {
        stage.pass(Duration::from_mins(4));
        let end = stage.desk.now().after(Duration::from_mins(5)).0;
        while until().await < end {
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(other_node(&stage, same_keys()).work_off().await.unwrap(), 0, "somebody is at it");
    stop.cancel();
    server.hang_up();
    worker.await.unwrap();
    assert_eq!(message(&stage, number, id).await.state, MessageState::Sending);
    stage.pass(Duration::from_mins(5));
    assert_eq!(other_node(&stage, same_keys()).work_off().await.unwrap(), 1, "what has begun is finished");
    assert_eq!(message(&stage, number, id).await.state, MessageState::Sent);
}

/// However often it is tried: two chains of tries would send it twice.
async fn a_message_has_one_job(home: &Home) {
    let later = session(vec![hear("MAIL", "451 come back\r\n"), hear("QUIT", "221 bye\r\n")]);
    let server = Scripted::start(vec![later]).await;
    let (stage, number, id) = answered(home, &server).await;
    let job = "select id from jobs";
    let ids = async || stage.desk.db.read(async move |rx| rx.all::<Uuid>(job, &[]).await).await.unwrap();
    let first = ids().await;
    for _ in 0..5 {
        stage.desk.work_off().await.unwrap();
        assert_eq!(ids().await, first);
        stage.pass(Duration::from_hours(4));
    }
    stage.pass(Duration::from_hours(48));
    stage.desk.work_off().await.unwrap();
    assert_eq!(message(&stage, number, id).await.state, MessageState::Failed, "the server was asked for two days");
    assert!(ids().await.is_empty());
}

async fn a_key_file_that_is_another_fails_the_message(home: &Home) {
    let server = Scripted::start(vec![accepts()]).await;
    let (stage, number, id) = answered(home, &server).await;
    other_node(&stage, Keys::new(vec![(2, [9; 32])])).work_off().await.unwrap();
    let it = message(&stage, number, id).await;
    assert_eq!(it.state, MessageState::Failed);
    let why = it.error.unwrap();
    assert!(why.contains("another key file"), "{why}");
    let spine = stage.spine(&stage.ines, number).await.unwrap();
    assert_eq!(spine.entries.last().unwrap().fact, Fact::SendFailed { message: id, why });
    assert_eq!(count(&stage, JOBS).await, 0);
    stage.desk.send_again(&stage.ines, number, id).await.unwrap();
    stage.desk.work_off().await.unwrap();
    assert_eq!(message(&stage, number, id).await.state, MessageState::Sent);
}

async fn a_file_that_is_lost_fails_the_message(home: &Home) {
    let server = Scripted::start(vec![accepts()]).await;
    let post = Post::Servers(Tls::new(None).unwrap());
    let stage = Stage::with(home, post, Some(mailbox(Some(server.server(Security::Plain))))).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let upload = Upload { name: "plan.pdf".to_owned(), media_type: "application/pdf".to_owned(), bytes: vec![1; 9] };
    let reply = Reply { uploads: vec![upload], ..crate::case::reply("Here.", "ruth@northwind.example") };
    let id = stage.desk.reply(&stage.ines, number, reply).await.unwrap();
    stage.pass(HOLD);
    let lose = async move |tx: &mut store::Tx| tx.run("delete from blobs where size = 9", &[]).await;
    assert_eq!(stage.desk.db.write([], lose).await.unwrap(), 1);
    stage.desk.work_off().await.unwrap();
    let it = message(&stage, number, id).await;
    assert_eq!(it.state, MessageState::Failed);
    assert!(it.error.unwrap().contains("plan.pdf"));
}

/// It killed whoever tried it, again and again.
async fn a_job_that_is_given_up_fails_the_message(home: &Home) {
    let server = Scripted::start(vec![accepts()]).await;
    let (stage, number, id) = answered(home, &server).await;
    let die = async move |tx: &mut store::Tx| tx.run("update jobs set tries = 60", &[]).await;
    assert_eq!(stage.desk.db.write([], die).await.unwrap(), 1);
    stage.desk.work_off().await.unwrap();
    assert_eq!(message(&stage, number, id).await.state, MessageState::Failed);
    assert_eq!((mails(&server), count(&stage, JOBS).await), (0, 0));
}

async fn whom_no_server_takes_is_named_at_once(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let refused = stage.desk.reply(&stage.ines, number, crate::case::reply("Hi.", "müller@northwind.example")).await;
    let refused = refused.unwrap_err();
    assert!(matches!(refused, desk::Error::Invalid { field: "to", .. }), "{refused:?}");
    assert!(refused.to_string().contains("müller@northwind.example"));
    assert_eq!(stage.spine(&stage.ines, number).await.unwrap().messages.len(), 1, "nothing waits that cannot leave");
}

async fn a_crash_after_the_servers_word_sends_the_same_mail_again(home: &Home) {
    let server = Scripted::start(vec![breaks(), accepts()]).await;
    let (stage, number, id) = answered(home, &server).await;
    stage.desk.work_off().await.unwrap();
    stage.pass(Duration::from_mins(5));
    stage.desk.work_off().await.unwrap();
    assert_eq!(message(&stage, number, id).await.state, MessageState::Sent);
    let mails = server.mails();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0], mails[1], "the same bytes, so the same Message-ID");
}

async fn a_mailbox_without_a_server_says_so(home: &Home) {
    let post = Post::Servers(Tls::new(None).unwrap());
    let stage = Stage::with(home, post, Some(mailbox(None))).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let id = stage.desk.reply(&stage.ines, number, crate::case::reply("Hi.", "ruth@northwind.example")).await.unwrap();
    stage.pass(HOLD);
    stage.desk.work_off().await.unwrap();
    let it = message(&stage, number, id).await;
    assert_eq!(it.state, MessageState::Failed);
    assert!(it.error.unwrap().contains("settings"));
}

async fn in_a_demo_nothing_leaves(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let id = stage.desk.reply(&stage.ines, number, crate::case::reply("Hi.", "ruth@northwind.example")).await.unwrap();
    stage.pass(HOLD);
    stage.desk.work_off().await.unwrap();
    assert_eq!(message(&stage, number, id).await.state, MessageState::Sending);
    assert_eq!(stage.desk.work_off().await.unwrap(), 0);
}
