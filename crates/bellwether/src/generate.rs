//! Many cases, fast: what a bench or a trial needs before it can say anything.
//!
//! The first [`PLAYED`] are told like those of the demo and go the same way: mails in raw bytes, replies, resolutions,
//! each by its use case, many at once ([`teller`]). Those beyond are copies of them ([`multiply`]): their rows are read
//! ([`base`]), cut into what stays and what does not ([`template`]), and written in bulk with other people, times, names
//! and numbers. About 5 messages a case, 1 case in [`teller::LIVE`] live, about [`CASES`] cases a customer.

mod base;
mod fact;
mod multiply;
pub mod teller;
mod template;

use std::sync::Arc;
use std::time::Duration;

use desk::Desk;
use domain::{Actor, CustomerKind, Timestamp};
use tokio::task::{JoinError, JoinSet};

use self::teller::{CASES, SPAN, Teller};
use crate::demo::company::{self, Customer, DAYS};
use crate::demo::dice::Dice;
use crate::demo::run::{self, World};
use crate::demo::story::stories;
use crate::demo::{self, Error};

/// How many things happen at once: so many may share a commit.
const AT_ONCE: usize = 64;
/// After so many cases what rests is closed.
const BATCH: usize = 200;
/// So many go through the use cases at most.
pub const PLAYED: usize = 5_000;

/// How far a filling is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many cases, of so many.
    Cases(usize, usize),
    /// So much of the index, of so much.
    Index(i64, i64),
}

/// Fills an empty desk with `count` cases of the year up to `now`.
pub async fn cases(desk: &Desk, count: usize, now: Timestamp, progress: impl Fn(Progress) + Sync) -> Result<(), Error> {
    after(desk, count.min(PLAYED), count, now, progress).await
}

/// The same, with copies of the first `played`.
pub async fn after(
    desk: &Desk,
    played: usize,
    count: usize,
    now: Timestamp,
    progress: impl Fn(Progress) + Sync,
) -> Result<(), Error> {
    demo::begin(desk).await?;
    let start = now.before(SPAN);
    let company = company::found(desk, start.after(Duration::from_hours(24 * (DAYS + 1)))).await?;
    let customers = customers(&desk.at(start), played.div_ceil(CASES)).await?;
    let world = Arc::new(World::of(&company));
    let teller = Teller { stories: stories()?.all, company, customers, start, now, count: played };
    for first in (0..played).step_by(BATCH) {
        let end = played.min(first + BATCH);
        let mut running = Running::default();
        for nth in first..end {
            let (desk, world, thread) = (desk.clone(), world.clone(), teller.thread(nth));
            running.begin(async move { run::thread(&desk, &world, nth, thread).await }).await?;
        }
        running.end().await?;
        desk.at(now).work_off().await?;
        desk.at(teller.begin(end)).reconcile_once(false).await?;
        progress(Progress::Cases(end, count));
    }
    if count > played {
        multiply::cases(desk, &teller, count, &|done| progress(Progress::Cases(done, count))).await?;
        desk.fill_search(&|done, of| progress(Progress::Index(done, of))).await?;
        desk.at(now).reconcile_once(false).await?;
        store::bulk::learn(&desk.db).await.map_err(desk::Error::from)?;
    }
    desk.index_all().await?;
    demo::end(desk).await
}

/// Work that goes on at once.
#[derive(Default)]
struct Running(JoinSet<Result<(), Error>>);

impl Running {
    /// Begins one more, and waits for another where there are many.
    async fn begin(&mut self, work: impl Future<Output = Result<(), Error>> + Send + 'static) -> Result<(), Error> {
        if self.0.len() >= AT_ONCE {
            self.next().await?;
        }
        self.0.spawn(work);
        Ok(())
    }

    /// Waits for one; whether there was one.
    async fn next(&mut self) -> Result<bool, Error> {
        let Some(ended) = self.0.join_next().await else { return Ok(false) };
        ended.map_err(|err: JoinError| Error::Text(err.to_string()))??;
        Ok(true)
    }

    async fn end(mut self) -> Result<(), Error> {
        while self.next().await? {}
        Ok(())
    }
}

/// Organizations with their domains, and one person each who writes for them.
async fn customers(desk: &Desk, count: usize) -> Result<Vec<Customer>, Error> {
    let mut dice = Dice::new(100_000);
    let mut all = Vec::new();
    let mut running = Running::default();
    for nth in 0..count {
        let it = teller::customer(nth, &mut dice, count)?;
        let (desk, name, domain) = (desk.clone(), it.name.clone(), it.domain.clone());
        all.push(it);
        let known = async move {
            let id = desk.add_customer(Actor::Operator, CustomerKind::Organization, &name).await?;
            Ok(desk.own_domain(Actor::Operator, id, &domain).await?)
        };
        running.begin(known).await?;
    }
    running.end().await?;
    Ok(all)
}
