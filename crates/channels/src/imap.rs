//! Reads one mailbox for as long as the desk runs, and never changes it: the folder is opened read-only (EXAMINE), mails
//! are fetched with PEEK, no flag is set, nothing is moved.
//!
//! The desk keeps the place where reading goes on ([`Position`]). A mail counts as read when [`Inbox::accept`] said that
//! it is durable and [`Inbox::reached`] was told so; whatever happens in between, it is handed over again, and the desk
//! knows it by its content. So nothing is lost and nothing doubled, however the connection ends.
//!
//! Deliberately absent: flags, other folders, deleting after a time. They would make the desk a second owner of the
//! mailbox.

mod backoff;
mod date;
mod error;
mod history;
mod reader;
mod session;

use std::time::Duration;

use futures_util::FutureExt;
use tokio_util::sync::CancellationToken;

use crate::server::{Login, Server};
use crate::tls::Tls;

pub use error::{ReadError, SIGN_IN_REFUSED};
pub use history::{Archive, End as HistoryEnd, Span, bring_in};
pub(crate) use session::Session;

use reader::{End, Reader};

/// A mail larger than this, in bytes, is not brought in: the desk gets its headers ([`Inbox::leave`]).
pub const LARGEST_MAIL: u32 = mail::limits::MAIL;

/// What is read: one folder of one mailbox.
#[derive(Clone, Debug)]
pub struct Mailbox {
    /// The IMAP server.
    pub server: Server,
    /// Who signs in.
    pub login: Login,
    /// The folder, as the server names it; usually `INBOX`.
    pub folder: String,
}

/// A place in a folder: everything up to and including `uid` has been read (RFC 3501 §2.3.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The UIDVALIDITY under which `uid` means something.
    pub validity: u32,
    /// The highest UID that has been read; 0 before the first.
    pub uid: u32,
}

/// How the reading of a mailbox stands, for the page of channels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// On the way to the server, or catching up.
    Connecting,
    /// All that was there has been handed over; new mail comes in as it arrives.
    Live {
        /// The server tells of new mail by itself (IDLE, RFC 2177); otherwise it is asked in turns.
        idle: bool,
    },
    /// It does not work at the moment; it is tried again.
    Broken {
        /// What kind of thing is wrong, in a word or two that hold nothing of what the server said.
        kind: &'static str,
        /// What is wrong, in a sentence for the administrator.
        why: String,
        /// When the next try begins.
        retry_in: Duration,
    },
}

/// Why a mail stays where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Left {
    /// It is larger than [`LARGEST_MAIL`].
    TooBig,
    /// The server lists it and, asked again and again, does not give it, though it gives others.
    Withheld {
        /// What came instead, in a sentence.
        why: String,
    },
}

/// What the desk gives the reader: where to go on, and where mail goes. Errors are sentences for the administrator; the
/// reader shows them as [`State::Broken`] and tries again later.
pub trait Inbox: Send + Sync + 'static {
    /// Where reading goes on; none if the mailbox is connected for the first time, and then only new mail is read.
    fn position(&self) -> impl Future<Output = Result<Option<Position>, String>> + Send;

    /// Takes one raw mail that reached the mailbox at `at` (INTERNALDATE, microseconds since 1970 UTC; none if the server
    /// says nothing readable). It must be durable when this returns Ok. Up to sixteen are handed over at once, in no
    /// order, and the same mail may come again: so this must not remember `position`, [`Inbox::reached`] does. On Err the
    /// mail, and what follows it, comes again; a mail that can never be taken must be quarantined, with Ok.
    fn accept(
        &self,
        raw: Vec<u8>,
        at: Option<i64>,
        position: Position,
    ) -> impl Future<Output = Result<(), String>> + Send;

    /// Notes a mail that stays where it is: its headers (the first 256 KiB of them, empty if the server gives none), why,
    /// and its size in bytes, as the server tells it.
    fn leave(
        &self,
        headers: Vec<u8>,
        why: Left,
        size: u64,
        at: Option<i64>,
        position: Position,
    ) -> impl Future<Output = Result<(), String>> + Send;

    /// Remembers the place at which this connection begins to read, whatever the place was before: at the first
    /// connection, where everything older is passed over, and after [`Inbox::position_lost`].
    fn begins_at(&self, position: Position) -> impl Future<Output = Result<(), String>> + Send;

    /// Remembers the place up to which everything is done, after a batch and in rising order, and when the mail there
    /// reached the mailbox.
    fn reached(&self, position: Position, at: Option<i64>) -> impl Future<Output = Result<(), String>> + Send;

    /// The server has numbered its mails anew, so the position means nothing any more. Returns until when everything has
    /// been read (microseconds since 1970 UTC): reading starts again a day before that, and what is known already is
    /// recognised by its content. None: only new mail is read, as at the first connection.
    fn position_lost(&self) -> impl Future<Output = Result<Option<i64>, String>> + Send;

    /// Is told how the reading stands, whenever that changes.
    fn state(&self, state: State) -> impl Future<Output = ()> + Send;
}

/// How patient the reader is.
#[derive(Clone, Debug)]
pub struct Pace {
    /// What the jitter between tries comes from, so that many mailboxes do not come back at the same moment.
    pub seed: u64,
    /// For reaching the server, and again for the TLS handshake.
    pub connect: Duration,
    /// For the answer to a short command.
    pub answer: Duration,
    /// For a pause in the middle of a transfer.
    pub silence: Duration,
    /// How long one IDLE lasts. RFC 2177 asks for at most 29 minutes; it is ended much sooner, because only its end
    /// shows that the server is still there, and because some servers forget to tell of new mail.
    pub idle: Duration,
    /// Between two looks where the server has no IDLE.
    pub poll: Duration,
    /// Before the second try; doubles with each further one.
    pub first_retry: Duration,
    /// The longest time between two tries.
    pub last_retry: Duration,
}

impl Pace {
    /// The usual patience: no server holds a worker for more than two minutes without a byte.
    pub fn new(seed: u64) -> Pace {
        Pace {
            seed,
            connect: Duration::from_secs(20),
            answer: Duration::from_secs(30),
            silence: Duration::from_mins(1),
            idle: Duration::from_secs(80),
            poll: Duration::from_secs(30),
            first_retry: Duration::from_secs(1),
            last_retry: Duration::from_mins(5),
        }
    }
}

/// Reads `mailbox` into `inbox` until `stop`, and never returns before: whatever breaks is told to [`Inbox::state`] and
/// tried again. After `stop` it returns as soon as what is being accepted has been accepted.
pub async fn run(mailbox: Mailbox, tls: Tls, pace: Pace, inbox: impl Inbox, stop: CancellationToken) {
    let mut reader = Reader::new(&mailbox, &tls, &pace, &inbox, &stop);
    loop {
        inbox.state(State::Connecting).await;
        // The protocol is parsed by a library, and a server must not be able to end the reader by what trips it up.
        let end = std::panic::AssertUnwindSafe(reader.read()).catch_unwind().await;
        let (kind, why) = match end {
            Ok(End::Stopped) => return,
            Ok(End::Broken(error)) => (error.kind(), error.to_string()),
            Ok(End::NotTaken(why)) => ("the desk could not take a mail", why),
            Err(_) => (ReadError::Nonsense.kind(), ReadError::Nonsense.to_string()),
        };
        let retry_in = reader.backoff.next();
        inbox.state(State::Broken { kind, why, retry_in }).await;
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(retry_in) => {}
        }
    }
}
