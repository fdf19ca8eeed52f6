//! The button that tries a mailbox says what works and what is wrong.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails with its test")]

mod support;

use channels::check::{self, Detail, Outcome, Step, StepName};
use channels::{Login, Secret, Security, Server, Tls};
use domain::Email;
use support::MailServer;

const DESK: &str = "desk@desk.example";

async fn servers() -> (MailServer, Tls, Email) {
    let servers = MailServer::start().await;
    servers.add_user(DESK, "a password");
    let tls = Tls::new(Some(&servers.ca_file())).unwrap();
    (servers, tls, Email::parse(DESK).unwrap())
}

fn failed(step: &Step) -> (&str, &str) {
    match &step.outcome {
        Outcome::Failed { words, said } => (words, said),
        other => panic!("{:?}: {other:?}", step.name),
    }
}

#[tokio::test]
async fn a_mailbox_that_works_shows_what_is_in_it_and_is_not_changed() {
    let (servers, tls, address) = servers().await;
    for _ in 0..3 {
        servers.deliver(b"Subject: x\r\n\r\ny\r\n", DESK).await;
    }
    let login = servers.login(DESK);
    let (reading, sending) = (servers.imap_server(Security::Tls), servers.smtp_server(Security::Starttls));
    let steps = check::run((&reading, &login), (&sending, &login), &address, &tls).await;
    let names: Vec<StepName> = steps.iter().map(|step| step.name).collect();
    let order = [StepName::FoundServer, StepName::Secure, StepName::SignedInForReading, StepName::SignedInForSending];
    assert_eq!(names, order);

    let details: Vec<&Detail> = steps
        .iter()
        .map(|step| match &step.outcome {
            Outcome::Ok(detail) => detail,
            other => panic!("{:?}: {other:?}", step.name),
        })
        .collect();
    assert_eq!(details[0], &Detail::Found { reading: reading.to_string(), sending: sending.to_string() });
    assert!(
        matches!(details[1], Detail::Secured { by: "TLS 1.3", certificate_ends: Some(ends) } if *ends > 1_800_000_000_000_000),
        "{:?}",
        details[1]
    );
    assert!(matches!(details[2], Detail::Inbox { mails: 3, newest: Some(_), idle: true }), "{:?}", details[2]);
    assert_eq!(details[3], &Detail::MaySend { address });
    assert_eq!(servers.mailbox(DESK).len(), 3, "nothing was sent to anybody");
    assert_eq!(servers.marked(DESK), 0);
}

#[tokio::test]
async fn a_wrong_password_for_sending_does_not_hide_that_reading_works() {
    let (servers, tls, address) = servers().await;
    let login = servers.login(DESK);
    let wrong = Login { password: Secret::new("guess"), ..login.clone() };
    let (reading, sending) = (servers.imap_server(Security::Starttls), servers.smtp_server(Security::Tls));

    let steps = check::run((&reading, &login), (&sending, &wrong), &address, &tls).await;
    assert!(matches!(steps[2].outcome, Outcome::Ok(Detail::Inbox { mails: 0, newest: None, .. })), "{steps:?}");
    let (words, said) = failed(&steps[3]);
    assert!(words.contains("app password"), "{words}");
    assert!(said.starts_with("535 5.7.8"), "{said}");

    let steps = check::run((&reading, &wrong), (&sending, &login), &address, &tls).await;
    let (words, said) = failed(&steps[2]);
    assert!(words.contains("for reading"), "{words}");
    assert!(said.contains("AUTHENTICATIONFAILED"), "{said}");
    assert!(matches!(steps[3].outcome, Outcome::Ok(Detail::MaySend { .. })), "{steps:?}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_and_the_rest_waits() {
    let (servers, tls, address) = servers().await;
    let login = servers.login(DESK);
    let (reading, sending) = (servers.imap_server(Security::Tls), servers.smtp_server(Security::Starttls));
    let nowhere = Server { host: "imap.invalid".to_owned(), ..reading };
    let steps = check::run((&nowhere, &login), (&sending, &login), &address, &tls).await;
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
    let steps = check::run((&reading, &login), (&sending, &login), &address, &strangers).await;
    let words = failed(&steps[1]).0;
    assert!(words.contains("extra_ca_file") && words.contains("No password was sent"), "{words}");
    assert_eq!([&steps[2].outcome, &steps[3].outcome], [&Outcome::Waits, &Outcome::Waits]);
}
