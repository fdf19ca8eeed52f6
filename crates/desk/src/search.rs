//! Keeps the index of the search: what is written is found a moment later.
//!
//! One node does it, by its lease, and nobody waits for it: what changed stands in a queue until it is in the index.

use std::time::Duration;

use domain::Timestamp;
use store::search::fill;
use store::search::index::{self, Kept, State};
use store::{News, lease};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use crate::{Desk, Result};

/// The lease, and for how long it is taken; it is taken again in good time.
const LEASE: &str = "search";
const TERM: Duration = Duration::from_secs(30);
const AGAIN: Duration = Duration::from_secs(10);
/// What changes within that is taken together.
const GATHER: Duration = Duration::from_millis(250);
/// Nobody waits longer because a hint was lost, or another node has the lease and has died.
const LOOK: Duration = Duration::from_secs(5);

impl Desk {
    /// Keeps the index current, until `stop`.
    pub async fn keep_search(&self, stop: CancellationToken) {
        let mut news = self.db.news();
        let mut keeper = Keeper { desk: self, since: None };
        while !stop.is_cancelled() {
            let busy = match keeper.step().await {
                Ok(Some(Kept::Some | Kept::Building(..))) => true,
                Ok(Some(Kept::Nothing) | None) => false,
                Err(err) => {
                    tracing::warn!(cause = err.for_log(), "what was written is not found yet; this is tried again");
                    tokio::select! { () = stop.cancelled() => {} () = tokio::time::sleep(LOOK) => {} }
                    continue;
                }
            };
            if !busy {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(LOOK) => {}
                    () = touched(&mut news) => tokio::select! {
                        () = stop.cancelled() => {}
                        () = tokio::time::sleep(GATHER) => {}
                    },
                }
            }
        }
        if keeper.since.is_some() {
            lease::give_back(&self.db, LEASE, self.node).await.ok();
        }
    }

    /// Puts all that waits into the index now: for what is brought in by the thousand, and for tests.
    pub async fn index_all(&self) -> Result<()> {
        while index::keep(&self.db).await? != Kept::Nothing {}
        Ok(())
    }

    /// Makes the index of all that was brought in by the thousand; `progress` hears how much is there, of how much.
    pub async fn fill_search(&self, progress: &(dyn Fn(i64, i64) + Sync)) -> Result<()> {
        Ok(fill::fill(&self.db, progress).await?)
    }

    /// Makes the whole index anew. Whoever has the lease does it; `progress` hears how much is there, of how much.
    pub async fn rebuild_search(&self, progress: impl Fn(i64, i64)) -> Result<()> {
        index::outdate(&self.db).await?;
        let mut keeper = Keeper { desk: self, since: None };
        loop {
            match keeper.step().await? {
                Some(Kept::Building(built, total)) => progress(built, total),
                Some(_) => break,
                // Another node is at it.
                None => {
                    tokio::time::sleep(Duration::from_millis(500)).await;
                    match self.db.read(async |rx| index::state(rx).await).await? {
                        Some(it) if it.is_whole() => break,
                        Some(State { built: Some(built), total, .. }) => progress(built, total),
                        _ => {}
                    }
                }
            }
        }
        if keeper.since.is_some() {
            lease::give_back(&self.db, LEASE, self.node).await?;
        }
        Ok(())
    }
}

struct Keeper<'a> {
    desk: &'a Desk,
    /// Since when it has the lease.
    since: Option<Timestamp>,
}

impl Keeper<'_> {
    /// One step, if it is this node's to make.
    async fn step(&mut self) -> Result<Option<Kept>> {
        let (desk, now) = (self.desk, self.desk.now());
        // Of one process nobody takes it away.
        if desk.db.is_shared() && self.since.is_none_or(|since| now.since(since) > AGAIN) {
            let has = lease::take(&desk.db, LEASE, desk.node, now, TERM).await?;
            self.since = has.then_some(now);
            if !has {
                return Ok(None);
            }
        }
        Ok(Some(index::keep(&desk.db).await?))
    }
}

/// Waits until something is written that is found by its words.
async fn touched(news: &mut Receiver<News>) {
    loop {
        match news.recv().await {
            Ok(News::Changed(hint)) if hint.as_str() == "search" => return,
            Ok(News::Gap) | Err(RecvError::Lagged(_)) => return,
            Ok(News::Changed(_)) => {}
            Err(RecvError::Closed) => return std::future::pending().await,
        }
    }
}
