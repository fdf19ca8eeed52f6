use domain::Email;
use mail::{Composed, File, Mailbox, Outgoing, Receiver, Unsendable, compose, label, read};
use proptest::prelude::*;

use crate::email;

pub fn outgoing() -> Outgoing {
    Outgoing {
        message_id: "<abc.def@example.com>".into(),
        from: Mailbox { name: "Mia from Support".into(), address: Some(email("support@example.com")) },
        reply_to: None,
        to: vec![Mailbox { name: "Ann Lee".into(), address: Some(email("ann@northwind.example")) }],
        cc: vec![],
        subject: "Re: Pumpe fällt aus".into(),
        at: 1_795_428_000_000_000,
        in_reply_to: Some("<one@northwind.example>".into()),
        references: vec!["<zero@example.com>".into(), "<one@northwind.example>".into()],
        text: "Hello Ann,\n\nsee https://example.com/help.\n".into(),
        html: None,
        files: vec![],
        automatic: false,
    }
}

fn back(composed: &Composed) -> mail::Mail {
    read(&composed.bytes, &Receiver::default()).expect("a mail")
}

#[test]
fn an_answer_says_what_it_answers() {
    let composed = compose(&outgoing()).expect("sendable");
    assert_eq!(
        (composed.from.as_ref().map(Email::as_str), &composed.to[..]),
        (Some("support@example.com"), &[email("ann@northwind.example")][..])
    );
    insta::assert_snapshot!(String::from_utf8(composed.bytes.clone()).expect("ASCII").replace("\r\n", "\n"));
    let mail = back(&composed);
    assert_eq!(mail.message_id.as_deref(), Some("<abc.def@example.com>"));
    assert_eq!(mail.in_reply_to, ["<one@northwind.example>"]);
    assert_eq!(mail.references, outgoing().references);
    assert_eq!(mail.sent_at, Some(outgoing().at));
    assert_eq!(mail.automatic, None);
    assert_eq!(compose(&outgoing()).expect("sendable"), composed, "the same input gives the same bytes");
}

#[test]
fn automatic_answers_say_so() {
    let composed = compose(&Outgoing { automatic: true, ..outgoing() }).expect("sendable");
    assert_eq!(composed.from, None, "its bounces come to nobody");
    let head = String::from_utf8(composed.bytes.clone()).expect("ASCII");
    assert!(head.contains("\r\nAuto-Submitted: auto-replied\r\n"), "{head}");
    assert!(head.contains("\r\nX-Auto-Response-Suppress: All\r\n"), "{head}");
    assert_eq!(back(&composed).automatic, Some(domain::Automatic::AutoReply));
}

#[test]
fn long_threads_keep_their_first_and_newest_ids() {
    let references: Vec<String> = (0..200).map(|it| format!("<{it}@a.example>")).collect();
    let mail = back(&compose(&Outgoing { references, ..outgoing() }).expect("sendable"));
    assert_eq!(mail.references.len(), 20);
    assert_eq!((mail.references[0].as_str(), mail.references[19].as_str()), ("<0@a.example>", "<199@a.example>"));
}

#[test]
fn recipients_come_once_each() {
    let who = |it: &str| Mailbox { name: String::new(), address: Email::parse(it) };
    let mail = Outgoing {
        to: vec![who("a@x.example"), who("nobody")],
        cc: vec![who("A@x.example"), who("b@x.example")],
        ..outgoing()
    };
    assert_eq!(compose(&mail).expect("sendable").to, [email("a@x.example"), email("b@x.example")]);
}

#[test]
fn a_mail_to_copies_alone_has_no_empty_field() {
    let ann = outgoing().to;
    let composed = compose(&Outgoing { to: vec![], cc: ann, ..outgoing() }).expect("sendable");
    let text = String::from_utf8(composed.bytes.clone()).expect("ASCII");
    assert!(!text.contains("\r\nTo:") && text.contains("\r\nCc:"), "{text}");
    assert_eq!(back(&composed).cc.len(), 1);
}

#[test]
fn domains_beyond_ascii_travel_in_punycode() {
    let who = |it: &str| Mailbox { name: String::new(), address: Some(email(it)) };
    let mail = Outgoing { from: who("support@bücher.example"), to: vec![who("ann@grüße.example")], ..outgoing() };
    let composed = compose(&mail).expect("sendable");
    assert_eq!(composed.from, Some(email("support@xn--bcher-kva.example")));
    assert_eq!(composed.to, [email("ann@xn--gre-6ka8l.example")]);
    let again = back(&composed);
    assert_eq!((Some(again.from), again.to[0].address.clone()), (composed.from, composed.to.first().cloned()));
}

#[test]
fn what_cannot_be_sent_says_why() {
    let nobody = Mailbox { name: "x".into(), address: None };
    let abroad = Mailbox { name: "x".into(), address: Some(email("jörg@example.com")) };
    let check = |mail: Outgoing, why: Unsendable| assert_eq!(compose(&mail), Err(why));
    check(Outgoing { from: nobody.clone(), ..outgoing() }, Unsendable::NoSender);
    check(Outgoing { to: vec![nobody], ..outgoing() }, Unsendable::NoRecipient);
    check(Outgoing { to: vec![abroad], ..outgoing() }, Unsendable::Address(email("jörg@example.com")));
    check(Outgoing { message_id: "<a\r\nBcc: x@y.example>".into(), ..outgoing() }, Unsendable::MessageId);
}

#[test]
fn files_come_back_whole() {
    let file = |name: &str, media_type: &str, bytes: &[u8]| File {
        name: name.into(),
        media_type: media_type.into(),
        content_id: None,
        inline: false,
        bytes: bytes.to_vec(),
    };
    let files = vec![
        file("Übersicht März.pdf", "application/pdf", &(0..=255).cycle().take(100_000).collect::<Vec<u8>>()),
        file("bare.txt", "text/plain", b"one\rtwo\nthree\0\n.\n--x"),
        file("empty.bin", "application/octet-stream", b""),
        File { content_id: Some("pic@1".into()), inline: true, ..file("p.png", "image/png", b"png") },
    ];
    let mail = back(&compose(&Outgoing { files: files.clone(), ..outgoing() }).expect("sendable"));
    // A picture that is shown in the text comes with it, and so before the others.
    assert_eq!(mail.files, [&files[3], &files[0], &files[1], &files[2]].map(Clone::clone));
    assert_eq!(mail.text, outgoing().text.trim_end());
}

fn nasty() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![
            4 => "[a-zA-Z0-9 .,:;<>@\"'()=?_/\\\\-]{0,12}",
            2 => proptest::sample::select(vec!["\r", "\n", "\r\n", "\n.\n", "\0", "\r\nBcc: evil@x.example\r\n\r\n", "=?utf-8?Q?=0D=0A?=", "\u{202e}", "\t", "ü€😀", "--=_", "\u{85}", "\u{2028}", "\u{feff}"])
                .prop_map(str::to_owned),
            1 => ".{0,30}",
            1 => "[a-z]{1000,1100}",
        ],
        0..8,
    )
    .prop_map(|it| it.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_string_breaks_out(
        strings in proptest::collection::vec(nasty(), 10),
        html in proptest::option::of(nasty()),
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        at in -62_000_000_000_000_000_i64..250_000_000_000_000_000,
    ) {
        let who = |name: &String, address: &str| Mailbox { name: name.clone(), address: Some(email(address)) };
        let mail = Outgoing {
            message_id: "<abc@example.com>".into(),
            from: who(&strings[0], "support@example.com"),
            reply_to: Some(who(&strings[1], "reply@example.com")),
            to: vec![who(&strings[2], "ann@a.example"), who(&strings[3], "bob@a.example")],
            cc: vec![who(&strings[4], "carl@a.example")],
            subject: strings[5].clone(),
            at,
            in_reply_to: Some(strings[6].clone()),
            references: vec![strings[6].clone(), strings[7].clone()],
            text: strings[8].clone(),
            html,
            files: vec![File { name: strings[9].clone(), media_type: strings[7].clone(), content_id: Some(strings[6].clone()), inline: true, bytes: bytes.clone() }],
            automatic: false,
        };
        let composed = compose(&mail).expect("sendable");
        let text = String::from_utf8(composed.bytes.clone()).expect("ASCII");
        prop_assert!(text.is_ascii() && !text.contains('\0'));
        prop_assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
        prop_assert!(text.split("\r\n").all(|it| it.len() <= 998));
        prop_assert!(text.ends_with("\r\n"));
        let head = text.split("\r\n\r\n").next().unwrap_or_default();
        for line in head.split("\r\n").filter(|it| !it.starts_with([' ', '\t'])) {
            let name = line.split(':').next().unwrap_or_default();
            prop_assert!(["Date", "From", "To", "Cc", "Reply-To", "Subject", "Message-ID", "In-Reply-To", "References", "MIME-Version", "Content-Type"].contains(&name), "{}", head);
        }

        let again = back(&composed);
        // What looks like an encoded word is sent as it stands, and read as what it says.
        if !mail.subject.contains("=?") {
            prop_assert_eq!(&again.subject, &label(&mail.subject));
        }
        prop_assert_eq!(again.to.iter().filter_map(|it| it.address.clone()).collect::<Vec<_>>(), vec![email("ann@a.example"), email("bob@a.example")]);
        prop_assert_eq!(&again.files.last().expect("the file").bytes, &bytes);
        prop_assert_eq!(again.files.len(), 1);
    }

    #[test]
    fn a_text_comes_back(text in "([a-zA-Zäöü€😀 .>=-]{0,90}\n){0,20}[a-z]{1,2000}", name in "[a-zäöü][a-zA-Z0-9äöü €😀()&+_-]{0,60}[.]pdf") {
        let file = File { name: name.clone(), media_type: "application/pdf".into(), content_id: None, inline: false, bytes: vec![1] };
        let mail = back(&compose(&Outgoing { text: text.clone(), files: vec![file], ..outgoing() }).expect("sendable"));
        prop_assert_eq!(mail.text, text);
        prop_assert_eq!(&mail.files[0].name, &label(&name));
    }
}
