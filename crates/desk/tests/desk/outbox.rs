//! What leaves, and what is said when it does not.

use std::time::Duration;

use channels::{Security, Server, Tls};
use desk::Post;
use desk::channel::NewMailbox;
use domain::{Fact, MessageState};
use testkit::scripted::{Scripted, Turn};
use testkit::{Home, Letter, Stage};

testkit::both!(
    a_reply_is_sent_once,
    a_server_that_says_later_is_asked_again,
    a_mail_that_is_refused_stays_and_says_so,
    a_crash_after_the_servers_word_sends_the_same_mail_again,
    a_mailbox_without_a_server_says_so,
    in_a_demo_nothing_leaves,
);

const RUTH: &str = "Ruth Alvarez <ruth@northwind.example>";

fn say(text: &str) -> Turn {
    Turn::Say(text.to_owned())
}

fn hear(line: &'static str, answer: &str) -> Turn {
    Turn::Hear(line, answer.to_owned())
}

/// A server that signs us in, and then does this.
fn session(rest: Vec<Turn>) -> Vec<Turn> {
    let mut turns = vec![
        say("220 mx.example ESMTP\r\n"),
        hear("EHLO", "250-mx.example\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN\r\n"),
        hear("AUTH PLAIN", "235 welcome\r\n"),
    ];
    turns.extend(rest);
    turns
}

fn accepts() -> Vec<Turn> {
    session(vec![
        hear("MAIL", "250 ok\r\n"),
        hear("RCPT", "250 ok\r\n"),
        hear("DATA", "354 go on\r\n"),
        Turn::HearMail("250 queued as 17\r\n".to_owned()),
        hear("QUIT", "221 bye\r\n"),
    ])
}

fn mailbox(sending: Option<Server>) -> NewMailbox {
    NewMailbox {
        name: "Tareline Support".to_owned(),
        address: "support@desk.example".to_owned(),
        reading: None,
        sending,
        user: String::new(),
        password: "app password".to_owned(),
        authserv_id: String::new(),
    }
}

/// A desk with an answer in its outbox.
async fn answered(home: &Home, server: &Scripted) -> (Stage, i64, domain::MessageId) {
    let post = Post::Servers(Tls::new(None).unwrap());
    let stage = Stage::with(home, post, Some(mailbox(Some(server.server(Security::Plain))))).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let reply = crate::case::reply("Pull the plug.", "ruth@northwind.example");
    let id = stage.desk.reply(&stage.ines, number, reply).await.unwrap();
    (stage, number, id)
}

async fn message(stage: &Stage, number: i64, id: domain::MessageId) -> domain::Message {
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
async fn a_crash_after_the_servers_word_sends_the_same_mail_again(home: &Home) {
    let breaks = session(vec![
        hear("MAIL", "250 ok\r\n"),
        hear("RCPT", "250 ok\r\n"),
        hear("DATA", "354 go on\r\n"),
        Turn::HearMail(String::new()),
        Turn::Close,
    ]);
    let server = Scripted::start(vec![breaks, accepts()]).await;
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
    stage.desk.work_off().await.unwrap();
    let it = message(&stage, number, id).await;
    assert_eq!(it.state, MessageState::Failed);
    assert!(it.error.unwrap().contains("settings"));
}

async fn in_a_demo_nothing_leaves(home: &Home) {
    let stage = Stage::new(home).await;
    let number = stage.file(&Letter::from(RUTH)).await.number;
    let id = stage.desk.reply(&stage.ines, number, crate::case::reply("Hi.", "ruth@northwind.example")).await.unwrap();
    stage.desk.work_off().await.unwrap();
    assert_eq!(message(&stage, number, id).await.state, MessageState::Sending);
    assert_eq!(stage.desk.work_off().await.unwrap(), 0);
}
