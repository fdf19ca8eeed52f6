//! One connection's worth of reading: find the place, catch up, stay.

use futures_util::stream::{FuturesOrdered, StreamExt};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::backoff::Backoff;
use super::session::{Folder, Listed, PART, Session};
use super::{Inbox, LARGEST_MAIL, Mailbox, Pace, Position, ReadError, State};
use crate::tls::Tls;
use crate::wire::Wire;

/// How many bytes of mail are fetched before they are handed over; one larger mail may come alone.
const BATCH_BYTES: u32 = 5 << 20;

/// How many mails are fetched before they are handed over.
const BATCH_MAILS: usize = 64;

/// How many mails are being accepted at once: the store commits them together.
const ACCEPTED_AT_ONCE: usize = 16;

pub(super) struct Reader<'a, I> {
    pub(super) mailbox: &'a Mailbox,
    pub(super) tls: &'a Tls,
    pub(super) pace: &'a Pace,
    pub(super) inbox: &'a I,
    pub(super) stop: &'a CancellationToken,
}

/// Why reading ended.
#[derive(Debug)]
pub(super) enum End {
    /// It was asked to.
    Stopped,
    /// The connection cannot go on.
    Broken(ReadError),
    /// The desk could not take what was read; with a sentence for the administrator.
    NotTaken(String),
}

/// What to do about one mail, or several small ones.
pub(super) enum Batch<'a> {
    Fetch(&'a [Listed]),
    TooBig(Listed),
}

impl<'a> Batch<'a> {
    /// The mails to fetch; none for one that is too large.
    pub(super) fn mails(&self) -> Option<&'a [Listed]> {
        match self {
            Batch::Fetch(mails) => Some(mails),
            Batch::TooBig(_) => None,
        }
    }
}

impl<I: Inbox> Reader<'_, I> {
    /// Reads until something breaks or `stop`.
    pub(super) async fn read(&self, backoff: &mut Backoff) -> End {
        match self.stay(backoff).await {
            Ok(never) => match never {},
            Err(end) => end,
        }
    }

    async fn stay(&self, backoff: &mut Backoff) -> Result<std::convert::Infallible, End> {
        let (mut session, folder) = self.unless_stopped(self.open()).await?;
        let mut position = self.find_place(&mut session, folder).await?;
        let mut idle = session.has_idle();
        let mut told = None;
        let mut since = None;
        loop {
            position = self.catch_up(&mut session, position, backoff).await?;
            if told != Some(idle) {
                told = Some(idle);
                self.inbox.state(State::Live { idle }).await;
            }
            let since = *since.get_or_insert_with(Instant::now);
            // In the middle of an IDLE the server takes no goodbye: hanging up says it as well.
            idle = self.unless_stopped(self.wait(&mut session, idle)).await?;
            // One that lets us in and at once breaks off again does not work.
            if since.elapsed() >= self.pace.poll {
                backoff.reset();
            }
        }
    }

    async fn open(&self) -> Result<(Session, Folder), ReadError> {
        let server = &self.mailbox.server;
        let wire = Wire::connect(server, self.pace.connect, self.pace.silence).await?;
        let mut session = Session::open(wire, server, self.tls, self.pace).await?;
        session.sign_in(&self.mailbox.login).await?;
        let folder = session.examine(&self.mailbox.folder).await?;
        Ok((session, folder))
    }

    /// Waits for news; whether to do so with IDLE the next time as well.
    async fn wait(&self, session: &mut Session, idle: bool) -> Result<bool, ReadError> {
        if idle {
            return session.idle().await;
        }
        tokio::time::sleep(self.pace.poll).await;
        session.noop().await.map(|()| false)
    }

    /// Where reading goes on in `folder`.
    async fn find_place(&self, session: &mut Session, folder: Folder) -> Result<Position, End> {
        let at = |uid| Position { validity: folder.validity, uid };
        let end = folder.next.saturating_sub(1);
        let place = match self.inbox.position().await.map_err(End::NotTaken)? {
            // A place behind the end belongs to a folder that has been put back from an older copy.
            Some(known) if known.validity == folder.validity && known.uid <= end => return Ok(known),
            Some(_) => match self.inbox.position_lost().await.map_err(End::NotTaken)? {
                Some(since) => {
                    let lowest = self.unless_stopped(session.lowest_since(since)).await?;
                    at(lowest.map_or(end, |uid| uid.saturating_sub(1)))
                }
                None => at(end),
            },
            None => at(end),
        };
        self.inbox.begins_at(place).await.map_err(End::NotTaken)?;
        Ok(place)
    }

    /// Hands over everything behind `position`; returns the new place.
    async fn catch_up(&self, session: &mut Session, from: Position, backoff: &mut Backoff) -> Result<Position, End> {
        let mut position = from;
        let listed = self.unless_stopped(session.list(from.uid)).await?;
        for batch in batches(&listed) {
            match batch {
                Batch::Fetch(mails) => {
                    let mut raw = self.unless_stopped(session.fetch(mails)).await?;
                    let Some(last) = mails.last().copied() else { continue };
                    let mut whole = Vec::with_capacity(mails.len());
                    for mail in mails {
                        match raw.remove(&mail.uid) {
                            Some(Some(bytes)) => whole.push((*mail, bytes)),
                            Some(None) => self.refuse(session, *mail, position).await?,
                            // It was deleted by somebody else since it was listed.
                            None => {
                                tracing::warn!(server = %self.mailbox.server, uid = mail.uid, "a mail was gone before it was read");
                            }
                        }
                    }
                    self.hand_over(whole, last, position.validity).await?;
                    position = Position { uid: last.uid, ..position };
                }
                Batch::TooBig(mail) => {
                    self.refuse(session, mail, position).await?;
                    position = Position { uid: mail.uid, ..position };
                    self.inbox.reached(position, mail.at).await.map_err(End::NotTaken)?;
                }
            }
            backoff.reset();
        }
        Ok(position)
    }

    /// Has the mails accepted, several at once. Those that are being accepted are waited for even when one fails or the
    /// desk stops, so that none is cut off in the middle of a write.
    async fn hand_over(&self, mails: Vec<(Listed, Vec<u8>)>, last: Listed, validity: u32) -> Result<(), End> {
        let accept = |(mail, raw): (Listed, Vec<u8>)| async move {
            let position = Position { uid: mail.uid, validity };
            self.inbox.accept(raw, mail.at, position).await.map(|()| mail)
        };
        let mut mails = mails.into_iter();
        let mut running: FuturesOrdered<_> = mails.by_ref().take(ACCEPTED_AT_ONCE).map(accept).collect();
        let mut reached = None;
        let mut failed = None;
        while let Some(accepted) = running.next().await {
            match accepted {
                Ok(mail) if failed.is_none() => reached = Some(mail),
                Ok(_) => {}
                Err(why) => {
                    failed.get_or_insert(why);
                }
            }
            if failed.is_none()
                && let Some(mail) = mails.next()
            {
                running.push_back(accept(mail));
            }
        }
        // The last one of the batch may be one that is gone.
        let reached = if failed.is_none() { Some(last) } else { reached };
        if let Some(mail) = reached {
            let position = Position { uid: mail.uid, validity };
            self.inbox.reached(position, mail.at).await.map_err(End::NotTaken)?;
        }
        failed.map_or(Ok(()), |why| Err(End::NotTaken(why)))
    }

    /// Tells the desk of a mail that is too large to be brought in.
    async fn refuse(&self, session: &mut Session, mail: Listed, place: Position) -> Result<(), End> {
        let Some(headers) = self.unless_stopped(session.headers(mail.uid)).await? else { return Ok(()) };
        let position = Position { uid: mail.uid, ..place };
        self.inbox.too_big(headers, u64::from(mail.size), mail.at, position).await.map_err(End::NotTaken)
    }

    /// Work on the wire, which may be cut off anywhere.
    async fn unless_stopped<T>(&self, work: impl Future<Output = Result<T, ReadError>>) -> Result<T, End> {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(End::Stopped),
            outcome = work => outcome.map_err(End::Broken),
        }
    }
}

/// Cuts a list into what is fetched together. A mail that needs a second part comes alone, so that the bytes in memory
/// stay within [`BATCH_BYTES`] or one mail.
pub(super) fn batches(listed: &[Listed]) -> Vec<Batch<'_>> {
    let mut batches = Vec::new();
    let mut left = listed;
    while let Some(first) = left.first() {
        if first.size > LARGEST_MAIL {
            batches.push(Batch::TooBig(*first));
            left = left.get(1..).unwrap_or_default();
            continue;
        }
        let mut bytes = 0_u32;
        let fitting = left
            .iter()
            .take(BATCH_MAILS)
            .take_while(|mail| {
                bytes = bytes.saturating_add(mail.size);
                mail.size < PART && bytes <= BATCH_BYTES
            })
            .count();
        let (batch, rest) = left.split_at(fitting.max(1));
        batches.push(Batch::Fetch(batch));
        left = rest;
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_bounded_and_in_order() {
        let mails: Vec<Listed> = [10, 20, PART - 1, PART, 5, LARGEST_MAIL + 1, LARGEST_MAIL, 7]
            .into_iter()
            .zip(1..)
            .map(|(size, uid)| Listed { uid, size, at: None })
            .chain((100..400).map(|uid| Listed { uid, size: 1000, at: None }))
            .collect();
        let cut: Vec<String> = batches(&mails)
            .iter()
            .map(|batch| match batch {
                Batch::Fetch(mails) => match mails {
                    [one] => one.uid.to_string(),
                    [first, .., last] => format!("{}-{}", first.uid, last.uid),
                    [] => "none".to_owned(),
                },
                Batch::TooBig(mail) => format!("{} too big", mail.uid),
            })
            .collect();
        assert_eq!(cut, ["1-3", "4", "5", "6 too big", "7", "8-162", "163-226", "227-290", "291-354", "355-399"]);
    }
}
