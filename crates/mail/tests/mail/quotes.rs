//! Mails as people's programs write them, each with what a person would fold of it.
//!
//! Beside `name.eml` stands `name.expect`: the lines of its text that are not blank, each behind the kind of the fold that
//! it is in, and behind `original =` who wrote the mail that it passes on.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use mail::{Mail, Place};

use crate::try_read;

fn corpus() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/quotes");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("the corpus")
        .map(|it| it.expect("a file").path())
        .filter(|it| it.extension().is_some_and(|it| it == "eml"))
        .collect();
    paths.sort();
    paths
}

/// What was found, spelled like an expectation.
fn found(mail: &Mail) -> String {
    let mut out = String::new();
    let mut at = 0;
    for line in mail.text.split_inclusive('\n') {
        let words = line.trim();
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        if words.is_empty() {
            continue;
        }
        let fold = mail.folded.iter().find(|it| (it.start as usize..it.end as usize).contains(&start));
        let kind = fold.map(|it| it.kind.to_string()).unwrap_or_default();
        out.push_str(format!("{kind:<10} | {words}").trim_end());
        out.push('\n');
    }
    if let Some(it) = &mail.forwarded {
        let address = it.from.address.as_ref().map(|it| format!("<{it}>")).unwrap_or_default();
        let from = format!("{} {address}", it.from.name);
        writeln!(out, "original   = {} / {}", from.trim(), it.subject).expect("a string takes it");
        if let Place::Text(start) = it.place {
            assert!(mail.text.get(start as usize..).is_some());
        }
    }
    out
}

#[test]
fn every_mail_folds_as_a_person_would_fold_it() {
    let paths = corpus();
    let count = paths.len();
    let mut wrong = String::new();
    for path in paths {
        let mail = try_read(&fs::read(&path).expect("a mail")).expect("readable");
        // What folds its HTML is as well nested as the rest.
        if let Some(html) = &mail.html {
            assert_eq!(mail::sanitise(html, &mut |_| None).as_ref(), Some(html), "{}", path.display());
        }
        let expected = fs::read_to_string(path.with_extension("expect")).expect("an expectation");
        let expected: String = expected
            .lines()
            .map(|it| {
                let (kind, words) = it.split_once(" | ").unwrap_or((it, ""));
                if words.is_empty() { format!("{it}\n") } else { format!("{kind} | {}\n", words.trim()) }
            })
            .collect();
        let found = found(&mail);
        if found != expected {
            write!(wrong, "== {}\n{}", path.display(), difference(&expected, &found)).expect("a string takes it");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count >= 150, "{count} mails");
}

/// The lines that differ.
fn difference(expected: &str, found: &str) -> String {
    let (mut before, mut after) = (expected.lines(), found.lines());
    let mut out = String::new();
    loop {
        match (before.next(), after.next()) {
            (None, None) => return out,
            (a, b) if a == b => {}
            (a, b) => {
                let (a, b) = (a.unwrap_or_default(), b.unwrap_or_default());
                writeln!(out, "expected {a}\n   found {b}").expect("a string takes it");
            }
        }
    }
}
