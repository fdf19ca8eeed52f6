use domain::tokens::{folded, tokens};
use proptest::prelude::*;

#[test]
fn words_are_folded_and_wholes_are_found() {
    let cases: &[(&str, &str, &str)] = &[
        ("Hello, World!", "hello world", ""),
        ("Crème brûlée für ŁÓDŹ", "creme brulee fur lodz", ""),
        ("STRASSE straße", "strasse strasse", ""),
        ("e\u{301}te\u{301} ﬁn", "ete fin", ""),
        ("Ἀθήνας ΣΟΦΟΣ", "αθηνασ σοφοσ", ""),
        ("invoice INV-10874.", "invoice inv 10874", "inv10874"),
        ("(INV-10874, RMA_2304)", "inv 10874 rma 2304", "inv10874 rma2304"),
        ("Ann.Smith+desk@northwind.example!", "ann smith desk northwind example", "annsmithdesknorthwindexample"),
        ("credit-note e.g. shop.example", "credit note e g shop example", ""),
        ("scan INV-7.pdf", "scan inv 7 pdf", "inv7pdf"),
        ("1,300 at 10:30", "1 300 at 10 30", ""),
        ("a--1 -7- .5.", "a 1 7 5", ""),
        ("東京都と京都", "東京 京都 都と と京 京都", ""),
        ("東 LP-40東京", "東 lp 40 東京", "lp40"),
        ("हिन्दी", "हिन्दी", ""),
        ("שָׁלוֹם", "שלום", ""),
        ("l’avoir l'avoir", "l avoir l avoir", ""),
        ("", "", ""),
        ("?!", "", ""),
    ];
    for (text, words, wholes) in cases {
        let found = tokens(text);
        let said = |all: &[domain::tokens::Token]| all.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(" ");
        assert_eq!((said(&found.words).as_str(), said(&found.wholes).as_str()), (*words, *wholes), "{text}");
        assert_eq!(folded(text), *words);
    }
    let long = tokens(&"ä".repeat(100)).words;
    assert_eq!((long.len(), long[0].text.as_str()), (1, "a".repeat(64).as_str()));
}

#[test]
fn each_word_stands_where_it_says() {
    let text = "Grüße, Ann: INV-10874 東京都";
    let of = |text: &str, at: &std::ops::Range<usize>| text[at.clone()].to_owned();
    let found = tokens(text);
    let words: Vec<String> = found.words.iter().map(|it| of(text, &it.at)).collect();
    assert_eq!(words, ["Grüße", "Ann", "INV", "10874", "東京", "京都"]);
    assert_eq!(of(text, &found.wholes[0].at), "INV-10874");
}

proptest! {
    #[test]
    fn any_text_is_taken_apart(text in "\\PC{0,60}") {
        let found = tokens(&text);
        let mut last = 0;
        for it in &found.words {
            prop_assert!(text.get(it.at.clone()).is_some() && it.at.start >= last);
            last = it.at.start;
            // What the databases split at is in no word.
            prop_assert!(!it.text.is_empty() && it.text.len() <= 64);
            prop_assert!(it.text.chars().all(|it| it.is_ascii_alphanumeric() || !it.is_ascii()), "{}", it.text);
            prop_assert!(!it.text.chars().any(|it| it.is_ascii_uppercase() || it.is_whitespace()));
        }
        for it in &found.wholes {
            prop_assert!(text.get(it.at.clone()).is_some() && it.text.len() <= 64);
        }
    }

    #[test]
    fn a_folded_text_is_folded(text in "[a-zA-Z0-9 \\-_.@ÄÖßéŁσΣ東京]{0,40}") {
        let once = folded(&text);
        prop_assert_eq!(folded(&once), once.clone());
    }
}
