//! One connection's worth of reading: find the place, catch up, stay.

use futures_util::stream::{FuturesOrdered, StreamExt};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::backoff::Backoff;
use super::session::{BATCH_BYTES, Folder, Given, Listed, MOST_LISTED, PART, Session};
use super::{Inbox, LARGEST_MAIL, Left, Mailbox, Pace, Position, ReadError, State};
use crate::tls::Tls;

/// How many mails are fetched before they are handed over.
const BATCH_MAILS: usize = 64;

/// How many mails are being accepted at once: the store commits them together.
const ACCEPTED_AT_ONCE: usize = 16;

/// In how many connections a mail is asked for that the server does not give.
const ASKED: u32 = 3;

pub(super) struct Reader<'a, I> {
    mailbox: &'a Mailbox,
    tls: &'a Tls,
    pace: &'a Pace,
    inbox: &'a I,
    stop: &'a CancellationToken,
    /// How long to wait before the next connection.
    pub(super) backoff: Backoff,
    /// The mail that the server does not give, and how often it was asked for.
    withheld: Option<(Position, u32)>,
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

impl<'a, I: Inbox> Reader<'a, I> {
    pub(super) fn new(
        mailbox: &'a Mailbox,
        tls: &'a Tls,
        pace: &'a Pace,
        inbox: &'a I,
        stop: &'a CancellationToken,
    ) -> Reader<'a, I> {
        Reader { mailbox, tls, pace, inbox, stop, backoff: Backoff::new(pace), withheld: None }
    }

    /// Reads until something breaks or `stop`.
    pub(super) async fn read(&mut self) -> End {
        match self.stay().await {
            Ok(never) => match never {},
            Err(end) => end,
        }
    }

    async fn stay(&mut self) -> Result<std::convert::Infallible, End> {
        let (mut session, folder) = self.unless_stopped(Session::at(self.mailbox, self.tls, self.pace)).await?;
        let mut position = self.find_place(&mut session, folder).await?;
        let mut idle = session.has_idle();
        let mut told = None;
        let mut since = None;
        loop {
            position = self.catch_up(&mut session, position).await?;
            if told != Some(idle) {
                told = Some(idle);
                self.inbox.state(State::Live { idle }).await;
            }
            let since = *since.get_or_insert_with(Instant::now);
            // In the middle of an IDLE the server takes no goodbye: hanging up says it as well.
            idle = self.unless_stopped(self.wait(&mut session, idle)).await?;
            // One that lets us in and at once breaks off again does not work.
            if since.elapsed() >= self.pace.poll {
                self.backoff.reset();
            }
        }
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
    async fn catch_up(&mut self, session: &mut Session, from: Position) -> Result<Position, End> {
        let mut position = from;
        loop {
            let listed = self.unless_stopped(session.list(position.uid)).await?;
            for batch in batches(&listed) {
                match batch {
                    Batch::Fetch(mut left) => {
                        while !left.is_empty() {
                            let given = self.unless_stopped(session.fetch(left)).await?;
                            left = left.get(given.len()..).unwrap_or_default();
                            position = self.take(session, given, position).await?;
                        }
                    }
                    Batch::TooBig(mail) => position = self.leave(session, mail, Left::TooBig, position).await?,
                }
                self.backoff.reset();
            }
            if listed.len() < MOST_LISTED {
                return Ok(position);
            }
        }
    }

    /// Hands over what the server gave, as far as it gave it; returns the new place.
    async fn take(
        &mut self,
        session: &mut Session,
        given: Vec<(Listed, Given)>,
        from: Position,
    ) -> Result<Position, End> {
        let mut position = from;
        let mut whole = Vec::with_capacity(given.len());
        for (mail, given) in given {
            let why = match given {
                Given::Whole(raw) => {
                    whole.push((mail, raw));
                    continue;
                }
                Given::Gone => {
                    tracing::warn!(server = %self.mailbox.server, uid = mail.uid, "a mail was gone before it was read");
                    position = self.hand_over(std::mem::take(&mut whole), position).await?;
                    position = self.pass(mail, position).await?;
                    continue;
                }
                Given::TooBig => Left::TooBig,
                Given::Withheld { said } => Left::Withheld { said },
            };
            position = self.hand_over(std::mem::take(&mut whole), position).await?;
            if let Left::Withheld { said } = &why
                && !self.asked_enough(session, Position { uid: mail.uid, ..position }).await?
            {
                return Err(End::Broken(ReadError::Withheld { said: said.clone() }));
            }
            position = self.leave(session, mail, why, position).await?;
        }
        self.hand_over(whole, position).await
    }

    /// Whether a mail that the server does not give is passed over: it was asked for in several connections, and it is
    /// this one that the server cannot give, and not any.
    async fn asked_enough(&mut self, session: &mut Session, mail: Position) -> Result<bool, End> {
        let before = self.withheld.filter(|it| it.0 == mail).map_or(0, |it| it.1);
        self.withheld = Some((mail, before + 1));
        Ok(before + 1 >= ASKED && self.unless_stopped(session.gives_another(mail.uid)).await?)
    }

    /// Has the mails accepted, several at once; returns the new place. Those that are being accepted are waited for even
    /// when one fails or the desk stops, so that none is cut off in the middle of a write.
    async fn hand_over(&self, mails: Vec<(Listed, Vec<u8>)>, from: Position) -> Result<Position, End> {
        let at = |mail: Listed| Position { uid: mail.uid, ..from };
        let accept = |(mail, raw): (Listed, Vec<u8>)| async move {
            self.inbox.accept(raw, mail.at, at(mail)).await.map(|()| mail)
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
        if let Some(mail) = reached {
            self.inbox.reached(at(mail), mail.at).await.map_err(End::NotTaken)?;
        }
        failed.map_or(Ok(reached.map_or(from, at)), |why| Err(End::NotTaken(why)))
    }

    /// Tells the desk of a mail that stays where it is; returns the new place.
    async fn leave(&self, session: &mut Session, mail: Listed, why: Left, from: Position) -> Result<Position, End> {
        let position = Position { uid: mail.uid, ..from };
        let headers = self.unless_stopped(session.headers(mail)).await?.unwrap_or_default();
        self.inbox.leave(headers, why, u64::from(mail.size), mail.at, position).await.map_err(End::NotTaken)?;
        self.pass(mail, from).await
    }

    /// Nothing more is to be done about a mail; returns the new place.
    async fn pass(&self, mail: Listed, from: Position) -> Result<Position, End> {
        let position = Position { uid: mail.uid, ..from };
        self.inbox.reached(position, mail.at).await.map_err(End::NotTaken)?;
        Ok(position)
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
