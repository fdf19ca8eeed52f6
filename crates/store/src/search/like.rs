//! Solved cases that are like another one: they share the words that tell something about it.
//!
//! How telling a word is follows from how rare it is (inverse document frequency, Spärck Jones 1972), and that is estimated
//! from the newest that have it: nobody counts a frequent word to its end. A case is like this one by the part of what
//! tells that it shares.

use std::collections::{HashMap, HashSet};

use domain::sought::{Phrase, Sought};
use domain::tokens::tokens;
use domain::{Case, CaseId, CustomerId, Status};
use futures_util::future::try_join_all;

use super::index::SPAN;
use super::query::{Among, compiled};
use crate::case::{Place, find_within};
use crate::db::Conn;
use crate::{FromRow, Read, Result, Row, Scope, Where, entry, message};

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
/// So many things that share most are placed in their cases.
const PLACED: usize = 256;
/// So many cases that share most are read.
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

/// A thing in the index, and whose it is.
struct Thing {
    seq: i64,
    of: Place,
}

impl FromRow for Thing {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let of = Place { customer: row.get::<CustomerId>("customer_id")?, case: row.get::<CaseId>("part_of")? };
        Ok(Thing { seq: row.get("seq")?, of })
    }
}

/// The cases most like this one, of anybody's whom the scope reaches, that say what solved them.
pub async fn solved(rx: &Read, scope: &Scope, of: &Case) -> Result<Vec<Like>> {
    let mut found = Vec::new();
    for place in most_like(rx, of).await? {
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

/// Those that share most with this one, whatever became of them.
async fn most_like(rx: &Read, of: &Case) -> Result<Vec<Place>> {
    let own: Vec<i64> = rx.all("select seq from search_docs where part_of = $1", &[&of.id]).await?;
    let words = Words::of(rx, of, &own).await?;
    // Where something belongs is looked up only for what has most of the words.
    let things: Vec<(i64, Shared)> = words.most_shared();
    let mut cases: HashMap<CaseId, (Place, Shared)> = HashMap::new();
    let numbers: Vec<i64> = things.iter().map(|it| it.0).collect();
    let these = Where::new("select seq, customer_id, part_of from search_docs").any_of("seq", &numbers);
    for Thing { seq, of } in rx.all::<Thing>(these.sql(), these.args()).await? {
        let shared = things.iter().find(|it| it.0 == seq).map_or(0, |it| it.1);
        cases.entry(of.case).or_insert((of, 0)).1 |= shared;
    }
    let (whole, least) = (words.weight(words.any), words.any.count_ones().min(2));
    let like = cases.into_values().filter(|it| it.1.count_ones() >= least);
    let like = like.map(|it| (words.weight(it.1), it.0)).filter(|it| it.0 >= whole * SHARED);
    let mut like: Vec<(f64, Place)> = like.collect();
    // Of two that share as much, the newer: ids rise with time.
    like.sort_by(|one, two| two.0.total_cmp(&one.0).then(two.1.case.cmp(&one.1.case)));
    Ok(like.into_iter().take(LOOKED_AT).map(|it| it.1).collect())
}

/// Which of the words something has, a bit each.
type Shared = u32;

/// The words of a case that tell something, and what else has them.
struct Words {
    /// What each tells.
    weights: Vec<f64>,
    /// By its number in the index, what is not the case's own.
    things: HashMap<i64, Shared>,
    /// Those that anything else has: one that nothing has is a name, or a slip of the pen.
    any: Shared,
}

impl Words {
    async fn of(rx: &Read, of: &Case, own: &[i64]) -> Result<Words> {
        let end: i64 = rx.one("select coalesce(max(seq), -1) + 1 from search_docs", &[]).await?;
        let all = words_of(rx, of).await?;
        let having = try_join_all(all.iter().map(|it| having(rx, &it.0, end))).await?;
        let mut words = Words { weights: Vec::new(), things: HashMap::new(), any: 0 };
        for ((_, counts), (having, part)) in all.iter().zip(having) {
            if having.len() > FEW && part > FREQUENT {
                continue;
            }
            let bit = 1 << words.weights.len();
            words.weights.push(counts * (1.0 / part).ln());
            for seq in having.into_iter().filter(|it| !own.contains(it)) {
                *words.things.entry(seq).or_default() |= bit;
                words.any |= bit;
            }
        }
        Ok(words)
    }

    fn weight(&self, shared: Shared) -> f64 {
        let has = |at: &usize| shared >> at & 1 == 1;
        self.weights.iter().enumerate().filter(|it| has(&it.0)).map(|it| it.1).sum()
    }

    /// What has most of them; of two that have as much, the newer first.
    fn most_shared(&self) -> Vec<(i64, Shared)> {
        let mut all: Vec<(f64, i64, Shared)> =
            self.things.iter().map(|it| (self.weight(*it.1), *it.0, *it.1)).collect();
        all.sort_by(|one, two| two.0.total_cmp(&one.0).then(two.1.cmp(&one.1)));
        all.into_iter().take(PLACED).map(|it| (it.1, it.2)).collect()
    }
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
async fn having(rx: &Read, word: &str, end: i64) -> Result<(Vec<i64>, f64)> {
    let Some(phrase) = Phrase::of(word) else { return Ok((Vec::new(), 1.0)) };
    let question = compiled(rx, &Sought { all: vec![phrase], none: Vec::new() }, Among::Customers(&[]));
    if let Conn::Sqlite { .. } = rx.conn {
        let sql = "select rowid from search_words where search_words match $1 order by rowid desc limit $2";
        let having: Vec<i64> = rx.all(sql, &[&question, &NEWEST]).await?;
        let whole = i64::try_from(having.len()).is_ok_and(|it| it < NEWEST);
        let from = having.last().filter(|_| !whole).map_or(0, |it| *it);
        let part = having.len().max(1) as f64 / (end - from).max(1) as f64;
        return Ok((having, part));
    }
    // Windows that grow: left to itself the engine would read every hit of a frequent word. Each is planned for its word,
    // and has as many as [`NEWEST`].
    let mut size = SPAN;
    loop {
        let from = (end - size).max(0);
        size *= 16;
        let found = Where::new("with w as materialized (select seq as number from search_words")
            .and("words @@ cast(cast(? as text) as tsquery)", &[&question])
            .and("seq >= ? and seq < ?", &[&from, &end])
            .then(") select number from w order by number desc limit 400");
        let having: Vec<i64> = rx.all(found.sql(), found.args()).await?;
        if having.len() >= ENOUGH || from == 0 {
            let part = having.len().max(1) as f64 / (end - from).max(1) as f64;
            return Ok((having, part));
        }
    }
}
