//! A mail's bytes made a [`Mail`].

use domain::{Automatic, Bounce, Email, Fold, Invitation, Party, Sealed, Spam, Verdict};

use crate::automatic::{Evidence, automatic};
use crate::body::{Body, Whole};
use crate::bounce::bounces;
use crate::calendar::invitation;
use crate::forward::{self, Original};
use crate::header::Head;
use crate::identity::Identity;
use crate::limits::{self, Unreadable};
use crate::part::Parts;
use crate::sealed::sealed;
use crate::unwanted::spam;
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
    let (mut from, mut name, mut senders) = senders(&head)?;
    let message_id = head.ids("Message-ID").into_iter().next();

    let mut identity = Identity::default();
    identity.add(message_id.as_deref().unwrap_or_default().as_bytes());
    identity.add(senders.iter().map(Email::as_str).collect::<Vec<_>>().join(",").as_bytes());
    identity.add(head.plain("Date").unwrap_or_default().as_bytes());
    let mut verdict = verdict(&head, receiver, &senders);
    if let Some((address, called)) = speaker(&head, receiver, &senders) {
        (from, name, senders) = (address, called, Vec::new());
        // Who may write under our address says nothing of who speaks.
        verdict = if verdict == Verdict::Aligned { Verdict::Unknown } else { verdict };
    }

    let mut body = Body::default();
    body.add_all(&leaves, &mut identity)?;
    if let Some(preamble) = preamble.filter(|it| !is_notice(it.body))
        && body.says_nothing()
    {
        body.add(&preamble, &mut identity);
    }
    let subject = head.text("Subject").unwrap_or_default();
    let Whole { text, folded, html, files, forwarded } = body.finish(forward::subject(&subject), &name);
    let report = report.as_deref();
    let automatic = automatic(&Evidence {
        head: &head,
        report,
        receiver,
        senders: &senders,
        name: &name,
        subject: &subject,
        text: &text,
        folded: &folded,
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
        verdict,
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
        .or_else(|| daemon(&shown).map(|it| (it, String::new())))
        .ok_or(Unreadable::NoSender)?;
    Ok((from, if name.is_empty() { shown } else { name }, Vec::new()))
}

/// Who speaks where a program writes under an address of ours: a group that puts itself into From (Google Groups) names
/// them in `X-Original-From`, a form on a website in Reply-To.
fn speaker(head: &Head<'_>, receiver: &Receiver<'_>, senders: &[Email]) -> Option<(Email, String)> {
    let ours = |it: &Email| receiver.own.contains(it) || receiver.own.contains(&it.without_tag());
    let [from] = senders else { return None };
    if !ours(from) {
        return None;
    }
    let only = |name: &str| match <[Mailbox; 1]>::try_from(head.mailboxes(name)) {
        Ok([Mailbox { address: Some(address), name }]) => Some((address, name)),
        _ => None,
    };
    // A colleague who writes under our address may want the answer, too.
    let foreign = |it: &Email| receiver.own.iter().all(|own| own.domain() != it.domain());
    let original = only("X-Original-From").filter(|it| !ours(&it.0));
    original.or_else(|| only("Reply-To").filter(|it| foreign(&it.0)))
}

/// The sender of a report that a server signs with a name and no address: nobody would answer it anyway.
fn daemon(shown: &str) -> Option<Email> {
    let shown = shown.to_lowercase();
    let daemon = shown.contains("mailer-daemon") || shown.starts_with("mail delivery");
    daemon.then(|| Email::parse("mailer-daemon@unknown.invalid")).flatten()
}

/// Whether what stands before the parts is what programs write there for readers that know no parts.
fn is_notice(preamble: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&preamble[..preamble.len().min(1 << 10)]).to_lowercase();
    preamble.len() <= 1 << 10 && ["mime", "multi-part", "multipart", "openpgp"].iter().any(|it| text.contains(it))
}
