//! Business hours: when somebody is there to answer.

use serde::{Deserialize, Serialize};

/// From when to when, in minutes since midnight; `to` is not in it any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first minute.
    pub from: u16,
    /// The minute behind the last.
    pub to: u16,
}

/// The business hours of a week, in the time zone of the organization. By default always.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// Monday first; none on days when nobody is there. An empty list means always.
    pub days: Vec<Option<Span>>,
    /// Days on which nobody is there all the same, as `2026-12-25`, or `12-25` for every year.
    pub closed: Vec<String>,
}

/// A moment as clocks on the wall show it.
#[derive(Clone, Copy, Debug)]
pub struct WallTime {
    /// The year.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31.
    pub day: i8,
    /// Monday is 0.
    pub weekday: usize,
    /// Since midnight.
    pub minute: u16,
}

impl Hours {
    /// Whether somebody is there.
    pub fn is_open(&self, at: WallTime) -> bool {
        self.on(at).is_some_and(|it| it.from <= at.minute && at.minute < it.to)
    }

    /// From when to when somebody is there on that day, whatever its hour.
    pub fn on(&self, day: WallTime) -> Option<Span> {
        let WallTime { year, month, day, weekday, .. } = day;
        let (once, yearly) = (format!("{year:04}-{month:02}-{day:02}"), format!("{month:02}-{day:02}"));
        if self.closed.iter().any(|it| *it == once || *it == yearly) {
            return None;
        }
        self.days.get(weekday).copied().unwrap_or(Some(Span { from: 0, to: 24 * 60 }))
    }
}
