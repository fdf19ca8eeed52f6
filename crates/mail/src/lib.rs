//! Mail as bytes: read, fold, sanitise, judge, compose.
//!
//! Pure: no I/O, no clock, no randomness; and bounded: whatever the bytes are, [`read()`] ends within the limits of
//! [`limits`] and never panics. The structure of a mail (RFC 2046) is walked here, in one pass and without recursion: an
//! attached mail is a file and is never descended into, so no nesting reaches a parser's stack.
//!
//! Deliberately absent: which case a mail joins (`desk`), and how its bytes travel (`channels`).

mod address;
mod automatic;
mod body;
mod bounce;
mod calendar;
mod clean;
mod compose;
mod decode;
pub mod dkim;
mod flowed;
mod fold;
mod forward;
mod header;
mod html;
mod identity;
pub mod limits;
mod parameter;
mod part;
pub mod passing;
pub mod probe;
mod read;
mod remote;
mod sealed;
pub mod signature;
mod table;
pub mod token;
mod unwanted;
mod utf7;
mod uuencode;
mod verdict;
mod words;

pub use clean::label;
pub use compose::{Composed, Outgoing, Unsendable, ascii, compose, html_of};
pub use fold::fold;
pub use forward::{Original, Place};
pub use html::{Written, sanitise, text_of, with_pictures, written};
pub use limits::Unreadable;
pub use read::{File, Mail, Mailbox, Receiver, read};
pub use remote::{has_remote, without_remote};
