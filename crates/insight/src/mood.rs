//! How the customer feels, as far as their last two turns say so plainly.
//!
//! To call somebody angry who is not is the worse mistake: so one weak word decides nothing, and a word that is denied counts
//! for nothing.

use crate::reading::{Reading, Sentence};
use crate::rules::Sign;
use crate::turn::{From, Mood, Span};

/// From so many points on a mood is plain.
const PLAIN: usize = 2;

/// The mood, and the sentence that shows it most.
pub(crate) fn mood(readings: &[Reading<'_>]) -> Option<(Mood, Span)> {
    readings.iter().rev().filter(|it| it.from == From::Customer).take(2).find_map(of_turn)
}

fn of_turn(reading: &Reading<'_>) -> Option<(Mood, Span)> {
    let moods = [
        (Mood::Angry, Sign::Angry, 2),
        (Mood::Frustrated, Sign::Frustrated, 2),
        (Mood::Worried, Sign::Worried, 2),
        (Mood::Pleased, Sign::Pleased, 2),
    ];
    moods.into_iter().find_map(|(mood, sign, weight)| {
        let felt = |it: &Sentence| weight * said(it, sign) + if said(it, sign) > 0 { stress(it) } else { 0 };
        let best = reading.sentences.iter().max_by_key(|it| felt(it))?;
        (felt(best) >= PLAIN).then(|| (mood, best.span(reading.turn)))
    })
}

/// How often a mood is said and not denied.
fn said(sentence: &Sentence, sign: Sign) -> usize {
    let denied = |start: usize| sentence.find(Sign::Not).any(|it| it.end <= start && it.end + 2 >= start);
    sentence.find(sign).filter(|it| !denied(it.start)).count()
}

/// How strongly it is said.
fn stress(sentence: &Sentence) -> usize {
    let capitals = sentence.words.iter().filter(|it| it.capitals).count();
    usize::from(sentence.has(Sign::Very)) + usize::from(sentence.exclaims > 1) + usize::from(capitals > 2)
}
