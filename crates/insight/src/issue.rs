//! The issue: the one sentence of the customer that says what they want or what does not work.
//!
//! Every sentence of theirs before our first answer gets points, and the one with the most is the issue. It gets them for
//! what it says, for how much it names, for where it stands, and for what it shares with the other sentences and with our
//! first answer: who answers has understood what it is about. What they say later counts only if it says that it is what
//! it is really about.
//!
//! How many points a phrase gives stands beside the phrases in the rules, the rest stands here. All of them are one linear
//! model, fitted to the development half of the labelled cases (multinomial logit over the sentences of a case, with an L2
//! penalty of 1) and rounded to tenths of a point; only courtesy was made worse by hand, so that no greeting is shown.
//! Which parts the model has was decided by cross-validation in 20 parts of that half. What did not help there was left
//! out: how far down a sentence stands, whether it says "since" or "but", whether it begins with "it". The held-back half
//! has chosen nothing.

use std::collections::{HashMap, HashSet};

use crate::line::line;
use crate::reading::{Reading, Sentence};
use crate::rules::{Rules, Sign};
use crate::turn::{From, Line};

/// A case in which no sentence has more tenths of a point than this states no issue: chosen by hand, below every labelled
/// sentence of the development half, and above greetings and signatures.
const SILENT: i32 = 0;
/// Asks for more than one thing, or in more than one way.
const ASKS_TWICE: i32 = 10;
/// Ends with a question mark.
const QUESTION: i32 = 8;
/// Has two numbers, which are often set against each other.
const NUMBERS: i32 = 8;
/// For each "the" and "your", three at most: who names things is exact.
const NAMES: i32 = 3;
/// For every ten characters, up to `LONG` of them.
const LENGTH: i32 = 3;
const LONG: usize = 90;
/// Three words or less.
const SHORT: i32 = -10;
/// The first sentence that tells something, which most often leads to the issue.
const OPENING: i32 = -11;
/// The last of three or more, which most often says what is hoped for.
const LAST: i32 = -14;
/// For each topic that our first answer takes up, `SHARED` at most.
const ANSWERED: i32 = 4;
/// For each topic that another sentence of theirs speaks of, too.
const CENTRAL: i32 = 4;
const SHARED: usize = 3;

/// A sentence that may state the issue.
struct Candidate<'a> {
    reading: &'a Reading<'a>,
    sentence: &'a Sentence,
    topics: Vec<Topic>,
}

/// The beginning of a word, in lower case: so far, forms of one word are alike. Five characters of 21 bits.
type Topic = u128;

/// The sentence that states the issue.
pub(crate) fn issue(readings: &[Reading<'_>], rules: &Rules) -> Option<Line> {
    let (reading, sentence) = restated(readings).or_else(|| stated(readings, rules))?;
    Some(line(reading.text, sentence.span(reading.turn)))
}

/// What they say later that it is really about.
fn restated<'a>(readings: &'a [Reading<'a>]) -> Option<(&'a Reading<'a>, &'a Sentence)> {
    let later = readings.iter().filter(|it| it.from == From::Customer).skip(1);
    let all = later.flat_map(|reading| reading.sentences.iter().map(move |it| (reading, it)));
    all.filter(|it| it.1.has(Sign::Restated) && it.1.words.len() > 5).last()
}

/// What they say before we answer.
fn stated<'a>(readings: &'a [Reading<'a>], rules: &Rules) -> Option<(&'a Reading<'a>, &'a Sentence)> {
    let answered = readings.iter().position(|it| it.from == From::Desk).unwrap_or(readings.len());
    let asked = readings.iter().position(|it| it.from == From::Customer)?;
    // We may have written first: then it is their answer.
    let until = if asked > answered { asked + 1 } else { answered };
    let mut candidates = Vec::new();
    for reading in readings[..until].iter().filter(|it| it.from == From::Customer) {
        for sentence in reading.sentences.iter().filter(|it| it.words.len() > 1) {
            candidates.push(Candidate { reading, sentence, topics: topics(reading.text, sentence, rules) });
        }
    }
    let answer = readings[until..].iter().find(|it| it.from == From::Desk);
    let answer: HashSet<Topic> = answer
        .iter()
        .flat_map(|it| it.sentences.iter().flat_map(|sentence| topics(it.text, sentence, rules)))
        .collect();
    let mut spoken: HashMap<Topic, usize> = HashMap::new();
    for topic in candidates.iter().flat_map(|it| &it.topics) {
        *spoken.entry(*topic).or_default() += 1;
    }
    let telling = || candidates.iter().enumerate().filter(|it| tells(it.1.sentence)).map(|it| it.0);
    let opening = telling().next();
    let last = telling().next_back().filter(|_| telling().nth(2).is_some());

    let mut best: Option<(i32, &Candidate<'_>)> = None;
    for (index, it) in candidates.iter().enumerate() {
        let shared = |also: &dyn Fn(&Topic) -> bool| count(it.topics.iter().filter(|it| also(it)).take(SHARED));
        let points = said(it.sentence, rules)
            + named(it, rules)
            + shared(&|it| answer.contains(it)) * ANSWERED
            + shared(&|it| spoken.get(it).is_some_and(|it| *it > 1)) * CENTRAL
            + if opening == Some(index) { OPENING } else { 0 }
            + if last == Some(index) { LAST } else { 0 };
        if points > SILENT && best.is_none_or(|it| it.0 < points) {
            best = Some((points, it));
        }
    }
    best.map(|it| (it.1.reading, it.1.sentence))
}

/// The points for what a sentence says.
fn said(sentence: &Sentence, rules: &Rules) -> i32 {
    // What a machine says is quoted, and is often the issue.
    let hits = |sign: Sign| sentence.signs.iter().filter(move |it| it.sign == sign).count();
    let weight = |sign: Sign| if hits(sign) > 0 { rules.weight(sign) } else { 0 };
    let signs = [
        Sign::Request,
        Sign::Point,
        Sign::Courtesy,
        Sign::Vague,
        Sign::Background,
        Sign::Praise,
        Sign::Consequence,
        // What fails is most often also denied: that is said once.
        if hits(Sign::Problem) > 0 { Sign::Problem } else { Sign::Lack },
    ];
    signs.into_iter().map(weight).sum::<i32>()
        + if hits(Sign::Request) > 1 { ASKS_TWICE } else { 0 }
        + if sentence.question { QUESTION } else { weight(Sign::Addressed) }
}

/// The points for how much it names.
fn named(candidate: &Candidate<'_>, rules: &Rules) -> i32 {
    let Candidate { reading, sentence, .. } = candidate;
    let words = &sentence.words;
    let number = |start: usize| reading.text[start..].starts_with(|it: char| it.is_ascii_digit());
    let text = &reading.text[sentence.range.clone()];
    count(words.iter().filter(|it| rules.is_article(it.id)).take(3)) * NAMES
        + count(text.chars().take(LONG)) * LENGTH / 10
        + if words.len() < 4 { SHORT } else { 0 }
        + if words.iter().filter(|it| number(it.start)).count() > 1 { NUMBERS } else { 0 }
}

/// Whether a sentence is more than a greeting or a name.
fn tells(sentence: &Sentence) -> bool {
    sentence.words.len() > 3 && !sentence.signs.iter().any(|it| it.sign == Sign::Courtesy)
}

/// What a sentence speaks of, each topic once.
fn topics(text: &str, sentence: &Sentence, rules: &Rules) -> Vec<Topic> {
    let mut out: Vec<Topic> = Vec::with_capacity(sentence.words.len());
    for word in sentence.words.iter().filter(|it| !rules.is_light(it.id)) {
        let lower = || text[word.start..word.end].chars().flat_map(char::to_lowercase);
        if lower().nth(2).is_some() {
            out.push(lower().take(5).fold(0, |topic, it| topic << 21 | Topic::from(u32::from(it))));
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// How many there are, of a few.
fn count<T>(all: impl Iterator<Item = T>) -> i32 {
    i32::try_from(all.count()).unwrap_or(i32::MAX)
}
