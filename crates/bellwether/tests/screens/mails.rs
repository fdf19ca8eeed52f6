//! The mails of the desk that is looked at.

use testkit::Letter;

use crate::place::US;

/// A customer.
pub const RUTH: &str = "Ruth Alvarez <ruth@customer.example>";
/// What she writes.
pub const PLAIN: &str = "Hello,\n\nsince Monday every label is blank. We have changed the roll twice.\n\n\
    https://customer.example/pictures/of/the/printer/and/of/everything/else/that/is/beside/it?token=0123456789abcdef0123456789abcdef\n\nRuth\n";
/// What she answers, with the words before below.
pub const QUOTING: &str = "One more thing: the invoice came twice.\n\nOn Tue, 10 Nov 2026 at 08:47, Tareline wrote:\n\
    > Thank you, we look at it.\n> Ines\n";

/// HTML with a quote, a table, a picture from elsewhere and a file.
pub fn dressed() -> Letter {
    let html = "<p>Hello,</p><p>this is what it <b>shows</b>:</p><table border=1><tr><th>Scale</th><th>Weight</th></tr>\
        <tr><td>KX-200</td><td>3 g</td></tr></table><p><img src=\"https://elsewhere.example/p.png\" alt=\"Our scale\"></p>\
        <p>Ruth</p><blockquote type=cite><p>On Monday Tareline wrote:</p><p>How can we help?</p></blockquote>";
    Letter::from(RUTH)
        .to(US)
        .subject("The scale shows 3 grams with nothing on it")
        .html(html)
        .file("scale.pdf", &[b'x'; 9_000])
}

/// An appointment.
pub fn invitation() -> Vec<u8> {
    lines(&format!(
        "From: {RUTH}\nTo: {US}\nSubject: Invitation: Visit to the plant\nMessage-ID: <invitation@customer.example>\n\
         Date: Tue, 10 Nov 2026 08:47:00 +0000\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n\
         --b\nContent-Type: text/plain; charset=utf-8\n\nPlease come and see it.\n\n\
         --b\nContent-Type: text/calendar; charset=utf-8; method=REQUEST\n\nBEGIN:VCALENDAR\nVERSION:2.0\n\
         PRODID:-//Tests//EN\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:visit@customer.example\nDTSTAMP:20261110T084700Z\n\
         DTSTART:20261201T090000Z\nDTEND:20261201T110000Z\nSUMMARY:Visit to the plant\n\
         LOCATION:Hall 3\\, Customer Works\nORGANIZER;CN=Ruth Alvarez:mailto:ruth@customer.example\n\
         ATTENDEE;CN=Tareline:mailto:{US}\nEND:VEVENT\nEND:VCALENDAR\n--b--\n"
    ))
}

/// A mail that only its writer's friends can read.
pub fn encrypted() -> Vec<u8> {
    lines(&format!(
        "From: Kim Berg <kim@berg.example>\nTo: {US}\nSubject: ...\nMessage-ID: <sealed@berg.example>\n\
         Date: Tue, 10 Nov 2026 08:47:00 +0000\nMIME-Version: 1.0\n\
         Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\n\n\
         --b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\
         --b\nContent-Type: application/octet-stream; name=\"encrypted.asc\"\n\n\
         -----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n--b--\n"
    ))
}

/// A colleague passes on what came to her.
pub fn passed_on() -> Letter {
    let text = "Can you take this?\n\n---------- Forwarded message ---------\n\
        From: Noor Haddad <noor@haddad.example>\nDate: Tue, 10 Nov 2026 at 08:00\nSubject: The display is dark\n\
        To: <sales@desk.example>\n\nHello, the display is dark.\nNoor\n";
    let letter = Letter::from("Ines Okafor <ines@desk.example>").to(US).subject("Fwd: The display is dark");
    letter.text(text).verdict("pass")
}

/// A machine answers.
pub fn automatic() -> Letter {
    let letter = Letter::from("Lee Wood <lee@wood.example>").to(US).subject("Out of office");
    letter.text("I am back on Monday.").header("Auto-Submitted", "auto-replied")
}

/// A server says that there is no such address.
pub fn bounce(message_id: &str, address: &str) -> Vec<u8> {
    lines(&format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.desk.example (Mail Delivery System)\nTo: {US}\n\
         Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n\
         Message-ID: <report@mx.desk.example>\nDate: Tue, 10 Nov 2026 09:00:00 +0000\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n\
         --b\nContent-Type: text/plain\n\nThis is the mail system. Your message could not be delivered.\n\n\
         --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.desk.example\n\n\
         Final-Recipient: rfc822; {address}\nAction: failed\nStatus: 5.1.1\n\
         Diagnostic-Code: smtp; 550 5.1.1 <{address}>: Recipient address rejected: User unknown\n\n\
         --b\nContent-Type: text/rfc822-headers\n\nFrom: {US}\nTo: {address}\nMessage-ID: {message_id}\n\n--b--\n"
    ))
}

fn lines(text: &str) -> Vec<u8> {
    text.replace('\n', "\r\n").into_bytes()
}
