//! The crate through its outer door: bytes in, a mail out, and back.
#![expect(clippy::expect_used, reason = "a test that has not what it needs fails")]

mod automatic;
mod bounces;
mod calendar;
mod compose;
mod corpus;
mod encoding;
mod fold;
mod forward;
mod fuzz;
mod hostile;
mod html;
mod malformed;
mod probe;
mod quotes;
mod read;
mod token;
mod unwanted;
mod verdict;
mod written;

use domain::Email;
use mail::{Mail, Receiver, Unreadable};

/// A mail with these fields and this body, as written here, its lines ended by CRLF.
pub(crate) fn raw(text: &str) -> Vec<u8> {
    text.replace('\n', "\r\n").into_bytes()
}

pub(crate) fn receiver() -> Receiver<'static> {
    Receiver { authserv_id: Some("in.example.com"), own: &[] }
}

pub(crate) fn try_read(bytes: &[u8]) -> Result<Mail, Unreadable> {
    mail::read(bytes, &receiver())
}

pub(crate) fn read(text: &str) -> Mail {
    try_read(&raw(text)).expect("a mail")
}

/// A mail from Ann with these further fields and this body.
pub(crate) fn ann(fields_and_body: &str) -> Mail {
    read(&format!("From: Ann Lee <ann@northwind.example>\n{fields_and_body}"))
}

pub(crate) fn email(text: &str) -> Email {
    Email::parse(text).expect("an address")
}
