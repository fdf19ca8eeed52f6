//! How well and how fast the Brief is: `cargo bench --bench brief`; with `-- --misses dev`, what it misses.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::expect_used, reason = "a bench that has not what it needs fails")]

use std::hint::black_box;
use std::time::Instant;

use insight::{brief, language, promises};

#[path = "../tests/cases/mod.rs"]
mod cases;

/// What somebody types, with three promises in it.
const TYPED: &str = "Hi Ines,\n\nThanks for pointing this out, and sorry for the trouble. You are right, the order form says \
    40 seats, and our system still had the old number. I'll send you the corrected invoice by Wednesday, and you don't \
    have to pay the old one.\n\nFinance will refund the difference within five business days. If anything else looks odd to \
    you, I'd be happy to go through it with you on the phone. I'll also check the contract of your second site and get \
    back to you tomorrow.\n\nKind regards\nMarek";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let all = cases::cases();
    let start = Instant::now();
    black_box(language("The rules are read when they are asked for first."));
    println!("brief: the rules are read once, in {} us", start.elapsed().as_micros());
    let (dev, held) = (cases::of_split(&all, "dev"), cases::of_split(&all, "held"));
    let (both, _) = cases::score(&all.iter().collect::<Vec<_>>());
    let ((of_dev, _), (of_held, _)) = (cases::score(&dev), cases::score(&held));
    let pair = |of: fn(&cases::Score) -> f64| format!("{:.2} right (held: {:.2})", of(&both), of(&of_held));
    println!(
        "brief: {} cases ({} dev, {} held): issue {}; promises precision {:.2} recall {:.2} (held: {:.2} / {:.2}); due dates {}; \
         waiting {}",
        both.cases,
        of_dev.cases,
        of_held.cases,
        pair(cases::Score::issue),
        both.precision(),
        both.recall(),
        of_held.precision(),
        of_held.recall(),
        pair(cases::Score::due),
        pair(cases::Score::waiting),
    );
    println!(
        "brief: dev alone: issue {:.2}, promises {:.2} / {:.2}, due dates {:.2}, waiting {:.2}",
        of_dev.issue(),
        of_dev.precision(),
        of_dev.recall(),
        of_dev.due(),
        of_dev.waiting(),
    );

    let by_case = all.iter().map(|case| {
        let turns = case.turns();
        median(20, || drop(black_box(brief(black_box(&turns)))))
    });
    let mut by_case: Vec<u128> = by_case.collect();
    by_case.sort_unstable();
    let said = "2026-11-03T10:40".parse().expect("a time");
    let typed = |text: &str| median(200, || drop(black_box(promises(black_box(text), said))));
    println!(
        "brief: p50 {} us a case; promises while typing: p50 {} us for {} bytes, {} us for {} bytes",
        by_case[by_case.len() / 2] / 1000,
        typed(TYPED) / 1000,
        TYPED.len(),
        typed(&TYPED.repeat(4)) / 1000,
        TYPED.len() * 4,
    );
    if let Some(at) = arguments.iter().position(|it| it == "--misses") {
        let split = arguments.get(at + 1).map_or("dev", String::as_str);
        cases::score(&cases::of_split(&all, split)).1.iter().for_each(|it| println!("{it}"));
    }
}

/// The median time of some runs, in nanoseconds.
fn median(runs: usize, mut run: impl FnMut()) -> u128 {
    let mut times: Vec<u128> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_nanos()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}
