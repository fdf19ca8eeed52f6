//! The two ways in which IMAP writes dates (RFC 3501 §9: `date-time` and `date`).

use jiff::Timestamp;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

/// An INTERNALDATE, ` 1-Feb-2026 09:00:00 +0100`, in microseconds since 1970 UTC.
pub(super) fn read(text: &str) -> Option<i64> {
    let moment = strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim()).ok()?.to_timestamp().ok()?;
    Some(moment.as_microsecond())
}

/// The day before `micros`, as a search wants it. A day earlier, because the search compares dates in the server's own
/// time zone.
pub(super) fn day_before(micros: i64) -> Option<String> {
    let day = Timestamp::from_microsecond(micros).ok()?.to_zoned_datetime(TimeZone::UTC).date().yesterday().ok()?;
    strtime::format("%-d-%b-%Y", day).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dates_are_read() {
        for (text, seconds) in [
            ("23-Nov-2026 23:14:27 +0000", Some(1_795_475_667)),
            (" 1-Feb-2026 09:00:00 +0100", Some(1_769_932_800)),
            ("01-Feb-2026 08:00:00 +0000", Some(1_769_932_800)),
            ("31-Dec-1969 23:59:59 +0000", Some(-1)),
            ("32-Nov-2026 23:14:27 +0000", None),
            ("", None),
            ("yesterday", None),
        ] {
            assert_eq!(read(text), seconds.map(|it: i64| it * 1_000_000), "{text}");
        }
    }

    #[test]
    fn a_search_begins_a_day_early() {
        assert_eq!(day_before(1_769_932_800_000_000).as_deref(), Some("31-Jan-2026"));
        assert_eq!(day_before(1_770_300_000_000_000).as_deref(), Some("4-Feb-2026"));
        assert_eq!(day_before(i64::MAX), None);
    }

    proptest! {
        #[test]
        fn any_text_is_a_date_or_none(text in any::<String>(), micros in any::<i64>()) {
            let _ = read(&text);
            let _ = day_before(micros);
        }

        /// What a server writes is read, and a search for it begins one to two days before it.
        #[test]
        fn every_moment_comes_back(seconds in 0_i64..4_000_000_000) {
            let moment = Timestamp::from_second(seconds).unwrap().to_zoned_datetime(TimeZone::UTC);
            let text = strtime::format("%d-%b-%Y %H:%M:%S +0000", &moment).unwrap();
            prop_assert_eq!(read(&text), Some(seconds * 1_000_000));
            let day = day_before(seconds * 1_000_000).unwrap();
            let start = read(&format!("{day} 00:00:00 +0000")).unwrap() / 1_000_000;
            prop_assert!((86_400..172_800).contains(&(seconds - start)), "{}", day);
        }
    }
}
