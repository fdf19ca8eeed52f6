//! Older mail of a mailbox, brought in closed and silent because somebody asks for it: in small writes, beside the reading
//! of new mail. It goes on after a restart where it was; what is here already is known by its content.

use std::time::Duration;

use channels::Tls;
use channels::imap::{self, Archive, HistoryEnd, Pace, Position, Span};
use domain::{ChannelId, HistoryState, Member, Right, Timestamp};
use store::history::{self, History};
use store::{Hint, channel, mailbox};
use tokio_util::sync::CancellationToken;

use super::reader::words;
use crate::{Desk, Error, Result};

/// The longest time that can be asked for, in days.
pub const LONGEST: u32 = 3650;

impl Desk {
    /// Brings in what reached a mailbox in the last `days`.
    pub async fn bring_in(&self, by: &Member, id: ChannelId, days: u32) -> Result<()> {
        if !by.role.may(Right::Settings) {
            return Err(Error::NotFound);
        }
        let desk = self.clone();
        self.db.write([channel::lock()], async move |tx| desk.want_history(tx, id, days).await).await
    }

    /// Writes down that older mail is wanted; what was wanted before is forgotten.
    pub(crate) async fn want_history(&self, tx: &mut store::Tx, id: ChannelId, days: u32) -> Result<()> {
        if days == 0 || days > LONGEST {
            return Err(Error::invalid("days", format!("Choose between one day and {LONGEST} days.")));
        }
        let now = self.now();
        let time = i64::try_from((Duration::from_hours(24) * days).as_micros()).unwrap_or(i64::MAX);
        let it = channel::find(tx, id).await?.ok_or(Error::NotFound)?;
        if super::kept(&it)?.reading.is_none() {
            return Err(Error::Conflict("This mailbox is not read: a program hands its mail in.".to_owned()));
        }
        let fresh = History {
            channel: id,
            state: HistoryState::Running,
            since: Timestamp(now.0.saturating_sub(time)),
            validity: 0,
            uid: 0,
            last: 0,
            done: 0,
            total: 0,
            left_out: 0,
            error: None,
            begun_at: now,
            begun_done: 0,
        };
        history::save(tx, &fresh).await?;
        // Whoever reads the mailbox looks at it.
        tx.announce(Hint::new("channels"));
        Ok(())
    }

    /// Stops bringing in older mail, or goes on with it.
    pub async fn set_history(&self, by: &Member, id: ChannelId, state: HistoryState) -> Result<()> {
        if !by.role.may(Right::Settings) {
            return Err(Error::NotFound);
        }
        let now = self.now();
        self.db
            .write([channel::lock()], async move |tx| {
                let old = history::find(tx, id).await?.ok_or(Error::NotFound)?;
                if old.state == HistoryState::Done || old.state == state {
                    return Ok(());
                }
                let it = History { state, error: None, begun_at: now, begun_done: old.done, ..old };
                history::save(tx, &it).await?;
                tx.announce(Hint::new("channels"));
                Ok(())
            })
            .await
    }

    /// Brings in what is still to come of a mailbox; none if nothing is.
    pub(super) async fn older_mail(
        &self,
        id: ChannelId,
        what: imap::Mailbox,
        tls: Tls,
        stop: CancellationToken,
    ) -> Result<Option<impl Future<Output = ()> + Send + use<>>> {
        let Some(span) = self.span(id).await? else { return Ok(None) };
        let desk = self.clone();
        Ok(Some(async move {
            let archive = Cellar { desk: desk.clone(), id, validity: span.last.validity };
            let pace = Pace::new(id.0.as_u64_pair().1);
            let end = imap::bring_in(&what, &tls, &pace, span, &archive, &stop).await;
            if let Err(err) = desk.history_ended(id, end).await {
                tracing::warn!(%err, channel = %id, "how far older mail has been brought in could not be written");
            }
        }))
    }

    /// What is to be brought in of a mailbox. It begins anew where its mails have new numbers: nothing is doubled by that.
    async fn span(&self, id: ChannelId) -> Result<Option<Span>> {
        let now = self.now();
        let write = self.db.write([channel::lock()], async move |tx| {
            let (Some(old), Some(mailbox)) = (history::find(tx, id).await?, mailbox::find(tx, id).await?) else {
                return Ok(None);
            };
            // Before the first connection nobody knows where new mail begins.
            if old.state != HistoryState::Running || mailbox.validity == 0 {
                return Ok(None);
            }
            if old.validity == mailbox.validity {
                return Ok(Some(old));
            }
            let (validity, last) = (mailbox.validity, mailbox.uid);
            let fresh = History { uid: 0, done: 0, total: 0, left_out: 0, begun_at: now, begun_done: 0, ..old };
            let it = History { validity, last, ..fresh };
            history::save(tx, &it).await?;
            Ok::<_, store::Error>(Some(it))
        });
        Ok(write.await?.as_ref().and_then(span_of))
    }

    async fn history_ended(&self, id: ChannelId, end: HistoryEnd) -> Result<()> {
        let write = self.db.write([channel::lock()], async move |tx| {
            let Some(mut it) = history::find(tx, id).await? else { return Ok(()) };
            match &end {
                HistoryEnd::Stopped => return Ok(()),
                HistoryEnd::Done => {
                    it.state = HistoryState::Done;
                    it.error = None;
                    tx.announce(Hint::new("inbox"));
                }
                HistoryEnd::Renumbered => (it.validity, it.uid) = (0, 0),
                HistoryEnd::Broken(why) => it.error = Some(why.clone()),
            }
            history::save(tx, &it).await
        });
        Ok(write.await?)
    }
}

fn span_of(it: &History) -> Option<Span> {
    let number = |it: i64| u32::try_from(it).ok();
    let last = Position { validity: number(it.validity)?, uid: number(it.last)? };
    Some(Span { since: it.since.0, done: number(it.uid)?, last })
}

/// Where older mail goes.
struct Cellar {
    desk: Desk,
    id: ChannelId,
    validity: u32,
}

impl Archive for Cellar {
    async fn counted(&self, left: usize) -> std::result::Result<(), String> {
        let (id, left, now) = (self.id, i64::try_from(left).unwrap_or(i64::MAX), self.desk.now());
        let write = self.desk.db.write([channel::lock()], async move |tx| {
            let Some(mut it) = history::find(tx, id).await? else { return Ok(()) };
            (it.total, it.begun_at, it.begun_done) = (it.done.saturating_add(left), now, it.done);
            it.error = None;
            history::save(tx, &it).await
        });
        write.await.map_err(words)
    }

    async fn accept(&self, raw: Vec<u8>, at: Option<i64>) -> std::result::Result<(), String> {
        if mail::probe::is_ours(&self.desk.keys.tokens, &raw) {
            return Ok(());
        }
        let now = self.desk.now();
        let at = at.map_or(now, |it| Timestamp(it).min(now));
        let mailbox = self.desk.mailbox(self.id).await.map_err(|err| err.to_string())?;
        let Some(mut mailbox) = mailbox else { return Err("There is no such mailbox any more.".to_owned()) };
        mailbox.history = true;
        self.desk.receive(&mailbox, raw, at).await.map(drop).map_err(|err| err.to_string())
    }

    async fn reached(&self, uid: u32, more: usize, left_out: usize) -> std::result::Result<(), String> {
        let (id, validity, uid) = (self.id, i64::from(self.validity), i64::from(uid));
        let count = |it: usize| i64::try_from(it).unwrap_or(i64::MAX);
        let (more, left_out) = (count(more), count(left_out));
        let write =
            self.desk.db.write([], async move |tx| history::reached(tx, id, validity, uid, more, left_out).await);
        write.await.map_err(words)
    }
}
