//! What code does not do: ask the clock, roll dice, sleep, leave work undone, or hope.

use super::Finding;
use super::reason::has_reason;
use crate::source::{Line, Source, is_word};

/// Time, randomness and environment that come from nowhere.
const AMBIENT: &[&str] = &[
    "SystemTime::now",
    "Timestamp::now",
    "Zoned::now",
    "Utc::now",
    "Local::now",
    "Uuid::now_v7",
    "Uuid::new_v4",
    "getrandom::",
    "rand::",
    "thread_rng",
    "OsRng",
    "SysRng",
    "env::var",
    "env::var_os",
    "env::vars",
    "env::vars_os",
    "env::args",
    "env::args_os",
];

/// What no code has, and what to do instead.
const NEVER: &[(&str, &str)] = &[
    ("todo!", "build it, or leave it out"),
    ("unimplemented!", "build it, or leave it out"),
    ("dbg!", "take it out"),
    ("#[ignore", "a test runs or is not there"),
    ("thread::sleep", "wait for what should happen"),
];

/// What only tests may do, and the lint whose attribute gives the reason where somebody else has to.
const ONLY_TESTS: &[(&str, &str)] = &[(".unwrap()", "clippy::unwrap_used"), (".expect(", "clippy::expect_used")];

/// SQL that one of the engines does not know, or that makes tests inexact.
const NOT_IN_SQL: &[(&str, &str)] = &[
    ("now()", "pass the time as a parameter"),
    ("current_timestamp", "pass the time as a parameter"),
    (" ilike ", "match on lower()"),
];

pub(super) fn check(source: &Source) -> Vec<Finding> {
    let mut findings = unfinished(source);
    if !source.is_rust() {
        return findings;
    }
    for (number, line) in source.numbered() {
        let mut tell = |said: String| findings.push(Finding::new(source, number, said));
        for (what, mend) in NEVER.iter().filter(|(what, _)| line.code.contains(what)) {
            tell(format!("{what}: {mend}"));
        }
        // What a test should wait for, testkit waits for, up to a deadline.
        // Under whatever name it was imported: the name itself stands there once.
        if line.test && source.room() != "testkit" && words(&line.code).any(|it| matches!(it, "sleep" | "sleep_until"))
        {
            tell("a test does not sleep: wait for what should happen".to_owned());
        }
        if line.test || source.room() == "xtask" {
            continue;
        }
        // Of a test's helpers each test file uses a part, and no expectation would hold in all.
        if line.code.contains("#[allow(") || line.code.contains("#![allow(") {
            tell("allow: say expect(..., reason = \"...\"), which tells when it is no longer needed".to_owned());
        }
        for (what, lint) in ONLY_TESTS.iter().filter(|(what, _)| line.code.contains(what)) {
            if !has_reason(source, number, lint) {
                tell(format!("{what}: give the error to whoever can act on it"));
            }
        }
        if let Some(what) = ambient(line)
            && !is_door(source, what)
            && (is_pure(source) || !has_reason(source, number, "clippy::disallowed_methods"))
        {
            tell(format!("{what}: time, randomness and environment come from Ctx, or from the one edge that says why"));
        }
        if source.room() == "store" {
            for (what, mend) in NOT_IN_SQL.iter().filter(|(what, _)| line.quoted.to_lowercase().contains(what)) {
                tell(format!("{} in SQL: {mend}", what.trim()));
            }
        }
    }
    findings
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c| !is_word(c))
}

fn ambient(line: &Line) -> Option<&'static str> {
    let is_whole = |at: usize, what: &str| {
        let after = &line.code[at + what.len()..];
        !line.code[..at].ends_with(is_word) && (what.ends_with(':') || !after.starts_with(is_word))
    };
    AMBIENT.iter().copied().find(|what| line.code.match_indices(what).any(|(at, _)| is_whole(at, what)))
}

/// The program's own door: here the command line and the environment come in, and are handed on as arguments.
fn is_door(source: &Source, what: &str) -> bool {
    source.path.ends_with("/src/main.rs") && matches!(what, "env::vars_os" | "env::args_os")
}

/// Rooms that have no edge to the world.
fn is_pure(source: &Source) -> bool {
    matches!(source.room(), "domain" | "mail" | "insight")
}

/// Notes to oneself, in any file.
fn unfinished(source: &Source) -> Vec<Finding> {
    const NOTES: [&str; 3] = ["TODO", "FIXME", "XXX"];
    if source.path.starts_with("xtask/") {
        return Vec::new(); // It has to name them.
    }
    let lines = source.text.lines().enumerate();
    let found = lines.filter_map(|(index, line)| {
        let note = NOTES.iter().find(|note| line.split(|c| !is_word(c)).any(|word| word == **note))?;
        Some(Finding::new(source, index + 1, format!("{note}: build it, or make it an issue")))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        said(&check(&Source::new(path, text)))
    }

    #[test]
    fn time_and_dice_come_from_ctx() {
        let text = "let a = SystemTime::now();\n// Uuid::now_v7 is banned\nlet operand::x = 1;\n";
        assert_eq!(found("crates/desk/src/case.rs", text).len(), 1);
        assert_eq!(found("crates/desk/tests/case.rs", text), [] as [&str; 0]);
    }

    #[test]
    fn an_edge_gives_its_reason() {
        let text = "#[expect(clippy::disallowed_methods, reason = \"the edge\")]\nfn a() { getrandom::fill(b) }\n";
        assert_eq!(found("crates/bellwether/src/key_file.rs", text), [] as [&str; 0]);
        assert_eq!(found("crates/domain/src/id.rs", text).len(), 1);
    }

    #[test]
    fn the_environment_comes_in_at_one_door() {
        let text = "parse(std::env::args_os(), std::env::vars_os())\n";
        assert_eq!(found("crates/bellwether/src/main.rs", text), [] as [&str; 0]);
        assert_eq!(found("crates/bellwether/src/serve.rs", text).len(), 1);
        assert_eq!(found("crates/bellwether/src/main.rs", "std::env::var(\"HOME\")\n").len(), 1);
    }

    #[test]
    fn nothing_is_left_undone() {
        assert_eq!(found("README.md", "TODO: write\n"), ["1: TODO: build it, or make it an issue"]);
        assert_eq!(found("crates/desk/src/case.rs", "todo!()\n\"todo!\"\n"), ["1: todo!: build it, or leave it out"]);
        assert_eq!(
            found("crates/desk/tests/case.rs", "#[ignore]\nstd::thread::sleep(a);\ntokio::time::sleep(a);\n").len(),
            4
        );
        assert_eq!(found("crates/desk/tests/case.rs", "use tokio::time::sleep as nap;\nnap(a).await;\n").len(), 1);
        assert_eq!(found("crates/desk/tests/case.rs", "use tokio::time::{sleep, timeout};\n").len(), 1);
        assert_eq!(found("crates/testkit/src/browser.rs", "sleep(a).await;\n"), [] as [&str; 0]);
    }

    #[test]
    fn only_tests_unwrap() {
        let text = "a.unwrap();\nb.unwrap_or(c);\n#[cfg(test)]\nmod tests {\n    fn d() { e.unwrap() }\n}\n";
        assert_eq!(found("crates/desk/src/case.rs", text), ["1: .unwrap(): give the error to whoever can act on it"]);
        assert_eq!(found("crates/testkit/src/home.rs", text), [] as [&str; 0]);
        let text = "#[expect(clippy::expect_used, reason = \"nothing may go on\")]\nfn a() { b.expect(\"c\") }\n";
        assert_eq!(found("crates/desk/src/ctx.rs", text), [] as [&str; 0]);
    }

    #[test]
    fn lints_are_expected_with_a_reason() {
        assert_eq!(found("crates/desk/src/case.rs", "#[allow(dead_code)]\n").len(), 1);
    }

    #[test]
    fn sql_knows_no_clock() {
        assert_eq!(found("crates/store/src/case.rs", "\"update cases set at = now()\"\n").len(), 1);
        assert_eq!(found("crates/web/src/case.rs", "\"now()\"\n"), [] as [&str; 0]);
    }
}
