//! The store through its public door, on every engine there is.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[path = "../support/mod.rs"]
mod support;

use testkit::both;

mod access;
mod aside;
mod blob;
mod case;
mod catalog;
mod channel;
mod customer;
mod fault;
mod filter;
mod job;
mod message;
mod open;
mod outbox;
mod rows;
mod search;
mod write;
