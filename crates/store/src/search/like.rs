//! Solved cases that are like another one: they share the words that tell something about it.
//!
//! How telling a word is follows from how rare it is (inverse document frequency, Spärck Jones 1972), and that is estimated
//! from the newest that have it: nobody counts a frequent word to its end. A case is like this one by the part of what
//! tells that it shares.

use std::collections::{HashMap, HashSet};

use domain::sought::{Phrase, Sought};
use domain::tokens::tokens;
use domain::{Case, CaseId, CustomerId, Status};

use super::index::SPAN;
use super::query::{Among, compiled};
use crate::case::{Place, find_within};
use crate::db::Conn;
use crate::{FromRow, Read, Result, Row, Scope, entry, message};

/// So many different words of a case are looked up.
const WORDS: usize = 24;
/// So much of what they wrote first is read, in bytes.
const READ: usize = 2_000;
/// So many of the newest that have a word are taken.
const NEWEST: i64 = 400;
/// So many hits within a window are enough to say how frequent a word is.
const ENOUGH: usize = 100;
/// A word that such a part of all has tells nothing, unless all is very little.
const FREQUENT: f64 = 0.1;
const FEW: usize = 20;
/// A word of the subject tells more than one of the text.
const SUBJECT: f64 = 1.5;
/// What is like a case shares so much of what tells.
const SHARED: f64 = 0.25;
/// So many that share most are read.
const LOOKED_AT: usize = 40;
/// So many are shown.
pub const MOST: usize = 3;

/// A solved case that is like the one that was asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Like {
    /// Its number.
    pub number: i64,
    /// What it is about.
    pub subject: String,
    /// What solved it.
    pub resolution: String,
}

/// A thing that has a word.
struct Having {
    seq: i64,
    case: Place,
}

impl FromRow for Having {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let case = Place { customer: row.get::<CustomerId>("customer_id")?, case: row.get::<CaseId>("part_of")? };
        Ok(Having { seq: row.get("seq")?, case })
    }
}

/// The cases most like this one, of anybody's whom the scope reaches, that say what solved them.
pub async fn solved(rx: &Read, scope: &Scope, of: &Case) -> Result<Vec<Like>> {
    let end: i64 = rx.one("select coalesce(max(seq), -1) + 1 from search_docs", &[]).await?;
    let mut shared: HashMap<CaseId, (Place, f64, usize)> = HashMap::new();
    let (mut all, mut words) = (0.0, 0);
    for (word, counts) in words_of(rx, of).await? {
        let (having, part) = having(rx, &word, end).await?;
        if having.len() > FEW && part > FREQUENT {
            continue;
        }
        let weight = counts * (1.0 / part).ln();
        let cases: HashMap<CaseId, Place> = having.into_iter().map(|it| (it.case.case, it.case)).collect();
        let others = cases.into_iter().filter(|it| it.0 != of.id);
        let mut any = false;
        for (id, place) in others {
            let known = shared.entry(id).or_insert((place, 0.0, 0));
            (known.1, known.2, any) = (known.1 + weight, known.2 + 1, true);
        }
        // A word that nothing else has is a name, or a slip of the pen.
        if any {
            (all, words) = (all + weight, words + 1);
        }
    }
    let mut best: Vec<(Place, f64)> =
        shared.into_values().filter(|it| it.1 >= all * SHARED && it.2 >= words.min(2)).map(|it| (it.0, it.1)).collect();
    // Of two that share as much, the newer: ids rise with time.
    best.sort_by(|one, two| two.1.total_cmp(&one.1).then(two.0.case.cmp(&one.0.case)));
    let mut found = Vec::new();
    for (place, _) in best.into_iter().take(LOOKED_AT) {
        let case = find_within(rx, scope, place).await?;
        let Some(case) = case.filter(|it| it.aside.is_none() && it.merged.is_none()) else { continue };
        if !matches!(case.status, Status::Resolved | Status::Closed) {
            continue;
        }
        if let Some(resolution) = case.resolution.filter(|it| !it.trim().is_empty()) {
            found.push(Like { number: case.number, subject: case.subject, resolution });
        }
        if found.len() == MOST {
            break;
        }
    }
    Ok(found)
}

/// The different words of a case, and how much each counts: those of its subject, and of what they wrote first.
async fn words_of(rx: &Read, of: &Case) -> Result<Vec<(String, f64)>> {
    let first = match entry::opened_with(rx, of.customer, of.id).await? {
        Some(id) => message::find(rx, of.customer, of.id, id).await?,
        None => None,
    };
    let text = first.as_ref().map_or("", |it| it.own_words());
    let text = &text[..text.floor_char_boundary(READ)];
    let (mut seen, mut all) = (HashSet::new(), Vec::new());
    for (text, counts) in [(of.subject.as_str(), SUBJECT), (text, 1.0)] {
        // Numbers name one thing, and short words none.
        let telling = |it: &str| it.chars().count() > 2 && it.chars().all(char::is_alphabetic);
        for word in tokens(text).words.into_iter().map(|it| it.text).filter(|it| telling(it)) {
            if seen.insert(word.clone()) {
                all.push((word, counts));
            }
        }
    }
    // A long text tells by its long words.
    if all.len() > WORDS {
        all.sort_by_key(|it| std::cmp::Reverse((it.1 > 1.0, it.0.chars().count())));
        all.truncate(WORDS);
    }
    Ok(all)
}

/// The newest that have a word, and which part of all has it.
#[expect(clippy::cast_precision_loss, reason = "no index has so many entries")]
async fn having(rx: &Read, word: &str, end: i64) -> Result<(Vec<Having>, f64)> {
    let Some(phrase) = Phrase::of(word) else { return Ok((Vec::new(), 1.0)) };
    let question = compiled(rx, &Sought { all: vec![phrase], none: Vec::new() }, Among::Customers(&[]));
    if let Conn::Sqlite { .. } = rx.conn {
        let sql = "select d.seq, d.customer_id, d.part_of from search_words cross join search_docs d
                    on d.seq = search_words.rowid
                   where search_words match $1 order by search_words.rowid desc limit $2";
        let having: Vec<Having> = rx.all(sql, &[&question, &NEWEST]).await?;
        let whole = i64::try_from(having.len()).is_ok_and(|it| it < NEWEST);
        let from = having.last().filter(|_| !whole).map_or(0, |it| it.seq);
        let part = having.len().max(1) as f64 / (end - from).max(1) as f64;
        return Ok((having, part));
    }
    // Windows that grow: left to itself the engine would read every hit of a frequent word.
    let sql = "with w as materialized (
                select seq as number from search_words
                where words @@ cast(cast($1 as text) as tsquery) and seq >= $2 and seq < $3)
               select d.seq, d.customer_id, d.part_of from (select number from w order by number desc limit $4) as w
               join search_docs d on d.seq = w.number";
    let mut from = end;
    loop {
        from = if from == end {
            (end - SPAN).max(0)
        } else if end - from <= SPAN {
            (end - SPAN * 16).max(0)
        } else {
            0
        };
        let having: Vec<Having> = rx.all(sql, &[&question, &from, &end, &NEWEST]).await?;
        if having.len() >= ENOUGH || from == 0 {
            let part = having.len().max(1) as f64 / (end - from).max(1) as f64;
            return Ok((having, part));
        }
    }
}
