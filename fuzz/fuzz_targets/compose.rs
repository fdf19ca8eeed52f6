//! No string of a mail that is sent breaks out of its place.
#![no_main]

use domain::Email;
use libfuzzer_sys::fuzz_target;
use mail::{File, Mailbox, Outgoing, Receiver, compose, read};

fuzz_target!(|strings: (&str, &str, &str, &str, &[u8])| {
    let (name, subject, text, id, bytes) = strings;
    let who = |address: &str| Mailbox { name: name.to_owned(), address: Email::parse(address) };
    let mail = Outgoing {
        message_id: "<fuzz@example.com>".to_owned(),
        from: who("support@example.com"),
        reply_to: Some(who("reply@example.com")),
        to: vec![who("ann@a.example")],
        cc: vec![who(id)],
        subject: subject.to_owned(),
        at: 0,
        in_reply_to: Some(id.to_owned()),
        references: vec![id.to_owned()],
        text: text.to_owned(),
        html: None,
        files: vec![File {
            name: name.to_owned(),
            media_type: subject.to_owned(),
            content_id: Some(id.to_owned()),
            inline: true,
            bytes: bytes.to_vec(),
        }],
        automatic: true,
    };
    let Ok(composed) = compose(&mail) else { return };
    let mut last = 0;
    for (at, it) in composed.bytes.iter().enumerate() {
        assert!(*it != b'\r' || composed.bytes.get(at + 1) == Some(&b'\n'));
        assert!(*it != b'\n' || last == b'\r');
        last = *it;
    }
    let again = read(&composed.bytes, &Receiver::default()).expect("what we send can be read");
    assert_eq!(again.files.last().map(|it| it.bytes.as_slice()), Some(bytes));
});
