//! Tries a mailbox on behalf of a person who is setting it up, and says step by step what works and what is wrong: up to a
//! mail that the mailbox sends to itself. Nothing in the mailbox is changed; that mail stays there, and says what it is.

mod steps;
mod words;

use std::time::Duration;

use domain::Email;
use mail::probe::{self, Probe};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::guess::How;
use crate::imap::{self, Pace, ReadError};
use crate::server::{Login, Server};
use crate::smtp::{self, Patience, SendError};
use crate::tls::Tls;
use crate::wire::Wire;

use steps::Steps;
use words::{Failure, read_failure, send_failure};

/// How long one step may take whose every answer is slow; the last two wait as long as [`Trial::wait`].
const STEP: Duration = Duration::from_secs(15);

/// How long is waited for the mail to the address with a `+` behind the other, at least.
const PLUS: Duration = Duration::from_secs(10);

/// How long a mail to itself is waited for.
pub const WAIT: Duration = Duration::from_secs(45);

/// Between two looks into the inbox.
const LOOK: Duration = Duration::from_millis(500);

/// What is tried.
#[derive(Debug)]
pub struct Trial<'a> {
    /// The server that is read, and who signs in.
    pub reading: (&'a Server, &'a Login),
    /// The server that sends, and who signs in; none for a mailbox that is only read.
    pub sending: Option<(&'a Server, &'a Login)>,
    /// The mailbox's own address.
    pub address: &'a Email,
    /// How the servers were found.
    pub how: How,
    /// The mail to the mailbox itself, and the one to its address with a `+`.
    pub probes: [Probe; 2],
    /// For how long each of them is waited for.
    pub wait: Duration,
}

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
    /// A mail from the mailbox to itself comes back.
    CameBack,
    /// A mail to its address with something behind a `+` comes back too.
    PlusAddress,
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
    /// It is being tried.
    Now,
    /// It needs a step before it, which is still to come or failed.
    Waits,
}

/// What a step that works has found out. The page puts it in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The servers, as `host:port`.
    Found {
        /// For reading.
        reading: String,
        /// For sending; empty for a mailbox that is only read.
        sending: String,
        /// How they were found.
        how: How,
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
    /// The mail to itself is in the inbox.
    Returned,
    /// The server delivers what stands behind a `+` into the same mailbox.
    PlusKept {
        /// The fields of the header that still have the whole address, in lower case.
        fields: Vec<String>,
    },
    /// It does not; answers are then found by their references alone.
    PlusLost {
        /// The server's own line, if it refused the address.
        said: String,
    },
}

/// Tries `trial`, as far as each way goes: what is wrong with one does not hide how the other is doing. `tell` is given all
/// steps whenever one of them changes. Ends within two minutes, whatever the servers do, if [`Trial::wait`] is [`WAIT`].
pub async fn run(trial: &Trial<'_>, tls: &Tls, tell: impl FnMut(&[Step]) + Send) -> Vec<Step> {
    // A person waits for this, so it is less patient than the reader.
    let pace = Pace { connect: Duration::from_secs(10), answer: STEP, ..Pace::new(0) };
    let patience = Patience { connect: pace.connect, answer: pace.answer, ..Patience::default() };
    let mut steps = Steps::new(tell, trial.sending.is_some());
    let Trial { reading, sending, address, .. } = *trial;

    let out_wire = async {
        match sending {
            Some((server, _)) => Some(Wire::connect(server, patience.connect, patience.answer).await),
            None => None,
        }
    };
    let (in_wire, out_wire) = tokio::join!(Wire::connect(reading.0, pace.connect, pace.silence), out_wire);
    let found = Detail::Found {
        reading: reading.0.to_string(),
        sending: sending.map(|it| it.0.to_string()).unwrap_or_default(),
        how: trial.how,
    };
    let failures = [in_wire.as_ref().err(), out_wire.as_ref().and_then(|it| it.as_ref().err())];
    steps.both(failures.map(|it| it.map(words::connect_failure)), found);

    let in_session =
        async { Some(limited(imap::Session::open(in_wire.ok()?, reading.0, tls, &pace), || ReadError::Silent).await) };
    let out_session = async {
        let server = sending?.0;
        let opened = smtp::Session::open(out_wire?.ok()?, server, tls, address.domain(), &patience);
        Some(limited(opened, SendError::silent).await)
    };
    let (in_session, out_session) = tokio::join!(in_session, out_session);
    if in_session.is_none() && out_session.is_none() {
        steps.done(Outcome::Waits);
    } else {
        let (read, sent) = (in_session.as_ref(), out_session.as_ref());
        let protections = [
            read.and_then(|it| it.as_ref().ok()).map(imap::Session::protection),
            sent.and_then(|it| it.as_ref().ok()).map(smtp::Session::protection),
        ];
        let failures = [
            read.and_then(|it| it.as_ref().err()).map(|it| read_failure(it, reading.0, address)),
            sent.and_then(|it| it.as_ref().err()).zip(sending).map(|(it, way)| send_failure(it, way.0, address)),
        ];
        steps.both(failures, weaker(protections));
    }

    let mut inbox = None;
    match in_session {
        Some(Ok(session)) => {
            let signed_in = limited(sign_in_for_reading(session, reading.1), || ReadError::Silent).await;
            steps.judged(signed_in.map_err(|error| read_failure(&error, reading.0, address)).map(
                |(opened, detail)| {
                    inbox = Some(opened);
                    detail
                },
            ));
        }
        _ => steps.done(Outcome::Waits),
    }
    let Some(sending) = sending else { return steps.end() };
    let mut outbox = None;
    match out_session {
        Some(Ok(session)) => {
            let signed_in = limited(sign_in_for_sending(session, sending.1, address), SendError::silent).await;
            steps.judged(signed_in.map_err(|error| send_failure(&error, sending.0, address)).map(|session| {
                outbox = Some(session);
                Detail::MaySend { address: address.clone() }
            }));
        }
        _ => steps.done(Outcome::Waits),
    }
    let (Some(inbox), Some(outbox)) = (inbox, outbox) else { return steps.end() };
    round(trial, &mut steps, inbox, outbox, |error| send_failure(error, sending.0, address)).await;
    steps.end()
}

/// An inbox that is open, and the UID behind which new mail lies.
struct Inbox {
    session: imap::Session,
    behind: u32,
}

async fn limited<T, E>(work: impl Future<Output = Result<T, E>>, silent: impl FnOnce() -> E) -> Result<T, E> {
    timeout(STEP, work).await.unwrap_or_else(|_| Err(silent()))
}

async fn sign_in_for_reading(mut session: imap::Session, login: &Login) -> Result<(Inbox, Detail), ReadError> {
    session.sign_in(login).await?;
    let folder = session.examine("INBOX").await?;
    let newest = session.newest().await?;
    let idle = session.has_idle();
    let behind = folder.next.saturating_sub(1);
    Ok((Inbox { session, behind }, Detail::Inbox { mails: folder.exists, newest, idle }))
}

async fn sign_in_for_sending(
    mut session: smtp::Session,
    login: &Login,
    address: &Email,
) -> Result<smtp::Session, SendError> {
    session.sign_in(login).await?;
    session.try_sender(address).await?;
    Ok(session)
}

/// Sends both mails and waits for them.
async fn round(
    trial: &Trial<'_>,
    steps: &mut Steps<impl FnMut(&[Step]) + Send>,
    mut inbox: Inbox,
    mut outbox: smtp::Session,
    failure: impl Fn(&SendError) -> Failure,
) {
    let [plain, plus] = &trial.probes;
    let sent = limited(outbox.send_own(trial.address, &plain.to, &plain.bytes), SendError::silent).await;
    if let Err(error) = sent {
        return steps.judged(Err(failure(&error)));
    }
    let since = Instant::now();
    let plus_sent = limited(outbox.send_own(trial.address, &plus.to, &plus.bytes), SendError::silent).await;
    outbox.quit().await;

    let mut arrived = [None, None];
    let end = since + trial.wait;
    let waited = wait(&mut inbox, &trial.probes, &mut arrived, end, |arrived| arrived[0].is_some()).await;
    match (waited, &arrived[0]) {
        (_, Some(_)) => steps.done(Outcome::Ok(Detail::Returned)),
        (Err(error), None) => return steps.judged(Err(read_failure(&error, trial.reading.0, trial.address))),
        (Ok(()), None) => return steps.judged(Err(words::not_back(trial.wait))),
    }
    if let Err(error) = plus_sent {
        return steps.done(Outcome::Ok(Detail::PlusLost { said: error.said }));
    }
    let patience = since.elapsed().saturating_mul(2).max(PLUS);
    let end = end.min(Instant::now() + patience);
    let waited = wait(&mut inbox, &trial.probes, &mut arrived, end, |arrived| arrived[1].is_some()).await;
    match (waited, arrived[1].take()) {
        (_, Some(headers)) => {
            let fields = probe::naming(&headers, &plus.to);
            steps.done(Outcome::Ok(Detail::PlusKept { fields }));
        }
        (Err(error), None) => return steps.judged(Err(read_failure(&error, trial.reading.0, trial.address))),
        (Ok(()), None) => steps.done(Outcome::Ok(Detail::PlusLost { said: String::new() })),
    }
    inbox.session.sign_out().await;
}

/// Looks into the inbox until `enough` of the mails have arrived, or `end`. What arrives leaves its headers.
async fn wait(
    inbox: &mut Inbox,
    probes: &[Probe; 2],
    arrived: &mut [Option<Vec<u8>>; 2],
    end: Instant,
    enough: impl Fn(&[Option<Vec<u8>>; 2]) -> bool,
) -> Result<(), ReadError> {
    let look = async {
        loop {
            for mail in inbox.session.list(inbox.behind).await? {
                inbox.behind = mail.uid;
                let Some(headers) = inbox.session.headers(mail).await? else { continue };
                for (probe, arrived) in probes.iter().zip(arrived.iter_mut()) {
                    if probe::carries(&headers, &probe.mark) {
                        *arrived = Some(headers.clone());
                    }
                }
            }
            if enough(arrived) {
                return Ok(());
            }
            sleep(LOOK).await;
            inbox.session.noop().await?;
        }
    };
    timeout_at(end, look).await.unwrap_or(Ok(()))
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
