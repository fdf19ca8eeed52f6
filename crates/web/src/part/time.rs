//! When, as a colleague would say it: "08:47", "Yesterday", "Tue", "3 Nov".

use domain::Timestamp;
use domain::filter::Day;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{ToSpan as _, ZonedDateTime};
use maud::{Markup, html};

use crate::text::{t, t_with};

/// Now, at one place: what every time on a page is told relative to.
#[derive(Clone, Debug)]
pub struct Clock {
    now: ZonedDateTime,
}

impl Clock {
    /// At this moment, in this zone.
    pub fn new(now: Timestamp, zone: TimeZone) -> Clock {
        Clock { now: moment(now).to_zoned_datetime(zone) }
    }

    /// When a day began here; nothing for a day that no month has.
    pub fn midnight(&self, day: Day) -> Option<Timestamp> {
        let date = match day {
            Day::Ago(days) => self.now.date().checked_sub(i64::from(days).days()).ok()?,
            Day::On { year, month, day } => Date::new(year, month, day).ok()?,
        };
        let start = date.to_zoned_datetime(self.now.time_zone().clone()).ok()?;
        Some(Timestamp(start.timestamp().as_microsecond()))
    }

    /// Shortest, for lists: the time of today, "Yesterday", the day of this week, the date, the date with its year.
    pub fn short(&self, at: Timestamp) -> Markup {
        let there = self.there(at);
        element(&there, &self.short_text(&there))
    }

    /// For a conversation: "Today, 08:47", "Tue 10 Nov, 11:40".
    pub fn long(&self, at: Timestamp) -> Markup {
        let there = self.there(at);
        element(&there, &self.long_text(&there))
    }

    /// The same without its element, for the middle of a sentence; also of what is to come.
    pub fn long_said(&self, at: Timestamp) -> String {
        let there = self.there(at);
        let time = there.strftime("%H:%M").to_string();
        let ahead = self.now.date().tomorrow().is_ok_and(|it| it == there.date());
        if ahead {
            t_with("day-and-time", &[("day", t("tomorrow").into()), ("time", time.into())])
        } else {
            self.long_text(&there)
        }
    }

    /// Shortest, for what is to come: the time of today, the day within a week, the date.
    pub fn short_ahead(&self, at: Timestamp) -> Markup {
        let there = self.there(at);
        let days =
            (0..7).find(|days| self.now.date().checked_add(i64::from(*days).days()).is_ok_and(|it| it == there.date()));
        let text = match days {
            Some(0) => there.strftime("%H:%M").to_string(),
            Some(_) => there.strftime("%a %H:%M").to_string(),
            None => there.strftime("%-d %b").to_string(),
        };
        element(&there, &text)
    }

    /// Good moments to look at something again: a word for each.
    pub fn later(&self) -> Vec<(&'static str, Timestamp)> {
        let zone = self.now.time_zone();
        let today = self.now.date();
        let hour = self.now.timestamp().as_microsecond() + 3_600_000_000;
        let at = |day: Date, hour: i8| {
            let there = day.at(hour, 0, 0, 0).to_zoned_datetime(zone.clone()).ok()?;
            Some(Timestamp(there.timestamp().as_microsecond()))
        };
        let monday = i64::from(7 - self.now.weekday().to_monday_zero_offset());
        let evening = at(today, 17).filter(|it| it.0 > hour);
        let next = |days: i64| today.checked_add(days.days()).ok().and_then(|it| at(it, 8));
        let all = [
            ("snooze-hour", Some(Timestamp(hour))),
            ("snooze-evening", evening),
            ("snooze-tomorrow", next(1)),
            ("snooze-week", next(monday).filter(|_| monday > 1)),
        ];
        all.into_iter().filter_map(|(word, at)| Some((word, at?))).collect()
    }

    /// By when something is due: "today", "tomorrow", "Wed 2 Dec"; with the time, unless that is the end of the day.
    pub fn by(&self, at: Timestamp) -> String {
        let there = self.there(at);
        let (today, day) = (self.now.date(), there.date());
        let said = match today.until(day).map(|it| it.get_days()) {
            Ok(0) => t("today").to_lowercase(),
            Ok(1) => t("tomorrow").to_lowercase(),
            Ok(-1) => t("yesterday").to_lowercase(),
            _ if there.year() == self.now.year() => there.strftime("%a %-d %b").to_string(),
            _ => there.strftime("%a %-d %b %Y").to_string(),
        };
        if (there.hour(), there.minute()) == (23, 59) {
            return said;
        }
        let time = there.strftime("%H:%M").to_string();
        t_with("day-and-time", &[("day", said.into()), ("time", time.into())])
    }

    /// Where that is.
    pub fn zone(&self) -> &TimeZone {
        self.now.time_zone()
    }

    /// How long ago it was; nothing if it is to come.
    pub fn since(&self, at: Timestamp) -> std::time::Duration {
        self.now.timestamp().duration_since(moment(at)).try_into().unwrap_or_default()
    }

    /// A moment as the field of a form takes it, on the clock of this place.
    pub fn field(&self, at: Timestamp) -> String {
        self.there(at).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        Timestamp(self.now.timestamp().as_microsecond())
    }

    /// The time alone, where the day stands above it: "08:47".
    pub fn time(&self, at: Timestamp) -> Markup {
        let there = self.there(at);
        element(&there, &there.strftime("%H:%M").to_string())
    }

    /// The day alone, for headings: "Today", "Yesterday", "Tuesday 10 November".
    pub fn day(&self, at: Timestamp) -> String {
        let there = self.there(at);
        match self.days_ago(there.date()) {
            Some(0) => t("today").to_owned(),
            Some(1) => t("yesterday").to_owned(),
            _ if there.year() == self.now.year() => there.strftime("%A %-d %B").to_string(),
            _ => there.strftime("%A %-d %B %Y").to_string(),
        }
    }

    /// Whether two moments are on the same day here.
    pub fn same_day(&self, a: Timestamp, b: Timestamp) -> bool {
        self.there(a).date() == self.there(b).date()
    }

    /// How long it is until then; nothing if that is over.
    pub fn until(&self, at: Timestamp) -> std::time::Duration {
        moment(at).duration_since(self.now.timestamp()).try_into().unwrap_or_default()
    }

    fn there(&self, at: Timestamp) -> ZonedDateTime {
        moment(at).to_zoned_datetime(self.now.time_zone().clone())
    }

    fn short_text(&self, there: &ZonedDateTime) -> String {
        match self.days_ago(there.date()) {
            Some(0) => there.strftime("%H:%M").to_string(),
            Some(1) => t("yesterday").to_owned(),
            Some(2..=6) => there.strftime("%a").to_string(),
            _ if there.year() == self.now.year() => there.strftime("%-d %b").to_string(),
            _ => there.strftime("%-d %b %Y").to_string(),
        }
    }

    fn long_text(&self, there: &ZonedDateTime) -> String {
        let time = there.strftime("%H:%M").to_string();
        let day = match self.days_ago(there.date()) {
            Some(0) => t("today").to_owned(),
            Some(1) => t("yesterday").to_owned(),
            _ if there.year() == self.now.year() => there.strftime("%a %-d %b").to_string(),
            _ => there.strftime("%a %-d %b %Y").to_string(),
        };
        t_with("day-and-time", &[("day", day.into()), ("time", time.into())])
    }

    /// How many days ago, if it is within a week.
    fn days_ago(&self, day: Date) -> Option<i32> {
        let today = self.now.date();
        (0..7).find(|ago| today.checked_sub(ago.days()).is_ok_and(|it| it == day))
    }
}

fn element(there: &ZonedDateTime, text: &str) -> Markup {
    let exact = there.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    let whole = there.strftime("%A %-d %B %Y, %H:%M").to_string();
    html! { time datetime=(exact) title=(whole) { (text) } }
}

/// A moment outside of what a calendar knows is its nearest end.
fn moment(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_microsecond(at.0).unwrap_or(if at.0 < 0 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<ZonedDateTime>().unwrap().timestamp().as_microsecond())
    }

    fn clock() -> Clock {
        Clock::new(at("2026-11-12T09:05[Europe/Berlin]"), TimeZone::get("Europe/Berlin").unwrap())
    }

    #[test]
    fn a_time_is_told_as_a_colleague_would() {
        let clock = clock();
        for (when, short, long) in [
            ("2026-11-12T08:47[Europe/Berlin]", "08:47", "Today, 08:47"),
            ("2026-11-11T23:59[Europe/Berlin]", "Yesterday", "Yesterday, 23:59"),
            // It is still the eleventh there, but already the twelfth here.
            ("2026-11-11T23:59[Europe/London]", "00:59", "Today, 00:59"),
            ("2026-11-10T11:40[Europe/Berlin]", "Tue", "Tue 10 Nov, 11:40"),
            ("2026-11-03T11:40[Europe/Berlin]", "3 Nov", "Tue 3 Nov, 11:40"),
            ("2025-11-03T11:40[Europe/Berlin]", "3 Nov 2025", "Mon 3 Nov 2025, 11:40"),
            ("2026-11-14T11:40[Europe/Berlin]", "14 Nov", "Sat 14 Nov, 11:40"),
        ] {
            let there = clock.there(at(when));
            assert_eq!(clock.short_text(&there), short, "{when}");
            assert_eq!(clock.long_text(&there), long, "{when}");
        }
    }

    #[test]
    fn the_exact_time_stands_behind_the_told_one() {
        assert_eq!(
            clock().short(at("2026-11-10T11:40[Europe/Berlin]")).into_string(),
            "<time datetime=\"2026-11-10T11:40:00+01:00\" title=\"Tuesday 10 November 2026, 11:40\">Tue</time>"
        );
    }

    #[test]
    fn the_ends_of_time_are_told_without_trouble() {
        let clock = clock();
        assert!(!clock.day(Timestamp(i64::MAX)).is_empty());
        assert!(!clock.day(Timestamp(i64::MIN)).is_empty());
        assert!(clock.same_day(Timestamp(0), Timestamp(1)));
    }
}
