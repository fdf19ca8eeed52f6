//! Which parts of a text are shown folded: words of earlier mails, a sender's card, what lawyers add.
//!
//! Ranges only; nothing is ever deleted, and a text of which nothing would be left to read is not folded at all. What
//! somebody newly wrote is never folded; where that is in doubt, the text stays open. So:
//!
//! - A quote is folded where it ends the text, with the line that introduces it. One with answers between its lines stays
//!   open, for the answers are read with it; only what of it follows the last answer is folded. A whole quote above a
//!   single answer is folded too, unless it is so short that it reads as the question.
//! - Of a mail that is passed on only the header lines are folded: what it says is the point.
//! - A closing ("Best regards") and the name below it stay; the card below the name is folded.
//!
//! Rules go by structure; the words of each language stand in tables beside them. Every line is looked at a bounded
//! number of times.

mod attribution;
mod closing;
mod device;
mod disclaimer;
mod field;
mod firm;
mod footer;
mod header;
mod legal;
mod line;
mod quote;
mod signature;
mod tail;
mod words;

use domain::{Fold, FoldKind};

use crate::table::{Words, words};
use attribution::attribution;
pub(crate) use field::{Field, field};
pub(crate) use header::announces;
use header::{Mark, header, mark, marks_place, under_bar};
use line::{Line, bar, last, next};
pub(crate) use line::{lines, spelled};

/// What the subject says about the mails below the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// They are answered.
    Answers,
    /// They are passed on.
    PassesOn,
    /// Nothing.
    Silent,
}

/// A mail that is passed on in a text, in bytes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Passed {
    /// Its header lines.
    pub(crate) head: (usize, usize),
    /// Where its words start.
    pub(crate) start: usize,
}

/// The folds of `text`: sorted, apart from each other, at the bounds of lines.
pub fn fold(text: &str) -> Vec<Fold> {
    folds(text, Subject::Silent, "").0
}

/// The folds of the text of a mail whose subject says `subject` and whose sender is called `signer`, and the mail that it
/// passes on.
pub(crate) fn folds(text: &str, subject: Subject, signer: &str) -> (Vec<Fold>, Option<Passed>) {
    let lower = spelled(text);
    let lines = lines(text, &lower);
    let lines = lines.as_slice();
    let signer = spelled(signer.trim());
    let mut found = Found { lines, signer: &signer, folds: Vec::new() };
    let mut passed = None;
    let mut own = lines.len();
    match earlier(lines, subject) {
        Some(Earlier::Passed { from, to }) => {
            let words = nested(lines, to);
            found.add(FoldKind::Forward, from, words);
            passed = Some(Passed {
                head: (lines[from].start, lines[to - 1].end()),
                start: next(lines, words).map_or(text.len(), |it| lines[it].start),
            });
            own = from;
        }
        Some(Earlier::Quote { from }) => {
            found.add(FoldKind::Quote, from, lines.len());
            own = from;
        }
        None => {}
    }
    let mut end = tail::fold(&mut found, own);
    if let Some((from, to)) = quote::trailing(lines, end) {
        found.add(FoldKind::Quote, from, to);
        end = tail::fold(&mut found, from);
    }
    quote::leading(&mut found, end);
    if let Some(at) = next(lines, 0).filter(|it| *it < end && disclaimer::banner(lines[*it].lower)) {
        let to = (at..end).find(|it| lines[*it].empty).unwrap_or(end);
        if to - at <= 5 {
            found.add(FoldKind::Disclaimer, at, to);
        }
    }
    (found.finish(), passed)
}

/// Folds as they are found, in lines.
struct Found<'a> {
    lines: &'a [Line<'a>],
    /// What the sender is called, as [`spelled`] makes it; empty where nobody knows.
    signer: &'a str,
    folds: Vec<(FoldKind, usize, usize)>,
}

impl Found<'_> {
    fn add(&mut self, kind: FoldKind, from: usize, to: usize) {
        let from = (from..to).find(|it| !self.lines[*it].blank());
        let to = last(self.lines, 0, to).map_or(0, |it| it + 1);
        if let Some(from) = from.filter(|it| *it < to) {
            self.folds.push((kind, from, to));
        }
    }

    /// The folds as ranges of bytes, neighbours of one kind as one; none if nothing would be left to read.
    fn finish(mut self) -> Vec<Fold> {
        self.folds.sort_by_key(|it| it.1);
        let mut joined: Vec<(FoldKind, usize, usize)> = Vec::with_capacity(self.folds.len());
        let mut shown = false;
        let mut at = 0;
        for (kind, from, to) in self.folds {
            if from < at {
                continue;
            }
            let between = self.lines[at..from].iter().any(|it| !it.empty);
            shown |= between;
            match joined.last_mut() {
                Some(before) if before.0 == kind && !between => before.2 = to,
                _ => joined.push((kind, from, to)),
            }
            at = to;
        }
        shown |= self.lines[at..].iter().any(|it| !it.empty);
        if !shown {
            return Vec::new();
        }
        let bound = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
        let range = |(kind, from, to): (FoldKind, usize, usize)| {
            let (start, end) = (self.lines.get(from)?.start, self.lines.get(to - 1)?.end());
            (start < end).then_some(Fold { kind, start: bound(start), end: bound(end) })
        };
        joined.into_iter().filter_map(range).collect()
    }
}

/// A whole earlier mail below the text, its lines not marked one by one.
enum Earlier {
    /// It is quoted, down to the end.
    Quote { from: usize },
    /// It is passed on: only its header lines are folded.
    Passed { from: usize, to: usize },
}

fn earlier(lines: &[Line<'_>], subject: Subject) -> Option<Earlier> {
    let mut quoted = false;
    // Whether something stands above.
    let mut above = false;
    for (at, line) in lines.iter().enumerate() {
        if line.empty {
            continue;
        }
        let own = above;
        above |= !bar(line.inner);
        // Only the first line of a quote can announce that the quote is a mail that is passed on.
        if line.quoted() && std::mem::replace(&mut quoted, line.quoted()) {
            continue;
        }
        quoted = line.quoted();
        let text = line.inner;
        match mark(lines, at) {
            Some(Mark::Forwarded) => {
                let to = header(lines, at + 1, true).map_or(at + 1, |it| it.to);
                return Some(Earlier::Passed { from: at, to });
            }
            Some(Mark::Original) if !quoted => {
                let head = header(lines, at + 1, true);
                if subject == Subject::PassesOn || subject == Subject::Silent && !own {
                    let to = head.map_or(at + 1, |it| it.to);
                    return Some(Earlier::Passed { from: at, to });
                }
                if head.is_some_and(|it| next(lines, it.to).is_some_and(|it| lines[it].quoted())) {
                    continue;
                }
                // Words about such a line have no header below it.
                let below = next(lines, at + 1).is_some_and(|it| lines[it].inner.contains([':', '@']));
                if head.is_none() && !below && !marks_place(text) {
                    continue;
                }
                return invited(lines, at).then_some(Earlier::Quote { from: under_bar(lines, at) });
            }
            _ => {}
        }
        if quoted {
            continue;
        }
        if let Some(head) = field(text).and_then(|_| header(lines, at, false)) {
            let from = under_bar(lines, at);
            if subject == Subject::PassesOn || subject == Subject::Silent && !own {
                return Some(Earlier::Passed { from, to: head.to });
            }
            // Below the header the lines may be marked one by one: then the marks tell what is quoted.
            if next(lines, head.to).is_some_and(|it| lines[it].quoted()) {
                continue;
            }
            // What a sentence announces is part of it.
            let announced = last(lines, 0, from).is_some_and(|it| lines[it].inner.ends_with(':'));
            return (!announced && invited(lines, from)).then_some(Earlier::Quote { from });
        }
        if let Some(it) = attribution(lines, at) {
            match next(lines, it.to) {
                Some(below) if lines[below].quoted() => {}
                _ if it.sure => return invited(lines, it.from).then_some(Earlier::Quote { from: it.from }),
                _ => {}
            }
        }
    }
    None
}

/// Where the words start below header lines that end before `lines[to]`: what they pass on may be passed on itself.
fn nested(lines: &[Line<'_>], to: usize) -> usize {
    let mut to = to;
    for _ in 0..8 {
        let Some(at) = next(lines, to) else { break };
        let marked = mark(lines, at).is_some();
        let Some(head) = header(lines, at + usize::from(marked), marked) else { break };
        to = head.to;
    }
    to
}

/// How somebody says that their answers stand between the lines of the mail below, in lower case.
static BETWEEN: Words = words!(&[
    "my answers",
    "my replies",
    "my comments",
    "meine antworten",
    "mes réponses",
    "mis respuestas",
    "mijn antwoorden",
    "le mie risposte",
    "minhas respostas",
    "inline",
    "in line",
    "in-line",
    "in red",
    "in blue",
    "in green",
    "in bold",
    "in capitals",
    "between the lines",
    "answers below",
    "answered below",
    "comments below",
    "replies below",
    "responses below",
    "in the text below",
    "in your text",
    "within your mail",
    "in rot",
    "in blau",
    "in grün",
    "im text unten",
    "direkt im text",
    "zwischen den zeilen",
    "antworten unten",
    "in ihrer mail",
    "in deiner mail",
    "unten im text",
    "en rouge",
    "en bleu",
    "en vert",
    "dans le texte",
    "dans votre mail",
    "dans votre message",
    "réponses ci-dessous",
    "entre les lignes",
    "en rojo",
    "en azul",
    "entre líneas",
    "respuestas abajo",
    "en el texto",
    "in het rood",
    "in rood",
    "in blauw",
    "tussen de regels",
    "in de tekst",
    "in je mail",
    "in uw mail",
    "antwoorden hieronder",
    "in rosso",
    "in blu",
    "nel testo",
    "tra le righe",
    "risposte sotto",
    "em vermelho",
    "a vermelho",
    "a azul",
    "no texto",
    "entre linhas",
    "respostas abaixo",
    "no corpo",
]);

/// Whether the earlier mail that starts at `at` may be folded: not if the words above say that answers stand in it.
fn invited(lines: &[Line<'_>], at: usize) -> bool {
    let mut length = 0;
    for line in lines[..at].iter().filter(|it| !it.blank()) {
        length += line.text.len();
        if length > 400 {
            return true;
        }
        if BETWEEN.word(line.lower) {
            return false;
        }
    }
    true
}
