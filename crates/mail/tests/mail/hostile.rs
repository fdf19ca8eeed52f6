use std::fmt::Write as _;

use mail::{Unreadable, limits};
use proptest::prelude::*;

use crate::{ann, try_read};

const FROM: &str = "From: ann@a.example\r\n";

#[test]
fn attached_mails_are_never_entered() {
    let deep = format!("{FROM}{}", "Content-Type: message/rfc822\r\n\r\n".repeat(10_000));
    let mail = try_read(deep.as_bytes()).expect("a mail with a file");
    assert_eq!((mail.files.len(), mail.files[0].name.as_str()), (1, "message.eml"));

    let mut deep = FROM.to_owned();
    for nth in 0..10_000 {
        let _ = write!(
            deep,
            "Content-Type: multipart/mixed; boundary=b{nth}\r\n\r\n--b{nth}\r\nContent-Type: message/rfc822\r\n\r\n"
        );
    }
    let mail = try_read(deep.as_bytes()).expect("a mail with a file");
    assert_eq!(mail.files.len(), 1);

    // A digest's parts are mails without saying so.
    let mut deep = FROM.to_owned();
    for nth in 0..10_000 {
        let _ = write!(deep, "Content-Type: multipart/digest; boundary=b{nth}\r\n\r\n--b{nth}\r\n\r\n");
    }
    assert_eq!(try_read(deep.as_bytes()).expect("a mail with a file").files.len(), 1);
}

#[test]
fn encoded_mails_are_never_entered() {
    // Each level of base64 adds a third, so a few are enough to show that none is opened.
    let mut inner = format!("{FROM}\r\nwords");
    for _ in 0..20 {
        let encoded = data_encoding::BASE64_MIME.encode(inner.as_bytes());
        inner = format!("{FROM}Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}");
    }
    let mail = try_read(inner.as_bytes()).expect("a mail with a file");
    assert_eq!(mail.files.len(), 1);
    assert!(mail.files[0].bytes.starts_with(FROM.as_bytes()));

    let deep = "Content-Type: message/rfc822\r\n\r\n".repeat(10_000);
    let encoded = data_encoding::BASE64_MIME.encode(deep.as_bytes());
    let mail = ann(&format!("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{encoded}"));
    assert_eq!(mail.files[0].bytes, deep.as_bytes());
}

#[test]
fn too_much_of_anything_is_refused() {
    let check = |raw: &str, why: Unreadable| assert_eq!(try_read(raw.as_bytes()).map(|_| ()), Err(why));
    for same in [true, false] {
        let mut deep = FROM.to_owned();
        for nth in 0..10_000 {
            let name = if same { 0 } else { nth };
            let _ = write!(deep, "Content-Type: multipart/mixed; boundary=b{name}\r\n\r\n--b{name}\r\n");
        }
        check(&deep, Unreadable::TooDeep);
    }
    let many =
        format!("{FROM}Content-Type: multipart/mixed; boundary=b\r\n\r\n{}", "--b\r\n\r\nx\r\n".repeat(limits::PARTS));
    check(&many, Unreadable::TooManyParts);
    check(&format!("{FROM}{}\r\nx", "X: y\r\n".repeat(limits::FIELDS)), Unreadable::TooManyFields);
    check(&format!("{FROM}X: {}\r\n\r\nx", "y".repeat(limits::HEAD)), Unreadable::HeadTooLong);
    check(&format!("{FROM}X: {}\r\n\r\nx", "y\r\n ".repeat(limits::HEAD / 4)), Unreadable::HeadTooLong);
    check(&format!("{FROM}\r\n{}", "x".repeat(limits::MAIL as usize)), Unreadable::TooBig);
}

#[test]
fn lists_without_end_are_cut() {
    let many: String = (0..5_000).fold(String::new(), |mut out, it| {
        let _ = write!(out, "a{it}@b.example,");
        out
    });
    let mail = ann(&format!("To: {many}\n\nx"));
    assert_eq!(mail.to.len(), limits::ADDRESSES);
}

#[test]
fn much_of_what_is_forgiven_is_still_read() {
    let files = (0..3_000).fold(String::new(), |mut out, nth| {
        let _ = write!(out, "; filename*{nth}*=%61");
        out
    });
    let check = |fields: &str, body: &str| {
        let mail = try_read(format!("{FROM}{fields}\r\n{body}").as_bytes()).expect("kept");
        assert_eq!(mail.from.as_str(), "ann@a.example");
        assert!(readable(&mail.text) && readable(&mail.subject));
        mail
    };
    check(&format!("Content-Disposition: attachment{files}\r\n"), "x");
    check(&format!("Subject: {}\r\n", "=?utf-8?Q?a?= ".repeat(15_000)), "x");
    check(&format!("Subject: {}\r\n", "=?a?Q?".repeat(30_000)), "x");
    check(&format!("Cc: {}\r\n", "(".repeat(200_000)), "x");
    check(&"x\r\n".repeat(50_000), "x");
    check(&" \r\n".repeat(50_000), "x");
    let begun = check("", &"begin 644 a\r\n#86%A\r\n".repeat(20_000));
    assert!(begun.files.is_empty() && begun.text.starts_with("begin 644 a"));
    let many = check("", &"begin 644 a\r\n#86%A\r\nend\r\n".repeat(100));
    assert_eq!((many.files.len(), many.files[0].bytes.as_slice()), (20, b"aaa".as_slice()));
    // Only returns end its lines.
    let old = format!("{FROM}\r\n{}", "words\r\n".repeat(100_000)).replace('\n', "");
    let mail = try_read(old.as_bytes()).expect("kept");
    assert!(mail.text.starts_with("words\nwords"));
}

#[test]
fn a_long_text_is_cut_and_attached() {
    let mail = ann(&format!("\n{}", "words\n".repeat(limits::TEXT / 5)));
    assert!(mail.text.len() <= limits::TEXT && mail.text.len() > limits::TEXT / 2);
    assert_eq!(mail.files[0].name, "text.txt");
    assert!(mail.files[0].bytes.len() > limits::TEXT);

    let mail = ann(&format!("Content-Type: text/html\n\n{}", "<p>words</p>".repeat(limits::HTML / 10)));
    assert_eq!((mail.html, mail.files[0].name.as_str()), (None, "page.html"));
    assert!(mail.text.starts_with("words\n\nwords"));
}

#[test]
fn nested_html_stays_small() {
    for piece in [
        "<div>",
        "<b>",
        "<table>",
        "<b><p>x",
        "<table><b>x<tr>",
        "<blockquote>x",
        "<ul><li>",
        "<a href=x><p>",
        "<svg><a>",
        "<!--",
        "<x y='",
        "</p>",
    ] {
        let html = piece.repeat(100_000 / piece.len());
        let mail = ann(&format!("Content-Type: text/html\n\n<p>words</p>{html}"));
        assert!(mail.text.starts_with("words"), "{piece}");
        assert!(mail.html.is_none_or(|it| it.len() < html.len() * 20), "{piece}");
    }
    // More tags than are sanitised: the words are shown.
    let mail = ann(&format!("Content-Type: text/html\n\n{}", "<p>words ".repeat(limits::TAGS + 10)));
    assert_eq!(mail.html, None);
    assert!(mail.text.starts_with("words\n\nwords"));
}

/// Whether a database takes it and a terminal shows it as it is.
fn readable(text: &str) -> bool {
    !text.contains(|it: char| it.is_control() && !matches!(it, '\n' | '\t'))
}

#[test]
fn entities_bring_no_control_characters() {
    for (entity, shown) in [("&#0;", "ab"), ("&#27;", "ab"), ("&#x1b;", "ab"), ("&#x9b;", "ab"), ("&#13;", "a b")] {
        let body =
            format!("<p title=\"{entity}\">a{entity}b</p><img alt=\"{entity}\" src=\"https://a.example/{entity}\">");
        let mail = ann(&format!("Content-Type: text/html\n\n{body}"));
        assert_eq!(mail.text, shown, "{entity}");
        assert!(mail.html.is_some_and(|it| readable(&it)), "{entity}");
        // HTML that is cut short is only a source of text.
        let mail = ann(&format!("Content-Type: text/html\n\n{body}{}", "<p>words</p>".repeat(limits::HTML / 10)));
        assert!(mail.html.is_none() && mail.text.starts_with(shown) && readable(&mail.text), "{entity}");
    }
}

const SEEDS: &[&str] = &[
    include_str!("../corpus/alternative.eml"),
    include_str!("../corpus/bounce.eml"),
    include_str!("../corpus/outlook.eml"),
];

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = try_read(&bytes);
        let _ = try_read(&[FROM.as_bytes(), b"Content-Type: text/html\r\n\r\n", &bytes].concat());
    }

    #[test]
    fn changed_mails_are_read_or_refused(
        seed in 0..SEEDS.len(),
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>(), 0..4_u8), 1..40),
    ) {
        let mut raw = SEEDS[seed].as_bytes().to_vec();
        for (at, byte, how) in changes {
            let at = at.index(raw.len());
            match how {
                0 => raw[at] = byte,
                1 => raw.insert(at, byte),
                2 => { raw.remove(at); }
                _ => { let tail = raw[at..].to_vec(); raw.splice(at / 2..at / 2, tail.into_iter().take(200)); }
            }
            if raw.is_empty() { break; }
        }
        if let Ok(mail) = try_read(&raw) {
            prop_assert!(readable(&mail.text), "{:?}", mail.text);
            prop_assert!(mail.html.is_none_or(|it| readable(&it)));
            for fold in &mail.folded {
                prop_assert!(mail.text.get(fold.start as usize..fold.end as usize).is_some());
            }
        }
    }

    #[test]
    fn any_tags_are_harmless(pieces in proptest::collection::vec(proptest::sample::select(vec![
        "<p>", "</p>", "<b>", "</b>", "<table>", "<tr>", "<td>", "</table>", "<a href='javascript:x()'>", "<img src=x onerror=x()>", "<script>", "</script>", "<style>",
        "<svg>", "<math>", "<!--", "-->", "<![CDATA[", "]]>", "x", "\"", "'", "=", ">", "<", "&lt;script&gt;", "<li>", "<ul>", "<form>", "<textarea>", "<noscript>", "<title>",
        "<div style=\"background:url(x)\">", "<a title='</a><img src=x onerror=x()>'>", "<base href=x>", "<iframe srcdoc=x>", "</", "/>", "\0", "<font>", "<pre>", "&#0;", "x&#13;y", "&#27;", "x&#x85;y", "<img alt='&#0;&#27;'>",
        "<p style='display:none'>",
    ]), 0..60)) {
        let html = pieces.concat();
        let mail = ann(&format!("Content-Type: text/html\n\n{html}"));
        prop_assert!(readable(&mail.text), "{:?}", mail.text);
        let clean = mail.html.unwrap_or_default();
        prop_assert!(readable(&clean), "{:?}", clean);
        // Values are quoted and have no tags in them; without them only names on the list are left.
        let mut bare = String::new();
        let (mut tag, mut value) = (false, false);
        for it in clean.chars() {
            match it {
                '<' => { prop_assert!(!tag, "{}", clean); tag = true }
                '>' if !value => tag = false,
                '"' if tag => { value = !value; continue }
                _ => {}
            }
            if !value { bare.push(it) }
        }
        prop_assert!(!tag && !clean.contains("url(") && !clean.contains("javascript:"), "{}", clean);
        for tag in bare.split('<').skip(1).filter_map(|it| it.split_once('>')).map(|it| it.0) {
            let mut words = tag.trim_start_matches('/').split(' ');
            let name = words.next().unwrap_or_default();
            prop_assert!(["p", "b", "table", "tbody", "tr", "td", "a", "img", "li", "ul", "div", "font", "pre", "details", "summary"].contains(&name), "{}", clean);
            prop_assert!(words.all(|it| ["href=", "src=", "alt=", "style=", "rel=", "target=", "aria-label="].contains(&it)), "{}", clean);
        }
        // Sanitising again changes nothing.
        let again = mail::sanitise(&clean, &mut |_| None).unwrap_or_default();
        prop_assert_eq!(&again, &clean);
    }
}
