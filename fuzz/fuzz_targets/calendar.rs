//! Any calendar is read within its limits.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mail::{Receiver, read};

fuzz_target!(|calendar: &[u8]| {
    let head: &[u8] = b"From: ann@a.example\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n";
    let Ok(mail) = read(&[head, calendar].concat(), &Receiver::default()) else { return };
    if let Some(it) = mail.invitation {
        assert!(it.attendees.len() <= 100 && it.description.len() <= 10_000);
        assert!(!it.summary.contains(char::is_control) && !it.location.contains(char::is_control));
    }
});
