//! Brings in what lay in a mailbox before the desk read it: over a connection of its own, beside the one on which new mail
//! comes, one mail after the other, so that a question is there before its answer and new mail is never held up.

use futures_util::FutureExt;
use tokio_util::sync::CancellationToken;

use super::reader::{Batch, batches};
use super::session::{Given, Listed};
use super::{Mailbox, Pace, Position, ReadError, Session};
use crate::tls::Tls;

/// How many mails are asked about at once, and after how many the desk is told how far it is.
const STEP: usize = 32;

/// In how many connections a mail is asked for on which one broke off.
const ASKED: usize = 2;

/// What is brought in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Mails that reached the mailbox then or later, in microseconds since 1970 UTC.
    pub since: i64,
    /// Everything up to this has been brought in already; 0 at the beginning.
    pub done: u32,
    /// The last one to bring in: where the reading of new mail began, or later.
    pub last: Position,
}

/// Where older mail goes. Errors are sentences for the administrator.
pub trait Archive: Send + Sync {
    /// How many mails there are still to bring in.
    fn counted(&self, left: usize) -> impl Future<Output = Result<(), String>> + Send;

    /// Takes one raw mail that reached the mailbox at `at` (microseconds since 1970 UTC). It must be durable when this
    /// returns Ok; the same mail may come again.
    fn accept(&self, raw: Vec<u8>, at: Option<i64>) -> impl Future<Output = Result<(), String>> + Send;

    /// Remembers that everything up to `uid` is done: so many mails more, of which so many stay where they are, for they
    /// are larger than [`super::LARGEST_MAIL`], or the server does not give them.
    fn reached(&self, uid: u32, more: usize, left_out: usize) -> impl Future<Output = Result<(), String>> + Send;
}

/// How bringing in ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// All is here.
    Done,
    /// It was asked to stop.
    Stopped,
    /// The server has numbered its mails anew: the span means nothing any more.
    Renumbered,
    /// It cannot go on at the moment; with a sentence for the administrator.
    Broken(String),
}

/// Why it ended before its end.
enum Stop {
    Read(ReadError),
    Asked,
    Desk(String),
}

impl From<ReadError> for Stop {
    fn from(error: ReadError) -> Stop {
        Stop::Read(error)
    }
}

/// Brings in the mails of `span`, oldest number first, until all are there or `stop`. Nothing in the mailbox is changed.
pub async fn bring_in(
    mailbox: &Mailbox,
    tls: &Tls,
    pace: &Pace,
    span: Span,
    archive: &impl Archive,
    stop: &CancellationToken,
) -> End {
    let work = Work { mailbox, tls, pace, span, archive, stop };
    // A server must not end more than the reading of its own mailbox.
    let ended = std::panic::AssertUnwindSafe(work.run()).catch_unwind().await;
    let Ok(ended) = ended else { return End::Broken(ReadError::Nonsense.to_string()) };
    match ended {
        Ok(end) => end,
        Err(Stop::Asked) => End::Stopped,
        Err(Stop::Read(error)) => End::Broken(error.to_string()),
        Err(Stop::Desk(why)) => End::Broken(why),
    }
}

struct Work<'a, A> {
    mailbox: &'a Mailbox,
    tls: &'a Tls,
    pace: &'a Pace,
    span: Span,
    archive: &'a A,
    stop: &'a CancellationToken,
}

impl<A: Archive> Work<'_, A> {
    async fn run(&self) -> Result<End, Stop> {
        let (mut session, folder) = self.unless_stopped(Session::at(self.mailbox, self.tls, self.pace)).await?;
        if folder.validity != self.span.last.validity {
            return Ok(End::Renumbered);
        }
        let all = self.unless_stopped(session.since(self.span.since, self.span.last.uid)).await?;
        let left: Vec<u32> = all.into_iter().filter(|uid| *uid > self.span.done).collect();
        self.archive.counted(left.len()).await.map_err(Stop::Desk)?;
        for uids in left.chunks(STEP) {
            let mut listed = self.unless_stopped(session.describe(uids)).await?;
            // The server's days are not ours: it was asked for one more.
            listed.retain(|mail| mail.at.is_none_or(|at| at >= self.span.since));
            let left_out = self.step(&mut session, &listed).await?;
            if let Some(last) = uids.last() {
                self.archive.reached(*last, uids.len(), left_out).await.map_err(Stop::Desk)?;
            }
        }
        session.sign_out().await;
        Ok(End::Done)
    }

    /// Hands over these mails; how many of them stay where they are.
    async fn step(&self, session: &mut Session, listed: &[Listed]) -> Result<usize, Stop> {
        let mut left_out = 0;
        for batch in batches(listed) {
            let Batch::Fetch(mut left) = batch else {
                left_out += 1;
                continue;
            };
            let mut alone = false;
            while let Some(first) = left.first() {
                let some = if alone { &left[..1] } else { left };
                let given = match self.unless_stopped(session.fetch(some)).await {
                    Err(Stop::Read(_)) => {
                        // One of them may be why.
                        alone = true;
                        vec![self.once_more(session, *first).await?]
                    }
                    given => given?,
                };
                left = left.get(given.len()..).unwrap_or_default();
                for (mail, given) in given {
                    if self.stop.is_cancelled() {
                        return Err(Stop::Asked);
                    }
                    match given {
                        Given::Whole(raw) => self.archive.accept(raw, mail.at).await.map_err(Stop::Desk)?,
                        Given::TooBig => left_out += 1,
                        Given::Gone => {}
                        Given::Withheld { said } => {
                            if !self.gives_another(session, mail.uid).await? {
                                return Err(ReadError::Withheld { said }.into());
                            }
                            left_out += 1;
                        }
                    }
                }
            }
        }
        Ok(left_out)
    }

    /// What the server gives of a mail on which a connection broke off, perhaps by chance: in new connections.
    async fn once_more(&self, session: &mut Session, mail: Listed) -> Result<(Listed, Given), Stop> {
        let mut why = None;
        for _ in 0..ASKED {
            (*session, _) = self.unless_stopped(Session::at(self.mailbox, self.tls, self.pace)).await?;
            match self.unless_stopped(session.fetch(&[mail])).await {
                Ok(given) => return given.into_iter().next().ok_or_else(|| ReadError::Lost.into()),
                Err(Stop::Read(error)) => why = Some(error),
                Err(stop) => return Err(stop),
            }
        }
        (*session, _) = self.unless_stopped(Session::at(self.mailbox, self.tls, self.pace)).await?;
        Ok((mail, Given::Withheld { said: why.map(|it| it.to_string()).unwrap_or_default() }))
    }

    /// Whether the server gives another mail than `uid`, of which one may be withheld, too.
    async fn gives_another(&self, session: &mut Session, uid: u32) -> Result<bool, Stop> {
        for nth in 0..4 {
            match self.unless_stopped(session.gives_another(uid, nth)).await {
                Err(Stop::Read(_)) => {
                    (*session, _) = self.unless_stopped(Session::at(self.mailbox, self.tls, self.pace)).await?;
                }
                gives => return gives,
            }
        }
        Ok(false)
    }

    async fn unless_stopped<T>(&self, work: impl Future<Output = Result<T, ReadError>>) -> Result<T, Stop> {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(Stop::Asked),
            outcome = work => Ok(outcome?),
        }
    }
}
