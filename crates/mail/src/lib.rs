//! Mail as bytes: read, fold, sanitise, judge, compose.
//!
//! Pure: no I/O, no clock, no randomness; and bounded: whatever the bytes are, [`read()`] ends within the limits of
//! [`limits`] and never panics. The structure of a mail (RFC 2046) is walked here, in one pass and without recursion: an
//! attached mail is a file and is never descended into, so no nesting reaches a parser's stack.
//!
//! Deliberately absent: which case a mail joins (`desk`), and how its bytes travel (`channels`).

mod automatic;
mod clean;
mod compose;
mod decode;
mod flowed;
mod fold;
mod header;
mod html;
pub mod limits;
mod part;
mod read;
pub mod token;
mod uuencode;
mod verdict;
mod words;

pub use clean::label;
pub use compose::{Composed, Outgoing, Unsendable, ascii, compose, html_of};
pub use fold::fold;
pub use html::{sanitise, text_of};
pub use limits::Unreadable;
pub use read::{File, Mail, Mailbox, Receiver, read};
