//! One word for one thing: the synonyms that the house does not use, and the word it uses instead.
//!
//! Looked at are names, quoted text (SQL, routes) and the texts of pages; comments are prose and may say what they like.

use super::Finding;
use crate::source::Source;

/// Words that are not used, and where.
struct Rule {
    /// Parts of names in lower case; several joined with `_` must follow each other.
    wrong: &'static [&'static str],
    right: &'static str,
    /// Rooms where it is looked for. A word that means something else in a room (the client of a protocol) is not looked
    /// for there.
    rooms: &'static [&'static str],
}

const DESK: &[&str] = &["domain", "store", "desk", "web"];
const TEXTS: &[&str] = &["texts"];
const ALL: &[&str] = &["domain", "mail", "insight", "store", "channels", "desk", "web", "bellwether", "texts"];

const RULES: &[Rule] = &[
    // TLS knows session tickets, but no room of ours names them.
    Rule { wrong: &["ticket", "tickets"], right: "case", rooms: ALL },
    // A client is also the side of a protocol that asks, in store, channels and testkit.
    Rule { wrong: &["client", "clients"], right: "customer", rooms: &["domain", "desk", "web", "bellwether", "texts"] },
    // One user is what IMAP signs in, and HTTP has a user agent; many users are never ours.
    Rule { wrong: &["users", "end_user"], right: "staff member or contact", rooms: ALL },
    Rule {
        wrong: &["account", "accounts"],
        right: "customer (or channel, for a mailbox)",
        rooms: &["domain", "store", "texts"],
    },
    Rule { wrong: &["employee", "employees", "coworker", "coworkers"], right: "staff member", rooms: ALL },
    Rule { wrong: &["incident", "incidents"], right: "problem", rooms: ALL },
    Rule { wrong: &["comment", "comments"], right: "note", rooms: &["domain", "store", "desk", "texts"] },
    Rule { wrong: &["helpdesk", "servicedesk"], right: "desk", rooms: ALL },
    Rule { wrong: &["enquiry", "inquiry"], right: "case or message", rooms: ALL },
    Rule { wrong: &["faq", "knowledgebase"], right: "article", rooms: ALL },
    Rule { wrong: &["canned"], right: "macro", rooms: ALL },
    Rule { wrong: &["assignee_user"], right: "assignee", rooms: DESK },
    Rule { wrong: &["login", "logout"], right: "sign in, sign out", rooms: TEXTS },
    Rule {
        wrong: &["activity", "activities"],
        right: "timeline, or entry",
        rooms: &["domain", "store", "desk", "texts"],
    },
    Rule { wrong: &["organisation", "organisations"], right: "organization", rooms: ALL },
];

pub(super) fn check(source: &Source) -> Vec<Finding> {
    let place = if source.ending() == "ftl" { "texts" } else { source.room() };
    let is_looked_at = matches!(source.ending(), "rs" | "sql" | "ftl");
    let is_ours = ["/tests/", "/benches/"].iter().all(|it| !source.path.contains(it));
    if !is_looked_at || !is_ours {
        return Vec::new();
    }
    let rules: Vec<&Rule> = RULES.iter().filter(|rule| rule.rooms.contains(&place)).collect();
    let mut findings = Vec::new();
    let name = source.path.rsplit('/').next().unwrap_or_default();
    findings.extend(wrong_in(name, &rules).map(|said| Finding::new(source, 1, said)));
    for (number, line) in source.numbered() {
        let shown = if source.ending() == "ftl" { line.code.split('#').next().unwrap_or_default() } else { &line.code };
        for text in [shown, &line.quoted] {
            findings.extend(wrong_in(text, &rules).map(|said| Finding::new(source, number, said)));
        }
    }
    findings
}

fn wrong_in<'a>(text: &str, rules: &'a [&'a Rule]) -> impl Iterator<Item = String> + use<'a> {
    let text = format!("_{}_", words(text).join("_"));
    rules
        .iter()
        .flat_map(|rule| rule.wrong.iter().map(move |wrong| (wrong, rule.right)))
        .filter(move |(wrong, _)| text.contains(&format!("_{wrong}_")))
        .map(|(wrong, right)| format!("the house says {right}, and not {}", wrong.replace('_', " ")))
}

/// The words of a line: `CaseNumber`, `case_number` and `/cases/number` have two each.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    for c in text.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase()) {
            words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        said(&check(&Source::new(path, text)))
    }

    #[test]
    fn names_sql_and_routes_use_the_words() {
        let case = "the house says case, and not ticket";
        assert_eq!(found("crates/domain/src/case.rs", "struct TicketId;\n"), [format!("1: {case}")]);
        assert_eq!(found("crates/store/src/case.rs", "\"select id from tickets\"\n"), [format!("1: {case}s")]);
        assert_eq!(found("crates/web/src/case.rs", "\n\"/tickets/{number}\"\n"), [format!("2: {case}s")]);
        assert_eq!(found("crates/desk/src/ticket.rs", "\n"), [format!("1: {case}")]);
    }

    #[test]
    fn prose_may_say_what_it_likes() {
        assert_eq!(found("crates/domain/src/case.rs", "// A ticket, elsewhere.\nlet tickety = 1;\n"), [] as [&str; 0]);
    }

    #[test]
    fn a_protocol_has_its_own_words() {
        assert_eq!(found("crates/channels/src/imap.rs", "let client = user;\n"), [] as [&str; 0]);
        assert_eq!(found("crates/web/src/page.rs", "header(\"User-Agent\")\n"), [] as [&str; 0]);
        for room in ["desk", "web", "bellwether"] {
            assert_eq!(found(&format!("crates/{room}/src/customer.rs"), "let client = 1;\n").len(), 1);
        }
        assert_eq!(found("crates/store/src/staff.rs", "\"from users where id = $1\"\n").len(), 1);
    }

    #[test]
    fn texts_of_pages_use_them_too() {
        let text = "# The login page\nsign-in = Sign in\nbad = Login to your account\n";
        assert_eq!(
            found("crates/web/texts/en.ftl", text),
            [
                "3: the house says customer (or channel, for a mailbox), and not account",
                "3: the house says sign in, sign out, and not login"
            ]
        );
    }
}
