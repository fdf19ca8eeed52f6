//! The texts of pages: every key that is asked for is there, and every key that is there is asked for.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use crate::source::{Source, is_word};

const TEXTS: &str = "crates/web/texts/en.ftl";
const PAGES: &str = "crates/web/src/";

pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    let Some(texts) = sources.iter().find(|source| source.path == TEXTS) else {
        return Vec::new(); // There are no pages yet.
    };
    let keys = keys(texts);
    let mut findings = Vec::new();
    let mut quoted = references(texts);
    for page in sources.iter().filter(|source| source.path.starts_with(PAGES) && source.is_rust()) {
        for (number, key) in asked(page) {
            if !keys.contains_key(&key) {
                findings.push(Finding::new(page, number, format!("the text {key} is not in {TEXTS}: write it there")));
            }
        }
        quoted.extend(strings(&page.text).into_iter().map(|(_, text)| text));
    }
    for (key, number) in keys {
        // A key that is put together, "status-{status}", stands for all that begin like it.
        let begins = |text: &String| {
            text.split_once('{').is_some_and(|(start, _)| start.ends_with('-') && key.starts_with(start))
        };
        if !quoted.contains(&key) && !quoted.iter().any(begins) {
            findings.push(Finding::new(texts, number, format!("no page asks for the text {key}: take it out")));
        }
    }
    findings
}

/// The messages of a Fluent file, with their lines.
fn keys(texts: &Source) -> BTreeMap<String, usize> {
    let message = |(index, line): (usize, &str)| {
        let (key, _) = line.split_once('=')?;
        let key = key.trim_end();
        let is_key = key.starts_with(|c: char| c.is_ascii_alphabetic()) && key.chars().all(|c| is_word(c) || c == '-');
        is_key.then(|| (key.to_owned(), index + 1))
    };
    texts.text.lines().enumerate().filter_map(message).collect()
}

/// Messages that other messages use.
fn references(texts: &Source) -> BTreeSet<String> {
    let places = texts.text.split('{').skip(1).filter_map(|part| part.split_once('}'));
    places.map(|(inner, _)| inner.trim().to_owned()).collect()
}

/// The keys that a page asks for by `t("key")` and `t_with("key", ...)`, with their lines.
fn asked(page: &Source) -> Vec<(usize, String)> {
    let is_asking = |before: &str| {
        let before = before.trim_end();
        ["t(", "t_with("].iter().any(|call| before.strip_suffix(call).is_some_and(|rest| !rest.ends_with(is_word)))
    };
    let found = strings(&page.text).into_iter().filter(|(at, _)| is_asking(&page.text[..*at]));
    found.map(|(at, key)| (page.text[..at].lines().count().max(1), key)).collect()
}

/// Every quoted piece that could be a key, and where its quotation mark is.
fn strings(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('"') {
        if let Some((inner, _)) = text[at + 1..].split_once('"')
            && !inner.is_empty()
            && inner.chars().all(|c| is_word(c) || matches!(c, '-' | '{' | '}' | '.'))
        {
            found.push((at, inner.to_owned()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::*;

    fn found(texts: &str, page: &str) -> Vec<String> {
        said(&check(&[Source::new(TEXTS, texts), Source::new("crates/web/src/inbox.rs", page)]))
    }

    #[test]
    fn what_is_asked_for_is_there() {
        let page = "a(t(\"inbox-title\"));\nt_with(\n    \"inbox-count\", &[]);\nfit(\"inbox-other\");\n";
        let said = found("inbox-title = Inbox\n", page);
        assert_eq!(said, ["3: the text inbox-count is not in crates/web/texts/en.ftl: write it there"]);
    }

    #[test]
    fn what_is_there_is_asked_for() {
        let texts = "# Cases\na-used = A\nb-unused =\n    B\nc-inner = C\nd-outer = { c-inner }\nstatus-new = New\nkey-by-name = K\n";
        let page = "t(\"a-used\"); t(\"d-outer\"); t(&format!(\"status-{status}\")); let key = \"key-by-name\";\n";
        assert_eq!(found(texts, page), ["3: no page asks for the text b-unused: take it out"]);
    }

    #[test]
    fn without_pages_there_is_nothing_to_say() {
        assert_eq!(check(&[Source::new("crates/web/src/lib.rs", "t(\"x\")")]), []);
    }
}
