//! Work that is due: taken from the database, done by the desk, one line each.
//!
//! A job is idempotent: a worker that dies leaves it to be done again.

use std::collections::HashMap;
use std::time::Duration;

use domain::{CustomerId, InboundId, JobId, OutboxId, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::job::{self, Job};
use store::{News, Tx, lease};
use tokio::sync::broadcast::error::RecvError;
use tokio::task::{self, AbortHandle, JoinSet};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::aside::Empty;
use crate::brief::WriteBrief;
use crate::clock::Retime;
use crate::notification::SendDigest;
use crate::tag::Untag;
use crate::{Desk, Error, Result};

/// A kind of work. What it writes ends its job, or puts it off, in the same transaction: there is one job for one piece
/// of work, whenever the program dies.
pub(crate) trait Work: Serialize + DeserializeOwned + Send + Sync + 'static {
    const NAME: &'static str;
    /// After as many failures it is given up.
    const TRIES: i64;
    /// Does it, and ends the job.
    fn run(&self, desk: &Desk, job: &Job) -> impl Future<Output = Result<()>> + Send;
    /// Says, where people see it, that it was not done, and ends the job.
    fn give_up(&self, desk: &Desk, job: &Job, why: &str) -> impl Future<Output = Result<()>> + Send;
}

/// Sends what is in the outbox.
#[derive(Serialize, Deserialize)]
pub(crate) struct SendMail {
    pub customer: CustomerId,
    pub outbox: OutboxId,
}

impl Work for SendMail {
    const NAME: &'static str = "send";
    // The outbox gives up by the clock. This is for a mail that kills whatever sends it.
    const TRIES: i64 = 60;
    async fn run(&self, desk: &Desk, job: &Job) -> Result<()> {
        desk.send(self.customer, self.outbox, job).await
    }
    async fn give_up(&self, desk: &Desk, job: &Job, why: &str) -> Result<()> {
        desk.give_up_sending(self.customer, self.outbox, job, why).await
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
    async fn run(&self, desk: &Desk, job: &Job) -> Result<()> {
        desk.file_inbound(self.inbound, Some(job)).await
    }
    async fn give_up(&self, desk: &Desk, job: &Job, why: &str) -> Result<()> {
        desk.give_up_filing(self.inbound, Some(job), why).await
    }
}

/// What this program can do. A newer one that shares the database may have enqueued more: that is left to it.
const KINDS: [&str; 6] = [SendMail::NAME, FileInbound::NAME, Empty::NAME, Retime::NAME, Untag::NAME, SendDigest::NAME];
/// What it can do beside that, only one at a time: it waits long for others, and nobody waits for it.
const SLOW: &str = WriteBrief::NAME;

/// How many jobs one process does at once.
const AT_ONCE: usize = 16;
/// Nobody waits longer for a job whose hint was lost.
const LOOK: Duration = Duration::from_secs(10);
/// How often a process says that it lives; another takes its jobs after [`SILENCE`].
const PULSE: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_secs(30);

/// How long to wait after the `tries`-th failure: 15 s, 1 min, 4 min ... at most 4 hours.
pub(crate) fn backoff(tries: i64) -> Duration {
    let step = u32::try_from(tries.clamp(1, 6) - 1).unwrap_or(0);
    Duration::from_secs(15 * 4_u64.pow(step)).min(Duration::from_hours(4))
}

impl Desk {
    /// Adds work to the transaction.
    pub(crate) async fn enqueue<W: Work>(&self, tx: &mut Tx, work: &W, due_at: Timestamp) -> Result<()> {
        self.enqueue_as(tx, self.ctx.id(), work, due_at).await
    }

    /// The same under an id that others know.
    pub(crate) async fn enqueue_as<W: Work>(&self, tx: &mut Tx, id: JobId, work: &W, due_at: Timestamp) -> Result<()> {
        let payload = serde_json::to_string(work).map_err(|err| Error::Internal(err.to_string()))?;
        Ok(job::enqueue(tx, id, W::NAME, &payload, due_at).await?)
    }

    /// Does what is due, until `stop`; what has begun is finished.
    pub async fn work(&self, stop: CancellationToken) {
        self.work_at(PULSE, stop).await;
    }

    /// [`Desk::work`] with another pulse: for tests of the worker itself.
    #[doc(hidden)]
    pub async fn work_at(&self, pulse: Duration, stop: CancellationToken) {
        let mut news = self.db.news();
        let mut hands = Hands::default();
        let mut pulse = tokio::time::interval(pulse);
        pulse.set_missed_tick_behavior(MissedTickBehavior::Delay);
        pulse.tick().await;
        self.pulse(&hands).await;
        while !stop.is_cancelled() {
            let free = AT_ONCE - hands.running.len();
            if free > 0 {
                match job::claim(&self.db, self.node, &KINDS, self.now(), i64::try_from(free).unwrap_or(1)).await {
                    Ok(jobs) => jobs.into_iter().for_each(|job| hands.take(self, job)),
                    Err(err) => tracing::warn!(%err, "jobs could not be claimed"),
                }
                if hands.slow.is_none() && hands.running.len() < AT_ONCE {
                    match self.claim_slow().await {
                        Ok(job) => job.into_iter().for_each(|job| hands.take(self, job)),
                        Err(err) => tracing::warn!(%err, "jobs could not be claimed"),
                    }
                }
            }
            let has_room = hands.running.len() < AT_ONCE;
            let pause = if has_room { self.until_due(hands.slow.is_none()).await } else { LOOK };
            tokio::select! {
                () = stop.cancelled() => {}
                _ = pulse.tick() => self.pulse(&hands).await,
                () = hands.one_less() => {}
                () = tokio::time::sleep(pause), if has_room => {}
                () = hint(&mut news), if has_room => {}
            }
        }
        // It changes nothing outside, and is begun again: the end of the program does not wait for it.
        if let Some((_, slow)) = &hands.slow {
            slow.abort();
        }
        while !hands.held.is_empty() {
            tokio::select! {
                _ = pulse.tick() => self.pulse(&hands).await,
                () = hands.one_less() => {}
            }
        }
        lease::give_back(&self.db, &format!("node {}", self.node), self.node).await.ok();
    }

    /// Says that this process lives and what it is still at, and takes over from those that do not say so.
    async fn pulse(&self, hands: &Hands) {
        let (now, node) = (self.now(), self.node);
        let name = format!("node {node}");
        let held: Vec<Job> = hands.held.values().cloned().collect();
        let lives = lease::take(&self.db, &name, node, now, SILENCE).await;
        let freed = self.db.write([], async move |tx| {
            for job in &held {
                job::renew(tx, job, now.after(job::LEASE)).await?;
            }
            let ids: Vec<JobId> = held.iter().map(|it| it.id).collect();
            let lost = job::release_lost(tx, node, &ids, now).await?;
            Ok(lost + job::release_abandoned(tx, now).await?)
        });
        match lives.and(freed.await) {
            Ok(0) => {}
            Ok(freed) => tracing::warn!(freed, "jobs that nobody is at are done again"),
            Err(err) => tracing::warn!(%err, "the pulse of this process could not be written"),
        }
    }

    /// Does all that is due now, and what comes of it; answers how much that was. For tests and the command line.
    pub async fn work_off(&self) -> Result<usize> {
        let mut done = 0;
        loop {
            let mut jobs = job::claim(&self.db, self.node, &KINDS, self.now(), 64).await?;
            jobs.extend(self.claim_slow().await?);
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

    /// One of the slow kind, if any is due. There is seldom one, so that is looked at before anything is written.
    async fn claim_slow(&self) -> Result<Option<Job>> {
        if job::next(&self.db, &[SLOW]).await?.is_none_or(|due_at| due_at > self.now()) {
            return Ok(None);
        }
        Ok(job::claim(&self.db, self.node, &[SLOW], self.now(), 1).await?.pop())
    }

    async fn until_due(&self, also_slow: bool) -> Duration {
        let all: Vec<&str> = KINDS.into_iter().chain(also_slow.then_some(SLOW)).collect();
        let next = job::next(&self.db, &all).await.ok().flatten();
        next.map_or(LOOK, |at| at.since(self.now()).clamp(Duration::from_millis(5), LOOK))
    }

    async fn run(&self, job: Job) {
        match job.name.as_str() {
            SendMail::NAME => self.run_as::<SendMail>(&job).await,
            FileInbound::NAME => self.run_as::<FileInbound>(&job).await,
            Empty::NAME => self.run_as::<Empty>(&job).await,
            Retime::NAME => self.run_as::<Retime>(&job).await,
            Untag::NAME => self.run_as::<Untag>(&job).await,
            SendDigest::NAME => self.run_as::<SendDigest>(&job).await,
            WriteBrief::NAME => self.run_as::<WriteBrief>(&job).await,
            _ => {}
        }
    }

    async fn run_as<W: Work>(&self, job: &Job) {
        let ended = match serde_json::from_str::<W>(&job.payload) {
            Ok(work) => self.attempt(&work, job).await,
            Err(_) => self.put_off(job, None, "the job cannot be read").await,
        };
        if let Err(err) = ended {
            let (id, kind) = (job.id, &job.name);
            tracing::warn!(%id, kind, cause = err.for_log(), "the end of a job could not be written: it will run again");
        }
    }

    async fn attempt<W: Work>(&self, work: &W, job: &Job) -> Result<()> {
        // One that kills its worker every time never comes to fail; its claims are counted all the same.
        let done = if job.tries > W::TRIES {
            Err(Error::Internal("This could not be done: Bellwether stopped each time it tried.".to_owned()))
        } else {
            work.run(self, job).await
        };
        let Err(err) = done else { return Ok(()) };
        let (id, kind, tries, cause) = (job.id, &job.name, job.tries, err.for_log());
        tracing::warn!(%id, kind, tries, cause, "a job failed");
        let why = err.to_string();
        // The database is away: that is not the job's fault, and is no reason to give it up.
        if err.is_transient() || job.tries < W::TRIES {
            return self.put_off(job, Some(self.now().after(backoff(job.tries))), &why).await;
        }
        match work.give_up(self, job, &why).await {
            Err(err) if !err.is_transient() => self.put_off(job, None, &format!("{why} {err}")).await,
            ended => ended,
        }
    }

    async fn put_off(&self, job: &Job, due_at: Option<Timestamp>, why: &str) -> Result<()> {
        let (job, why) = (job.clone(), why.to_owned());
        self.db
            .write([], async move |tx| job::put_off(tx, &job, due_at, &why).await.map(drop))
            .await
            .map_err(Error::from)
    }

    /// Ends a job that has nothing to do.
    pub(crate) async fn finish(&self, job: &Job) -> Result<()> {
        let job = job.clone();
        self.db.write([], async move |tx| job::finish(tx, &job).await.map(drop)).await.map_err(Error::from)
    }
}

/// What this process is at.
#[derive(Default)]
struct Hands {
    running: JoinSet<()>,
    /// The same, to say that it is.
    held: HashMap<task::Id, Job>,
    /// The one of them that waits long for others.
    slow: Option<(task::Id, AbortHandle)>,
}

impl Hands {
    fn take(&mut self, desk: &Desk, job: Job) {
        // What we are at, and could not say so for too long, is not begun beside ourselves.
        if self.held.values().any(|it| it.id == job.id) {
            return;
        }
        let (desk, it) = (desk.clone(), job.clone());
        let task = self.running.spawn(async move { desk.run(it).await });
        if job.name == SLOW {
            self.slow = Some((task.id(), task.clone()));
        }
        self.held.insert(task.id(), job);
    }

    /// Comes back when something has ended; never if nothing runs.
    async fn one_less(&mut self) {
        match self.running.join_next_with_id().await {
            Some(ended) => {
                let id = ended.map_or_else(|err| err.id(), |it| it.0);
                self.slow.take_if(|it| it.0 == id);
                self.held.remove(&id);
            }
            None => std::future::pending().await,
        }
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
