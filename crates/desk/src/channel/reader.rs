//! Reads every mailbox, each by one node at a time.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use channels::imap::{self, Inbox, Left, Pace, Position, State};
use domain::{ChannelId, HistoryState, MailboxState, Timestamp};
use store::channel::{self, Channel};
use store::{News, history, lease, mailbox};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::Setup;
use crate::mail::Receipt;
use crate::{Desk, Error, Post, Result};

/// How long a node may be silent before another reads its mailboxes.
const TERM: Duration = Duration::from_secs(30);
/// How often leases are renewed and channels are looked at.
const LOOK: Duration = Duration::from_secs(10);
/// The longest pause before older mail is asked for again.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

/// A mailbox that this node reads.
struct Reading {
    channel: Channel,
    stop: CancellationToken,
    /// Its older mail, as long as that is being brought in.
    older: Option<Older>,
    /// How often that has ended before its end, and when it may begin again.
    vain: u32,
    again: Instant,
}

/// Older mail that is being brought in.
struct Older {
    since: Timestamp,
    stop: CancellationToken,
    /// Is cancelled when it has ended.
    ended: CancellationToken,
}

impl Desk {
    /// Reads all mailboxes until `stop`; what is being accepted then is accepted.
    pub async fn read_mailboxes(&self, stop: CancellationToken) {
        let Post::Servers(_) = &*self.post else { return stop.cancelled().await };
        let mut news = self.db.news();
        let mut reading: HashMap<ChannelId, Reading> = HashMap::new();
        let mut running = JoinSet::new();
        loop {
            if let Err(err) = self.match_channels(&mut reading, &mut running).await {
                tracing::warn!(%err, "the channels could not be looked at");
            }
            let look = tokio::time::sleep(LOOK);
            tokio::pin!(look);
            loop {
                tokio::select! {
                    () = stop.cancelled() => {
                        for it in reading.values() {
                            it.stop.cancel();
                        }
                        while running.join_next().await.is_some() {}
                        for id in reading.keys() {
                            lease::give_back(&self.db, &lease_of(*id), self.node).await.ok();
                        }
                        return;
                    }
                    () = &mut look => break,
                    Some(_) = running.join_next(), if !running.is_empty() => {}
                    it = news.recv() => match it {
                        Ok(News::Changed(hint)) if hint.as_str() != "channels" => {}
                        _ => break,
                    },
                }
            }
        }
    }

    /// Starts what should be read here and is not, and ends what should not, or has changed.
    async fn match_channels(&self, reading: &mut HashMap<ChannelId, Reading>, running: &mut JoinSet<()>) -> Result<()> {
        let all = self.db.read(async |rx| channel::all(rx).await).await?;
        reading.retain(|id, it| {
            let same = all.iter().any(|now| now.id == *id && *now == it.channel);
            if !same {
                it.stop.cancel();
            }
            same
        });
        for channel in all {
            let ours = lease::take(&self.db, &lease_of(channel.id), self.node, self.now(), TERM).await?;
            match (ours, reading.contains_key(&channel.id)) {
                (false, true) => {
                    if let Some(it) = reading.remove(&channel.id) {
                        it.stop.cancel();
                    }
                }
                (true, false) => {
                    let stop = CancellationToken::new();
                    if let Some(task) = self.reader(&channel, stop.clone()).await? {
                        running.spawn(task);
                    }
                    reading.insert(channel.id, Reading { channel, stop, older: None, vain: 0, again: Instant::now() });
                }
                _ => {}
            }
        }
        for it in reading.values_mut() {
            self.match_older(it, running).await?;
        }
        Ok(())
    }

    /// Begins to bring in a mailbox's older mail, if it is wanted, and ends it if it is no longer.
    async fn match_older(&self, it: &mut Reading, running: &mut JoinSet<()>) -> Result<()> {
        let id = it.channel.id;
        let wanted = self.db.read(async move |rx| history::find(rx, id).await).await?;
        let wanted = wanted.filter(|it| it.state == HistoryState::Running).map(|it| it.since);
        if let Some(older) = &it.older {
            let ended = older.ended.is_cancelled();
            if !ended && wanted != Some(older.since) {
                older.stop.cancel();
            }
            if !ended {
                return Ok(());
            }
            it.older = None;
            it.vain += 1;
            // A server that is asked too often locks us out.
            it.again = Instant::now() + (LOOK * (1 << it.vain.min(6)) / 2).min(LONGEST_PAUSE);
        }
        if wanted.is_none() {
            it.vain = 0;
        } else if Instant::now() < it.again {
            return Ok(());
        }
        let (Some(since), Post::Servers(tls)) = (wanted, &*self.post) else { return Ok(()) };
        let Ok(setup) = Setup::of(&it.channel, &self.keys) else { return Ok(()) };
        let Some(what) = what(&setup) else { return Ok(()) };
        // It ends with the reading of new mail.
        let stop = it.stop.child_token();
        let Some(task) = self.older_mail(id, what, tls.clone(), stop.clone()).await? else { return Ok(()) };
        let ended = CancellationToken::new();
        let guard = ended.clone().drop_guard();
        running.spawn(async move {
            task.await;
            drop(guard);
        });
        it.older = Some(Older { since, stop, ended });
        Ok(())
    }

    /// What reads one mailbox; none if a program hands its mail in.
    async fn reader(
        &self,
        channel: &Channel,
        stop: CancellationToken,
    ) -> Result<Option<impl Future<Output = ()> + Send + use<>>> {
        let Post::Servers(tls) = &*self.post else { return Ok(None) };
        let setup = match Setup::of(channel, &self.keys) {
            Ok(setup) => setup,
            Err(err) => {
                let (id, now, why) = (channel.id, self.now(), err.to_string());
                self.db
                    .write([], async move |tx| mailbox::set_state(tx, id, MailboxState::Broken, Some(&why), now).await)
                    .await?;
                return Ok(None);
            }
        };
        let Some(what) = what(&setup) else { return Ok(None) };
        let seed = channel.id.0.as_u64_pair().1 ^ self.node.as_u64_pair().1;
        let inbox = Door { desk: self.clone(), id: channel.id };
        Ok(Some(imap::run(what, tls.clone(), Pace::new(seed), inbox, stop)))
    }
}

/// What is read of a mailbox; none if a program hands its mail in.
fn what(setup: &Setup) -> Option<imap::Mailbox> {
    let server = setup.reading.clone()?;
    Some(imap::Mailbox { server, login: setup.login(), folder: "INBOX".to_owned() })
}

fn lease_of(id: ChannelId) -> String {
    format!("mailbox {id}")
}

/// What a reader gives its mail to.
struct Door {
    desk: Desk,
    id: ChannelId,
}

impl Inbox for Door {
    async fn position(&self) -> Result<Option<Position>, String> {
        let id = self.id;
        let kept = self.desk.db.read(async move |rx| mailbox::find(rx, id).await).await.map_err(words)?;
        let kept = kept.filter(|it| it.validity > 0);
        Ok(kept.and_then(|it| {
            Some(Position { validity: u32::try_from(it.validity).ok()?, uid: u32::try_from(it.uid).ok()? })
        }))
    }

    async fn accept(&self, raw: Vec<u8>, at: Option<i64>, _: Position) -> Result<(), String> {
        // What the desk sent to itself to try the mailbox is no customer's.
        if mail::probe::is_ours(&self.desk.keys.tokens, &raw) {
            return Ok(());
        }
        // What lay there longer is what it was; nothing comes from the future.
        let now = self.desk.now();
        let at = at.map_or(now, |it| Timestamp(it).min(now));
        // Asked for each time: which addresses are ours changes with every other channel.
        let mailbox = self.desk.mailbox(self.id).await.map_err(|err| err.to_string())?;
        let Some(mailbox) = mailbox else { return Err("There is no such mailbox any more.".to_owned()) };
        match self.desk.receive(&mailbox, raw, at).await {
            Ok(Receipt::Filed(it)) => {
                tracing::info!(channel = %self.id, case = it.number, message = %it.message, "a mail was filed");
                Ok(())
            }
            Ok(Receipt::Known(_) | Receipt::Deleted | Receipt::Quarantined { .. }) => Ok(()),
            Err(err) => Err(err.to_string()),
        }
    }

    async fn leave(
        &self,
        headers: Vec<u8>,
        why: Left,
        size: u64,
        at: Option<i64>,
        position: Position,
    ) -> Result<(), String> {
        let at = at.map_or(self.desk.now(), |it| Timestamp(it).min(self.desk.now()));
        let why = match why {
            Left::TooBig => format!("This mail has {} MB, which is more than is taken in.", size >> 20),
            Left::Withheld { why } => {
                format!("The mail server lists this mail and does not give it. {}.", why.trim_end_matches('.'))
            }
        };
        // Two mails of which nothing is known are two.
        let Position { validity, uid } = position;
        let headers = if headers.is_empty() {
            format!("(mail {uid} of the mailbox, {validity})\r\n").into_bytes()
        } else {
            headers
        };
        let why = format!("{why} It is still in the mailbox; only its header was kept.");
        self.desk.keep_headers(self.id, headers.into(), at, &why).await.map(drop).map_err(|err| err.to_string())
    }

    async fn begins_at(&self, position: Position) -> Result<(), String> {
        let (id, now) = (self.id, self.desk.now());
        let (validity, uid) = (i64::from(position.validity), i64::from(position.uid));
        let set = self.desk.db.write([], async move |tx| mailbox::begin_at(tx, id, validity, uid, now).await);
        set.await.map_err(words)
    }

    async fn reached(&self, position: Position, at: Option<i64>) -> Result<(), String> {
        let (id, now) = (self.id, self.desk.now());
        let at = at.map_or(now, |it| Timestamp(it).min(now));
        let (validity, uid) = (i64::from(position.validity), i64::from(position.uid));
        let set = self.desk.db.write([], async move |tx| {
            mailbox::set_position(tx, id, validity, uid, at).await?;
            mailbox::mail_at(tx, id, at).await
        });
        set.await.map_err(words)
    }

    async fn position_lost(&self) -> Result<Option<i64>, String> {
        let id = self.id;
        let kept = self.desk.db.read(async move |rx| mailbox::find(rx, id).await).await.map_err(words)?;
        Ok(kept.and_then(|it| it.read_at).map(|it| it.0))
    }

    async fn state(&self, state: State) {
        let (id, now) = (self.id, self.desk.now());
        let (word, why) = match state {
            State::Connecting => (MailboxState::Connecting, None),
            State::Live { .. } => (MailboxState::Live, None),
            State::Broken { kind, why, .. } => {
                // The server's own words may repeat a name, so they stand in the row and in no log.
                tracing::warn!(channel = %id, kind, "a mailbox cannot be read");
                let refused = kind == imap::SIGN_IN_REFUSED;
                (if refused { MailboxState::LockedOut } else { MailboxState::Broken }, Some(why))
            }
        };
        let set = self.desk.db.write([], async move |tx| {
            // A reconnection that works is no news: only what lasts is shown.
            let old = mailbox::find(tx, id).await?;
            let same = old.is_some_and(|it| it.state == word && it.error == why);
            if same || word == MailboxState::Connecting {
                Ok(())
            } else {
                mailbox::set_state(tx, id, word, why.as_deref(), now).await
            }
        });
        if let Err(err) = set.await {
            tracing::warn!(%err, "the state of a mailbox could not be written");
        }
    }
}

pub(super) fn words(err: store::Error) -> String {
    Error::from(err).to_string()
}
