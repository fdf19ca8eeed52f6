//! The filter language: what people type above a list, keep as a view, and share as an address.
//!
//! | Written | Means |
//! |---|---|
//! | `is:open team:billing` | both hold |
//! | `status:open,waiting` | one of them holds |
//! | `-team:billing` | it does not hold |
//! | `assignee:"Jonas Feld"` | quotation marks keep spaces together |
//! | `before:2026-11-01`, `after:7d` | a day, or so many days ago |
//! | `due:late`, `due:1h` | our reply is late, or due until then |
//! | `promise:late`, `promise:open` | a promise of ours is late, or yet to be kept |
//! | `field:"Product=Router"` | a choice of a field |
//! | `refund`, `"credit note"`, `-draft` | words of a message, one after the other in quotation marks; words that it has not |
//!
//! A mistake points at its word, and the rest still counts.

pub mod customers;
mod scan;

use std::ops::Range;

use crate::sought::{Phrase, Sought};
use crate::word::words;
use crate::{Priority, Status, Word};
use scan::{Piece, Value, pieces};

words! {
    /// What a filter can ask about.
    Key {
        /// Where a case stands, in everyday words.
        Is = "is",
        /// Its exact status.
        Status = "status",
        /// Who owes the next step.
        Waiting = "waiting",
        /// Who works on it.
        Assignee = "assignee",
        /// Which team works on it.
        Team = "team",
        /// How much it matters.
        Priority = "priority",
        /// The channel by which it came.
        Channel = "channel",
        /// What it is marked with.
        Tag = "tag",
        /// A choice of one of its fields.
        Field = "field",
        /// By when we owe a reply.
        Due = "due",
        /// Whose it is.
        Customer = "customer",
        /// By when we promised something.
        Promise = "promise",
        /// It was last written in before this day.
        Before = "before",
        /// It was last written in on this day or later.
        After = "after",
    }
}

words! {
    /// Where a case stands, in everyday words.
    Is {
        /// It is not done: new, open or waiting.
        Open = "open",
        /// Nobody has it.
        Unassigned = "unassigned",
        /// It is done, and may come back.
        Resolved = "resolved",
        /// It is final.
        Closed = "closed",
        /// Our last word has not reached them.
        Undelivered = "undelivered",
        /// It comes back into the lists by itself.
        Snoozed = "snoozed",
        /// Nobody asked for it.
        Spam = "spam",
        /// Somebody deleted it.
        Trash = "trash",
        /// Whoever looks follows it.
        Followed = "followed",
    }
}

words! {
    /// Who owes the next step.
    Side {
        /// We do.
        Us = "us",
        /// The customer does.
        Customer = "customer",
    }
}

/// Whose a case is: a colleague's, or a team's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Of whoever looks: theirs, or of a team of theirs.
    Mine,
    /// Nobody's.
    Nobodys,
    /// Of the one with this name.
    Named(String),
}

/// By when a reply is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Its time is over.
    Late,
    /// So many minutes from now, or earlier.
    Within(u32),
    /// It is timed at all.
    Any,
}

/// A day, as the calendar of the organization has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    /// This one.
    On {
        /// The year.
        year: i16,
        /// 1 to 12.
        month: i8,
        /// 1 to 31; whether the month has it, the calendar knows.
        day: i8,
    },
    /// So many days before today.
    Ago(u16),
}

/// A condition; a list means one of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Where it stands.
    Is(Vec<Is>),
    /// Its exact status.
    Status(Vec<Status>),
    /// Who owes the next step.
    Waiting(Vec<Side>),
    /// Who works on it.
    Assignee(Vec<Whose>),
    /// Which team works on it.
    Team(Vec<Whose>),
    /// How much it matters.
    Priority(Vec<Priority>),
    /// The channel by which it came: its name or its address.
    Channel(Vec<String>),
    /// What it is marked with; none: with nothing.
    Tag(Vec<Option<String>>),
    /// The choice of a field: what both are called.
    Field(Vec<(String, String)>),
    /// By when we owe a reply.
    Due(Vec<Due>),
    /// The name of the customer, or its beginning.
    Customer(Vec<String>),
    /// Words that a message or a note of it has, one after the other.
    Words(String),
    /// By when we promised something.
    Promise(Vec<Due>),
    /// It was last written in before this day.
    Before(Day),
    /// It was last written in on this day or later.
    After(Day),
}

/// A condition where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Where, in bytes.
    pub at: Range<usize>,
    /// Whether it must not hold.
    pub not: bool,
    /// The condition.
    pub ask: Ask,
}

/// What somebody asks of a list: all of its terms hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// In the order in which they were written.
    pub terms: Vec<Term>,
}

/// Something in a filter that says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where it stands, in bytes.
    pub at: Range<usize>,
    /// What is wrong with it.
    pub why: Why,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// No filter knows this word; perhaps the other was meant.
    UnknownKey(Option<Key>),
    /// There is no word in it, only signs.
    Alone,
    /// Words that must not be there, and none that must.
    OnlyNot,
    /// This word of a filter cannot have that value; perhaps the other was meant.
    UnknownValue(Key, Option<&'static str>),
    /// There is nobody, no team, no channel of this name.
    Nobody(Key),
    /// There are several of this name.
    Several(Key),
    /// Nothing stands behind the colon.
    NoValue(Key),
    /// It is no day.
    NotADay,
    /// It is no span of time.
    NotATime,
    /// It is no span of time within which a promise may be due.
    NotAPromise,
    /// A field and what it says, with `=` between them, were asked for.
    NoChoice,
    /// One day is asked for, and there were several.
    OneDay(Key),
    /// What is put aside is a list of its own: it stands beside no other.
    Apart,
}

impl Filter {
    /// What `text` asks, and what in it says nothing.
    pub fn parse(text: &str) -> (Filter, Vec<Mistake>) {
        let (mut filter, mut mistakes) = (Filter::default(), Vec::new());
        for Piece { at, not, key, values } in pieces(text) {
            let Some((word, place)) = key else {
                words_of(&mut filter, &mut mistakes, &at, not, values);
                continue;
            };
            let Ok(key) = Key::parse(&word.to_lowercase()) else {
                let meant = nearest(&word, Key::ALL.iter().map(|it| it.word())).and_then(|it| Key::parse(it).ok());
                mistakes.push(Mistake { at: place, why: Why::UnknownKey(meant) });
                continue;
            };
            if values.is_empty() {
                mistakes.push(Mistake { at, why: Why::NoValue(key) });
                continue;
            }
            match ask(key, &values) {
                Ok(ask) => filter.terms.push(Term { at, not, ask }),
                Err(mistake) => mistakes.push(mistake),
            }
        }
        let is_words = |it: &Term| matches!(it.ask, Ask::Words(_));
        if !filter.terms.iter().any(|it| is_words(it) && !it.not) {
            let alone = filter.terms.extract_if(.., |it| is_words(it));
            mistakes.extend(alone.map(|it| Mistake { at: it.at, why: Why::OnlyNot }));
            mistakes.sort_by_key(|it| it.at.start);
        }
        (filter, mistakes)
    }

    /// What it looks for by words.
    pub fn sought(&self) -> Sought {
        let mut sought = Sought::default();
        for it in &self.terms {
            if let Ask::Words(text) = &it.ask {
                if it.not { &mut sought.none } else { &mut sought.all }.extend(Phrase::of(text));
            }
        }
        sought
    }
}

/// Each value is a word, or several in quotation marks.
fn words_of(filter: &mut Filter, mistakes: &mut Vec<Mistake>, at: &Range<usize>, not: bool, values: Vec<Value>) {
    if values.is_empty() {
        mistakes.push(Mistake { at: at.clone(), why: Why::Alone });
    }
    let one = values.len() == 1;
    for it in values {
        let place = if one { at.clone() } else { it.at };
        match Phrase::of(&it.text) {
            Some(_) => filter.terms.push(Term { at: place, not, ask: Ask::Words(it.text) }),
            None => mistakes.push(Mistake { at: place, why: Why::Alone }),
        }
    }
}

impl Is {
    /// Whether it names what is put aside, which nobody sees without that word.
    pub fn is_aside(self) -> bool {
        matches!(self, Is::Spam | Is::Trash)
    }
}

impl Key {
    /// The values that everybody knows; of people, teams and channels there are more.
    pub fn values(self) -> Vec<&'static str> {
        match self {
            Key::Is => Is::ALL.iter().map(|it| it.word()).collect(),
            Key::Status => Status::ALL.iter().map(|it| it.word()).collect(),
            Key::Waiting => Side::ALL.iter().map(|it| it.word()).collect(),
            Key::Priority => Priority::ALL.iter().map(|it| it.word()).collect(),
            Key::Assignee => vec!["me", "nobody"],
            Key::Team => vec!["mine", "nobody"],
            Key::Channel | Key::Field | Key::Customer => Vec::new(),
            Key::Tag => vec!["none"],
            Key::Due => vec!["late", "1h", "4h", "1d", "any"],
            Key::Promise => vec!["late", "open", "1d", "7d"],
            Key::Before | Key::After => vec!["today", "yesterday", "7d", "30d"],
        }
    }
}

/// What can stand where somebody types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// What is typed of it so far, in bytes: it is replaced.
    pub at: Range<usize>,
    /// Behind the colon of this word; none: a word itself.
    pub key: Option<Key>,
    /// The beginning that is typed.
    pub typed: String,
}

/// What can stand at `cursor`, a place in bytes; nothing where no word knows a value.
pub fn gap(text: &str, cursor: usize) -> Option<Gap> {
    let before = text.get(..cursor)?;
    let Some(last) = pieces(before).pop().filter(|it| it.at.end == before.len()) else {
        return Some(Gap { at: cursor..cursor, key: None, typed: String::new() });
    };
    let start = last.at.start + usize::from(last.not);
    let Some((word, _)) = last.key else {
        return Some(Gap { at: start..cursor, key: None, typed: before[start..].to_owned() });
    };
    let key = Key::parse(&word.to_lowercase()).ok()?;
    let value = last.values.into_iter().next_back().filter(|it| it.at.end == before.len());
    let (at, typed) = value.map_or((cursor..cursor, String::new()), |it| (it.at, it.text));
    Some(Gap { at, key: Some(key), typed })
}

/// A value as it is written: with quotation marks where it needs them.
pub fn quoted(value: &str) -> String {
    let plain = value.chars().all(|it| !it.is_whitespace() && !matches!(it, ',' | '"' | '“' | '„' | '«'));
    if plain && !value.is_empty() { value.to_owned() } else { format!("\"{}\"", value.replace('"', "")) }
}

/// The number of a case, if that is all there is: `1042`, `#1042`.
pub fn numbered(text: &str) -> Option<i64> {
    let digits = text.trim().trim_start_matches('#');
    if digits.bytes().all(|it| it.is_ascii_digit()) { digits.parse().ok() } else { None }
}

fn ask(key: Key, values: &[Value]) -> Result<Ask, Mistake> {
    Ok(match key {
        Key::Is => Ask::Is(apart(each(key, values)?, values)?),
        Key::Status => Ask::Status(each(key, values)?),
        Key::Waiting => Ask::Waiting(each(key, values)?),
        Key::Priority => Ask::Priority(each(key, values)?),
        Key::Assignee => Ask::Assignee(values.iter().map(|it| whose(it, "me")).collect()),
        Key::Team => Ask::Team(values.iter().map(|it| whose(it, "mine")).collect()),
        Key::Channel => Ask::Channel(values.iter().map(|it| it.text.clone()).collect()),
        Key::Tag => {
            Ask::Tag(values.iter().map(|it| (it.text.to_lowercase() != "none").then(|| it.text.clone())).collect())
        }
        Key::Field => Ask::Field(values.iter().map(choice).collect::<Result<_, _>>()?),
        Key::Due => Ask::Due(values.iter().map(|it| due(it, "any", Why::NotATime)).collect::<Result<_, _>>()?),
        Key::Promise => {
            Ask::Promise(values.iter().map(|it| due(it, "open", Why::NotAPromise)).collect::<Result<_, _>>()?)
        }
        Key::Customer => Ask::Customer(values.iter().map(|it| it.text.clone()).collect()),
        Key::Before => Ask::Before(one_day(key, values)?),
        Key::After => Ask::After(one_day(key, values)?),
    })
}

/// The values of a closed set.
fn each<W: Word>(key: Key, values: &[Value]) -> Result<Vec<W>, Mistake> {
    let one = |value: &Value| {
        W::parse(&value.text.to_lowercase()).map_err(|_| {
            let meant = nearest(&value.text, W::ALL.iter().map(|it| it.word()));
            Mistake { at: value.at.clone(), why: Why::UnknownValue(key, meant) }
        })
    };
    values.iter().map(one).collect()
}

/// Lists of what is put aside are asked for one at a time.
fn apart(all: Vec<Is>, values: &[Value]) -> Result<Vec<Is>, Mistake> {
    match all.iter().position(|it| it.is_aside()) {
        Some(place) if all.len() > 1 => Err(Mistake { at: values[place].at.clone(), why: Why::Apart }),
        _ => Ok(all),
    }
}

fn whose(value: &Value, mine: &str) -> Whose {
    match value.text.to_lowercase().as_str() {
        it if it == mine => Whose::Mine,
        "nobody" | "none" => Whose::Nobodys,
        _ => Whose::Named(value.text.clone()),
    }
}

fn choice(value: &Value) -> Result<(String, String), Mistake> {
    says(&value.text).ok_or_else(|| Mistake { at: value.at.clone(), why: Why::NoChoice })
}

/// A field and what it says, with `=` between them.
fn says(text: &str) -> Option<(String, String)> {
    let (field, says) = text.split_once('=').map(|(field, says)| (field.trim(), says.trim()))?;
    (!field.is_empty() && !says.is_empty()).then(|| (field.to_owned(), says.to_owned()))
}

/// `late`, a word for all of them, or a span: `30m`, `1h`, `2d`.
fn due(value: &Value, any: &str, why: Why) -> Result<Due, Mistake> {
    let text = value.text.to_lowercase();
    let span = |unit: char, minutes: u32| Some(u32::from(digits(text.strip_suffix(unit)?)?) * minutes);
    match text.as_str() {
        "late" => Some(Due::Late),
        text if text == any => Some(Due::Any),
        _ => span('m', 1).or_else(|| span('h', 60)).or_else(|| span('d', 24 * 60)).map(Due::Within),
    }
    .ok_or(Mistake { at: value.at.clone(), why })
}

fn one_day(key: Key, values: &[Value]) -> Result<Day, Mistake> {
    match values {
        [it] => day(&it.text).ok_or(Mistake { at: it.at.clone(), why: Why::NotADay }),
        _ => Err(Mistake { at: values[0].at.start..values[values.len() - 1].at.end, why: Why::OneDay(key) }),
    }
}

fn day(text: &str) -> Option<Day> {
    match text.to_lowercase().as_str() {
        "today" => return Some(Day::Ago(0)),
        "yesterday" => return Some(Day::Ago(1)),
        short => {
            if let Some(count) = short.strip_suffix('d').and_then(digits) {
                return Some(Day::Ago(count));
            }
        }
    }
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let (year, month, day) = (digits(year)?, digits(month)?, digits(day)?);
    let sound =
        parts.next().is_none() && (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    let fits = |it: u16| i8::try_from(it).ok();
    sound.then_some(Day::On { year: i16::try_from(year).ok()?, month: fits(month)?, day: fits(day)? })
}

fn digits(text: &str) -> Option<u16> {
    text.bytes().all(|it| it.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// The word that was probably meant: at most two letters away, and less than half of it.
fn nearest<'a>(typed: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let near = words.map(|it| (distance(&typed, it), it)).filter(|it| it.0 <= 2 && it.0 * 2 < it.1.len().max(3));
    near.min_by_key(|it| it.0).map(|it| it.1)
}

/// How many letters one must change, add, leave out or swap with their neighbour to come from one word to the other
/// (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(30).collect(), b.chars().take(30).collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = changed.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
