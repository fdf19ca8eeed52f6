//! The whole index at once, where nobody searches yet: what was brought in by the thousand.
//!
//! It comes to what [`index::keep`] makes of an index that is to be made anew. On PostgreSQL each partition is filled
//! before it has its own indexes, which then are made in one go: that takes a quarter of the time.

use domain::Timestamp;
use futures_util::future::try_join;

use super::index::{self, Kept, PARTITION, SPAN, Wordless};
use super::{Item, document};
use crate::bulk::{Cell, put};
use crate::{Db, Param, Result, Tx};

/// So many things are loaded and written at once.
const STEP: usize = 2_000;

/// Makes the index of all that there is. `progress` hears how much is in it, of how much.
pub async fn fill(db: &Db, progress: &(dyn Fn(i64, i64) + Sync)) -> Result<()> {
    let total = index::rebuild(db).await?;
    index::forget_deleted(db).await?;
    if db.is_shared() {
        let last = total / PARTITION;
        // Two at a time: while one is written, the other is made of its texts.
        for nth in (0..=last).step_by(2) {
            let other = async { if nth < last { partition(db, nth + 1).await } else { Ok(()) } };
            try_join(partition(db, nth), other).await?;
            progress(((nth + 2) * PARTITION).min(total), total);
        }
        index::set_whole(db).await?;
    }
    loop {
        match index::keep(db).await? {
            Kept::Nothing => return Ok(()),
            Kept::Building(built, total) => progress(built, total),
            Kept::Some => {}
        }
    }
}

/// Fills one partition with the words of all that is numbered for it.
async fn partition(db: &Db, nth: i64) -> Result<()> {
    let (from, to) = (nth * PARTITION, (nth + 1) * PARTITION);
    let make = async move |tx: &mut Tx| {
        tx.take_time().await?;
        let name = index::partition(nth);
        tx.script(&format!("drop table if exists {name}; create table {name} (like search_words)")).await?;
        let sql = "select seq, kind, customer_id, part_of, item_id from search_docs
                   where seq >= $1 and seq < $2 and hash is null order by seq";
        let wordless: Vec<Wordless> = tx.all(sql, &[&from, &to]).await?;
        tx.run("delete from search_docs where seq >= $1 and seq < $2 and hash is null", &[&from, &to]).await?;
        for part in wordless.chunks(STEP) {
            step(tx, &name, part).await?;
        }
        tx.script(&format!(
            "create index on {name} (seq);
             create index on {name} using gin (words);
             alter table search_words attach partition {name} for values from ({from}) to ({to})"
        ))
        .await
    };
    db.index(make).await
}

async fn step(tx: &mut Tx, name: &str, part: &[Wordless]) -> Result<()> {
    let items: Vec<Item> = part.iter().map(|it| it.1).collect();
    let documents = document::load(tx, &items).await?;
    let (mut docs, mut words) = (Vec::new(), Vec::new());
    let mut spans: Vec<(i64, Timestamp)> = Vec::new();
    for (Wordless(seq, it), document) in part.iter().zip(&documents) {
        let Some(document) = document else { continue };
        let said = document::words(document, true);
        let doc: [&dyn Param; 7] = [seq, &it.kind, &it.customer, &it.part_of, &it.id, &document.at, &said.hash];
        docs.push(doc.iter().map(|it| Cell::from(it.value())).collect());
        words.push(vec![Cell::Int(*seq), Cell::Bytes(packed(&said.vector))]);
        match spans.last_mut().filter(|it| it.0 / SPAN == seq / SPAN) {
            Some(span) => span.1 = span.1.min(document.oldest),
            None => spans.push((*seq, document.oldest)),
        }
    }
    put(tx, "search_docs", "seq, kind, customer_id, part_of, item_id, at, hash", &docs).await?;
    put(tx, name, "seq, words", &words).await?;
    for (seq, oldest) in spans {
        index::span(tx, seq, oldest).await?;
    }
    Ok(())
}

/// A vector as it goes over the wire: how many words, and of each its letters, a zero, and its places.
fn packed(vector: &str) -> Vec<u8> {
    let mut bytes = vec![0; 4];
    let mut count = 0_u32;
    for word in vector.split_whitespace() {
        let (word, places) = word.rsplit_once("':").unwrap_or((word.trim_end_matches('\''), ""));
        let mut all: Vec<u16> = places.split(',').filter_map(|it| it.parse().ok()).collect();
        all.dedup();
        bytes.extend_from_slice(word.trim_start_matches('\'').as_bytes());
        bytes.push(0);
        bytes.extend_from_slice(&u16::try_from(all.len()).unwrap_or_default().to_be_bytes());
        bytes.extend(all.iter().flat_map(|it| it.to_be_bytes()));
        count += 1;
    }
    bytes[..4].copy_from_slice(&count.to_be_bytes());
    bytes
}
