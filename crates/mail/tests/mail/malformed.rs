//! Mails as they are when programs are old, careless or hostile: what a person would read in them is what is read.
//!
//! Each mail of `tests/malformed` stands beside its expectation, of which every word that is there must hold.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use mail::Mail;
use serde_json::Value;

use crate::try_read;

#[test]
fn a_person_reads_what_was_meant() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/malformed");
    let mut names: Vec<_> = fs::read_dir(corpus)
        .expect("the corpus")
        .map(|it| it.expect("a file").path())
        .filter(|it| it.extension().is_some_and(|it| it == "eml"))
        .collect();
    names.sort();
    assert!(names.len() >= 100, "{} mails", names.len());
    let mut wrong = String::new();
    for path in &names {
        let raw = fs::read(path).expect("a mail");
        let expected = fs::read(path.with_extension("expect")).expect("each mail has its expectation");
        let expected: Value = serde_json::from_slice(&expected).expect("JSON");
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        match try_read(&raw) {
            Ok(mail) => {
                for (key, value) in expected.as_object().expect("an object") {
                    if let Some(found) = differs(&mail, key, value) {
                        let _ = writeln!(wrong, "{name}: {key} should be {value}, and is {found}");
                    }
                }
            }
            Err(why) if expected["refused"] == format!("{why:?}") => {}
            Err(why) => {
                let _ = writeln!(wrong, "{name}: refused, {why:?}");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// What the mail says instead, if it is not `wanted`.
fn differs(mail: &Mail, key: &str, wanted: &Value) -> Option<String> {
    let all = |it: &dyn Fn(&str) -> bool| {
        wanted.as_array().is_some_and(|list| list.iter().all(|word| word.as_str().is_some_and(it)))
    };
    let equal = |found: Value| (found != *wanted, found.to_string());
    let files = || {
        Value::from(
            mail.files
                .iter()
                .map(|it| Value::from(vec![Value::from(it.name.as_str()), it.bytes.len().into()]))
                .collect::<Vec<_>>(),
        )
    };
    let (wrong, found) = match key {
        "from" => equal(mail.from.as_str().into()),
        "from_contains" => (!wanted.as_str().is_some_and(|it| mail.from.as_str().contains(it)), mail.from.to_string()),
        "name" => (!wanted.is_null() && *wanted != mail.name.as_str(), mail.name.clone()),
        "sole" => equal(mail.sole_author.into()),
        "subject" => equal(mail.subject.as_str().into()),
        "cc" => equal(
            mail.cc.iter().filter_map(|it| it.address.as_ref()).map(domain::Email::as_str).collect::<Vec<_>>().into(),
        ),
        "date" => equal(mail.sent_at.map(|it| it / 1_000_000).into()),
        "text" => equal(mail.text.as_str().into()),
        "contains" => (!all(&|it| mail.text.contains(it)), mail.text.clone()),
        "html" => (!all(&|it| mail.html.as_deref().is_some_and(|html| html.contains(it))), format!("{:?}", mail.html)),
        "files" => equal(files()),
        "n_files" => (wanted.as_u64() != Some(mail.files.len() as u64), files().to_string()),
        "file_ends" => (!all(&|it| mail.files.iter().any(|file| file.name.ends_with(it))), files().to_string()),
        "file_lacks" => (!all(&|it| mail.files.iter().all(|file| !file.name.contains(it))), files().to_string()),
        "refused" => (true, "read".to_owned()),
        other => panic!("no expectation is called {other}"),
    };
    wrong.then_some(found)
}
