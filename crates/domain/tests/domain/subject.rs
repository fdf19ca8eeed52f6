use domain::subject::{is_another, topic};

#[test]
fn what_a_program_adds_to_a_subject_changes_nothing() {
    for subject in [
        "Printer on fire",
        "Re: Printer on fire",
        "RE: AW: Sv: printer  on fire",
        "Re[2]: Printer on fire",
        "[Tareline] WG: [External] Printer on fire!",
        "Antw : Printer on fire",
    ] {
        assert_eq!(topic(subject), "printer on fire", "{subject}");
        assert!(!is_another("Printer on fire", subject), "{subject}");
    }
}

#[test]
fn another_subject_is_another_and_more_or_fewer_words_are_not() {
    for (case, message, another) in [
        ("Printer on fire", "Invoice INV-10874 is wrong", true),
        ("Printer on fire", "Re: Printer on fire (2nd floor, urgent)", false),
        ("Re: Printer on fire in Bristol", "AW: Printer on fire", false),
        ("Printer on fire", "Re:", false),
        ("Printer on fire", "", false),
        ("", "Invoice", false),
        ("Offre : imprimante", "TR: Offre : imprimante", false),
        ("Rechnung 4711", "Antwort: Rechnung 4712", true),
    ] {
        assert_eq!(is_another(case, message), another, "{case} / {message}");
    }
}
