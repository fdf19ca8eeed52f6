//! The lines of the Brief, each by small cases.
#![expect(clippy::unwrap_used, reason = "a case of which nothing is said fails its test")]

use insight::{Brief, From, Mood, Turn, Waiting, brief};

/// A case by its turns: `c` is the customer, `d` the desk, `n` a note.
fn of(turns: &[(char, &str)]) -> Brief {
    let at = "2026-11-03T10:40".parse().unwrap();
    let turns: Vec<Turn<'_>> = turns
        .iter()
        .map(|(from, text)| {
            let from = match from {
                'c' => From::Customer,
                'd' => From::Desk,
                _ => From::Note,
            };
            Turn { from, at, text }
        })
        .collect();
    brief(&turns).unwrap()
}

const ISSUE: &str = "The export fails with error 312 since the update.";

#[test]
fn the_issue_is_what_does_not_work_or_what_is_wanted() {
    for (text, issue) in [
        (
            "Hi all,\nI hope you are well. I am a customer since 2019. The export fails with error 312. Best regards",
            "The export fails with error 312.",
        ),
        (
            "Good morning! Could you please send us the invoice for October? Thanks in advance.",
            "Could you please send us the invoice for October?",
        ),
        ("We use your app every day. Since Monday I cannot log in.", "Since Monday I cannot log in."),
        ("Order 5512. I was charged twice. Please help.", "I was charged twice."),
    ] {
        assert_eq!(of(&[('c', text)]).issue.unwrap().text, issue);
    }
    let restated = of(&[
        ('c', "The export is slow and I do not like the new icons."),
        ('d', "Which export do you mean?"),
        ('c', "The actual problem is that the file has no header line."),
    ]);
    assert_eq!(restated.issue.unwrap().text, "The actual problem is that the file has no header line.");
}

#[test]
fn a_greeting_or_a_frame_is_never_the_issue() {
    for text in [
        "Good morning dear support team! I hope you are all well. Thanks a lot in advance for your help.",
        "Hello and best wishes to all of you! Thank you for the great service.\nKind regards\nIna from the shop",
    ] {
        assert_eq!(of(&[('c', text)]).issue, None, "{text}");
    }
    for (text, issue) in [
        (
            "Hi, please see the mail below. Can you take care of this?\n\nBegin forwarded message:\nFrom: Ute Brand\n\
             Date: 4 November 2026\n\nHi Ole,\nthe scanner at the gate has stopped reading badges.\nUte",
            "the scanner at the gate has stopped reading badges.",
        ),
        (
            "This is an automated message, please do not reply to it.\nThe backup of volume 7 failed tonight.\n\
             Please do not reply to this message.",
            "The backup of volume 7 failed tonight.",
        ),
        (
            "We have used your app for years and love it. Since Monday the map stays black on all of our phones. \
             I would be grateful if you could look into it.",
            "Since Monday the map stays black on all of our phones.",
        ),
    ] {
        assert_eq!(of(&[('c', text)]).issue.unwrap().text, issue);
    }
}

/// Who answers has understood which of two things it is about.
#[test]
fn our_first_answer_tells_two_issues_apart() {
    let text = "Hello, me again from the hotel. The blue lamp in the hall flickers. The invoice shows a wrong street. We leave on Friday morning.";
    for (answer, issue) in [
        ("Hello, we send another lamp for the hall today.", "The blue lamp in the hall flickers."),
        ("Hello, the street on the invoice is corrected now.", "The invoice shows a wrong street."),
    ] {
        assert_eq!(of(&[('c', text), ('d', answer)]).issue.unwrap().text, issue);
    }
}

#[test]
fn a_long_line_is_cut_at_a_word() {
    let text = format!("The export fails {}for us.", "again and again ".repeat(30));
    let issue = of(&[('c', &text)]).issue.unwrap();
    assert!(issue.text.ends_with("again…") || issue.text.ends_with("and…"), "{}", issue.text);
    assert!(issue.text.chars().count() <= 201);
    assert_eq!(issue.at.end, text.len());
}

#[test]
fn what_was_tried_is_what_somebody_did() {
    let tried = |turns: &[(char, &str)]| of(turns).tried.into_iter().map(|it| it.text).collect::<Vec<_>>();
    assert_eq!(
        tried(&[('c', "The scanner hangs. I restarted it twice. We also reinstalled the driver.")]),
        ["I restarted it twice.", "We also reinstalled the driver."],
    );
    assert_eq!(
        tried(&[('c', ISSUE), ('d', "Hello, we have reset your password.")]),
        ["Hello, we have reset your password."]
    );
    assert_eq!(tried(&[('c', ISSUE), ('d', "Please try to restart the program.")]), [""; 0]);
    assert_eq!(
        tried(&[('c', ISSUE), ('d', "Please try to restart the program."), ('c', "Did that, it didn't help.")]),
        ["Please try to restart the program."],
    );
    assert_eq!(tried(&[('c', "The scanner hangs. I have not restarted it yet.")]), [""; 0]);
    assert_eq!(
        tried(&[('c', "I restarted it. I cleared the cache. I updated the driver. I replaced the cable. It fails.")])
            .len(),
        3,
    );
}

#[test]
fn who_waits_on_whom() {
    for (turns, waiting) in [
        (&[('c', ISSUE)][..], Waiting::OnUs),
        (&[('c', ISSUE), ('d', "Which version do you use?")], Waiting::OnCustomer),
        (&[('c', ISSUE), ('d', "Please send us the log file.")], Waiting::OnCustomer),
        (&[('c', ISSUE), ('d', "I'll send you a fix tomorrow.")], Waiting::OnUs),
        (&[('c', ISSUE), ('d', "I'll send you a fix tomorrow."), ('c', "Thank you!")], Waiting::OnUs),
        (&[('c', ISSUE), ('d', "Please clear the cache."), ('c', "Thanks, that solved it.")], Waiting::Nobody),
        (&[('c', ISSUE), ('d', "Please clear the cache."), ('c', "It still does not work.")], Waiting::OnUs),
        (&[('c', ISSUE), ('d', "Please send us the log."), ('c', "I will send it tonight.")], Waiting::OnCustomer),
        (&[('c', ISSUE), ('d', "Hello, I have corrected the export.")], Waiting::Nobody),
        (&[('c', ISSUE), ('d', "I have corrected the export. Does it work for you now?")], Waiting::OnCustomer),
        (
            &[('c', ISSUE), ('d', "Which version do you use?"), ('n', "Looks like the case of last week.")],
            Waiting::OnCustomer,
        ),
        (
            &[('c', ISSUE), ('d', "Please clear the cache."), ('c', "Works, thanks!"), ('d', "You're welcome!")],
            Waiting::Nobody,
        ),
    ] {
        let brief = of(turns);
        assert_eq!(brief.waiting.map(|it| it.0), Some(waiting), "{turns:?}");
    }
}

#[test]
fn a_mood_is_named_only_when_it_is_plain() {
    for (text, mood) in [
        (ISSUE, None),
        ("Could you please send us the invoice for October? Thanks a lot in advance.", None),
        ("This is the third time I write about the export. This is unacceptable!", Some(Mood::Angry)),
        ("I am really disappointed, the export still does not work.", Some(Mood::Frustrated)),
        ("Please hurry, this is urgent: our production is down.", Some(Mood::Worried)),
        ("You are wonderful, the export works. Thank you so much!", Some(Mood::Pleased)),
        ("The export fails, but I am not angry, and it is not urgent.", None),
    ] {
        assert_eq!(of(&[('c', text)]).mood.map(|it| it.0), mood, "{text}");
    }
}

#[test]
fn the_next_step_is_our_promise_or_what_was_asked() {
    let next = |turns: &[(char, &str)]| of(turns).next.map(|it| it.text);
    let two = "I'll send you the log on Friday. I'll call you tomorrow.";
    assert_eq!(next(&[('c', ISSUE), ('d', two)]).unwrap(), "I'll call you tomorrow.");
    assert_eq!(next(&[('c', "The export fails. Can you repair it?")]).unwrap(), "Can you repair it?");
    assert_eq!(next(&[('c', ISSUE), ('d', "Which version do you use?")]).unwrap(), "Which version do you use?");
    assert_eq!(next(&[('c', ISSUE), ('d', "Please clear the cache."), ('c', "Thanks, that solved it.")]), None);
}

#[test]
fn a_terse_text_is_read_as_the_rest_of_its_case() {
    let terse = "password reset mail never comes. checked spam. tried 4x since yesterday evening";
    let brief =
        of(&[('c', terse), ('d', "Hello! Which address do you sign in with? I don't find an account for this one.")]);
    assert_eq!(brief.issue.unwrap().text, "password reset mail never comes.");
}

#[test]
fn of_a_case_in_another_language_nothing_is_said() {
    let at = "2026-11-03T10:40".parse().unwrap();
    let text = "Guten Tag, die Maschine steht seit heute früh, bitte rufen Sie uns dringend zurück.";
    assert_eq!(brief(&[Turn { from: From::Customer, at, text }]), None);
    assert_eq!(brief(&[]), None);
}
