//! What must hold of any bytes, parser by parser. The fuzzer looks for bytes of which it does not; a test of the crate
//! `mail` asks again about those that it once found (`fuzz/regressions`).

use domain::Email;
use mail::{File, Mailbox, Outgoing, Receiver, compose};

/// One target.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: &[(&str, Target)] = &[
    ("read", read),
    ("head", head),
    ("decode", decode),
    ("html", html),
    ("fold", fold),
    ("compose", compose_any),
    ("verdict", verdict),
    ("token", token),
    ("email", email),
    ("bounce", bounce),
    ("calendar", calendar),
];

/// What stands between two strings of one input.
const BETWEEN: u8 = 0x1e;

fn strings(bytes: &[u8]) -> impl Iterator<Item = String> {
    let all: Vec<String> =
        bytes.split(|it| *it == BETWEEN).map(|it| String::from_utf8_lossy(it).into_owned()).collect();
    all.into_iter().chain(std::iter::repeat(String::new()))
}

fn shown(text: &str) -> bool {
    !text.contains(|it: char| it.is_control() && !matches!(it, '\n' | '\t'))
}

/// Any bytes are read as a mail or refused; what is read keeps its promises.
pub fn read(raw: &[u8]) {
    let own: Vec<Email> = Email::parse("support@example.com").into_iter().collect();
    let Ok(mail) = mail::read(raw, &Receiver { authserv_id: Some("in.example.com"), own: &own }) else { return };
    assert!(shown(&mail.text) && shown(&mail.subject) && shown(&mail.name) && mail.html.as_deref().is_none_or(shown));
    assert!(mail.files.iter().all(|it| !it.name.is_empty() && !it.name.contains(['/', '\\', '\n']) && shown(&it.name)));
    for it in &mail.folded {
        assert!(mail.text.get(it.start as usize..it.end as usize).is_some());
    }
}

/// Any header of a mail that has a sender is read.
pub fn head(fields: &[u8]) {
    let raw = [b"From: ann@northwind.example\r\nX: y\r\n", fields, b"\r\n\r\nwords"].concat();
    read(&raw);
    for name in ["From", "To", "Subject", "Date", "References", "Content-Type", "Content-Disposition"] {
        let field = fields.split(|it| *it == b'\n').next().unwrap_or_default();
        let end = b"\r\nSender: ann@northwind.example\r\n\r\nwords".as_slice();
        let raw = [name.as_bytes(), b": ", field, end].concat();
        read(&raw);
    }
}

/// Any bytes in any encoding and character set are a text and a file.
pub fn decode(bytes: &[u8]) {
    let mut parts = bytes.splitn(3, |it| *it == BETWEEN);
    let (charset, encoding) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let body = parts.next().unwrap_or_default();
    for media in [b"text/plain".as_slice(), b"text/html", b"application/pdf"] {
        read(
            &[
                b"From: ann@northwind.example\r\nContent-Type: ".as_slice(),
                media,
                b"; charset=\"",
                charset,
                b"\"\r\nContent-Transfer-Encoding: ",
                encoding,
                b"\r\n\r\n",
                body,
            ]
            .concat(),
        );
    }
}

/// Sanitised HTML is sanitised, and its text is a text.
pub fn html(bytes: &[u8]) {
    // What is read is without control characters before it gets here; entities must bring none in.
    let html: String = String::from_utf8_lossy(bytes).chars().filter(|it| !it.is_control()).collect();
    assert!(shown(&mail::text_of(&html)));
    if let Some(clean) = mail::sanitise(&html, &mut |_| None) {
        let lower = clean.to_ascii_lowercase();
        for never in ["<script", "<iframe", "<style", "<svg", "<math", "<form", "<base", "<meta", "<link", "<object"] {
            assert!(!lower.contains(never), "{clean}");
        }
        let again = mail::sanitise(&clean, &mut |_| None).unwrap_or_default();
        assert!(!again.to_ascii_lowercase().contains("<script"), "{again}");
    }
}

/// Folds are sorted ranges of the text.
pub fn fold(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut end = 0;
    for it in mail::fold(&text) {
        assert!(it.start >= end && it.end > it.start);
        assert!(text.get(it.start as usize..it.end as usize).is_some());
        end = it.end;
    }
}

/// No string of a mail that is sent breaks out of its place.
pub fn compose_any(bytes: &[u8]) {
    let mut strings = strings(bytes);
    let mut next = || strings.next().unwrap_or_default();
    let (name, subject, text, id, content) = (next(), next(), next(), next(), next());
    let who = |address: &str| Mailbox { name: name.clone(), address: Email::parse(address) };
    let mail = Outgoing {
        message_id: "<fuzz@example.com>".to_owned(),
        from: who("support@example.com"),
        reply_to: Some(who("reply@example.com")),
        to: vec![who("ann@a.example")],
        cc: vec![who(&id)],
        subject: subject.clone(),
        at: 0,
        in_reply_to: Some(id.clone()),
        references: vec![id.clone()],
        text,
        html: None,
        files: vec![File {
            name: name.clone(),
            media_type: subject,
            content_id: Some(id),
            inline: true,
            bytes: content.clone().into_bytes(),
        }],
        automatic: true,
    };
    let Ok(composed) = compose(&mail) else { return };
    let mut last = 0;
    for (at, it) in composed.bytes.iter().enumerate() {
        assert!(*it != b'\r' || composed.bytes.get(at + 1) == Some(&b'\n'));
        assert!(*it != b'\n' || last == b'\r');
        last = *it;
    }
    let again = mail::read(&composed.bytes, &Receiver::default());
    assert!(again.is_ok_and(|it| it.files.last().is_some_and(|it| it.bytes == content.as_bytes())));
}

/// What anybody can write into Authentication-Results of another server vouches for nobody.
pub fn verdict(bytes: &[u8]) {
    let bytes: Vec<u8> = bytes.iter().copied().filter(|it| !matches!(it, b'\r' | b'\n')).collect();
    let raw = [b"From: ann@northwind.example\r\nAuthentication-Results: ", bytes.as_slice(), b"\r\n\r\nwords"].concat();
    let own = mail::read(&raw, &Receiver { authserv_id: Some("in.example.com"), own: &[] });
    let Ok(mail) = own else { return };
    let names_it = String::from_utf8_lossy(&raw).to_ascii_lowercase().contains("in.example.com");
    assert!(names_it || mail.verdict == domain::Verdict::Unknown);
    let other = mail::read(&raw, &Receiver::default());
    assert!(other.is_ok_and(|it| it.verdict == domain::Verdict::Unknown));
}

/// No text but ours is a token of ours.
pub fn token(bytes: &[u8]) {
    let keys = mail::token::Keys::new([7; 32], vec![[8; 32]]);
    for text in strings(bytes).take(3) {
        assert!(mail::token::open(&keys, &text).is_none());
        let _ = mail::token::is_shaped(&text);
        if let Some(address) = Email::parse(&text) {
            assert!(mail::token::from_address(&keys, &address).is_none());
        }
    }
}

/// An address is one line with one domain, and reads the same again.
pub fn email(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(it) = Email::parse(&text) {
        // Only between the quotes of a local part there may be a space.
        let blank = |it: char| it.is_control() || it.is_whitespace() && it != ' ';
        assert!(!it.as_str().contains(blank) && (it.local().starts_with('"') || !it.as_str().contains(' ')), "{it:?}");
        assert_eq!(Email::parse(it.as_str()).as_ref(), Some(&it));
        assert!(it.as_str().contains('@') && !it.domain().is_empty() && !it.local().is_empty());
    }
}

/// Any report is read within its limits, whatever its words, its fields and the returned mail are.
pub fn bounce(bytes: &[u8]) {
    let mut parts = bytes.splitn(3, |it| *it == BETWEEN);
    let mut part = || parts.next().unwrap_or_default();
    let raw = [
        b"From: MAILER-DAEMON@mx.example\r\nSubject: failure notice\r\nContent-Type: multipart/report; \
          report-type=delivery-status; boundary=fuzz\r\n\r\n--fuzz\r\n\r\n",
        part(),
        b"\r\n--fuzz\r\nContent-Type: message/delivery-status\r\n\r\n",
        part(),
        b"\r\n--fuzz\r\nContent-Type: message/rfc822\r\n\r\n",
        part(),
    ]
    .concat();
    let Ok(mail) = mail::read(&raw, &Receiver::default()) else { return };
    assert!(mail.bounces.len() <= mail::limits::REPORTED);
    for it in &mail.bounces {
        assert!(it.said.chars().count() <= 500 && shown(&it.said) && !it.words().is_empty());
    }
}

/// Any calendar is read within its limits.
pub fn calendar(bytes: &[u8]) {
    let head = b"From: ann@northwind.example\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n";
    for around in [["", ""], ["BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"]] {
        let raw = [&head[..], around[0].as_bytes(), bytes, around[1].as_bytes()].concat();
        let Ok(mail) = mail::read(&raw, &Receiver::default()) else { continue };
        if let Some(it) = &mail.invitation {
            assert!(it.attendees.len() <= 100 && shown(&it.summary) && shown(&it.location) && shown(&it.description));
        }
    }
}
