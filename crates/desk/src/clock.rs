//! The reply clock: by when we owe a reply, in business hours.

use std::time::Duration;

use domain::case::Live;
use domain::hours::{Hours, WallTime};
use domain::{Case, CaseId, Member, Priority, Right, Targets, Timestamp};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use store::job::Job;
use store::{Lock, Read, Tx, case, organization};

use crate::hours::HOURS;
use crate::job::Work;
use crate::{Desk, Error, Result};

/// The desk's setting that holds the targets.
const CLOCK: &str = "clock";
/// The longest that a customer may have to wait, in minutes: a year of them.
const LONGEST: u32 = 365 * 24 * 60;
/// A desk that is closed for longer than this owes nothing by a certain hour.
const DAYS: usize = 800;

/// So long before a reply is due its people are told.
const WARNED_BEFORE: Duration = Duration::from_mins(15);
/// What was due before that is no news.
const OVER: Duration = Duration::from_hours(24);

/// What the clock goes by.
struct Timer {
    targets: Targets,
    hours: Hours,
    zone: TimeZone,
}

impl Timer {
    async fn read(rx: &Read) -> store::Result<Timer> {
        let (zone, [targets, hours]) = organization::time(rx, [CLOCK, HOURS]).await?;
        Ok(Timer {
            targets: targets.and_then(|it| serde_json::from_str(&it).ok()).unwrap_or_default(),
            hours: hours.and_then(|it| serde_json::from_str(&it).ok()).unwrap_or_default(),
            zone: TimeZone::get(&zone).unwrap_or(TimeZone::UTC),
        })
    }

    /// By when a reply is due to somebody who has waited since then.
    fn due(&self, since: Timestamp, priority: Priority) -> Option<Timestamp> {
        let mut left = Duration::from_mins(u64::from(self.targets.of(priority)?));
        let since = jiff::Timestamp::from_microsecond(since.0).ok()?;
        let mut day = since.to_zoned_datetime(self.zone.clone()).date();
        for _ in 0..DAYS {
            if let Some((from, to)) = self.span(day) {
                let from = from.max(since);
                let there = Duration::try_from(from.until(to).ok()?).unwrap_or_default();
                if there >= left {
                    return Some(Timestamp((from + left).as_microsecond()));
                }
                left -= there;
            }
            day = day.tomorrow().ok()?;
        }
        None
    }

    /// From when to when somebody is there on that day.
    fn span(&self, day: Date) -> Option<(jiff::Timestamp, jiff::Timestamp)> {
        let weekday = usize::from(day.weekday().to_monday_zero_offset().unsigned_abs());
        let wall = WallTime { year: day.year(), month: day.month(), day: day.day(), weekday, minute: 0 };
        let span = self.hours.on(wall)?;
        let at = |minute: u16| {
            let (day, minute) = if minute < 24 * 60 { (day, minute) } else { (day.tomorrow().ok()?, 0) };
            let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
            Some(day.at(hour, minute, 0, 0).to_zoned_datetime(self.zone.clone()).ok()?.timestamp())
        };
        Some((at(span.from)?, at(span.to)?))
    }
}

/// Writes what may change of a case, with its clock right.
pub(crate) async fn save(tx: &mut Tx, it: &mut Case) -> Result<()> {
    time(tx, it).await?;
    Ok(case::save(tx, it).await?)
}

/// Adds a case, with its clock right.
pub(crate) async fn insert(tx: &mut Tx, it: &mut Case) -> Result<()> {
    time(tx, it).await?;
    Ok(case::insert(tx, it).await?)
}

async fn time(rx: &Read, it: &mut Case) -> Result<()> {
    // Only what stands in the lists is looked at; a snoozed case is timed when it comes back.
    let Some(since) = it.untimed().filter(|_| it.live() == Live::Yes) else { return Ok(()) };
    let timer = Timer::read(rx).await?;
    it.time(timer.due(since, it.priority));
    Ok(())
}

/// Times every case anew, after what the clock goes by has changed.
#[derive(Serialize, Deserialize)]
pub(crate) struct Retime;

impl Work for Retime {
    const NAME: &'static str = "retime";
    const TRIES: i64 = 5;
    async fn run(&self, desk: &Desk, job: &Job) -> Result<()> {
        desk.retime().await?;
        desk.finish(job).await
    }
    async fn give_up(&self, desk: &Desk, job: &Job, why: &str) -> Result<()> {
        tracing::error!(why, "the reply clocks could not be set anew");
        desk.finish(job).await
    }
}

impl Desk {
    /// How long a reply may take.
    pub async fn targets(&self) -> Result<Targets> {
        Ok(self.db.read(async |rx| Timer::read(rx).await).await?.targets)
    }

    /// Says how long a reply may take. Open cases follow by and by.
    pub async fn set_targets(&self, by: &Member, targets: Targets) -> Result<()> {
        if !by.role.may(Right::Settings) {
            return Err(Error::NotFound);
        }
        let all =
            [("urgent", targets.urgent), ("high", targets.high), ("normal", targets.normal), ("low", targets.low)];
        if let Some((field, _)) = all.iter().find(|it| it.1.is_some_and(|it| it == 0 || it > LONGEST)) {
            return Err(Error::invalid(
                field,
                "A reply may take from a minute to a year. Leave it empty for no clock.",
            ));
        }
        let text = serde_json::to_string(&targets).map_err(|err| Error::Internal(err.to_string()))?;
        let desk = self.clone();
        self.db
            .write([], async move |tx| {
                organization::set(tx, CLOCK, &text).await?;
                desk.enqueue(tx, &Retime, desk.now()).await
            })
            .await
    }

    /// Tells whom it concerns that a reply is due soon, once for each case.
    pub(crate) async fn warn_due(&self) -> Result<()> {
        let (from, until) = (self.now().before(OVER), self.now().after(WARNED_BEFORE));
        loop {
            let due = self.db.read(async move |rx| case::running_out(rx, from, until, 100).await).await?;
            let more = due.len() == 100;
            for place in due {
                let desk = self.clone();
                self.db
                    .write([Lock::Customer(place.customer)], async move |tx| {
                        let Some(mut it) = case::find(tx, place.customer, place.case).await? else { return Ok(()) };
                        let Some(due) = it.due_at.filter(|at| !it.warned && *at <= until) else { return Ok(()) };
                        it.warned = true;
                        case::save(tx, &it).await?;
                        desk.notify_clock(tx, &it, due).await
                    })
                    .await?;
            }
            if !more {
                return Ok(());
            }
        }
    }

    async fn retime(&self) -> Result<()> {
        let mut after = (Timestamp(i64::MIN), CaseId(uuid::Uuid::nil()));
        loop {
            let found = self.db.read(async move |rx| case::live_after(rx, after, 200).await).await?;
            let Some((last, at)) = found.last() else { return Ok(()) };
            after = (*at, last.case);
            for (place, _) in found {
                self.db
                    .write([Lock::Customer(place.customer)], async move |tx| {
                        let Some(mut it) = case::find(tx, place.customer, place.case).await? else { return Ok(()) };
                        let Some(since) = it.owed_since else { return Ok(()) };
                        let due = Timer::read(tx).await?.due(since, it.priority);
                        if it.due_at != due {
                            it.time(due);
                            case::save(tx, &it).await?;
                        }
                        Ok::<(), Error>(())
                    })
                    .await?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::hours::Span;

    use super::*;

    fn at(text: &str) -> Timestamp {
        let zoned = text.parse::<jiff::civil::DateTime>().unwrap().to_zoned_datetime(berlin()).unwrap();
        Timestamp(zoned.timestamp().as_microsecond())
    }

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    #[test]
    fn a_reply_is_due_after_so_many_minutes_in_which_somebody_is_there() {
        let work = Some(Span { from: 9 * 60, to: 17 * 60 });
        let week = Hours {
            days: vec![work, work, work, work, work, None, None],
            closed: vec!["2026-11-18".to_owned(), "12-25".to_owned()],
        };
        let office = Timer { targets: Targets::default(), hours: week, zone: berlin() };
        for (since, priority, due) in [
            // A Monday.
            ("2026-11-16T10:00", Priority::Urgent, "2026-11-16T11:00"),
            ("2026-11-16T16:30", Priority::Urgent, "2026-11-17T09:30"),
            ("2026-11-16T10:00", Priority::Normal, "2026-11-17T10:00"),
            ("2026-11-16T04:00", Priority::High, "2026-11-16T13:00"),
            // The Wednesday is closed.
            ("2026-11-17T16:00", Priority::High, "2026-11-19T12:00"),
            // Over the weekend.
            ("2026-11-20T16:59", Priority::Urgent, "2026-11-23T09:59"),
            ("2026-11-21T12:00", Priority::Low, "2026-11-25T17:00"),
            ("2026-12-24T16:00", Priority::High, "2026-12-28T12:00"),
        ] {
            assert_eq!(office.due(at(since), priority), Some(at(due)), "since {since}, {priority}");
        }
        let always = Timer { targets: Targets::default(), hours: Hours::default(), zone: berlin() };
        assert_eq!(always.due(at("2026-11-16T23:30"), Priority::Urgent), Some(at("2026-11-17T00:30")));
        // In this night the clocks go back: five hours are five hours.
        let long = Targets { urgent: Some(300), ..Targets::default() };
        let night = Timer { targets: long, hours: Hours::default(), zone: berlin() };
        assert_eq!(night.due(at("2026-10-25T00:00"), Priority::Urgent), Some(at("2026-10-25T04:00")));
        let never = Timer { hours: Hours { days: vec![None; 7], closed: vec![] }, ..always };
        assert_eq!(never.due(at("2026-11-16T10:00"), Priority::Urgent), None);
        let off = Targets { normal: None, ..Targets::default() };
        let off = Timer { targets: off, hours: Hours::default(), zone: berlin() };
        assert_eq!(off.due(at("2026-11-16T10:00"), Priority::Normal), None);
    }
}
