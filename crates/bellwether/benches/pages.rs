//! How fast pages answer on 100,000 cases: the real program, and 1,000 signed-in requests a round over two kept-alive
//! connections. The data set is made once, in `target/bench-data`, and used again.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench prints, and fails loudly")]

#[expect(dead_code, reason = "it does not look at memory")]
mod program;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use bellwether::demo::{PASSWORD, SIGN_INS};
use program::{Connection, Program, command, target};

const CASES: usize = 100_000;
const ROUNDS: usize = 3;
const REQUESTS: usize = 1_000;
const CONNECTIONS: usize = 2;

fn main() {
    tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
        let data = target().join("bench-data").join(format!("sqlite-{CASES}"));
        if !data.is_dir() {
            generate(&data);
        }
        // A set of another schema, or one that was left half made, does not start.
        let mut started = Program::start("demo", &data).await;
        if started.is_none() {
            generate(&data);
            started = Program::start("demo", &data).await;
        }
        let program = started.expect("the program serves what it generated");
        let views = ["/inbox", "/inbox?view=unassigned", "/inbox?view=waiting", "/inbox?view=all"];
        measure(&program, "inbox", |nth| views[nth % views.len()].to_owned()).await;
        // Steps of a prime number reach every corner of the set.
        measure(&program, "case", |nth| format!("/cases/{}", nth * 7_919 % CASES + 1)).await;
    });
}

fn generate(data: &Path) {
    eprintln!("making {CASES} cases in {}", data.display());
    fs::remove_dir_all(data).ok();
    fs::create_dir_all(data).expect("a directory");
    let made = command("generate", data).args(["--cases", &CASES.to_string()]).status().expect("the program");
    assert!(made.success(), "the data set could not be made");
}

async fn measure(program: &Program, name: &str, path: impl Fn(usize) -> String) {
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut connection = Connection::open(&program.address).await.expect("a connection");
        connection.sign_in(SIGN_INS[0].email, PASSWORD).await;
        connections.push(connection);
    }
    let mut rounds = Vec::new();
    for round in 0..=ROUNDS {
        let mut running = Vec::new();
        for (at, mut connection) in connections.drain(..).enumerate() {
            let first = (round * CONNECTIONS + at) * REQUESTS / CONNECTIONS;
            let paths: Vec<String> = (0..REQUESTS / CONNECTIONS).map(|nth| path(first + nth)).collect();
            running.push(tokio::spawn(async move {
                let mut times = Vec::new();
                for path in paths {
                    let start = Instant::now();
                    let answer = connection.get(&path).await.expect("an answer");
                    times.push(start.elapsed());
                    assert_eq!(answer.status, 200, "{path}: {}", answer.head);
                }
                (connection, times)
            }));
        }
        let mut times = Vec::new();
        for it in running {
            let (connection, its) = it.await.expect("a connection that works");
            connections.push(connection);
            times.extend(its);
        }
        times.sort_unstable();
        // The first round only warms up.
        if round > 0 {
            rounds.push((part(&times, 50), part(&times, 99)));
        }
    }
    let median = |mut all: Vec<f64>| {
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    let p50 = median(rounds.iter().map(|it| it.0).collect());
    let p99 = median(rounds.iter().map(|it| it.1).collect());
    println!("{name} sqlite {CASES} cases: p50 {p50:.1} ms, p99 {p99:.1} ms");
}

/// The time that `percent` of the requests do not exceed, in milliseconds.
fn part(sorted: &[Duration], percent: usize) -> f64 {
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)].as_secs_f64() * 1000.0
}
