//! How well folding does on the corpus of quotes: `cargo bench -p mail --bench fold`.
//!
//! Counted in lines that are not blank: precision is the part of the folded lines that a person would fold, recall the part
//! of the lines a person would fold that are folded. Mails that deviate are named.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::cast_precision_loss, reason = "figures are rounded anyway")]
#![expect(clippy::expect_used, reason = "a bench that has not what it needs fails")]

use std::fs;
use std::path::Path;

use mail::{Mail, Receiver, read};

fn main() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/quotes");
    let mut paths: Vec<_> = fs::read_dir(corpus)
        .expect("the corpus")
        .map(|it| it.expect("a file").path())
        .filter(|it| it.extension().is_some_and(|it| it == "eml"))
        .collect();
    paths.sort();
    let (mut right, mut found, mut wanted) = (0, 0, 0);
    for path in paths {
        let raw = fs::read(&path).expect("a mail");
        let mail = read(&raw, &Receiver::default()).expect("readable");
        let expected = fs::read_to_string(path.with_extension("expect")).expect("an expectation");
        let expected: Vec<bool> =
            expected.lines().filter_map(|it| it.split_once(" |")).map(|it| !it.0.trim().is_empty()).collect();
        let folded = folded(&mail);
        let both = expected.iter().zip(&folded).filter(|it| *it.0 && *it.1).count();
        let count = |of: &[bool]| of.iter().filter(|it| **it).count();
        if expected != folded {
            let name = path.file_stem().expect("a name").to_string_lossy();
            println!("{name}: {} lines folded, {} expected, {both} of them the same", count(&folded), count(&expected));
        }
        right += both;
        found += count(&folded);
        wanted += count(&expected);
    }
    let share = |of: usize| right as f64 / of.max(1) as f64;
    println!("fold: precision {:.3}, recall {:.3}", share(found), share(wanted));
}

/// Of each line that is not blank, whether it is folded.
fn folded(mail: &Mail) -> Vec<bool> {
    let mut out = Vec::new();
    let mut at = 0;
    for line in mail.text.split_inclusive('\n') {
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        if !line.trim().is_empty() {
            out.push(mail.folded.iter().any(|it| (it.start as usize..it.end as usize).contains(&start)));
        }
    }
    out
}
