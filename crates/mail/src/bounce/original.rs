//! The mail that a report is about: returned as a part, or below the words of the report.

use domain::{Email, FileKind};

use super::READ;
use crate::header::Head;
use crate::read::File;
use crate::token;

/// What is known of it.
#[derive(Debug, Default)]
pub(super) struct Returned {
    pub(super) message_id: Option<String>,
    /// Who wrote it: we.
    pub(super) author: Option<Email>,
    recipients: Vec<Email>,
}

impl Returned {
    /// Its recipient, if it has only one.
    pub(super) fn only_recipient(&self) -> Option<Email> {
        match self.recipients.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        }
    }

    fn of(block: &[u8]) -> Option<Returned> {
        let head = Head::parse(block).ok()?;
        let addresses = |name: &str| head.mailboxes(name).into_iter().filter_map(|it| it.address).take(10);
        let message_id = head.ids("Message-ID").into_iter().next();
        // Some servers name what they send anew; where its answers go, they leave.
        let renamed = !message_id.as_deref().is_some_and(token::is_shaped);
        let answers = renamed.then(|| addresses("Reply-To").find_map(|it| token::id_in(&it))).flatten();
        let message_id = answers.or(message_id);
        let returned = Returned {
            message_id,
            author: addresses("From").next(),
            recipients: addresses("To").chain(addresses("Cc")).collect(),
        };
        (returned.message_id.is_some() || returned.author.is_some()).then_some(returned)
    }
}

/// The mail that is returned in `files` or in `text`.
pub(super) fn returned(text: &str, files: &[File]) -> Returned {
    let is = |it: &&File| {
        let kind = FileKind::of(&it.media_type, &it.name);
        matches!(kind, Some(FileKind::Mail | FileKind::MailHeader)) || it.media_type == "text/plain"
    };
    let parts = files.iter().filter(is).take(4);
    let of_files = parts.filter_map(|it| Returned::of(header(&it.bytes))).find(|it| it.message_id.is_some());
    of_files.or_else(|| quoted(text)).unwrap_or_default()
}

/// The header at the start of `bytes`, bounded.
fn header(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.trim_ascii_start();
    let start = &bytes[..bytes.len().min(READ)];
    let ends = [&b"\n\n"[..], b"\n\r\n"].iter().filter_map(|it| memchr::memmem::find(start, it)).min();
    &start[..ends.map_or(start.len(), |it| it + 1)]
}

/// A copy of its header that stands in the text: the lines around its Message-ID.
fn quoted(text: &str) -> Option<Returned> {
    let lines: Vec<&str> = text.lines().map(|it| it.trim_start_matches(['>', '|']).trim_end()).collect();
    let names = |it: &str| {
        let it = it.trim_start();
        it.get(..11).is_some_and(|it| it.eq_ignore_ascii_case("message-id:")) && it.contains('@')
    };
    let Some(at) = lines.iter().position(|it| names(it)) else {
        // Named in a sentence of its own: `Message-ID originale: <…>`.
        let says = |it: &str| it.trim_start().get(..10).is_some_and(|it| it.eq_ignore_ascii_case("message-id"));
        let id =
            lines.iter().filter(|it| says(it)).find_map(|it| it.get(it.rfind('<')?..).filter(|it| it.contains('@')))?;
        return Returned::of(format!("Message-ID: {id}\n").as_bytes());
    };
    let is_field = |it: &str| {
        it.starts_with([' ', '\t']) || it.split_once(':').is_some_and(|it| !it.0.is_empty() && !it.0.contains(' '))
    };
    // Quoted fields may be set in as a whole; then each begins with the same blanks.
    let depth = lines[at].len() - lines[at].trim_start().len();
    let bare = |it: &str| it.get(depth..).filter(|_| it[..depth].trim().is_empty()).unwrap_or(it).to_owned();
    let before = lines[..at].iter().rev().take(200).take_while(|it| is_field(&bare(it))).count();
    let after = lines[at..].iter().take(200).take_while(|it| is_field(&bare(it))).count();
    // Some servers fold the id to a line of its own, and say no more.
    let block: Vec<String> = lines[at - before..at + after.max(1)].iter().map(|it| bare(it)).collect();
    let mut block = block.join("\n");
    block.push('\n');
    Returned::of(block.as_bytes())
}
