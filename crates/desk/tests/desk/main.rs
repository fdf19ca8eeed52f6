//! The desk through its own door: what becomes of mails, cases, people and what leaves.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod case;
mod channel;
mod customer;
mod draft;
mod mail;
mod outbox;
mod sending;
mod sign_in;
mod staff;
mod threading;
