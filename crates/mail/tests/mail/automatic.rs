use domain::Automatic::{self, AutoReply, Bounce, Bulk, List, OwnAddress, Receipt};
use domain::Verdict;
use mail::Receiver;

use crate::{email, raw};

fn check(fields: &str, expected: Option<Automatic>) {
    let own = [email("support@example.com")];
    let from = if fields.lines().any(|it| it.starts_with("From:")) { "" } else { "From: ann@a.example\n" };
    let mail = mail::read(&raw(&format!("{from}{fields}\n\nx")), &Receiver { authserv_id: None, own: &own });
    assert_eq!(mail.expect("a mail").automatic, expected, "{fields}");
}

#[test]
fn machines_are_told_from_people() {
    check("Subject: Out of order", None);
    check("Auto-Submitted: no", None);
    check("Return-Path: <ann@a.example>", None);
    check("X-Auto-Response-Suppress: OOF", None);
    check("Precedence: first-class", None);

    check("Auto-Submitted: auto-replied", Some(AutoReply));
    check("Auto-Submitted: auto-generated; owner-email=\"x\"", Some(AutoReply));
    check("X-Autoreply: yes", Some(AutoReply));
    check("Precedence: auto_reply", Some(AutoReply));
    // An out-of-office answer has an empty return path too.
    check("Return-Path: <>\nAuto-Submitted: auto-replied (vacation)", Some(AutoReply));

    check("Content-Type: multipart/report; report-type=delivery-status; boundary=b", Some(Bounce));
    check(
        "Content-Type: multipart/report; report-type=\"disposition-notification\"; boundary=b\nAuto-Submitted: auto-replied",
        Some(Receipt),
    );
    check("From: MAILER-DAEMON@mx.example", Some(Bounce));
    check("Return-Path: <>", Some(Bounce));
    check("X-Failed-Recipients: bob@a.example", Some(Bounce));

    check("List-Id: <news.a.example>", Some(List));
    check("Precedence: list", Some(List));
    check("List-Id: <a.example>\nList-Post: <mailto:all@a.example>\nFeedback-ID: 1:a", Some(List));
    check("List-Id: <a.example>\nX-BeenThere: all@a.example\nPrecedence: bulk", Some(List));
    // Nobody can write to it, and it is marked as a campaign's.
    check("List-Unsubscribe: <mailto:x@a.example>\nPrecedence: bulk", Some(Bulk));
    check("List-Id: <a.example>\nFeedback-ID: 1:a", Some(Bulk));
    check("List-Id: <a.example>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click", Some(Bulk));
    check("List-Id: <a.example>\nList-Post: NO\nPrecedence: bulk", Some(Bulk));
    // Shops and sending services put it into what people write, too.
    check("List-Unsubscribe: <mailto:x@a.example>", None);
    // A person's own rule has forwarded it: a person wrote it all the same.
    check("X-MS-Exchange-Inbox-Rules-Loop: ann@a.example", None);
    check("Precedence: Bulk", Some(Bulk));
    check("Precedence: junk", Some(Bulk));
    check("X-Auto-Response-Suppress: DR, All", Some(Bulk));

    check("From: Support <support@example.com>", Some(OwnAddress));
    check("From: support+abc@example.com\nAuto-Submitted: auto-replied", Some(OwnAddress));
}

#[test]
fn what_a_rule_passes_on_is_its_writers() {
    let looped = "X-MS-Exchange-Inbox-Rules-Loop: ben@a.example\nAuto-Submitted: auto-generated";
    check(looped, None);
    check(&format!("{looped}\nX-Auto-Response-Suppress: All\nReturn-Path: <>"), None);
    let agent = "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent";
    check(&format!("{agent}\nResent-From: ben@a.example\nAuto-Submitted: auto-generated"), None);
    // The mailbox itself answers, or a machine wrote what is passed on.
    check(&looped.replace("ben@", "ann@"), Some(AutoReply));
    check(&format!("{agent}\nResent-From: ann@a.example"), Some(AutoReply));
    check(&looped.replace("generated", "replied"), Some(AutoReply));
    check(&format!("From: noreply@a.example\n{looped}"), Some(AutoReply));
}

#[test]
fn who_speaks_through_a_form_or_a_group_of_ours_is_who_wrote() {
    let own = [email("support@example.com"), email("desk@example.com")];
    let read = |fields: &str| {
        let results = "Authentication-Results: mx.example.com; dmarc=pass header.from=example.com";
        let receiver = Receiver { authserv_id: Some("mx.example.com"), own: &own };
        mail::read(&raw(&format!("{results}\n{fields}\n\nHello, it broke.")), &receiver).expect("a mail")
    };
    let ann = "Ann Lee <ann@a.example>";
    for fields in [
        format!("From: \"'Ann Lee' via Support\" <support@example.com>\nX-Original-From: {ann}\nReply-To: {ann}"),
        format!("From: Website <support@example.com>\nReply-To: {ann}\nReturn-Path: <>"),
    ] {
        let it = read(&fields);
        assert_eq!((it.from.as_str(), it.name.as_str(), it.automatic), ("ann@a.example", "Ann Lee", None), "{fields}");
        // That our domain vouches for the form says nothing of who filled it in.
        assert_eq!((it.verdict, it.sole_author), (Verdict::Unknown, false), "{fields}");
    }
    for fields in [
        "From: support@example.com".to_owned(),
        "From: support@example.com\nReply-To: support+k7m2@example.com".to_owned(),
        "From: support@example.com\nReply-To: jonas@example.com".to_owned(),
        format!("From: support@example.com\nReply-To: {ann}, Ben <ben@a.example>"),
    ] {
        let it = read(&fields);
        assert_eq!((it.from.as_str(), it.automatic), ("support@example.com", Some(OwnAddress)), "{fields}");
    }
    assert_eq!(read("From: ann@a.example\nReply-To: ben@b.example").from.as_str(), "ann@a.example");
}

#[test]
fn an_empty_return_path_makes_no_machine_of_a_person() {
    let mail = |fields: &str, text: &str| {
        let own = [email("support@example.com")];
        let raw = raw(&format!("Return-Path: <>\n{fields}\n\n{text}"));
        mail::read(&raw, &Receiver { authserv_id: None, own: &own }).expect("a mail").automatic
    };
    let from = "From: ann@a.example\nSubject: Lamp";
    assert_eq!(mail(from, "Hello,\n\nmy lamp is broken."), None);
    assert_eq!(mail(from, "Can you send me another?"), None);
    assert_eq!(mail("From: forms@a.example\nReply-To: ann@b.example", "Name: Ann"), None);
    assert_eq!(mail(from, "Disk 3 of node 7 is at 91 %."), Some(Bounce));
    assert_eq!(mail("From: ann@a.example\nSubject: Re: Lamp", "Hello,\n\nI am away."), Some(AutoReply));
}

#[test]
fn below_the_subject_of_a_machine_the_words_decide() {
    let mail = |subject: &str, fields: &str, text: &str| {
        let fields = format!("From: ann@a.example\nSubject: {subject}\nIn-Reply-To: <x@desk.example>{fields}");
        mail::read(&raw(&format!("{fields}\n\n{text}")), &Receiver::default()).expect("a mail").automatic
    };
    for subject in ["Automatic reply: Lamp", "Out of office: Lamp", "AW: Automatische Antwort: Lamp"] {
        assert_eq!(mail(subject, "", "Thanks, I'm back now, please go ahead with the order."), None, "{subject}");
        assert_eq!(mail(subject, "", "I was on vacation. Send it to the workshop."), None, "{subject}");
    }
    let ordinary = "Thank you for your message, the lamp may come on Monday.";
    assert_eq!(mail("Automatic reply: Lamp", "", ordinary), None);
    assert_eq!(mail("Automatic reply: Lamp", "\nReturn-Path: <>", ordinary), Some(AutoReply));
    assert_eq!(mail("Automatic reply: Lamp", "\nX-Auto-Response-Suppress: All", ordinary), Some(AutoReply));
    for text in ["I am on vacation until Monday.", "In urgent cases please call Bob.", "Ann no longer works here.", ""]
    {
        assert_eq!(mail("Automatic reply: Lamp", "", text), Some(AutoReply), "{text}");
    }
    let quoted = "It may come on Monday.\n\nAnn\n\nFrom: Ben <ben@a.example>\nSent: Monday, 23 November 2026 09:12\n\
        To: desk@desk.example\nSubject: Automatic reply: Lamp\n\nI am on vacation until Monday.";
    assert_eq!(mail("Automatic reply: Lamp", "", quoted), None);
}
