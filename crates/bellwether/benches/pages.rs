//! How fast pages answer on 100,000 and on 1,000,000 cases (or on as many as `BENCH_CASES` says: `100000,1000000`), and by
//! how much ten times the data makes them slower: the real program, and signed-in requests over two kept-alive
//! connections, on SQLite and, when `TEST_POSTGRES` names one, on PostgreSQL. The data sets are made once and used again:
//! in `target/bench-data`, and in databases of their own whose names are noted there. Words behind `--` choose: engines
//! (`-- postgres`), or what is asked (`-- case phrase`).
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench prints, and fails loudly")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bellwether::demo::{PASSWORD, SIGN_INS};
use bellwether::generate::teller;
use testkit::program::{Program, StatusCode, Visitor};
use tokio::process::Command;

/// How many cases, if nothing else is said.
const CASES: &[usize] = &[100_000, 1_000_000];
const SQLITE: &str = "sqlite";
const POSTGRES: &str = "postgres";
const ROUNDS: usize = 5;
const REQUESTS: usize = 600;
const CONNECTIONS: usize = 2;

fn main() {
    tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
        let (chosen, asked) = chosen();
        let mut engines = Vec::new();
        if chosen.iter().any(|it| it == SQLITE) {
            engines.push(sizes().into_iter().map(Set::sqlite).collect());
        }
        if chosen.iter().any(|it| it == POSTGRES) && named() {
            let mut sets = Vec::new();
            for cases in sizes() {
                sets.push(Set::postgres(cases).await);
            }
            engines.push(sets);
        }
        for sets in engines {
            let mut served = Vec::new();
            for set in sets {
                served.push(Served::of(set).await);
            }
            for class in classes().iter().filter(|it| asked.is_empty() || asked.iter().any(|word| word == it.name)) {
                measure(&served, class).await;
            }
            for it in served {
                it.program.stop().await;
            }
        }
    });
}

/// The engines that are measured, all if none is chosen, and what is asked, everything if nothing is.
fn chosen() -> (Vec<String>, Vec<String>) {
    let words = std::env::args().skip(1).filter(|it| !it.starts_with('-'));
    let (engines, asked): (Vec<_>, Vec<_>) = words.partition(|it| it == SQLITE || it == POSTGRES);
    (if engines.is_empty() { vec![SQLITE.to_owned(), POSTGRES.to_owned()] } else { engines }, asked)
}

/// What is asked, and what is printed of it.
struct Class {
    name: &'static str,
    /// Pages are promised by their p50 and p99, answers of the search by their p95.
    is_search: bool,
    path: Box<Asking>,
}

/// Which address is asked, of a data set, the how manieth time.
type Asking = dyn Fn(&Served, usize) -> String;

fn classes() -> Vec<Class> {
    const VIEWS: [&str; 4] = ["/inbox", "/inbox?view=unassigned", "/inbox?view=waiting", "/inbox?view=all"];
    let page = |name, path| Class { name, is_search: false, path };
    let mut all = vec![
        page("inbox", Box::new(|_, nth| VIEWS[nth % VIEWS.len()].to_owned())),
        // Steps of a prime number reach every corner of the set.
        page("case", Box::new(|it, nth| format!("/cases/{}", nth * 7_919 % it.set.cases + 1))),
        page("like cases", Box::new(|it, nth| format!("/cases/{}/like", nth * 7_919 % it.set.cases + 1))),
        page("customer", Box::new(|it, nth| it.customers[nth % it.customers.len()].clone())),
    ];
    all.extend(SEARCHES.iter().map(|(name, questions)| {
        let path = |it: &Served, nth: usize| format!("/search?q={}", it.asked(questions[nth % questions.len()], nth));
        Class { name, is_search: true, path: Box::new(path) }
    }));
    all
}

/// What is searched, a class each; `#` stands for a number that is another each time, `@` for a name that few have, `~` for
/// an address.
const SEARCHES: &[(&str, &[&str])] = &[
    ("common word", &["label", "please", "order", "thank"]),
    ("common words", &["please label", "thank order", "printer label"]),
    ("medium word", &["moisture", "spreadsheet", "carton", "abel"]),
    ("common and medium word", &["label moisture", "please carton", "thank spreadsheet"]),
    ("rare word", &["@"]),
    ("common and rare word", &["please @"]),
    ("phrase", &["%22thank+you%22", "%22the+label%22", "%22high+street%22", "%22load+cell%22"]),
    ("identifier", &["INV-1#", "%23#", "LP-40"]),
    ("address", &["~"]),
    ("filters", &["is%3Aopen+label", "status%3Aclosed+please", "before%3A200d+order", "assignee%3Anobody+printer"]),
    ("customer", &["customer%3Aabel+order", "customer%3A@+label+-please"]),
    ("best match", &["label+order&order=best"]),
];

/// How many cases the data sets have.
#[expect(clippy::disallowed_methods, reason = "how large a bench may be is told to it by its environment")]
fn sizes() -> Vec<usize> {
    let said = std::env::var("BENCH_CASES").unwrap_or_default();
    let said: Vec<usize> = said.split(',').filter_map(|it| it.trim().parse().ok()).collect();
    if said.is_empty() { CASES.to_vec() } else { said }
}

#[expect(clippy::disallowed_methods, reason = "which databases a bench may use is told to it by its environment")]
fn named() -> bool {
    std::env::var("TEST_POSTGRES").is_ok_and(|it| !it.is_empty())
}

/// Where a data set is.
struct Set {
    engine: &'static str,
    cases: usize,
    flag: &'static str,
    place: String,
    key_file: PathBuf,
    /// Written once the set is whole; it names its database.
    note: PathBuf,
}

impl Set {
    fn sqlite(cases: usize) -> Set {
        let data = folder().join(format!("sqlite-{cases}"));
        let (place, note) = (data.display().to_string(), data.with_extension("made"));
        Set { engine: SQLITE, cases, flag: "--data", place, key_file: data.with_extension("key"), note }
    }

    /// In the database that the note names; a new one without a note.
    async fn postgres(cases: usize) -> Set {
        let (note, url) = (folder().join(format!("postgres-{cases}.made")), testkit::postgres::url());
        let named = fs::read_to_string(&note);
        let name = named.unwrap_or_else(|_| format!("bellwether_bench_{cases}_{}", std::process::id()));
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
        Set { engine: POSTGRES, cases, flag: "--database", place, key_file: note.with_extension("key"), note }
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bellwether"));
        command.args([name, self.flag, &self.place, "--key-file"]).arg(&self.key_file);
        command
    }

    /// Lines of log for each request would hide those of the bench.
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
        eprintln!("making {} cases for {}", self.cases, self.engine);
        let start = Instant::now();
        if self.flag == "--database" {
            let client = testkit::postgres::connect(&self.place).await;
            client.batch_execute("drop schema public cascade; create schema public").await.expect("an empty database");
        } else {
            fs::remove_dir_all(&self.place).ok();
        }
        fs::remove_file(&self.key_file).ok();
        fs::remove_file(&self.note).ok();
        fs::create_dir_all(folder()).expect("a directory");
        let made = self.command("generate").args(["--cases", &self.cases.to_string()]).status().await;
        assert!(made.is_ok_and(|it| it.success()), "the data set could not be made");
        if self.flag == "--database" {
            // What the server does by itself within minutes would fall into the measurements.
            let client = testkit::postgres::connect(&self.place).await;
            client.batch_execute("vacuum analyze").await.expect("a clean database");
        }
        eprintln!("made in {:.0} s", start.elapsed().as_secs_f64());
        let database = self.place.rsplit_once('/').map_or("", |it| it.1).split('?').next().unwrap_or_default();
        fs::write(&self.note, database).expect("a note");
    }
}

/// Where data sets are kept between two runs.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target directory").join("bench-data")
}

/// A data set, the program that serves it, and who asks.
struct Served {
    set: Set,
    program: Program,
    visitors: Vec<Visitor>,
    /// The pages of some customers.
    customers: Vec<String>,
    /// Where they wrote from.
    addresses: Vec<String>,
}

impl Served {
    async fn of(set: Set) -> Served {
        let program = set.serve().await;
        let mut visitors = Vec::new();
        for _ in 0..CONNECTIONS {
            visitors.push(Visitor::sign_in(&program.url, SIGN_INS[0].email, PASSWORD).await);
        }
        let (mut customers, mut addresses) = (Vec::new(), Vec::new());
        for nth in 0..100 {
            let page = visitors[0].get(&format!("/cases/{}", nth * 7_919 % set.cases + 1)).await.expect("a case");
            let (_, rest) = page.body.split_once("href=\"/customers/").expect("a case has a customer");
            customers.push(format!("/customers/{}", rest.split(['"', '?', '#']).next().unwrap_or_default()));
            let mut words = page.body.split(|it: char| !it.is_ascii_alphanumeric() && !"@.-".contains(it));
            let address = words.find(|it| it.contains('@') && it.ends_with(".example") && !it.contains("tareline"));
            addresses.push(address.expect("somebody wrote").replace('@', "%40"));
        }
        Served { set, program, visitors, customers, addresses }
    }

    fn asked(&self, question: &str, nth: usize) -> String {
        let question = question.replace('@', &teller::rare(nth * 7_919).to_lowercase());
        let question = question.replace('#', &(1_000 + nth * 7_919 % 8_999).to_string());
        question.replace('~', &self.addresses[nth % self.addresses.len()]).replace(' ', "+")
    }

    /// The times that 50, 95 and 99 of a hundred requests of a round do not exceed, in milliseconds.
    async fn round(&self, class: &Class, round: usize) -> [f64; 3] {
        let mut running = Vec::new();
        for (at, visitor) in self.visitors.iter().cloned().enumerate() {
            let first = (round * CONNECTIONS + at) * REQUESTS / CONNECTIONS;
            let paths: Vec<String> = (0..REQUESTS / CONNECTIONS).map(|nth| (class.path)(self, first + nth)).collect();
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
        [50, 95, 99].map(|percent| part(&times, percent))
    }
}

/// All sets by turns, so that whatever else the machine does meets each of them; the medians of all rounds.
async fn measure(sets: &[Served], class: &Class) {
    let mut rounds = vec![Vec::new(); sets.len()];
    for round in 0..=ROUNDS {
        for (at, it) in sets.iter().enumerate() {
            let times = it.round(class, round).await;
            // The first round only warms up.
            if round > 0 {
                rounds[at].push(times);
            }
        }
    }
    let median_of = |at: usize, which: usize| median(rounds[at].iter().map(|it| it[which]).collect());
    for (at, it) in sets.iter().enumerate() {
        let [p50, p95, p99] = [0, 1, 2].map(|which| median_of(at, which));
        let Set { engine, cases, .. } = it.set;
        if class.is_search {
            println!("search {engine} {cases} cases, {}: p95 {p95:.1} ms, p50 {p50:.1} ms", class.name);
        } else {
            println!("{} {engine} {cases} cases: p50 {p50:.1} ms, p99 {p99:.1} ms", class.name);
        }
    }
    if let [first, .., last] = sets {
        let ratio = |which: usize| {
            let pairs = rounds[0].iter().zip(&rounds[sets.len() - 1]);
            median(pairs.map(|(first, last)| last[which] / first[which]).collect())
        };
        let what = if class.is_search { "search, " } else { "" };
        let (from, to) = (first.set.cases, last.set.cases);
        println!(
            "ratio {} {what}{}: {to} to {from} cases: p50 {:.2}, p95 {:.2}",
            first.set.engine,
            class.name,
            ratio(0),
            ratio(1)
        );
    }
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// The time that `percent` of the requests do not exceed, in milliseconds.
fn part(sorted: &[Duration], percent: usize) -> f64 {
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)].as_secs_f64() * 1000.0
}
