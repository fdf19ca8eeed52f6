//! By when: days and times as people say them, reckoned from when they were said.
//!
//! "By Wednesday" is the next day of that name, "next Wednesday" the one of the week after this. "This week" ends on Friday.
//! Working days leave out Saturdays and Sundays; holidays are not known here. A range ends with its later end, because that
//! is what the customer can hold us to. What is vague, such as "soon", is no due date.

use std::cmp::Reverse;

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time, Weekday};

use crate::kind::{Kind, Unit, time};
use crate::pattern::Hit;
use crate::rules::{Rules, When};
use crate::turn::Due;
use crate::words::Word;

/// A day or a time in a sentence, and the words that say it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Spoken {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) due: Due,
    /// Whether it only points back to what was said before.
    pub(crate) back: bool,
}

/// Everything in a sentence that says by when; `last` is what was spoken of before.
pub(crate) fn spoken(words: &[Word], said: DateTime, last: Option<Due>, rules: &Rules) -> Vec<Spoken> {
    let hits = longest(rules.whens(words));
    let mut out: Vec<Spoken> = Vec::new();
    let mut rest = &hits[..];
    while let Some(first) = rest.first() {
        // What stands side by side is one: a weekday, a date and a time.
        let mut count = 1;
        while rest.get(count).is_some_and(|it| it.sign != When::Other && first.sign != When::Other)
            && rest[count].start <= rest[count - 1].end + 1
        {
            count += 1;
        }
        let (group, after) = rest.split_at(count);
        rest = after;
        let last = out.last().map(|it| it.due).or(last);
        if let Some(due) = resolve(group, words, said, last) {
            out.push(Spoken { start: first.start, end: group[count - 1].end, due, back: first.sign == When::ThatDay });
        }
    }
    out
}

/// Of what overlaps, what says most.
fn longest(mut hits: Vec<Hit<When>>) -> Vec<Hit<When>> {
    hits.sort_by_key(|it| (Reverse(it.end - it.start), it.sign != When::Other, it.start));
    let mut out: Vec<Hit<When>> = Vec::new();
    for hit in hits {
        if out.iter().all(|it| hit.end <= it.start || it.end <= hit.start) {
            out.push(hit);
        }
    }
    out.sort_by_key(|it| it.start);
    out
}

/// The day and the time that words side by side mean together.
fn resolve(group: &[Hit<When>], words: &[Word], said: DateTime, last: Option<Due>) -> Option<Due> {
    let mut best: Option<(u8, Date)> = None;
    let (mut clock, mut hour): (Option<Time>, Option<Time>) = (None, None);
    for hit in group {
        let kinds: Vec<Kind> = words[hit.start..hit.end].iter().map(|it| it.kind).collect();
        match hit.sign {
            When::Other => return None,
            When::Clock => clock = clock.or_else(|| time_of(&kinds, half(group, words))),
            When::Hour => hour = hour.or_else(|| time_of(&kinds, half(group, words))),
            When::Noon => clock = Some(Time::constant(12, 0, 0, 0)),
            When::ThatDay if group.len() == 1 => {
                return Some(Due {
                    time: last.and_then(|it| it.time).filter(|_| hit.end == hit.start + 1),
                    date: last?.date,
                });
            }
            When::HalfHour => return moment(said, 30.minutes()),
            When::In => {
                if let Some(moment) = from_now(&kinds, said) {
                    return Some(moment);
                }
            }
            _ => {}
        }
        if let Some(day) = day(hit.sign, &kinds, said.date(), last)
            && best.is_none_or(|it| it.0 < day.0)
        {
            best = Some(day);
        }
    }
    match (best, clock) {
        (Some((_, date)), clock) => Some(Due { date, time: clock.or(hour) }),
        (None, Some(time)) => {
            let date = if time > said.time() { said.date() } else { said.date().tomorrow().ok()? };
            Some(Due { date, time: Some(time) })
        }
        (None, None) => None,
    }
}

/// The day that is meant, and how exactly it is said.
fn day(when: When, kinds: &[Kind], said: Date, last: Option<Due>) -> Option<(u8, Date)> {
    let weekday = || kinds.iter().find_map(|it| if let Kind::Weekday(day) = it { Some(*day) } else { None });
    let month = || kinds.iter().find_map(|it| if let Kind::Month(month) = it { Some(*month) } else { None });
    Some(match when {
        When::Today => (3, said),
        When::Tomorrow => (4, after(said, 1)?),
        When::DayAfterTomorrow => (4, after(said, 2)?),
        When::Weekday => (4, coming(said, weekday()?)?),
        When::WeekdayNextWeek => (6, after(next_monday(said)?, i32::from(weekday()?) - 1)?),
        When::ThisWeek => (2, this_friday(said)?),
        When::NextWeek => (5, after(next_monday(said)?, 4)?),
        When::ThisMonth => match month() {
            Some(month) => (5, month_of(said, month)?.last_of_month()),
            None => (5, said.last_of_month()),
        },
        When::NextMonth => (5, after(said.last_of_month(), 1)?.last_of_month()),
        When::Day => (7, day_of_month(said, ordinal(kinds)?)?),
        When::Date => (8, date(kinds, said)?),
        When::Workdays => (6, workdays(kinds, said)?),
        When::Midnight | When::EndOfDay => (1, said),
        When::ThatDay => (2, last.map_or(said, |it| it.date)),
        When::In | When::HalfHour | When::Clock | When::Hour | When::Noon | When::Other => return None,
    })
}

fn after(day: Date, days: i32) -> Option<Date> {
    day.checked_add(days.days()).ok()
}

/// The next day of that name after this day.
fn coming(said: Date, weekday: i8) -> Option<Date> {
    let ahead = (weekday - said.weekday().to_monday_one_offset() + 6).rem_euclid(7) + 1;
    after(said, i32::from(ahead))
}

fn next_monday(said: Date) -> Option<Date> {
    coming(said, Weekday::Monday.to_monday_one_offset())
}

/// The end of this week's work; at the weekend, of the next.
fn this_friday(said: Date) -> Option<Date> {
    if said.weekday() == Weekday::Friday { Some(said) } else { coming(said, Weekday::Friday.to_monday_one_offset()) }
}

/// The first day of that month, in the year in which it comes next.
fn month_of(said: Date, month: i8) -> Option<Date> {
    let year = if month < said.month() { said.year().checked_add(1)? } else { said.year() };
    Date::new(year, month, 1).ok()
}

/// The next day with that number, this one included.
fn day_of_month(said: Date, day: i8) -> Option<Date> {
    let mut first = said.first_of_month();
    for _ in 0..3 {
        if let Ok(it) = Date::new(first.year(), first.month(), day)
            && it >= said
        {
            return Some(it);
        }
        first = after(first.last_of_month(), 1)?;
    }
    None
}

fn ordinal(kinds: &[Kind]) -> Option<i8> {
    kinds.iter().find_map(|it| if let Kind::Ordinal(day) = it { Some(*day) } else { None })
}

/// A day with its month, and with its year if that is said; else the next such day.
fn date(kinds: &[Kind], said: Date) -> Option<Date> {
    let (mut day, mut month, mut year) = (None, None, None);
    for kind in kinds {
        match *kind {
            Kind::Date(it) => return Some(it),
            Kind::DayMonth(first, second) => (day, month) = (Some(first), Some(second)),
            Kind::Ordinal(it) => day = Some(it),
            Kind::Month(it) => month = Some(it),
            Kind::Number(it) if (2000..2100).contains(&it) => year = i16::try_from(it).ok(),
            Kind::Number(it) if day.is_none() => day = i8::try_from(it).ok(),
            _ => {}
        }
    }
    let (day, month) = (day?, month?);
    if let Some(year) = year {
        return Date::new(year, month, day).ok();
    }
    let this = Date::new(said.year(), month, day).ok();
    this.filter(|it| *it >= said).or_else(|| Date::new(said.year().checked_add(1)?, month, day).ok())
}

/// So many units from when it was said; without a number, one. Hours have a time, days have none.
fn from_now(kinds: &[Kind], said: DateTime) -> Option<Due> {
    let (mut count, mut unit) = (None, None);
    for kind in kinds {
        match *kind {
            // "A couple of", "one or two": the later number counts.
            Kind::Number(it) => count = Some(it),
            Kind::Unit(it) => unit = Some(it),
            Kind::Amount(many, it) => (count, unit) = (Some(many), Some(it)),
            _ => {}
        }
    }
    let count = i32::from(count.unwrap_or(1));
    let day = |date: Option<Date>| date.map(|date| Due { date, time: None });
    match unit? {
        Unit::Minute => moment(said, count.minutes()),
        Unit::Hour => moment(said, count.hours()),
        Unit::Day => day(after(said.date(), count)),
        Unit::Week => day(after(said.date(), count.checked_mul(7)?)),
        Unit::Month => day(said.date().checked_add(count.months()).ok()),
    }
}

fn moment(said: DateTime, span: jiff::Span) -> Option<Due> {
    let at = said.checked_add(span).ok()?;
    Some(Due { date: at.date(), time: Some(at.time()) })
}

/// So many working days from now.
fn workdays(kinds: &[Kind], said: Date) -> Option<Date> {
    let count = kinds.iter().rev().find_map(|it| if let Kind::Number(it) = it { Some(*it) } else { None }).unwrap_or(1);
    let unit = kinds.iter().find_map(|it| if let Kind::Unit(it) = it { Some(*it) } else { None });
    let count = match unit {
        Some(Unit::Week) => count.checked_mul(5)?,
        // Hours of work are days of work from eight hours on.
        Some(Unit::Hour) => count.div_ceil(24),
        _ => count,
    };
    let mut day = said;
    for _ in 0..count.min(400) {
        day = after(day, 1)?;
        while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            day = after(day, 1)?;
        }
    }
    Some(day)
}

/// Whether the words say before noon or after it.
fn half(group: &[Hit<When>], words: &[Word]) -> Option<i8> {
    let all = group.iter().flat_map(|it| &words[it.start..it.end]);
    all.rev().find_map(|it| if let Kind::Half(half) = it.kind { Some(half) } else { None })
}

/// The time that is said last. An hour without a half of the day is one of working hours.
fn time_of(kinds: &[Kind], half: Option<i8>) -> Option<Time> {
    kinds.iter().rev().find_map(|it| match *it {
        Kind::Clock(it) => {
            let later = half == Some(1) && it.hour() < 12;
            Some(if later { time(it.hour() + 12, it.minute(), None).unwrap_or(it) } else { it })
        }
        Kind::Number(hour) => {
            let hour = i8::try_from(hour).ok().filter(|it| *it <= 24)?;
            match half {
                Some(_) if hour <= 12 => time(hour, 0, half),
                None if (1..7).contains(&hour) => time(hour + 12, 0, None),
                _ => time(hour, 0, None),
            }
        }
        _ => None,
    })
}
