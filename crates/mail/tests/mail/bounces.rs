use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use mail::{Mail, Receiver};
use serde_json::{Value, json};

use crate::email;

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
