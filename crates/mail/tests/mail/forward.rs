use mail::{Original, Place};

use crate::{ann, read};

fn original(subject: &str, text: &str) -> Option<(Original, String)> {
    let mail = ann(&format!("Subject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{text}"));
    let original = mail.forwarded?;
    let words = match original.place {
        Place::Text(start) => mail.text[start as usize..].to_owned(),
        Place::File(index) => mail.files[index].name.clone(),
    };
    Some((original, words))
}

const HEADER: &str = "From: Carla Diaz <carla@cafe.example>\nSent: Monday, 23 November 2026 09:14\nTo: Lee, Ann <ann@northwind.example>; Bob <bob@northwind.example>\nSubject: Lamp";

#[test]
fn a_mail_that_is_passed_on_names_who_wrote_it() {
    for (subject, above) in [
        ("FW: Lamp", ""),
        ("FW: Lamp", "Please help.\n\n"),
        ("WG: Lamp", "-----Ursprüngliche Nachricht-----\n"),
        ("Tr : Lamp", "Voir ci-dessous\n\n"),
        ("Lamp", ""),
        ("Lamp", "Please help.\n\n---------- Forwarded message ---------\n"),
        ("Re: Lamp", "Begin forwarded message:\n\n"),
    ] {
        let (it, words) = original(subject, &format!("{above}{HEADER}\n\nIt is dark.\n")).expect("an original");
        assert_eq!(it.from.name, "Carla Diaz");
        assert_eq!(it.from.address, Some(crate::email("carla@cafe.example")));
        let to: Vec<_> = it.to.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(to, ["Lee, Ann", "Bob"]);
        assert_eq!((it.subject.as_str(), it.date.as_str()), ("Lamp", "Monday, 23 November 2026 09:14"));
        assert_eq!(words, "It is dark.");
    }
}

#[test]
fn addresses_are_read_as_programs_write_them() {
    for from in [
        "Carla Diaz [mailto:carla@cafe.example]",
        "\"Carla Diaz\" <carla@cafe.example>",
        "*Carla Diaz* <carla@cafe.example<mailto:carla@cafe.example>>",
        "Carla Diaz (carla@cafe.example)",
        "'Carla Diaz' <carla@cafe.example>",
    ] {
        let text = format!("From: {from}\nSent: Monday\nTo: a@a.example\nSubject: Lamp\n\nDark.");
        let (it, _) = original("Fwd: Lamp", &text).expect("an original");
        assert_eq!(it.from.address, Some(crate::email("carla@cafe.example")), "{from}");
        assert!(it.from.name.starts_with("Carla Diaz"), "{from}");
    }
    // Inside a firm, programs leave out the address.
    let (it, _) =
        original("FW: Lamp", "From: Carla Diaz\nSent: Monday\nTo: Ann\nSubject: Lamp\n\nDark.").expect("an original");
    assert_eq!((it.from.name.as_str(), it.from.address), ("Carla Diaz", None));
}

#[test]
fn an_answer_passes_nothing_on() {
    assert_eq!(original("Re: Lamp", &format!("Thanks.\n\n{HEADER}\n\nIt is dark.")), None);
    assert_eq!(original("Lamp", &format!("Thanks.\n\n{HEADER}\n\nIt is dark.")), None);
    assert_eq!(original("RE: FW: Lamp", &format!("Thanks.\n\n{HEADER}\n\nIt is dark.")), None);
    assert_eq!(original("Re: Lamp", &format!("{HEADER}\n\nIt is dark.")), None);
    assert_eq!(
        original("Fwd: Lamp", "Thanks.\n\nOn Mon, 23 Nov 2026 at 10:00, Bob <b@a.example> wrote:\n> It is dark."),
        None
    );
    assert_eq!(original("Trip", "From: Hamburg\nTo: Lyon\nDate: 3 May\n\nTwo crates."), None);
}

#[test]
fn a_mail_in_a_file_is_passed_on_too() {
    let mail = |subject: &str, text: &str| {
        read(&format!(
            "From: Ann <ann@northwind.example>\nSubject: {subject}\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n{text}\n--b\n\
             Content-Type: message/rfc822\n\nFrom: Carla <carla@cafe.example>\nTo: ann@northwind.example\nSubject: Lamp\nDate: Mon, 23 Nov 2026 09:14:00 +0100\n\nDark.\n--b--\n"
        ))
        .forwarded
    };
    for it in [mail("Fwd: Lamp", "Please help."), mail("Lamp", "")] {
        let it = it.expect("an original");
        assert_eq!(it.from.address, Some(crate::email("carla@cafe.example")));
        assert_eq!((it.subject.as_str(), it.place), ("Lamp", Place::File(0)));
    }
    // Beside words of one's own it may be anything.
    assert_eq!(mail("Proof", "See what I got."), None);
}
