use crate::{ann, email, raw, read, try_read};
use mail::{Unreadable, label};

#[test]
fn a_plain_mail() {
    let mail = read(
        "Message-ID: <one@northwind.example>
In-Reply-To: <zero@example.com>
References: <a@example.com>
 <zero@example.com>
From: \"Ann Lee\" <Ann@Northwind.example>
Reply-To: Office <office@northwind.example>
To: Support <support@example.com>, bob@example.com
Cc: Team: carl@example.com, Dora <dora@example.com>;
Subject: Pump
 fails
Date: Mon, 23 Nov 2026 11:00:00 +0100

Hello,

the pump fails.
",
    );
    assert_eq!(mail.message_id.as_deref(), Some("<one@northwind.example>"));
    assert_eq!(mail.in_reply_to, ["<zero@example.com>"]);
    assert_eq!(mail.references, ["<a@example.com>", "<zero@example.com>"]);
    assert_eq!((mail.name.as_str(), mail.from, mail.sole_author), ("Ann Lee", email("ann@northwind.example"), true));
    assert_eq!(mail.reply_to[0].address, Some(email("office@northwind.example")));
    assert_eq!(mail.to.iter().map(domain::Party::label).collect::<Vec<_>>(), ["Support", "bob@example.com"]);
    assert_eq!(
        mail.cc.iter().filter_map(|it| it.address.clone()).collect::<Vec<_>>(),
        [email("carl@example.com"), email("dora@example.com")]
    );
    assert_eq!(mail.subject, "Pump fails");
    assert_eq!(mail.sent_at, Some(1_795_428_000_000_000));
    assert_eq!(mail.text, "Hello,\n\nthe pump fails.");
    assert_eq!((mail.html, mail.files.len(), mail.automatic), (None, 0, None));
    assert_eq!(mail.external_id.len(), 64);
}

#[test]
fn the_sender_is_an_address() {
    let check = |fields: &str, expected: Result<&str, Unreadable>| {
        let found = try_read(&raw(&format!("{fields}\n\nx"))).map(|it| it.from.to_string());
        assert_eq!(found, expected.map(str::to_owned), "{fields}");
    };
    check("From: ann@a.example", Ok("ann@a.example"));
    check("From: <ann@a.example>", Ok("ann@a.example"));
    check("From: Ann\nSender: Desk <desk@a.example>", Ok("desk@a.example"));
    check("From: MAILER-DAEMON\nReturn-Path: <x@a.example>", Ok("x@a.example"));
    check("From: nobody, Ann <ann@a.example>", Ok("ann@a.example"));
    check("Subject: hello", Err(Unreadable::NoSender));
    check("From: nobody\nReturn-Path: <>", Err(Unreadable::NoSender));
    check("From: MAILER-DAEMON\nReturn-Path: <>", Ok("mailer-daemon@unknown.invalid"));
    check("", Err(Unreadable::NotMail));
    check("no field here", Err(Unreadable::NotMail));
}

#[test]
fn a_sole_author_is_named_in_from_alone() {
    let check =
        |fields: &str, expected: bool| assert_eq!(read(&format!("{fields}\n\nx")).sole_author, expected, "{fields}");
    check("From: ann@a.example", true);
    check("From: Ann <ann@a.example>\nSender: bob@a.example", true);
    check("From: ann@a.example, bob@a.example", false);
    check("From: ann@a.example\nFrom: bob@a.example", false);
    check("From: Ann\nSender: ann@a.example", false);
    check("Return-Path: <ann@a.example>", false);
}

#[test]
fn names_show_what_they_are() {
    let check = |text: &str, expected: &str| assert_eq!(label(text), expected, "{text:?}");
    check("  two \r\n words\t", "two words");
    check("a\u{202e}txt.exe", "atxt.exe");
    check("pass\u{200b}word\u{feff}", "password");
    check("a\0b\u{1b}[1m", "ab[1m");
    // Joiners are letters' business where they join letters that are not ASCII.
    check("می\u{200c}خواهم", "می\u{200c}خواهم");
    check("a\u{200d}b", "ab");
}

#[test]
fn a_files_name_is_only_a_label() {
    let check = |name: &str, expected: &str| {
        let mail =
            ann(&format!("Content-Type: application/pdf\nContent-Disposition: attachment; filename=\"{name}\"\n\nx"));
        assert_eq!(mail.files[0].name, expected, "{name:?}");
    };
    check("report.pdf", "report.pdf");
    check("../../etc/passwd", "passwd");
    check("..", "document.pdf");
    check("C:/Users/ann/plan.pdf", "plan.pdf");
    check("\u{202e}fdp.exe", "fdp.exe");
    check(".ht\u{200b}access", "htaccess");
    check("", "document.pdf");
    check(&"long".repeat(100), &format!("{}{}", &"long".repeat(100)[..130], "longlonglonglonglong"));
}

#[test]
fn bodies_and_files_are_told_apart() {
    let mail = ann("MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=out

This is a preamble.
--out
Content-Type: multipart/alternative; boundary=in

--in
Content-Type: text/plain; charset=utf-8

plain words
--in
Content-Type: multipart/related; boundary=rel

--rel
Content-Type: text/html

<p>rich words <img src=\"cid:pic%401\"> <img src=cid:unknown></p>
--rel
Content-Type: image/png; name=logo.png
Content-ID: <pic@1>
Content-Transfer-Encoding: base64

AAECAw==
--rel--
--in--
--out
Content-Type: text/plain; name=notes.txt
Content-Disposition: attachment; filename=notes.txt

a note
--out
Content-Type: message/rfc822

From: bob@example.com
Content-Type: multipart/mixed; boundary=deep

--deep

inner words
--deep--
--out
Content-Type: text/calendar; method=REQUEST

BEGIN:VCALENDAR
--out--
This is an epilogue.
");
    assert_eq!(mail.text, "plain words");
    assert_eq!(mail.html.as_deref().map(str::trim), Some("<p>rich words <img src=\"inline/0\"> <img></p>"));
    let files: Vec<_> =
        mail.files.iter().map(|it| (it.name.as_str(), it.media_type.as_str(), it.inline, it.bytes.len())).collect();
    assert_eq!(
        files,
        [
            ("logo.png", "image/png", true, 4),
            ("notes.txt", "text/plain", false, 6),
            ("message.eml", "message/rfc822", false, 102),
            ("invite.ics", "text/calendar", false, 15),
        ]
    );
}

#[test]
fn several_texts_are_one() {
    let mail = ann("Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

above
--b
Content-Type: application/pdf
Content-Transfer-Encoding: base64

AAAA
--b
Content-Type: text/html

<p>below</p>
--b--
");
    assert_eq!(mail.text, "above\n\nbelow");
    assert_eq!(mail.html.as_deref(), Some("<p>above</p>\n<p>below</p>"));
    assert_eq!(mail.files.len(), 1);
}

#[test]
fn what_one_text_leaves_open_does_not_swallow_the_next() {
    for open in ["<!-- ", "<script>", "<table><tr><td>", "<a href=\"", "<p style=\"display:none\">"] {
        let mail = ann(&format!(
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>above</p>{open}\n--b\n\
             Content-Type: text/html\n\n<p>below</p>\n--b--\n"
        ));
        assert_eq!(mail.text, "above\n\nbelow", "{open}");
        assert!(mail.html.is_some_and(|it| it.ends_with("<p>below</p>")), "{open}");
    }
}

#[test]
fn broken_structures_are_still_read() {
    let check = |rest: &str, text: &str, files: usize| {
        let mail = ann(rest);
        assert_eq!((mail.text.as_str(), mail.files.len()), (text, files), "{rest}");
    };
    // No boundary at all, one that never comes, one that never closes.
    check("Content-Type: multipart/mixed\n\nwords", "words", 0);
    check("Content-Type: multipart/mixed; boundary=b\n\nwords", "words", 0);
    check("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nwords", "words", 0);
    // An outer boundary ends the inner multipart.
    check(
        "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\nwords\n--o\nContent-Type: image/png\n\nx\n--o--",
        "words",
        1,
    );
    // A boundary that starts like another one.
    check("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--bb\ntwo\n--b--", "one\n--bb\ntwo", 0);
    // A header that ends at the boundary; a part without one.
    check(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n--b\n\nwords\n--b--",
        "words",
        0,
    );
    check("Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\ny\n--b--", "", 1);
}

#[test]
fn a_flowed_text_is_paragraphs() {
    let mail = ann("Content-Type: text/plain; format=flowed

This is one \nparagraph.
> quoted \n> words
 >not quoted
-- \nAnn
");
    assert_eq!(mail.text, "This is one paragraph.\n> quoted words\n>not quoted\n-- \nAnn");
    let mail = ann("Content-Type: text/plain; format=flowed; delsp=yes\n\none \nword\n");
    assert_eq!(mail.text, "oneword");
}

#[test]
fn the_same_mail_has_the_same_id() {
    let one = ann("Message-ID: <1@a.example>\nContent-Type: text/plain; charset=utf-8\n\nGrüße\n");
    let other = ann(
        "Received: from somewhere\nMessage-ID: <1@a.example>\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=C3=9Fe\n\n",
    );
    assert_eq!(one.external_id, other.external_id);
    let lines = mail::read(
        b"From: ann@northwind.example\nMessage-ID: <1@a.example>\n\nGr\xc3\xbc\xc3\x9fe\n",
        &crate::receiver(),
    );
    assert_eq!(lines.expect("a mail").external_id, one.external_id);
    let changed = ann("Message-ID: <1@a.example>\nContent-Type: text/plain; charset=utf-8\n\nGruss\n");
    assert_ne!(one.external_id, changed.external_id);
}

#[test]
fn old_and_odd_ids_are_read() {
    let mail = ann(
        "Message-ID: 1@a.example\nIn-Reply-To: Your message of Monday <2@a.example>\nReferences: <3@a.example><4\n @a.example>\n\nx",
    );
    assert_eq!(mail.message_id.as_deref(), Some("<1@a.example>"));
    assert_eq!(mail.in_reply_to, ["<2@a.example>"]);
    assert_eq!(mail.references, ["<3@a.example>", "<4@a.example>"]);
    let many = (0..300).map(|it| format!("<{it}@a.example>")).collect::<Vec<_>>().join("\n ");
    let mail = ann(&format!("References: {many} <last@a.example>\n\nx"));
    assert_eq!(mail.references.len(), 100);
    assert_eq!((mail.references[0].as_str(), mail.references[99].as_str()), ("<0@a.example>", "<last@a.example>"));
}
