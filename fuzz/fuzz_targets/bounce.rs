//! Any report is read within its limits, whatever its words, its fields and the returned mail are.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mail::{Receiver, read};

fuzz_target!(|parts: (&str, &[u8], &[u8])| {
    let (words, status, returned) = parts;
    let mut raw = b"From: MAILER-DAEMON@mx.example\r\nSubject: failure notice\r\nContent-Type: multipart/report; \
        report-type=delivery-status; boundary=fuzz\r\n\r\n--fuzz\r\n\r\n"
        .to_vec();
    raw.extend_from_slice(words.as_bytes());
    raw.extend_from_slice(b"\r\n--fuzz\r\nContent-Type: message/delivery-status\r\n\r\n");
    raw.extend_from_slice(status);
    raw.extend_from_slice(b"\r\n--fuzz\r\nContent-Type: message/rfc822\r\n\r\n");
    raw.extend_from_slice(returned);
    let Ok(mail) = read(&raw, &Receiver::default()) else { return };
    assert!(mail.bounces.len() <= mail::limits::REPORTED);
    for it in &mail.bounces {
        assert!(it.said.chars().count() <= 500 && !it.said.contains(char::is_control));
        assert!(!it.words().is_empty());
    }
});
