use domain::{Attendance, Invitation, InvitationMethod, MeetingStatus, Moment, Timestamp};

use crate::{ann, try_read};

fn invited(calendar: &str) -> Option<Invitation> {
    ann(&format!("Content-Type: text/calendar; charset=utf-8; method=REQUEST\n\n{calendar}")).invitation
}

/// A meeting with these properties, and these lines before it.
fn meeting(before: &str, properties: &str) -> Invitation {
    let text = format!(
        "BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REQUEST\n{before}BEGIN:VEVENT\nUID:1@x\n{properties}\nEND:VEVENT\nEND:VCALENDAR\n"
    );
    invited(&text).expect("a meeting")
}

fn instant(minutes: i64, zone: Option<&str>) -> Moment {
    Moment::Instant { at: Timestamp(minutes * 60_000_000), zone: zone.map(str::to_owned) }
}

/// Minutes from 1970 to 2026-11-25T00:00Z.
const DAY: i64 = 20_782 * 1_440;

#[test]
fn an_invitation_is_read_whole() {
    let mail =
        ann("Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nPlease come.\n--b\n\
        Content-Type: text/calendar; method=REQUEST; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n\
        BEGIN:VCALENDAR\nPRODID:-//x//y\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:abc@northwind.example\nSEQUENCE:2\n\
        SUMMARY:Pump\\, valve and \n more\nLOCATION:Hall 3\\; upstairs\nDESCRIPTION:First\\nSecond\n\
        DTSTART;TZID=Europe/Berlin:20261125T100000\nDTEND;TZID=\"Europe/Berlin\":20261125T113000\n\
        ORGANIZER;CN=\"Lee, Ann\":MAILTO:ann@northwind.example\n\
        ATTENDEE;CN=Support;PARTSTAT=ACCEPTED;RSVP=TRUE:mailto:support@desk.example\n\
        ATTENDEE;ROLE=OPT-PARTICIPANT;CN=bob@northwind.example:mailto:bob@northwind.example\n\
        RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;UNTIL=20261231T000000Z\nSTATUS:CONFIRMED\n\
        BEGIN:VALARM\nDESCRIPTION:Reminder\nTRIGGER:-PT15M\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n--b--\n");
    let it = mail.invitation.expect("a meeting");
    assert_eq!((it.method, it.uid.as_str(), it.sequence), (InvitationMethod::Request, "abc@northwind.example", 2));
    assert_eq!((it.summary.as_str(), it.location.as_str()), ("Pump, valve and more", "Hall 3; upstairs"));
    assert_eq!(it.description, "First\nSecond");
    assert_eq!(it.starts, Some(instant(DAY + 9 * 60, Some("Europe/Berlin"))));
    assert_eq!(it.ends, Some(instant(DAY + 10 * 60 + 30, Some("Europe/Berlin"))));
    let organizer = it.organizer.expect("an organizer");
    assert_eq!((organizer.name.as_str(), organizer.label()), ("Lee, Ann", "Lee, Ann"));
    let attendees: Vec<_> = it.attendees.iter().map(|it| (it.party.label(), it.attendance, it.optional)).collect();
    assert_eq!(
        attendees,
        [("Support", Attendance::Accepted, false), ("bob@northwind.example", Attendance::Unanswered, true)]
    );
    assert_eq!(it.recurrence.as_deref(), Some("every 2 weeks on Monday and Wednesday, until 2026-12-31"));
    assert_eq!((it.status, it.count), (Some(MeetingStatus::Confirmed), 1));
    assert_eq!((mail.text.as_str(), mail.files[0].name.as_str()), ("Please come.", "invite.ics"));
}

#[test]
fn times_are_read_in_every_form() {
    let check = |before: &str, start: &str, end: &str, expected: (Option<Moment>, Option<Moment>)| {
        let it = meeting(before, &format!("{start}\n{end}"));
        assert_eq!((it.starts, it.ends), expected, "{start} {end}");
    };
    let day = |text: &str| Some(Moment::Day(text.to_owned()));
    check(
        "",
        "DTSTART:20261125T100000Z",
        "DURATION:PT1H30M",
        (Some(instant(DAY + 600, None)), Some(instant(DAY + 690, None))),
    );
    check("", "DTSTART;VALUE=DATE:20261125", "DTEND;VALUE=DATE:20261126", (day("2026-11-25"), day("2026-11-25")));
    check("", "DTSTART;VALUE=DATE:20261125", "DTEND;VALUE=DATE:20261128", (day("2026-11-25"), day("2026-11-27")));
    check("", "DTSTART:20261125", "X:1", (day("2026-11-25"), day("2026-11-25")));
    check("", "DTSTART:20261125T100000", "X:1", (Some(Moment::Local("2026-11-25T10:00".to_owned())), None));
    check(
        "",
        "DTSTART;TZID=W. Europe Standard Time:20260725T100000",
        "X:1",
        (Some(instant(DAY - 123 * 1_440 + 480, Some("Europe/Berlin"))), None),
    );
    check(
        "",
        "DTSTART;TZID=/example.org/2005/America/New_York:20261125T100000",
        "X:1",
        (Some(instant(DAY + 900, Some("America/New_York"))), None),
    );
    let zone = "BEGIN:VTIMEZONE\nTZID:House time\nBEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n\
        RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\n\
        TZOFFSETTO:+0200\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n";
    check(zone, "DTSTART;TZID=House time:20261125T100000", "X:1", (Some(instant(DAY + 540, None)), None));
    check(zone, "DTSTART;TZID=House time:20260725T100000", "X:1", (Some(instant(DAY - 123 * 1_440 + 480, None)), None));
    check(
        "",
        "DTSTART;TZID=Nowhere:20261125T100000",
        "X:1",
        (Some(Moment::Local("2026-11-25T10:00".to_owned())), None),
    );
    check("", "DTSTART:never", "DTEND:20269999T000000Z", (None, None));
}

#[test]
fn rules_are_said_in_words() {
    for (rule, words) in [
        ("FREQ=DAILY;COUNT=5", Some("every day, 5 times")),
        ("FREQ=MONTHLY;BYDAY=2TU", Some("every month on the second Tuesday")),
        ("FREQ=MONTHLY;BYMONTHDAY=15", Some("every month on day 15")),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", Some("every month on Monday and Tuesday by a longer rule")),
        ("FREQ=YEARLY;BYMONTH=5", Some("every year")),
        ("FREQ=SOMETIMES", None),
    ] {
        assert_eq!(meeting("", &format!("RRULE:{rule}")).recurrence.as_deref(), words, "{rule}");
    }
}

#[test]
fn every_method_has_its_word() {
    for (method, expected) in [
        ("REPLY", InvitationMethod::Reply),
        ("CANCEL", InvitationMethod::Cancel),
        ("COUNTER", InvitationMethod::Counter),
        ("counter", InvitationMethod::Counter),
        ("DECLINECOUNTER", InvitationMethod::DeclineCounter),
        ("WHATEVER", InvitationMethod::Publish),
    ] {
        let text = format!(
            "BEGIN:VCALENDAR\nMETHOD:{method}\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\nBEGIN:VEVENT\nUID:2\nEND:VEVENT\nEND:VCALENDAR"
        );
        let it = invited(&text).expect("a meeting");
        assert_eq!((it.method, it.uid.as_str(), it.count), (expected, "1", 2));
    }
    let attached = ann(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee.\n--b\nContent-Type: application/octet-stream; name=\"date.ics\"\n\n\
        BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Visit\nEND:VEVENT\nEND:VCALENDAR\n--b--\n",
    );
    assert_eq!(attached.invitation.map(|it| it.summary).as_deref(), Some("Visit"));
    assert_eq!(invited("BEGIN:VCALENDAR\nBEGIN:VTODO\nUID:1\nEND:VTODO\nEND:VCALENDAR"), None);
    assert_eq!(invited("no calendar"), None);
}

#[test]
fn hostile_calendars_end() {
    let mega = 1 << 20;
    let begin = "BEGIN:VCALENDAR\nBEGIN:VEVENT\n";
    for piece in [
        "BEGIN:VEVENT\n",
        "BEGIN:VTIMEZONE\nBEGIN:STANDARD\nRRULE:FREQ=YEARLY;BYMONTH=1;BYDAY=1SU\n",
        " folded\n",
        "A;A=",
        "A;A=\"",
        ";=:",
        "ATTENDEE;CN=x:mailto:a@b.example\n",
        "DTSTART;TZID=x:20261125T100000\n",
        "RRULE:FREQ=DAILY;BYDAY=MO,MO,MO,MO,MO,MO,MO,MO,MO,MO,MO\n",
        "DURATION:P99999999999999999999D\n",
        "DESCRIPTION:\\n\\n\\n\\\\\n",
        "\u{e9}\u{e9}:\u{e9}\n",
    ] {
        let text = format!("{begin}{}", piece.repeat(mega / piece.len()));
        let raw = format!("From: ann@a.example\r\nContent-Type: text/calendar\r\n\r\n{text}");
        let mail = try_read(raw.as_bytes()).expect("a mail");
        assert!(
            mail.invitation.is_none_or(|it| it.attendees.len() <= 100 && it.description.len() <= 10_000),
            "{piece}"
        );
    }
}
