//! Business hours, as staff set them.

use domain::hours::{Hours, WallTime};
use domain::{Member, Right, Timestamp};
use jiff::tz::TimeZone;
use store::{Read, organization};

use crate::{Desk, Error, Result};

/// The desk's setting that holds them.
pub(crate) const HOURS: &str = "hours";
/// How many days can be named on which nobody is there.
const CLOSED: usize = 400;

impl Desk {
    /// The business hours; always, if nobody has set any.
    pub async fn hours(&self) -> Result<Hours> {
        Ok(self.db.read(async |rx| hours(rx).await).await?)
    }

    /// Sets them.
    pub async fn set_hours(&self, by: &Member, mut hours: Hours) -> Result<()> {
        if !by.role.may(Right::Settings) {
            return Err(Error::NotFound);
        }
        if let Some(day) = hours.days.iter().flatten().find(|it| it.from >= it.to || it.to > 24 * 60) {
            let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
            let why = format!(
                "A day must end later than it begins: {} to {} does not. Times do not go on after midnight.",
                time(day.from),
                time(day.to)
            );
            return Err(Error::invalid("days", why));
        }
        hours.closed.sort();
        hours.closed.dedup();
        if let Some(wrong) = hours.closed.iter().find(|it| !is_day(it)) {
            let why = format!("“{wrong}” is no day. Write 2026-12-25, or 12-25 for every year.");
            return Err(Error::invalid("closed", why));
        }
        if hours.closed.len() > CLOSED {
            return Err(Error::invalid("closed", format!("At most {CLOSED} days can be named.")));
        }
        let text = serde_json::to_string(&hours).map_err(|err| Error::Internal(err.to_string()))?;
        let desk = self.clone();
        self.db
            .write([], async move |tx| {
                organization::set(tx, HOURS, &text).await?;
                desk.enqueue(tx, &crate::clock::Retime, desk.now()).await
            })
            .await
    }
}

fn is_day(text: &str) -> bool {
    // A leap year, so that every day of every year is one.
    let whole = if text.len() == 5 { format!("2024-{text}") } else { text.to_owned() };
    whole.len() == 10 && whole.parse::<jiff::civil::Date>().is_ok()
}

async fn hours(rx: &Read) -> store::Result<Hours> {
    let kept = organization::setting(rx, HOURS).await?;
    Ok(kept.and_then(|it| serde_json::from_str(&it).ok()).unwrap_or_default())
}

/// Whether somebody is there at this moment.
pub(crate) async fn is_open(rx: &Read, time_zone: &str, at: Timestamp) -> store::Result<bool> {
    let hours = hours(rx).await?;
    let zone = TimeZone::get(time_zone).unwrap_or(TimeZone::UTC);
    let Ok(moment) = jiff::Timestamp::from_microsecond(at.0) else { return Ok(true) };
    let wall = moment.to_zoned_datetime(zone);
    let minute = u16::from(wall.hour().unsigned_abs()) * 60 + u16::from(wall.minute().unsigned_abs());
    let weekday = usize::from(wall.weekday().to_monday_zero_offset().unsigned_abs());
    Ok(hours.is_open(WallTime { year: wall.year(), month: wall.month(), day: wall.day(), weekday, minute }))
}
