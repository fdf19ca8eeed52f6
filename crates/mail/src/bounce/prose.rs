//! A report that is only words: whom they name, and what they say about each.

use domain::Email;

use super::Found;
use super::about::About;
use super::kind::{by_words, reply};
use crate::automatic::spoken;
use crate::clean::{cut, label};
use crate::limits::REPORTED;

/// The words of a report above the copy of the mail that it returns.
pub(super) struct Prose<'a> {
    lines: Vec<&'a str>,
}

/// Lines that are read.
const LINES: usize = 400;

/// What stands above a returned mail, in lower case.
const COPIES: &[&str] = &[
    "below this line is a copy",
    "this is a copy of the message",
    "this is a copy of your message",
    "this is a copy of the headers",
    "copy of the original message",
    "original message",
    "original mail",
    "original headers",
    "the header of the original",
    "message header follows",
    "unsent message below",
    "unsent message follows",
    "returned message",
    "returned mail follows",
    "message headers follow",
    "message follows",
    "message text follows",
    "header follows",
    "ursprüngliche nachricht",
    "originalnachricht",
    "ursprünglichen nachricht",
    "kopie ihrer",
    "kopie der nachricht",
    "message d'origine",
    "message original",
    "copie de votre message",
    "en-têtes",
    "mensaje original",
    "copia del mensaje",
    "encabezados",
    "oorspronkelijk bericht",
    "oorspronkelijke bericht",
    "kopie van",
    "messaggio originale",
    "copia del messaggio",
    "intestazioni",
    "mensagem original",
    "cópia da mensagem",
    "cabeçalhos",
    "diagnostic information for administrators",
    "diagnoseinformationen für administratoren",
    "informations de diagnostic",
];

impl<'a> Prose<'a> {
    pub(super) fn of(text: &'a str) -> Prose<'a> {
        let is_copy = |it: &str| {
            let it = spoken(it);
            let dotted = it.trim_end_matches('.');
            let bare = dotted.trim_matches(['-', '=', '*', '_', ' ', '#', '>', ':', '.', '|']);
            // A sentence may speak of the copy, too: Postfix does.
            let begins = || COPIES.iter().any(|mark| bare.trim_start_matches("the ").starts_with(mark));
            let heading = bare.len() <= 90 && (bare.len() < dotted.len() || dotted.len() < it.len() && begins());
            let field = |name: &str| bare.starts_with(name);
            heading && COPIES.iter().any(|mark| bare.contains(mark)) && !bare.contains("was received at")
                || field("message-id:")
                || field("received: ")
                || field("return-path:")
                || field("reporting-mta:")
        };
        let lines = text.lines().take(LINES);
        // The diagnostic of Exchange stands below its heading, and is the best that it says.
        let mut kept = Vec::new();
        let mut at_end = false;
        for line in lines {
            let low = spoken(cut(line, 400));
            if low.starts_with("diagnostic information")
                || low.starts_with("diagnoseinformation")
                || low.starts_with("informations de diagnostic")
            {
                continue;
            }
            // Some begin with a few fields of the mail, and say what happened below them.
            let started = kept.iter().any(|it: &&str| it.contains('@'));
            if low.starts_with("message-id:") && !started {
                continue;
            }
            let blank = kept.last().is_some_and(|it| it.trim().is_empty());
            let author = blank && started && low.starts_with("from:");
            at_end = at_end || author || !kept.is_empty() && is_copy(cut(line, 400));
            if at_end {
                break;
            }
            kept.push(cut(line, 2_000));
        }
        Prose { lines: kept }
    }

    /// The address that we wrote to, where a report names one to which it was passed on (`generated from` in those of
    /// Exim, `expanded from` in those of Postfix and Sendmail).
    pub(super) fn origin(&self, passed: &Email) -> Option<Email> {
        let mut named = false;
        self.lines.iter().find_map(|line| {
            named = heads(line).map_or(named, |it| it == *passed);
            let low = line.to_ascii_lowercase();
            let at = ["generated from", "expanded from"].iter().find_map(|it| Some(low.find(it)? + it.len()))?;
            addresses(&line[at..]).next().filter(|_| named)
        })
    }

    /// Whether there is more than a line.
    pub(super) fn says_something(&self) -> bool {
        self.lines.iter().any(|it| !it.trim().is_empty())
    }

    /// What is said, as one line: from the server's own words on, if they can be told.
    pub(super) fn whole(&self) -> String {
        said(&self.lines)
    }

    /// Whom the report names, with what is said about each; without those whom `except` picks out: ourselves.
    pub(super) fn recipients(&self, except: &dyn Fn(&Email) -> bool) -> Vec<Found> {
        let mine = |it: &Email| {
            let helps = ["postmaster", "mailer-daemon", "abuse", "support", "hostmaster"];
            except(it) || helps.contains(&it.local())
        };
        let mut starts: Vec<(usize, Email)> = Vec::new();
        for (at, line) in self.lines.iter().enumerate() {
            let Some(first) = heads(line) else { continue };
            // Several may share a line.
            let listed =
                line.split([',', ';']).all(|it| it.trim().is_empty() || it.contains('@') && !it.trim().contains(' '));
            let others = addresses(line).filter(|it| listed && *it != first);
            let all: Vec<Email> = std::iter::once(first.clone()).chain(others).filter(|it| !mine(it)).collect();
            let room = REPORTED - starts.len();
            starts.extend(all.into_iter().take(room).map(|it| (at, it)));
        }
        let about = About::of(&self.lines, &starts);
        let mut blocks = about.each();
        // What is said of nobody alone, above or below, is said of all; what is said of one is not.
        if about.alone || blocks.iter().all(Option::is_none) {
            let whole = self.whole();
            blocks.iter_mut().filter(|it| it.is_none()).for_each(|it| *it = Some(whole.clone()));
        }
        let mut found: Vec<Found> = Vec::new();
        for ((_, address), block) in starts.iter().zip(blocks) {
            let block = block.unwrap_or_default();
            if let Some(known) = found.iter_mut().find(|it| it.address.as_ref() == Some(address)) {
                let names = |it: &str| by_words(&spoken(it)).is_some();
                if !has_code(&known.said) && (has_code(&block) || names(&block) && !names(&known.said)) {
                    known.said = block;
                }
            } else {
                found.push(Found { address: Some(address.clone()), said: block, ..Found::default() });
            }
        }
        if !found.is_empty() {
            return found;
        }
        // A sentence names them.
        let line = self.lines.iter().find_map(|line| {
            let all: Vec<Email> = addresses(line).filter(|it| !mine(it)).take(REPORTED).collect();
            (!all.is_empty()).then_some(all)
        });
        let whole = self.whole();
        line.into_iter()
            .flatten()
            .map(|it| Found { address: Some(it), said: whole.clone(), ..Found::default() })
            .collect()
    }
}

/// Whether a server's code stands in it.
pub(super) fn has_code(text: &str) -> bool {
    reply(text).is_some() || super::kind::enhanced(text).is_some()
}

/// The lines as one, from the reply of the server on if there is one.
pub(super) fn said(lines: &[&str]) -> String {
    let mut joined = String::new();
    for line in lines.iter().map(|it| it.trim()).filter(|it| !it.is_empty()) {
        if joined.len() > 6_000 {
            break;
        }
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(line.trim_start_matches(['>', '|', '*']).trim_start());
    }
    let joined = label(&joined);
    match reply(&joined) {
        Some((_, at)) => cut(&joined[at..], 600).to_owned(),
        None => match super::kind::enhanced(&joined).and_then(|it| joined.find(&it)) {
            // A code at the end belongs to what stands before it.
            Some(at) if at < 600 && joined.len() - at > 30 => cut(&joined[at..], 600).to_owned(),
            _ => cut(&joined, 1_200).to_owned(),
        },
    }
}

/// The address with which a line begins, alone or before what is said about it, or behind a word such as `To:`.
fn heads(line: &str) -> Option<Email> {
    let line = line.trim().trim_start_matches(['*', '-', '>', '|', '•', '#', ' ']).trim();
    if line.is_empty() || line.len() > 1_000 {
        return None;
    }
    let first = line.split_whitespace().next()?;
    if first.contains('@') {
        return address(first);
    }
    let (before, rest) = line.split_once([':', '<'])?;
    let before = spoken(before);
    let labels = [
        "to",
        "recipient",
        "recipients",
        "address",
        "failed recipient",
        "final recipient",
        "original recipient",
        "recipient address",
        "rcpt to",
        "an",
        "empfänger",
        "empfängeradresse",
        "adresse",
        "à",
        "destinataire",
        "para",
        "destinatario",
        "dirección",
        "aan",
        "ontvanger",
        "adres",
        "a",
        "indirizzo",
        "destinatário",
        "endereço",
        "email",
        "e-mail",
        "user",
        "mailbox",
        "failed address",
        "delivery to",
        "could not deliver to",
        "error for",
        "failed to deliver to",
        "betroffene adresse",
        "betreffende adres",
        "addressee",
    ];
    let named = labels.contains(&before.as_str());
    // `Ann Lee <ann@x.example>` alone on a line, or `Ann Lee (ann@x.example)`.
    let alone = line.ends_with('>') && before.len() <= 60 && line.contains('<') && !before.contains("message-id");
    if !named && !alone {
        return None;
    }
    rest.split_whitespace().find(|it| it.contains('@')).and_then(address)
}

/// The address in a word, without what surrounds it.
fn address(word: &str) -> Option<Email> {
    let word = word
        .trim_start_matches('[')
        .trim_start_matches("mailto:")
        .trim_start_matches("smtp;")
        .trim_start_matches("rfc822;");
    let word = word.rsplit_once('<').map_or(word, |it| it.1);
    let word = word.split_once('>').map_or(word, |it| it.0);
    let lower = word.to_ascii_lowercase();
    let word = lower.strip_prefix("mailto:").or_else(|| lower.strip_prefix("smtp:")).unwrap_or(&lower);
    let odd = |it: char| "<>()[]{}\"',;:.…!?„“”«»=*|".contains(it);
    Email::parse(word.trim_matches(odd)).filter(|it| it.domain().contains('.') || it.domain() == "localhost")
}

pub(super) fn addresses(line: &str) -> impl Iterator<Item = Email> + '_ {
    line.split(|it: char| it.is_whitespace() || it == ',' || it == '(')
        .filter(|it| it.contains('@'))
        .filter_map(address)
}

/// Whether it says that a mail is only late.
pub(super) fn delayed(text: &str) -> bool {
    let text = spoken(text);
    [
        "delivery delayed",
        "message delayed",
        "has been delayed",
        "is delayed",
        "is being delayed",
        "delayed mail",
        "delivery status notification (delay",
        "not yet been delivered",
        "has not been delivered yet",
        "not yet delivered",
        "still being retried",
        "will be retried",
        "will continue to try",
        "will keep trying",
        "continue to attempt",
        "will be attempted",
        "attempts to deliver",
        "do not need to resend",
        "don't need to resend",
        "no action is required on your part",
        "this is a warning message only",
        "delivery attempts will continue",
        "nelle prime dodici ore",
        "noch nicht zugestellt",
        "verzögert",
        "verzögerung",
        "weiterhin versuch",
        "n'a pas encore été",
        "pas encore pu",
        "retardé",
        "nouvelles tentatives",
        "aún no se ha",
        "todavía no",
        "retrasad",
        "nog niet",
        "vertraagd",
        "vertraging",
        "non è stato ancora",
        "non è ancora",
        "ritardo",
        "ritardat",
        "ainda não",
        "atrasad",
    ]
    .iter()
    .any(|it| text.contains(it))
}
