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

/// In how many connections a mail is asked for alone that the server does not give.
const ASKED: u32 = 2;

/// Before every mail.
const NOWHERE: Position = Position { validity: 0, uid: 0 };

pub(super) struct Reader<'a, I> {
    mailbox: &'a Mailbox,
    tls: &'a Tls,
    pace: &'a Pace,
    inbox: &'a I,
    stop: &'a CancellationToken,
    /// How long to wait before the next connection.
    pub(super) backoff: Backoff,
    /// Mails up to this one are fetched one by one: one of them may be why a connection broke off.
    suspects: Position,
    /// Where fetching broke off the last time.
    broke_off: Option<Position>,
    /// The mail that the server does not give.
    withheld: Option<Withheld>,
}

/// A mail that the server lists and does not give: it refuses, or breaks off.
struct Withheld {
    mail: Position,
    /// In how many connections it was asked for alone.
    asked: u32,
    /// What came instead, in a sentence.
    why: String,
    /// Its headers, if the server gave those.
    headers: Vec<u8>,
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
        Reader {
            mailbox,
            tls,
            pace,
            inbox,
            stop,
            backoff: Backoff::new(pace),
            suspects: NOWHERE,
            broke_off: None,
            withheld: None,
        }
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
                    Batch::Fetch(mails) => position = self.bring(session, mails, position).await?,
                    Batch::TooBig(mail) => position = self.leave_too_big(session, mail, position).await?,
                }
                self.backoff.reset();
            }
            if listed.len() < MOST_LISTED {
                return Ok(position);
            }
        }
    }

    /// Hands over these mails; returns the new place. Where fetching them broke off, they are fetched one by one.
    async fn bring(&mut self, session: &mut Session, mails: &[Listed], from: Position) -> Result<Position, End> {
        let mut position = from;
        let mut left = mails;
        while let Some(first) = left.first() {
            let here = Position { uid: first.uid, ..from };
            let alone = here.validity == self.suspects.validity && here.uid <= self.suspects.uid;
            let some = if alone { &left[..1] } else { left };
            if self.asked_enough(session, here).await?
                && let Some(it) = self.withheld.take()
            {
                position = self.leave(*first, it.headers, Left::Withheld { why: it.why }, position).await?;
                left = &left[1..];
                continue;
            }
            let given = self.fetch(session, some, here, alone).await?;
            left = left.get(given.len()..).unwrap_or_default();
            position = self.take(session, given, position).await?;
        }
        Ok(position)
    }

    /// Whether the mail at `here` was asked for again and again, and it is this one that the server does not give, and
    /// not any.
    async fn asked_enough(&mut self, session: &mut Session, here: Position) -> Result<bool, End> {
        let Some(it) = self.withheld.as_mut().filter(|it| it.mail == here && it.asked >= ASKED) else {
            return Ok(false);
        };
        // Another one may be withheld, too.
        let nth = it.asked - ASKED;
        it.asked += 1;
        self.unless_stopped(session.gives_another(here.uid, nth)).await
    }

    /// What the server gives of mails, of which the first is at `here`. If the connection breaks off, one of them may be
    /// why.
    async fn fetch(
        &mut self,
        session: &mut Session,
        mails: &[Listed],
        here: Position,
        alone: bool,
    ) -> Result<Vec<(Listed, Given)>, End> {
        let mut headers = Vec::new();
        let fetch = async {
            if let [mail] = mails
                && alone
            {
                headers = session.headers(*mail).await?.unwrap_or_default();
            }
            session.fetch(mails).await
        };
        let given = self.unless_stopped(fetch).await;
        if let Some(last) = mails.last() {
            match &given {
                // Once may be chance.
                Err(End::Broken(error)) if self.broke_off.replace(here) == Some(here) || alone => {
                    self.suspect(here, last.uid, error.to_string(), headers);
                }
                Ok(given) => {
                    if let [(_, Given::Withheld { said })] = given.as_slice() {
                        self.suspect(here, last.uid, format!("It said: {said}"), headers);
                    }
                }
                Err(_) => {}
            }
        }
        given
    }

    /// Has mails up to this one fetched one by one.
    fn suspect_up_to(&mut self, last: Position) {
        let same = self.suspects.validity == last.validity;
        self.suspects = if same { self.suspects.max(last) } else { last };
    }

    /// Remembers that the mails from `here` up to `last` were not given, and, if it is one, how often.
    fn suspect(&mut self, here: Position, last: u32, why: String, headers: Vec<u8>) {
        self.suspect_up_to(Position { uid: last, ..here });
        if here.uid == last {
            let before = self.withheld.take().filter(|it| it.mail == here);
            let asked = before.as_ref().map_or(0, |it| it.asked) + 1;
            let headers = if headers.is_empty() { before.map(|it| it.headers).unwrap_or_default() } else { headers };
            self.withheld = Some(Withheld { mail: here, asked, why, headers });
        }
    }

    /// Hands over what the server gave, up to what it did not give; returns the new place.
    async fn take(
        &mut self,
        session: &mut Session,
        given: Vec<(Listed, Given)>,
        from: Position,
    ) -> Result<Position, End> {
        let mut position = from;
        let mut whole = Vec::with_capacity(given.len());
        for (mail, given) in given {
            if let Given::Whole(raw) = given {
                whole.push((mail, raw));
                continue;
            }
            position = self.hand_over(std::mem::take(&mut whole), position).await?;
            match given {
                Given::Withheld { said } => {
                    self.suspect_up_to(Position { uid: mail.uid, ..position });
                    return Err(End::Broken(ReadError::Withheld { said }));
                }
                Given::TooBig => position = self.leave_too_big(session, mail, position).await?,
                _ => {
                    tracing::warn!(server = %self.mailbox.server, uid = mail.uid, "a mail was gone before it was read");
                    position = self.pass(mail, position).await?;
                }
            }
        }
        self.hand_over(whole, position).await
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

    /// Leaves a mail that is too large where it is, with its headers, unless it is those on which the connection breaks.
    async fn leave_too_big(&mut self, session: &mut Session, mail: Listed, from: Position) -> Result<Position, End> {
        let here = Position { uid: mail.uid, ..from };
        let asked = self.withheld.as_ref().is_some_and(|it| it.mail == here && it.asked >= ASKED);
        let mut headers = None;
        if !asked {
            let given = self.unless_stopped(session.headers(mail)).await;
            if let Err(End::Broken(error)) = &given {
                self.suspect(here, mail.uid, error.to_string(), Vec::new());
            }
            headers = given?;
        }
        self.leave(mail, headers.unwrap_or_default(), Left::TooBig, from).await
    }

    /// Tells the desk of a mail that stays where it is; returns the new place.
    async fn leave(&self, mail: Listed, headers: Vec<u8>, why: Left, from: Position) -> Result<Position, End> {
        let position = Position { uid: mail.uid, ..from };
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
