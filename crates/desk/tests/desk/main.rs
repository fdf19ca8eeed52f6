//! The desk through its own door: what becomes of mails, cases, people and what leaves.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod acknowledgement;
mod act;
mod begin;
mod bounce;
mod brief;
mod case;
mod channel;
mod clock;
mod connect;
mod contact;
mod customer;
mod deletion;
mod draft;
mod dump;
mod field;
mod forward;
mod macros;
mod mail;
mod merge;
mod moving;
mod notification;
mod outbox;
mod promise;
mod quarantine;
mod search;
mod sending;
mod sign_in;
mod split;
mod staff;
mod supplier;
mod threading;
mod unwanted;
mod view;
