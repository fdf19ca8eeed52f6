//! How fast pages answer on 100,000 cases (or as many as `BENCH_CASES` says): the real program, and 1,000 signed-in requests a round over two kept-alive
//! connections, on SQLite and, when `TEST_POSTGRES` names one, on PostgreSQL. The data sets are made once and used again:
//! in `target/bench-data`, and in a database of their own whose name is noted there.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench prints, and fails loudly")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bellwether::demo::{PASSWORD, SIGN_INS};
use testkit::program::{Program, StatusCode, Visitor};
use tokio::process::Command;

/// How many cases, if nothing else is said.
const CASES: usize = 100_000;
const ROUNDS: usize = 3;
const REQUESTS: usize = 1_000;
const CONNECTIONS: usize = 2;

fn main() {
    tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
        let mut sets = vec![Set::sqlite()];
        if named() {
            sets.push(Set::postgres().await);
        }
        for set in sets {
            let program = set.serve().await;
            let views = ["/inbox", "/inbox?view=unassigned", "/inbox?view=waiting", "/inbox?view=all"];
            measure(&program, &format!("inbox {}", set.engine), |nth| views[nth % views.len()].to_owned()).await;
            // Steps of a prime number reach every corner of the set.
            let case = |nth| format!("/cases/{}", nth * 7_919 % cases() + 1);
            measure(&program, &format!("case {}", set.engine), case).await;
            for (class, questions) in SEARCHES {
                let question = |nth: usize| format!("/search?q={}", asked(questions[nth % questions.len()], nth));
                let times = rounds(&program, question).await;
                println!(
                    "search {} {} cases, {class}: p50 {:.1} ms, p95 {:.1} ms",
                    set.engine,
                    cases(),
                    times[0],
                    times[1]
                );
            }
            program.stop().await;
        }
    });
}

/// What is searched, a class each; `#` stands for a number that is another each time.
const SEARCHES: &[(&str, &[&str])] = &[
    ("common word", &["label", "please", "order", "thank"]),
    ("common words", &["please label", "thank order", "printer label"]),
    ("rare word", &["castell", "ebner", "grieg", "pharmacy"]),
    ("phrase", &["%22thank+you%22", "%22the+label%22", "%22high+street%22"]),
    ("identifier", &["INV-1#", "%23#", "LP-40"]),
    ("address", &["ada.abel%40abel#.example", "brook#.example"]),
    ("filters", &["is%3Aopen+label", "status%3Aclosed+please", "before%3A200d+order", "assignee%3Anobody+printer"]),
    ("customer", &["customer%3Aabel+order", "customer%3Ahale+label+-please"]),
    ("best match", &["label+order&order=best"]),
];

fn asked(question: &str, nth: usize) -> String {
    question.replace('#', &(nth * 7_919 % 9_973).to_string()).replace(' ', "+")
}

/// How many cases a data set has.
#[expect(clippy::disallowed_methods, reason = "how large a bench may be is told to it by its environment")]
fn cases() -> usize {
    std::env::var("BENCH_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(CASES)
}

#[expect(clippy::disallowed_methods, reason = "which databases a bench may use is told to it by its environment")]
fn named() -> bool {
    std::env::var("TEST_POSTGRES").is_ok_and(|it| !it.is_empty())
}

/// Where a data set is.
struct Set {
    engine: &'static str,
    flag: &'static str,
    place: String,
    key_file: PathBuf,
    /// Written once the set is whole; it names its database.
    note: PathBuf,
}

impl Set {
    fn sqlite() -> Set {
        let data = folder().join(format!("sqlite-{}", cases()));
        let (place, note) = (data.display().to_string(), data.with_extension("made"));
        Set { engine: "sqlite", flag: "--data", place, key_file: data.with_extension("key"), note }
    }

    /// In the database that the note names; a new one without a note.
    async fn postgres() -> Set {
        let (note, url) = (folder().join(format!("postgres-{}.made", cases())), testkit::postgres::url());
        let name = fs::read_to_string(&note).unwrap_or_else(|_| format!("bellwether_bench_{}", std::process::id()));
        let admin = testkit::postgres::connect(&url).await;
        let sql = "select count(*) from pg_database where datname = $1";
        let there: i64 = admin.query_one(sql, &[&name]).await.expect("an answer").get(0);
        if there == 0 {
            admin.batch_execute(&format!("create database {name}")).await.expect("the right to create databases");
            fs::remove_file(&note).ok();
        }
        let (rest, options) =
            url.split_once('?').map_or((url.as_str(), String::new()), |it| (it.0, format!("?{}", it.1)));
        let server = rest.rsplit_once('/').map_or(rest, |it| it.0);
        let place = format!("{server}/{name}{options}");
        Set { engine: "postgres", flag: "--database", place, key_file: note.with_extension("key"), note }
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bellwether"));
        command.args([name, self.flag, &self.place, "--key-file"]).arg(&self.key_file);
        command
    }

    /// Twelve thousand lines of log would hide the four of the bench.
    fn demo(&self) -> Command {
        let mut command = self.command("demo");
        command.args(["--log", "warn"]);
        command
    }

    /// A set of another schema, or one that was left half made, does not start: it is made anew.
    async fn serve(&self) -> Program {
        if self.note.exists()
            && let Ok(program) = Program::start(self.demo()).await
        {
            return program;
        }
        self.generate().await;
        Program::start(self.demo()).await.expect("the program serves what it generated")
    }

    async fn generate(&self) {
        eprintln!("making {} cases for {}", cases(), self.engine);
        if self.flag == "--database" {
            let client = testkit::postgres::connect(&self.place).await;
            client.batch_execute("drop schema public cascade; create schema public").await.expect("an empty database");
        } else {
            fs::remove_dir_all(&self.place).ok();
        }
        fs::remove_file(&self.key_file).ok();
        fs::remove_file(&self.note).ok();
        fs::create_dir_all(folder()).expect("a directory");
        let made = self.command("generate").args(["--cases", &cases().to_string()]).status().await;
        assert!(made.is_ok_and(|it| it.success()), "the data set could not be made");
        let database = self.place.rsplit_once('/').map_or("", |it| it.1).split('?').next().unwrap_or_default();
        fs::write(&self.note, database).expect("a note");
    }
}

/// Where data sets are kept between two runs.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target directory").join("bench-data")
}

async fn measure(program: &Program, name: &str, path: impl Fn(usize) -> String) {
    let [p50, _, p99] = rounds(program, path).await;
    println!("{name} {} cases: p50 {p50:.1} ms, p99 {p99:.1} ms", cases());
}

/// The medians over all rounds of the times that 50, 95 and 99 of a hundred requests do not exceed, in milliseconds.
async fn rounds(program: &Program, path: impl Fn(usize) -> String) -> [f64; 3] {
    let mut visitors = Vec::new();
    for _ in 0..CONNECTIONS {
        visitors.push(Visitor::sign_in(&program.url, SIGN_INS[0].email, PASSWORD).await);
    }
    let mut rounds = Vec::new();
    for round in 0..=ROUNDS {
        let mut running = Vec::new();
        for (at, visitor) in visitors.iter().cloned().enumerate() {
            let first = (round * CONNECTIONS + at) * REQUESTS / CONNECTIONS;
            let paths: Vec<String> = (0..REQUESTS / CONNECTIONS).map(|nth| path(first + nth)).collect();
            running.push(tokio::spawn(async move {
                let mut times = Vec::new();
                for path in paths {
                    let start = Instant::now();
                    let answer = visitor.get(&path).await.expect("an answer");
                    times.push(start.elapsed());
                    assert_eq!(answer.status, StatusCode::OK, "{path}");
                }
                times
            }));
        }
        let mut times = Vec::new();
        for it in running {
            times.extend(it.await.expect("a connection that works"));
        }
        times.sort_unstable();
        // The first round only warms up.
        if round > 0 {
            rounds.push([50, 95, 99].map(|percent| part(&times, percent)));
        }
    }
    [0, 1, 2].map(|at| {
        let mut all: Vec<f64> = rounds.iter().map(|it| it[at]).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    })
}

/// The time that `percent` of the requests do not exceed, in milliseconds.
fn part(sorted: &[Duration], percent: usize) -> f64 {
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)].as_secs_f64() * 1000.0
}
