//! The Brief, put together.

use crate::issue::issue;
use crate::line::line;
use crate::mood::mood;
use crate::promise::{kept, promised, vague};
use crate::reading::{Reading, read_case};
use crate::rules::{Rules, Sign};
use crate::tried::tried;
use crate::turn::{Brief, From, Line, Promise, Turn, Waiting};
use crate::waiting::{asks, waiting};

/// What someone new to a case must know. `None` if it is in no language that is known here, or if nothing can be said.
pub fn brief(turns: &[Turn<'_>]) -> Option<Brief> {
    let (rules, readings) = read_case(turns)?;
    let promised: Vec<Promise> = readings
        .iter()
        .zip(turns)
        .filter(|it| it.0.from == From::Desk)
        .flat_map(|(reading, turn)| promised(reading, turn.at, rules))
        .collect();
    let open: Vec<&Promise> = promised.iter().filter(|it| !shown_kept(it, &readings, rules)).collect();
    let waiting = waiting(&readings, &open);
    let brief = Brief {
        issue: issue(&readings, rules),
        tried: tried(&readings),
        next: next(&readings, &open, waiting.map(|it| it.0)),
        waiting,
        mood: mood(&readings),
        promised,
    };
    let empty = brief.issue.is_none() && brief.promised.is_empty() && brief.tried.is_empty() && brief.waiting.is_none();
    (!empty).then_some(brief)
}

/// Whether later turns show that the promise was kept: one of ours that names its thing as done. A promise that names nothing,
/// such as "I'll do that today", is kept by whatever was done next; so is one of which the customer said last that all is well.
fn shown_kept(promise: &Promise, readings: &[Reading<'_>], rules: &Rules) -> bool {
    let later = || readings.iter().filter(|it| it.turn > promise.at.turn);
    let content = later().rfind(|it| it.from == From::Customer);
    let content = content.is_some_and(|it| it.sentences.iter().any(|it| it.has(Sign::Content) || it.has(Sign::Solved)));
    let done =
        |it: &Reading<'_>| it.sentences.iter().any(|it| it.has(Sign::Done) && !it.has(Sign::Not) && !it.question);
    later()
        .filter(|it| it.from == From::Desk)
        .any(|it| kept(promise, it.text) || (vague(promise, rules) || content) && done(it))
}

/// What is to be done next.
fn next(readings: &[Reading<'_>], open: &[&Promise], waiting: Option<Waiting>) -> Option<Line> {
    if waiting == Some(Waiting::Nobody) {
        return None;
    }
    if let Some(first) = open.iter().min_by_key(|it| (it.due.is_none(), it.due)) {
        let text = readings.get(first.at.turn)?.text;
        return Some(line(text, first.at));
    }
    let by = |from: From| readings.iter().rev().find(move |it| it.from == from && !it.sentences.is_empty());
    if waiting == Some(Waiting::OnCustomer) {
        let reading = by(From::Desk)?;
        return reading.sentences.iter().rev().find(|it| asks(it)).map(|it| line(reading.text, it.span(reading.turn)));
    }
    let reading = by(From::Customer)?;
    let asked = reading.sentences.iter().rev().find(|it| it.question || it.has(Sign::Request));
    asked.map(|it| line(reading.text, it.span(reading.turn)))
}
