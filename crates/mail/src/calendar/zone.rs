//! What time it is in the zones that a calendar names: by their IANA names, by those of Windows, or by the rules that the
//! file brings with it (RFC 5545 §3.6.5).

use jiff::Timestamp;
use jiff::civil::{DateTime, Weekday};
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};

use super::line::Line;

/// Zones of one file that are read, and rules of one zone; old ones come first in a zone, so the last rules stay.
const ZONES: usize = 20;
const RULES: usize = 40;

/// The zones of a calendar.
#[derive(Default)]
pub(super) struct Zones {
    all: Vec<Own>,
    /// Whether what comes belongs to one too many.
    full: bool,
}

/// A zone that the file describes.
#[derive(Default)]
struct Own {
    id: String,
    rules: Vec<Rule>,
}

/// From when which offset holds.
#[derive(Default)]
struct Rule {
    daylight: bool,
    offset: Option<Offset>,
    starts: Option<DateTime>,
    month: Option<i8>,
    /// Which weekday of the month, from its start or its end.
    day: Option<(i8, Weekday)>,
}

impl Zones {
    pub(super) fn begin(&mut self) {
        self.full = self.all.len() >= ZONES;
        if !self.full {
            self.all.push(Own::default());
        }
    }

    pub(super) fn begin_rule(&mut self, daylight: bool) {
        if let Some(zone) = self.all.last_mut().filter(|_| !self.full) {
            if zone.rules.len() == RULES {
                zone.rules.remove(0);
            }
            zone.rules.push(Rule { daylight, ..Rule::default() });
        }
    }

    pub(super) fn take(&mut self, line: &Line<'_>) {
        let Some(zone) = self.all.last_mut().filter(|_| !self.full) else { return };
        if line.name == "TZID" {
            line.value.trim().clone_into(&mut zone.id);
            zone.id.truncate(zone.id.floor_char_boundary(200));
            return;
        }
        let Some(rule) = zone.rules.last_mut() else { return };
        match line.name.as_str() {
            "TZOFFSETTO" => rule.offset = offset(line.value.trim()),
            "DTSTART" => {
                rule.starts = match super::Time::of(line) {
                    Some(super::Time::Wall(at, _) | super::Time::Universal(at)) => Some(at),
                    _ => None,
                };
            }
            "RRULE" => {
                for (name, value) in line.value.split(';').take(20).filter_map(|it| it.split_once('=')) {
                    match name.trim().to_ascii_uppercase().as_str() {
                        "BYMONTH" => rule.month = value.trim().parse().ok().filter(|it| (1..=12).contains(it)),
                        "BYDAY" => rule.day = weekday(value.trim()),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    /// The instant of the wall time `at` in the zone `id`, and the zone's IANA name if it is known.
    pub(super) fn instant(&self, id: &str, at: DateTime) -> Option<(Timestamp, Option<String>)> {
        if let Some(zone) = known(id) {
            let instant = zone.to_ambiguous_timestamp(at).compatible().ok()?;
            return Some((instant, zone.iana_name().map(str::to_owned)));
        }
        let zone = self.all.iter().find(|it| it.id == id)?;
        let offset = zone.offset(at)?;
        Some((offset.to_timestamp(at).ok()?, None))
    }
}

impl Own {
    /// The offset that holds at the wall time `at`.
    fn offset(&self, at: DateTime) -> Option<Offset> {
        let last = |daylight: bool| {
            let sound = |it: &&Rule| it.daylight == daylight && it.offset.is_some();
            let begun = self.rules.iter().rev().filter(sound).find(|it| it.starts.is_none_or(|from| from <= at));
            begun.or_else(|| self.rules.iter().find(sound))
        };
        let (Some(standard), Some(daylight)) = (last(false), last(true)) else {
            return last(false).or_else(|| last(true))?.offset;
        };
        let (Some(winter), Some(summer)) = (standard.in_year(at.year()), daylight.in_year(at.year())) else {
            return standard.offset;
        };
        // In the south summer lasts over the new year.
        let is_summer = if summer < winter { at >= summer && at < winter } else { at >= summer || at < winter };
        if is_summer { daylight.offset } else { standard.offset }
    }
}

impl Rule {
    /// When it begins in a year.
    fn in_year(&self, year: i16) -> Option<DateTime> {
        let starts = self.starts?;
        let (Some(month), Some((nth, weekday))) = (self.month, self.day) else {
            // A rule that does not come again, of a zone that has none.
            return (starts.year() == year).then_some(starts);
        };
        let first = jiff::civil::Date::new(year, month, 1).ok()?;
        Some(first.nth_weekday_of_month(nth, weekday).ok()?.to_datetime(starts.time()))
    }
}

/// `+0100`, `-033000`.
fn offset(text: &str) -> Option<Offset> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = text.trim_start_matches(['+', '-']);
    let part = |from: usize| digits.get(from..from + 2).and_then(|it| it.parse::<i32>().ok());
    let seconds = part(0)? * 3_600 + part(2)? * 60 + part(4).unwrap_or(0);
    Offset::from_seconds(sign * seconds).ok()
}

/// `-1SU`, `2SU`.
fn weekday(text: &str) -> Option<(i8, Weekday)> {
    let text = text.to_ascii_uppercase();
    let (number, name) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let day = match name {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    };
    let number: i8 = number.parse().ok()?;
    (number != 0 && (-5..=5).contains(&number)).then_some((number, day))
}

/// The zone that a name means everywhere.
fn known(id: &str) -> Option<TimeZone> {
    let all = TimeZoneDatabase::bundled();
    let id = id.trim().trim_matches('"');
    let iana = |name: &str| {
        let sound = !name.is_empty() && name.len() <= 60 && name.is_ascii();
        if sound { all.get(name).ok() } else { None }
    };
    if let Some(found) = iana(id) {
        return Some(found);
    }
    if let Some(name) = WINDOWS.iter().find(|it| it.0.eq_ignore_ascii_case(id)) {
        return iana(name.1);
    }
    // Some programs put their own name before it: `/example.org/2005/Europe/Berlin`.
    let parts: Vec<&str> = id.split('/').filter(|it| !it.is_empty()).collect();
    [3, 2].into_iter().filter(|count| parts.len() >= *count).find_map(|it| iana(&parts[parts.len() - it..].join("/")))
}

/// Zones by the names of Windows, and one place in each.
const WINDOWS: &[(&str, &str)] = &[
    ("AUS Central Standard Time", "Australia/Darwin"),
    ("AUS Eastern Standard Time", "Australia/Sydney"),
    ("Alaskan Standard Time", "America/Anchorage"),
    ("Arab Standard Time", "Asia/Riyadh"),
    ("Arabian Standard Time", "Asia/Dubai"),
    ("Arabic Standard Time", "Asia/Baghdad"),
    ("Argentina Standard Time", "America/Argentina/Buenos_Aires"),
    ("Atlantic Standard Time", "America/Halifax"),
    ("Azores Standard Time", "Atlantic/Azores"),
    ("Bangladesh Standard Time", "Asia/Dhaka"),
    ("Belarus Standard Time", "Europe/Minsk"),
    ("Cape Verde Standard Time", "Atlantic/Cape_Verde"),
    ("Caucasus Standard Time", "Asia/Yerevan"),
    ("Cen. Australia Standard Time", "Australia/Adelaide"),
    ("Central America Standard Time", "America/Guatemala"),
    ("Central Asia Standard Time", "Asia/Almaty"),
    ("Central Brazilian Standard Time", "America/Cuiaba"),
    ("Central Europe Standard Time", "Europe/Budapest"),
    ("Central European Standard Time", "Europe/Warsaw"),
    ("Central Pacific Standard Time", "Pacific/Guadalcanal"),
    ("Central Standard Time", "America/Chicago"),
    ("Central Standard Time (Mexico)", "America/Mexico_City"),
    ("China Standard Time", "Asia/Shanghai"),
    ("E. Africa Standard Time", "Africa/Nairobi"),
    ("E. Australia Standard Time", "Australia/Brisbane"),
    ("E. Europe Standard Time", "Europe/Chisinau"),
    ("E. South America Standard Time", "America/Sao_Paulo"),
    ("Eastern Standard Time", "America/New_York"),
    ("Egypt Standard Time", "Africa/Cairo"),
    ("FLE Standard Time", "Europe/Helsinki"),
    ("GMT Standard Time", "Europe/London"),
    ("GTB Standard Time", "Europe/Bucharest"),
    ("Georgian Standard Time", "Asia/Tbilisi"),
    ("Greenland Standard Time", "America/Nuuk"),
    ("Greenwich Standard Time", "Atlantic/Reykjavik"),
    ("Hawaiian Standard Time", "Pacific/Honolulu"),
    ("India Standard Time", "Asia/Kolkata"),
    ("Iran Standard Time", "Asia/Tehran"),
    ("Israel Standard Time", "Asia/Jerusalem"),
    ("Jordan Standard Time", "Asia/Amman"),
    ("Kaliningrad Standard Time", "Europe/Kaliningrad"),
    ("Korea Standard Time", "Asia/Seoul"),
    ("Mauritius Standard Time", "Indian/Mauritius"),
    ("Middle East Standard Time", "Asia/Beirut"),
    ("Montevideo Standard Time", "America/Montevideo"),
    ("Morocco Standard Time", "Africa/Casablanca"),
    ("Mountain Standard Time", "America/Denver"),
    ("Myanmar Standard Time", "Asia/Yangon"),
    ("Namibia Standard Time", "Africa/Windhoek"),
    ("Nepal Standard Time", "Asia/Kathmandu"),
    ("New Zealand Standard Time", "Pacific/Auckland"),
    ("Newfoundland Standard Time", "America/St_Johns"),
    ("Pacific SA Standard Time", "America/Santiago"),
    ("Pacific Standard Time", "America/Los_Angeles"),
    ("Pakistan Standard Time", "Asia/Karachi"),
    ("Paraguay Standard Time", "America/Asuncion"),
    ("Romance Standard Time", "Europe/Paris"),
    ("Russian Standard Time", "Europe/Moscow"),
    ("SA Eastern Standard Time", "America/Cayenne"),
    ("SA Pacific Standard Time", "America/Bogota"),
    ("SA Western Standard Time", "America/La_Paz"),
    ("SE Asia Standard Time", "Asia/Bangkok"),
    ("Singapore Standard Time", "Asia/Singapore"),
    ("South Africa Standard Time", "Africa/Johannesburg"),
    ("Sri Lanka Standard Time", "Asia/Colombo"),
    ("Taipei Standard Time", "Asia/Taipei"),
    ("Tasmania Standard Time", "Australia/Hobart"),
    ("Tokyo Standard Time", "Asia/Tokyo"),
    ("Turkey Standard Time", "Europe/Istanbul"),
    ("US Eastern Standard Time", "America/Indiana/Indianapolis"),
    ("US Mountain Standard Time", "America/Phoenix"),
    ("UTC", "Etc/UTC"),
    ("Venezuela Standard Time", "America/Caracas"),
    ("W. Australia Standard Time", "Australia/Perth"),
    ("W. Central Africa Standard Time", "Africa/Lagos"),
    ("W. Europe Standard Time", "Europe/Berlin"),
    ("West Asia Standard Time", "Asia/Tashkent"),
];
