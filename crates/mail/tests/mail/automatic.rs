use domain::Automatic::{self, AutoReply, Bounce, Bulk, List, OwnAddress, Receipt};
use mail::Receiver;

use crate::{email, raw};

fn check(fields: &str, expected: Option<Automatic>) {
    let own = [email("support@example.com")];
    let from = if fields.contains("From:") { "" } else { "From: ann@a.example\n" };
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
    check("List-Unsubscribe: <mailto:x@a.example>\nPrecedence: bulk", Some(List));
    check("Precedence: list", Some(List));
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
