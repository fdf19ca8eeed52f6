//! What we say, made the bytes of a mail.
//!
//! The same input gives the same bytes. Every string comes from people or from other people's mails: what reaches a
//! header is one line, ids and addresses have their own alphabets, and a last look refuses to let a bare CR or LF out.

use data_encoding::{BASE32_NOPAD, BASE64_MIME};
use domain::Email;
use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::headers::message_id::MessageId;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::mime::{BodyPart, MimePart};
use sha2::{Digest, Sha256};

use crate::clean::{file_name, label, readable};
use crate::html::{dressed, with_pictures, written};
use crate::part::media;
use crate::read::{File, Mailbox};

/// Ids in References at most: RFC 5322 §3.6.4 sets no bound, servers do.
const REFERENCES: usize = 20;

/// A mail to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// Its id, with or without brackets.
    pub message_id: String,
    /// Who sends it.
    pub from: Mailbox,
    /// Where answers go, if not there.
    pub reply_to: Option<Mailbox>,
    /// To whom.
    pub to: Vec<Mailbox>,
    /// To whom else.
    pub cc: Vec<Mailbox>,
    /// Its subject.
    pub subject: String,
    /// The Date field, in microseconds UTC.
    pub at: i64,
    /// The id that it answers.
    pub in_reply_to: Option<String>,
    /// The ids of its thread, the oldest first; the first and the newest are sent.
    pub references: Vec<String>,
    /// Its text.
    pub text: String,
    /// Its HTML, if there is more than the text says, as [`crate::written()`] made it; a picture of its own has the address
    /// `inline/{index in files}`.
    pub html: Option<String>,
    /// Its files.
    pub files: Vec<File>,
    /// A machine answers (RFC 3834 §5): nobody's machine may answer back, and a bounce of it comes to nobody.
    pub automatic: bool,
}

/// A mail as it is handed to a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    /// The mail; every line ends with CRLF.
    pub bytes: Vec<u8>,
    /// Its sender for the envelope, to whom bounces go; none if they shall go to nobody (RFC 3834 §4).
    pub from: Option<Email>,
    /// Its recipients for the envelope, each once.
    pub to: Vec<Email>,
}

/// Why a mail cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsendable {
    /// The sender has no address.
    #[error("The mail has no sender's address.")]
    NoSender,
    /// Nobody to send it to.
    #[error("The mail has no recipient.")]
    NoRecipient,
    /// Most servers take only ASCII addresses (RFC 6531 is rare).
    #[error("The address {0} has characters that mail servers do not take.")]
    Address(Email),
    /// The id is no `Message-ID` (RFC 5322 §3.6.4).
    #[error("The mail has no proper Message-ID.")]
    MessageId,
    /// A line of it could end early or is too long (RFC 5322 §2.1.1, §2.3).
    #[error("The mail has a line that must not be sent.")]
    Line,
}

/// The bytes and the envelope of `mail`.
pub fn compose(mail: &Outgoing) -> Result<Composed, Unsendable> {
    let from = sendable(&mail.from)?.ok_or(Unsendable::NoSender)?;
    let mut to: Vec<Email> = Vec::new();
    for it in mail.to.iter().chain(&mail.cc) {
        if let Some(address) = sendable(it)?
            && !to.contains(&address)
        {
            to.push(address);
        }
    }
    if to.is_empty() {
        return Err(Unsendable::NoRecipient);
    }
    let id = id(&mail.message_id).ok_or(Unsendable::MessageId)?;

    let mut builder = MessageBuilder::new()
        .header("Date", Date::new(mail.at.div_euclid(1_000_000)))
        .header("From", address(&mail.from));
    // A field without an address is none (RFC 5322 §3.6.3).
    if mail.to.iter().any(|it| it.address.is_some()) {
        builder = builder.header("To", list(&mail.to));
    }
    if mail.cc.iter().any(|it| it.address.is_some()) {
        builder = builder.header("Cc", list(&mail.cc));
    }
    if let Some(reply_to) = &mail.reply_to
        && sendable(reply_to)?.is_some()
    {
        builder = builder.header("Reply-To", address(reply_to));
    }
    builder =
        builder.header("Subject", Text::new(label(&mail.subject))).header("Message-ID", MessageId::new(id.clone()));
    if let Some(answers) = mail.in_reply_to.as_deref().and_then(self::id) {
        builder = builder.header("In-Reply-To", MessageId::new(answers));
    }
    let references = references(&mail.references);
    if !references.is_empty() {
        builder = builder.header("References", MessageId::new_list(references.into_iter()));
    }
    if mail.automatic {
        builder = builder
            .header("Auto-Submitted", Raw::new("auto-replied"))
            .header("Precedence", Raw::new("bulk"))
            .header("X-Auto-Response-Suppress", Raw::new("All"));
    }
    let mut bytes = Vec::new();
    builder.header("MIME-Version", Raw::new("1.0")).body(body(mail, &id)).serialize(&mut bytes);
    if !sound(&bytes) {
        return Err(Unsendable::Line);
    }
    Ok(Composed { bytes, from: (!mail.automatic).then_some(from), to })
}

/// `text` as HTML: paragraphs, lines, links.
pub fn html_of(text: &str) -> String {
    let text = readable(text.into());
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    for paragraph in text.split("\n\n").map(|it| it.trim_matches('\n')).filter(|it| !it.trim().is_empty()) {
        out.push_str("<p>");
        for (nth, line) in paragraph.split('\n').enumerate() {
            if nth > 0 {
                out.push_str("<br>\n");
            }
            linked(&mut out, line);
        }
        out.push_str("</p>\n");
    }
    out
}

pub(crate) fn linked(out: &mut String, line: &str) {
    let mut rest = line;
    while let Some(at) = rest.find("http") {
        let host = rest[at..].strip_prefix("https://").or_else(|| rest[at..].strip_prefix("http://"));
        if host.is_some_and(|it| it.starts_with(char::is_alphanumeric)) {
            let ends = |it: char| it.is_whitespace() || "<>\"'".contains(it);
            let word = rest[at..].split(ends).next().unwrap_or_default();
            // A full stop or a bracket behind an address belongs to the sentence.
            let word = word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '*']);
            escaped(out, &rest[..at]);
            out.push_str("<a href=\"");
            escaped(out, word);
            out.push_str("\">");
            escaped(out, word);
            out.push_str("</a>");
            rest = &rest[at + word.len()..];
        } else {
            escaped(out, &rest[..at + 4]);
            rest = &rest[at + 4..];
        }
    }
    escaped(out, rest);
}

fn escaped(out: &mut String, text: &str) {
    for it in text.chars() {
        match it {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(it),
        }
    }
}

fn sendable(mailbox: &Mailbox) -> Result<Option<Email>, Unsendable> {
    match mailbox.address.as_ref().map(ascii) {
        Some(address) if !address.as_str().is_ascii() => Err(Unsendable::Address(address)),
        address => Ok(address),
    }
}

/// `address` as it travels: a domain beyond ASCII in its punycode (RFC 5891), which every server knows.
pub fn ascii(address: &Email) -> Email {
    Email::parse(&format!("{}@{}", address.local(), ascii_domain(address.domain()))).unwrap_or_else(|| address.clone())
}

/// The same for a domain alone. One that has no such form stays as it is.
pub(crate) fn ascii_domain(domain: &str) -> String {
    idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_owned())
}

fn address(mailbox: &Mailbox) -> Address<'static> {
    let name = label(&mailbox.name);
    let email = mailbox.address.as_ref().map(|it| ascii(it).to_string()).unwrap_or_default();
    Address::new_address((!name.is_empty()).then_some(name), email)
}

fn list(mailboxes: &[Mailbox]) -> Address<'static> {
    Address::new_list(mailboxes.iter().filter(|it| it.address.is_some()).map(address).collect())
}

/// An id without its brackets, if it can stand in a header.
fn id(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches('<').trim_end_matches('>');
    let sound = !text.is_empty()
        && text.len() <= 900
        && text.bytes().all(|it| it.is_ascii_graphic() && !matches!(it, b'<' | b'>'));
    sound.then(|| text.to_owned())
}

/// The first id and the newest ones.
fn references(ids: &[String]) -> Vec<String> {
    let mut ids: Vec<String> = ids.iter().filter_map(|it| id(it)).collect();
    if ids.len() > REFERENCES {
        ids.drain(1..=ids.len() - REFERENCES);
    }
    ids
}

fn body<'a>(mail: &'a Outgoing, id: &str) -> MimePart<'a> {
    let html = match &mail.html {
        Some(html) => shown(html, &mail.files),
        None => html_of(&mail.text),
    };
    let words = vec![
        MimePart::new(
            ContentType::new("text/plain").attribute("charset", "utf-8"),
            BodyPart::Text(lines(&mail.text).into()),
        ),
        MimePart::new(ContentType::new("text/html").attribute("charset", "utf-8"), BodyPart::Text(lines(&html).into())),
    ];
    let words = MimePart::new(multipart("multipart/alternative", id), words);
    let (inside, below): (Vec<&File>, Vec<&File>) = mail.files.iter().partition(|it| picture(it).is_some());
    // What the words show comes with them (RFC 2387), and what is for itself behind both.
    let words = around("multipart/related", id, words, &inside);
    around("multipart/mixed", id, words, &below)
}

fn around<'a>(kind: &'static str, id: &str, words: MimePart<'a>, files: &[&'a File]) -> MimePart<'a> {
    if files.is_empty() {
        return words;
    }
    let parts = std::iter::once(words).chain(files.iter().map(|it| file(it))).collect::<Vec<_>>();
    MimePart::new(multipart(kind, id), parts)
}

/// The HTML with its own pictures by their Content-ID. It is cleaned once more: nothing else may leave.
fn shown(html: &str, files: &[File]) -> String {
    let named = with_pictures(html, &mut |at| Some(format!("cid:{at}")));
    let Some(clean) = written(&named) else { return String::new() };
    let source = &mut |at: usize| {
        let file = clean.pictures.get(at)?.parse().ok().and_then(|it: usize| files.get(it))?;
        picture(file).map(|it| format!("cid:{it}"))
    };
    dressed(&with_pictures(&clean.html, source))
}

/// The Content-ID of a picture that is shown in the text.
fn picture(file: &File) -> Option<String> {
    file.content_id.as_deref().filter(|_| file.inline).and_then(id)
}

/// A boundary that no content knows: it comes from the mail's id, which nobody has seen before.
fn multipart(kind: &'static str, id: &str) -> ContentType<'static> {
    let hash = Sha256::new().chain_update(kind).chain_update(id).finalize();
    let mut boundary = BASE32_NOPAD.encode(&hash[..20]);
    boundary.make_ascii_lowercase();
    ContentType::new(kind).attribute("boundary", format!("=_{boundary}"))
}

fn file(file: &File) -> MimePart<'_> {
    let (kind, subtype) = file.media_type.split_once('/').unwrap_or_default();
    let media = media(kind, Some(subtype));
    // An attached mail must not be encoded (RFC 2046 §5.2.1), and unencoded it might break our lines: it goes as a file.
    let media = if media.starts_with("multipart/") || media.starts_with("message/") {
        "application/octet-stream".to_owned()
    } else {
        media
    };
    let name = file_name(&file.name, "file");
    let mut part = MimePart::new(
        ContentType::new(media).attribute("name", name.clone()),
        BodyPart::Binary(BASE64_MIME.encode(&file.bytes).into_bytes().into()),
    );
    let content_id = file.content_id.as_deref().and_then(id);
    let disposition = if file.inline && content_id.is_some() { "inline" } else { "attachment" };
    part = part.header("Content-Disposition", ContentType::new(disposition).attribute("filename", name));
    if let Some(content_id) = content_id {
        part = part.cid(content_id);
    }
    part.transfer_encoding("base64")
}

/// `text` with CRLF as its only line end, and one at its end.
fn lines(text: &str) -> String {
    let text = readable(text.into());
    let mut out = String::with_capacity(text.len() + text.len() / 32 + 2);
    for line in text.trim_end_matches('\n').split('\n') {
        out.push_str(line);
        out.push_str("\r\n");
    }
    out
}

/// Whether every CR has its LF and every LF its CR, no line is longer than 998 bytes, and there is no NUL.
fn sound(bytes: &[u8]) -> bool {
    let mut start = 0;
    for at in memchr::memchr3_iter(b'\r', b'\n', 0, bytes) {
        match bytes[at] {
            b'\r' if bytes.get(at + 1) == Some(&b'\n') && at - start <= 998 => {}
            b'\n' if at > 0 && bytes[at - 1] == b'\r' => start = at + 1,
            _ => return false,
        }
    }
    bytes.len() - start <= 998
}
