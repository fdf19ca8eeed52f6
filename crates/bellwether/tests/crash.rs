//! Acknowledged is durable: the program is killed again and again while mails come in and replies go out, and nothing
//! that it accepted is lost or doubled.
//!
//! `TEST_KILLS` says how often it is killed; 20 times without it.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on fails, and says what it did"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Duration;

use bellwether::key_file;
use channels::{Security, Tls};
use desk::channel::NewMailbox;
use desk::setup::FirstVisit;
use desk::{Ctx, Desk, Keys, Post};
use domain::{ChannelId, Direction, Member, MessageState, StaffId, View};

use store::case::list::{self, From};
use store::case::spine::{Spine, spine};
use store::{Db, Scope};
use testkit::mail_server::MailServer;
use testkit::program::{Answer, Method, Program, StatusCode, Visitor, encoded};
use testkit::{Home, Letter};
use tokio::sync::{Mutex, watch};

testkit::both!(nothing_accepted_is_lost_and_nothing_is_doubled);

const PASSWORD: &str = "correct horse battery";
const US: &str = "support@desk.example";
const THEM: &str = "ruth@customer.example";

/// What the world outside knows: what the program has said yes to.
#[derive(Default)]
struct Accepted {
    /// `Message-ID`s of mails that it has taken by the API.
    mails: Mutex<Vec<String>>,
    /// Numbers of their cases.
    cases: Mutex<Vec<i64>>,
    /// Texts of replies that it has taken.
    replies: Mutex<Vec<String>>,
    /// `Message-ID`s of mails that lie in the mailbox.
    delivered: Mutex<Vec<String>>,
    /// Mails whose answer was lost with the program: their sender hands them in again, as it must.
    unanswered: Mutex<Vec<Letter>>,
    next: AtomicU64,
}

async fn nothing_accepted_is_lost_and_nothing_is_doubled(home: &Home) {
    let server = MailServer::start().await;
    server.add_user(US, "secret");
    server.add_user(THEM, "secret");
    let (channel, token, ines) = found(home, &server).await;
    let ca = server.ca_file().display().to_string();
    let accepted = Arc::new(Accepted::default());
    let kills: u64 = option_env("TEST_KILLS").map_or(20, |it| it.parse().expect("TEST_KILLS is a number"));
    for round in 0..kills {
        let (count, mut counted) = watch::channel(0_u64);
        let mut program = serve(home, &ca).await;
        let visitor = Visitor::sign_in(&program.url, "ines@desk.example", PASSWORD).await;
        let mut tasks = Vec::new();
        for _ in 0..4 {
            let (visitor, token) = (Visitor::new(&program.url), token.clone());
            tasks.push(tokio::spawn(post_mails(visitor, channel, token, accepted.clone(), count.clone())));
        }
        for _ in 0..2 {
            tasks.push(tokio::spawn(reply(visitor.clone(), accepted.clone(), count.clone())));
        }
        deliver(&server, &accepted).await;
        // Some point that no two rounds share.
        let point = 12 + (round * 2_654_435_761) % 61;
        counted.wait_for(|it| *it >= point).await.unwrap();
        program.kill().await;
        for task in tasks {
            task.await.unwrap();
        }
    }
    let program = serve(home, &ca).await;
    let visitor = Visitor::sign_in(&program.url, "ines@desk.example", PASSWORD).await;
    // The mailbox is read in order: when its last mail is there, all are.
    let opening = Letter::from(THEM).subject("Before the last one");
    let opened = post(&Visitor::new(&program.url), channel, &token, &opening).await.unwrap();
    let last = Letter::from(THEM).to(US).text("The last one of all").answers(&opening.id());
    server.deliver(&last.raw(), US).await;
    visitor.until(&format!("/cases/{}", number_in(&opened)), "The last one of all").await;
    accepted.delivered.lock().await.push(last.id());
    program.stop().await;
    check(home, &server, ines, &accepted).await;
}

async fn serve(home: &Home, ca: &str) -> Program {
    Program::serve(env!("CARGO_BIN_EXE_bellwether"), home, &["--extra-ca-file", ca, "--log", "error"]).await
}

#[expect(clippy::disallowed_methods, reason = "tests are told how long to try by the environment")]
fn option_env(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

async fn desk(home: &Home, server: &MailServer) -> Desk {
    let ctx = Ctx::system();
    let node = ctx.id();
    let db = Db::open(home.place(), node).await.unwrap();
    let keys = Keys::new(key_file::open(&home.key_file()).unwrap());
    Desk::new(db, ctx, keys, Post::Servers(Tls::new(Some(&server.ca_file())).unwrap()), node)
}

async fn found(home: &Home, server: &MailServer) -> (ChannelId, String, StaffId) {
    let desk = desk(home, server).await;
    let visit = FirstVisit {
        organization: "Tareline".to_owned(),
        time_zone: "Europe/London".to_owned(),
        name: "Ines Okafor".to_owned(),
        email: "ines@desk.example".to_owned(),
        password: PASSWORD.to_owned(),
    };
    let ines = desk.found(visit, None).await.unwrap();
    let mailbox = NewMailbox {
        name: "Support".to_owned(),
        address: US.to_owned(),
        reading: Some(server.imap_server(Security::Tls)),
        sending: Some(server.smtp_server(Security::Starttls)),
        user: String::new(),
        password: "secret".to_owned(),
        ..NewMailbox::default()
    };
    let channel = desk.add_mailbox(mailbox).await.unwrap();
    let token = desk.channel_token(channel).await.unwrap();
    desk.db.close().await;
    (channel, token, ines)
}

/// Posts mails until the program is gone.
async fn post_mails(
    visitor: Visitor,
    channel: ChannelId,
    token: String,
    accepted: Arc<Accepted>,
    count: watch::Sender<u64>,
) {
    loop {
        let lost = accepted.unanswered.lock().await.pop();
        let again = lost.is_some();
        let letter = lost.unwrap_or_else(|| {
            let n = accepted.next.fetch_add(1, SeqCst);
            Letter::from(&format!("c{}@customer.example", n % 7)).subject(&format!("By the API {n}"))
        });
        let Some(answer) = post(&visitor, channel, &token, &letter).await else {
            accepted.unanswered.lock().await.push(letter);
            return;
        };
        let known = again && answer.status == StatusCode::OK;
        assert!(known || answer.status == StatusCode::CREATED, "{}: {}", answer.status, answer.body);
        accepted.mails.lock().await.push(letter.id());
        accepted.cases.lock().await.push(number_in(&answer));
        count.send_modify(|it| *it += 1);
    }
}

/// Hands a mail in; nothing if the program is gone.
async fn post(visitor: &Visitor, channel: ChannelId, token: &str, letter: &Letter) -> Option<Answer> {
    let bearer = format!("Bearer {token}");
    let headers = [("content-type", "message/rfc822"), ("authorization", bearer.as_str())];
    visitor.ask(Method::POST, &format!("/api/v1/channels/{channel}/mail"), &headers, letter.raw()).await
}

/// The case that a mail which was handed in belongs to.
fn number_in(answer: &Answer) -> i64 {
    let told: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    told["case"]["number"].as_i64().unwrap()
}

/// Answers cases until the program is gone.
async fn reply(visitor: Visitor, accepted: Arc<Accepted>, count: watch::Sender<u64>) {
    let mut counted = count.subscribe();
    loop {
        let n = accepted.next.fetch_add(1, SeqCst);
        let case = {
            let cases = accepted.cases.lock().await;
            cases.get(usize::try_from(n).unwrap() % cases.len().max(1)).copied()
        };
        let Some(case) = case else {
            // The first mail of all is on its way.
            if counted.changed().await.is_err() {
                return;
            }
            continue;
        };
        let text = format!("Answer {n}.");
        let form = format!("kind=reply&to={}&cc=&then=waiting&text={}", encoded(THEM), encoded(&text));
        let Some(answer) = visitor.post(&format!("/cases/{case}/messages"), &form).await else { return };
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        accepted.replies.lock().await.push(text);
        count.send_modify(|it| *it += 1);
    }
}

/// Puts some mails into the mailbox that is read over IMAP.
async fn deliver(server: &MailServer, accepted: &Accepted) {
    for _ in 0..3 {
        let n = accepted.next.fetch_add(1, SeqCst);
        let letter = Letter::from(THEM).to(US).subject(&format!("Over IMAP {n}"));
        server.deliver(&letter.raw(), US).await;
        accepted.delivered.lock().await.push(letter.id());
    }
}

/// Reads everything back, as a page would, and compares.
async fn check(home: &Home, server: &MailServer, ines: StaffId, accepted: &Accepted) {
    let desk = desk(home, server).await;
    // What a dead process had in its hands is due again by then.
    desk.at(desk.now().after(Duration::from_hours(1))).work_off().await.unwrap();
    let ines = desk.staff_member(ines).await.unwrap();
    let (mut inbound, mut outbound) = (BTreeMap::<String, u32>::new(), BTreeMap::new());
    for number in numbers(&desk, &ines).await {
        let mut before = None;
        let mut entries = Vec::new();
        let total = loop {
            let page = page(&desk, &ines, number, before).await;
            for it in page.messages.values() {
                match it.direction {
                    Direction::Inbound => *inbound.entry(it.message_id.clone().unwrap()).or_default() += 1,
                    Direction::Outbound => {
                        assert_eq!(it.state, MessageState::Sent);
                        let id = it.message_id.clone().unwrap();
                        assert!(outbound.insert(it.text.clone(), id).is_none(), "{} is there twice", it.text);
                    }
                }
            }
            entries.extend(page.entries.iter().filter_map(|it| it.number));
            before = page.earlier;
            if before.is_none() {
                break page.case.entries;
            }
        };
        entries.sort_unstable();
        assert_eq!(entries, (1..=total).collect::<Vec<_>>(), "case {number} has gaps");
    }
    for id in accepted.mails.lock().await.iter().chain(accepted.delivered.lock().await.iter()) {
        assert!(inbound.contains_key(id), "{id} was accepted and is lost");
    }
    assert!(inbound.values().all(|it| *it == 1), "a mail is there twice");
    server.all_delivered().await;
    let mut arrived = BTreeMap::<String, u32>::new();
    for raw in server.mailbox(THEM) {
        let mail = mail::read(&raw, &mail::Receiver { authserv_id: None, own: &[] }).unwrap();
        *arrived.entry(mail.message_id.unwrap()).or_default() += 1;
    }
    for text in accepted.replies.lock().await.iter() {
        assert!(outbound.contains_key(text), "{text} was accepted and is lost");
    }
    // Also of those whose answer was lost with the program: what is in the database has left, once, or twice if the
    // program died between the server's yes and its own note of it.
    for (text, id) in &outbound {
        let times = arrived.get(id).copied().unwrap_or(0);
        assert!((1..=2).contains(&times), "{text} arrived {times} times");
    }
    let ours: BTreeSet<&String> = outbound.values().collect();
    assert!(arrived.keys().all(|it| ours.contains(it)), "something left that is not in the database");
    println!(
        "{} mails by the API, {} over IMAP, {} replies; {} arrived twice",
        accepted.mails.lock().await.len(),
        accepted.delivered.lock().await.len(),
        accepted.replies.lock().await.len(),
        arrived.values().filter(|it| **it == 2).count(),
    );
    desk.db.close().await;
}

async fn page(desk: &Desk, ines: &Member, number: i64, before: Option<i64>) -> Spine {
    let scope = Scope::of(ines);
    desk.db.read(async move |rx| spine(rx, &scope, number, before).await).await.unwrap()
}

async fn numbers(desk: &Desk, ines: &Member) -> Vec<i64> {
    let mut numbers = Vec::new();
    let mut from = From::Newest;
    loop {
        let scope = Scope::of(ines);
        let page = desk.db.read(async move |rx| list::page(rx, &scope, View::All, from).await).await.unwrap();
        numbers.extend(page.lines.iter().map(|it| it.number));
        match page.older {
            Some(older) => from = From::Before(older),
            None => return numbers,
        }
    }
}
