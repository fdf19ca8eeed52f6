//! The index itself: how it is kept, and made anew.

use std::collections::{HashMap, HashSet};

use domain::{Findable, Timestamp};
use uuid::Uuid;

use super::document::{self, Document};
use super::{Item, queue};
use crate::db::Conn;
use crate::{Db, FromRow, Read, Result, Row, Sql, Tx, Where};

/// An index of another version is made anew.
const VERSION: i64 = crate::sqlite::INDEX_VERSION;
/// So many things make a span; the age of its oldest is kept.
pub(super) const SPAN: i64 = 4_096;
/// So many are in a partition on PostgreSQL.
pub(super) const PARTITION: i64 = 250_000;
/// So many are written at once, while it is made anew.
const STEP: i64 = 1_000;

/// How the index is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    version: i64,
    /// Up to here it has been made anew; none if it is whole.
    pub built: Option<i64>,
    /// As far as that goes.
    pub total: i64,
    batch: i64,
    erased: bool,
}

impl FromRow for State {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(State {
            version: row.get("version")?,
            built: row.get("built")?,
            total: row.get("total")?,
            batch: row.get("batch")?,
            erased: row.get("erased")?,
        })
    }
}

impl State {
    /// Whether all is in it that was there when it was made.
    pub fn is_whole(&self) -> bool {
        self.version == VERSION && self.built.is_none()
    }
}

/// Whoever keeps the index makes it anew.
pub async fn outdate(db: &Db) -> Result<()> {
    db.index(async |tx| tx.run("update search_states set version = 0 where id = 1", &[]).await.map(drop)).await
}

/// How the index is; nothing if there is none.
pub async fn state(rx: &Read) -> Result<Option<State>> {
    rx.find("select version, built, total, batch, erased from search_states where id = 1", &[]).await
}

/// What one call of [`keep`] has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// There was nothing to do.
    Nothing,
    /// There may be more of it.
    Some,
    /// It is being made anew, and is so far, of so many.
    Building(i64, i64),
}

/// Goes on with the index by one step: what waits, what an index lacks that is being made anew, what the deleted left
/// behind. Only one may do this at a time. What it has begun and not ended is done once more after a crash.
pub async fn keep(db: &Db) -> Result<Kept> {
    let (state, mark) = db.read(async |rx| Ok::<_, crate::Error>((state(rx).await?, queue::mark(rx).await?))).await?;
    let whole = |it: &State| it.version == VERSION && belongs(it.batch, mark);
    let Some(state) = state.filter(whole) else {
        let total = rebuild(db).await?;
        return Ok(Kept::Building(0, total));
    };
    let waited = from_queue(db, mark.unwrap_or_default() + 1).await?;
    if let Some(built) = state.built {
        let built = go_on(db, built, state.total).await?;
        return Ok(Kept::Building(built.unwrap_or(state.total), state.total));
    }
    if waited {
        return Ok(Kept::Some);
    }
    Ok(if state.erased && erase(db).await? { Kept::Some } else { Kept::Nothing })
}

/// The database has forgotten of the queue what is in the index; or the last of that not yet, after a crash. Anything else
/// is an index of another day: one of the two was put back from a backup.
fn belongs(batch: i64, mark: Option<i64>) -> bool {
    mark.is_some_and(|mark| batch == mark || batch == mark + 1)
}

/// Takes what waits, puts it into the index, and then out of the queue. Whether there was anything.
async fn from_queue(db: &Db, batch: i64) -> Result<bool> {
    let (taken, documents) = db
        .read(async |rx| {
            let taken = queue::take(rx).await?;
            let documents = document::load(rx, &taken.items).await?;
            Ok::<_, crate::Error>((taken, documents))
        })
        .await?;
    if taken.is_empty() {
        return Ok(false);
    }
    let items = taken.items.clone();
    // On PostgreSQL one transaction would do; the order alone is as good.
    db.index(async move |tx| {
        write(tx, &items, &documents).await?;
        tx.run("update search_states set batch = $1 where id = 1", &[&batch]).await
    })
    .await?;
    db.write([], async move |tx| queue::done(tx, &taken, batch).await).await?;
    Ok(true)
}

/// What is in the index of a thing.
struct Known {
    item: Uuid,
    seq: i64,
    hash: Option<i64>,
    part_of: Uuid,
}

impl FromRow for Known {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Known {
            item: row.get("item_id")?,
            seq: row.get("seq")?,
            hash: row.get("hash")?,
            part_of: row.get("part_of")?,
        })
    }
}

async fn known(tx: &Tx, items: &[Item]) -> Result<HashMap<Uuid, Known>> {
    let mut known = HashMap::new();
    for part in items.chunks(512) {
        let ids: Vec<Uuid> = part.iter().map(|it| it.id).collect();
        let these = Where::new("select item_id, seq, hash, part_of from search_docs").any_of("item_id", &ids);
        let found: Vec<Known> = tx.all(these.sql(), these.args()).await?;
        known.extend(found.into_iter().map(|it| (it.item, it)));
    }
    Ok(known)
}

/// Makes the index say of these things what they say now.
async fn write(tx: &mut Tx, items: &[Item], documents: &[Option<Document>]) -> Result<()> {
    let known = known(tx, items).await?;
    let next: i64 = tx.one("select coalesce(max(seq), -1) + 1 from search_docs", &[]).await?;
    let mut fresh: Vec<&Document> = Vec::new();
    // What moved has been named where it was, too.
    let there: HashSet<Uuid> = documents.iter().flatten().map(|it| it.item.id).collect();
    for (item, document) in items.iter().zip(documents) {
        match (known.get(&item.id), document) {
            (None, Some(document)) => fresh.push(document),
            (Some(known), Some(document)) => again(tx, known, document).await?,
            (_, None) if there.contains(&item.id) => {}
            (_, None) => forget(tx, item).await?,
        }
    }
    // What waited is not in order: several nodes wrote it.
    fresh.sort_by_key(|it| (it.at, it.item.id));
    fresh.dedup_by_key(|it| it.item.id);
    make_room(tx, next, next + i64::try_from(fresh.len()).unwrap_or(PARTITION)).await?;
    for (seq, it) in (next..).zip(&fresh) {
        let Item { kind, customer, part_of, id } = it.item;
        let words = document::words(it, is_postgres(tx));
        let sql = "insert into search_docs (seq, kind, customer_id, part_of, item_id, at, hash)
                   values ($1, $2, $3, $4, $5, $6, $7)";
        tx.put(sql, &[&seq, &kind, &customer, &part_of, &id, &it.at, &words.hash]).await?;
        span(tx, seq, it.oldest).await?;
        insert(tx, seq, &words).await?;
    }
    Ok(())
}

/// A thing that is in the index already keeps its number, wherever it is now.
async fn again(tx: &mut Tx, known: &Known, it: &Document) -> Result<()> {
    let words = document::words(it, is_postgres(tx));
    if known.hash == Some(words.hash) && known.part_of == it.item.part_of {
        return Ok(());
    }
    // The words of what has none yet are on their way, and will be those of then.
    let hash = known.hash.map(|_| words.hash);
    let sql = "update search_docs set customer_id = $2, part_of = $3, hash = $4 where seq = $1";
    tx.put(sql, &[&known.seq, &it.item.customer, &it.item.part_of, &hash]).await?;
    if hash.is_none() {
        return Ok(());
    }
    span(tx, known.seq, it.oldest).await?;
    remove(tx, known.seq).await?;
    insert(tx, known.seq, &words).await
}

/// Takes a thing out that is gone; with a case or a customer, all that was part of it.
async fn forget(tx: &mut Tx, item: &Item) -> Result<()> {
    let gone: Vec<i64> = match item.kind {
        Findable::Case | Findable::Customer => {
            tx.all("select seq from search_docs where part_of = $1", &[&item.part_of]).await?
        }
        _ => tx.all("select seq from search_docs where item_id = $1", &[&item.id]).await?,
    };
    for seq in &gone {
        remove(tx, *seq).await?;
        tx.put("delete from search_docs where seq = $1", &[seq]).await?;
    }
    if !gone.is_empty() {
        tx.put("update search_states set erased = 1 where id = 1", &[]).await?;
    }
    Ok(())
}

async fn insert(tx: &mut Tx, seq: i64, it: &document::Words) -> Result<()> {
    if !is_postgres(tx) {
        let sql = "insert into search_words (rowid, tag, whole, body) values ($1, $2, $3, $4)";
        return tx.run(sql, &[&seq, &it.tag, &it.whole, &it.body]).await.map(drop);
    }
    let sql = "insert into search_words (seq, words) values ($1, cast(cast($2 as text) as tsvector))";
    tx.put(sql, &[&seq, &it.vector]).await
}

async fn remove(tx: &mut Tx, seq: i64) -> Result<()> {
    if is_postgres(tx) {
        return tx.put("delete from search_words where seq = $1", &[&seq]).await;
    }
    tx.run("delete from search_words where rowid = $1", &[&seq]).await.map(drop)
}

pub(super) async fn span(tx: &mut Tx, seq: i64, oldest: Timestamp) -> Result<()> {
    let sql = "insert into search_spans (first, oldest) values ($1, $2)
               on conflict (first) do update set oldest = excluded.oldest where search_spans.oldest > excluded.oldest";
    tx.put(sql, &[&(seq / SPAN * SPAN), &oldest]).await
}

fn is_postgres(rx: &Read) -> bool {
    matches!(rx.conn, Conn::Postgres(_))
}

/// Makes room for what follows `first`: PostgreSQL has a partition for each part of the numbers.
async fn make_room(tx: &mut Tx, first: i64, last: i64) -> Result<()> {
    if !is_postgres(tx) {
        return Ok(());
    }
    for nth in first / PARTITION..=last / PARTITION {
        let (from, to) = (nth * PARTITION, (nth + 1) * PARTITION);
        let name = partition(nth);
        tx.script(&format!(
            "create table if not exists {name} partition of search_words for values from ({from}) to ({to})"
        ))
        .await?;
    }
    Ok(())
}

/// The partition of a part of the numbers.
pub(super) fn partition(nth: i64) -> String {
    format!("search_words_{nth}")
}

/// Begins to make the index anew: empties it, and numbers all that there is by its age. The words follow step by step.
/// Answers how much that is.
pub async fn rebuild(db: &Db) -> Result<i64> {
    // What is written from now on waits in the queue until it is numbered, behind all this.
    let mark = db
        .write([], async |tx| {
            let mark = queue::mark(tx).await?.unwrap_or_default();
            queue::set_mark(tx, mark).await.map(|()| mark)
        })
        .await?;
    db.index(async move |tx| {
        tx.take_time().await?;
        empty(tx).await?;
        tx.run(EVERYTHING, &[]).await?;
        let total: i64 = tx.one("select coalesce(max(seq), -1) + 1 from search_docs", &[]).await?;
        let sql = "insert into search_states (id, version, built, total, batch, erased) values (1, $1, 0, $2, $3, 1)
                   on conflict (id) do update set version = excluded.version, built = excluded.built,
                    total = excluded.total, batch = excluded.batch, erased = 1";
        tx.run(sql, &[&VERSION, &total, &mark]).await?;
        Ok(total)
    })
    .await
}

async fn empty(tx: &mut Tx) -> Result<()> {
    if is_postgres(tx) {
        return tx.script("truncate table search_words, search_docs, search_spans").await;
    }
    tx.run("insert into search_words (search_words) values ('delete-all')", &[]).await?;
    tx.run("delete from search_docs", &[]).await?;
    tx.run("delete from search_spans", &[]).await.map(drop)
}

/// It reads every table from end to end, which nothing else does.
const EVERYTHING: &str = "insert into search_docs (seq, kind, customer_id, part_of, item_id, at)
    select row_number() over (order by at, item_id) - 1, kind, customer_id, part_of, item_id, at from (
     select 'message' as kind, customer_id, case_id as part_of, id as item_id, at from messages where state <> 'taken_back'
     union all select 'note', customer_id, case_id, id, at from entries where fact = 'noted' and case_id is not null
     union all select 'case', customer_id, id, id, opened_at from cases
     union all select 'contact', customer_id, customer_id, id, created_at from contacts
     union all select 'customer', customer_id, customer_id, customer_id, created_at from customers
    ) as everything /* from end to end */";

/// A thing without its words.
pub(super) struct Wordless(pub i64, pub Item);

impl FromRow for Wordless {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let (kind, customer) = (row.get("kind")?, row.get("customer_id")?);
        let item = Item { kind, customer, part_of: row.get("part_of")?, id: row.get("item_id")? };
        Ok(Wordless(row.get("seq")?, item))
    }
}

/// No words of what was deleted are in it: nothing was.
pub(super) async fn forget_deleted(db: &Db) -> Result<()> {
    db.index(async |tx| tx.run("update search_states set erased = 0 where id = 1", &[]).await.map(drop)).await
}

/// All words are in.
pub(super) async fn set_whole(db: &Db) -> Result<()> {
    db.index(async |tx| tx.run("update search_states set built = null where id = 1", &[]).await.map(drop)).await
}

/// Puts the words of the next things in. Answers how far it is, until it is done.
async fn go_on(db: &Db, built: i64, total: i64) -> Result<Option<i64>> {
    let end = (built + STEP).min(total);
    let (wordless, documents) = db
        .read(async move |rx| {
            let sql = "select seq, kind, customer_id, part_of, item_id from search_docs
                       where seq >= $1 and seq < $2 and hash is null order by seq";
            let wordless: Vec<Wordless> = rx.all(sql, &[&built, &end]).await?;
            let items: Vec<Item> = wordless.iter().map(|it| it.1).collect();
            let documents = document::load(rx, &items).await?;
            Ok::<_, crate::Error>((wordless, documents))
        })
        .await?;
    db.index(async move |tx| {
        make_room(tx, built, end).await?;
        for (Wordless(seq, _), document) in wordless.iter().zip(&documents) {
            let Some(document) = document else {
                tx.put("delete from search_docs where seq = $1", &[seq]).await?;
                continue;
            };
            let words = document::words(document, is_postgres(tx));
            let sql = "update search_docs set hash = $2, part_of = $3 where seq = $1";
            tx.put(sql, &[seq, &words.hash, &document.item.part_of]).await?;
            span(tx, *seq, document.oldest).await?;
            insert(tx, *seq, &words).await?;
        }
        let built = (end < total).then_some(end);
        tx.run("update search_states set built = $1 where id = 1", &[&built]).await?;
        Ok(built)
    })
    .await
}

/// Words of what was deleted lie in the file until the parts of the index that have them are put together anew: a piece
/// of that. Whether there is more to do.
async fn erase(db: &Db) -> Result<bool> {
    let more = db.index(async |tx| {
        let before = tx.one::<i64>(CHANGES, &[]).await?;
        tx.run(MERGE, &[]).await?;
        let more = tx.one::<i64>(CHANGES, &[]).await? - before > 1;
        if !more {
            tx.run("update search_states set erased = 0 where id = 1", &[]).await?;
        }
        Ok::<_, crate::Error>(more)
    });
    let more = more.await?;
    if !more {
        db.settle_index().await?;
    }
    Ok(more)
}

/// The engine says by its count of changes whether a merge had anything to do. PostgreSQL cleans up by itself.
const CHANGES: Sql = Sql::per("select total_changes()", "select cast(0 as bigint)");
const MERGE: Sql = Sql::per(
    "insert into search_words (search_words, rank) values ('merge', -500)",
    "update search_states set erased = 0 where id = 1",
);
