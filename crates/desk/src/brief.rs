//! The Brief of a case: found in what was said, and corrected by whoever knows better.
//!
//! It is worked out whenever somebody reads it, by rules; what is kept are the corrections. An administrator may have an
//! [`endpoint`] write its lines (`written`): what is tried, how the customer feels, what it is about, what comes next. What
//! was promised and who waits stay with the rules: work depends on them, and nothing that a stranger's text can talk a model
//! into may move a clock or a list.
//!
//! | Module | Concept |
//! |---|---|
//! | `endpoint` | where a model is asked, and whether it answers |
//! | `sent`, `veil` | what it is told of a case |
//! | `answer` | what it says, bound to sentences |
//! | `written` | when it is asked, and what is shown |

mod answer;
pub mod endpoint;
mod sent;
mod veil;
mod written;

use domain::{BriefLine, Correction, Direction, Entry, Fact, Member, Message, MessageState, Status, Timestamp};
use insight::{From, Span, Turn};
pub use insight::{Mood, Waiting};
use jiff::tz::TimeZone;
use store::brief::{Beyond, as_found, correct};
use store::case::spine::{Spine, message_of};
use store::{Hint, Lock};

use crate::case::case_of;
use crate::promise::{moment, not_aside, there};
use crate::{Desk, Error, Result};

pub use answer::mood;
pub(crate) use written::WriteBrief;
pub use written::{Found, Writer, found, sent};

/// The longest line, in characters.
pub const LINE: usize = 300;
/// So much of a text is read, in bytes: nobody says what matters behind it.
const READ: usize = 16 * 1024;

/// The sentence that a line comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The number of the case in which it was written: this one, or one that it took in.
    pub case: i64,
    /// The number of its entry.
    pub entry: i64,
    /// The sentence.
    pub sentence: String,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it says.
    pub text: String,
    /// By when that is due, if it is a promise and a day was named.
    pub due_at: Option<Timestamp>,
    /// Where it comes from.
    pub source: Source,
}

/// What someone new to the case must know, as far as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    /// What the customer wants, or what does not work.
    pub issue: Option<Piece>,
    /// What was done about it already.
    pub tried: Vec<Piece>,
    /// What we promised.
    pub promised: Vec<Piece>,
    /// Who waits on whom: the status says so, and a sentence where it says more.
    pub waiting: (Waiting, Option<Source>),
    /// How the customer feels, if that is plain.
    pub mood: Option<(Mood, Source)>,
    /// What is to be done next.
    pub next: Option<Piece>,
    /// Of how many messages and notes it was made.
    pub read: usize,
}

/// What was said, and in which entry of which case.
pub(crate) struct Said<'a> {
    case: i64,
    entry: i64,
    /// Whoever said it, by something that tells them from others.
    who: String,
    turn: Turn<'a>,
}

impl Said<'_> {
    fn source(&self, sentence: String) -> Source {
        Source { case: self.case, entry: self.entry, sentence }
    }
}

/// What was said in a case, in order.
pub(crate) struct Told<'a> {
    spine: &'a Spine,
    beyond: &'a Beyond,
    said: Vec<Said<'a>>,
    /// The entries that say something, or change what belongs to the case: its number, theirs, and whether it is a note.
    marks: Vec<(i64, i64, bool)>,
}

/// The Brief of a case as rules find it; none in a language that is not known, or if nothing is found.
pub fn brief(spine: &Spine, beyond: &Beyond, zone: &TimeZone) -> Option<Brief> {
    Told::of(spine, beyond, zone).brief(zone)
}

impl<'a> Told<'a> {
    pub(crate) fn of(spine: &'a Spine, beyond: &'a Beyond, zone: &TimeZone) -> Told<'a> {
        let elsewhere = beyond.entries.iter().map(|it| (spine.case.number, it));
        let here = spine.written_in.iter().map(|it| spine.number_of(*it)).zip(&spine.entries);
        let mut entries: Vec<(i64, &Entry)> = here.chain(elsewhere).collect();
        entries.sort_by_key(|it| (it.1.at, it.0, it.1.number));
        entries.dedup_by_key(|it| (it.0, it.1.number));
        let (mut all, mut marks) = (Vec::new(), Vec::new());
        for (case, entry) in entries {
            let said = said((case, entry), spine, beyond, zone);
            if let Some(number) = entry.number.filter(|_| said.is_some() || written::changes(&entry.fact)) {
                marks.push((case, number, matches!(entry.fact, Fact::Noted { .. })));
            }
            all.extend(said);
        }
        Told { spine, beyond, said: all, marks }
    }

    fn messages(&self) -> impl Iterator<Item = &'a Message> + use<'a> {
        self.spine.messages.values().chain(self.beyond.messages.values())
    }

    fn brief(&self, zone: &TimeZone) -> Option<Brief> {
        let said = &self.said;
        let turns: Vec<Turn<'_>> = said.iter().map(|it| it.turn).collect();
        let found = insight::brief(&turns)?;
        let source = |at: Span| {
            let it = said.get(at.turn)?;
            let sentence = it.turn.text.get(at.start..at.end)?.split_whitespace().collect::<Vec<_>>().join(" ");
            Some(it.source(sentence))
        };
        let line = |it: insight::Line| Some(Piece { text: it.text, due_at: None, source: source(it.at)? });
        let promise = |it: insight::Promise| {
            Some(Piece { due_at: it.due.and_then(|it| moment(it, zone)), source: source(it.at)?, text: it.text })
        };
        let waiting = waits(self.spine.case.status, found.waiting.map(|it| it.0));
        let shown = found.waiting.filter(|it| it.0 == waiting).and_then(|it| source(it.1));
        Some(Brief {
            issue: found.issue.and_then(line),
            tried: found.tried.into_iter().filter_map(line).collect(),
            promised: found.promised.into_iter().filter_map(promise).collect(),
            waiting: (waiting, shown),
            mood: found.mood.and_then(|it| Some((it.0, source(it.1)?))),
            next: found.next.filter(|_| waiting != Waiting::Nobody).and_then(line),
            read: said.len(),
        })
    }
}

/// Who waits is derived from the status. Words only tell where nobody waits any more.
fn waits(status: Status, found: Option<Waiting>) -> Waiting {
    match status {
        Status::Resolved | Status::Closed => Waiting::Nobody,
        Status::Open | Status::Waiting if found == Some(Waiting::Nobody) => Waiting::Nobody,
        Status::New | Status::Open => Waiting::OnUs,
        Status::Waiting => Waiting::OnCustomer,
    }
}

/// What an entry says, if a person said it.
fn said<'a>(
    (case, entry): (i64, &'a Entry),
    spine: &'a Spine,
    beyond: &'a Beyond,
    zone: &TimeZone,
) -> Option<Said<'a>> {
    let (from, who, text) = match &entry.fact {
        Fact::Noted { text, .. } => (From::Note, entry.by.id().unwrap_or_default().to_string(), text.as_str()),
        // What is said with a supplier is no word of the customer's, and no promise to them.
        Fact::Acknowledged { .. } | Fact::Forwarded { .. } | Fact::SupplierAnswered { .. } => return None,
        fact => {
            let id = message_of(fact)?;
            of(spine.messages.get(&id).or_else(|| beyond.messages.get(&id))?)?
        }
    };
    let turn = Turn { from, at: there(entry.at, zone)?, text: beginning(text) };
    Some(Said { case, entry: entry.number?, who, turn })
}

fn of(it: &Message) -> Option<(From, String, &str)> {
    match it.direction {
        Direction::Inbound if it.automatic.is_none() => {
            Some((From::Customer, it.sender.label().to_lowercase(), it.own_words()))
        }
        Direction::Outbound if it.state != MessageState::TakenBack => {
            Some((From::Desk, it.staff?.to_string(), it.own_text()))
        }
        _ => None,
    }
}

fn beginning(text: &str) -> &str {
    let end = (0..=READ.min(text.len())).rev().find(|it| text.is_char_boundary(*it)).unwrap_or(0);
    &text[..end]
}

impl Desk {
    /// Says it better than what was found; an empty text says that there is nothing to say.
    pub async fn correct_brief(&self, by: &Member, number: i64, line: BriefLine, text: &str) -> Result<()> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.chars().count() > LINE {
            return Err(Error::invalid("text", format!("A line of the Brief has at most {LINE} characters.")));
        }
        self.brief_line(by, number, line, Some(text)).await
    }

    /// Takes a correction back: the line is again what is found.
    pub async fn brief_as_found(&self, by: &Member, number: i64, line: BriefLine) -> Result<()> {
        self.brief_line(by, number, line, None).await
    }

    async fn brief_line(&self, by: &Member, number: i64, line: BriefLine, text: Option<String>) -> Result<()> {
        let place = self.place_for(by, number).await?;
        let (desk, by) = (self.clone(), by.clone());
        self.db
            .write([Lock::Customer(place.customer)], async move |tx| {
                let case = case_of(tx, &by, number).await?;
                not_aside(&case)?;
                match &text {
                    Some(text) => {
                        let it = Correction { line, text: text.clone(), by: by.id, at: desk.now() };
                        correct(tx, case.customer, case.id, &it).await?;
                    }
                    None => as_found(tx, case.customer, case.id, line).await?,
                }
                tx.announce(Hint::new(format!("case {number}")));
                Ok(())
            })
            .await
    }
}
