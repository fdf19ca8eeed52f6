use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use mail::{Mail, Receiver, limits};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{email, try_read};

fn seen(mail: &Mail) -> Value {
    let bounces: Vec<_> = mail
        .bounces
        .iter()
        .map(|it| {
            json!({ "message_id": it.message_id, "address": it.address, "outcome": it.outcome, "kind": it.kind, "status": it.status })
        })
        .collect();
    json!({ "automatic": mail.automatic, "bounces": bounces })
}

/// Every mail of the corpus is taken for what a person would take it for.
#[test]
fn the_corpus_is_judged_as_people_judge_it() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bounces");
    let expected = fs::read_to_string(corpus.join("expected.json")).expect("the expectations");
    let expected: BTreeMap<String, Value> = serde_json::from_str(&expected).expect("JSON");
    let files = fs::read_dir(&corpus).expect("the corpus").filter_map(Result::ok).map(|it| it.path());
    let files = files.filter(|it| it.extension().is_some_and(|it| it == "eml")).count();
    assert_eq!(files, expected.len(), "each mail has its expectation");
    let people = expected.values().filter(|it| it["automatic"].is_null()).count();
    assert!(files >= 90 && people >= 15);
    let own = [email("support@desk.example")];
    let mut wrong = Vec::new();
    for (name, expected) in expected {
        let raw = fs::read(corpus.join(format!("{name}.eml"))).expect("a mail");
        let mail = mail::read(&raw, &Receiver { authserv_id: None, own: &own }).expect("readable");
        let seen = seen(&mail);
        if seen != expected {
            let said: Vec<&str> = mail.bounces.iter().map(|it| it.said.as_str()).collect();
            wrong.push(format!("{name}\n  expected {expected}\n  seen     {seen}\n  said     {said:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} mails are misjudged:\n{}", wrong.len(), wrong.join("\n"));
}

const REPORT: &str = "From: MAILER-DAEMON@mx.example\r\nSubject: failure notice\r\n\
    Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n";

fn report(words: &str, status: &str, returned: &str) -> Mail {
    let status = format!("--b\r\nContent-Type: message/delivery-status\r\n\r\n{status}");
    let returned = format!("--b\r\nContent-Type: message/rfc822\r\n\r\n{returned}");
    let raw = format!("{REPORT}--b\r\n\r\n{words}\r\n{status}\r\n{returned}\r\n--b--\r\n");
    try_read(raw.as_bytes()).expect("a mail")
}

fn within_limits(mail: &Mail) {
    assert!(mail.bounces.len() <= limits::REPORTED);
    for it in &mail.bounces {
        assert!(it.said.chars().count() <= 500 && !it.said.contains(char::is_control));
        assert!(it.words().ends_with('.'));
    }
}

#[test]
fn hostile_reports_end() {
    let mega = 1 << 20;
    for piece in [
        "Final-Recipient: rfc822; a@b.example\n",
        "Final-Recipient: rfc822; a@b.example\n\n",
        "Action: failed\n\n",
        " folded",
        "\n\n",
        "5.5.5.5.",
        "550 ",
        "<a@b.example>:\n",
        "a@b.example ",
        "Message-ID: <a@b.example>\n",
        "x:y\n",
        "\\x{e4}",
        "----- Original message -----\n",
        "\u{1e9e}\u{130}",
        ">",
    ] {
        let long = piece.repeat(mega / piece.len());
        within_limits(&report(&long, "", ""));
        within_limits(&report("x", &long, ""));
        within_limits(&report("x", "Final-Recipient: rfc822; ann@a.example", &long));
    }
    let many = (0..10_000).fold(String::new(), |mut out, it| {
        let _ = write!(out, "Final-Recipient: rfc822; a{it}@b.example\nStatus: 5.1.1\n\n");
        out
    });
    assert_eq!(report("x", &many, "").bounces.len(), limits::REPORTED);
}

proptest! {
    #[test]
    fn any_report_is_read(words in "\\PC{0,200}", status in "([A-Za-z-]{0,20}[:; ]\\PC{0,40}\n?){0,20}", returned in "\\PC{0,100}") {
        within_limits(&report(&words, &status, &returned));
    }

    #[test]
    fn any_words_of_a_daemon_are_read(words in "([<>a-z@.:0-9 -]{0,60}\n){0,30}") {
        let raw = format!("From: MAILER-DAEMON@mx.example\r\nSubject: failure notice\r\n\r\n{words}");
        within_limits(&try_read(raw.as_bytes()).expect("a mail"));
    }

    #[test]
    fn any_calendar_is_read(lines in "([A-Z-]{0,12}[;:=\"]{0,2}\\PC{0,30}\n){0,30}") {
        let raw = format!("From: ann@a.example\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\nBEGIN:VEVENT\n{lines}");
        let mail = try_read(raw.as_bytes()).expect("a mail");
        prop_assert!(mail.invitation.is_none_or(|it| it.description.len() <= 10_000));
    }
}
