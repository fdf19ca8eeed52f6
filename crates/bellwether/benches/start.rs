//! How fast the program is ready on an empty installation, and how much memory it has then; and how much the demo has,
//! once it is filled and once it has been started again.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench prints, and fails loudly")]

use std::time::Instant;

use testkit::Home;
use testkit::program::Program;

const EXE: &str = env!("CARGO_BIN_EXE_bellwether");
/// How often it is started; the median counts.
const TIMES: usize = 7;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let mut results: Vec<(f64, f64)> = Vec::new();
        for _ in 0..TIMES {
            let home = Home::sqlite();
            let start = Instant::now();
            let program = Program::serve(EXE, &home, &["--log", "warn"]).await;
            results.push((start.elapsed().as_secs_f64() * 1000.0, program.resident()));
        }
        let median = |mut all: Vec<f64>| {
            all.sort_by(f64::total_cmp);
            all[all.len() / 2]
        };
        let ready = median(results.iter().map(|it| it.0).collect());
        let resident = median(results.iter().map(|it| it.1).collect());
        println!("start: ready in {ready:.0} ms, {resident:.0} MB resident");

        let home = Home::sqlite();
        for what in ["filled", "started again"] {
            let start = Instant::now();
            let program = Program::demo(EXE, &home, &["--log", "warn"]).await;
            let (took, resident) = (start.elapsed().as_secs_f64(), program.resident());
            println!("demo: {what} in {took:.1} s, {resident:.0} MB resident");
            program.stop().await;
        }
    });
}
