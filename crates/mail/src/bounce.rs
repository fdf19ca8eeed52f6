//! What a report says about a mail of ours: from its parts (RFC 3464, RFC 6533), or from its words where it has none.

mod about;
mod kind;
mod original;
mod prose;
mod report;

use domain::{Bounce, BounceKind, BounceOutcome, Email};

use crate::clean::{cut, label};
use crate::header::Head;
use crate::limits::REPORTED;
use crate::read::{File, Receiver};
use kind::Judgement;

/// Bytes of a report, of a returned header, or of a text that are read.
const READ: usize = 128 << 10;

/// Characters of what a server said.
const SAID: usize = 500;

/// What one report says about one recipient, as it stands there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Found {
    address: Option<Email>,
    action: Option<String>,
    status: Option<String>,
    said: String,
}

/// The bounces in a mail that is one: `text` and `files` are what was read of it.
pub(crate) fn bounces(
    head: &Head<'_>,
    receiver: &Receiver<'_>,
    from: &Email,
    subject: &str,
    text: &str,
    files: &[File],
) -> Vec<Bounce> {
    let text = cut(text, READ);
    let returned = original::returned(text, files);
    let mut found = report::of_files(files);
    if found.is_empty() {
        found = report::of_text(text, files);
    }
    let written = prose::Prose::of(text);
    let id = returned.message_id.as_deref().map(|it| it.trim_matches(['<', '>']).to_lowercase());
    let ours = |it: &Email| {
        it == from
            // An id looks like an address.
            || id.as_deref() == Some(it.as_str())
            || receiver.own.iter().any(|own| own == it || *own == it.without_tag())
            || returned.author.as_ref() == Some(it)
    };
    let mut told = Vec::new();
    if found.is_empty() || found.iter().any(|it| it.address.is_none() || it.said.is_empty()) {
        told = written.recipients(&ours);
    }
    if found.is_empty() {
        let failed: Vec<Email> =
            head.mailboxes("X-Failed-Recipients").into_iter().filter_map(|it| it.address).collect();
        found = match (failed.is_empty(), told.is_empty()) {
            (false, _) => {
                let all = failed.len() == 1 || told.is_empty();
                let shared = if all { written.whole() } else { String::new() };
                failed.into_iter().map(|it| reported(it, &told, &shared)).collect()
            }
            (true, false) => told,
            (true, true) => {
                returned.only_recipient().map(|it| reported(it, &[], &written.whole())).into_iter().collect()
            }
        };
    } else {
        let alone = found.len() == 1;
        for it in &mut found {
            let same = told.iter().find(|other| it.address.is_none() || other.address == it.address);
            if it.address.is_none() && alone {
                let returned = || returned.only_recipient();
                it.address = same.and_then(|it| it.address.clone()).or_else(returned);
            }
            if it.said.is_empty()
                && let Some(same) = same
            {
                it.said.clone_from(&same.said);
            }
        }
    }
    let message_id = returned.message_id.clone().or_else(|| {
        let of = |name: &str| head.ids(name).pop();
        // Italian certified mail names it in a field of its own.
        let certified = of("X-Riferimento-Message-ID");
        certified.or_else(|| of("In-Reply-To")).or_else(|| of("X-Original-Message-ID")).or_else(|| of("References"))
    });
    if found.is_empty() && message_id.is_some() && written.says_something() {
        found.push(Found { said: written.whole(), ..Found::default() });
    }
    // What is said of one of several must not be the reason of another.
    let words = (found.len() == 1).then_some(&written);
    let delayed = prose::delayed(subject) || prose::delayed(cut(text, 1_500));
    let mut all: Vec<Bounce> = Vec::new();
    for mut it in found.into_iter().take(REPORTED) {
        it.address = it.address.map(|passed| written.origin(&passed).unwrap_or(passed));
        let bounce = judged(it, message_id.as_deref(), delayed, words);
        if !all.iter().any(|other| other.address == bounce.address && bounce.address.is_some()) {
            all.push(bounce);
        }
    }
    all
}

/// What is told about an address that a header names, else what is `shared` by all.
fn reported(address: Email, told: &[Found], shared: &str) -> Found {
    let same = told.iter().find(|it| it.address.as_ref() == Some(&address));
    let said = same.map_or_else(|| shared.to_owned(), |it| it.said.clone());
    Found { address: Some(address), said, ..Found::default() }
}

/// The bounce that is found, with the words of a text that speaks of nobody else.
fn judged(found: Found, message_id: Option<&str>, delayed: bool, words: Option<&prose::Prose<'_>>) -> Bounce {
    let whole = || words.map(prose::Prose::whole).unwrap_or_default();
    // Where the report has no words, those of the text say more.
    let said = if found.said.is_empty() && found.action.is_none() { whole() } else { found.said };
    let said: String = label(&said).chars().take(SAID).collect();
    let status = kind::status(found.status.as_deref(), &said);
    let Judgement { outcome, kind } = kind::judge(found.action.as_deref(), status.as_deref(), &said, delayed, whole);
    let kind = if outcome == BounceOutcome::Delivered { BounceKind::Other } else { kind };
    Bounce { message_id: message_id.map(str::to_owned), address: found.address, outcome, kind, status, said }
}
