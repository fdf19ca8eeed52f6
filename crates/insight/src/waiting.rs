//! Who waits on whom: what the last turns say about who owes the next step. Notes do not count, for nobody outside reads them.

use crate::reading::{Reading, Sentence};
use crate::rules::Sign;
use crate::turn::{From, Promise, Span, Waiting};

/// Who owes the next step, and the sentence that shows it; `open` are our promises that nothing shows to be kept.
///
/// A question of theirs and a promise of ours make it our turn, whatever else was said: who asks something and promises
/// something is waited for.
pub(crate) fn waiting(readings: &[Reading<'_>], open: &[&Promise]) -> Option<(Waiting, Span)> {
    let said = |it: &&Reading<'_>| it.from != From::Note && !it.sentences.is_empty() && !only_asks_how_we_did(it);
    let said: Vec<&Reading<'_>> = readings.iter().filter(said).collect();
    let (last, before) = said.split_last()?;
    let promised = open.iter().min_by_key(|it| (it.due.is_none(), it.due)).map(|it| (Waiting::OnUs, it.at));
    match last.from {
        From::Customer => customer_last(last, before, promised),
        From::Desk | From::Note => promised.or_else(|| desk_last(last, before)),
    }
}

/// The customer wrote last: we owe an answer, unless they are content or have said what they do next.
fn customer_last(
    last: &Reading<'_>,
    before: &[&Reading<'_>],
    promised: Option<(Waiting, Span)>,
) -> Option<(Waiting, Span)> {
    let all = &last.sentences;
    let first = all.iter().find(|it| it.has(Sign::Wants) || it.question).or(all.first())?;
    let on_us = (Waiting::OnUs, first.span(last.turn));
    let shows = |sign: Sign| all.iter().find(|it| it.has(sign)).map(|it| it.span(last.turn));
    // The first turn of a case is never only thanks.
    let answered = before.iter().any(|it| it.from == From::Desk);
    if !answered || first.question || first.has(Sign::Wants) {
        return Some(on_us);
    }
    if let Some(at) = shows(Sign::Solved) {
        return Some((Waiting::Nobody, at));
    }
    if promised.is_some() {
        return promised;
    }
    if let Some(at) = shows(Sign::TheirTurn) {
        return Some((Waiting::OnCustomer, at));
    }
    let content = shows(Sign::Content).filter(|_| all.iter().map(|it| it.words.len()).sum::<usize>() < 30);
    Some(content.map_or(on_us, |at| (Waiting::Nobody, at)))
}

/// We wrote last, and no promise of ours is open.
fn desk_last(last: &Reading<'_>, before: &[&Reading<'_>]) -> Option<(Waiting, Span)> {
    let shown = |sentence: &Sentence| sentence.span(last.turn);
    if last.sentences.iter().any(|it| it.has(Sign::Boilerplate)) {
        return last.sentences.first().map(|it| (Waiting::OnUs, shown(it)));
    }
    if let Some(asked) = last.sentences.iter().rev().find(|it| asks(it)) {
        return Some((Waiting::OnCustomer, shown(asked)));
    }
    if let Some(it) = last.sentences.iter().find(|it| it.has(Sign::Closed)) {
        return Some((Waiting::Nobody, shown(it)));
    }
    // We say that it is done, and ask nothing: so nobody waits, until they say otherwise.
    let done = last.sentences.iter().find(|it| it.has(Sign::Done) && !it.has(Sign::Not));
    if let Some(it) = done.filter(|_| last.sentences.iter().all(|it| !it.question)) {
        return Some((Waiting::Nobody, shown(it)));
    }
    // Nothing but courtesy: what was before it still holds.
    let courtesy = last.sentences.iter().map(|it| it.words.len()).sum::<usize>() < 6;
    if courtesy && let Some((previous, before)) = before.split_last() {
        return match previous.from {
            From::Customer => customer_last(previous, before, None),
            From::Desk | From::Note => desk_last(previous, before),
        };
    }
    last.sentences.last().map(|it| (Waiting::OnCustomer, shown(it)))
}

/// Whether a turn of ours only asks how we did.
fn only_asks_how_we_did(reading: &Reading<'_>) -> bool {
    reading.from == From::Desk && reading.sentences.iter().any(|it| it.has(Sign::Survey))
}

/// Whether a sentence of ours wants something from the customer.
pub(crate) fn asks(sentence: &Sentence) -> bool {
    (sentence.question || sentence.has(Sign::Asks) && !conditional(sentence)) && !sentence.has(Sign::Offer)
}

/// Whether it asks only in case something happens.
fn conditional(sentence: &Sentence) -> bool {
    sentence.find(Sign::Condition).any(|it| it.start == 0)
}
