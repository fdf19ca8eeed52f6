//! What must stay true: periodic, without input, safe to run twice.

use std::time::Duration;

use domain::Actor;
use store::{Lock, blob, case, entry, lease, organization, sign_in};
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

    /// One round; `all` also looks for what is rare and dear.
    pub async fn reconcile_once(&self, all: bool) -> Result<()> {
        // One node is enough, and any will do.
        if !lease::take(&self.db, "reconcile", self.node, self.now(), EVERY * 3).await? {
            return Ok(());
        }
        self.close_rested().await?;
        if all {
            let now = self.now();
            self.db.write([], async move |tx| sign_in::sweep(tx, now).await).await?;
            blob::collect(&self.db).await?;
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
            let last = rested.len() < 100;
            // They share a write: after a holiday there are many.
            let desk = self.clone();
            let locks: Vec<Lock> = rested.iter().map(|it| Lock::Customer(it.customer)).collect();
            let closed = self.db.write(locks, async move |tx| {
                for place in &rested {
                    let Some(mut case) = case::find(tx, place.customer, place.case).await? else { continue };
                    let Ok(entry) = case.close(rest, Actor::Job, now) else { continue };
                    entry::append(tx, desk.ctx.id(), case.customer, Some(case.id), &entry).await?;
                    case::save(tx, &case).await?;
                }
                Ok::<_, Error>(())
            });
            closed.await?;
            if last {
                return Ok(());
            }
        }
    }
}
