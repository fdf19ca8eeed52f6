//! Files: what each begins with, how long it may be, what it is called, and which paths it may not know.

use super::Finding;
use crate::source::Source;

/// Where paths of one machine begin.
const FOREIGN: &[&str] = &["/work/", "/root/", "/home/", "/tmp/"];

/// A longer file is two.
const MOST_LINES: usize = 600;

/// Things that have one file name in every room. (The assets of pages are not those of customers.)
const CONCEPTS: &[&str] = &[
    "article",
    "association",
    "attempt",
    "blob",
    "brief",
    "case",
    "channel",
    "clock",
    "contact",
    "contract",
    "customer",
    "department",
    "draft",
    "entry",
    "event",
    "field",
    "identity",
    "invitation",
    "job",
    "lease",
    "macro",
    "message",
    "metric",
    "milestone",
    "note",
    "notice",
    "organization",
    "outcome",
    "play",
    "problem",
    "promise",
    "resolution",
    "segment",
    "signal",
    "sign_in",
    "suggestion",
    "survey",
    "tag",
    "task",
    "team",
    "timeline",
    "trend",
    "view",
    "work_item",
];

/// Rooms where a concept is to be found under its name.
const ROOMS: &[&str] = &["domain", "store", "desk", "web"];

pub(super) fn check(source: &Source) -> Vec<Finding> {
    let mut findings = paths(source);
    if source.is_rust() {
        findings.extend(beginning(source));
        findings.extend(name(source));
    }
    let is_code = matches!(source.ending(), "rs" | "js" | "css");
    if is_code && !source.text.contains("@generated") {
        findings.extend(length(source));
    }
    findings
}

fn beginning(source: &Source) -> Option<Finding> {
    let said = "a file begins with //! and says why it is there";
    // A part of a test file is said by its name and by the tests in it.
    let is_part = source.path.split_once("/tests/").is_some_and(|(_, inside)| inside.contains('/'));
    (!is_part && !source.text.starts_with("//!")).then(|| Finding::new(source, 1, said))
}

fn length(source: &Source) -> Option<Finding> {
    let lines =
        source.lines.iter().filter(|line| !line.code.trim().is_empty() || !line.quoted.trim().is_empty()).count();
    let said = format!("{lines} lines of code: look for the second thing in it and give it a file of its own");
    (lines > MOST_LINES).then(|| Finding::new(source, 1, said))
}

/// A path that exists on one machine only. Tests may make files where temporary files are made.
fn paths(source: &Source) -> Vec<Finding> {
    if source.path.starts_with("xtask/") {
        return Vec::new(); // It has to name them.
    }
    let mut findings = Vec::new();
    for ((number, line), text) in source.numbered().zip(source.text.lines()) {
        let begins = |at: usize| {
            !text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '}' | ':' | '/'))
        };
        let found = FOREIGN.iter().find(|path| text.match_indices(**path).any(|(at, _)| begins(at)));
        if let Some(path) = found.filter(|path| !(line.test && **path == "/tmp/")) {
            findings.push(Finding::new(
                source,
                number,
                format!("{path}... is a path of one machine: say it in words, or relative"),
            ));
        }
    }
    findings
}

fn name(source: &Source) -> Option<Finding> {
    let inside = source.path.strip_prefix("crates/")?.strip_prefix(source.room())?.strip_prefix("/src/")?;
    let first = inside.split('/').next()?.trim_end_matches(".rs");
    if !ROOMS.contains(&source.room()) {
        return None;
    }
    let concept = CONCEPTS.iter().find(|concept| first != **concept && is_like(first, concept))?;
    Some(Finding::new(source, 1, format!("{first} is about {concept}: in every room that file is called {concept}.rs")))
}

/// Whether a name is another spelling of a concept: its plural, or with another separator.
fn is_like(name: &str, concept: &str) -> bool {
    let plain = |text: &str| text.replace(['_', '-'], "");
    let (name, concept) = (plain(name), plain(concept));
    let plural = concept.strip_suffix('y').map_or_else(|| format!("{concept}s"), |stem| format!("{stem}ies"));
    name == concept || name == plural
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        said(&check(&Source::new(path, text)))
    }

    #[test]
    fn a_file_says_why_it_is_there() {
        assert_eq!(
            found("crates/desk/src/case.rs", "use a;\n"),
            ["1: a file begins with //! and says why it is there"]
        );
        assert_eq!(found("crates/desk/src/case.rs", "//! Cases.\n"), [] as [&str; 0]);
        assert_eq!(found("crates/desk/tests/case.rs", "use a;\n").len(), 1);
        assert_eq!(found("crates/desk/tests/case/merge.rs", "use a;\n"), [] as [&str; 0]);
    }

    #[test]
    fn a_long_file_is_two() {
        let long = format!("//! Long.\n{}", "let a = 1;\n// b\n\n".repeat(601));
        assert_eq!(found("crates/desk/src/case.rs", &long).len(), 1);
        let short = format!("//! Short.\n{}", "let a = 1;\n// b\n\n".repeat(600));
        assert_eq!(found("crates/desk/src/case.rs", &short), [] as [&str; 0]);
    }

    #[test]
    fn no_path_leads_out_of_the_house() {
        assert_eq!(found("README.md", "see /root/notes\n").len(), 1);
        assert_eq!(found("README.md", "see https://x.example/home/ and crates/work/x\n"), [] as [&str; 0]);
        assert_eq!(found("crates/desk/tests/case.rs", "//! T.\nopen(\"/tmp/x\");\n"), [] as [&str; 0]);
        assert_eq!(found("crates/desk/src/case.rs", "//! T.\nopen(\"/tmp/x\");\n").len(), 1);
    }

    #[test]
    fn a_concept_has_one_file_name() {
        let text = "//! Cases.\n";
        assert_eq!(
            found("crates/web/src/cases.rs", text),
            ["1: cases is about case: in every room that file is called case.rs"]
        );
        assert_eq!(found("crates/store/src/identities/find.rs", text).len(), 1);
        assert_eq!(found("crates/store/src/signin.rs", text).len(), 1);
        for path in ["crates/web/src/case/spine.rs", "crates/desk/src/entry.rs", "crates/bellwether/src/settings.rs"] {
            assert_eq!(found(path, text), [] as [&str; 0]);
        }
    }
}
