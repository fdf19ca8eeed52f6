use std::fs;
use std::path::Path;

use mail::{html_of, sanitise, text_of};

fn clean(html: &str) -> String {
    sanitise(html, &mut |_| None).expect("small enough")
}

#[test]
fn what_dresses_words_stays() {
    let check = |html: &str, expected: &str| assert_eq!(clean(html), expected, "{html}");
    check("<p style=\"color:red; position:fixed\">a <b>b</b></p>", "<p style=\"color:red\">a <b>b</b></p>");
    check(
        "<table width=100><tr><td bgcolor='#fff'>x</table>",
        "<table width=\"100\"><tbody><tr><td bgcolor=\"#fff\">x</td></tr></tbody></table>",
    );
    check("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>");
    check("<p>one<p>two", "<p>one</p><p>two</p>");
    check("<font color=red face=Arial>x</font>", "<font color=\"red\" face=\"Arial\">x</font>");
    check("<td>x</td>", "x");
    check("<o:p>x</o:p><unknown>y</unknown>", "xy");
    check("a &lt;b&gt; &amp; &nbsp;c &eacute;", "a &lt;b&gt; &amp; &nbsp;c é");
    check("<section>a</section>b", "<div>a</div>b");
    check(
        "<img src=\"https://a.example/x.png?a=1&amp;b=2\" width=1>",
        "<img src=\"https://a.example/x.png?a=1&amp;b=2\" width=\"1\">",
    );
    check("1 < 2 <3", "1 &lt; 2 &lt;3");
}

#[test]
fn links_leave_the_desk_only_with_care() {
    let safe = "target=\"_blank\" rel=\"noopener noreferrer nofollow\"";
    let check = |href: &str, kept: bool| {
        let html = clean(&format!("<a href=\"{href}\">x</a>"));
        let (with, other) = (
            format!("<a href=\"{href}\" {safe}>x</a>"),
            format!("<a href=\"{href}\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">x</a>"),
        );
        if kept { assert!(html == with || html == other, "{html}") } else { assert!(!html.contains("href"), "{html}") }
    };
    check("https://a.example/", true);
    check("mailto:ann@a.example", true);
    check("tel:+431234", true);
    check("javascript:alert(1)", false);
    check(" java\nscript:alert(1)", false);
    check("&#106;avascript:alert(1)", false);
    check("data:text/html,x", false);
    check("/settings", false);
    check("//a.example", false);
    check("cases/7", false);
    check("file:///etc/passwd", false);
}

#[test]
fn what_runs_or_loads_goes() {
    for html in [
        "<script>x()</script>",
        "<img src=x onerror=x()>",
        "<svg><script>x()</script></svg>",
        "<iframe src=x></iframe>",
        "<object data=x></object>",
        "<form action=x><input name=y><button>z</button></form>",
        "<meta http-equiv=refresh content=0>",
        "<link rel=stylesheet href=x>",
        "<base href=x>",
        "<style>p{color:red}</style>",
        "<math><mtext><style><img src=x onerror=x()></style></mtext></math>",
        "<p style=\"background:url(http://a.example)\">",
        "<p style=\"width:expression(x())\">",
        "<p style=\"color:red\\;background:url(x)\">",
        "<div style=\"position:absolute\">",
        "<img src=data:image/png;base64,AA>",
        "<img src=cid:none>",
        "<img srcset=\"http://a.example 1x\">",
        "<body background=http://a.example onload=x()>",
        "<noscript><p title=\"</noscript><img src=x onerror=x()>\">",
        "<td background=http://a.example>",
        "<video src=x></video>",
        "<!--[if mso]><p>x</p><![endif]-->",
        "<p style=\"content:'x';behavior:url(x)\">",
        "<p style=\"font-family:&quot;;background:url(x)\">",
        "<textarea></textarea><img src=x onerror=x()>",
    ] {
        let out = clean(html);
        for bad in [
            "script",
            "onerror",
            "iframe",
            "object",
            "form",
            "input",
            "button",
            "meta",
            "link",
            "base",
            "<style",
            "svg",
            "math",
            "url(",
            "expression",
            "position",
            "data:",
            "cid:",
            "srcset",
            "onload",
            "background",
            "video",
            "behavior",
            "src=\"x",
        ] {
            assert!(!out.contains(bad), "{html} -> {out}");
        }
    }
}

#[test]
fn pictures_of_the_mail_get_their_place() {
    let mut asked = Vec::new();
    let html = sanitise("<img src=\"CID:a@b\"><img src='cid:c%40d'><img src=cid:other>", &mut |id| {
        asked.push(id.to_owned());
        (id != "other").then_some(asked.len() - 1)
    });
    assert_eq!(html.as_deref(), Some("<img src=\"inline/0\"><img src=\"inline/1\"><img>"));
    assert_eq!(asked, ["a@b", "c@d", "other"]);
}

#[test]
fn html_reads_as_text() {
    let check = |html: &str, expected: &str| assert_eq!(text_of(html), expected, "{html}");
    check("<p>One\n line</p><p>Two&nbsp;&eacute;</p>", "One line\n\nTwo é");
    check("<div>a</div><div>b<br>c</div>", "a\nb\nc");
    check("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul><ol><li>x<li>y</ol>", "- a\n- b\n  - c\n\n1. x\n2. y");
    check("x<blockquote>a<br><br>b</blockquote>y", "x\n\n> a\n>\n> b\n\ny");
    check("See <a href=\"https://a.example/x\">the page</a>.", "See the page <https://a.example/x>.");
    check(
        "See <a href=\"https://a.example/\">a.example</a>, <a href=mailto:b@a.example>b@a.example</a>",
        "See a.example, b@a.example",
    );
    check("<pre>a  b\n  c</pre>", "a  b\n  c");
    check("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc");
    check("<style>p{}</style><title>t</title><script>x</script>y<!-- z -->", "y");
    check("<div style=\"display: none\">pre<div>view</div></div>shown", "shown");
    check("<p style=\"display:none\">pre<p>shown</p>", "shown");
    check("<p style=\"display:none\">pre<div>shown</div>", "shown");
    check("<td><p style=\"display:none\">pre</td><td>shown", "shown");
    check("<p style=\"display:none\">pre <b>view</b></p>shown", "shown");
    check("<h1>T</h1>a <b>b</b>c <img alt=\"Logo\" src=x>", "T\n\na bc [Logo]");
    check("a &lt;b&gt; &#65;&#x42; &unknown; &", "a <b> AB &unknown; &");
}

#[test]
fn text_becomes_html() {
    assert_eq!(
        html_of("Hello <Ann> & \"Bob\",\n\nsee https://a.example/x?a=1&b=2.\nBye"),
        "<p>Hello &lt;Ann&gt; &amp; &quot;Bob&quot;,</p>\n<p>see <a href=\"https://a.example/x?a=1&amp;b=2\">https://a.example/x?a=1&amp;b=2</a>.<br>\nBye</p>\n"
    );
    assert_eq!(
        html_of("http:// https://\" http://\u{e9}.example"),
        "<p>http:// https://&quot; <a href=\"http://é.example\">http://é.example</a></p>\n"
    );
}

/// Every element that a clean page may have.
const NAMES: &[&str] = &[
    "a",
    "b",
    "big",
    "blockquote",
    "br",
    "center",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
];

/// And every attribute.
const ATTRIBUTES: &[&str] = &[
    "align",
    "alt",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "color",
    "colspan",
    "dir",
    "face",
    "height",
    "href",
    "lang",
    "nowrap",
    "open",
    "rel",
    "rowspan",
    "size",
    "src",
    "start",
    "style",
    "target",
    "type",
    "valign",
    "width",
];

/// What the names of tags, of attributes and the values of a clean page may be; and the first thing that is not so.
fn forbidden(clean: &str) -> Option<String> {
    let mut rest = clean;
    while let Some((_, tail)) = rest.split_once('<') {
        let mut end = 0;
        let mut quoted = false;
        for (at, it) in tail.char_indices() {
            match it {
                '"' => quoted = !quoted,
                '<' if !quoted => return Some("a tag in a tag".to_owned()),
                '>' if !quoted => {
                    end = at;
                    break;
                }
                _ => {}
            }
        }
        if end == 0 {
            return Some("a tag that does not end".to_owned());
        }
        let tag = &tail[..end];
        rest = &tail[end + 1..];
        let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        if !NAMES.contains(&name.trim_start_matches('/')) {
            return Some(format!("the tag {name}"));
        }
        while let Some((attribute, tail)) = attributes.split_once("=\"") {
            let (value, tail) = tail.split_once('"')?;
            attributes = tail.trim_start();
            if !ATTRIBUTES.contains(&attribute) {
                return Some(format!("the attribute {attribute}"));
            }
            let lower = value.to_ascii_lowercase();
            let begins = |names: &[&str]| names.iter().any(|it| lower.starts_with(it));
            let fine = match attribute {
                "href" => begins(&["http:", "https:", "mailto:", "tel:"]),
                "src" => begins(&["http:", "https:", "inline/"]),
                "style" => {
                    !["url", "(-", ":-", " -", "position", "expression", "image", "@", "\\", "/*", "var(", "99999"]
                        .iter()
                        .any(|it| lower.contains(it))
                }
                "width" | "height" | "border" | "colspan" | "rowspan" | "cellpadding" | "size" => {
                    value.len() <= 20 && !lower.contains("99999")
                }
                "target" => value == "_blank",
                "rel" => value == "noopener noreferrer nofollow",
                _ => true,
            };
            if !fine {
                return Some(format!("{attribute}={value}"));
            }
        }
    }
    None
}

#[test]
fn no_hostile_page_keeps_anything_that_acts() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/html");
    let mut names: Vec<_> = fs::read_dir(corpus)
        .expect("the corpus")
        .map(|it| it.expect("a file").path())
        .filter(|it| it.extension().is_some_and(|it| it == "html"))
        .collect();
    names.sort();
    assert!(names.len() >= 150, "{} pages", names.len());
    for path in names {
        let page = fs::read(&path).expect("a page");
        // As a mail, for there its characters are cleaned first, and as it stands.
        let raw =
            [b"From: eve@evil.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n", page.as_slice()].concat();
        let mail = crate::try_read(&raw).expect("a mail");
        let direct = clean(&String::from_utf8_lossy(&page));
        for html in [mail.html.unwrap_or_default(), direct] {
            assert_eq!(forbidden(&html), None, "{}: {html}", path.display());
            assert_eq!(forbidden(&clean(&html)), None, "{}: once more", path.display());
        }
    }
}

#[test]
fn nothing_is_pulled_out_of_its_place() {
    let check = |html: &str, expected: &str| assert_eq!(clean(html), expected, "{html}");
    check("<p style=\"margin:0 auto;margin-top:-40px\">a</p>", "<p style=\"margin:0 auto\">a</p>");
    check("<p style=\"text-indent:-9999px;color:#123456\">a</p>", "<p style=\"color:#123456\">a</p>");
    check("<p style=\"width:100%;height:99999px\">a</p>", "<p style=\"width:100%\">a</p>");
    check("<p style=\"display:contents;font-family:a-b\">a</p>", "<p style=\"font-family:a-b\">a</p>");
    check("<img width=\"99999\" height=\"20\">", "<img height=\"20\">");
    check(
        "<table><tr><td colspan=2 rowspan=65000>a</table>",
        "<table><tbody><tr><td colspan=\"2\">a</td></tr></tbody></table>",
    );
}
