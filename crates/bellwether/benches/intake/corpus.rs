//! 100 threads of 3 mails, the same each time but for their ids.

use std::fmt::Write as _;

use data_encoding::{BASE64, BASE64_MIME};

/// The mailbox into which they come.
pub const ADDRESS: &str = "support@tareline.example";
/// Its server.
pub const SERVER: &str = "mx.tareline.example";

/// The raw mails of a thread, in order.
pub type Thread = Vec<Vec<u8>>;

const THREADS: usize = 100;
const OWN: usize = 150;
const QUOTED: usize = 60;
const FILE: usize = 20_000;

const WORDS: &[&str] = &[
    "the",
    "printer",
    "on",
    "our",
    "second",
    "line",
    "stopped",
    "this",
    "morning",
    "after",
    "an",
    "update",
    "and",
    "we",
    "had",
    "to",
    "write",
    "labels",
    "by",
    "hand",
    "until",
    "noon",
    "because",
    "scale",
    "shows",
    "wrong",
    "weight",
    "when",
    "it",
    "is",
    "cold",
    "in",
    "room",
    "could",
    "you",
    "tell",
    "us",
    "whether",
    "part",
    "that",
    "was",
    "ordered",
    "last",
    "week",
    "has",
    "left",
    "your",
    "warehouse",
    "invoice",
    "for",
    "November",
    "lists",
    "fourteen",
    "devices",
    "but",
    "there",
    "are",
    "only",
    "twelve",
    "of",
    "them",
    "since",
    "return",
    "please",
    "send",
    "credit",
    "note",
    "before",
    "Friday",
    "thank",
    "serial",
    "number",
    "under",
    "cover",
    "photo",
    "attached",
    "shop",
    "manager",
    "says",
    "screen",
    "stays",
    "dark",
    "for",
    "minutes",
];

/// A generator of numbers that are the same each time (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        it ^ (it >> 31)
    }

    fn byte(&mut self) -> u8 {
        self.roll().to_le_bytes()[0]
    }

    fn words(&mut self, count: usize) -> String {
        let mut text = String::new();
        let mut column = 0;
        for at in 0..count {
            let word = WORDS[usize::from(self.byte()) % WORDS.len()];
            text.push_str(word);
            column += word.len() + 1;
            let end = if at % 45 == 44 {
                ".\n\n"
            } else if at % 15 == 14 {
                ". "
            } else if column > 70 {
                "\n"
            } else {
                " "
            };
            if end.contains('\n') {
                column = 0;
            }
            text.push_str(end);
        }
        text
    }
}

/// One mail but for its ids.
struct Form {
    from: String,
    subject: String,
    text: String,
    html: Option<String>,
    file: Option<Vec<u8>>,
}

/// All of them.
pub struct Corpus {
    forms: Vec<[Form; 3]>,
}

impl Corpus {
    /// Makes it.
    pub fn new() -> Corpus {
        let mut dice = Dice(2026);
        let mut count = 0_usize;
        let forms = (0..THREADS)
            .map(|thread| {
                let from = format!("Person {thread} <person{thread}@customer{}.example>", thread % 40);
                let subject = format!("Printer {thread} and what it does");
                [0, 1, 2].map(|_| {
                    count += 1;
                    form(&mut dice, count, &from, &subject)
                })
            })
            .collect();
        Corpus { forms }
    }

    /// Every thread `times` times, with ids that no other `round` has.
    pub fn repeat(&self, round: usize, times: usize) -> Vec<Thread> {
        let mut threads = Vec::new();
        for time in 0..times {
            for (at, forms) in self.forms.iter().enumerate() {
                let ids: [String; 3] =
                    [0, 1, 2].map(|nth| format!("<{round}.{time}.{at}.{nth}@mail.customer.example>"));
                threads.push((0..3).map(|nth| raw(&forms[nth], &ids[..=nth])).collect());
            }
        }
        threads
    }
}

fn form(dice: &mut Dice, count: usize, from: &str, subject: &str) -> Form {
    let (own, quoted) = (dice.words(OWN), dice.words(QUOTED));
    let quote = format!("> {}\n", quoted.trim_end().replace('\n', "\n> "));
    let text =
        format!("Hello,\n\n{own}\n\nKind regards\nPerson\n\nOn Mon, 9 Nov 2026 at 09:12, Tareline wrote:\n{quote}");
    let html = count.is_multiple_of(3).then(|| {
        let paragraphs =
            |text: &str| format!("<p style=\"margin:0\">{}</p>", text.replace("\n\n", "</p>\n<p style=\"margin:0\">"));
        format!(
            "<html><head><style>p {{ color: #222 }}</style></head><body><div dir=\"ltr\">{}</div><br>\
             <div class=\"gmail_quote\"><div>On Mon, 9 Nov 2026 at 09:12, Tareline wrote:<br></div>\
             <blockquote class=\"gmail_quote\" style=\"margin:0 0 0 .8ex;border-left:1px #ccc solid\">{}</blockquote></div></body></html>",
            paragraphs(&own),
            paragraphs(&quoted)
        )
    });
    let file = count.is_multiple_of(10).then(|| (0..FILE).map(|_| dice.byte()).collect());
    Form { from: from.to_owned(), subject: subject.to_owned(), text, html, file }
}

/// The mail with the last of `ids`, which answers those before.
fn raw(form: &Form, ids: &[String]) -> Vec<u8> {
    let Some((id, before)) = ids.split_last() else { return Vec::new() };
    let mut mail = format!(
        "Return-Path: <person@customer.example>\r\nReceived: from mail.customer.example (mail.customer.example [192.0.2.7])\r\n \
         by {SERVER} with ESMTPS id 4Xyz; Mon, 9 Nov 2026 09:12:04 +0000\r\nAuthentication-Results: {SERVER};\r\n \
         spf=pass smtp.mailfrom=customer.example; dkim=pass header.d=customer.example\r\nDKIM-Signature: v=1; a=rsa-sha256; \
         c=relaxed/relaxed; d=customer.example; s=mail;\r\n h=from:to:subject:date:message-id; \
         bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\r\n b=dzdVyOfAKCdLXdJOc9G2q8LoXSlEniSbav+yuU4zGeeruD00lszZ\r\n\
         From: {}\r\nTo: Support <{ADDRESS}>\r\nSubject: {}{}\r\nDate: Mon, 9 Nov 2026 09:12:00 +0000\r\nMessage-ID: {id}\r\n",
        form.from,
        if before.is_empty() { "" } else { "Re: " },
        form.subject,
    );
    if let Some(last) = before.last() {
        write!(mail, "In-Reply-To: {last}\r\nReferences: {}\r\n", before.join("\r\n ")).ok();
    }
    mail.push_str("MIME-Version: 1.0\r\n");
    let text = crlf(&format!("Content-Type: text/plain; charset=utf-8\n\n{}", form.text));
    let mut body = match &form.html {
        None => text,
        Some(html) => {
            let html = crlf(&format!("Content-Type: text/html; charset=utf-8\n\n{html}"));
            multipart("alternative", &[text, html])
        }
    };
    if let Some(file) = &form.file {
        let file = format!(
            "Content-Type: application/pdf; name=\"scan.pdf\"\r\nContent-Disposition: attachment; filename=\"scan.pdf\"\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{}",
            BASE64_MIME.encode(file)
        );
        body = multipart("mixed", &[body, file]);
    }
    mail.push_str(&body);
    mail.into_bytes()
}

fn multipart(kind: &str, parts: &[String]) -> String {
    let boundary = format!("=_{}", BASE64.encode(kind.as_bytes()).trim_end_matches('='));
    let mut body = format!("Content-Type: multipart/{kind}; boundary=\"{boundary}\"\r\n\r\n");
    for part in parts {
        write!(body, "--{boundary}\r\n{part}\r\n").ok();
    }
    write!(body, "--{boundary}--\r\n").ok();
    body
}

fn crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}
