//! What fits best, of the newest.
//!
//! To weigh every hit of a frequent word would take seconds on either engine, so that is not promised: the newest two
//! hundred are weighed by their texts, in the same way on both.

use domain::sought::Sought;

use super::Item;
use super::answer::{Answer, Candidate, PAGE, gather, shown_of};
use super::document;
use super::hits::{Hit, Walk};
use crate::filter::Asked;
use crate::{Read, Result};

/// So many windows of hits are counted.
const WINDOWS: usize = 2;
/// So many are weighed by their texts.
const WEIGHED: usize = 200;

pub(super) async fn answer(rx: &Read, asked: &Asked, walk: &mut Walk<'_>) -> Result<Answer> {
    let mut hits: Vec<Hit> = Vec::new();
    let mut searched = None;
    for _ in 0..WINDOWS {
        let window = walk.next().await?;
        searched = window.hits.last().map(|it| it.at).or(searched);
        hits.extend(window.hits.into_iter().filter(|it| it.case.is_some()));
    }
    let mut cases: Vec<Candidate> = Vec::new();
    gather(&mut cases, hits.clone());
    let whole = walk.is_over();
    hits.truncate(WEIGHED);
    let weighed = hits.len();
    let best = weigh(rx, asked.sought(), hits).await?;
    let mut shown: Vec<Candidate> = Vec::new();
    for hit in best {
        let Some(case) = cases.iter().find(|it| Some(it.of) == hit.case) else { continue };
        if shown.len() < PAGE && !shown.iter().any(|it| it.of.id == case.of.id) {
            shown.push(Candidate { hit, ..case.clone() });
        }
    }
    let found = shown_of(rx, asked.sought(), &shown).await?;
    let hits = cases.iter().map(|it| it.hits).sum();
    let cases = cases.into_iter().map(|it| (it.hit.item.customer, it.of)).collect();
    let searched = searched.filter(|_| !whole);
    Ok(Answer { found, cases, hits, whole, searched, weighed: Some(weighed), ..Answer::default() })
}

/// The heaviest first; of two that weigh the same, the newer.
async fn weigh(rx: &Read, sought: &Sought, hits: Vec<Hit>) -> Result<Vec<Hit>> {
    let items: Vec<Item> = hits.iter().map(|it| it.item).collect();
    let documents = document::load(rx, &items).await?;
    let weight = |it: Option<document::Document>| it.map_or(0.0, |it| sought.weight(&it.tokens()));
    let mut weighed: Vec<(f64, Hit)> = documents.into_iter().map(weight).zip(hits).collect();
    weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.seq.cmp(&a.1.seq)));
    Ok(weighed.into_iter().map(|it| it.1).collect())
}
