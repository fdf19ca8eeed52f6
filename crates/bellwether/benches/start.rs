//! How fast the program is ready on an empty installation, and how much memory it has then.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench prints, and fails loudly")]

#[expect(dead_code, reason = "it asks for no page")]
mod program;

use program::{Program, target};

/// How often it is started; the median counts.
const TIMES: usize = 7;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut results: Vec<(f64, f64)> = Vec::new();
    for _ in 0..TIMES {
        let home = tempfile::Builder::new().prefix("start-").tempdir_in(target().join("tmp")).expect("a directory");
        let data = home.path().join("data");
        let started = runtime.block_on(Program::start("serve", &data)).expect("it starts");
        results.push((started.ready.as_secs_f64() * 1000.0, started.resident()));
    }
    let median = |mut all: Vec<f64>| {
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    let ready = median(results.iter().map(|it| it.0).collect());
    let resident = median(results.iter().map(|it| it.1).collect());
    println!("start: ready in {ready:.0} ms, {resident:.0} MB resident");
}
