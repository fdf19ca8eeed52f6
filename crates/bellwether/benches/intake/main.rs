//! How much mail one processor takes in: `desk.receive`, which both doors call, with 64 callers at once.
//!
//! The corpus is 100 threads of 3 mails, repeated with new ids: 150 own words and 60 quoted ones each, 1 in 3 with HTML,
//! 1 in 10 with a file of 20 kB. SQLite commits with `synchronous = full`. PostgreSQL runs when `TEST_POSTGRES` names one,
//! and the processor time of its backends counts.
//!
//! After each result stands where the time went: reading a mail by itself, and the threads of the program.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench prints, and fails loudly")]
#![expect(clippy::cast_precision_loss, reason = "it counts thousands")]

mod corpus;
mod cpu;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

use desk::mail::{Mailbox, Receipt};
use desk::{Ctx, Desk, Keys, Post};
use domain::Email;
use store::Db;
use testkit::home::Home;
use tokio::runtime::Runtime;
use uuid::Uuid;

use corpus::{Corpus, Thread};
use cpu::{Backends, Cpu};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many callers wait for their answer at a time.
const CALLERS: usize = 64;
/// How many rounds are measured; the median counts.
const ROUNDS: usize = 5;
/// How often a round repeats the corpus of 300 mails.
const REPEATS: usize = 20;

fn main() {
    let quick = std::env::args().any(|it| it == "--quick");
    let runtime = Runtime::new().expect("a runtime");
    let corpus = Corpus::new();
    let parse = parse_alone(&corpus);
    runtime.block_on(async {
        measure("sqlite", &Home::sqlite(), &corpus, parse, quick).await;
        if named("TEST_POSTGRES") && !quick {
            let home = Home::postgres().await;
            measure("postgres", &home, &corpus, parse, quick).await;
            home.remove().await;
        }
    });
}

#[expect(clippy::disallowed_methods, reason = "which databases a bench may use is told to it by its environment")]
fn named(variable: &str) -> bool {
    std::env::var(variable).is_ok_and(|it| !it.is_empty())
}

/// Microseconds of processor time to read one mail, and do nothing with it.
fn parse_alone(corpus: &Corpus) -> f64 {
    let own = [Email::parse(corpus::ADDRESS).expect("an address")];
    let receiver = mail::Receiver { authserv_id: Some(corpus::SERVER), own: &own };
    let threads = corpus.repeat(0, 5);
    let mails: Vec<&Vec<u8>> = threads.iter().flatten().collect();
    for raw in &mails {
        mail::read(raw, &receiver).expect("a mail that can be read");
    }
    let start = Cpu::now();
    for raw in &mails {
        mail::read(raw, &receiver).expect("a mail that can be read");
    }
    Cpu::now().since(start).as_secs_f64() * 1e6 / mails.len() as f64
}

struct Round {
    /// Messages in a second of the wall clock.
    wall: f64,
    /// Messages in a second of processor time.
    cpu: f64,
}

async fn measure(name: &str, home: &Home, corpus: &Corpus, parse: f64, quick: bool) {
    let node = Uuid::from_u128(1);
    let db = Db::open(home.place(), node).await.expect("a database");
    let backends = if home.is_postgres() { Some(Backends::watch(home.place()).await) } else { None };
    let desk = Desk::new(db.clone(), Ctx::system(), Keys::new(vec![(1, [7; 32])]), Post::Kept, node);
    let mailbox = mailbox(&desk);
    let rounds = if quick { 1 } else { ROUNDS };
    // The first one warms up: caches, statements, and the customers, who are known afterwards.
    let warm = corpus.repeat(0, if quick { 2 } else { REPEATS / 2 });
    take_in(&desk, &mailbox, warm).await;
    let mut results = Vec::new();
    let threads_before = cpu::threads();
    let mut messages = 0;
    for round in 0..rounds {
        let threads = corpus.repeat(1 + round, REPEATS);
        let count = threads.len() * 3;
        let backends_before = backends.as_ref().map(Backends::cpu);
        let (start, cpu) = (Instant::now(), Cpu::now());
        take_in(&desk, &mailbox, threads).await;
        let wall = start.elapsed().as_secs_f64();
        let mut used = Cpu::now().since(cpu);
        if let (Some(backends), Some(before)) = (&backends, backends_before) {
            used += backends.cpu().saturating_sub(before);
        }
        messages += count;
        results.push(Round { wall: count as f64 / wall, cpu: count as f64 / used.as_secs_f64() });
    }
    let per_second = median(results.iter().map(|it| it.wall).collect());
    let per_cpu = median(results.iter().map(|it| it.cpu).collect());
    println!("intake {name}: {per_second:.0} messages/s, {per_cpu:.0} messages per CPU-second");
    println!("  of {:.0} us a message, reading it alone takes {parse:.0} us", 1e6 / per_cpu);
    let whole: Vec<String> = cpu::threads()
        .into_iter()
        .map(|(thread, used)| {
            let used = used.saturating_sub(threads_before.get(&thread).copied().unwrap_or_default());
            (thread, used.as_secs_f64() * 1e6 / messages as f64)
        })
        .filter(|it| it.1 >= 0.5)
        .map(|(thread, used)| format!("{thread} {used:.0} us"))
        .collect();
    println!("  by thread, a message: {}", whole.join(", "));
    db.close().await;
}

fn mailbox(desk: &Desk) -> Mailbox {
    let address = Email::parse(corpus::ADDRESS).expect("an address");
    let own: Arc<[Email]> = vec![address.clone()].into();
    Mailbox { id: desk.id(), address, authserv_id: Some(corpus::SERVER.to_owned()), own, history: false }
}

/// Hands all of them in. The mails of one thread come one after the other, as they do in life.
async fn take_in(desk: &Desk, mailbox: &Mailbox, threads: Vec<Thread>) {
    let threads: Arc<Vec<std::sync::Mutex<Thread>>> =
        Arc::new(threads.into_iter().map(std::sync::Mutex::new).collect());
    let next = Arc::new(AtomicUsize::new(0));
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let (desk, mailbox, threads, next) = (desk.clone(), mailbox.clone(), threads.clone(), next.clone());
            tokio::spawn(async move {
                while let Some(thread) = threads.get(next.fetch_add(1, Relaxed)) {
                    let mails = std::mem::take(&mut *thread.lock().expect("one caller at a time"));
                    let mut case = None;
                    for raw in mails {
                        let receipt = desk.receive(&mailbox, raw, desk.now()).await.expect("it is taken in");
                        let Receipt::Filed(filed) = receipt else { panic!("every mail is new and sound") };
                        let number = *case.get_or_insert(filed.number);
                        assert_eq!(number, filed.number, "a thread is one case");
                    }
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.expect("no caller fails");
    }
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
