//! How long a mail takes to read, by class, and how long the worst ones take: `cargo bench -p mail --bench read`, with the
//! beginning of a name behind `--` only those (`-- plain`).
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::cast_precision_loss, reason = "figures are rounded anyway")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use mail::{Receiver, read};

const WORDS: &[&str] = &[
    "invoice", "the", "delivery", "arrived", "with", "a", "broken", "valve", "and", "we", "cannot", "restart", "our",
    "line", "before", "Monday", "please", "tell", "us", "when", "somebody", "calls", "back",
];

fn words(count: usize, line: &str) -> String {
    let mut out = String::from(line);
    for nth in 0..count {
        out.push_str(WORDS[(nth * 7 + nth / 5) % WORDS.len()]);
        out.push_str(if nth % 12 == 11 { "\r\n" } else { " " });
        if nth % 12 == 11 {
            out.push_str(line);
        }
    }
    out
}

const HEAD: &str = "Return-Path: <ann@northwind.example>\r\n\
    Received: from mx.northwind.example (mx.northwind.example [192.0.2.7])\r\n\tby in.example.com with ESMTPS id 4F2\r\n\tfor <support@example.com>; Mon, 23 Nov 2026 10:00:00 +0000\r\n\
    Authentication-Results: in.example.com; dkim=pass header.d=northwind.example; dmarc=pass header.from=northwind.example\r\n\
    DKIM-Signature: v=1; a=rsa-sha256; d=northwind.example; s=a; h=from:to:subject;\r\n\tbh=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=;\r\n\tb=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n\
    From: \"Ann Lee\" <ann@northwind.example>\r\nTo: Support <support@example.com>\r\nSubject: =?utf-8?Q?Pump_f=C3=A4llt_aus?=\r\n\
    Date: Mon, 23 Nov 2026 10:59:58 +0100\r\nMessage-ID: <1@northwind.example>\r\nIn-Reply-To: <0@example.com>\r\nReferences: <0@example.com>\r\nMIME-Version: 1.0\r\n";

fn text() -> String {
    format!("{}\r\n\r\nOn Fri, 20 Nov 2026 at 09:00, Support wrote:\r\n{}\r\n", words(150, ""), words(60, "> "))
}

fn plain() -> Vec<u8> {
    format!("{HEAD}Content-Type: text/plain; charset=utf-8\r\n\r\n{}", text()).into_bytes()
}

fn html() -> Vec<u8> {
    let rich = format!(
        "<html><head><style>p {{ margin: 0 }}</style></head><body><div dir=\"ltr\">{}</div><br><div class=\"gmail_quote\"><div class=\"gmail_attr\">On Fri wrote:<br></div>\
         <blockquote style=\"margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204)\">{}</blockquote></div></body></html>",
        words(150, "").replace("\r\n", "</p>\r\n<p style=\"margin:0\">"),
        words(60, "").replace("\r\n", "<br>\r\n"),
    );
    format!(
        "{HEAD}Content-Type: multipart/alternative; boundary=\"b1\"\r\n\r\n--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n--b1\r\n\
         Content-Type: text/html; charset=utf-8\r\n\r\n{rich}\r\n--b1--\r\n",
        text()
    )
    .into_bytes()
}

fn attachment() -> Vec<u8> {
    let line = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAx\r\n";
    format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=\"b2\"\r\n\r\n--b2\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n--b2\r\n\
         Content-Type: application/pdf; name=\"report.pdf\"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"report.pdf\"\r\n\r\n{}--b2--\r\n",
        text(),
        line.repeat(370)
    )
    .into_bytes()
}

fn page(html: &str) -> Vec<u8> {
    format!("{HEAD}Content-Type: text/html\r\n\r\n{html}").into_bytes()
}

/// Whether the arguments ask for what is called `name`, or begins so.
fn wanted(name: &str) -> bool {
    let asked = std::env::args().nth(1).filter(|it| !it.starts_with('-'));
    asked.is_none_or(|it| name.starts_with(&it) || it.starts_with(name))
}

fn measure(name: &str, raw: &[u8], rounds: u32) {
    if !wanted(name) {
        return;
    }
    let receiver = Receiver { authserv_id: Some("in.example.com"), own: &[] };
    let started = Instant::now();
    let mut result = String::new();
    for _ in 0..rounds {
        let mail = read(black_box(raw), &receiver);
        result = match &mail {
            Ok(mail) => format!("{} B text, html {}", mail.text.len(), mail.html.as_ref().map_or(0, String::len)),
            Err(why) => why.to_string(),
        };
        black_box(&mail).as_ref().ok();
    }
    let each = started.elapsed().as_micros() as f64 / f64::from(rounds);
    println!("read {name}: {each:.1} µs of {} kB ({result})", raw.len() / 1000);
}

fn main() {
    measure("plain", &plain(), 20_000);
    measure("html", &html(), 5_000);
    measure("attachment", &attachment(), 5_000);
    if !wanted("hostile") {
        return;
    }

    let mega = 1_000_000;
    let fifty = 50_000_000;
    let nested: String = (0..mega / 20).fold(String::new(), |mut out, it| {
        let _ = write!(out, "<b a={it}><p>x");
        out
    });
    let to = |pair: &str, size: usize| pair.repeat(size / pair.len());
    for (name, html) in [
        ("<div>", to("<div>", mega)),
        ("<b>", to("<b>", mega)),
        ("<table>", to("<table>", mega)),
        ("<b><p>x", nested),
        ("<table><b>x<tr>", to("<table><b>x<tr>", mega / 2)),
        ("<b></div><p>x after b", format!("<div>{}</div>{}", to("<b><i>", 600), to("<p>x", 150_000))),
        ("<a><p>", to("<a href=x><p>", mega / 4)),
        ("<li><ul>", to("<li><ul>", mega / 4)),
        ("< <", to("< <", mega)),
        ("<a b='", to("<a b='\"", mega)),
        ("&amp", to("&amp&", mega)),
        ("<blockquote>x<br>", to("<blockquote>x<br>", mega)),
        ("styles", to("<p style=\"color:red;color:red;color:rgb(1,2,3);color:red\">x</p>", mega)),
    ] {
        measure(&format!("hostile {name}"), &page(&html), 1);
    }
    let body = |text: String| [HEAD.as_bytes(), b"\r\n", text.as_bytes()].concat();
    let root = format!("{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n");
    for (name, raw) in [
        ("50 MB of lines", body(to("word word word\r\n", fifty))),
        ("50 MB of >", body(to(">\n", fifty))),
        ("50 MB of On", body(to("On 1\n", fifty))),
        ("50 MB of From:", body(to("From: x\n", fifty))),
        ("50 MB of --", format!("{root}{}", to("--\n", fifty)).into_bytes()),
        ("50 MB of --b", format!("{root}{}", to("--bx\n", fifty)).into_bytes()),
        ("50 MB of parts", format!("{root}{}", to("--b\n\n", fifty)).into_bytes()),
        ("50 MB of rfc822", to("Content-Type: message/rfc822\n\n", fifty).into_bytes()),
        (
            "50 MB of =",
            format!("{HEAD}Content-Transfer-Encoding: quoted-printable\r\n\r\n{}", to("=", fifty)).into_bytes(),
        ),
        (
            "50 MB of base64",
            format!("{HEAD}Content-Transfer-Encoding: base64\r\n\r\n{}", to("AAAA\r\n", fifty)).into_bytes(),
        ),
        ("50 MB of html", page(&to("<p>x", fifty))),
        (
            "500 long types",
            format!(
                "{root}{}",
                to(&format!("--b\nContent-Type: text/plain; name=\"{}\n\nx\n", to("=?x?Q?", 2_000)), 1_000_000)
            )
            .into_bytes(),
        ),
        (
            "words in To",
            format!("To: {}\r\nSubject: {}\r\n{HEAD}\r\nx", to("=?xx?Q?", 200_000), to("=?xx?Q?", 30_000)).into_bytes(),
        ),
        ("brackets in To", format!("To: {}\r\n{HEAD}\r\nx", to("(<", 200_000)).into_bytes()),
        ("2,000 fields", format!("{}{HEAD}\r\nx", to("Authentication-Results: x; (((\r\n", 60_000)).into_bytes()),
    ] {
        measure(&format!("hostile {name}"), &raw, 1);
    }
}
