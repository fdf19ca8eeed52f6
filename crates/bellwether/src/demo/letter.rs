//! Raw mails (RFC 5322) as customers' programs write them: plain, with HTML, with files, and rough.

use std::fmt::Write as _;

use data_encoding::{BASE64, BASE64_MIME};
use domain::{Email, Timestamp};

use super::papers::Paper;

/// The manner of a mail, beside its words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Manner {
    /// Text alone.
    #[default]
    Plain,
    /// Text in Latin-1, quoted-printable.
    Latin,
    /// Text and HTML, as web mail writes it.
    Html,
    /// HTML with a table of numbers.
    Table,
    /// HTML with a picture inside the text.
    Inline,
    /// HTML alone, with pictures from elsewhere, from a list.
    Newsletter,
    /// It says that it is UTF-8 and is Windows-1252.
    WrongCharset,
    /// Text in ISO-2022-JP.
    Japanese,
    /// An out of office.
    Away,
}

/// A mail to be made bytes.
#[derive(Clone, Debug)]
pub struct Letter<'a> {
    /// Who writes.
    pub from: (&'a str, &'a Email),
    /// To whom.
    pub to: &'a Email,
    /// To whom else.
    pub cc: &'a [(String, Email)],
    /// The subject.
    pub subject: &'a str,
    /// Its Message-ID.
    pub id: &'a str,
    /// The thread before it, the oldest first.
    pub references: &'a [String],
    /// When it was written.
    pub at: Timestamp,
    /// Its words.
    pub text: &'a str,
    /// What it quotes: who wrote that and when, and the words.
    pub quoted: Option<&'a (String, String)>,
    /// How it is written.
    pub manner: Manner,
    /// Its files.
    pub files: &'a [Paper],
    /// Whether its domain vouches for it: nobody says, or somebody does.
    pub verdict: Option<bool>,
}

/// The server that takes in our mail.
pub const SERVER: &str = "mx.tareline.example";

impl Letter<'_> {
    /// The bytes.
    pub fn raw(&self) -> Vec<u8> {
        let mut mail = self.head();
        let body = self.words();
        let body = match (self.files, self.manner) {
            ([], _) => body,
            ([picture, ..], Manner::Inline) => {
                multipart("related", &[body, part(picture, "inline", "Content-ID: <picture@mail>\r\n")])
            }
            (files, _) => {
                let files = files.iter().map(|it| part(it, "attachment", ""));
                multipart("mixed", &std::iter::once(body).chain(files).collect::<Vec<_>>())
            }
        };
        mail.push_str("MIME-Version: 1.0\r\n");
        let mut bytes = mail.into_bytes();
        bytes.extend(body);
        bytes
    }

    fn head(&self) -> String {
        let (name, address) = self.from;
        let date = date(self.at);
        let domain = address.domain();
        let mut head = format!(
            "Return-Path: <{}>\r\nReceived: from mail.{domain} by {SERVER} with ESMTPS;\r\n {date}\r\n",
            if self.manner == Manner::Away { "" } else { address.as_str() }
        );
        if let Some(good) = self.verdict {
            let (word, from) = (if good { "pass" } else { "fail" }, domain);
            write!(head, "Authentication-Results: {SERVER}; dmarc={word} header.from={from}\r\n").ok();
        }
        write!(head, "From: {}\r\nTo: <{}>\r\n", mailbox(name, address), self.to).ok();
        if !self.cc.is_empty() {
            let cc: Vec<String> = self.cc.iter().map(|it| mailbox(&it.0, &it.1)).collect();
            write!(head, "Cc: {}\r\n", cc.join(",\r\n ")).ok();
        }
        write!(head, "Subject: {}\r\nDate: {date}\r\nMessage-ID: {}\r\n", encoded(self.subject), self.id).ok();
        if let Some(last) = self.references.last() {
            write!(head, "In-Reply-To: {last}\r\nReferences: {}\r\n", self.references.join("\r\n ")).ok();
        }
        match self.manner {
            Manner::Away => head.push_str("Auto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\n"),
            Manner::Newsletter => {
                write!(head, "List-Id: <weekly.{domain}>\r\nList-Unsubscribe: <https://{domain}/leave?u=4182>\r\n")
                    .ok();
                head.push_str("Precedence: bulk\r\n");
            }
            Manner::Html | Manner::Inline => head.push_str("X-Mailer: Webmail 9\r\n"),
            _ => {}
        }
        head
    }

    fn words(&self) -> Vec<u8> {
        let mut text = self.text.to_owned();
        if let Some((line, quoted)) = self.quoted {
            write!(text, "\n\n{line}\n").ok();
            for line in quoted.lines() {
                writeln!(text, "{}{line}", if line.starts_with('>') { ">" } else { "> " }).ok();
            }
        }
        match self.manner {
            Manner::Plain | Manner::Away => plain("utf-8", "8bit", crlf(&text).into_bytes()),
            Manner::Latin => plain("iso-8859-1", "quoted-printable", quoted_printable(&latin(&text))),
            Manner::WrongCharset => plain("utf-8", "8bit", crlf_bytes(&latin(&text))),
            Manner::Japanese => plain("iso-2022-jp", "7bit", crlf_bytes(&japanese(&text))),
            Manner::Newsletter => html(&newsletter(self.text)),
            Manner::Html | Manner::Table | Manner::Inline => {
                let text = plain("utf-8", "8bit", crlf(&text).into_bytes());
                multipart("alternative", &[text, html(&self.rich())])
            }
        }
    }

    fn rich(&self) -> String {
        let mut page = String::from("<html><head><style>p{margin:0 0 .8em}</style></head><body><div dir=\"ltr\">");
        page.push_str(&mail::html_of(self.text));
        match self.manner {
            Manner::Table => page.push_str(TABLE),
            Manner::Inline => page.push_str("<p><img src=\"cid:picture@mail\" alt=\"label\" width=\"240\"></p>"),
            _ => {}
        }
        page.push_str("</div>");
        if let Some((line, quoted)) = self.quoted {
            write!(
                page,
                "<br><div class=\"gmail_quote\"><div class=\"gmail_attr\">{line}<br></div><blockquote class=\"gmail_quote\" \
                 style=\"margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex\">{}</blockquote></div>",
                mail::html_of(quoted)
            )
            .ok();
        }
        page.push_str("</body></html>");
        page
    }
}

const TABLE: &str = "<table border=\"1\" cellpadding=\"4\" style=\"border-collapse:collapse\">\
<tr style=\"background:#eee\"><th>A</th><th>Name</th><th>H</th><th>K</th></tr>\
<tr><td>1</td><td>Rye loaf 750 g</td><td align=\"right\">4011</td><td align=\"right\">3,90</td></tr>\
<tr><td>2</td><td>Olives, green</td><td align=\"right\">4027</td><td align=\"right\">12,90</td></tr>\
<tr><td>3</td><td>Goat cheese</td><td align=\"right\">4106</td><td align=\"right\">24,50</td></tr></table>";

fn newsletter(text: &str) -> String {
    format!(
        "<html><body style=\"background:#f4f4f4\"><table width=\"600\" align=\"center\" bgcolor=\"#ffffff\"><tr><td>\
         <img src=\"https://labelweekly.example/top.png\" width=\"600\" height=\"120\" alt=\"Label Industry Weekly\"></td></tr>\
         <tr><td style=\"padding:24px;font-family:Georgia\"><h1 style=\"color:#b03a2e\">This week</h1>{}\
         <p>Linerless labels save the paper that nobody reads. What they ask of a printer, and what a roll costs at the \
         counter, in three minutes.</p><p><a href=\"https://labelweekly.example/a/1?u=4182\">Read on</a></p></td></tr>\
         <tr><td style=\"font-size:11px;color:#999\">You get this because somebody once left a card at our stand. \
         <a href=\"https://labelweekly.example/leave?u=4182\">Leave the list</a>\
         <img src=\"https://labelweekly.example/open.gif?u=4182\" width=\"1\" height=\"1\" alt=\"\"></td></tr></table></body></html>",
        mail::html_of(text)
    )
}

fn plain(charset: &str, encoding: &str, body: Vec<u8>) -> Vec<u8> {
    let head = format!("Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n");
    [head.into_bytes(), body, b"\r\n".to_vec()].concat()
}

fn html(page: &str) -> Vec<u8> {
    let head = "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    format!("{head}{}\r\n", BASE64_MIME.encode(page.as_bytes())).into_bytes()
}

fn part(file: &Paper, disposition: &str, more: &str) -> Vec<u8> {
    format!(
        "Content-Type: {}; name=\"{name}\"\r\nContent-Disposition: {disposition}; filename=\"{name}\"\r\n{more}\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
        file.media_type,
        BASE64_MIME.encode(&file.bytes),
        name = file.name,
    )
    .into_bytes()
}

fn multipart(kind: &str, parts: &[Vec<u8>]) -> Vec<u8> {
    let boundary = format!("----=_part_{kind}_2026");
    let mut body = format!("Content-Type: multipart/{kind}; boundary=\"{boundary}\"\r\n\r\n").into_bytes();
    for part in parts {
        body.extend(format!("--{boundary}\r\n").into_bytes());
        body.extend(part);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{boundary}--\r\n").into_bytes());
    body
}

fn mailbox(name: &str, address: &Email) -> String {
    if name.is_empty() {
        return address.to_string();
    }
    let name = if name.is_ascii() { format!("\"{name}\"") } else { encoded(name) };
    format!("{name} <{address}>")
}

/// A header's text; what is not ASCII in encoded words (RFC 2047).
fn encoded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut words = vec![String::new()];
    for it in text.chars() {
        if words.last().is_some_and(|word| word.len() + it.len_utf8() > 42) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(it);
        }
    }
    let words: Vec<String> = words.iter().map(|it| format!("=?utf-8?B?{}?=", BASE64.encode(it.as_bytes()))).collect();
    words.join("\r\n ")
}

fn crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}

fn crlf_bytes(text: &[u8]) -> Vec<u8> {
    text.split(|it| *it == b'\n').collect::<Vec<_>>().join(&b"\r\n"[..])
}

/// Windows-1252, which is Latin-1 with quotation marks; what neither has becomes a question mark.
fn latin(text: &str) -> Vec<u8> {
    text.chars()
        .map(|it| match it {
            '€' => 0x80,
            '‚' => 0x82,
            '„' => 0x84,
            '‘' => 0x91,
            '’' => 0x92,
            '“' => 0x93,
            '”' => 0x94,
            '–' => 0x96,
            it => u8::try_from(u32::from(it)).unwrap_or(b'?'),
        })
        .collect()
}

/// A mail's one Japanese name, as its program writes it; the rest is ASCII.
fn japanese(text: &str) -> Vec<u8> {
    const NAME: (&str, &[u8]) = ("佐藤 はるか", b"\x1b$B:4F#\x1b(B \x1b$B$O$k$+\x1b(B");
    let mut bytes = Vec::new();
    for (nth, piece) in text.split(NAME.0).enumerate() {
        if nth > 0 {
            bytes.extend(NAME.1);
        }
        bytes.extend(piece.chars().map(|it| if it.is_ascii() { it as u8 } else { b'-' }));
    }
    bytes
}

/// RFC 2045 §6.7.
fn quoted_printable(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in text.split(|it| *it == b'\n') {
        let mut column = 0;
        for (at, byte) in line.iter().enumerate() {
            let plain = matches!(byte, b'!'..=b'<' | b'>'..=b'~') || (*byte == b' ' && at + 1 < line.len());
            let width = if plain { 1 } else { 3 };
            if column + width > 75 {
                out.extend(b"=\r\n");
                column = 0;
            }
            if plain {
                out.push(*byte);
            } else {
                out.extend(format!("={byte:02X}").into_bytes());
            }
            column += width;
        }
        out.extend(b"\r\n");
    }
    out
}

/// RFC 5322 §3.3.
fn date(at: Timestamp) -> String {
    moment(at).strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// The moment in UTC.
pub fn moment(at: Timestamp) -> jiff::ZonedDateTime {
    let at = jiff::Timestamp::from_microsecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    at.to_zoned_datetime(jiff::tz::TimeZone::UTC)
}
