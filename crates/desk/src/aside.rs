//! Spam and trash: cases that are put aside, put back, and deleted for good.

use std::time::Duration;

use domain::{Actor, Aside, Case, Entry, Fact, Member, Refusal, Right, Timestamp, Word};
use serde::{Deserialize, Serialize};
use store::case::Place;
use store::case::aside::{delete, until};
use store::job::Job;
use store::{Lock, Read, case, customer, entry, organization};

use crate::act::Doing;
use crate::case::case_of;
use crate::job::Work;
use crate::{Desk, Error, Result};

/// After how many days what is put aside is deleted, if nobody has changed it.
const KEPT: i64 = 30;
/// The longest that can be chosen, in days.
const LONGEST: i64 = 3650;

/// The name of the desk's setting that says after how many days what is there is deleted; zero is never.
pub fn setting(aside: Aside) -> &'static str {
    match aside {
        Aside::Spam => "empty_spam_after_days",
        Aside::Trash => "empty_trash_after_days",
    }
}

/// After how many days what is there is deleted; zero is never.
pub async fn kept(rx: &Read, aside: Aside) -> store::Result<i64> {
    let days = organization::setting(rx, setting(aside)).await?;
    Ok(days.and_then(|it| it.parse().ok()).unwrap_or(KEPT))
}

/// The right to delete for good all that is there.
pub fn right_to_empty(aside: Aside) -> Right {
    match aside {
        Aside::Spam => Right::Empty,
        Aside::Trash => Right::Settings,
    }
}

/// Deletes what was put aside until a moment, because somebody asks for it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Empty {
    aside: Aside,
    until: i64,
    by: domain::StaffId,
}

impl Work for Empty {
    const NAME: &'static str = "empty";
    const TRIES: i64 = 5;
    async fn run(&self, desk: &Desk, job: &Job) -> Result<()> {
        desk.empty_until(self.aside, Timestamp(self.until), Actor::Staff(self.by)).await?;
        desk.finish(job).await
    }
    async fn give_up(&self, desk: &Desk, job: &Job, why: &str) -> Result<()> {
        tracing::error!(aside = self.aside.word(), why, "what was put aside could not be deleted");
        desk.finish(job).await
    }
}

impl Desk {
    /// Puts a case aside: it is spam, or nobody needs it. It stays there for a while, and can be put back.
    pub async fn put_aside(&self, by: &Member, number: i64, to: Aside) -> Result<()> {
        self.act(by, number, Doing::PutAside(to)).await.map(drop)
    }

    /// Puts it back with the status that it had. Nothing to say if somebody else has done so.
    pub async fn put_back(&self, by: &Member, number: i64) -> Result<()> {
        self.act(by, number, Doing::PutBack).await.map(drop)
    }

    /// Deletes a case for good that was put aside.
    pub async fn delete_for_good(&self, by: &Member, number: i64) -> Result<()> {
        needs(by, Right::Settings)?;
        let place = self.place_for(by, number).await?;
        let (desk, by) = (self.clone(), by.clone());
        let held = self.addresses_of(place).await?;
        self.db
            .write(locks(place, &held), async move |tx| {
                let case = case_of(tx, &by, number).await?;
                if case.aside.is_none() {
                    return Err(Refusal::NotAside.into());
                }
                desk.delete_in(tx, &case, Actor::Staff(by.id), &held).await
            })
            .await
    }

    /// Deletes all that is there now, by and by.
    pub async fn empty(&self, by: &Member, aside: Aside) -> Result<()> {
        needs(by, right_to_empty(aside))?;
        let (desk, work) = (self.clone(), Empty { aside, until: self.now().0, by: by.id });
        tracing::warn!(by = %by.id, aside = aside.word(), "what was put aside is deleted for good");
        self.db.write([], async move |tx| desk.enqueue(tx, &work, desk.now()).await).await
    }

    /// Says after how many days what is there is deleted; zero is never.
    pub async fn keep_for(&self, by: &Member, aside: Aside, days: i64) -> Result<()> {
        needs(by, Right::Settings)?;
        if !(0..=LONGEST).contains(&days) {
            let why = format!("Write a number of days from 1 to {LONGEST}, or 0 to keep it.");
            return Err(Error::invalid(setting(aside), why));
        }
        let write = self.db.write([], async move |tx| organization::set(tx, setting(aside), &days.to_string()).await);
        Ok(write.await?)
    }

    /// Deletes what was put aside long enough ago.
    pub(crate) async fn empty_old(&self) -> Result<()> {
        for aside in Aside::ALL.iter().copied() {
            let days = self.db.read(async move |rx| kept(rx, aside).await).await?;
            let Some(days) = u64::try_from(days).ok().filter(|it| *it > 0) else { continue };
            let then = self.now().before(Duration::from_hours(24 * days));
            self.empty_until(aside, then, Actor::Job).await?;
        }
        Ok(())
    }

    /// Deletes what was put there until `then`, each case in a write of its own: what others write comes between.
    async fn empty_until(&self, aside: Aside, then: Timestamp, by: Actor) -> Result<()> {
        loop {
            let places = self.db.read(async move |rx| until(rx, aside, then, 50).await).await?;
            let mut gone = 0;
            for place in places {
                let due = move |case: &Case| case.aside.is_some_and(|it| it.to == aside && it.at <= then);
                match self.delete_at(place, by, due).await {
                    Ok(done) => gone += usize::from(done),
                    Err(err) if err.is_transient() => return Err(err),
                    Err(err) => tracing::error!(case = %place.case, cause = err.for_log(), "a case cannot be deleted"),
                }
            }
            // Those that cannot be deleted would be found again and again.
            if gone == 0 {
                return Ok(());
            }
        }
    }

    async fn delete_at(
        &self,
        place: Place,
        by: Actor,
        due: impl Fn(&Case) -> bool + Send + Sync + 'static,
    ) -> Result<bool> {
        let (desk, held) = (self.clone(), self.addresses_of(place).await?);
        self.db
            .write(locks(place, &held), async move |tx| {
                // Somebody may have put it back since it was found.
                let Some(case) = case::find(tx, place.customer, place.case).await?.filter(|it| due(it)) else {
                    return Ok(false);
                };
                desk.delete_in(tx, &case, by, &held).await.map(|()| true)
            })
            .await
    }

    /// The case goes, and a customer with it who is nobody without it; else their timeline says that it was there.
    async fn delete_in(&self, tx: &mut store::Tx, case: &Case, by: Actor, held: &[String]) -> Result<()> {
        delete(tx, Place { customer: case.customer, case: case.id }).await?;
        if !customer::remove_if_empty(tx, case.customer, held).await? {
            let entry = Entry { number: None, at: self.now(), by, fact: Fact::CaseDeleted { number: case.number } };
            entry::append(tx, self.ctx.id(), case.customer, None, &entry).await?;
        }
        tracing::warn!(number = case.number, by = by.kind(), who = ?by.id(), "a case is deleted for good");
        Ok(())
    }

    /// The addresses of a customer who may go with the case: no mail of theirs is filed meanwhile.
    async fn addresses_of(&self, place: Place) -> Result<Vec<String>> {
        let found = self.db.read(async move |rx| match customer::find(rx, place.customer).await? {
            Some(it) if it.provisional => customer::addresses(rx, place.customer).await,
            _ => Ok(Vec::new()),
        });
        Ok(found.await.map_err(|err: store::Error| err)?)
    }
}

/// What a mail of theirs holds, too: [`crate::mail`].
fn locks(place: Place, held: &[String]) -> Vec<Lock> {
    let names = held.iter().map(|it| Lock::Name(format!("email {it}")));
    names.chain([Lock::Customer(place.customer)]).collect()
}

pub(crate) fn needs(by: &Member, right: Right) -> Result<()> {
    if by.role.may(right) { Ok(()) } else { Err(Error::NotFound) }
}
