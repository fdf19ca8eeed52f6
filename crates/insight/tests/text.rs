//! Sentences and languages, and that no text makes anything fail.

use insight::{From, Language, Turn, brief, kept, language, promises, sentences};
use proptest::prelude::*;

fn split(text: &str) -> Vec<&str> {
    sentences(text).into_iter().map(|it| &text[it]).collect()
}

#[test]
fn sentences_end_where_people_end_them() {
    for (text, expected) in [
        ("It works. Thanks!", &["It works.", "Thanks!"][..]),
        ("it fails. i tried twice", &["it fails.", "i tried twice"]),
        ("Use a cable, e.g. the blue one. Then restart.", &["Use a cable, e.g. the blue one.", "Then restart."]),
        (
            "Mr. Brandt paid 3.50 for v2.3 at shop.example.com. Why?",
            &["Mr. Brandt paid 3.50 for v2.3 at shop.example.com.", "Why?"],
        ),
        ("See invoice No. 5. It is wrong.", &["See invoice No. 5.", "It is wrong."]),
        ("Is it there? No. It never came.", &["Is it there?", "No.", "It never came."]),
        ("It takes approx. 5 minutes.", &["It takes approx. 5 minutes."]),
        ("Due on Nov. 14 at 3 p.m. at the latest.", &["Due on Nov. 14 at 3 p.m. at the latest."]),
        ("Well... it broke... Again.", &["Well... it broke...", "Again."]),
        ("Mail me at a.b@example.org. Bye", &["Mail me at a.b@example.org.", "Bye"]),
        ("Hello\nmy printer is broken\nplease help", &["Hello", "my printer is broken", "please help"]),
        ("1. Open it\n2. Close it\n- Done", &["Open it", "Close it", "Done"]),
        (
            "When we import the list of last week the program stops\nafter some seconds. It did not before.",
            &["When we import the list of last week the program stops\nafter some seconds.", "It did not before."],
        ),
        ("He said \"It is done.\" Then he left.", &["He said \"It is done.\"", "Then he left."]),
        ("What?! Really?", &["What?!", "Really?"]),
        ("", &[]),
        (" \n ... \n", &[]),
    ] {
        assert_eq!(split(text), expected, "{text:?}");
    }
}

#[test]
fn a_language_is_named_only_when_it_is_plain() {
    for (text, expected) in [
        ("The printer does not work since the update, can you help me please?", Some(Language::English)),
        ("no internet since last night, the router blinks red", Some(Language::English)),
        ("Hallo, ich habe die Rechnung noch nicht bekommen, bitte senden Sie sie noch einmal.", None),
        ("Bonjour, je n'ai pas reçu la facture, merci de me la renvoyer dans la semaine.", None),
        ("Hola, no puedo entrar en mi cuenta desde ayer, me pueden ayudar por favor?", None),
        ("Hallo, ik heb vorige week een bestelling geplaatst maar nog geen bevestiging ontvangen.", None),
        ("ok thanks", None),
        ("88213 7781", None),
        ("", None),
    ] {
        assert_eq!(language(text), expected, "{text}");
    }
}

/// Texts of what the rules look for, and of anything.
fn anything() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "I'll",
        "we will",
        "send",
        "you",
        "the",
        "invoice",
        "by",
        "on",
        "next",
        "Wednesday",
        "the 31st",
        "of",
        "February",
        "30",
        "99",
        "2026-13-45",
        "31/12",
        "within",
        "99999",
        "business days",
        "hours",
        "at",
        "25:61",
        "pm",
        "noon",
        "if",
        "\"",
        "“",
        "…",
        "...",
        "—",
        "–",
        ".",
        "?",
        "!",
        "\n",
        "\n> ",
        "- ",
        "1. ",
        "e.g.",
        "No.",
        "É",
        "ß",
        "İ",
        "日本",
        "👍",
        "’",
        "\u{0}",
        "\u{a0}",
        "\r\n",
        "please",
        "not",
        "thanks",
        "it works",
        "3–5",
        "3-",
        "days",
        "months",
        "in",
        "weeks",
        "65535",
    ]);
    let mixed = prop::collection::vec(words, 0..40).prop_map(|it| it.join(" "));
    prop_oneof![mixed.clone(), any::<String>(), (mixed, any::<String>()).prop_map(|it| format!("{}{}", it.0, it.1))]
}

proptest! {
    #[test]
    fn every_span_lies_in_its_text(texts in prop::collection::vec(anything(), 1..4), day in 0_i16..9999) {
        let at = jiff::civil::date(day, 12, 31).at(23, 59, 59, 0);
        let froms = [From::Customer, From::Desk, From::Note, From::Desk];
        let turns: Vec<Turn<'_>> = texts.iter().zip(froms).map(|(text, from)| Turn { from, at, text }).collect();
        let mut spans = Vec::new();
        for text in &texts {
            let all = sentences(text);
            prop_assert!(all.windows(2).all(|it| it[0].end <= it[1].start));
            prop_assert!(all.iter().all(|it| text.get(it.clone()).is_some_and(|it| !it.trim().is_empty())));
            for promise in promises(text, at) {
                prop_assert!(text.get(promise.at.start..promise.at.end).is_some());
                kept(&promise, text);
            }
            language(text);
        }
        if let Some(brief) = brief(&turns) {
            spans.extend(brief.issue.iter().chain(&brief.tried).chain(&brief.next).map(|it| it.at));
            spans.extend(brief.promised.iter().map(|it| it.at));
            spans.extend(brief.waiting.map(|it| it.1));
            spans.extend(brief.mood.map(|it| it.1));
            prop_assert!(brief.tried.len() <= 3);
        }
        for span in spans {
            prop_assert!(texts[span.turn].get(span.start..span.end).is_some_and(|it| !it.is_empty()));
        }
    }
}

/// A text that somebody has made to take long.
#[test]
fn a_huge_text_is_read_in_a_moment() {
    let parts = [
        "e.g. \"a\" I'll send it by Friday if, ",
        "I'll send. ",
        "a",
        "we will we will ",
        "\n> x",
        "1. ",
        ".",
        "…\"“",
        "until the ",
    ];
    for part in parts {
        let text = part.repeat(100_000 / part.len());
        let said = jiff::civil::date(2026, 11, 3).at(10, 40, 0, 0);
        promises(&text, said);
        brief(&[Turn { from: From::Customer, at: said, text: &text }]);
    }
}
