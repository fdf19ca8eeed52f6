//! Whether a machine wrote it: such a mail changes no status and is never answered (RFC 3834 §2).

use domain::{Automatic, Email};

use crate::header::Head;
use crate::read::Receiver;

/// Why the mail counts as automatic. Asked in this order, the first that holds counts:
///
/// 1. it comes from one of our own addresses;
/// 2. it is a report (RFC 6522), says that a mail failed, or comes from a mail server's own mailbox;
/// 3. it says that a machine made it: Auto-Submitted other than `no` (RFC 3834 §5), or what came before that;
/// 4. it came by a list: List-Id (RFC 2919), Precedence `list`, or List-Unsubscribe (RFC 2369) in bulk; shops put the latter
///    alone into letters that people write;
/// 5. its return path is empty: a machine that wants no answer, not even that one;
/// 6. it is marked as bulk: Precedence `bulk` or `junk`, or it suppresses all automatic answers.
pub(crate) fn automatic(
    head: &Head<'_>,
    report: Option<&str>,
    receiver: &Receiver<'_>,
    from: &[Email],
) -> Option<Automatic> {
    let lower = |name: &str| head.plain(name).map(|it| it.to_ascii_lowercase());
    let has = |name: &str| head.first(name).is_some();
    let precedence = lower("Precedence").unwrap_or_default();

    if from.iter().any(|it| receiver.own.iter().any(|own| *own == *it || *own == it.without_tag())) {
        return Some(Automatic::OwnAddress);
    }
    let server = from.iter().any(|it| matches!(it.local(), "mailer-daemon" | "postmaster" | "mail-daemon"));
    let reported = matches!(report, Some("delivery-status" | "disposition-notification"));
    if reported || server || has("X-Failed-Recipients") {
        return Some(Automatic::Bounce);
    }
    // The value may carry parameters (RFC 3834 §5).
    let submitted = lower("Auto-Submitted").and_then(|it| it.split([';', ' ', '(']).next().map(str::to_owned));
    let answers = ["X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply-From"];
    let rules = lower("X-MS-Exchange-Generated-Message-Source").is_some_and(|it| it.contains("rules agent"));
    if submitted.is_some_and(|it| !it.is_empty() && it != "no")
        || answers.iter().any(|it| lower(it).is_some_and(|value| value != "no"))
        || precedence == "auto_reply"
        || precedence == "auto-reply"
        || rules
    {
        return Some(Automatic::AutoReply);
    }
    if has("List-Id") || precedence == "list" || has("List-Unsubscribe") && precedence == "bulk" {
        return Some(Automatic::List);
    }
    if lower("Return-Path").is_some_and(|it| it == "<>") {
        return Some(Automatic::Bounce);
    }
    let suppresses = lower("X-Auto-Response-Suppress").is_some_and(|it| it.split(',').any(|it| it.trim() == "all"));
    if matches!(precedence.as_str(), "bulk" | "junk") || suppresses {
        return Some(Automatic::Bulk);
    }
    None
}
