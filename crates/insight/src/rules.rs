//! The rules of a language, read from its file.
//!
//! A rule is data: a language is added by a file like `rules/en.toml` and a line in [`Language`]. What the code knows is only
//! what a sign means for the Brief.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::kind::{Kind, Unit, shape};
use crate::language::Language;
use crate::pattern::{Hit, Patterns, Reader, Vocabulary};
use crate::words::Word;

/// What a phrase is a sign of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Sign {
    /// What does not work, is wrong or missing.
    Problem,
    /// What is denied, or is not there.
    Lack,
    /// Somebody asks for something to be done.
    Request,
    /// Says that this is what matters.
    Point,
    /// Speaks of us, to us.
    Addressed,
    /// Says later what it is really about.
    Restated,
    /// Only courtesy, or what a mail or a machine adds by itself.
    Courtesy,
    /// Asks for no more than that something be done about it.
    Vague,
    /// Only background.
    Background,
    /// What is well.
    Praise,
    /// What follows from it, not what it is.
    Consequence,
    /// Somebody says what was done already.
    Tried,
    /// What was asked for is done.
    DoneThat,
    /// Asks the other side to try something.
    Try,
    /// Who commits; the verb follows.
    Commit,
    /// Words that may stand between that and the verb.
    Between,
    /// Not to be taken as a verb that commits, although it follows.
    Refused,
    /// A commitment by itself.
    Committed,
    /// A commitment if it says by when.
    Timed,
    /// When the customer gets the thing.
    Arrives,
    /// The rest holds only under a condition.
    Condition,
    /// A condition that is none: whether, not if.
    Whether,
    /// Makes no promise of any sentence.
    Unpromised,
    /// Takes what a sentence promises as what a machine answers to everybody.
    Boilerplate,
    /// What such an answer promises.
    Replies,
    /// Where a promise ends as a phrase: what follows is only its reason or its condition.
    Tail,
    /// We ask the customer for something.
    Asks,
    /// Something that looks so and is courtesy.
    Offer,
    /// The customer says that it is solved.
    Solved,
    /// The customer is content with what we said, or thanks.
    Content,
    /// We only ask how we did.
    Survey,
    /// The customer still wants something.
    Wants,
    /// The customer has still to do something, and says so.
    TheirTurn,
    /// We say that nothing is left to do.
    Closed,
    /// Somebody has done something.
    Done,
    /// Turns the word after it into its contrary.
    Not,
    Angry,
    Frustrated,
    Worried,
    Pleased,
    /// Makes a mood stronger.
    Very,
}

/// What a phrase says about a day or a time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum When {
    Today,
    Tomorrow,
    DayAfterTomorrow,
    /// The next day of that name.
    Weekday,
    /// The day of that name in the week after this.
    WeekdayNextWeek,
    ThisWeek,
    NextWeek,
    ThisMonth,
    NextMonth,
    /// The next day of the month with that number.
    Day,
    /// A day and a month, and perhaps a year.
    Date,
    /// So many units from now.
    In,
    HalfHour,
    /// So many days on which people work.
    Workdays,
    /// A time of day.
    Clock,
    /// A number that is an hour if a day stands beside it.
    Hour,
    Noon,
    Midnight,
    /// The end of a day that is named beside it, or of this one.
    EndOfDay,
    /// The day that was spoken of last.
    ThatDay,
    /// Not when it is done but what it is about: the date of an invoice.
    Other,
}

/// Short forms that are written with a full stop; without that.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Abbreviations {
    /// These end no sentence.
    pub(crate) always: HashSet<String>,
    /// These end none if a small letter or a number follows.
    pub(crate) before_small: HashSet<String>,
    /// These end none if a number follows.
    pub(crate) before_number: HashSet<String>,
    /// No short forms, but words with which no sentence ends: the line after them continues it.
    pub(crate) unfinished: HashSet<String>,
}

/// The rules of one language.
pub(crate) struct Rules {
    pub(crate) language: Language,
    pub(crate) abbreviations: Abbreviations,
    signs: Patterns<Sign>,
    whens: Patterns<When>,
    weights: BTreeMap<Sign, i32>,
    vocabulary: Vocabulary,
    kinds: HashMap<u32, Kind>,
    common: HashSet<u32>,
    foreign: HashSet<u32>,
    light: HashSet<u32>,
    receivers: HashSet<u32>,
    articles: HashSet<u32>,
}

/// A file of rules.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    common: Vec<String>,
    foreign: Vec<String>,
    light: Vec<String>,
    outsiders: Vec<String>,
    receiver: Vec<String>,
    article: Vec<String>,
    abbreviations: Abbreviations,
    calendar: Calendar,
    sets: BTreeMap<String, Vec<String>>,
    when: BTreeMap<When, Vec<String>>,
    sign: BTreeMap<Sign, Phrases>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Calendar {
    weekdays: Vec<Vec<String>>,
    months: Vec<Vec<String>>,
    units: BTreeMap<Unit, Vec<String>>,
    /// Words for before noon, and for after it.
    halves: Vec<Vec<String>>,
    numbers: BTreeMap<String, u16>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Phrases {
    /// How much it makes a sentence the one that states the issue, in tenths of a point.
    #[serde(default)]
    weight: i32,
    say: Vec<String>,
}

static ENGLISH: LazyLock<Option<Rules>> =
    LazyLock::new(|| Rules::read(Language::English, include_str!("../rules/en.toml")).ok());

impl Rules {
    /// The rules of a language. A file that cannot be read says nothing; a test reads each.
    pub(crate) fn of(language: Language) -> Option<&'static Self> {
        match language {
            Language::English => ENGLISH.as_ref(),
        }
    }

    /// The rules of every language there is.
    pub(crate) fn all() -> impl Iterator<Item = &'static Self> {
        Language::ALL.iter().filter_map(|it| Self::of(*it))
    }

    /// Reads a file of rules; the error says what is wrong with it.
    pub(crate) fn read(language: Language, text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|it| it.to_string())?;
        let mut vocabulary = Vocabulary::new();
        let mut reader = Reader { sets: &file.sets, vocabulary: &mut vocabulary };
        let mut kinds = HashMap::new();
        for (names, kind) in file.calendar.kinds() {
            kinds.extend(names.iter().map(|it| (reader.id(it), kind)));
        }
        let mut set = |words: &[String]| words.iter().map(|it| reader.id(it)).collect();
        // That the vocabulary knows them is enough: then they are no names of people.
        let _: HashSet<u32> = set(&file.outsiders);
        let (common, foreign, light) = (set(&file.common), set(&file.foreign), set(&file.light));
        let (receivers, articles) = (set(&file.receiver), set(&file.article));
        let (mut signs, mut whens) = (Patterns::new(), Patterns::new());
        for (sign, phrases) in &file.sign {
            for it in &phrases.say {
                signs.add(it, *sign, &mut reader)?;
            }
        }
        for (when, phrases) in &file.when {
            for it in phrases {
                whens.add(it, *when, &mut reader)?;
            }
        }
        let weights = file.sign.iter().map(|(sign, it)| (*sign, it.weight)).collect();
        Ok(Self {
            language,
            abbreviations: file.abbreviations,
            signs,
            whens,
            weights,
            vocabulary,
            kinds,
            common,
            foreign,
            light,
            receivers,
            articles,
        })
    }

    /// The number of a word in lower case, 0 for one that no rule names, and what else it is.
    pub(crate) fn known(&self, word: &str) -> (u32, Kind) {
        let id = self.vocabulary.get(word).copied().unwrap_or(0);
        (id, self.kinds.get(&id).copied().unwrap_or_else(|| shape(word)))
    }

    pub(crate) fn signs(&self, words: &[Word]) -> Vec<Hit<Sign>> {
        self.signs.find(words)
    }

    pub(crate) fn whens(&self, words: &[Word]) -> Vec<Hit<When>> {
        self.whens.find(words)
    }

    pub(crate) fn weight(&self, sign: Sign) -> i32 {
        self.weights.get(&sign).copied().unwrap_or(0)
    }

    /// Whether the word is one by which the language is known.
    pub(crate) fn is_common(&self, id: u32) -> bool {
        self.common.contains(&id)
    }

    /// Whether it is one of another language.
    pub(crate) fn is_foreign(&self, id: u32) -> bool {
        self.foreign.contains(&id)
    }

    /// Whether the word says nothing about what a promise is about.
    pub(crate) fn is_light(&self, id: u32) -> bool {
        self.light.contains(&id) || self.common.contains(&id)
    }

    /// Whether the word names to whom something is sent.
    pub(crate) fn is_receiver(&self, id: u32) -> bool {
        self.receivers.contains(&id)
    }

    /// Whether the word begins what is sent.
    pub(crate) fn is_article(&self, id: u32) -> bool {
        self.articles.contains(&id)
    }
}

impl Calendar {
    /// Every word with a meaning of its own.
    fn kinds(&self) -> Vec<(Vec<String>, Kind)> {
        let numbered = |all: &[Vec<String>], kind: fn(i8) -> Kind| -> Vec<(Vec<String>, Kind)> {
            all.iter().zip(1..).map(|(names, number)| (names.clone(), kind(number))).collect()
        };
        let mut out = numbered(&self.weekdays, Kind::Weekday);
        out.extend(numbered(&self.months, Kind::Month));
        out.extend(self.halves.iter().zip(0..).map(|(names, half)| (names.clone(), Kind::Half(half))));
        out.extend(self.units.iter().map(|(unit, names)| (names.clone(), Kind::Unit(*unit))));
        out.extend(self.numbers.iter().map(|(name, number)| (vec![name.clone()], Kind::Number(*number))));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_can_be_read() {
        Rules::read(Language::English, include_str!("../rules/en.toml")).unwrap();
    }
}
