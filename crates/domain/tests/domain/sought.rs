use domain::Filter;
use domain::sought::{Sought, marked, snippet};
use domain::tokens::tokens;
use proptest::prelude::*;

fn sought(text: &str) -> Sought {
    Filter::parse(text).0.sought()
}

fn fits(asked: &str, texts: &[&str]) -> bool {
    sought(asked).fits(&texts.iter().map(|it| tokens(it)).collect::<Vec<_>>())
}

/// With the marks in brackets.
fn shown(it: &domain::sought::Snippet) -> String {
    let mut text = it.text.clone();
    for mark in it.marks.iter().rev() {
        text.insert(mark.end, ']');
        text.insert(mark.start, '[');
    }
    format!("{}{text}{}", if it.begun { "…" } else { "" }, if it.goes_on { "…" } else { "" })
}

#[test]
fn words_fit_in_any_order_and_exact_words_in_theirs() {
    let mail = "Please send the credit note CN-2207 to Ann.Smith@northwind.example.";
    for asked in [
        "note credit",
        "\"credit note\"",
        "\"CREDIT  Note\"",
        "CN-2207",
        "cn2207",
        "2207",
        "ann.smith@northwind.example",
        "\"smith northwind\"",
        "northwind.example",
        "credit -refund",
        "send -\"note credit\"",
    ] {
        assert!(fits(asked, &[mail]), "{asked}");
    }
    for asked in ["\"note credit\"", "credit refund", "CN-220", "CN-22071", "credit -note", "send -CN-2207", "cred"] {
        assert!(!fits(asked, &[mail]), "{asked}");
    }
    assert!(fits("CN-2207", &["about CN2207"]), "however it is written");
    assert!(fits("CN-2207", &["CN-2207-B.pdf"]), "within a longer thing");
    assert!(fits("a b", &["a", "b"]) && !fits("\"a b\"", &["a", "b"]), "a phrase stands in one text");
}

#[test]
fn a_snippet_shows_most_of_what_is_looked_for() {
    let text = "Hello,\n\nthe printer in the hall prints nothing.\n\nThe paper is in, the light is green. ".to_owned()
        + &"We have tried what the guide says and it did not help at all. ".repeat(4)
        + "Since Monday our printer says paper jam, and there is none. Regards, Ann";
    let it = snippet(&text, &sought("printer jam")).unwrap();
    assert!(shown(&it).contains("our [printer] says paper [jam], and there is none"), "{}", shown(&it));
    assert!(it.begun && !it.goes_on);
    let it = snippet("Credit note\n\n  CN-2207   is attached", &sought("\"credit note\" cn-2207")).unwrap();
    assert_eq!(shown(&it), "[Credit note] [CN-2207] is attached");
    assert_eq!(snippet("Nothing here", &sought("printer")), None);
    assert_eq!(shown(&marked("Re: Grüße aus Köln", &sought("koln grusse"))), "Re: [Grüße] aus [Köln]");
    assert_eq!(shown(&marked("東京都", &sought("東京都"))), "[東京都]");
}

#[test]
fn more_and_nearer_weighs_more() {
    let weigh =
        |asked: &str, texts: &[&str]| sought(asked).weight(&texts.iter().map(|it| tokens(it)).collect::<Vec<_>>());
    let far = format!("paper {} jam", "and so on ".repeat(40));
    assert!(weigh("paper jam", &["", "paper jam"]) > weigh("paper jam", &["", &far]));
    assert!(weigh("jam", &["jam", ""]) > weigh("jam", &["", "jam"]), "the subject tells more");
    assert!(weigh("jam", &["", "jam jam jam"]) > weigh("jam", &["", "jam and so on"]));
}

proptest! {
    #[test]
    fn any_snippet_has_its_marks_within(text in "[\\w \n.,\\-@äß東京]{0,400}", asked in "[a-z0-9äß東京]{1,3}( [a-z0-9]{1,2})?") {
        let sought = sought(&asked);
        let fits = sought.all.iter().any(|it| it.is_in(&[tokens(&text)]));
        let found = snippet(&text, &sought);
        prop_assert_eq!(found.is_some(), fits);
        for it in found.iter().chain(std::iter::once(&marked(&text, &sought))) {
            let mut last = 0;
            for mark in &it.marks {
                prop_assert!(mark.start >= last && it.text.get(mark.clone()).is_some_and(|it| !it.is_empty()));
                last = mark.end;
            }
            prop_assert!(!it.text.contains('\n'));
        }
        if let Some(it) = found {
            prop_assert!(!it.marks.is_empty(), "{}", it.text);
        }
    }
}
