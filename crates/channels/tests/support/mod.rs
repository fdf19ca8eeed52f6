//! What the tests of the wires share.
#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    unfulfilled_lint_expectations,
    clippy::unwrap_used,
    reason = "each test uses another part of it"
)]

#[path = "../../../testkit/src/mail_server.rs"]
mod mail_server;
#[path = "../../../testkit/src/scripted.rs"]
mod scripted;
pub mod shelf;
pub mod talk;

pub use mail_server::MailServer;
pub use scripted::{Scripted, Turn};
