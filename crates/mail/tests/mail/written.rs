//! What our own people write: cleaned, made text, and sent with its pictures.

use mail::{File, Outgoing, compose, read, text_of, with_pictures, written};

use crate::compose::outgoing;

#[test]
fn only_what_is_on_the_list_is_kept() {
    for (html, expected) in [
        ("<div>Hello <b>Ann</b></div>", "<div>Hello <b>Ann</b></div>"),
        ("<p class=MsoNormal style='mso-x:1;color:red'>Hi<o:p></o:p></p>", "<p>Hi</p>"),
        ("<span style=\"font-size:12px\" data-x=1>a</span> <font color=red>b</font>", "a b"),
        ("<h2>Steps</h2><ol start=4 type=a><li>One</ol>", "<div><b>Steps</b></div><ol><li>One</li></ol>"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "<div><div>1 2 </div></div>"),
        ("<a href=\"javascript:alert(1)\" onclick=x>a</a>", "<a>a</a>"),
        (
            "<a href=\"https://x.example/?a=1&amp;b\" target=_top>a</a>",
            "<a href=\"https://x.example/?a=1&amp;b\">a</a>",
        ),
        ("<a href=\"/cases/1\">a</a>", "<a>a</a>"),
        ("<img src=\"https://x.example/spy.gif\" alt=x>", ""),
        ("<img src=\"inline/3\"><img src=\"data:image/png;base64,AA\">", ""),
        ("<script>alert(1)</script><style>a{}</style><iframe src=x></iframe>", ""),
        ("<svg onload=alert(1)><b>x</b></svg>", ""),
        ("<b>never closed", "<b>never closed</b>"),
    ] {
        assert_eq!(written(html).expect("small").html, expected, "{html}");
    }
    assert_eq!(written(&"x".repeat(20 << 20)), None);
}

#[test]
fn lines_alone_are_no_html() {
    for (html, rich) in [
        ("<div>Dear Ann,</div><div><br></div><div>yes.</div>", false),
        ("<p>One<br>Two</p>", false),
        ("Three <span class=x>four</span>", false),
        ("<i>Five</i>", true),
        ("<ul><li>Six</ul>", true),
        ("<img src=\"cid:p\">", true),
    ] {
        assert_eq!(written(html).expect("small").is_rich, rich, "{html}");
    }
}

#[test]
fn pictures_are_named_once_and_can_be_renamed_and_left_out() {
    let it = written("<img src=\"cid:a\" alt=\"A > B\"><img src='CID:b'><img src=cid:a>").expect("small");
    assert_eq!(it.pictures, ["a", "b"]);
    assert_eq!(it.html, "<img src=\"inline/0\" alt=\"A &gt; B\"><img src=\"inline/1\"><img src=\"inline/0\">");
    let renamed = with_pictures(&it.html, &mut |at| (at == 0).then(|| "cid:x".to_owned()));
    assert_eq!(renamed, "<img src=\"cid:x\" alt=\"A &gt; B\"><img src=\"cid:x\">");
    assert_eq!(written(&renamed).expect("small").pictures, ["x"], "cleaned again it is the same");
}

#[test]
fn a_dressed_mail_says_the_same_in_both_parts_and_shows_its_picture() {
    let clean =
        written("<p>It <b>burns</b>.</p><blockquote>Really?</blockquote><ul><li>Yes</ul><img src=cid:h alt=fire>");
    let html = with_pictures(&clean.expect("small").html, &mut |_| Some("inline/1".to_owned()));
    let file = |name: &str, content_id: Option<&str>| File {
        name: name.into(),
        media_type: "image/png".into(),
        content_id: content_id.map(str::to_owned),
        inline: content_id.is_some(),
        bytes: name.as_bytes().to_vec(),
    };
    let files = vec![file("plan.png", None), file("fire.png", Some("1.abc@example.com"))];
    let text = text_of(&html);
    let mail = Outgoing { text: text.clone(), html: Some(html), files, ..outgoing() };
    let raw = compose(&mail).expect("sendable").bytes;
    let shown = String::from_utf8(raw.clone()).expect("ASCII");
    let order = [
        "multipart/mixed",
        "multipart/related",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "fire.png",
        "plan.png",
    ];
    let places: Vec<usize> =
        order.iter().map(|it| shown.find(it).unwrap_or_else(|| panic!("{it} in {shown}"))).collect();
    assert!(places.is_sorted(), "{shown}");
    assert!(shown.contains("Content-ID: <1.abc@example.com>"), "{shown}");
    let back = read(&raw, &mail::Receiver::default()).expect("a mail");
    assert_eq!((back.text.as_str(), text.as_str()), (text.as_str(), "It burns.\n\n> Really?\n\n- Yes\n\n[fire]"));
    let html = back.html.expect("HTML");
    assert!(html.contains("<b>burns</b>") && html.contains("src=\"inline/0\""), "{html}");
    assert_eq!((back.files[0].name.as_str(), back.files[0].inline), ("fire.png", true));
    assert_eq!((back.files[1].name.as_str(), back.files[1].inline), ("plan.png", false));
}
