//! Acknowledged is durable: the program is killed again and again while mails come in over both doors and replies go out, and
//! nothing that it accepted is lost or doubled.
//!
//! `TEST_KILLS` says how often it is killed on each database; 50 times without it.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on fails, and says what it did"
)]

mod load;

use load::{Ended, Load};
use testkit::Home;

testkit::both!(nothing_accepted_is_lost_and_nothing_is_doubled);

async fn nothing_accepted_is_lost_and_nothing_is_doubled(home: &Home) {
    let load = Load::found(home).await;
    let kills: u64 = option_env("TEST_KILLS").map_or(50, |it| it.parse().expect("TEST_KILLS is a number"));
    for round in 0..kills {
        let mut program = load.serve(home).await;
        let work = load.begin(&program).await;
        load.busy(&program).await;
        // Some point that no two rounds share.
        load.accepts(6 + (round * 2_654_435_761) % 37).await;
        program.kill().await;
        work.ended(Ended::Gone).await;
    }
    println!("{kills} kills");
    let program = load.serve(home).await;
    load.read_out(&program).await;
    program.stop().await;
    load.check(home, 2).await;
}

#[expect(clippy::disallowed_methods, reason = "tests are told how long to try by the environment")]
fn option_env(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
