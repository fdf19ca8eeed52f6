use std::fs;
use std::path::Path;

use mail::Receiver;
use serde_json::json;

use crate::email;

/// What is read from every mail of the corpus, whole.
#[test]
fn the_corpus_reads_as_before() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut names: Vec<_> = fs::read_dir(corpus)
        .expect("the corpus")
        .map(|it| it.expect("a file").path())
        .filter(|it| it.extension().is_some_and(|it| it == "eml"))
        .collect();
    names.sort();
    assert!(names.len() >= 8);
    let own = [email("support@example.com")];
    for path in names {
        let raw = fs::read(&path).expect("a mail");
        let mail = mail::read(&raw, &Receiver { authserv_id: Some("in.example.com"), own: &own }).expect("readable");
        let folded: Vec<_> =
            mail.folded.iter().map(|it| (it.kind, &mail.text[it.start as usize..it.end as usize])).collect();
        let files: Vec<_> = mail
            .files
            .iter()
            .map(|it| json!([it.name, it.media_type, it.content_id, it.inline, it.bytes.len()]))
            .collect();
        let seen = json!({
            "message_id": mail.message_id, "in_reply_to": mail.in_reply_to, "references": mail.references,
            "from": domain::Party { name: mail.name, address: Some(mail.from) }, "reply_to": mail.reply_to, "to": mail.to, "cc": mail.cc,
            "subject": mail.subject, "sent_at": mail.sent_at, "text": mail.text, "folded": folded, "html": mail.html,
            "files": files, "automatic": mail.automatic, "verdict": mail.verdict, "external_id": mail.external_id,
        });
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        insta::with_settings!({ snapshot_path => "../corpus", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, serde_json::to_string_pretty(&seen).expect("JSON"));
        });
    }
}
