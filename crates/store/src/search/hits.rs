//! The walk: what has the words, from the newest back, a window of a thousand at a time, each with its case if that is
//! one that is asked for and may be seen.

use domain::{CaseId, ChannelId, CustomerId, StaffId, Status, Timestamp};

use super::Item;
use super::index::{PARTITION, SPAN};
use super::query::{Among, compiled};
use crate::db::Conn;
use crate::filter::Asked;
use crate::{FromRow, Read, Result, Row, Scope, Where};

/// So many hits are a window.
pub const WINDOW: usize = 1_000;

/// Something that has the words.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its number in the index.
    pub seq: i64,
    /// What it is.
    pub item: Item,
    /// When it came.
    pub at: Timestamp,
    /// Its case; none if that is not one that is asked for, or not to be seen.
    pub case: Option<Of>,
}

/// What an overview says of a hit's case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Of {
    /// Its id.
    pub id: CaseId,
    /// Where it is.
    pub status: Status,
    /// The channel by which it came.
    pub channel: ChannelId,
    /// Who works on it.
    pub assignee: Option<StaffId>,
    /// When it was last written in.
    pub last_at: Timestamp,
}

impl FromRow for Hit {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let seq = row.get("seq")?;
        let (kind, customer) = (row.get("found")?, row.get("whose")?);
        let item = Item { kind, customer, part_of: row.get("part_of")?, id: row.get("item_id")? };
        let at = row.get("found_at")?;
        let status: Option<Status> = row.get("status")?;
        let case = match status {
            None => None,
            Some(status) => Some(Of {
                id: CaseId(item.part_of),
                status,
                channel: row.get("channel_id")?,
                assignee: row.get("assignee_id")?,
                last_at: row.get("last_at")?,
            }),
        };
        Ok(Hit { seq, item, at, case })
    }
}

/// A part of the walk.
#[derive(Clone, Debug, Default)]
pub struct Window {
    /// From the newest back.
    pub hits: Vec<Hit>,
    /// Where it goes on; none at the end.
    pub next: Option<i64>,
}

/// A walk that is under way.
pub struct Walk<'a> {
    rx: &'a Read,
    scope: &'a Scope,
    asked: &'a Asked,
    question: String,
    /// Hits before this number are next; none at the end.
    before: Option<i64>,
}

const ON_SQLITE: &str = "with n as materialized (
     select d.seq as seq, d.kind as found, d.customer_id as whose, d.part_of as part_of, d.item_id as item_id, d.at as found_at
     from search_words cross join search_docs d on d.seq = search_words.rowid";
const ON_POSTGRES: &str = "with w as materialized (select seq as number from search_words";
const JOINED: &str = "),
     n as materialized (
      select d.seq as seq, d.kind as found, d.customer_id as whose, d.part_of as part_of, d.item_id as item_id,
       d.at as found_at
      from (select number from w order by number desc limit 1000) as w join search_docs d on d.seq = w.number)";
const CASES: &str =
    "select n.seq, n.found, n.whose, n.part_of, n.item_id, n.found_at, status, channel_id, assignee_id, last_at
     from n left join cases on cases.customer_id = n.whose and cases.id = n.part_of";

impl<'a> Walk<'a> {
    /// A walk for what is asked, over hits before the number `before`, or from the newest.
    pub async fn new(rx: &'a Read, scope: &'a Scope, asked: &'a Asked, before: Option<i64>) -> Result<Walk<'a>> {
        let question = compiled(rx, asked.sought(), Among::Customers(asked.customers()));
        let mut before = before.unwrap_or(i64::MAX);
        if let Some(day) = asked.before() {
            let sql = "select max(first) from search_spans where oldest < $1";
            let last: Option<i64> = rx.one(sql, &[&day]).await?;
            before = before.min(last.map_or(0, |it| it + SPAN));
        }
        if matches!(rx.conn, Conn::Postgres(_)) {
            let end: i64 = rx.one("select coalesce(max(seq), -1) + 1 from search_docs", &[]).await?;
            before = before.min(end);
        }
        Ok(Walk { rx, scope, asked, question, before: Some(before).filter(|it| *it > 0) })
    }

    /// Whether there may be more.
    pub fn is_over(&self) -> bool {
        self.before.is_none()
    }

    /// The next window.
    pub async fn next(&mut self) -> Result<Window> {
        let Some(before) = self.before else { return Ok(Window::default()) };
        let (hits, end) = match self.rx.conn {
            Conn::Sqlite { .. } => (self.on_sqlite(before).await?, 0),
            Conn::Postgres(_) => self.on_postgres(before).await?,
        };
        self.before = if hits.len() >= WINDOW { hits.last().map(|it| it.seq) } else { Some(end) };
        self.before = self.before.filter(|it| *it > 0);
        Ok(Window { hits, next: self.before })
    }

    async fn on_sqlite(&self, before: i64) -> Result<Vec<Hit>> {
        let found = Where::new(ON_SQLITE)
            .and("search_words match ?", &[&self.question])
            .and("search_words.rowid < ?", &[&before])
            .then("order by search_words.rowid desc limit 1000)")
            .then(CASES);
        let filter = self.asked.holds(self.scope.narrow(found)).then("order by n.seq desc");
        self.rx.all(filter.sql(), filter.args()).await
    }

    /// What is frequent is found among the newest few; what is rare, by one look into each partition. Left to itself, the
    /// planner walks back through all there is.
    async fn on_postgres(&self, mut before: i64) -> Result<(Vec<Hit>, i64)> {
        let mut hits: Vec<Hit> = Vec::new();
        let mut size = SPAN;
        while before > 0 && hits.len() < WINDOW {
            let floor = (before - 1) / PARTITION * PARTITION;
            let from = if size < PARTITION / 2 { floor.max(before - size) } else { floor };
            let found = Where::new(ON_POSTGRES)
                .and("words @@ cast(cast(? as text) as tsquery)", &[&self.question])
                .and("seq >= ? and seq < ?", &[&from, &before])
                .then(JOINED)
                .then(CASES);
            let filter = self.asked.holds(self.scope.narrow(found)).then("order by n.seq desc");
            let mut found: Vec<Hit> = self.rx.all(filter.sql(), filter.args()).await?;
            let missing = WINDOW - hits.len();
            size = next_size(before - from, found.len(), missing);
            found.truncate(missing);
            hits.extend(found);
            before = from;
        }
        Ok((hits, before))
    }
}

/// In how many numbers what is missing will be, after so many hits in the last `span` of them; a whole partition at most.
fn next_size(span: i64, hits: usize, missing: usize) -> i64 {
    let [hits, missing] = [hits, missing].map(|it| i64::try_from(it).unwrap_or(i64::MAX));
    let missing = missing.saturating_sub(hits);
    let size = if hits == 0 { span.saturating_mul(4) } else { span.saturating_mul(missing) / hits * 5 / 4 };
    size.clamp(SPAN / 4, PARTITION)
}

/// Whether these things of one case, from the number `from` on, have the words as well.
pub(super) async fn has_newer(rx: &Read, asked: &Asked, customer: CustomerId, case: CaseId, from: i64) -> Result<bool> {
    let question = compiled(rx, asked.sought(), Among::Customers(&[]));
    let found = match rx.conn {
        Conn::Sqlite { .. } => {
            let sql = "select d.seq from search_docs d cross join search_words on search_words.rowid = d.seq
                       where d.part_of = $1 and d.customer_id = $2 and d.seq >= $3 and search_words match $4 limit 1";
            rx.find::<i64>(sql, &[&case, &customer, &from, &question]).await?
        }
        Conn::Postgres(_) => {
            let sql = "select d.seq from search_docs d join search_words w on w.seq = d.seq
                       where d.part_of = $1 and d.customer_id = $2 and d.seq >= $3
                        and w.seq >= $3 and w.words @@ cast(cast($4 as text) as tsquery) limit 1";
            rx.find::<i64>(sql, &[&case, &customer, &from, &question]).await?
        }
    };
    Ok(found.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_frequent_is_found_in_few_and_what_is_rare_in_whole_partitions() {
        assert_eq!(next_size(SPAN, 800, 1_000), 1_280);
        assert_eq!(next_size(SPAN, 1, 1_000), PARTITION);
    }

    #[test]
    fn a_walk_through_many_empty_parts_goes_on() {
        let size = (0..1_000).fold(SPAN, |size, _| next_size(size, 0, WINDOW));
        assert_eq!(size, PARTITION);
    }
}
