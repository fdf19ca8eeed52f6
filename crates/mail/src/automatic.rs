//! Whether a machine wrote it: such a mail changes no status and is never answered (RFC 3834 §2).
//!
//! To take a person for a machine is the worse mistake: their words would wake nobody. So a subject or a sentence alone
//! never decides where people write it too: it counts together with a sender that is a machine, an empty return path, or
//! another sign. The words of a mail are looked at only if its header gives a reason to.

mod phrase;
mod subject;

use domain::{Automatic, Email, Fold};

use crate::header::Head;
use crate::read::{File, Receiver};
use phrase::Words;
pub(crate) use phrase::spoken;
use subject::Subject;

/// What is known of a mail when it is judged.
pub(crate) struct Evidence<'a> {
    pub(crate) head: &'a Head<'a>,
    /// The report-type, if the whole mail is a report (RFC 6522).
    pub(crate) report: Option<&'a str>,
    pub(crate) receiver: &'a Receiver<'a>,
    /// Every address in From.
    pub(crate) senders: &'a [Email],
    /// The name of its sender.
    pub(crate) name: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) text: &'a str,
    pub(crate) folded: &'a [Fold],
    pub(crate) files: &'a [File],
}

/// Who a mail comes from, as far as its sender's address and name tell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sender {
    /// A program that delivers mail, and nobody else.
    Daemon,
    /// A mailbox from which servers report, and from which people write, too.
    Post,
    /// An address that takes no answers: shops and web forms write from it.
    Mute,
    /// Anybody.
    Anybody,
}

/// Why the mail counts as automatic. Asked in this order, the first that holds counts:
///
/// 1. it comes from one of our own addresses;
/// 2. it is a report (RFC 6522) on the way of a mail, or on its having been read; or what servers write without one;
/// 3. it asks to prove that a person wrote;
/// 4. it says that a machine made it: Auto-Submitted other than `no` (RFC 3834 §5), or what came before that, or a subject
///    that only machines write, above words that are none of a person's;
/// 5. it came by a list: List-Id (RFC 2919), Precedence `list`, or List-Unsubscribe (RFC 2369) in bulk; shops put the latter
///    alone into letters that people write. Where nobody can write to the list, and it is marked as a campaign's, it counts
///    as bulk. A list that is our own address is only how our mail comes in;
/// 6. its return path is empty, and nothing in it is a person's: a machine that wants no answer, not even that one;
/// 7. it is marked as bulk: Precedence `bulk` or `junk`, or it suppresses all automatic answers, or can be unsubscribed
///    with one click (RFC 8058).
pub(crate) fn automatic(it: &Evidence<'_>) -> Option<Automatic> {
    let Evidence { head, senders, .. } = *it;
    let lower = |name: &str| head.plain(name).map(|it| it.to_ascii_lowercase());
    let has = |name: &str| head.first(name).is_some();

    if it.senders.iter().any(|from| it.receiver.own.iter().any(|own| *own == *from || *own == from.without_tag())) {
        return Some(Automatic::OwnAddress);
    }
    let mut words = Words::of(it.text, it.folded);
    match it.report {
        Some("delivery-status") => return Some(Automatic::Bounce),
        // A sieve script refuses a mail by the receipt that RFC 5429 §2.2 has for it.
        Some("disposition-notification") if words.rejected() => return Some(Automatic::Bounce),
        Some("disposition-notification") => return Some(Automatic::Receipt),
        _ => {}
    }
    // The receipts of Italian certified mail (PEC).
    if let Some(it) = lower("X-Ricevuta") {
        let failed = ["errore-consegna", "non-accettazione", "rilevazione-virus"].iter().any(|word| it.contains(word));
        return Some(if failed { Automatic::Bounce } else { Automatic::Receipt });
    }
    let precedence = lower("Precedence").or_else(|| lower("X-Precedence")).unwrap_or_default();
    let sender = sender(it);
    let subject = Subject::of(it.subject);
    let passed_on = sender == Sender::Anybody && passed_on(it, &subject);
    let silent = lower("Return-Path").is_some_and(|it| it == "<>" || it.is_empty());
    let marked = submitted(head, passed_on)
        || answering(head, passed_on)
        || matches!(precedence.as_str(), "auto_reply" | "auto-reply");
    let bulk = matches!(precedence.as_str(), "bulk" | "junk");
    let machine = silent || marked || sender != Sender::Anybody || bulk;
    let suppresses =
        !passed_on && lower("X-Auto-Response-Suppress").is_some_and(|it| it.split(',').any(|it| it.trim() == "all"));

    if receipt(it, &subject, machine, &mut words) {
        return Some(Automatic::Receipt);
    }
    if challenge(it, &subject, machine, &mut words) {
        return Some(Automatic::Challenge);
    }
    if bounce(it, &subject, sender, (silent, marked), &mut words) {
        return Some(Automatic::Bounce);
    }
    let answers = subject.answers(has("In-Reply-To") || silent, machine || suppresses, &mut words);
    if marked || it.report == Some("feedback-report") || answers {
        return Some(Automatic::AutoReply);
    }
    let answered = has("In-Reply-To") || subject.replies();
    // What names another to answer is a form that hands on what a person wrote.
    let hands_on =
        head.mailboxes("Reply-To").iter().any(|to| to.address.as_ref().is_some_and(|it| !senders.contains(it)));
    if (sender == Sender::Mute && !hands_on || answered && machine) && words.acknowledge() {
        return Some(Automatic::AutoReply);
    }
    let list = has("List-Id") || precedence == "list" || has("List-Unsubscribe") && precedence == "bulk";
    if list && !own_list(it) {
        let campaign = bulk || has("List-Unsubscribe-Post") || has("Feedback-ID");
        return Some(if campaign && !discussion(head) { Automatic::Bulk } else { Automatic::List });
    }
    // Some programs hand on with it what people wrote, and what people answered.
    let letter = sender == Sender::Anybody && (words.greets() || words.asks());
    if silent && answered && !(letter && words.quotes() && !words.absent()) {
        return Some(Automatic::AutoReply);
    }
    let person = hands_on || passed_on || letter;
    if silent && !person {
        return Some(Automatic::Bounce);
    }
    let one_click = lower("List-Unsubscribe-Post").is_some() && has("List-Unsubscribe") && !words.asks();
    // Some servers write it into what people answer.
    if bulk || (suppresses || one_click) && !answered {
        return Some(Automatic::Bulk);
    }
    None
}

/// Whether a rule in somebody's mailbox hands on what another wrote: Exchange marks that as its own doing.
fn passed_on(it: &Evidence<'_>, subject: &Subject) -> bool {
    let another = |name: &str| {
        it.head.mailboxes(name).iter().any(|by| by.address.as_ref().is_some_and(|by| !it.senders.contains(by)))
    };
    another("X-MS-Exchange-Inbox-Rules-Loop") || (another("Resent-From") || subject.forwards()) && by_rule(it.head)
}

/// Whether a rule of Exchange sent it.
fn by_rule(head: &Head<'_>) -> bool {
    let source = head.plain("X-MS-Exchange-Generated-Message-Source");
    source.is_some_and(|it| it.to_ascii_lowercase().contains("rules agent"))
}

/// Whether it says so as RFC 3834 §5 asks. The value may carry parameters. A rule that passes mail on calls that
/// generated, and not what it passes on.
fn submitted(head: &Head<'_>, passed_on: bool) -> bool {
    let value = head.plain("Auto-Submitted").map(|it| it.to_ascii_lowercase());
    value
        .and_then(|it| it.split([';', ' ', '(']).next().map(str::to_owned))
        .is_some_and(|it| !it.is_empty() && it != "no" && !(passed_on && it == "auto-generated"))
}

/// Whether it carries one of the fields by which machines that answer have called themselves.
fn answering(head: &Head<'_>, passed_on: bool) -> bool {
    const FIELDS: &[&str] = &[
        "X-Autoreply",
        "X-Auto-Reply",
        "X-Autorespond",
        "X-Autoresponder",
        "X-Auto-Reply-From",
        "X-Autoreply-From",
        "X-Mail-Autoreply",
        "X-Auto-Responder",
        "X-Autogenerated",
        "X-Auto-Generated",
        "X-Vacation",
        "X-FC-Machinegenerated",
        "X-Out-Of-Office",
        "X-Cron-Env",
    ];
    let value = |name: &str| head.plain(name).map(|it| it.to_ascii_lowercase());
    let says = |name: &str, word: &str| value(name).is_some_and(|it| it.contains(word));
    FIELDS.iter().any(|it| value(it).is_some_and(|value| !matches!(value.as_str(), "no" | "false" | "0")))
        // A rule answers, or hands on what a person wrote.
        || by_rule(head) && value("X-Forwarded-To").is_none() && !passed_on
        || says("X-POST-MessageClass", "autoresponder")
        || says("Preference", "auto_reply")
        || head.all("Delivered-To").any(|it| it.trim_ascii().eq_ignore_ascii_case(b"autoresponder"))
        || says("X-Mailer", "autorespond")
        || says("X-Mailer", "vacation")
}

fn sender(it: &Evidence<'_>) -> Sender {
    let name = it.name.to_lowercase();
    let named = |all: &[&str]| all.iter().any(|it| name.contains(it));
    let daemons = ["mailer-daemon", "mailerdaemon", "mail-daemon", "mailer_daemon", "mdaemon"];
    let locals = || it.senders.iter().map(Email::local);
    // Without a sender of its own it has that of its return path, or none at all.
    let nobody = it.senders.is_empty() && named(&["mailer-daemon", "mail delivery"]);
    if nobody || locals().any(|it| daemons.contains(&it) || it.starts_with("microsoftexchange329e71ec88ae4615")) {
        return Sender::Daemon;
    }
    let post = ["postmaster", "bounce", "bounces", "mailadmin", "mail-admin", "mailsystem", "mail-system"];
    let titles = [
        "mail delivery",
        "mailer-daemon",
        "mailer daemon",
        "delivery subsystem",
        "mail system",
        "mail administrator",
        "system administrator",
        "systemadministrator",
        "postmaster",
        "microsoft outlook",
        "internet mail",
    ];
    if locals().any(|it| post.contains(&it)) || named(&titles) {
        return Sender::Post;
    }
    let mute = [
        "noreply",
        "no-reply",
        "no_reply",
        "no.reply",
        "donotreply",
        "do-not-reply",
        "do_not_reply",
        "nepasrepondre",
        "ne-pas-repondre",
        "ne_pas_repondre",
        "keine-antwort",
        "nicht-antworten",
        "noresponder",
        "no-responder",
        "niet-beantwoorden",
        "non-rispondere",
        "nao-responda",
        "naoresponda",
    ];
    let mute = |local: &str| mute.iter().any(|it| local.starts_with(it) || local.ends_with(it));
    if locals().any(mute) { Sender::Mute } else { Sender::Anybody }
}

fn receipt(it: &Evidence<'_>, subject: &Subject, machine: bool, words: &mut Words<'_>) -> bool {
    let kept = |it: &File| it.media_type.ends_with("disposition-notification");
    // Who forwards one sends its parts on.
    let report = it.files.iter().any(kept) && !subject.forwards() && !subject.replies();
    (report || subject.was_read()) && (machine && report || words.was_read() && (machine || !words.asks()))
}

fn challenge(it: &Evidence<'_>, subject: &Subject, machine: bool, words: &mut Words<'_>) -> bool {
    let head = it.head;
    let fields = [
        "X-Boxtrapper",
        "X-AskVersion",
        "X-Challenge",
        "X-Challenge-Response",
        "X-ChallengeResponse",
        "X-Spamarrest-Challenge",
    ];
    let field = fields.iter().any(|it| head.first(it).is_some());
    let programs = head.plain("X-Mailer").is_some_and(|it| {
        let it = it.to_ascii_lowercase();
        it.contains("boxtrapper") || it.starts_with("tmda")
    }) || head.first("X-Delivery-Agent").is_some_and(|it| it.trim_ascii().starts_with(b"TMDA"));
    if field || (programs || machine) && words.challenge(subject.challenges() || programs) {
        return true;
    }
    // Who asks about such a mail, or tells of one, has no link in it.
    let said = subject.challenges();
    (said || filter(it)) && words.challenge(said) && words.leads_on() && !words.asks()
}

/// Whether its sender is called as a filter of mail is.
fn filter(it: &Evidence<'_>) -> bool {
    let named = |it: &str| ["antispam", "anti-spam"].iter().any(|word| it.contains(word));
    named(&it.name.to_lowercase()) || it.senders.iter().any(|it| named(it.local()))
}

fn bounce(
    it: &Evidence<'_>,
    subject: &Subject,
    sender: Sender,
    (silent, marked): (bool, bool),
    words: &mut Words<'_>,
) -> bool {
    let sign = silent || marked;
    if it.head.first("X-Failed-Recipients").is_some() {
        return true;
    }
    let report = it.files.iter().any(|it| it.media_type.ends_with("delivery-status"));
    if subject.forwards() {
        return sender == Sender::Daemon;
    }
    match sender {
        // Some of them answer for people, too.
        Sender::Daemon => !subject.answers(false, true, words),
        Sender::Post => {
            let both = subject.undelivered() && (sign || words.undelivered());
            let person = !sign && (subject.replies() || words.asks() && words.greets());
            report || sign && words.undelivered() || !person && (both || words.undelivered_at_once())
        }
        Sender::Mute => report || subject.undelivered() && words.undelivered() || sign && words.undelivered_at_once(),
        Sender::Anybody => {
            let answers = !report && subject.answers(false, sign, words);
            let person = !report && !marked && words.greets() && words.asks();
            sign && !person
                && !answers
                && !subject.replies()
                && (report || subject.undelivered() || words.undelivered_at_once())
        }
    }
}

/// Whether those who are on the list write to each other there: it says where to (RFC 2369 §3.4), or is kept by a program
/// for that.
fn discussion(head: &Head<'_>) -> bool {
    let programs = ["X-BeenThere", "X-Mailman-Version", "X-Google-Group-Id", "Mailing-List"];
    match head.plain("List-Post") {
        Some(post) => !post.trim().to_ascii_lowercase().starts_with("no"),
        None => programs.iter().any(|it| head.first(it).is_some()),
    }
}

/// Whether the list is one of our own addresses: a shared mailbox that is kept as a list.
fn own_list(it: &Evidence<'_>) -> bool {
    let Some(list) = it.head.plain("List-Id").map(|it| it.to_ascii_lowercase()) else { return false };
    let id = list.rsplit_once('<').map_or(list.as_str(), |it| it.1).trim_end_matches('>').trim();
    it.receiver
        .own
        .iter()
        .any(|own| id.split_once('.').is_some_and(|(local, domain)| own.local() == local && own.domain() == domain))
}
