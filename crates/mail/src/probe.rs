//! The mail that the desk sends to its own mailbox when somebody tries it, and how it is known again: it never becomes a
//! case, however often the mailbox is read.
//!
//! It carries a mark with a MAC, so that nobody else can write a mail that the desk passes over.

use domain::Email;
use mail_builder::headers::date::Date;
use uuid::Uuid;

use crate::compose::{Unsendable, ascii};
use crate::token::Keys;

/// The field of the mark.
const FIELD: &str = "x-bellwether-test:";

/// How far into a report about a mail we look for the mail's headers, in bytes.
const REPORT: usize = 64 * 1024;

/// A test mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Where it goes: the mailbox itself, or the mailbox with something behind a `+`.
    pub to: Email,
    /// What its headers carry, and no other mail's.
    pub mark: String,
    /// The mail; every line ends with CRLF.
    pub bytes: Vec<u8>,
}

/// A test mail from `mailbox` to `to`, at `at` (microseconds UTC). It says what it is, and that nobody's machine may answer
/// (RFC 3834 §5).
pub fn compose(keys: &Keys, id: Uuid, mailbox: &Email, to: &Email, at: i64) -> Result<Probe, Unsendable> {
    let (mailbox, to) = (ascii(mailbox), ascii(to));
    if let Some(odd) = [&mailbox, &to].into_iter().find(|it| !it.as_str().is_ascii()) {
        return Err(Unsendable::Address(odd.clone()));
    }
    let mark = keys.mark(id);
    let date = Date::new(at.div_euclid(1_000_000)).to_rfc822();
    let domain = mailbox.domain();
    let lines = [
        format!("Date: {date}"),
        format!("From: {mailbox}"),
        format!("To: {to}"),
        "Subject: Connection test of the desk, please ignore".to_owned(),
        format!("Message-ID: <test.{mark}@{domain}>"),
        "Auto-Submitted: auto-generated".to_owned(),
        "X-Auto-Response-Suppress: All".to_owned(),
        format!("X-Bellwether-Test: {mark}"),
        "MIME-Version: 1.0".to_owned(),
        "Content-Type: text/plain; charset=us-ascii".to_owned(),
        String::new(),
        "Somebody tested in the settings of Bellwether how this mailbox is connected.".to_owned(),
        "The mailbox sent this mail to itself, to see whether mail comes back.".to_owned(),
        String::new(),
        "Nobody needs to answer, and you can delete it.".to_owned(),
        String::new(),
    ];
    Ok(Probe { to, mark, bytes: lines.join("\r\n").into_bytes() })
}

/// Whether `raw` is a test mail of ours, or a report of a mail server about one.
pub fn is_ours(keys: &Keys, raw: &[u8]) -> bool {
    let mut is_report = false;
    let mut in_head = true;
    for line in lines(raw.get(..REPORT).unwrap_or(raw)) {
        in_head &= !line.is_empty();
        if in_head || is_report {
            if marks(line).is_some_and(|it| keys.is_mark(it)) {
                return true;
            }
            is_report |= in_head && line.to_ascii_lowercase().contains("multipart/report");
        } else {
            return false;
        }
    }
    false
}

/// The fields of `headers` that name `address`, in lower case and each once: what a server keeps of the address to which a
/// mail was sent.
pub fn naming(headers: &[u8], address: &Email) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in lines(headers).take_while(|it| !it.is_empty()) {
        if let Some((name, value)) = line.split_once(':')
            && ["to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to"]
                .contains(&&*name.to_ascii_lowercase())
            && value.to_lowercase().contains(address.as_str())
        {
            let name = name.to_ascii_lowercase();
            if !found.contains(&name) {
                found.push(name);
            }
        }
    }
    found
}

/// Whether these headers carry `mark`.
pub fn carries(headers: &[u8], mark: &str) -> bool {
    lines(headers).take_while(|it| !it.is_empty()).filter_map(marks).any(|it| it == mark)
}

fn marks(line: &str) -> Option<&str> {
    let (name, value) = line.split_at_checked(FIELD.len())?;
    name.eq_ignore_ascii_case(FIELD).then(|| value.trim())
}

/// The lines that are text; none of ours is anything else.
fn lines(raw: &[u8]) -> impl Iterator<Item = &str> {
    raw.split(|it| *it == b'\n').map(|line| std::str::from_utf8(line).unwrap_or("?").trim_end_matches('\r'))
}
