//! A mail's bytes made a [`Mail`].

use std::borrow::Cow;

use data_encoding::HEXLOWER;
use domain::{Automatic, Bounce, Email, Fold, FoldKind, Invitation, Party, Sealed, Spam, Verdict};
use sha2::{Digest, Sha256};

use crate::automatic::{Evidence, automatic};
use crate::bounce::bounces;
use crate::calendar::invitation;
use crate::clean::{cut, file_name, readable};
use crate::compose;
use crate::decode::{self, Encoding};
use crate::flowed::unflow;
use crate::fold::{Subject, folds};
use crate::forward::{self, Original};
use crate::header::Head;
use crate::html::{Quotes, sanitise_all, text_of};
use crate::limits::{self, Unreadable};
use crate::part::{Leaf, Parts};
use crate::sealed::sealed;
use crate::unwanted::spam;
use crate::uuencode;
use crate::verdict::verdict;

/// A name and an address, as a header gives them.
pub type Mailbox = Party;

/// Whose mailbox a mail came into.
#[derive(Clone, Copy, Debug, Default)]
pub struct Receiver<'a> {
    /// The id that the mailbox's own server writes into Authentication-Results (RFC 8601 §2.5); `None` if it writes none.
    pub authserv_id: Option<&'a str>,
    /// Our own addresses.
    pub own: &'a [Email],
}

/// What a mail says.
#[derive(Clone, Debug, PartialEq)]
pub struct Mail {
    /// Its id, with brackets (RFC 5322 §3.6.4).
    pub message_id: Option<String>,
    /// The ids that it answers.
    pub in_reply_to: Vec<String>,
    /// The ids of its thread, the oldest first; at most [`limits::REFERENCES`].
    pub references: Vec<String>,
    /// The address of who wrote it: the first of From, else of Sender or Return-Path.
    pub from: Email,
    /// Their name; empty if they give none.
    pub name: String,
    /// Whether From names `from` and nobody else. Without that the address is only how to answer: whoever counts on who
    /// wrote the mail must not count on it.
    pub sole_author: bool,
    /// Where its sender wants answers.
    pub reply_to: Vec<Mailbox>,
    /// To whom.
    pub to: Vec<Mailbox>,
    /// To whom else.
    pub cc: Vec<Mailbox>,
    /// Its subject as one line.
    pub subject: String,
    /// The Date field, in microseconds UTC.
    pub sent_at: Option<i64>,
    /// Its text, lines end with LF.
    pub text: String,
    /// Parts of the text that are shown folded.
    pub folded: Vec<Fold>,
    /// The mail that it passes on, if it passes one on.
    pub forwarded: Option<Original>,
    /// Its HTML, sanitised; a picture of its own has the address `inline/{index in files}`.
    pub html: Option<String>,
    /// Its files, in their order.
    pub files: Vec<File>,
    /// Set if a machine wrote it.
    pub automatic: Option<Automatic>,
    /// What a report on a mail of ours says, for each recipient; at most [`limits::REPORTED`].
    pub bounces: Vec<Bounce>,
    /// Whether the receiving server takes it for unwanted; `None` if it does not say.
    pub spam: Option<Spam>,
    /// How its words are wrapped, if they cannot be shown.
    pub sealed: Option<Sealed>,
    /// The meeting that it is about.
    pub invitation: Option<Invitation>,
    /// What the receiving server says about the sender.
    pub verdict: Verdict,
    /// Hex SHA-256 over Message-ID, From, Date and the decoded bodies: the same mail has the same, however it travelled.
    pub external_id: String,
}

/// A file of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// A label, without a path and never empty.
    pub name: String,
    /// `type/subtype` in lower case, as its sender says: never to be trusted.
    pub media_type: String,
    /// Its Content-ID, without brackets (RFC 2392).
    pub content_id: Option<String>,
    /// Shown in the text rather than below it.
    pub inline: bool,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Reads `raw`, which came into `receiver`'s mailbox.
pub fn read(raw: &[u8], receiver: &Receiver<'_>) -> Result<Mail, Unreadable> {
    if raw.len() > limits::MAIL as usize {
        return Err(Unreadable::TooBig);
    }
    // Lines that end as on very old machines; or twice.
    let returns = memchr::memchr(b'\n', raw).is_none() && memchr::memchr(b'\r', raw).is_some();
    if returns {
        let lines: Vec<u8> = raw.iter().map(|it| if *it == b'\r' { b'\n' } else { *it }).collect();
        return read(&lines, receiver);
    }
    let Parts { head, leaves, preamble, report } = Parts::of(raw)?;
    if head.is_empty() {
        return Err(Unreadable::NotMail);
    }
    let (from, name, senders) = senders(&head)?;
    let message_id = head.ids("Message-ID").into_iter().next();

    let mut identity = Identity(Sha256::new());
    identity.add(message_id.as_deref().unwrap_or_default().as_bytes());
    identity.add(senders.iter().map(Email::as_str).collect::<Vec<_>>().join(",").as_bytes());
    identity.add(head.plain("Date").unwrap_or_default().as_bytes());

    let mut body = Body::default();
    body.add_all(&leaves, &mut identity)?;
    if let Some(preamble) = preamble.filter(|it| !is_notice(it.body))
        && body.says_nothing()
    {
        body.add(&preamble, &mut identity);
    }
    let subject = head.text("Subject").unwrap_or_default();
    let Whole { text, folded, html, files, forwarded } = body.finish(forward::subject(&subject));
    let report = report.as_deref();
    let automatic = automatic(&Evidence {
        head: &head,
        report,
        receiver,
        senders: &senders,
        name: &name,
        subject: &subject,
        text: &text,
        files: &files,
    });
    let bounces = match automatic {
        Some(Automatic::Bounce) => bounces(&head, receiver, &from, &subject, &text, &files),
        _ => Vec::new(),
    };
    let spam = spam(&head, &subject);
    Ok(Mail {
        message_id,
        in_reply_to: head.ids("In-Reply-To"),
        references: head.ids("References"),
        reply_to: head.mailboxes("Reply-To"),
        to: head.mailboxes("To"),
        cc: head.mailboxes("Cc"),
        subject,
        sent_at: head.date(),
        automatic,
        bounces,
        spam,
        sealed: sealed(&text, html.is_some(), &files),
        invitation: invitation(&files),
        folded,
        text,
        forwarded,
        html,
        files,
        verdict: verdict(&head, receiver, &senders),
        external_id: identity.hex(),
        sole_author: senders.len() == 1,
        from,
        name,
    })
}

/// Who wrote it, and every address in From.
fn senders(head: &Head<'_>) -> Result<(Email, String, Vec<Email>), Unreadable> {
    let named = head.mailboxes("From");
    let addresses: Vec<Email> = named.iter().filter_map(|it| it.address.clone()).collect();
    let with_name = |it: Mailbox| it.address.map(|address| (address, it.name));
    let shown = named.first().map(|it| it.name.clone()).unwrap_or_default();
    if let Some((from, name)) = named.into_iter().find_map(with_name) {
        return Ok((from, name, addresses));
    }
    // From does not vouch for these, so they are nobody's address that could be aligned.
    let others = ["Sender", "Return-Path"].iter().flat_map(|it| head.mailboxes(it)).find_map(with_name);
    let (from, name) = others
        .or_else(|| ["From", "Reply-To"].iter().find_map(|it| head.any_mailbox(it)).and_then(with_name))
        .ok_or(Unreadable::NoSender)?;
    Ok((from, if name.is_empty() { shown } else { name }, Vec::new()))
}

/// The hash that tells a mail from every other.
struct Identity(Sha256);

impl Identity {
    fn add(&mut self, part: &[u8]) {
        self.0.update((part.len() as u64).to_be_bytes());
        self.0.update(part);
    }

    /// Adds what a part holds. Servers change line ends and the white space at the end on the way, so they do not count
    /// where nothing protects them.
    fn add_part(&mut self, part: &[u8], protected: bool) {
        if protected {
            return self.add(part);
        }
        let part = part.trim_ascii_end();
        let returns = memchr::memchr_iter(b'\r', part).count();
        self.0.update(((part.len() - returns) as u64).to_be_bytes());
        for piece in part.split(|it| *it == b'\r') {
            self.0.update(piece);
        }
    }

    fn hex(self) -> String {
        HEXLOWER.encode(&self.0.finalize())
    }
}

/// A piece of the body: one part, or several that say the same.
#[derive(Default)]
struct Piece {
    choice: Option<usize>,
    plain: Option<String>,
    html: Option<String>,
}

/// The body as it grows.
#[derive(Default)]
struct Body {
    pieces: Vec<Piece>,
    files: Vec<File>,
    /// Bytes of text and of HTML so far.
    size: usize,
}

impl Body {
    fn add_all(&mut self, leaves: &[Leaf<'_>], identity: &mut Identity) -> Result<(), Unreadable> {
        let mut count = leaves.len();
        for (nth, leaf) in leaves.iter().enumerate() {
            let Some(field) = &leaf.within else {
                self.add(leaf, identity);
                continue;
            };
            // Decoded once: what is encoded in there again stays as it is.
            let whole = [field.as_bytes(), &leaf.encoding.decode(leaf.body)].concat();
            let inner = Parts::of(&whole)?.leaves;
            count += inner.len();
            if count > limits::PARTS {
                return Err(Unreadable::TooManyParts);
            }
            for mut it in inner {
                it.choice = leaf.choice.or(it.choice.map(|it| it + limits::PARTS * (nth + 1)));
                self.add(&it, identity);
            }
        }
        Ok(())
    }

    /// Whether nothing in it can be read so far.
    fn says_nothing(&self) -> bool {
        let blank = |it: &Option<String>| it.as_ref().is_none_or(|it| it.trim().is_empty());
        self.pieces.iter().all(|it| blank(&it.plain) && it.html.as_ref().is_none_or(|it| text_of(it).trim().is_empty()))
    }

    fn add(&mut self, leaf: &Leaf<'_>, identity: &mut Identity) {
        let bytes = leaf.encoding.decode(leaf.body);
        let html = leaf.media == "text/html" || leaf.media == "text/plain" && !leaf.attachment && is_page(&bytes);
        let first = leaf.name.is_none() && self.pieces.is_empty() && other_words(&leaf.media);
        let words = (html || leaf.media == "text/plain" || first) && !leaf.attachment;
        identity.add_part(&bytes, leaf.encoding == Encoding::Base64 && !words);
        let named = leaf.name.is_some() && !self.pieces.is_empty() && leaf.choice.is_none();
        if !words || named {
            return self.file(leaf, bytes);
        }
        let room = limits::TEXT.saturating_sub(self.size);
        if bytes.len() > room {
            let start = Cow::Borrowed(&bytes[..room]);
            let text = decode::text(start, leaf.charset.as_deref()).into_owned();
            self.words(leaf, Cow::Owned(text), html, true);
            return self.file(leaf, bytes);
        }
        let named = leaf.charset.as_deref().or_else(|| if html { decode::of_page(&bytes) } else { None });
        let named = named.filter(|_| leaf.charset.is_some() || std::str::from_utf8(&bytes).is_err()).map(str::to_owned);
        let text = decode::text(bytes, named.as_deref());
        if html {
            return self.words(leaf, text, html, false);
        }
        let (words, files) = uuencode::apart(&text);
        self.words(leaf, words, html, false);
        for (name, bytes) in files {
            let (name, media_type) = (file_name(&name, "file"), "application/octet-stream".to_owned());
            self.files.push(File { name, media_type, content_id: None, inline: false, bytes });
        }
    }

    fn words(&mut self, leaf: &Leaf<'_>, text: Cow<'_, str>, html: bool, cut_short: bool) {
        let text = readable(text);
        self.size += text.len();
        let text = match leaf.flowed {
            Some(delsp) if !html => unflow(&text, delsp),
            _ => text,
        };
        let same = leaf.choice.is_some() && self.pieces.last().is_some_and(|it| it.choice == leaf.choice);
        if !same {
            self.pieces.push(Piece { choice: leaf.choice, ..Piece::default() });
        }
        let Some(piece) = self.pieces.last_mut() else { return };
        // HTML that is cut short is only a source of text.
        let slot = if html && !cut_short { &mut piece.html } else { &mut piece.plain };
        let text = if html && cut_short { text_of(&text) } else { text };
        match slot {
            Some(already) => {
                already.push('\n');
                already.push_str(&text);
            }
            None => *slot = Some(text),
        }
    }

    fn file(&mut self, leaf: &Leaf<'_>, bytes: Cow<'_, [u8]>) {
        // In mails that say one thing in several ways these are the ways for watches and for pages that run.
        let repeats = leaf.choice.is_some() && matches!(leaf.media.as_str(), "text/x-amp-html" | "text/watch-html")
            // What a Macintosh keeps beside a file, and says so twice (RFC 1740).
            || leaf.media == "application/applefile";
        if repeats || bytes.is_empty() && leaf.name.is_none() {
            return;
        }
        let content_id = leaf.content_id.clone().filter(|it| !it.is_empty());
        self.files.push(File {
            name: file_name(leaf.name.as_deref().unwrap_or_default(), unnamed(&leaf.media)),
            inline: !leaf.attachment && content_id.is_some() && leaf.media.starts_with("image/"),
            media_type: leaf.media.clone(),
            content_id,
            bytes: bytes.into_owned(),
        });
    }

    /// All of it, for a mail whose subject says `subject`.
    fn finish(self, subject: Subject) -> Whole {
        let Body { pieces, mut files, .. } = self;
        let has = |it: &Option<String>| it.as_ref().is_some_and(|it| !it.trim().is_empty());
        let any_html = pieces.iter().any(|it| has(&it.html));
        let mut text = String::new();
        let mut sources = Vec::new();
        for Piece { plain, html, .. } in pieces {
            let from_html = if has(&plain) { None } else { html.as_deref().map(text_of) };
            let words = from_html.or(plain).unwrap_or_default();
            if any_html {
                sources.push(html.unwrap_or_else(|| compose::html_of(&words)));
            }
            if !words.trim().is_empty() {
                if !text.is_empty() {
                    text.truncate(text.trim_end().len());
                    text.push_str("\n\n");
                }
                text.push_str(&words);
            }
        }
        text.truncate(cut(&text, limits::TEXT).trim_end().len());
        let (folded, passed) = folds(&text, subject);
        let html = if any_html {
            let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
            let earlier = passed.is_none() && folded.iter().any(|it| it.kind == FoldKind::Quote);
            let quotes = if earlier { Quotes::Folded } else { Quotes::Open };
            sanitise_all(&sources, quotes, &mut |id| {
                let found = files.iter().position(|it| it.content_id.as_deref() == Some(id))?;
                files[found].inline = true;
                Some(found)
            })
        } else {
            None
        };
        let html = html.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
        let forwarded = passed.and_then(|it| forward::inline(&text, it));
        let attached = forwarded.is_none() && (subject == Subject::PassesOn || text.trim().is_empty());
        let forwarded = forwarded.or_else(|| attached.then(|| forward::attached(&files)).flatten());
        Whole { text, folded, html, files, forwarded }
    }
}

/// A body that is read.
struct Whole {
    text: String,
    folded: Vec<Fold>,
    html: Option<String>,
    files: Vec<File>,
    forwarded: Option<Original>,
}

/// Whether words are a page, whatever they say they are.
fn is_page(bytes: &[u8]) -> bool {
    let start = bytes.trim_ascii_start();
    ["<!doctype html", "<html>", "<html "]
        .iter()
        .any(|it| start.get(..it.len()).is_some_and(|it2| it2.eq_ignore_ascii_case(it.as_bytes())))
}

/// Whether what stands before the parts is what programs write there for readers that know no parts.
fn is_notice(preamble: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&preamble[..preamble.len().min(1 << 10)]).to_lowercase();
    preamble.len() <= 1 << 10 && ["mime", "multi-part", "multipart", "openpgp"].iter().any(|it| text.contains(it))
}

/// Kinds of text that are written to be read, though not the two that everybody reads.
fn other_words(media: &str) -> bool {
    media.strip_prefix("text/").is_some_and(|it| {
        !matches!(
            it,
            "calendar"
                | "csv"
                | "vcard"
                | "x-vcard"
                | "directory"
                | "rfc822-headers"
                | "x-amp-html"
                | "watch-html"
                | "css"
                | "javascript"
                | "xml"
                | "x-vcalendar"
        )
    })
}

/// What a file without a name is called.
fn unnamed(media: &str) -> &'static str {
    match media {
        "message/rfc822" | "message/global" => "message.eml",
        "message/delivery-status" => "delivery-status.txt",
        "text/rfc822-headers" => "headers.txt",
        "text/calendar" => "invite.ics",
        "text/plain" => "text.txt",
        "text/html" => "page.html",
        "image/png" => "picture.png",
        "image/jpeg" => "picture.jpg",
        "image/gif" => "picture.gif",
        "application/pdf" => "document.pdf",
        "application/pgp-signature" => "signature.asc",
        _ => "file",
    }
}
