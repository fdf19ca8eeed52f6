//! Cases by the thousand, as copies of those that went through the use cases: other people write them at other times,
//! with other names and numbers. Rows are written in bulk, customer by customer, a part of the year at a time.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use desk::Desk;
use domain::{MessageId, Timestamp};
use store::bulk::{self, Cell, Rows};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::base::{self, Base};
use super::fact;
use super::teller::{self, CASES, LIVE, Teller, begin};
use super::template::{Copy, Template};
use crate::demo::Error;
use crate::demo::company::Customer;
use crate::demo::dice::Dice;

/// So many parts has the year; within each, rows come customer by customer.
const PARTS: usize = 10;
/// So many cases share a transaction.
const BATCH: usize = 1_000;
/// One case in so many is one of the [`LARGE`] largest customers'.
const OF_LARGE: usize = 25;
const LARGE: usize = 10;
/// One copy in so many keeps its raw mails. They are a quarter of the room, and no list, page or search reads them.
const RAW: usize = 10;
/// What is looked up by a name that has no order: written last, in the order of its names.
const BY_NAME: &str = "message_refs";

/// Who writes the copies.
struct Target {
    id: Uuid,
    contact: Uuid,
    who: Customer,
}

/// All that copies are made of.
struct Press {
    desk: Desk,
    base: Base,
    targets: Vec<Target>,
    /// Which templates are live, which have come to their end and rest, and which are closed.
    live: Vec<usize>,
    ended: Vec<usize>,
    start: Timestamp,
    now: Timestamp,
    played: usize,
    count: usize,
}

/// Adds copies until there are `count` cases. `progress` hears how many there are.
pub async fn cases(desk: &Desk, teller: &Teller, count: usize, progress: &impl Fn(usize)) -> Result<(), Error> {
    let base = base::read(desk, teller).await?;
    let played = teller.count;
    let mut targets = Vec::new();
    let mut dice = Dice::new(200_000);
    for nth in 0..(count - played).div_ceil(CASES) {
        let nth = nth + teller.customers.len();
        let who = teller::customer(nth, &mut dice, 0)?;
        let created = teller.start.after(Duration::from_millis(nth as u64));
        let ids = [0, 1].map(|part| fresh(created, &mut Dice::new((nth * 2 + part) as u64 | 1 << 50)));
        targets.push(Target { id: ids[0], contact: ids[1], who });
    }
    let (live, ended) = (0..base.cases.len()).partition(|it| base.cases[*it].is_live);
    let (start, now) = (teller.start, teller.now);
    let press = Press { desk: desk.clone(), base, targets, live, ended, start, now, played, count };
    press.run(progress).await
}

impl Press {
    async fn run(self, progress: &impl Fn(usize)) -> Result<(), Error> {
        let press = Arc::new(self);
        let mut writing = Writing { desk: press.desk.clone(), running: None };
        let people: Vec<usize> = (0..press.targets.len()).collect();
        for part in people.chunks(BATCH) {
            let (press, part) = (press.clone(), part.to_vec());
            writing.next(made(move || press.people(&part)).await?).await?;
        }
        let copies = press.count - press.played;
        let mut done = press.played;
        for part in 0..PARTS {
            let nths = (copies * part / PARTS)..(copies * (part + 1) / PARTS);
            let mut all: Vec<(usize, usize)> = nths.map(|nth| (press.whose(nth), nth)).collect();
            all.sort_unstable();
            let mut by_name = Rows::default();
            for batch in all.chunks(BATCH) {
                let (press, batch, count) = (press.clone(), batch.to_vec(), batch.len());
                let mut tables = made(move || press.batch(&batch)).await?;
                if let Some(at) = tables.iter().position(|it| it.table == BY_NAME) {
                    let it = tables.remove(at);
                    let rows = std::mem::take(&mut by_name.rows);
                    by_name = Rows { rows: [rows, it.rows].concat(), ..it };
                }
                writing.next(tables).await?;
                done += count;
                progress(done);
            }
            by_name.rows.sort_by(|a, b| text(&a[0]).cmp(text(&b[0])));
            writing.next(vec![by_name]).await?;
        }
        writing.end().await?;
        let last = press.base.last + i64::try_from(copies).unwrap_or_default();
        bulk::go_on_behind(&press.desk.db, last).await.map_err(desk::Error::from)?;
        Ok(())
    }

    fn whose(&self, nth: usize) -> usize {
        if nth.is_multiple_of(OF_LARGE) {
            return nth / OF_LARGE % LARGE.min(self.targets.len());
        }
        Dice::new(nth as u64 | 1 << 41).between(0, self.targets.len())
    }

    fn people(&self, part: &[usize]) -> Vec<Rows> {
        let mut tables = Tables::of(&self.base.tables);
        for nth in part {
            let target = &self.targets[*nth];
            let shift = i64::try_from(*nth).unwrap_or_default() * 1000;
            let mut dice = Dice::new(*nth as u64 | 1 << 42);
            let copy = self.copy(&self.base.person, target, shift, 0, &mut dice);
            tables.add(self.base.person.render(&copy));
        }
        tables.filled()
    }

    fn batch(&self, batch: &[(usize, usize)]) -> Vec<Rows> {
        let mut tables = Tables::of(&self.base.tables);
        for (whose, nth) in batch {
            let mut dice = Dice::new(*nth as u64 | 1 << 40);
            let at = begin(self.start, self.played + nth, self.count);
            let (template, shift) = self.template(*nth, at, &mut dice);
            let number = self.base.last + 1 + i64::try_from(*nth).unwrap_or_default();
            let copy = self.copy(template, &self.targets[*whose], shift, number, &mut dice);
            let mut rows = template.render(&copy);
            rows.retain(|(table, row)| self.is_kept(*table, row));
            tables.add(rows);
        }
        tables.filled()
    }

    /// Whether a row would still be there.
    fn is_kept(&self, table: usize, row: &[Cell]) -> bool {
        let Rows { table, columns, .. } = &self.base.tables[table];
        let at = columns.iter().position(|it| it == "at").and_then(|at| row.get(at));
        let oldest = self.now.before(desk::notification::KEPT).0;
        *table != "notifications" || matches!(at, Some(Cell::Int(at)) if *at > oldest)
    }

    /// After which case this one goes, and by how much it is later. Nothing may happen that is yet to come.
    fn template(&self, nth: usize, at: Timestamp, dice: &mut Dice) -> (&Template, i64) {
        let among = if nth.is_multiple_of(LIVE) { &self.live } else { &self.ended };
        let shift = |it: &Template| (at.0 - it.span.0) / 1_000_000 * 1_000_000;
        let mut chosen = &self.base.cases[*dice.pick(among)];
        // What is young has not been closed; a few looks find one that fits.
        for _ in 0..200 {
            if chosen.span.1 + shift(chosen) <= self.now.0 {
                return (chosen, shift(chosen));
            }
            chosen = &self.base.cases[*dice.pick(among)];
        }
        (chosen, (self.now.0 - chosen.span.1).min(0) / 1_000_000 * 1_000_000)
    }

    fn copy(&self, template: &Template, target: &Target, shift: i64, number: i64, dice: &mut Dice) -> Copy {
        let facts = fact::of_copy(&target.who, dice);
        let ids: Vec<Uuid> = template.ids.iter().map(|it| moved(*it, shift / 1000, dice)).collect();
        let names = template.names.iter().enumerate().map(|(nth, it)| match &it.ours {
            Some(domain) => self.desk.message_id(MessageId(ids[it.message]), domain),
            None => format!("<{:x}.c{number}.{nth}@{}>", it.at + shift, target.who.domain),
        });
        let names = names.collect();
        let raw = usize::try_from(number).is_ok_and(|it| it.is_multiple_of(RAW));
        Copy { raw, shift, number, customer: target.id, contact: target.contact, facts, ids, names }
    }
}

/// Rows by their tables.
struct Tables(BTreeMap<usize, Rows>);

impl Tables {
    fn of(all: &[Rows]) -> Tables {
        Tables(all.iter().cloned().enumerate().collect())
    }

    fn add(&mut self, rows: Vec<(usize, Vec<Cell>)>) {
        for (table, row) in rows {
            if let Some(it) = self.0.get_mut(&table) {
                it.rows.push(row);
            }
        }
    }

    fn filled(self) -> Vec<Rows> {
        self.0.into_values().filter(|it| !it.rows.is_empty()).collect()
    }
}

/// One transaction is written while the next is made.
struct Writing {
    desk: Desk,
    running: Option<JoinHandle<store::Result<()>>>,
}

impl Writing {
    async fn next(&mut self, tables: Vec<Rows>) -> Result<(), Error> {
        self.end().await?;
        let db = self.desk.db.clone();
        self.running = Some(tokio::spawn(async move { bulk::write(&db, tables).await }));
        Ok(())
    }

    async fn end(&mut self) -> Result<(), Error> {
        let Some(running) = self.running.take() else { return Ok(()) };
        let written = running.await.map_err(|err| Error::Text(err.to_string()))?;
        Ok(written.map_err(desk::Error::from)?)
    }
}

/// What takes its time is made on a thread of its own.
async fn made(make: impl FnOnce() -> Vec<Rows> + Send + 'static) -> Result<Vec<Rows>, Error> {
    tokio::task::spawn_blocking(make).await.map_err(|err| Error::Text(err.to_string()))
}

fn text(cell: &Cell) -> &str {
    if let Cell::Text(it) = cell { it } else { "" }
}

/// A new id of this moment (UUIDv7).
fn fresh(at: Timestamp, dice: &mut Dice) -> Uuid {
    let millis = u64::try_from(at.0 / 1000).unwrap_or_default();
    let random = (dice.between(0, usize::MAX) as u128) << 16;
    uuid::Builder::from_unix_timestamp_millis(millis, &random.to_le_bytes()[..10].try_into().unwrap_or_default())
        .into_uuid()
}

/// Another id that is so much later, and lies among its like as the first one did.
fn moved(id: Uuid, millis: i64, dice: &mut Dice) -> Uuid {
    let mut bytes = *id.as_bytes();
    let before = bytes[..6].iter().fold(0_i64, |sum, it| sum << 8 | i64::from(*it));
    bytes[..6].copy_from_slice(&(before + millis).to_be_bytes()[2..]);
    bytes[8..].copy_from_slice(&(dice.between(0, usize::MAX) as u64).to_be_bytes());
    bytes[8] = bytes[8] & 0x3f | 0x80;
    Uuid::from_bytes(bytes)
}
