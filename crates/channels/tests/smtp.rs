//! Mail goes out: by a real Postfix, and by servers that misbehave.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails with its test")]

mod support;

use std::time::Duration;

use channels::smtp::{self, Accepted, Envelope, Patience, SendError, SendErrorKind};
use channels::{Login, Secret, Security, Server, Tls};
use domain::Email;
use support::{MailServer, Scripted, Turn};

const DESK: &str = "desk@desk.example";
const ANN: &str = "ann@customer.example";
const BOB: &str = "bob@customer.example";

const MAIL: &[u8] = b"From: desk@desk.example\r\nTo: ann@customer.example\r\nSubject: =?utf-8?q?gr=C3=BC=C3=9Fe?=\r\n\
    Message-ID: <1@desk.example>\r\n\r\nHello,\r\n.\r\n..two dots\r\n.one\r\n\r\nFrom here on\r\n\r\n\r\n";

async fn servers() -> (MailServer, Tls) {
    let servers = MailServer::start().await;
    for address in [DESK, ANN, BOB] {
        servers.add_user(address, "s3cret \"quoted\" \\ pass");
    }
    let tls = Tls::new(Some(&servers.ca_file())).unwrap();
    (servers, tls)
}

fn envelope(to: &[&str]) -> Envelope {
    Envelope { from: Email::parse(DESK), to: to.iter().map(|it| Email::parse(it).unwrap()).collect() }
}

fn impatient() -> Patience {
    Patience { connect: Duration::from_millis(300), answer: Duration::from_millis(300), whole: Duration::from_secs(3) }
}

#[tokio::test]
async fn a_mail_arrives_byte_for_byte_on_every_way() {
    let (servers, tls) = servers().await;
    for (count, security) in [Security::Starttls, Security::Tls, Security::Plain].into_iter().enumerate() {
        let server = servers.smtp_server(security);
        let login = servers.login(DESK);
        let login = (security != Security::Plain).then_some(&login);
        smtp::send(&server, login, &tls, "desk.example", &envelope(&[ANN]), MAIL).await.unwrap();
        let mails = servers.wait_for(ANN, count + 1).await;
        assert!(mails[count].ends_with(MAIL), "{security:?}: {}", String::from_utf8_lossy(&mails[count]));
    }
}

#[tokio::test]
async fn a_large_mail_with_eight_bit_lines_arrives() {
    let (servers, tls) = servers().await;
    let mut mail = b"Subject: large\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n".to_vec();
    while mail.len() < 5 << 20 {
        mail.extend_from_slice("Grüße aus Köln, .. and more of it\r\n.\r\n".as_bytes());
    }
    let server = servers.smtp_server(Security::Starttls);
    smtp::send(&server, Some(&servers.login(DESK)), &tls, "desk.example", &envelope(&[ANN]), &mail).await.unwrap();
    let mails = servers.wait_for(ANN, 1).await;
    assert!(mails[0].ends_with(&mail));
}

#[tokio::test]
async fn whoever_can_get_it_does() {
    let (servers, tls) = servers().await;
    let server = servers.smtp_server(Security::Starttls);
    let login = servers.login(DESK);
    let send = |to: &'static [&'static str]| {
        let (server, login, tls) = (&server, &login, &tls);
        async move { smtp::send(server, Some(login), tls, "desk.example", &envelope(to), MAIL).await }
    };

    let accepted = send(&[ANN, "nobody@customer.example", BOB, "somebody@elsewhere.example"]).await.unwrap();
    let missed: Vec<&str> = accepted.missed.iter().filter_map(|it| it.recipient.as_ref()).map(Email::as_str).collect();
    assert_eq!(missed, ["nobody@customer.example", "somebody@elsewhere.example"]);
    for who in [ANN, BOB] {
        assert_eq!(servers.wait_for(who, 1).await.len(), 1);
    }

    let refused = send(&["nobody@customer.example"]).await.unwrap_err();
    assert_eq!(refused.kind, SendErrorKind::NoSuchAddress);
    assert!(refused.lasting && refused.said.starts_with("550 5.1.1"), "{refused:?}");
    assert_eq!(refused.words(), "There is no mailbox nobody@customer.example.");

    let outside = send(&["somebody@elsewhere.example"]).await.unwrap_err();
    assert!(outside.lasting, "{outside:?}");

    send(&[ANN, BOB, "ann+tag@customer.example"]).await.unwrap();
    assert_eq!(servers.wait_for(ANN, 3).await.len(), 3);
    assert_eq!(servers.wait_for(BOB, 2).await.len(), 2);
}

#[tokio::test]
async fn a_mail_whose_bounces_go_to_nobody_says_so_in_its_envelope() {
    let (servers, tls) = servers().await;
    let server = servers.smtp_server(Security::Starttls);
    let envelope = Envelope { from: None, ..envelope(&[ANN]) };
    smtp::send(&server, Some(&servers.login(DESK)), &tls, "desk.example", &envelope, MAIL).await.unwrap();
    let mails = servers.wait_for(ANN, 1).await;
    assert!(mails[0].starts_with(b"Return-Path: <>\n") || mails[0].starts_with(b"Return-Path: <>\r\n"), "{mails:?}");
}

#[tokio::test]
async fn a_wrong_password_and_a_strange_certificate_say_so() {
    let (servers, tls) = servers().await;
    let server = servers.smtp_server(Security::Starttls);
    let wrong = Login { user: DESK.to_owned(), password: Secret::new("guess") };
    let refused = smtp::send(&server, Some(&wrong), &tls, "desk.example", &envelope(&[ANN]), MAIL).await.unwrap_err();
    assert_eq!(refused.kind, SendErrorKind::SignIn);
    assert!(refused.said.starts_with("535 5.7.8"), "{refused:?}");

    let strangers = Tls::new(None).unwrap();
    for security in [Security::Tls, Security::Starttls] {
        let server = servers.smtp_server(security);
        let login = servers.login(DESK);
        let refused = smtp::send(&server, Some(&login), &strangers, "desk.example", &envelope(&[ANN]), MAIL).await;
        let refused = refused.unwrap_err();
        assert_eq!(refused.kind, SendErrorKind::Insecure);
        assert!(refused.words().contains("signed by nobody this machine trusts"), "{}", refused.words());
    }
    assert!(servers.mailbox(ANN).is_empty());
}

#[tokio::test]
async fn tls_and_plain_ports_mixed_up_say_so() {
    let (servers, tls) = servers().await;
    let tls_on_starttls = Server { security: Security::Tls, ..servers.smtp_server(Security::Starttls) };
    let login = servers.login(DESK);
    let refused = smtp::send(&tls_on_starttls, Some(&login), &tls, "x", &envelope(&[ANN]), MAIL).await.unwrap_err();
    assert_eq!(refused.kind, SendErrorKind::Insecure);
    assert!(refused.words().contains("does not speak TLS"), "{}", refused.words());
    let away = Server { host: "mail.invalid".to_owned(), ..tls_on_starttls };
    let refused = smtp::send(&away, Some(&login), &tls, "x", &envelope(&[ANN]), MAIL).await.unwrap_err();
    assert_eq!(refused.kind, SendErrorKind::Unreachable);
    assert!(refused.words().contains("mail.invalid"), "{}", refused.words());
}

/// Plays `turns` against the sender.
async fn scripted(turns: Vec<Turn>, security: Security) -> (Result<Accepted, SendError>, Scripted) {
    let server = Scripted::start(vec![turns]).await;
    let tls = Tls::new(None).unwrap();
    let login = Login { user: DESK.to_owned(), password: Secret::new("hunter2") };
    let to = envelope(&[ANN, BOB]);
    let outcome =
        smtp::send_within(&impatient(), &server.server(security), Some(&login), &tls, "desk.example", &to, MAIL).await;
    assert_eq!(server.surprises(), Vec::<String>::new());
    (outcome, server)
}

fn say(text: &str) -> Turn {
    Turn::Say(text.to_owned())
}

fn hear(prefix: &'static str, reply: &str) -> Turn {
    Turn::Hear(prefix, reply.to_owned())
}

/// A conversation in which all goes well.
fn polite() -> Vec<Turn> {
    vec![
        say("220 there\r\n"),
        hear("EHLO desk.example", "250-there\r\n250-SIZE 10000\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n"),
        hear("AUTH PLAIN ", "235 2.7.0 in\r\n"),
        hear("MAIL FROM:<desk@desk.example> SIZE=", "250 2.1.0 fine\r\n"),
        hear("RCPT TO:<ann@customer.example>", "250 2.1.5 fine\r\n"),
        hear("RCPT TO:<bob@customer.example>", "250 2.1.5 fine\r\n"),
        hear("DATA", "354 go on\r\n"),
        Turn::HearMail("250-2.0.0 taken\r\n250 2.0.0 as 42\r\n".to_owned()),
        hear("QUIT", "221 bye\r\n"),
    ]
}

#[tokio::test]
async fn what_happens_after_the_answer_does_not_matter() {
    for end in [hear("QUIT", "221 bye\r\n"), hear("QUIT", "500 what\r\n"), Turn::Close, Turn::Stall] {
        let mut turns = polite();
        *turns.last_mut().unwrap() = end;
        let (outcome, _) = scripted(turns, Security::Plain).await;
        assert!(outcome.as_ref().is_ok_and(|it| it.said.contains("as 42")), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_server_that_stalls_or_hangs_up_frees_the_sender_at_every_step() {
    let steps = polite().len() - 1;
    for at in 0..steps - 1 {
        for end in [Turn::Stall, Turn::Close] {
            let mut turns = polite();
            turns.truncate(at);
            turns.push(end.clone());
            let (outcome, _) = scripted(turns, Security::Plain).await;
            let error = outcome.unwrap_err();
            assert_eq!(error.kind, SendErrorKind::Unreachable, "{end:?} instead of step {at}: {error:?}");
            assert!(!error.lasting);
            let lost = matches!(end, Turn::Close) && at > 0;
            assert!(!lost || error.words().contains("was lost"), "{end:?} instead of step {at}: {error:?}");
        }
    }
    // The mail was heard whole, and no answer came: it may have been taken.
    for end in [Turn::Stall, Turn::Close] {
        let mut turns = polite();
        turns.truncate(steps - 1);
        turns.extend([Turn::HearMail(String::new()), end]);
        let (outcome, _) = scripted(turns, Security::Plain).await;
        let error = outcome.unwrap_err();
        assert_eq!(error.kind, SendErrorKind::Unclear, "{error:?}");
        assert!(!error.lasting);
    }
}

#[tokio::test]
async fn the_last_answer_may_take_longer_than_any_other() {
    let tls = Tls::new(None).unwrap();
    let mut turns = polite();
    let at = turns.len() - 2;
    turns.truncate(at);
    turns.extend([Turn::HearMail(String::new()), Turn::Stall]);
    let server = Scripted::start(vec![turns]).await;
    let patience = Patience { whole: Duration::from_secs(1), ..impatient() };
    let login = Login { user: DESK.to_owned(), password: Secret::new("hunter2") };
    let begun = std::time::Instant::now();
    let to = envelope(&[ANN, BOB]);
    let server = server.server(Security::Plain);
    let outcome = smtp::send_within(&patience, &server, Some(&login), &tls, "desk.example", &to, MAIL).await;
    assert_eq!(outcome.unwrap_err().kind, SendErrorKind::Unclear);
    assert!(begun.elapsed() > patience.answer * 2, "what is left of all patience is waited for");
}

#[tokio::test]
async fn without_a_password_nobody_signs_in() {
    let mut turns = polite();
    turns.remove(2);
    let server = Scripted::start(vec![turns]).await;
    let login = Login { user: DESK.to_owned(), password: Secret::new("") };
    let (to, tls) = (envelope(&[ANN, BOB]), Tls::new(None).unwrap());
    let place = server.server(Security::Plain);
    smtp::send_within(&impatient(), &place, Some(&login), &tls, "desk.example", &to, MAIL).await.unwrap();
    assert_eq!(server.surprises(), Vec::<String>::new());
}

#[tokio::test]
async fn every_refusal_is_told_by_its_kind() {
    use SendErrorKind::{Later, MailboxFull, NoSuchAddress, Refused, SignIn, TooBig};
    for (at, reply, kind, lasting) in [
        (0, "421 4.3.2 too busy", Later, false),
        (0, "554 5.7.1 not you", Refused, false),
        (1, "550 go away", Refused, false),
        (2, "535 5.7.8 wrong", SignIn, false),
        (2, "454 4.7.0 later", Later, false),
        (3, "552 5.3.4 too big", TooBig, true),
        (4, "552 5.2.2 mailbox full", MailboxFull, true),
        (3, "553 5.7.1 not your address", Refused, true),
        (4, "451 4.7.1 greylisted, try again in five minutes", Later, false),
        (4, "550 5.1.1 who is that", NoSuchAddress, true),
        (5, "450 4.2.1 mailbox busy", Later, false),
        (5, "550 unknown", NoSuchAddress, true),
        (6, "554 5.5.1 nobody to send to", Refused, true),
        (7, "452 4.3.1 disk full", Later, false),
        (7, "554 5.7.1 this is spam", Refused, true),
    ] {
        let mut turns = polite();
        let reply_line = format!("{reply}\r\n");
        turns[at] = match &turns[at] {
            Turn::Hear(prefix, _) => Turn::Hear(prefix, reply_line),
            Turn::HearMail(_) => Turn::HearMail(reply_line),
            _ => Turn::Say(reply_line),
        };
        // One recipient alone holds the others up no longer: here both are refused.
        let last = if at == 4 { 5 } else { at };
        for also in [4, 5].into_iter().filter(|_| matches!(at, 4 | 5)) {
            turns[also] = hear("RCPT", &format!("{reply}\r\n"));
        }
        turns.truncate(last + 1);
        turns.extend([Turn::Close]);
        let (outcome, _) = scripted(turns, Security::Plain).await;
        let error = outcome.unwrap_err();
        assert_eq!((error.kind, error.lasting), (kind, lasting), "{reply}: {error:?}");
        assert_eq!(error.said, reply);
        assert_eq!(error.recipient.is_some(), at == 4 || at == 5, "{reply}");
    }
}

#[tokio::test]
async fn starttls_never_falls_back() {
    let greeting = say("220 there\r\n");
    for turns in [
        vec![greeting.clone(), hear("EHLO", "250-there\r\n250 AUTH PLAIN\r\n"), Turn::Stall],
        vec![
            greeting.clone(),
            hear("EHLO", "250-there\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n"),
            hear("STARTTLS", "454 4.7.0 TLS not available\r\n"),
            Turn::Stall,
        ],
        // What somebody on the way slips in behind the answer is not taken for the server's words after TLS.
        vec![
            greeting,
            hear("EHLO", "250-there\r\n250 STARTTLS\r\n"),
            hear("STARTTLS", "220 go\r\n250-there\r\n250 AUTH PLAIN\r\n235 in\r\n"),
            Turn::Stall,
        ],
    ] {
        let (outcome, server) = scripted(turns, Security::Starttls).await;
        assert_eq!(outcome.unwrap_err().kind, SendErrorKind::Insecure);
        let heard = server.heard();
        assert!(!heard.iter().any(|line| line.starts_with("AUTH") || line.starts_with("MAIL")), "{heard:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_before_anybody_is_bothered() {
    let server = Scripted::start(vec![vec![Turn::Stall]]).await;
    let tls = Tls::new(None).unwrap();
    for bytes in [&b"Subject: x\r\n\r\nbare\nfeed\r\n"[..], b"Subject: x\r\n\r\nbare\rreturn\r\n", b"no end"] {
        let to = envelope(&[ANN]);
        let refused = smtp::send(&server.server(Security::Plain), None, &tls, "x", &to, bytes).await.unwrap_err();
        assert!(refused.lasting && refused.kind == SendErrorKind::Refused, "{refused:?}");
    }
    let far = Server { host: "192.0.2.1".to_owned(), port: 25, security: Security::Plain };
    let refused = smtp::send(&far, None, &tls, "x", &envelope(&[ANN]), MAIL).await.unwrap_err();
    assert_eq!(refused.kind, SendErrorKind::Insecure, "plain text goes to this machine alone");
    assert!(server.heard().is_empty());
}

#[tokio::test]
async fn a_mail_larger_than_the_server_takes_is_not_sent() {
    let turns = vec![
        say("220 there\r\n"),
        hear("EHLO", "250-there\r\n250-SIZE 100\r\n250 AUTH PLAIN\r\n"),
        hear("AUTH PLAIN", "235 in\r\n"),
        hear("QUIT", "221 bye\r\n"),
    ];
    let (outcome, _) = scripted(turns, Security::Plain).await;
    let error = outcome.unwrap_err();
    assert_eq!((error.kind, error.lasting), (SendErrorKind::TooBig, true), "{error:?}");
}
