//! What the use cases wrote, as templates: each case, and one of those who wrote.

use std::collections::HashMap;

use desk::Desk;
use domain::Fold;
use store::bulk::{self, Cell, Rows};
use store::case::{LOOKUPS, OWNED};
use uuid::Uuid;

use super::fact;
use super::teller::Teller;
use super::template::{Name, Needle, Needles, Part, Slot, Template};
use crate::demo::Error;

/// What belongs to a customer and to none of their cases; the parents first.
const PEOPLE: &[&str] = &["customers", "domains", "contacts", "identities"];
/// A mail's external id is a hash of so many digits.
const HASH: usize = 64;

/// Everything that a copy may be made of.
pub struct Base {
    /// The tables of [`Template::rows`], without their rows.
    pub tables: Vec<Rows>,
    /// The cases.
    pub cases: Vec<Template>,
    /// One who wrote.
    pub person: Template,
    /// The highest number.
    pub last: i64,
}

/// A row, by the names of its columns.
struct Line<'a> {
    table: usize,
    columns: &'a [String],
    cells: &'a [Cell],
}

impl Line<'_> {
    fn get(&self, column: &str) -> Option<&Cell> {
        self.columns.iter().position(|it| it == column).map(|at| &self.cells[at])
    }

    fn id(&self, column: &str) -> Option<Uuid> {
        self.get(column).and_then(id)
    }

    fn text(&self, column: &str) -> Option<&str> {
        if let Some(Cell::Text(text)) = self.get(column) { Some(text) } else { None }
    }
}

fn id(cell: &Cell) -> Option<Uuid> {
    match cell {
        Cell::Uuid(it) => Some(*it),
        Cell::Bytes(it) if it.len() == 16 => Uuid::from_slice(it).ok(),
        _ => None,
    }
}

/// Reads all that is there, which the teller has told.
pub async fn read(desk: &Desk, teller: &Teller) -> Result<Base, Error> {
    let names: Vec<&'static str> =
        PEOPLE.iter().copied().chain(OWNED.iter().map(|it| it.table)).chain(LOOKUPS.iter().copied()).collect();
    let tables = desk.db.read(async move |rx| {
        let mut tables = Vec::new();
        for name in &names {
            tables.push(bulk::all(rx, name).await?);
        }
        Ok(tables)
    });
    let tables = tables.await.map_err(|err: store::Error| Error::Desk(err.into()))?;
    let mut cases: HashMap<Uuid, Vec<Line<'_>>> = HashMap::new();
    let mut people: HashMap<Uuid, Vec<Line<'_>>> = HashMap::new();
    for (table, it) in tables.iter().enumerate() {
        let key = OWNED.iter().find(|owned| owned.table == it.table).map_or("case_id", |owned| owned.key);
        for cells in &it.rows {
            let line = Line { table, columns: &it.columns, cells };
            let (case, customer) = (line.id(key), line.id("customer_id"));
            match (case.filter(|_| table >= PEOPLE.len()), customer) {
                (Some(case), _) => cases.entry(case).or_default().push(line),
                (None, Some(customer)) => people.entry(customer).or_default().push(line),
                _ => {}
            }
        }
    }
    let last = tables.iter().find(|it| it.table == "case_numbers").into_iter().flat_map(|it| &it.rows);
    let last = last.filter_map(|it| if let Cell::Int(number) = it[0] { Some(number) } else { None }).max();
    // In order of their ids, which is that of time: the same way each time.
    let mut sorted: Vec<(Uuid, Vec<Line<'_>>)> = cases.into_iter().collect();
    sorted.sort_by_key(|it| it.0);
    let cases: Vec<Template> = sorted.iter().filter_map(|it| case(&it.1, teller)).collect();
    let mut sorted: Vec<(Uuid, Vec<Line<'_>>)> = people.into_iter().collect();
    sorted.sort_by_key(|it| it.0);
    let person = sorted.iter().find_map(|it| person(&it.1, teller));
    let person = person.ok_or_else(|| Error::Text("nobody has written".to_owned()))?;
    let tables = tables.iter().map(|it| Rows { rows: Vec::new(), ..it.clone() }).collect();
    Ok(Base { tables, cases, person, last: last.unwrap_or_default() })
}

/// A template of a case; none of one that nobody told.
fn case(lines: &[Line<'_>], teller: &Teller) -> Option<Template> {
    let messages: Vec<&Line<'_>> = lines.iter().filter(|it| it.get("raw_hash").is_some()).collect();
    let first = messages.iter().filter_map(|it| it.text("message_id")).min_by_key(|it| it.len())?;
    // `<moment.case.message@domain>`, as the run of the demo writes them.
    let nth = first.split('.').nth(1)?.parse().ok()?;
    let cast = teller.cast(nth);
    let known = lines.first()?;
    let mut cutter =
        Cutter::new(known.id("customer_id")?, known.id("contact_id")?, &cast.customer.clone(), &cast.facts);
    for it in lines {
        it.id("id").into_iter().chain(it.id("job_id")).for_each(|id| cutter.own(id));
    }
    for it in messages {
        cutter.message(it)?;
    }
    let live = lines.iter().find_map(|it| it.get("live"));
    cutter.made.is_live = matches!(live, Some(Cell::Int(1)));
    cutter.cut(lines)
}

/// A template of one who has a contact.
fn person(lines: &[Line<'_>], teller: &Teller) -> Option<Template> {
    let contact = lines.iter().find_map(|it| it.get("created_at").and(it.id("id")))?;
    let name = lines.iter().find_map(|it| it.get("kind").and(it.text("name")))?;
    let customer = teller.customers.iter().find(|it| it.name == name)?;
    let mut cutter = Cutter::new(lines.first()?.id("customer_id")?, contact, customer, &[]);
    for it in lines {
        it.id("id").into_iter().for_each(|id| cutter.own(id));
    }
    cutter.cut(lines)
}

/// Makes one template.
struct Cutter {
    needles: Vec<Needle>,
    /// What ids stand for.
    known: HashMap<Uuid, Slot>,
    made: Template,
    hashes: Vec<String>,
}

impl Cutter {
    fn new(
        customer: Uuid,
        contact: Uuid,
        who: &crate::demo::company::Customer,
        facts: &[(&'static str, String)],
    ) -> Cutter {
        let mut it = Cutter {
            needles: fact::all(who, facts)
                .into_iter()
                .enumerate()
                .map(|(at, text)| Needle { text, slot: Slot::Fact(at) })
                .collect(),
            known: HashMap::new(),
            made: Template { span: (i64::MAX, i64::MIN), ..Template::default() },
            hashes: Vec::new(),
        };
        it.knows(customer, Slot::Customer);
        it.knows(contact, Slot::Contact);
        it
    }

    fn knows(&mut self, id: Uuid, slot: Slot) {
        self.known.insert(id, slot);
        self.needles.push(Needle { text: id.to_string(), slot });
    }

    /// The id of a row of its own.
    fn own(&mut self, id: Uuid) {
        if !self.known.contains_key(&id) {
            self.knows(id, Slot::Id(self.made.ids.len()));
            self.made.ids.push(id);
        }
    }

    /// A message has a name, and may have a raw mail.
    fn message(&mut self, it: &Line<'_>) -> Option<()> {
        let name = it.text("message_id")?;
        let Some(Slot::Id(message)) = it.id("id").and_then(|id| self.known.get(&id)).copied() else { return None };
        let ours = it.text("raw_hash").is_none();
        let domain = name.trim_end_matches('>').rsplit_once('@')?.1;
        let at = if let Some(Cell::Int(at)) = it.get("at") { *at } else { return None };
        let slot = Slot::Name(self.made.names.len());
        self.needles.push(Needle { text: name.to_owned(), slot });
        self.made.names.push(Name { message, ours: ours.then(|| domain.to_owned()), at });
        self.hashes.extend(it.text("raw_hash").map(str::to_owned));
        Some(())
    }

    /// The place of a message's name.
    fn named(&self, message: Uuid) -> Option<usize> {
        self.made.names.iter().position(|it| self.made.ids[it.message] == message)
    }

    fn cut(mut self, lines: &[Line<'_>]) -> Option<Template> {
        let needles = Needles::new(std::mem::take(&mut self.needles));
        let mut bodies = HashMap::new();
        for it in lines {
            if let (Some(hash), Some(Cell::Bytes(body))) = (it.text("hash"), it.get("body")) {
                bodies.insert(hash.to_owned(), needles.cut(body, &[])?);
            }
        }
        // What is in a file, or in parts, is not copied.
        let all: Option<Vec<_>> = self.hashes.iter().map(|it| bodies.remove(it)).collect();
        self.made.bodies = all?;
        for line in lines {
            let parts = line.columns.iter().zip(line.cells);
            let parts = parts.map(|(column, cell)| self.part(column, cell, line, &needles)).collect();
            self.made.rows.push((line.table, parts));
        }
        self.made.in_bytes = !matches!(lines.first()?.get("customer_id")?, Cell::Uuid(_));
        Some(self.made)
    }

    fn part(&mut self, column: &str, cell: &Cell, line: &Line<'_>, needles: &Needles) -> Part {
        let mail = |hash: Option<&str>| hash.and_then(|hash| self.hashes.iter().position(|it| it == hash));
        let is_time = column == "at" || column.ends_with("_at") || column == "owed_since";
        match (column, cell) {
            ("hash" | "raw_hash", Cell::Text(hash)) if mail(Some(hash)).is_some() => {
                Part::Hash(mail(Some(hash)).unwrap_or_default())
            }
            ("size" | "body", _) if mail(line.text("hash")).is_some() => {
                let at = mail(line.text("hash")).unwrap_or_default();
                if column == "size" { Part::Size(at) } else { Part::Body(at) }
            }
            // What left long ago is not taken back.
            ("undo", _) => Part::As(Cell::Null),
            ("external_id", Cell::Text(text)) if text.len() == HASH && line.get("raw_hash").is_some() => {
                line.id("id").and_then(|id| self.named(id)).map_or_else(|| Part::As(cell.clone()), Part::External)
            }
            ("number", Cell::Int(_)) if line.get("fact").is_none() => Part::Number,
            (_, Cell::Int(at)) if is_time => {
                if !matches!(column, "due_at" | "promised_at" | "wake_at" | "expires_at") {
                    self.made.span = (self.made.span.0.min(*at), self.made.span.1.max(*at));
                }
                Part::Time(*at)
            }
            ("folded", Cell::Text(text)) if line.get("html").is_some() => {
                let folds: Vec<Fold> = serde_json::from_str(text).unwrap_or_default();
                if folds.is_empty() { Part::As(cell.clone()) } else { Part::Folded(folds) }
            }
            (_, Cell::Text(text)) => {
                let folds: Vec<Fold> = match line.text("folded") {
                    Some(folded) if column == "body" => serde_json::from_str(folded).unwrap_or_default(),
                    _ => Vec::new(),
                };
                needles.cut(text.as_bytes(), &folds).map_or_else(|| Part::As(cell.clone()), Part::Text)
            }
            _ => match id(cell).and_then(|it| self.known.get(&it)) {
                Some(slot) => Part::Id(*slot),
                None => Part::As(cell.clone()),
            },
        }
    }
}
