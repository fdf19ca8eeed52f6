//! The button that tries a mailbox says what works and what is wrong.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails with its test")]

mod support;

use std::time::Duration;

use channels::check::{self, Detail, Outcome, Step, StepName, Trial};
use channels::guess::How;
use channels::{Login, Secret, Security, Server, Tls};
use domain::Email;
use mail::probe::{self, Probe};
use mail::token::Keys;
use support::MailServer;
use uuid::Uuid;

const DESK: &str = "desk@desk.example";

async fn servers() -> (MailServer, Tls, Email) {
    let servers = MailServer::start().await;
    servers.add_user(DESK, "a password");
    let tls = Tls::new(Some(&servers.ca_file())).unwrap();
    (servers, tls, Email::parse(DESK).unwrap())
}

fn probes(address: &Email) -> [Probe; 2] {
    let keys = Keys::new([7; 32], Vec::new());
    let plus = Email::parse(&format!("{}+test@{}", address.local(), address.domain())).unwrap();
    [(1, address), (2, &plus)].map(|(id, to)| probe::compose(&keys, Uuid::from_u128(id), address, to, 0).unwrap())
}

type Way<'a> = (&'a Server, &'a Login);

async fn run(reading: Way<'_>, sending: Way<'_>, address: &Email, tls: &Tls) -> Vec<Step> {
    let wait = Duration::from_secs(20);
    let trial = Trial { reading, sending: Some(sending), address, how: How::Given, probes: probes(address), wait };
    check::run(&trial, tls, |_| ()).await
}

fn failed(step: &Step) -> (&str, &str) {
    match &step.outcome {
        Outcome::Failed { words, said } => (words, said),
        other => panic!("{:?}: {other:?}", step.name),
    }
}

#[tokio::test]
async fn a_mailbox_that_works_is_told_step_by_step_up_to_a_mail_to_itself() {
    let (servers, tls, address) = servers().await;
    for _ in 0..3 {
        servers.deliver(b"Subject: x\r\n\r\ny\r\n", DESK).await;
    }
    let login = servers.login(DESK);
    let (reading, sending) = (servers.imap_server(Security::Tls), servers.smtp_server(Security::Starttls));
    let (probes, wait) = (probes(&address), Duration::from_secs(20));
    let (ways, how) = ((&reading, &login), How::Known("Somebody"));
    let trial = Trial { reading: ways, sending: Some((&sending, &login)), address: &address, how, probes, wait };
    let mut told: Vec<Vec<Step>> = Vec::new();
    let steps = check::run(&trial, &tls, |steps| told.push(steps.to_vec())).await;
    let names: Vec<StepName> = steps.iter().map(|step| step.name).collect();
    let order = [
        StepName::FoundServer,
        StepName::Secure,
        StepName::SignedInForReading,
        StepName::SignedInForSending,
        StepName::CameBack,
        StepName::PlusAddress,
    ];
    assert_eq!(names, order);
    for (count, told) in told.iter().take(order.len()).enumerate() {
        assert_eq!(told[count].outcome, Outcome::Now, "each step is told when it begins");
        assert!(told[..count].iter().all(|step| matches!(step.outcome, Outcome::Ok(_))), "{told:?}");
        assert!(told[count + 1..].iter().all(|step| step.outcome == Outcome::Waits), "{told:?}");
    }

    let details: Vec<&Detail> = steps
        .iter()
        .map(|step| match &step.outcome {
            Outcome::Ok(detail) => detail,
            other => panic!("{:?}: {other:?}", step.name),
        })
        .collect();
    assert_eq!(details[0], &Detail::Found { reading: reading.to_string(), sending: sending.to_string(), how });
    assert!(
        matches!(details[1], Detail::Secured { by: "TLS 1.3", certificate_ends: Some(ends) } if *ends > 1_800_000_000_000_000),
        "{:?}",
        details[1]
    );
    assert!(matches!(details[2], Detail::Inbox { mails: 3, newest: Some(_), idle: true }), "{:?}", details[2]);
    assert_eq!(details[3], &Detail::MaySend { address: address.clone() });
    assert_eq!(details[4], &Detail::Returned);
    assert!(matches!(details[5], Detail::PlusKept { fields } if fields.contains(&"to".to_owned())), "{:?}", details[5]);
    let mails = servers.mailbox(DESK);
    assert_eq!(mails.len(), 5, "two mails of its own lie there now");
    for mail in &mails[3..] {
        assert!(probe::is_ours(&Keys::new([7; 32], Vec::new()), mail));
        let text = String::from_utf8_lossy(mail);
        assert!(text.contains("Return-Path: <>"), "nobody’s bounce comes back: {text}");
    }
    assert_eq!(servers.marked(DESK), 0, "nothing is marked as read");
}

#[tokio::test]
async fn a_mailbox_that_is_only_read_is_tried_only_for_that() {
    let (servers, tls, address) = servers().await;
    let (login, reading) = (servers.login(DESK), servers.imap_server(Security::Tls));
    let (probes, wait) = (probes(&address), Duration::from_secs(20));
    let trial = Trial { reading: (&reading, &login), sending: None, address: &address, how: How::Given, probes, wait };
    let steps = check::run(&trial, &tls, |_| ()).await;
    assert!(steps.len() == 3 && steps.iter().all(|it| matches!(it.outcome, Outcome::Ok(_))), "{steps:?}");
    assert!(servers.mailbox(DESK).is_empty());
}

#[tokio::test]
async fn a_wrong_password_for_sending_does_not_hide_that_reading_works() {
    let (servers, tls, address) = servers().await;
    let login = servers.login(DESK);
    let wrong = Login { password: Secret::new("guess"), ..login.clone() };
    let (reading, sending) = (servers.imap_server(Security::Starttls), servers.smtp_server(Security::Tls));

    let steps = run((&reading, &login), (&sending, &wrong), &address, &tls).await;
    assert!(matches!(steps[2].outcome, Outcome::Ok(Detail::Inbox { mails: 0, newest: None, .. })), "{steps:?}");
    let (words, said) = failed(&steps[3]);
    assert!(words.contains("app password"), "{words}");
    assert!(said.starts_with("535 5.7.8"), "{said}");

    let steps = run((&reading, &wrong), (&sending, &login), &address, &tls).await;
    let (words, said) = failed(&steps[2]);
    assert!(words.contains("for reading"), "{words}");
    assert!(said.contains("AUTHENTICATIONFAILED"), "{said}");
    assert!(matches!(steps[3].outcome, Outcome::Ok(Detail::MaySend { .. })), "{steps:?}");
    assert_eq!([&steps[4].outcome, &steps[5].outcome], [&Outcome::Waits, &Outcome::Waits]);
    assert!(servers.mailbox(DESK).is_empty(), "nothing is sent to a mailbox that cannot be looked into");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_and_the_rest_waits() {
    let (servers, tls, address) = servers().await;
    let login = servers.login(DESK);
    let (reading, sending) = (servers.imap_server(Security::Tls), servers.smtp_server(Security::Starttls));
    let nowhere = Server { host: "imap.invalid".to_owned(), ..reading };
    let steps = run((&nowhere, &login), (&sending, &login), &address, &tls).await;
    assert!(failed(&steps[0]).0.contains("imap.invalid"), "{steps:?}");
    assert_eq!(steps[2].outcome, Outcome::Waits);
    assert!(matches!(steps[3].outcome, Outcome::Ok(_)), "{steps:?}");
}

#[tokio::test]
async fn a_certificate_of_a_strange_authority_stops_before_the_password() {
    let (servers, _, address) = servers().await;
    let strangers = Tls::new(None).unwrap();
    let login = servers.login(DESK);
    let (reading, sending) = (servers.imap_server(Security::Tls), servers.smtp_server(Security::Starttls));
    let steps = run((&reading, &login), (&sending, &login), &address, &strangers).await;
    let words = failed(&steps[1]).0;
    assert!(words.contains("extra_ca_file") && words.contains("No password was sent"), "{words}");
    assert_eq!([&steps[2].outcome, &steps[3].outcome], [&Outcome::Waits, &Outcome::Waits]);
}
