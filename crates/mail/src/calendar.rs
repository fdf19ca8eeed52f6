//! The meeting in a calendar file (RFC 5545), as far as a person who answers a mail needs it.
//!
//! One pass over the lines, nothing nested: of a file beyond [`limits::CALENDAR`] only the start is read. A reader of whole
//! calendars is not needed for a dozen properties of one meeting, and would have to be kept from what it does beyond them:
//! lists of dates without end, and alarms.

mod line;
mod recurrence;
mod zone;

use domain::{
    Attendance, Attendee, Email, FileKind, Invitation, InvitationMethod, MeetingStatus, Moment, Party, Timestamp,
};
use jiff::civil::{Date, DateTime};

use crate::clean::{cut, label, readable};
use crate::decode;
use crate::limits;
use crate::read::File;
use line::Line;
use zone::Zones;

/// People of a meeting that are read.
const ATTENDEES: usize = 100;

/// Bytes of a description that are kept.
const DESCRIPTION: usize = 10_000;

/// The meeting of the first calendar file that has one.
pub(crate) fn invitation(files: &[File]) -> Option<Invitation> {
    let calendars = files.iter().filter(|it| FileKind::of(&it.media_type, &it.name) == Some(FileKind::Calendar));
    calendars.take(3).find_map(|it| {
        let start = &it.bytes[..it.bytes.len().min(limits::CALENDAR)];
        meeting(&decode::text(start.into(), None))
    })
}

/// The properties of a meeting, as they stand there.
#[derive(Default)]
struct Event<'a> {
    uid: String,
    sequence: u32,
    summary: String,
    location: String,
    description: String,
    starts: Option<Line<'a>>,
    ends: Option<Line<'a>>,
    duration: Option<String>,
    organizer: Option<Party>,
    attendees: Vec<Attendee>,
    rule: Option<String>,
    occurrence: Option<Line<'a>>,
    status: Option<MeetingStatus>,
}

fn meeting(text: &str) -> Option<Invitation> {
    let lines = line::unfolded(text);
    let mut zones = Zones::default();
    let mut method = None;
    let mut event: Option<Event<'_>> = None;
    let mut count = 0;
    // Which components are open; alarms stand within meetings.
    let mut open: Vec<&str> = Vec::new();
    let mut calendar = false;
    for text in &lines {
        let Some(line) = Line::of(text) else { continue };
        match line.name.as_str() {
            "BEGIN" => {
                let name = ["VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT"]
                    .into_iter()
                    .find(|it| line.value.trim().eq_ignore_ascii_case(it));
                calendar = calendar || name == Some("VCALENDAR");
                if open.len() < 8 {
                    open.push(name.unwrap_or("other"));
                }
                match name {
                    Some("VEVENT") => {
                        count += 1;
                        event.get_or_insert_default();
                    }
                    Some("VTIMEZONE") => zones.begin(),
                    Some(it @ ("STANDARD" | "DAYLIGHT")) => zones.begin_rule(it == "DAYLIGHT"),
                    _ => {}
                }
            }
            "END" => {
                open.pop();
            }
            _ => match open.last() {
                Some(&"VCALENDAR") if line.name == "METHOD" => method = named(&line.value),
                Some(&"VEVENT") if count == 1 => {
                    if let Some(event) = &mut event {
                        event.take(line);
                    }
                }
                Some(&("VTIMEZONE" | "STANDARD" | "DAYLIGHT")) => zones.take(&line),
                _ => {}
            },
        }
    }
    event.filter(|_| calendar).map(|it| it.finish(method.unwrap_or(InvitationMethod::Publish), &zones, count))
}

fn named(method: &str) -> Option<InvitationMethod> {
    Some(match method.trim().to_ascii_uppercase().as_str() {
        "PUBLISH" => InvitationMethod::Publish,
        "REQUEST" => InvitationMethod::Request,
        "REPLY" => InvitationMethod::Reply,
        "ADD" => InvitationMethod::Add,
        "CANCEL" => InvitationMethod::Cancel,
        "REFRESH" => InvitationMethod::Refresh,
        "COUNTER" => InvitationMethod::Counter,
        "DECLINECOUNTER" => InvitationMethod::DeclineCounter,
        _ => return None,
    })
}

impl<'a> Event<'a> {
    fn take(&mut self, line: Line<'a>) {
        let once = |slot: &mut String, value: String| {
            if slot.is_empty() {
                *slot = value;
            }
        };
        match line.name.as_str() {
            "UID" => once(&mut self.uid, cut(&label(&line.value), 300).to_owned()),
            "SUMMARY" => once(&mut self.summary, label(&line.text())),
            "LOCATION" => once(&mut self.location, label(&line.text())),
            "DESCRIPTION" => {
                let text = readable(line.text().into());
                once(&mut self.description, cut(text.trim(), DESCRIPTION).trim_end().to_owned());
            }
            "SEQUENCE" => self.sequence = line.value.trim().parse().unwrap_or(0),
            "STATUS" => {
                self.status = match line.value.trim().to_ascii_uppercase().as_str() {
                    "TENTATIVE" => Some(MeetingStatus::Tentative),
                    "CONFIRMED" => Some(MeetingStatus::Confirmed),
                    "CANCELLED" | "CANCELED" => Some(MeetingStatus::Cancelled),
                    _ => None,
                };
            }
            "ORGANIZER" => self.organizer = self.organizer.take().or_else(|| party(&line)),
            "ATTENDEE" if self.attendees.len() < ATTENDEES => self.attendees.extend(attendee(&line)),
            "DURATION" => self.duration = Some(cut(&line.value, 40).to_owned()),
            "RRULE" if self.rule.is_none() => self.rule = Some(cut(&line.value, 500).to_owned()),
            "DTSTART" => self.starts = self.starts.take().or(Some(line)),
            "DTEND" => self.ends = self.ends.take().or(Some(line)),
            "RECURRENCE-ID" => self.occurrence = self.occurrence.take().or(Some(line)),
            _ => {}
        }
    }

    fn finish(self, method: InvitationMethod, zones: &Zones, count: u32) -> Invitation {
        let start = self.starts.as_ref().and_then(Time::of);
        let end = self.ends.as_ref().and_then(Time::of);
        let lasting = self.duration.as_deref().and_then(seconds);
        let end = end.or_else(|| start.as_ref().and_then(|it| it.after(lasting?)));
        // The end of whole days is the day behind the last.
        let end = match (&start, end) {
            (Some(Time::Day(first)), Some(Time::Day(end))) => {
                Some(Time::Day(if end > *first { end.yesterday().unwrap_or(end) } else { *first }))
            }
            (Some(Time::Day(first)), None) => Some(Time::Day(*first)),
            (_, end) => end,
        };
        Invitation {
            method,
            uid: self.uid,
            sequence: self.sequence,
            summary: self.summary,
            location: self.location,
            description: self.description,
            starts: start.map(|it| it.moment(zones)),
            ends: end.map(|it| it.moment(zones)),
            organizer: self.organizer,
            attendees: self.attendees,
            recurrence: self.rule.as_deref().and_then(recurrence::words),
            occurrence: self.occurrence.as_ref().and_then(Time::of).map(|it| it.moment(zones)),
            status: self.status,
            count,
        }
    }
}

/// The person in an ORGANIZER or ATTENDEE.
fn party(line: &Line<'_>) -> Option<Party> {
    let value = line.value.trim();
    let bare = value.get(..7).filter(|it| it.eq_ignore_ascii_case("mailto:")).map_or(value, |_| &value[7..]);
    let address = Email::parse(bare).or_else(|| line.parameter("EMAIL").and_then(Email::parse));
    let name = line.parameter("CN").map(label).unwrap_or_default();
    let repeated = address.as_ref().is_some_and(|it| name.eq_ignore_ascii_case(it.as_str()));
    let name = if repeated { String::new() } else { name };
    (address.is_some() || !name.is_empty()).then_some(Party { name, address })
}

fn attendee(line: &Line<'_>) -> Option<Attendee> {
    let word = |name: &str| line.parameter(name).map(str::to_ascii_uppercase).unwrap_or_default();
    let attendance = match word("PARTSTAT").as_str() {
        "ACCEPTED" => Attendance::Accepted,
        "DECLINED" => Attendance::Declined,
        "TENTATIVE" => Attendance::Tentative,
        "DELEGATED" => Attendance::Delegated,
        _ => Attendance::Unanswered,
    };
    let optional = matches!(word("ROLE").as_str(), "OPT-PARTICIPANT" | "NON-PARTICIPANT");
    party(line).map(|party| Attendee { party, attendance, optional })
}

/// A date or a time, as a property has it.
enum Time {
    Day(Date),
    /// In UTC.
    Universal(DateTime),
    /// In a zone, or wherever one is.
    Wall(DateTime, Option<String>),
}

impl Time {
    /// `20261125`, `20261125T100000` or `20261125T100000Z`.
    fn of(line: &Line<'_>) -> Option<Time> {
        let value = line.value.trim();
        let digits: String = value.chars().filter(|it| !matches!(it, '-' | ':')).take(20).collect();
        if !digits.is_ascii() || digits.len() < 8 {
            return None;
        }
        let number = |from: usize, to: usize| digits.get(from..to).and_then(|it| it.parse::<i16>().ok());
        let small = |from: usize| number(from, from + 2).and_then(|it| i8::try_from(it).ok());
        let day = Date::new(number(0, 4)?, small(4)?, small(6)?).ok()?;
        if !digits[8..].starts_with(['T', 't']) {
            return Some(Time::Day(day));
        }
        // A leap second is the second before it.
        let at = day.at(small(9)?.clamp(0, 23), small(11)?.clamp(0, 59), small(13).unwrap_or(0).clamp(0, 59), 0);
        if digits.ends_with(['Z', 'z']) {
            return Some(Time::Universal(at));
        }
        Some(Time::Wall(at, line.parameter("TZID").map(|it| cut(it, 200).to_owned())))
    }

    fn after(&self, seconds: i64) -> Option<Time> {
        let span = jiff::SignedDuration::from_secs(seconds);
        Some(match self {
            Time::Day(day) => Time::Day(day.checked_add(jiff::SignedDuration::from_secs(seconds.max(86_400))).ok()?),
            Time::Universal(at) => Time::Universal(at.checked_add(span).ok()?),
            Time::Wall(at, zone) => Time::Wall(at.checked_add(span).ok()?, zone.clone()),
        })
    }

    fn moment(self, zones: &Zones) -> Moment {
        let instant = |at: jiff::Timestamp| Timestamp(at.as_microsecond());
        match self {
            Time::Day(day) => Moment::Day(day.to_string()),
            Time::Universal(at) => match jiff::tz::TimeZone::UTC.to_ambiguous_timestamp(at).compatible() {
                Ok(it) => Moment::Instant { at: instant(it), zone: None },
                Err(_) => local(at),
            },
            Time::Wall(at, zone) => match zone.and_then(|it| zones.instant(&it, at)) {
                Some((it, zone)) => Moment::Instant { at: instant(it), zone },
                None => local(at),
            },
        }
    }
}

fn local(at: DateTime) -> Moment {
    Moment::Local(at.strftime("%Y-%m-%dT%H:%M").to_string())
}

/// The seconds of a duration: `PT1H30M`, `P2D`, `P1W`.
fn seconds(text: &str) -> Option<i64> {
    let text = text.trim().trim_start_matches('+').strip_prefix('P')?;
    let mut total: i64 = 0;
    let mut number: i64 = 0;
    for it in text.chars() {
        let unit = match it {
            '0'..='9' => {
                number = number.checked_mul(10)?.checked_add(i64::from(it.to_digit(10)?))?;
                continue;
            }
            'T' => continue,
            'W' => 7 * 86_400,
            'D' => 86_400,
            'H' => 3_600,
            'M' => 60,
            'S' => 1,
            _ => return None,
        };
        total = total.checked_add(number.checked_mul(unit)?)?;
        number = 0;
    }
    // Longer than a century is no meeting.
    (total <= 100 * 366 * 86_400).then_some(total)
}
