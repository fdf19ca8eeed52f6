//! Tries a mailbox on behalf of a person who is setting it up, and says step by step what works and what is wrong.
//! Nothing is changed and nothing is sent.

use std::time::Duration;

use domain::Email;
use tokio::time::Instant;

use crate::imap::{self, Pace, ReadError};
use crate::server::{APP_PASSWORD, Login, Server};
use crate::smtp::{self, Patience, SendError};
use crate::tls::Tls;
use crate::wire::{ConnectError, Wire};

/// One step of the check, in the order in which a person sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which step.
    pub name: StepName,
    /// How it went.
    pub outcome: Outcome,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

/// The steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepName {
    /// Both servers take a connection.
    FoundServer,
    /// Both connections are private.
    Secure,
    /// The server for reading takes the name and password, and shows the inbox.
    SignedInForReading,
    /// The server for sending takes the name and password, and the address as a sender.
    SignedInForSending,
}

/// How a step went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It works.
    Ok(Detail),
    /// It does not.
    Failed {
        /// What is wrong and what may help, in plain sentences.
        words: String,
        /// The server's own line; empty if it said nothing.
        said: String,
    },
    /// It needs a step before it that failed.
    Waits,
}

/// What a step that works has found out. The page puts it in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The servers, as `host:port`.
    Found {
        /// For reading.
        reading: String,
        /// For sending.
        sending: String,
    },
    /// The weaker of both protections, and the certificate that ends first.
    Secured {
        /// “TLS 1.3”, “TLS 1.2”, or “not encrypted, on this machine”.
        by: &'static str,
        /// When the certificate ends, in microseconds since 1970 UTC.
        certificate_ends: Option<i64>,
    },
    /// What is in the inbox. Nothing of it was changed.
    Inbox {
        /// How many mails.
        mails: u32,
        /// When the newest arrived, in microseconds since 1970 UTC.
        newest: Option<i64>,
        /// The server tells of new mail by itself; otherwise it is asked every half minute.
        idle: bool,
    },
    /// Mail may be sent.
    MaySend {
        /// The address that the server takes as a sender.
        address: Email,
    },
}

type Failure = (String, String);

/// Tries reading from the one server and sending by the other, as far as each goes: what is wrong with one does not hide
/// how the other is doing. `address` is the mailbox's own.
pub async fn run(reading: (&Server, &Login), sending: (&Server, &Login), address: &Email, tls: &Tls) -> Vec<Step> {
    // A person waits for this, so it is less patient than the reader.
    let pace = Pace { connect: Duration::from_secs(10), answer: Duration::from_secs(15), ..Pace::new(0) };
    let patience = Patience { connect: pace.connect, answer: pace.answer, ..Patience::default() };
    let mut steps = Steps { list: Vec::with_capacity(4), since: Instant::now() };

    let (in_wire, out_wire) = tokio::join!(
        Wire::connect(reading.0, pace.connect, pace.silence),
        Wire::connect(sending.0, patience.connect, patience.answer)
    );
    let found = Detail::Found { reading: reading.0.to_string(), sending: sending.0.to_string() };
    let failure = |error: &ConnectError| (error.to_string(), String::new());
    let failures = [in_wire.as_ref().err().map(failure), out_wire.as_ref().err().map(failure)];
    steps.both(StepName::FoundServer, failures, found);

    let in_session = async { Some(imap::Session::open(in_wire.ok()?, reading.0, tls, &pace).await) };
    let out_session =
        async { Some(smtp::Session::open(out_wire.ok()?, sending.0, tls, address.domain(), &patience).await) };
    let (in_session, out_session) = tokio::join!(in_session, out_session);
    match (&in_session, &out_session) {
        (None, None) => steps.push(StepName::Secure, Outcome::Waits),
        (session, other) => {
            let protections = [
                session.as_ref().and_then(|it| it.as_ref().ok()).map(imap::Session::protection),
                other.as_ref().and_then(|it| it.as_ref().ok()).map(smtp::Session::protection),
            ];
            let failures = [
                session.as_ref().and_then(|it| it.as_ref().err()).map(read_failure),
                other.as_ref().and_then(|it| it.as_ref().err()).map(send_failure),
            ];
            steps.both(StepName::Secure, failures, weaker(protections));
        }
    }

    let outcome = match in_session {
        Some(Ok(session)) => sign_in_for_reading(session, reading.1).await.map_err(|error| read_failure(&error)).into(),
        _ => Outcome::Waits,
    };
    steps.push(StepName::SignedInForReading, outcome);
    let outcome = match out_session {
        Some(Ok(session)) => {
            sign_in_for_sending(session, sending.1, address).await.map_err(|error| send_failure(&error)).into()
        }
        _ => Outcome::Waits,
    };
    steps.push(StepName::SignedInForSending, outcome);
    steps.list
}

async fn sign_in_for_reading(mut session: imap::Session, login: &Login) -> Result<Detail, ReadError> {
    session.sign_in(login).await?;
    let folder = session.examine("INBOX").await?;
    let newest = session.newest().await?;
    let idle = session.has_idle();
    session.sign_out().await;
    Ok(Detail::Inbox { mails: folder.exists, newest, idle })
}

async fn sign_in_for_sending(mut session: smtp::Session, login: &Login, address: &Email) -> Result<Detail, SendError> {
    session.sign_in(login).await?;
    session.try_sender(address).await?;
    session.quit().await;
    Ok(Detail::MaySend { address: address.clone() })
}

/// The steps so far; each takes the time since the one before it.
struct Steps {
    list: Vec<Step>,
    since: Instant,
}

impl Steps {
    fn push(&mut self, name: StepName, outcome: Outcome) {
        let took_ms = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.since = Instant::now();
        self.list.push(Step { name, outcome, took_ms });
    }

    /// A step about both servers fails with what is wrong with either.
    fn both(&mut self, name: StepName, failures: [Option<Failure>; 2], detail: Detail) {
        let (words, said): (Vec<String>, Vec<String>) = failures.into_iter().flatten().unzip();
        let mut words = words;
        words.dedup();
        let outcome = if words.is_empty() {
            Outcome::Ok(detail)
        } else {
            let said: Vec<String> = said.into_iter().filter(|it| !it.is_empty()).collect();
            Outcome::Failed { words: words.join(" "), said: said.join("; ") }
        };
        self.push(name, outcome);
    }
}

impl From<Result<Detail, Failure>> for Outcome {
    fn from(result: Result<Detail, Failure>) -> Outcome {
        match result {
            Ok(detail) => Outcome::Ok(detail),
            Err((words, said)) => Outcome::Failed { words, said },
        }
    }
}

/// The words that set a connection's protection apart, weakest first.
const WEAKEST_FIRST: [&str; 4] = ["not encrypted, on this machine", "TLS", "TLS 1.2", "TLS 1.3"];

fn weaker(protections: [Option<(&'static str, Option<i64>)>; 2]) -> Detail {
    let both = protections.into_iter().flatten();
    let rank = |by: &str| WEAKEST_FIRST.iter().position(|it| *it == by);
    let by = both.clone().map(|it| it.0).min_by_key(|by| rank(by)).unwrap_or_default();
    let ends = both.filter_map(|it| it.1).min();
    Detail::Secured { by, certificate_ends: ends.map(|seconds| seconds.saturating_mul(1_000_000)) }
}

fn read_failure(error: &ReadError) -> Failure {
    let words = match error {
        // The server's own line is shown beside it.
        ReadError::SignIn { .. } => {
            format!("The server does not accept this name and password for reading. {APP_PASSWORD}")
        }
        other => other.to_string(),
    };
    (words, error.said().to_owned())
}

fn send_failure(error: &SendError) -> Failure {
    (error.words(), error.said.clone())
}
