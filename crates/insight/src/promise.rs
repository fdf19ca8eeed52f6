//! What we promised, and whether we kept it.
//!
//! A promise is a sentence of ours that commits us to do something: "I'll send you the corrected invoice by Wednesday". To see
//! one where there is none is the worse mistake: the customer was told nothing, and the desk would chase itself. So these
//! are none:
//!
//! - what holds only if the customer does something first: "if you send the log, I'll look at it". What waits for us or for
//!   the world still is one: "we'll text you when the line is up";
//! - what is offered, hoped or possible, and what is denied;
//! - how a thing behaves, and what people outside of the desk will do;
//! - what somebody is quoted or reported to have said;
//! - what a machine answers to everybody.
//!
//! One sentence is one promise: what is said in one breath is kept or broken together.

use jiff::civil::DateTime;

use crate::due::{Spoken, spoken};
use crate::language::{Tongue, tongue};
use crate::line::cut;
use crate::pattern::Hit;
use crate::reading::{Reading, Sentence, read};
use crate::rules::{Rules, Sign};
use crate::turn::{Due, From, Promise};
use crate::words::{Gap, Word};

/// More words than this are not few.
const FEW: usize = 14;
/// Nor are more characters.
const SHORT: usize = 90;

/// What a text of ours promises, said at this time of the desk. Quick enough to be asked while somebody types.
pub fn promises(text: &str, said: DateTime) -> Vec<Promise> {
    let rules = match tongue(text) {
        Tongue::Known(language) => Rules::of(language),
        // What is found in so few words is more than their language.
        Tongue::Short => Rules::all().next(),
        Tongue::Other => None,
    };
    let Some(rules) = rules else { return Vec::new() };
    let reading = Reading { turn: 0, from: From::Desk, text, sentences: read(text, rules) };
    promised(&reading, said, rules)
}

/// What one turn of ours promises.
pub(crate) fn promised(reading: &Reading<'_>, said: DateTime, rules: &Rules) -> Vec<Promise> {
    let machine = reading.sentences.iter().any(|it| it.has(Sign::Boilerplate));
    let mut last: Option<Due> = None;
    let mut out = Vec::new();
    for sentence in &reading.sentences {
        if !commits(sentence) || machine && sentence.has(Sign::Replies) {
            continue;
        }
        let spoken = spoken(&sentence.words, said, last, rules);
        if let Some((begin, due)) = found(sentence, &spoken) {
            last = due.or(last);
            let text = phrase(reading.text, sentence, begin, &spoken, rules);
            out.push(Promise { text, due, at: sentence.span(reading.turn) });
        } else {
            last = spoken.last().map(|it| it.due).or(last);
        }
    }
    out
}

/// Whether a later text of ours shows that a promise was kept: it says that something was done, or brings it, and names
/// what the promise was about. Says no where that is not plain.
pub fn kept(promise: &Promise, later: &str) -> bool {
    let Some(rules) = Rules::all().next() else { return false };
    let about = topics(&promise.text, rules);
    !about.is_empty()
        && read(later, rules).iter().any(|it| {
            let said = later.get(it.range.clone()).unwrap_or_default();
            let negated = it.has(Sign::Not);
            it.has(Sign::Done) && !negated && !it.question && topics(said, rules).iter().any(|it| about.contains(it))
        })
}

/// Whether a promise names nothing by which one could know that it was kept.
pub(crate) fn vague(promise: &Promise, rules: &Rules) -> bool {
    topics(&promise.text, rules).is_empty()
}

/// The beginnings of the words of a text that say what it is about: so far, forms of one word are alike.
fn topics(text: &str, rules: &Rules) -> Vec<String> {
    let whole = 0..text.len();
    crate::words::words(text, &whole, &[], rules)
        .iter()
        .filter(|it| !rules.is_light(it.id) && it.kind == crate::kind::Kind::Plain)
        .map(|it| text[it.start..it.end].to_lowercase())
        .filter(|it| it.chars().count() > 3)
        .map(|it| it.chars().take(6).collect())
        .collect()
}

/// Whether the sentence may promise something at all; looked at before dates are, for most sentences do not.
fn commits(sentence: &Sentence) -> bool {
    [Sign::Commit, Sign::Committed, Sign::Timed].iter().any(|it| sentence.has(*it))
}

/// Where the promise of a sentence begins, and by when it is due.
fn found(sentence: &Sentence, spoken: &[Spoken]) -> Option<(usize, Option<Due>)> {
    let mut candidates: Vec<(usize, usize)> = Vec::new();
    for hit in &sentence.signs {
        let begin = match hit.sign {
            Sign::Commit => verb(sentence, hit.end),
            Sign::Committed => Some(verb_within(sentence, hit)),
            Sign::Timed if spoken.iter().any(|it| !it.back) => Some(verb_within(sentence, hit)),
            _ => None,
        };
        let Some(begin) = begin else { continue };
        if !sentence.words[hit.start].quoted && holds(sentence, hit) {
            candidates.push((hit.start, begin));
        }
    }
    candidates.sort_unstable();
    // What begins before the verb of another is part of it.
    let mut reached = 0;
    candidates.retain(|it| {
        let apart = it.0 >= reached;
        reached = reached.max(it.1);
        apart
    });
    let due_of = |start: usize, until: usize| {
        let inside = || spoken.iter().filter(|it| it.end > start && it.start < until);
        let arrival = sentence.find(Sign::Arrives).find_map(|arrives| inside().find(|it| it.start >= arrives.end));
        arrival.or_else(|| inside().next()).map(|it| it.due)
    };
    let with_due = candidates.iter().enumerate().find_map(|(index, it)| {
        let until = candidates[index + 1..].iter().find(|next| next.1 != it.1).map_or(usize::MAX, |it| it.0);
        due_of(it.0, until).map(|due| (it.1, Some(due)))
    });
    with_due.or_else(|| candidates.first().map(|it| (it.1, due_of(0, it.0))))
}

/// The verb of a commitment whose first words end here, if it is one that commits.
fn verb(sentence: &Sentence, mut at: usize) -> Option<usize> {
    while let Some(hit) = sentence.find(Sign::Between).find(|it| it.start == at) {
        at = hit.end;
    }
    sentence.words.get(at).filter(|it| it.gap < Gap::Strong)?;
    (!sentence.find(Sign::Refused).any(|it| it.start == at)).then_some(at)
}

/// The verb in a whole commitment: what comes after who commits, if that can be told.
fn verb_within(sentence: &Sentence, hit: &Hit<Sign>) -> usize {
    let commit =
        sentence.find(Sign::Commit).filter(|it| it.start == hit.start && it.end < hit.end).map(|it| it.end).max();
    commit.and_then(|it| verb(sentence, it)).unwrap_or(hit.start)
}

/// Whether a commitment is neither conditional nor asked, denied or reported.
fn holds(sentence: &Sentence, hit: &Hit<Sign>) -> bool {
    let words = &sentence.words;
    let whether: Vec<_> = sentence.find(Sign::Whether).collect();
    let real = |it: &Hit<Sign>| !whether.iter().any(|whether| (whether.start..whether.end).contains(&it.start));
    let condition = sentence.find(Sign::Condition).filter(real).any(|it| {
        if it.start < hit.start {
            // A condition holds to the end of the sentence, unless it hangs on something before.
            words[it.start..hit.start].iter().skip(1).all(|it| it.gap < Gap::Strong)
        } else {
            let word = &words[it.start];
            let linked = it.start > 0 && word.gap == Gap::None;
            linked && words[hit.start..=it.start].iter().skip(1).all(|it| it.gap < Gap::Strong)
        }
    });
    let joined = |it: Hit<Sign>| {
        let (from, to) = (it.start.min(hit.start), it.end.max(hit.end));
        words[from..to].iter().skip(1).all(|it| it.gap < Gap::Strong)
    };
    let denied = sentence.find(Sign::Unpromised).any(joined);
    let asked = sentence.question && !words[hit.end..].iter().any(|it| it.gap > Gap::None);
    let refused = hit.sign != Sign::Commit
        && sentence.find(Sign::Commit).any(|it| it.start == hit.start && negated_after(sentence, it.end));
    !condition && !denied && !asked && !refused
}

/// Whether the next word denies.
fn negated_after(sentence: &Sentence, at: usize) -> bool {
    sentence.find(Sign::Not).any(|it| it.start == at)
}

/// The promise in few words: from its verb on, without whom it is sent to, without by when, and without the reason.
fn phrase(text: &str, sentence: &Sentence, begin: usize, spoken: &[Spoken], rules: &Rules) -> String {
    let words = &sentence.words;
    let ends = |at: usize, word: &Word| {
        at > begin + 1
            && (word.gap == Gap::Strong || sentence.find(Sign::Tail).any(|it| it.start == at) || at >= begin + FEW)
    };
    let mut out: Vec<&str> = Vec::new();
    for (at, word) in words.iter().enumerate().skip(begin) {
        if ends(at, word) || word.gap == Gap::Comma && at > begin + 3 {
            break;
        }
        let when = spoken.iter().any(|it| (it.start..it.end).contains(&at));
        let receiver = at == begin + 1
            && rules.is_receiver(word.id)
            && words.get(at + 1).is_some_and(|it| rules.is_article(it.id))
            && !spoken.iter().any(|it| it.start == at + 1);
        if !when && !receiver {
            out.extend(text.get(word.start..word.end));
        }
    }
    if out.is_empty() {
        out.extend(text.get(sentence.range.clone()));
    }
    cut(&out.join(" "), SHORT)
}
