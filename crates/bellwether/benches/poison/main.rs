//! How long mails wait for their answer when one in a hundred is poison: the corpus of the bench `intake`, handed in by 64
//! callers at once, with poison among it and without, in turns.
//!
//! Poison is of every kind that ends in quarantine: no sender, multiparts without end, parts without number, a header
//! without end, no header at all, and a mail for a case that the database refuses to change. Jobs run meanwhile, as they
//! do in the program. PostgreSQL is measured when `TEST_POSTGRES` names one.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench prints, and fails loudly")]
#![expect(clippy::cast_precision_loss, reason = "it counts thousands")]

#[path = "../intake/corpus.rs"]
mod corpus;

use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use desk::mail::{Mailbox, Receipt};
use desk::{Ctx, Desk, Keys, Post};
use domain::Email;
use store::Db;
use testkit::home::Home;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use corpus::{Corpus, Thread};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many callers wait for their answer at a time.
const CALLERS: usize = 64;
/// How many pairs of rounds are measured; the median counts.
const ROUNDS: usize = 5;
/// How often a round repeats the corpus of 300 mails.
const REPEATS: usize = 10;
/// One mail in so many is poison.
const ONE_IN: usize = 100;
/// The `Message-ID` of the case that cannot be changed.
const SPOILED: &str = "<spoiled@mail.customer.example>";

fn main() {
    let quick = std::env::args().any(|it| it == "--quick");
    let runtime = Runtime::new().expect("a runtime");
    let corpus = Corpus::new();
    runtime.block_on(async {
        measure("sqlite", &Home::sqlite(), &corpus, quick).await;
        if named("TEST_POSTGRES") {
            let home = Home::postgres().await;
            measure("postgres", &home, &corpus, quick).await;
            home.remove().await;
        }
    });
}

#[expect(clippy::disallowed_methods, reason = "which databases a bench may use is told to it by its environment")]
fn named(variable: &str) -> bool {
    std::env::var(variable).is_ok_and(|it| !it.is_empty())
}

/// How long the sound mails of a round waited.
struct Waited {
    mean: f64,
    /// 99 in 100 waited no longer.
    most: f64,
}

async fn measure(name: &str, home: &Home, corpus: &Corpus, quick: bool) {
    let node = Uuid::from_u128(1);
    let db = Db::open(home.place(), node).await.expect("a database");
    let desk = Desk::new(db.clone(), Ctx::system(), Keys::new(vec![(1, [7; 32])]), Post::Kept, node);
    let mailbox = mailbox(&desk);
    spoil(&desk, &mailbox).await;
    let stop = CancellationToken::new();
    let (worker, until) = (desk.clone(), stop.clone());
    let worker = tokio::spawn(async move { worker.work(until).await });
    let (rounds, repeats) = if quick { (1, 2) } else { (ROUNDS, REPEATS) };
    take_in(&desk, &mailbox, corpus.repeat(0, repeats)).await;
    let mut rows: Vec<[f64; 4]> = Vec::new();
    let mut poison = 0;
    for round in 0..rounds {
        let plain = take_in(&desk, &mailbox, corpus.repeat(1 + 2 * round, repeats)).await.0;
        let mut threads = corpus.repeat(2 + 2 * round, repeats);
        let (spoiled, kept) = (add_poison(&mut threads, round), poison);
        let (waited, quarantined) = take_in(&desk, &mailbox, threads).await;
        poison += quarantined;
        assert_eq!(poison - kept, spoiled, "all of the poison, and nothing else, is in quarantine");
        rows.push([waited.mean / plain.mean, waited.most / plain.most, plain.mean, waited.mean]);
    }
    stop.cancel();
    worker.await.expect("the worker ends");
    let middle = |column: usize| median(rows.iter().map(|it| it[column]).collect());
    println!("poison: others delayed {:.2} x ({name})", middle(0));
    println!("  mean {:.2} ms instead of {:.2} ms; the slowest of a hundred {:.2} x", middle(3), middle(2), middle(1));
    println!("  {poison} mails in quarantine, 1 in {ONE_IN}");
    db.close().await;
}

fn mailbox(desk: &Desk) -> Mailbox {
    let address = Email::parse(corpus::ADDRESS).expect("an address");
    let own: Arc<[Email]> = vec![address.clone()].into();
    Mailbox { id: desk.id(), address, authserv_id: Some(corpus::SERVER.to_owned()), own, history: false }
}

/// A case that no mail can join: what the database has of it makes no sense.
async fn spoil(desk: &Desk, mailbox: &Mailbox) {
    let raw = format!("From: spoiled@customer.example\r\nMessage-ID: {SPOILED}\r\nSubject: Spoiled\r\n\r\nText\r\n");
    let receipt = desk.receive(mailbox, raw.into_bytes(), desk.now()).await.expect("it is taken in");
    let Receipt::Filed(filed) = receipt else { panic!("it is a case") };
    let spoil = desk.db.write([], async move |tx| {
        tx.run("update cases set participants = 'no list' where number = $1", &[&filed.number]).await
    });
    assert_eq!(spoil.await.expect("it is spoiled"), 1);
}

/// Strews poison among the threads, each in a thread of its own; answers how much.
fn add_poison(threads: &mut Vec<Thread>, round: usize) -> usize {
    let count = threads.iter().map(Vec::len).sum::<usize>() / ONE_IN;
    let apart = threads.len() / count;
    for nth in (0..count).rev() {
        threads.insert(nth * apart, vec![poison(nth % 6, &format!("{round}.{nth}"))]);
    }
    count
}

fn poison(kind: usize, id: &str) -> Vec<u8> {
    let head = format!("Message-ID: <poison.{id}@mail.customer.example>\r\nSubject: Poison {id}\r\n");
    let from = "From: poison@customer.example\r\n";
    let mut raw = match kind {
        0 => format!("{head}\r\nFrom nobody\r\n"),
        1 => {
            let mut raw = format!("{from}{head}");
            for depth in 0..2_000 {
                write!(raw, "Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r\n").ok();
            }
            raw
        }
        2 => {
            let mut raw = format!("{from}{head}Content-Type: multipart/mixed; boundary=b\r\n\r\n");
            (0..20_000).for_each(|_| raw.push_str("--b\r\n\r\nx\r\n"));
            raw
        }
        3 => format!("{from}{head}X-Long: {}\r\n\r\nText\r\n", "x".repeat(2 << 20)),
        4 => format!("\r\n{id}"),
        _ => format!("{from}{head}In-Reply-To: {SPOILED}\r\n\r\nText\r\n").replace("poison@", "spoiled@"),
    }
    .into_bytes();
    if kind == 4 {
        raw.extend(std::iter::repeat_n(0, 1 << 20));
    }
    raw
}

/// Hands all of them in. The mails of one thread come one after the other, as they do in life. Answers how long those
/// waited that are filed, and how many are not.
async fn take_in(desk: &Desk, mailbox: &Mailbox, threads: Vec<Thread>) -> (Waited, usize) {
    let threads: Arc<Vec<Mutex<Thread>>> = Arc::new(threads.into_iter().map(Mutex::new).collect());
    let next = Arc::new(AtomicUsize::new(0));
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let (desk, mailbox, threads, next) = (desk.clone(), mailbox.clone(), threads.clone(), next.clone());
            tokio::spawn(async move {
                let (mut filed, mut quarantined) = (Vec::new(), 0);
                while let Some(thread) = threads.get(next.fetch_add(1, Relaxed)) {
                    let mails = std::mem::take(&mut *thread.lock().expect("one caller at a time"));
                    for raw in mails {
                        let start = Instant::now();
                        match desk.receive(&mailbox, raw, desk.now()).await.expect("it is taken in") {
                            Receipt::Filed(_) => filed.push(start.elapsed()),
                            Receipt::Quarantined { .. } => quarantined += 1,
                            other => panic!("every mail is new: {other:?}"),
                        }
                    }
                }
                (filed, quarantined)
            })
        })
        .collect();
    let (mut waited, mut quarantined): (Vec<Duration>, usize) = (Vec::new(), 0);
    for caller in callers {
        let (filed, kept) = caller.await.expect("no caller fails");
        waited.extend(filed);
        quarantined += kept;
    }
    waited.sort_unstable();
    let mean = waited.iter().sum::<Duration>().as_secs_f64() * 1e3 / waited.len() as f64;
    let most = waited[waited.len() * 99 / 100].as_secs_f64() * 1e3;
    (Waited { mean, most }, quarantined)
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
