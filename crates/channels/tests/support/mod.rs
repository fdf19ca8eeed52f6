//! What the tests of the wires share.
#![allow(dead_code, unreachable_pub, missing_docs, clippy::all, clippy::pedantic, reason = "temporary")]
#[path = "../../../testkit/src/mail_server.rs"]
mod mail_server;
#[path = "../../../testkit/src/scripted.rs"]
mod scripted;
pub use mail_server::MailServer;
pub use scripted::{Scripted, Turn};
pub mod shelf;
