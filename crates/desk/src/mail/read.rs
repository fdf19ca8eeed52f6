//! What is done before the write: parse, fold, sanitise, hash, verify.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use domain::{Bounce, Email, File, MessageId};
use mail::token;
use store::Lock;
use store::blob::Blob;

use super::Mailbox;
use crate::Keys;

/// A mail that is read and waits to be filed.
pub(crate) struct Prepared {
    pub mail: mail::Mail,
    /// Who wrote it; without an address nobody could be answered.
    pub from: Email,
    /// Its files, without their bytes.
    pub files: Vec<File>,
    /// The raw mail first, then the bytes of its files.
    pub blobs: Vec<Blob>,
    /// Our messages that it answers, by a valid token, the likeliest first.
    pub tokens: Vec<MessageId>,
    /// Messages that it answers by their `Message-ID`, the likeliest first. None of them looks like one of ours: such a
    /// reference counts only with its MAC.
    pub references: Vec<String>,
    /// Case numbers in its subject.
    pub numbers: Vec<i64>,
    /// What it reports on messages of ours, of those whose token is valid.
    pub bounced: Vec<(MessageId, Bounce)>,
    /// What is said in the mail that it passes on as a file.
    pub inner: Option<String>,
    /// Our own addresses.
    own_addresses: std::sync::Arc<[Email]>,
    /// Set if it is a message of ours that came back to us.
    pub own: Option<MessageId>,
    /// It is older mail that is brought in.
    pub history: bool,
    /// It stands in the place of a mail that cannot be read.
    pub salvaged: bool,
}

impl Prepared {
    /// Two copies of one mail, or two first mails of one sender, wait for each other.
    pub(crate) fn locks(&self) -> [Lock; 2] {
        [Lock::Name(format!("email {}", self.from)), Lock::Name(format!("mail {}", self.mail.external_id))]
    }

    /// Whether an address is one of ours.
    pub(crate) fn is_ours(&self, address: &Email) -> bool {
        self.own_addresses.contains(&address.without_tag())
    }

    /// Its bytes' hash.
    pub(crate) fn raw_hash(&self) -> Option<&str> {
        self.blobs.first().map(|it| it.hash.as_str())
    }
}

/// What is large is parsed where it holds nobody up.
const LARGE: usize = 256 * 1024;

/// Reads a raw mail. The error says why it cannot be processed, in a sentence.
pub(crate) async fn prepare(raw: Bytes, mailbox: &Mailbox, keys: &std::sync::Arc<Keys>) -> Result<Prepared, String> {
    if raw.len() < LARGE {
        return read(&raw, mailbox, keys);
    }
    let (mailbox, keys) = (mailbox.clone(), keys.clone());
    let large = tokio::task::spawn_blocking(move || read(&raw, &mailbox, &keys));
    large.await.unwrap_or_else(|_| Err("This mail could not be read.".to_owned()))
}

/// A parser that panics has met a mail that it cannot read, and must not take its neighbours along.
fn read(raw: &Bytes, mailbox: &Mailbox, keys: &Keys) -> Result<Prepared, String> {
    let receiver = mail::Receiver { authserv_id: mailbox.authserv_id.as_deref(), own: &mailbox.own };
    let mail = catch_unwind(AssertUnwindSafe(|| mail::read(raw, &receiver)));
    let mail = mail.map_err(|_| "This mail could not be read.".to_owned())?.map_err(|err| err.to_string())?;
    let from = mail.from.clone();
    Ok(prepared(raw, mail, from, mailbox, keys))
}

fn prepared(raw: &Bytes, mut mail: mail::Mail, from: Email, mailbox: &Mailbox, keys: &Keys) -> Prepared {
    let mut tokens = Vec::new();
    let mut references = Vec::new();
    for id in mail.in_reply_to.iter().chain(mail.references.iter().rev()) {
        match token::open(&keys.tokens, id) {
            Some(message) => push(&mut tokens, MessageId(message)),
            None if token::is_shaped(id) => {}
            None => push(&mut references, id.clone()),
        }
    }
    for address in mail.to.iter().chain(&mail.cc).filter_map(|it| it.address.as_ref()) {
        if let Some(message) = token::from_address(&keys.tokens, address) {
            push(&mut tokens, MessageId(message));
        }
    }
    let named = |it: &Bounce| it.message_id.as_ref().and_then(|id| token::open(&keys.tokens, id)).map(MessageId);
    let bounced = std::mem::take(&mut mail.bounces).into_iter().filter_map(|it| Some((named(&it)?, it))).collect();
    // Whoever writes to us under an id of ours is another: what they say is a message of its own.
    let ours = mailbox.own.contains(&from.without_tag());
    let own = mail.message_id.as_ref().filter(|_| ours).and_then(|it| token::open(&keys.tokens, it)).map(MessageId);
    let inner = match &mail.forwarded {
        Some(mail::Original { place: mail::Place::File(at), .. }) => {
            mail.files.get(*at).and_then(|it| mail::read(&it.bytes, &mail::Receiver::default()).ok()).map(|it| it.text)
        }
        _ => None,
    };
    let own_addresses = mailbox.own.clone();
    let mut blobs = vec![Blob::new(raw.clone())];
    let mut files = Vec::new();
    for it in std::mem::take(&mut mail.files) {
        let blob = Blob::new(it.bytes);
        let (size, hash) = (blob.size(), blob.hash.clone());
        files.push(File { name: it.name, media_type: it.media_type, size, hash, inline: it.inline });
        blobs.push(blob);
    }
    let numbers = numbers(&mail.subject);
    Prepared {
        mail,
        from,
        files,
        blobs,
        tokens,
        references,
        numbers,
        bounced,
        inner,
        own_addresses,
        own,
        history: mailbox.history,
        salvaged: false,
    }
}

fn push<T: PartialEq>(list: &mut Vec<T>, it: T) {
    // A thread longer than this is told by its last members.
    if list.len() < 12 && !list.contains(&it) {
        list.push(it);
    }
}

/// Case numbers as people write them: `#1042`, `case 1042`, `Case #1042`.
fn numbers(subject: &str) -> Vec<i64> {
    let words: Vec<&str> = subject.split_whitespace().collect();
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let bare = word.trim_matches(|it: char| !it.is_alphanumeric() && it != '#');
        let marked = bare.strip_prefix('#');
        let after_case =
            at > 0 && words[at - 1].trim_matches(|it: char| !it.is_alphanumeric()).eq_ignore_ascii_case("case");
        if let Some(digits) = marked.or(after_case.then_some(bare))
            && digits.len() <= 12
            && digits.bytes().all(|it| it.is_ascii_digit())
            && let Ok(number) = digits.parse()
        {
            push(&mut found, number);
        }
    }
    found
}
