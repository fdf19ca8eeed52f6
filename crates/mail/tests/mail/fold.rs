use domain::FoldKind::{Disclaimer, Forward, Quote, Signature};
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

#[test]
fn what_lawyers_add_is_folded() {
    let note =
        "This e-mail is confidential. If you are not the intended recipient, please delete it at once and tell us.";
    check(&format!("Hello\n\n{note}"), &[(Disclaimer, note)], "Hello");
    // Alone, it is what the mail says.
    assert_eq!(fold(note), []);
    let asked = format!("What does this mean?\n\n\"{note}\" Why do you write that?");
    assert_eq!(fold(&asked), []);
}

#[test]
fn the_name_stays_above_its_card() {
    check(
        "Hello\n\nBest regards\nAnn Lee\nNorthwind Ltd\nTel. +44 117 496 0001",
        &[(Signature, "Northwind Ltd\nTel. +44 117 496 0001")],
        "Hello Best regards Ann Lee",
    );
}

#[test]
fn a_text_is_never_folded_away() {
    for text in ["Sent from my iPhone", "> old\n> words", "-- \nAnn", "-- \nAnn\n\nOn 1 May 2026 Bob wrote:\n> old"] {
        assert_eq!(fold(text), [], "{text}");
    }
}

/// Time is not asserted: what is not linear here does not end.
#[test]
fn a_text_that_is_all_marks_is_folded_in_linear_time() {
    for line in [
        ">\n",
        "> x\n",
        "On \n",
        "On 1 May 2026 at 10:00 x\n",
        "wrote:\n",
        "x wrote:\n",
        "On 1 May 2026 a@b.example wrote:\n> q\n",
        "From: a\n",
        "From: a\nTo: b\n\n",
        "-----\n",
        "---------- Forwarded x ---------\n",
        "-----Original Message-----\n> x\n",
        "-- \n",
        "\n",
        ":\n",
        "> x\ny\n",
        "Best regards\n",
        "Tel. 12345\n",
        "confidential error\n",
        "From: a\nSent: b\nSubject: c\n> q\n",
        "\u{a0}:\n",
        "> From: a\nx\n",
    ] {
        let text = line.repeat((1 << 15) / line.len());
        sane(&text);
        sane(&format!("{text}> end\n"));
    }
}

fn sane(text: &str) {
    let mut end = 0;
    for it in fold(text) {
        assert!(it.start >= end && it.end > it.start);
        end = it.end;
        assert!(text.get(it.start as usize..it.end as usize).is_some());
    }
}

/// What is shown of HTML without a click, and that sanitising again changes nothing.
#[track_caller]
fn shown(subject: &str, html: &str) -> String {
    let mail = crate::ann(&format!("Subject: {subject}\nContent-Type: text/html; charset=utf-8\n\n{html}"));
    let html = mail.html.expect("HTML");
    assert_eq!(mail::sanitise(&html, &mut |_| None).as_deref(), Some(html.as_str()));
    assert_eq!(html.matches("<details>").count(), html.matches("</details>").count());
    let Some((before, rest)) = html.split_once("<details><summary aria-label=\"Earlier messages\">…</summary>")
    else {
        return mail::text_of(&html);
    };
    let (_, behind) = rest.rsplit_once("</details>").expect("an end");
    mail::text_of(&format!("{before}{behind}"))
}

#[test]
fn the_quote_that_ends_html_is_folded() {
    let head = "<b>From:</b> Bob &lt;b@a.example&gt;<br><b>Sent:</b> Monday<br><b>To:</b> Ann<br><b>Subject:</b> Pump";
    let line = "On Mon, 23 Nov 2026 at 10:00, Bob &lt;b@a.example&gt; wrote:";
    for quote in [
        format!(
            "<div class=gmail_quote><div class=gmail_attr>{line}<br></div><blockquote class=gmail_quote>old</blockquote></div>&nbsp;"
        ),
        format!("<div><br><blockquote type=cite><div>{line}</div><br><div>old</div></blockquote></div><br>"),
        format!("<div id=appendonsend></div><hr><div id=divRplyFwdMsg>{head}</div><div>old</div>").replace("<hr>", ""),
        format!(
            "<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p>{head}</p></div></div><p>old</p>"
        ),
        format!(
            "<div class=moz-cite-prefix>{line}<br></div><blockquote type=cite>old</blockquote><div class=moz-signature></div>"
        ),
        format!("<div class='ydp1yahoo_quoted'><div>{line}</div><div>old</div></div>"),
        format!("<div class=protonmail_quote>{line}<br><blockquote type=cite>old</blockquote><br></div>"),
        format!("<div><div>-----Original Message-----</div><div>{head}</div>old</div>"),
    ] {
        assert_eq!(shown("Re: Pump", &format!("<div>new</div>{quote}")), "new", "{quote}");
        // Inside boxes of their own, too.
        assert_eq!(shown("Re: Pump", &format!("<table><tr><td><div>new{quote}</div></table>")), "new", "{quote}");
        // Without words above it, it is the mail.
        assert!(shown("Re: Pump", &quote).contains("old"), "{quote}");
        // With an answer below it stays open, if the program marks what is quoted.
        let marked = !quote.contains("Sent:");
        let answered = shown("Re: Pump", &format!("<div>new</div>{quote}<p>answer"));
        assert!(!marked || answered.contains("answer"), "{quote}");
    }
}

#[test]
fn answers_between_quotes_of_html_stay() {
    let line = "On Mon, 23 Nov 2026 at 10:00, Bob &lt;b@a.example&gt; wrote:";
    let html = format!(
        "<div>Hi</div><div class=gmail_quote><div class=gmail_attr>{line}<br></div><blockquote class=gmail_quote>one?</blockquote><div>yes</div>\
         <blockquote class=gmail_quote>two?</blockquote><div>no</div></div>"
    );
    let all = shown("Re: Pump", &html);
    assert!(all.contains("one?") && all.contains("yes") && all.contains("no"), "{all}");
    // What follows the last answer is folded.
    let html = "<p>Hi</p><blockquote type=cite>one?</blockquote><p>yes</p><blockquote type=cite>two?</blockquote>";
    assert_eq!(shown("Re: Pump", html), "Hi\n\n> one?\n\nyes");
}

/// What stands folded in HTML under `label`.
fn folded_as<'a>(html: &'a str, label: &str) -> Option<&'a str> {
    let rest = html.split_once(&format!("<details><summary aria-label=\"{label}\">… {label}</summary>"))?.1;
    Some(rest.split_once("</details>").expect("an end").0)
}

#[test]
fn cards_and_notices_of_html_are_folded_as_in_its_text() {
    let notice = "This e-mail is confidential and intended only for the addressee. If you have received it in error, please \
                  notify the sender and delete it.";
    let card = "<div>Head of Maintenance</div><div>Northwind Ltd | <a href='https://northwind.example/x'>Our site</a></div>\
                <div>Tel. +44 117 496 0002</div>";
    let html =
        format!("<div>The pump fails.</div><div>Best regards</div><div>Ann Lee</div>{card}<p><i>{notice}</i></p>");
    let plain = "The pump fails.\n\nBest regards\nAnn Lee\nHead of Maintenance\nNorthwind Ltd | Our site\n\
                 <https://northwind.example/x>\nTel. +44 117 496 0002\n\n";
    let both = format!(
        "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n{plain}{notice}\n--b\nContent-Type: \
         text/html\n\n{html}\n--b--\n"
    );
    for mail in [crate::ann(&format!("Content-Type: text/html\n\n{html}")), crate::ann(&both)] {
        let html = mail.html.expect("HTML");
        assert_eq!(mail::sanitise(&html, &mut |_| None).as_deref(), Some(html.as_str()));
        let card = folded_as(&html, "Signature").expect("a card");
        assert!(card.contains("Head of") && card.contains("496") && !card.contains("Ann Lee"), "{html}");
        assert!(folded_as(&html, "Legal notice").is_some_and(|it| it.contains("confidential")), "{html}");
        let open = html.split("<details>").next().expect("a start");
        assert!(open.contains("The pump fails.") && open.contains("Ann Lee"), "{html}");
    }
    // Where the HTML says something else than the text, or says it within other words, it stays open.
    for html in [
        "<p>The pump fails.</p><p>Best regards<br>Ann Lee<br>Head of Maintenance<br>Northwind Ltd<br>Tel. +44 117 496 0002</p>",
        "<p>The pump fails, Head of Maintenance Northwind Ltd Tel. +44 117 496 0002, says Ann.</p>",
        "<p><span>The pump fails.<br>Best regards<br>Ann Lee<br>Head of Maintenance<br>Northwind Ltd Our site<br>Tel. +44 117 496 0002</span></p>",
        "<pre>The pump fails.\n\nBest regards\nAnn Lee\nHead of Maintenance\nTel. +44 117 496 0002</pre>",
    ] {
        let html =
            crate::ann(&both.replace(&both[both.find("<div>The").expect("HTML")..], &format!("{html}\n--b--\n")));
        assert!(!html.html.expect("HTML").contains("<details>"));
    }
}

#[test]
fn a_quote_without_a_name_is_folded_in_html_by_what_it_says() {
    let quote =
        "<div>On March 4, 2026, Bob &lt;b@a.example&gt; wrote:</div><blockquote>Would Tuesday suit you?</blockquote>";
    assert_eq!(shown("Re: Pump", &format!("<div>Yes.</div>{quote}")), "Yes.");
    assert!(shown("Re: Pump", &format!("<div>Yes.</div>{quote}<div>At ten.</div>")).contains("Tuesday"));
    assert!(shown("Re: Pump", quote).contains("Tuesday"));
}

#[test]
fn what_html_passes_on_stays() {
    let html = "<div>Please help</div><div class=gmail_quote><div class=gmail_attr>---------- Forwarded message ---------<br>From: Bob &lt;b@a.example&gt;<br>\
                Date: Mon, 23 Nov 2026<br>Subject: Pump<br>To: a@a.example<br></div><br>It fails.</div>";
    assert!(shown("Fwd: Pump", html).contains("It fails."));
}

proptest! {
    #[test]
    fn folds_are_sorted_ranges_of_the_text(lines in proptest::collection::vec(proptest::sample::select(vec![
        "", "> q", ">> qq", "On 1 May 2026 Ann wrote:", "words", "-- ", "--", "From: a", "To: b", "Subject: c", "Von: ä", "-----Original Message-----",
        "---------- Forwarded message ---------", "Am 1. Mai", "schrieb Ann:", "Ünïcode", "Sent from my phone", "_____", ">", " ",
    ]), 0..30)) {
        let text = lines.join("\n");
        sane(&text);
    }

    #[test]
    fn any_text_is_folded_in_its_bounds(text in "(?s).{0,400}") {
        sane(&text);
    }
}
