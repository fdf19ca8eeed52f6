//! What must stay true: periodic, without input, safe to run twice.

use std::time::Duration;

use domain::{Actor, Case, Entry};
use futures_util::future::join_all;
use store::case::Place;
use store::{Lock, blob, case, entry, lease, organization};
use tokio_util::sync::CancellationToken;

use crate::{Desk, Error, Result};

/// How often everything is looked at.
const EVERY: Duration = Duration::from_mins(1);
/// The name of the desk's setting that says after how many days a resolved case is closed.
pub const CLOSE_AFTER_DAYS: &str = "close_after_days";
/// What it is if nobody has changed it.
const CLOSE_AFTER: i64 = 7;

impl Desk {
    /// Keeps true what must stay true, until `stop`.
    pub async fn reconcile(&self, stop: CancellationToken) {
        let mut round = 0_u64;
        loop {
            if let Err(err) = self.reconcile_once(round.is_multiple_of(60)).await {
                tracing::warn!(%err, "a reconciler failed; the next round tries again");
            }
            round += 1;
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// One round; `all` also looks for what is rare and dear. What fails is logged, and keeps nothing else from being
    /// done; the next round tries it again.
    pub async fn reconcile_once(&self, all: bool) -> Result<()> {
        // One node is enough, and any will do.
        if !lease::take(&self.db, "reconcile", self.node, self.now(), EVERY * 3).await? {
            return Ok(());
        }
        log("cases are not closed", self.close_rested().await);
        log("snoozed cases do not come back", self.wake_due().await);
        log("nobody is told of what is due", self.warn_due().await);
        log("cases stay with somebody who is gone", self.hand_back_all().await);
        log("spam and trash are not emptied", self.empty_old().await);
        log("colleagues are not told by mail", self.begin_digests().await);
        if all {
            log("what was done stays to be undone", self.forget_acts().await);
            log("old notifications stay", self.forget_notifications().await);
            log("old sign-ins stay", self.sweep_sign_ins().await);
            log("blobs that nobody owns stay", blob::collect(&self.db).await.map_err(Error::from));
        }
        Ok(())
    }

    /// Closes cases that were resolved long enough ago.
    async fn close_rested(&self) -> Result<()> {
        let days = self.db.read(async |rx| organization::setting(rx, CLOSE_AFTER_DAYS).await).await?;
        let days = days.and_then(|it| it.parse().ok()).unwrap_or(CLOSE_AFTER);
        let rest = Duration::from_hours(24 * u64::try_from(days).unwrap_or(7));
        let now = self.now();
        loop {
            let rested = self.db.read(async move |rx| case::rested(rx, now, rest, 100).await).await?;
            let more = rested.len() == 100;
            let closed = self.each(rested, move |case| case.close(rest, Actor::Job, now).ok()).await?;
            // Those that cannot be closed would be found again and again.
            if !more || closed == 0 {
                return Ok(());
            }
        }
    }

    /// Brings back the cases whose time has come.
    async fn wake_due(&self) -> Result<()> {
        let now = self.now();
        loop {
            let due = self.db.read(async move |rx| case::awake(rx, now, 100).await).await?;
            let more = due.len() == 100;
            let woken = self.each(due, move |case| case.wake(Actor::Job, now).ok()).await?;
            if !more || woken == 0 {
                return Ok(());
            }
        }
    }

    /// Asks one verb of many cases, all at once: those that wait together share a commit. A case that cannot be changed is
    /// logged, and holds no other up. Answers how many were changed.
    pub(crate) async fn each<F>(&self, places: Vec<Place>, verb: F) -> Result<usize>
    where
        F: Fn(&mut Case) -> Option<Entry> + Clone + Send + Sync + 'static,
    {
        let all = join_all(places.iter().map(|it| self.change_at(*it, verb.clone()))).await;
        let mut changed = 0;
        for (place, done) in places.iter().zip(all) {
            match done {
                Ok(done) => changed += usize::from(done),
                Err(err) if err.is_transient() => return Err(err),
                Err(err) => tracing::error!(case = %place.case, cause = err.for_log(), "a case cannot be changed"),
            }
        }
        Ok(changed)
    }

    async fn change_at(
        &self,
        place: Place,
        verb: impl Fn(&mut Case) -> Option<Entry> + Send + Sync + 'static,
    ) -> Result<bool> {
        let desk = self.clone();
        self.db
            .write([Lock::Customer(place.customer)], async move |tx| {
                let Some(mut case) = case::find(tx, place.customer, place.case).await? else { return Ok(false) };
                let Some(entry) = verb(&mut case) else { return Ok(false) };
                entry::append(tx, desk.ctx.id(), case.customer, Some(case.id), &entry).await?;
                crate::clock::save(tx, &mut case).await?;
                Ok(true)
            })
            .await
    }
}

/// Says what failed, and goes on: the next round tries it again.
pub(crate) fn log<T>(what: &str, done: Result<T>) {
    if let Err(err) = done {
        tracing::error!(what, cause = err.for_log(), "a reconciler failed");
    }
}
