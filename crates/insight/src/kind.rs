//! What a word is besides its letters: a number, a day, a time.

use jiff::civil::{Date, Time};
use serde::Deserialize;

/// What a word means for a date or a time.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Kind {
    /// A word like any other.
    Plain,
    /// A number; of a range like `3-5` the upper end, because that is what one can rely on.
    Number(u16),
    /// `14th`.
    Ordinal(i8),
    /// Monday is 1.
    Weekday(i8),
    /// January is 1.
    Month(i8),
    /// A unit of time.
    Unit(Unit),
    /// `48h`.
    Amount(u16, Unit),
    /// A whole date that can be read in one way only.
    Date(Date),
    /// A day and a month that can be read in one way only.
    DayMonth(i8, i8),
    /// A time of day.
    Clock(Time),
    /// Before noon, 0, or after it, 1.
    Half(i8),
}

/// A unit of time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
}

/// What a word is that the rules do not list, by its shape. It is in lower case.
pub(crate) fn shape(word: &str) -> Kind {
    if !word.starts_with(|it: char| it.is_ascii_digit()) || word.len() > 12 {
        return Kind::Plain;
    }
    number(word).or_else(|| date(word)).or_else(|| clock(word)).or_else(|| suffixed(word)).unwrap_or(Kind::Plain)
}

/// `3`, `3-5`.
fn number(word: &str) -> Option<Kind> {
    let upper = word.split_once(['-', '–']).map_or(word, |it| it.1);
    if upper.len() != word.len() && word.split(['-', '–']).any(|it| it.len() > 2) {
        return None;
    }
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let valid = word.split(['-', '–']).all(digits) && word.split(['-', '–']).count() < 3;
    if valid { upper.parse().ok().map(Kind::Number) } else { None }
}

/// `2026-11-14`, `14.11.2026`, `14/11`: only if no other order makes a date of it.
fn date(word: &str) -> Option<Kind> {
    let mark = ['-', '.', '/'].into_iter().find(|it| word.contains(*it))?;
    let parts: Vec<i16> = word.split(mark).map(|it| it.parse().ok()).collect::<Option<_>>()?;
    let small = |it: i16| i8::try_from(it).ok();
    match parts[..] {
        [year, month, day] if year > 999 => Date::new(year, small(month)?, small(day)?).ok().map(Kind::Date),
        [first, second, year] => {
            // Of a version, `2.4.1`, no year comes out.
            let year = match year {
                20..=99 => year + 2000,
                1900..=2199 => year,
                _ => return None,
            };
            // Full stops are written only where the day comes first.
            let (day, month) = if mark == '.' { (small(first)?, small(second)?) } else { unambiguous(first, second)? };
            Date::new(year, month, day).ok().map(Kind::Date)
        }
        [first, second] if mark == '/' => {
            let (day, month) = unambiguous(first, second)?;
            Some(Kind::DayMonth(day, month))
        }
        _ => None,
    }
}

/// A day and a month, if the one cannot be the other.
fn unambiguous(first: i16, second: i16) -> Option<(i8, i8)> {
    let (first, second) = (i8::try_from(first).ok()?, i8::try_from(second).ok()?);
    let (day, month) = if first == second || first > 12 {
        (first, second)
    } else if second > 12 {
        (second, first)
    } else {
        return None;
    };
    ((1..=31).contains(&day) && (1..=12).contains(&month)).then_some((day, month))
}

/// `15:00`, `3pm`, `3:30pm`, `15h30`.
fn clock(word: &str) -> Option<Kind> {
    let (digits, half) = match word {
        _ if word.ends_with("am") || word.ends_with("pm") => {
            (&word[..word.len() - 2], Some(i8::from(word.ends_with("pm"))))
        }
        _ if word.ends_with("a.m") || word.ends_with("p.m") => {
            (&word[..word.len() - 3], Some(i8::from(word.ends_with("p.m"))))
        }
        _ => (word, None),
    };
    let (hour, minute) = match digits.split_once([':', 'h', '.']) {
        Some((hour, minute)) if minute.len() == 2 && (half.is_some() || !digits.contains('.')) => {
            (hour.parse::<i8>().ok()?, minute.parse::<i8>().ok()?)
        }
        None if half.is_some() => (digits.parse::<i8>().ok()?, 0),
        _ => return None,
    };
    Some(Kind::Clock(time(hour, minute, half)?))
}

/// A time of day; `half` is 0 before noon and 1 after it, if that is said.
pub(crate) fn time(hour: i8, minute: i8, half: Option<i8>) -> Option<Time> {
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(half) => hour % 12 + 12 * half,
        None => hour,
    };
    Time::new(hour, minute, 0, 0).ok()
}

/// `14th`, `48h`.
fn suffixed(word: &str) -> Option<Kind> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, suffix) = word.split_at(digits);
    let count: u16 = digits.parse().ok()?;
    match suffix {
        "st" | "nd" | "rd" | "th" => i8::try_from(count).ok().filter(|it| (1..=31).contains(it)).map(Kind::Ordinal),
        "h" | "hr" | "hrs" => Some(Kind::Amount(count, Unit::Hour)),
        "min" | "mins" => Some(Kind::Amount(count, Unit::Minute)),
        _ => None,
    }
}
