//! Work that is due: taken from the database, done by the desk, one line each.
//!
//! A job is idempotent: a worker that dies leaves it to be done again.

use std::time::Duration;

use domain::{CustomerId, InboundId, OutboxId, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::job::{self, Job};
use store::{News, Tx, lease};
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::{Desk, Error, Result};

/// A kind of work.
pub(crate) trait Work: Serialize + DeserializeOwned + Send + Sync + 'static {
    const NAME: &'static str;
    /// After as many failures a person decides.
    const TRIES: i64;
    fn run(&self, desk: &Desk) -> impl Future<Output = Result<()>> + Send;
}

/// Sends what is in the outbox.
#[derive(Serialize, Deserialize)]
pub(crate) struct SendMail {
    pub customer: CustomerId,
    pub outbox: OutboxId,
}

impl Work for SendMail {
    const NAME: &'static str = "send";
    const TRIES: i64 = 20;
    async fn run(&self, desk: &Desk) -> Result<()> {
        desk.send(self.customer, self.outbox).await
    }
}

/// Files a raw mail that could not be filed at once.
#[derive(Serialize, Deserialize)]
pub(crate) struct FileInbound {
    pub inbound: InboundId,
}

impl Work for FileInbound {
    const NAME: &'static str = "file_inbound";
    const TRIES: i64 = 20;
    async fn run(&self, desk: &Desk) -> Result<()> {
        desk.file_inbound(self.inbound).await
    }
}

/// How many jobs one process does at once.
const AT_ONCE: usize = 16;
/// Nobody waits longer for a job whose hint was lost.
const LOOK: Duration = Duration::from_secs(10);
/// How often a process says that it lives; another takes its jobs after [`SILENCE`].
const PULSE: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_secs(45);

/// How long to wait after the `tries`-th failure: 15 s, 1 min, 4 min ... at most 4 hours.
pub(crate) fn backoff(tries: i64) -> Duration {
    let step = u32::try_from(tries.clamp(1, 6) - 1).unwrap_or(0);
    Duration::from_secs(15 * 4_u64.pow(step)).min(Duration::from_hours(4))
}

impl Desk {
    /// Adds work to the transaction.
    pub(crate) async fn enqueue<W: Work>(&self, tx: &mut Tx, work: &W, due_at: Timestamp) -> Result<()> {
        let payload = serde_json::to_string(work).map_err(|err| Error::Internal(err.to_string()))?;
        Ok(job::enqueue(tx, self.ctx.id(), W::NAME, &payload, due_at).await?)
    }

    /// Does what is due, until `stop`; what has begun is finished.
    pub async fn work(&self, stop: CancellationToken) {
        let mut news = self.db.news();
        let mut running = JoinSet::new();
        self.pulse().await;
        let mut pulse = tokio::time::interval(PULSE);
        pulse.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let free = AT_ONCE - running.len();
            let claimed = match job::claim(&self.db, self.node, self.now(), i64::try_from(free).unwrap_or(1)).await {
                Ok(jobs) => jobs,
                Err(err) => {
                    tracing::warn!(%err, "jobs could not be claimed");
                    Vec::new()
                }
            };
            let full = claimed.len() == free;
            for job in claimed {
                let desk = self.clone();
                running.spawn(async move { desk.run(job).await });
            }
            if full && running.len() < AT_ONCE {
                continue;
            }
            let pause = self.until_due().await;
            tokio::select! {
                () = stop.cancelled() => break,
                _ = pulse.tick() => self.pulse().await,
                Some(_) = running.join_next(), if !running.is_empty() => {}
                () = tokio::time::sleep(pause), if running.len() < AT_ONCE => {}
                () = hint(&mut news), if running.len() < AT_ONCE => {}
            }
        }
        while running.join_next().await.is_some() {}
        lease::give_back(&self.db, &format!("node {}", self.node), self.node).await.ok();
    }

    /// Says that this process lives, and takes over from those that do not.
    async fn pulse(&self) {
        let (now, name) = (self.now(), format!("node {}", self.node));
        let lives = lease::take(&self.db, &name, self.node, now, SILENCE).await;
        let freed = self.db.write([], async move |tx| job::release_abandoned(tx, now).await).await;
        match lives.and(freed) {
            Ok(0) => {}
            Ok(freed) => tracing::warn!(freed, "jobs of a process that died are done again"),
            Err(err) => tracing::warn!(%err, "the pulse of this process could not be written"),
        }
    }

    /// Does all that is due now, and what comes of it; answers how much that was. For tests and the command line.
    pub async fn work_off(&self) -> Result<usize> {
        let mut done = 0;
        loop {
            let jobs = job::claim(&self.db, self.node, self.now(), 64).await?;
            if jobs.is_empty() {
                return Ok(done);
            }
            done += jobs.len();
            let mut running = JoinSet::new();
            for job in jobs {
                let desk = self.clone();
                running.spawn(async move { desk.run(job).await });
            }
            while running.join_next().await.is_some() {}
        }
    }

    async fn until_due(&self) -> Duration {
        let next = job::next(&self.db).await.ok().flatten();
        next.map_or(LOOK, |at| at.since(self.now()).clamp(Duration::from_millis(5), LOOK))
    }

    async fn run(&self, job: Job) {
        let done = match job.name.as_str() {
            SendMail::NAME => self.run_as::<SendMail>(&job).await,
            FileInbound::NAME => self.run_as::<FileInbound>(&job).await,
            other => Err((Error::Internal(format!("no such job: {other}")), 1)),
        };
        let ended = match done {
            Ok(()) => {
                let it = job.clone();
                self.db.write([], async move |tx| job::finish(tx, &it).await).await
            }
            Err((err, tries)) => {
                tracing::warn!(job = job.name, tries = job.tries, %err, "a job failed");
                let (it, why) = (job.clone(), err.to_string());
                // The database is away: that is not the job's fault, and is no reason to give it up.
                let again = err.is_transient() || job.tries < tries;
                let due_at = again.then(|| self.now().after(backoff(job.tries)));
                self.db.write([], async move |tx| job::put_off(tx, &it, due_at, &why).await).await
            }
        };
        if let Err(err) = ended {
            tracing::warn!(job = job.name, %err, "the end of a job could not be written: it will run again");
        }
    }

    async fn run_as<W: Work>(&self, job: &Job) -> Result<(), (Error, i64)> {
        let work: W = serde_json::from_str(&job.payload)
            .map_err(|err| (Error::Internal(format!("the job cannot be read: {err}")), 1))?;
        // One that kills its worker every time never comes to fail; its claims are counted all the same.
        if job.tries > W::TRIES {
            return Err((Error::Internal("its worker died".to_owned()), 1));
        }
        work.run(self).await.map_err(|err| (err, W::TRIES))
    }
}

/// Comes back when there may be work.
async fn hint(news: &mut tokio::sync::broadcast::Receiver<News>) {
    loop {
        match news.recv().await {
            Ok(News::Changed(hint)) if hint.as_str() != "jobs" => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}
