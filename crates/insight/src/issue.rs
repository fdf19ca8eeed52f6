//! The issue: the one sentence of the customer that says what they want or what does not work.
//!
//! Every sentence of theirs before our first answer gets points for what it says, and the one with the most is the issue.
//! How many points is written beside the phrases. What they say later counts only if it says that it is what it is really about.

use crate::kind::Kind;
use crate::line::line;
use crate::reading::{Reading, Sentence};
use crate::rules::{Rules, Sign};
use crate::turn::{From, Line};
use crate::words::Word;

/// The sentence that states the issue.
pub(crate) fn issue(readings: &[Reading<'_>], rules: &Rules) -> Option<Line> {
    let customer = |it: &&Reading<'_>| it.from == From::Customer;
    let later = readings.iter().filter(customer).skip(1);
    let restated = later.flat_map(|reading| reading.sentences.iter().map(move |it| (reading, it)));
    let restated = restated.filter(|it| it.1.has(Sign::Restated) && it.1.words.len() > 5).last();
    let first = || {
        let answered = readings.iter().position(|it| it.from == From::Desk).unwrap_or(readings.len());
        let asked = readings.iter().position(|it| it.from == From::Customer)?;
        // We may have written first: then it is their answer.
        let until = if asked > answered { asked + 1 } else { answered };
        let mut best: Option<(i32, &Reading<'_>, &Sentence)> = None;
        for reading in readings[..until].iter().filter(customer) {
            for (index, sentence) in reading.sentences.iter().enumerate() {
                let points = points(sentence, index, rules);
                if sentence.words.len() > 1 && best.is_none_or(|it| it.0 < points) {
                    best = Some((points, reading, sentence));
                }
            }
        }
        best.filter(|it| it.0 > -30).map(|it| (it.1, it.2))
    };
    let (reading, sentence) = restated.or_else(first)?;
    Some(line(reading.text, sentence.span(reading.turn)))
}

/// How much a sentence states the issue, in tenths of a point.
fn points(sentence: &Sentence, index: usize, rules: &Rules) -> i32 {
    // What a machine says is quoted, and is often the issue.
    let weight = |sign: Sign| {
        let said = sentence.signs.iter().any(|it| it.sign == sign);
        if said { 10 * rules.weight(sign) } else { 0 }
    };
    // Several kinds of problem in a sentence make it longer, not much better.
    let mut kinds = [weight(Sign::Problem), weight(Sign::Request), weight(Sign::Trouble)];
    kinds.sort_unstable();
    let [least, middle, most] = kinds;
    let mut out = most + (middle + least) * 3 / 10;
    out += weight(Sign::Point) + weight(Sign::Courtesy) + weight(Sign::Background);
    // Who says what does not work often says in the same breath what comes of it.
    out += if weight(Sign::Problem) > 0 { weight(Sign::Consequence) / 3 } else { weight(Sign::Consequence) };
    out += weight(Sign::Backward) + i32::from(sentence.question) * 10;
    // What is exact names things.
    let exact = |it: &Word| it.quoted || it.id == 0 && it.kind != Kind::Plain;
    out += i32::from(sentence.words.iter().any(exact)) * 6;
    out += match sentence.words.len() {
        0..=2 => -30,
        3 => -10,
        4..=6 => 0,
        7..=11 => 7,
        12..=30 => 10,
        _ => 5,
    };
    // The first sentences say it more often than the last.
    out - i32::try_from(index.min(10)).unwrap_or(10)
}
