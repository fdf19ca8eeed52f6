//! The outside wires: IMAP in, SMTP out, and one that only asks.
//!
//! A wire knows bytes, limits and servers; it knows no case, no customer and no database. What it brings in goes to an
//! [`imap::Inbox`], which `desk` implements; what goes out comes as bytes that `mail` has composed.
//!
//! - [`server`]: which server, how it is secured, who signs in.
//! - [`imap`]: reads one mailbox for ever, without ever changing it.
//! - [`smtp`]: hands over one mail, and says exactly what became of it.
//! - [`endpoint`]: asks a language model for one answer. It changes nothing outside.
//! - [`guess`], [`provider`]: finds the servers of an address.
//! - [`check`]: tries both on behalf of a person who is setting up a mailbox.
//!
//! Three rules hold on every wire. Nothing is sent in the clear except to this machine itself, or where an administrator
//! allows it to a private address that runs a model; STARTTLS that was asked for never falls back. Every wait is bounded, so a server that stalls frees its worker. What a server may make
//! us hold in memory is bounded before it is held.

mod certificate;
pub mod check;
pub mod endpoint;
pub mod guess;
pub mod imap;
pub mod provider;
pub mod server;
pub mod smtp;
mod tls;
mod wire;

pub use server::{Login, Secret, Security, Server};
pub use tls::{Tls, TlsError};
pub use wire::ConnectError;
