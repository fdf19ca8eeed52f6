//! A desk at work over every door: mails by the API and over IMAP, answers out by SMTP; and what the world outside knows of
//! it, to be compared with what is there in the end.
#![allow(dead_code, reason = "each test program uses a part of it")]

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
use store::case::spine::{Reach, Spine, spine};
use store::filter::Asked;
use store::{Db, Scope};
use testkit::mail_server::MailServer;
use testkit::program::{Answer, Method, Program, StatusCode, Visitor, a_moment, encoded, until_so};
use testkit::{Home, Letter};
use tokio::sync::{Mutex, watch};
use tokio::task::JoinHandle;

pub const EXE: &str = env!("CARGO_BIN_EXE_bellwether");
pub const PASSWORD: &str = "correct horse battery";
pub const INES: &str = "ines@desk.example";
const US: &str = "support@desk.example";
const THEM: &str = "ruth@customer.example";

/// A desk that was set up, its mail server, and what the world outside knows.
pub struct Load {
    pub server: MailServer,
    pub channel: ChannelId,
    pub token: String,
    ines: StaffId,
    accepted: Arc<Accepted>,
}

/// What the program has said yes to.
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
    /// Mails that were not answered, or with "later": their sender hands them in again, as it must.
    unanswered: Mutex<Vec<Letter>>,
    /// Replies likewise, as a person sends them again: their case, the id of their form, their text.
    unsent: Mutex<Vec<(i64, uuid::Uuid, String)>>,
    next: AtomicU64,
    /// How often it has said "later".
    later: watch::Sender<u64>,
    /// How often it has said yes.
    count: watch::Sender<u64>,
    /// Set when the work is to end.
    stop: watch::Sender<bool>,
}

/// How a part of the work came to its end.
#[derive(Debug, PartialEq, Eq)]
pub enum Ended {
    /// It was told to.
    Told,
    /// There was no program any more.
    Gone,
}

/// People and programs at work.
pub struct Work(Vec<JoinHandle<Ended>>);

impl Work {
    /// Waits until all have ended; all in the same way.
    pub async fn ended(self, how: Ended) {
        for task in self.0 {
            assert_eq!(task.await.unwrap(), how);
        }
    }
}

impl Load {
    /// Sets a desk up.
    pub async fn found(home: &Home) -> Load {
        let server = MailServer::start().await;
        server.add_user(US, "secret");
        server.add_user(THEM, "secret");
        let (channel, token, ines) = found(home, &server).await;
        Load { server, channel, token, ines, accepted: Arc::default() }
    }

    /// The program, which knows the mail server.
    pub async fn serve(&self, home: &Home) -> Program {
        let ca = self.server.ca_file().display().to_string();
        Program::serve(EXE, home, &["--extra-ca-file", &ca, "--log", "error"]).await
    }

    /// Begins to work: over the API, over IMAP, and out by SMTP.
    pub async fn begin(&self, program: &Program) -> Work {
        self.accepted.stop.send_replace(false);
        let visitor = Visitor::sign_in(&program.url, INES, PASSWORD).await;
        let mut tasks = Vec::new();
        for _ in 0..4 {
            let (visitor, token) = (Visitor::new(&program.url), self.token.clone());
            tasks.push(tokio::spawn(post_mails(visitor, self.channel, token, self.accepted.clone())));
        }
        for _ in 0..2 {
            tasks.push(tokio::spawn(reply(visitor.clone(), self.accepted.clone())));
        }
        Work(tasks)
    }

    /// Tells those who work to end.
    pub fn end(&self) {
        self.accepted.stop.send_replace(true);
    }

    /// Puts some mails into the mailbox that is read over IMAP.
    pub async fn deliver(&self) {
        for _ in 0..3 {
            let n = self.accepted.next.fetch_add(1, SeqCst);
            let letter = Letter::from(THEM).to(US).subject(&format!("Over IMAP {n}"));
            self.server.deliver(&letter.raw(), US).await;
            self.accepted.delivered.lock().await.push(letter.id());
        }
    }

    /// Waits until mail has come in over IMAP and left by SMTP, and puts more on both ways.
    pub async fn busy(&self, program: &Program) {
        let sent = self.server.mailbox(THEM).len();
        self.read_out(program).await;
        self.server.wait_for(THEM, sent + 1).await;
        self.deliver().await;
    }

    /// Waits until the program has said yes so often from now on.
    pub async fn accepts(&self, count: u64) {
        let mut counted = self.accepted.count.subscribe();
        let wanted = *counted.borrow() + count;
        counted.wait_for(|it| *it >= wanted).await.unwrap();
    }

    /// Waits until it has said "later" so often from now on.
    pub async fn says_later(&self, count: u64) {
        let mut counted = self.accepted.later.subscribe();
        let wanted = *counted.borrow() + count;
        counted.wait_for(|it| *it >= wanted).await.unwrap();
    }

    /// Puts mails into the mailbox, and waits until all of it has been read. It is read in order: when its last mail is there, all are.
    pub async fn read_out(&self, program: &Program) {
        self.deliver().await;
        let opening = Letter::from(THEM).subject("Before the last one");
        let visitor = Visitor::new(&program.url);
        let opened = post(&visitor, self.channel, &self.token, &opening).await.unwrap();
        self.accepted.mails.lock().await.push(opening.id());
        let last = Letter::from(THEM).to(US).text("The last one of all").answers(&opening.id());
        self.server.deliver(&last.raw(), US).await;
        let ines = Visitor::sign_in(&program.url, INES, PASSWORD).await;
        ines.until(&format!("/cases/{}", number_in(&opened)), "The last one of all").await;
        self.accepted.delivered.lock().await.push(last.id());
    }

    /// Waits until all that is to leave has left.
    pub async fn sent_out(&self) {
        let replies = self.accepted.replies.lock().await.len();
        // Those that wait for another try do so for some time.
        until_so("all replies have left", || self.server.mailbox(THEM).len() >= replies).await;
    }

    /// Reads everything back, as a page would, and compares. A mail may have left so often.
    pub async fn check(&self, home: &Home, most: u32) {
        check(home, &self.server, self.ines, &self.accepted, most).await;
    }
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

/// Posts mails until it is told to end, or the program is gone.
async fn post_mails(visitor: Visitor, channel: ChannelId, token: String, accepted: Arc<Accepted>) -> Ended {
    while !*accepted.stop.borrow() {
        let lost = accepted.unanswered.lock().await.pop();
        let again = lost.is_some();
        let letter = lost.unwrap_or_else(|| {
            let n = accepted.next.fetch_add(1, SeqCst);
            Letter::from(&format!("c{}@customer.example", n % 7)).subject(&format!("By the API {n}"))
        });
        let answer = post(&visitor, channel, &token, &letter).await;
        match answer.as_ref().map(|it| it.status) {
            Some(StatusCode::CREATED) => {}
            Some(StatusCode::OK) if again => {}
            Some(StatusCode::SERVICE_UNAVAILABLE) => {
                accepted.unanswered.lock().await.push(letter);
                later(answer.as_ref(), &accepted).await;
                continue;
            }
            None => {
                accepted.unanswered.lock().await.push(letter);
                return Ended::Gone;
            }
            Some(status) => panic!("{status}: {answer:?}"),
        }
        accepted.mails.lock().await.push(letter.id());
        accepted.cases.lock().await.extend(answer.as_ref().map(number_in));
        accepted.count.send_modify(|it| *it += 1);
    }
    Ended::Told
}

/// Whoever is asked to come later is told when; here nobody waits that long.
async fn later(answer: Option<&Answer>, accepted: &Accepted) {
    assert!(answer.is_some_and(|it| it.headers.contains_key("retry-after")), "{answer:?}");
    accepted.later.send_modify(|it| *it += 1);
    a_moment().await;
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

/// Answers cases until it is told to end, or the program is gone.
async fn reply(visitor: Visitor, accepted: Arc<Accepted>) -> Ended {
    let mut counted = accepted.count.subscribe();
    while !*accepted.stop.borrow() {
        let lost = accepted.unsent.lock().await.pop();
        let written = match lost {
            Some(lost) => Some(lost),
            None => write(&accepted).await,
        };
        let Some((case, id, text)) = written else {
            // The first mail of all is on its way.
            counted.changed().await.unwrap();
            continue;
        };
        let form = format!("id={id}&kind=reply&to={}&cc=&then=waiting&text={}", encoded(THEM), encoded(&text));
        let answer = visitor.post(&format!("/cases/{case}/messages"), &form).await;
        match answer.as_ref().map(|it| it.status) {
            Some(StatusCode::SEE_OTHER) => {}
            Some(StatusCode::SERVICE_UNAVAILABLE) => {
                assert!(answer.as_ref().unwrap().body.contains(&text), "what was written is given back");
                accepted.unsent.lock().await.push((case, id, text));
                later(answer.as_ref(), &accepted).await;
                continue;
            }
            None => {
                accepted.unsent.lock().await.push((case, id, text));
                return Ended::Gone;
            }
            Some(status) => panic!("{status}: {answer:?}"),
        }
        accepted.replies.lock().await.push(text);
        accepted.count.send_modify(|it| *it += 1);
    }
    Ended::Told
}

/// An answer to one of the cases, if there is one.
async fn write(accepted: &Accepted) -> Option<(i64, uuid::Uuid, String)> {
    let n = accepted.next.fetch_add(1, SeqCst);
    let cases = accepted.cases.lock().await;
    let case = cases.get(usize::try_from(n).unwrap() % cases.len().max(1)).copied()?;
    Some((case, Ctx::system().id(), format!("Answer {n}.")))
}

async fn check(home: &Home, server: &MailServer, ines: StaffId, accepted: &Accepted, most: u32) {
    let desk = desk(home, server).await;
    // What a dead process had in its hands is due again by then.
    let later = desk.at(desk.now().after(Duration::from_hours(1)));
    later.work_off().await.unwrap();
    let ines = desk.staff_member(ines).await.unwrap();
    let asked = send_what_a_person_must_decide(&later, &ines).await;
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
    // program died between the server's yes and its own note of it; and once more where a person asked for that.
    for (text, id) in &outbound {
        let times = arrived.get(id).copied().unwrap_or(0);
        let most = most + u32::from(asked.contains(id));
        assert!((1..=most).contains(&times), "{text} arrived {times} times");
    }
    let ours: BTreeSet<&String> = outbound.values().collect();
    assert!(arrived.keys().all(|it| ours.contains(it)), "something left that is not in the database");
    println!(
        "{} mails by the API, {} over IMAP, {} replies; {} arrived twice, {} were left to a person",
        accepted.mails.lock().await.len(),
        accepted.delivered.lock().await.len(),
        accepted.replies.lock().await.len(),
        arrived.values().filter(|it| **it == 2).count(),
        asked.len(),
    );
    desk.db.close().await;
}

/// Twice on their way when the program was killed: those are not sent a third time unless somebody asks for it.
async fn send_what_a_person_must_decide(desk: &Desk, ines: &Member) -> BTreeSet<String> {
    let mut asked = BTreeSet::new();
    for number in numbers(desk, ines).await {
        let mut before = None;
        loop {
            let page = page(desk, ines, number, before).await;
            for it in page.messages.values().filter(|it| it.state == MessageState::Failed) {
                let why = it.error.clone().unwrap_or_default();
                assert!(why.contains("may have been sent"), "{why}");
                desk.send_again(ines, number, it.id).await.unwrap();
                asked.extend(it.message_id.clone());
            }
            before = page.earlier;
            if before.is_none() {
                break;
            }
        }
    }
    desk.work_off().await.unwrap();
    asked
}

async fn page(desk: &Desk, ines: &Member, number: i64, before: Option<Reach>) -> Spine {
    let scope = Scope::of(ines);
    desk.db.read(async move |rx| spine(rx, &scope, number, before.clone()).await).await.unwrap()
}

async fn numbers(desk: &Desk, ines: &Member) -> Vec<i64> {
    let mut numbers = Vec::new();
    let mut from = From::Newest;
    loop {
        let scope = Scope::of(ines);
        let page = desk
            .db
            .read(async move |rx| list::page(rx, &scope, &Asked::of(View::All, &scope), from).await)
            .await
            .unwrap();
        numbers.extend(page.lines.iter().map(|it| it.number));
        match page.older {
            Some(older) => from = From::Before(older),
            None => return numbers,
        }
    }
}
