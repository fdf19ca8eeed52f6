//! What is a promise, what is none, and by when it is due. Everything is said on Tuesday, 3 November 2026, at 10:40.
#![expect(clippy::unwrap_used, reason = "a text that is not found fails its test")]

use insight::{kept, promises};

fn said(text: &str) -> Vec<(String, Option<String>)> {
    let said = "2026-11-03T10:40".parse().unwrap();
    promises(text, said)
        .into_iter()
        .map(|it| {
            let due = it.due.map(|due| match due.time {
                Some(time) => format!("{} {:02}:{:02}", due.date, time.hour(), time.minute()),
                None => due.date.to_string(),
            });
            (it.text, due)
        })
        .collect()
}

#[test]
fn promises_are_found() {
    for (text, promise) in [
        ("I'll send you the corrected invoice by Wednesday.", "send the corrected invoice"),
        ("We will get back to you tomorrow.", "get back to you"),
        ("You'll have it by Friday.", "have it"),
        ("Our engineers are going to ship a fix in 2.4.1 next week.", "ship a fix in 2.4.1"),
        ("I promise that we'll replace the unit.", "replace the unit"),
        ("Let me check with finance and get back to you.", "check with finance and get back to you"),
        ("Expect a refund within 3-5 business days.", "a refund"),
        ("Will do that tomorrow, and will report back.", "do that"),
        ("The replacement will be shipped tomorrow.", "be shipped"),
        ("A colleague from finance will call you this afternoon.", "call you"),
        ("I’ll also look into the second order.", "look into the second order"),
        ("We'll text you when the line is up again.", "text you"),
        (
            "I'm going to pass this on to our documentation team so that it gets corrected.",
            "pass this on to our documentation team",
        ),
        ("I'll send it as soon as possible.", "send it"),
        ("I'll check if the parcel has left.", "check"),
        ("I can see what happened and I'll fix it today.", "fix it"),
    ] {
        let found: Vec<String> = said(text).into_iter().map(|it| it.0).collect();
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].contains(promise), "{text}: {found:?}");
    }
}

#[test]
fn what_only_looks_so_is_no_promise() {
    for text in [
        "If you send the log, I'll look at it.",
        "Send me the log and I'll look at it.",
        "Once you have confirmed the address, we will ship it.",
        "I can send you the invoice.",
        "I'd be happy to send you the invoice.",
        "Let me know and I will send it again.",
        "We won't be able to refund this.",
        "I will not cancel the order.",
        "After the update it will restart.",
        "You will see a button called Export.",
        "This will take you to the settings.",
        "We will be closed on Monday.",
        "I'll be out of office until Thursday.",
        "Shall I send it today?",
        "Will you send it tomorrow?",
        "I told you that we would send it.",
        "The carrier says it will be with you on Friday.",
        "Your colleague wrote \"I will send it today\" in the log.",
        "The report will be sent automatically every Monday.",
        "Thank you! We have received your request and will reply within one business day.",
        "Ich schicke Ihnen morgen die Rechnung, und wir werden uns dann bei Ihnen melden.",
        "> I'll send it tomorrow.",
    ] {
        assert_eq!(said(text), [], "{text}");
    }
}

#[test]
fn due_dates_are_reckoned_from_when_it_was_said() {
    for (when, due) in [
        ("today", Some("2026-11-03")),
        ("tonight", Some("2026-11-03")),
        ("this afternoon", Some("2026-11-03")),
        ("by EOD", Some("2026-11-03")),
        ("by the end of the day", Some("2026-11-03")),
        ("by end of day tomorrow", Some("2026-11-04")),
        ("tomorrow", Some("2026-11-04")),
        ("tomorrow morning", Some("2026-11-04")),
        ("tomorrow by noon", Some("2026-11-04 12:00")),
        ("the day after tomorrow", Some("2026-11-05")),
        ("by Wednesday", Some("2026-11-04")),
        ("by Tuesday", Some("2026-11-10")),
        ("on Thursday at 2 pm", Some("2026-11-05 14:00")),
        ("next Monday", Some("2026-11-09")),
        ("on Friday next week", Some("2026-11-13")),
        ("on the 14th", Some("2026-11-14")),
        ("on the 2nd", Some("2026-12-02")),
        ("by 14 November", Some("2026-11-14")),
        ("by Saturday, 14 November", Some("2026-11-14")),
        ("by Nov 14", Some("2026-11-14")),
        ("by Nov. 14", Some("2026-11-14")),
        ("by November 14th", Some("2026-11-14")),
        ("by the 14th of November", Some("2026-11-14")),
        ("by 10 January", Some("2027-01-10")),
        ("by 2026-11-14", Some("2026-11-14")),
        ("by 14/11", Some("2026-11-14")),
        ("by 14.11.2026", Some("2026-11-14")),
        ("by 04/05", None),
        ("within 2 hours", Some("2026-11-03 12:40")),
        ("within the hour", Some("2026-11-03 11:40")),
        ("in half an hour", Some("2026-11-03 11:10")),
        ("in 3 days", Some("2026-11-06")),
        ("within two weeks", Some("2026-11-17")),
        ("within two business days", Some("2026-11-05")),
        ("within 3-5 business days", Some("2026-11-10")),
        ("in five working days", Some("2026-11-10")),
        ("this week", Some("2026-11-06")),
        ("by the end of the week", Some("2026-11-06")),
        ("next week", Some("2026-11-13")),
        ("by noon", Some("2026-11-03 12:00")),
        ("by 3 pm", Some("2026-11-03 15:00")),
        ("by 15:30", Some("2026-11-03 15:30")),
        ("by 9 am", Some("2026-11-04 09:00")),
        ("by the end of the month", Some("2026-11-30")),
        ("by the end of January", Some("2027-01-31")),
        ("shortly", None),
        ("soon", None),
        ("in a moment", None),
    ] {
        let text = format!("I'll send you the file {when}.");
        let found = said(&text);
        assert_eq!(found.iter().map(|it| it.1.as_deref()).collect::<Vec<_>>(), [due], "{text}");
    }
}

#[test]
fn the_date_of_a_thing_is_not_when_it_is_due() {
    for (text, due) in [
        ("I'll send you the invoice of 14 November tomorrow.", Some("2026-11-04")),
        ("I'll look at the log you sent last Friday.", None),
        ("I'll check the order from Monday.", None),
        ("By Friday we'll have replaced it.", Some("2026-11-06")),
        ("Tomorrow I'll call you.", Some("2026-11-04")),
    ] {
        let found = said(text);
        assert_eq!(found.iter().map(|it| it.1.as_deref()).collect::<Vec<_>>(), [due], "{text}");
    }
}

#[test]
fn a_promise_is_kept_by_what_names_its_thing() {
    let said = "2026-11-03T10:40".parse().unwrap();
    for (promise, later, is) in [
        ("I'll send you the corrected invoice by Wednesday.", "Hi Ines, here is the corrected invoice.", true),
        ("We'll refund the second payment.", "I have now refunded the payment.", true),
        ("I'll send you the corrected invoice by Wednesday.", "I have not sent the invoice yet.", false),
        ("I'll send you the corrected invoice by Wednesday.", "Have you received the invoice?", false),
        ("I'll send you the corrected invoice by Wednesday.", "I have spoken to the warehouse.", false),
        ("I'll send you the corrected invoice by Wednesday.", "", false),
    ] {
        let promise = promises(promise, said).remove(0);
        assert_eq!(kept(&promise, later), is, "{promise:?} | {later}");
    }
}
