use domain::FoldKind::{Forward, Quote, Signature};
use mail::fold;
use proptest::prelude::*;

/// What is folded, and what stays to be read.
fn check(text: &str, expected: &[(domain::FoldKind, &str)], shown: &str) {
    let folds = fold(text);
    let found: Vec<_> = folds.iter().map(|it| (it.kind, &text[it.start as usize..it.end as usize])).collect();
    assert_eq!(found, expected, "{text}");
    let mut rest = String::new();
    let mut at = 0;
    for it in &folds {
        rest.push_str(&text[at..it.start as usize]);
        at = it.end as usize;
    }
    rest.push_str(&text[at..]);
    assert_eq!(rest.split_whitespace().collect::<Vec<_>>().join(" "), shown, "{text}");
}

#[test]
fn a_quote_at_the_end_is_folded() {
    check("Thanks!\n\n> old\n> words", &[(Quote, "> old\n> words")], "Thanks!");
    for line in [
        "On Mon, 23 Nov 2026 at 10:00, Ann Lee <ann@a.example> wrote:",
        "Am 23.11.2026 um 10:00 schrieb Ann Lee:",
        "Am Mo., 23. Nov. 2026 um 10:00 Uhr schrieb Ann Lee <\nann@a.example>:",
        "Le lun. 23 nov. 2026 à 10:00, Ann Lee <ann@a.example> a écrit :",
        "On Mon, 23 Nov 2026 at 10:00, Ann Lee\n<ann@a.example> wrote:",
    ] {
        let quote = format!("{line}\n> old");
        check(&format!("Thanks!\n\n{quote}"), &[(Quote, &quote)], "Thanks!");
        let quote = format!("{line}\n\n> old\n>\n> older\n\n> oldest");
        check(&format!("Thanks!\n\n{quote}\n"), &[(Quote, &quote)], "Thanks!");
        // A program that marks quotes in colour.
        let quote = format!("{line}\n\nold words");
        check(&format!("Thanks!\n\n{quote}"), &[(Quote, &quote)], "Thanks!");
    }
    check("On 3 May we wrote: nothing.", &[], "On 3 May we wrote: nothing.");
}

#[test]
fn answers_between_quotes_stay() {
    check("On 1 May Ann wrote:\n> one?\nyes\n> two?\nno", &[], "On 1 May Ann wrote: > one? yes > two? no");
    check("> one?\nyes\n\n> two?", &[(Quote, "> two?")], "> one? yes");
    check(
        "On 1 May Ann wrote:\n> one?\n\nyes\n\n-- \nBob",
        &[(Signature, "-- \nBob")],
        "On 1 May Ann wrote: > one? yes",
    );
}

#[test]
fn a_whole_earlier_mail_is_folded() {
    for line in ["-----Original Message-----", "-----Ursprüngliche Nachricht-----", "-----Message d'origine-----"] {
        let quote = format!("{line}\nFrom: Bob\nhello");
        check(&format!("See below.\n\n{quote}"), &[(Quote, &quote)], "See below.");
    }
    for header in [
        "From: Bob <b@a.example>\nSent: Monday\nTo: Ann\nSubject: Pump",
        "Von: Bob\nGesendet: Montag\nAn: Ann\nBetreff: Pumpe",
        "De : Bob\nEnvoyé : lundi\nÀ : Ann\nObjet : Pompe",
        "*From:* Bob\n*Sent:* Monday\n*To:* Ann",
        "________________________________\nFrom: Bob\nSent: Monday\nSubject: Pump",
    ] {
        let quote = format!("{header}\n\nold words");
        check(&format!("See below.\n\n{quote}"), &[(Quote, &quote)], "See below.");
        // With nothing above, it is passed on: what it says is to be read.
        check(&quote, &[(Forward, header)], "old words");
    }
    check("From: the office. We moved.", &[], "From: the office. We moved.");
}

#[test]
fn what_is_passed_on_is_read() {
    let header = "---------- Forwarded message ---------\nFrom: Bob <b@a.example>\nDate: Mon, 23 Nov 2026\nSubject: Pump\nTo: <a@a.example>";
    check(
        &format!("Please help\n\n{header}\n\n\nThe pump fails."),
        &[(Forward, header)],
        "Please help The pump fails.",
    );
    let header = "Begin forwarded message:\n\nFrom: Bob <b@a.example>\nSubject: Pump\nDate: Monday";
    check(&format!("{header}\n\nThe pump fails."), &[(Forward, header)], "The pump fails.");
}

#[test]
fn a_signature_is_folded() {
    check("Hello\n-- \nAnn Lee\nNorthwind", &[(Signature, "-- \nAnn Lee\nNorthwind")], "Hello");
    check("Hello\n\nSent from my iPhone", &[(Signature, "Sent from my iPhone")], "Hello");
    check(
        "Hello\n\n-- \nAnn\n\nOn 1 May 2026 Bob wrote:\n> old",
        &[(Signature, "-- \nAnn"), (Quote, "On 1 May 2026 Bob wrote:\n> old")],
        "Hello",
    );
    let long = format!("Hello\n--\n{}", "a line\n".repeat(40));
    assert_eq!(fold(&long), []);
}

proptest! {
    #[test]
    fn folds_are_sorted_ranges_of_the_text(lines in proptest::collection::vec(proptest::sample::select(vec![
        "", "> q", ">> qq", "On 1 May 2026 Ann wrote:", "words", "-- ", "--", "From: a", "To: b", "Subject: c", "Von: ä", "-----Original Message-----",
        "---------- Forwarded message ---------", "Am 1. Mai", "schrieb Ann:", "Ünïcode", "Sent from my phone", "_____", ">", " ",
    ]), 0..30)) {
        let text = lines.join("\n");
        let mut end = 0;
        for it in fold(&text) {
            prop_assert!(it.start >= end && it.end > it.start);
            end = it.end;
            prop_assert!(text.get(it.start as usize..it.end as usize).is_some());
        }
    }
}
