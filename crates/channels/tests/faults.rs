//! Peers that are down, lie, or talk without end, at each state of each protocol: whoever talks to them is free within two
//! minutes and says what is wrong. The clock is the runtime's own and moves only when everybody waits.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails with its test")]

mod support;

use std::time::Duration;

use channels::check::{self, Outcome, Trial};
use channels::guess::How;
use channels::imap::{self, Mailbox, Pace, Position, State};
use channels::smtp::{self, Envelope};
use channels::{Login, Secret, Security, Server, Tls};
use domain::Email;
use mail::probe;
use mail::token::Keys;
use support::shelf::Shelf;
use support::{Scripted, Turn};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Whoever talks to a peer is free by then.
const FREE: Duration = Duration::from_mins(2);

fn say(text: &str) -> Turn {
    Turn::Say(text.to_owned())
}

fn hear(prefix: &'static str, reply: &str) -> Turn {
    Turn::Hear(prefix, reply.to_owned())
}

fn login() -> Login {
    Login { user: "desk".to_owned(), password: Secret::new("hunter2") }
}

fn tls() -> Tls {
    Tls::new(None).unwrap()
}

const INSIDE: &str = "* CAPABILITY IMAP4rev1 AUTH=PLAIN IDLE\r\n{tag} OK done\r\n";

/// Reading as it goes well: what the server does, and the state in which it does so.
fn imap() -> Vec<(&'static str, Turn)> {
    vec![
        ("greeting", say("* OK there\r\n")),
        ("capability", hear("CAPABILITY", INSIDE)),
        ("authenticate", hear("AUTHENTICATE PLAIN", "+ \r\n")),
        ("password", hear("AGRlc2sAaHVudGVyMg==", "b2 OK in\r\n")),
        ("capability inside", hear("CAPABILITY", INSIDE)),
        (
            "examine",
            hear(
                "EXAMINE \"INBOX\"",
                "* 9 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 10] x\r\n{tag} OK done\r\n",
            ),
        ),
        ("list", hear("UID FETCH 8:*", "* 8 FETCH (UID 8 RFC822.SIZE 6)\r\n{tag} OK done\r\n")),
        ("fetch", hear("UID FETCH 8", "* 8 FETCH (UID 8 BODY[]<0> {6}\r\na: 8\r\n)\r\n{tag} OK done\r\n")),
        ("idle", hear("IDLE", "+ idling\r\n")),
    ]
}

/// Sending as it goes well.
fn smtp() -> Vec<(&'static str, Turn)> {
    vec![
        ("greeting", say("220 there\r\n")),
        ("ehlo", hear("EHLO", "250-there\r\n250 AUTH PLAIN\r\n")),
        ("auth", hear("AUTH PLAIN", "235 in\r\n")),
        ("mail", hear("MAIL FROM", "250 fine\r\n")),
        ("rcpt", hear("RCPT TO", "250 fine\r\n")),
        ("data", hear("DATA", "354 go on\r\n")),
        ("end", Turn::HearMail("250 taken\r\n".to_owned())),
    ]
}

/// What goes wrong in place of an answer. Each begins when the line that it answers has been heard.
fn faults(noise: &str) -> Vec<(&'static str, Vec<Turn>)> {
    vec![
        ("stalls", vec![Turn::Stall]),
        ("hangs up", vec![Turn::Close]),
        ("hangs up in a line", vec![Turn::Bytes(noise.as_bytes()[..3].to_vec()), Turn::Close]),
        ("stalls in a line", vec![Turn::Bytes(noise.as_bytes()[..3].to_vec()), Turn::Stall]),
        ("talks without end", vec![Turn::Drip(noise.as_bytes().to_vec())]),
        ("never ends its line", vec![Turn::Drip(vec![b'x'; 100])]),
        ("sends a line of five megabytes", vec![Turn::Bytes(vec![b'x'; 5 << 20]), Turn::Stall]),
        ("is no text", vec![Turn::Bytes(b"\xff\xfe\0\xc3\r\n\xe9\r\n".to_vec()), Turn::Stall]),
        ("speaks HTTP", vec![say("HTTP/1.1 400 Bad Request\r\n\r\n"), Turn::Stall]),
    ]
}

/// Lies that only IMAP can tell.
fn lies() -> Vec<(&'static str, Vec<Turn>)> {
    let lie = |text: &str| vec![say(text), Turn::Stall];
    vec![
        ("says goodbye", vec![say("* BYE going down\r\n"), Turn::Close]),
        ("announces a literal that does not come", lie("* 8 FETCH (UID 8 BODY[]<0> {100}\r\na: 8\r\n)\r\n")),
        ("announces less than it sends", lie("* 8 FETCH (UID 8 BODY[]<0> {2}\r\na: 8 and more\r\n)\r\n")),
        ("announces four gigabytes", lie("* 8 FETCH (UID 8 BODY[]<0> {4000000000}\r\n")),
        ("counts beyond all numbers", lie("* 99999999999999999999 EXISTS\r\n")),
        ("has four thousand million mails", lie("* 4294967295 EXISTS\r\n* OK [UIDNEXT 4294967295] x\r\n")),
        ("names mails that there are not", lie("* 8 FETCH (UID 0 RFC822.SIZE 6)\r\n* 1 FETCH (UID 4294967295)\r\n")),
        ("answers what nobody asked", lie("z9 OK done\r\nz9 NO done\r\n")),
    ]
}

/// `polite` up to the state `at`, and then `fault` in place of the answer.
fn broken(polite: &[(&'static str, Turn)], at: usize, fault: &[Turn]) -> Vec<Turn> {
    let mut turns: Vec<Turn> = polite[..at].iter().map(|it| it.1.clone()).collect();
    match &polite[at].1 {
        Turn::Hear(prefix, _) => turns.push(Turn::Hear(prefix, String::new())),
        Turn::HearMail(_) => turns.push(Turn::HearMail(String::new())),
        _ => {}
    }
    turns.extend(fault.iter().cloned());
    turns
}

fn polite(states: Vec<(&'static str, Turn)>) -> Vec<Turn> {
    states.into_iter().map(|it| it.1).chain([Turn::Stall]).collect()
}

#[tokio::test(start_paused = true)]
async fn a_reader_is_free_in_time_says_so_and_another_mailbox_goes_on() {
    let good = Scripted::start(vec![polite(imap())]).await;
    let tls = tls();
    for at in 0..imap().len() {
        for (name, fault) in faults("* OK still here\r\n").into_iter().chain(lies()) {
            let what = format!("{name} at {}", imap()[at].0);
            let bad = Scripted::start(vec![broken(&imap(), at, &fault)]).await;
            let (stop, begun) = (CancellationToken::new(), Instant::now());
            let read = |server: Server| {
                let shelf = Shelf::new();
                shelf.known().position = Some(Position { validity: 1, uid: 7 });
                let mailbox = Mailbox { server, login: login(), folder: "INBOX".to_owned() };
                tokio::spawn(imap::run(mailbox, tls.clone(), Pace::new(7), shelf.clone(), stop.clone()));
                shelf
            };
            let shelf = read(bad.server(Security::Plain));
            let broken = |state: &State| matches!(state, State::Broken { .. });
            let limit = FREE + Duration::from_secs(1);
            shelf.wait_within(limit, |known| known.states.iter().any(broken)).await;
            assert!(begun.elapsed() <= FREE, "{what}: {:?}", begun.elapsed());
            if at == 0 {
                let other = read(good.server(Security::Plain));
                other.wait_within(FREE, |known| known.mails.len() == 1).await;
            }
            stop.cancel();
            assert!(shelf.known().mails.len() <= 1, "{what}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_sender_is_free_in_time_and_says_so() {
    let to =
        Envelope { from: Email::parse("desk@desk.example"), to: vec![Email::parse("ann@customer.example").unwrap()] };
    let (login, tls) = (login(), tls());
    for at in 0..smtp().len() {
        let refusals = ["421 4.3.2 going down\r\n", "554 5.7.1 not you\r\n"];
        let refusals = refusals.map(|it| (it, vec![say(it), Turn::Close]));
        for (name, fault) in faults("250-still here\r\n").into_iter().chain(refusals) {
            let what = format!("{name} at {}", smtp()[at].0);
            let bad = Scripted::start(vec![broken(&smtp(), at, &fault)]).await;
            let begun = Instant::now();
            let server = bad.server(Security::Plain);
            let mail = b"Subject: x\r\n\r\ny\r\n";
            let sent = smtp::send(&server, Some(&login), &tls, "desk.example", &to, mail);
            let error = timeout(FREE * 2, sent).await.unwrap().unwrap_err();
            assert!(begun.elapsed() <= FREE, "{what}: {:?}", begun.elapsed());
            assert!(!error.words().is_empty(), "{what}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_test_ends_in_time_and_names_the_step() {
    let address = Email::parse("desk@desk.example").unwrap();
    let keys = Keys::new([7; 32], Vec::new());
    let probe = |id| probe::compose(&keys, Uuid::from_u128(id), &address, &address, 0).unwrap();
    let closed = Server { host: "127.0.0.1".to_owned(), port: 1, security: Security::Plain };
    let (login, tls) = (login(), tls());
    let run = async |reading: &Server, sending: &Server, what: &str| {
        let trial = Trial {
            reading: (reading, &login),
            sending: Some((sending, &login)),
            address: &address,
            how: How::Given,
            probes: [probe(1), probe(2)],
            wait: check::WAIT,
        };
        let begun = Instant::now();
        let steps = timeout(FREE * 2, check::run(&trial, &tls, |_| ())).await.unwrap();
        assert!(begun.elapsed() <= FREE, "{what}: {:?}", begun.elapsed());
        let failed = |it: &Outcome| matches!(it, Outcome::Failed { words, .. } if !words.is_empty());
        assert!(steps.iter().any(|it| failed(&it.outcome)), "{what}: {steps:?}");
        assert!(steps.iter().all(|it| it.outcome != Outcome::Now), "{what}: {steps:?}");
    };
    for at in 0..6 {
        for (name, fault) in faults("* OK still here\r\n").into_iter().chain(lies()) {
            let bad = Scripted::start(vec![broken(&imap(), at, &fault)]).await;
            run(&bad.server(Security::Plain), &closed, &format!("{name} at {}", imap()[at].0)).await;
        }
    }
    for at in 0..4 {
        for (name, fault) in faults("250-still here\r\n") {
            let bad = Scripted::start(vec![broken(&smtp(), at, &fault)]).await;
            run(&closed, &bad.server(Security::Plain), &format!("{name} at {}", smtp()[at].0)).await;
        }
    }
}
