//! A case as use cases wrote it, cut into what stays the same in its copies and what does not: ids, times, names, facts.

use std::collections::HashMap;

use domain::Fold;
use store::bulk::Cell;
use uuid::Uuid;

/// What is another in each copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// A name, an address, a serial number: by its place in [`Copy::facts`].
    Fact(usize),
    /// An id of a row of its own, by its place in [`Template::ids`].
    Id(usize),
    /// The customer's id.
    Customer,
    /// The contact's id.
    Contact,
    /// The `Message-ID` of a message, by its place in [`Template::names`].
    Name(usize),
}

/// A text to be found, and what stands there.
#[derive(Clone, Debug)]
pub struct Needle {
    /// The text.
    pub text: String,
    /// What it is.
    pub slot: Slot,
}

/// A piece of a text.
#[derive(Debug)]
enum Piece {
    Text(Vec<u8>),
    Slot(Slot),
    /// A time, in microseconds.
    Time(i64),
}

/// A text, and which of its bytes begin or end what is folded: offsets of the template's text, and behind which piece.
#[derive(Debug, Default)]
pub struct Text {
    pieces: Vec<Piece>,
    marks: Vec<(u32, usize)>,
}

/// One cell of a row.
#[derive(Debug)]
pub enum Part {
    /// It stays the same.
    As(Cell),
    /// It moves with the case.
    Time(i64),
    /// The case's number.
    Number,
    /// An id.
    Id(Slot),
    /// A text that is put together.
    Text(Text),
    /// Where the text of its row is folded.
    Folded(Vec<Fold>),
    /// By what a mail is known beside its name.
    External(usize),
    /// A raw mail.
    Body(usize),
    /// Its hash.
    Hash(usize),
    /// Its size.
    Size(usize),
}

/// The `Message-ID` of a message.
#[derive(Clone, Debug)]
pub struct Name {
    /// The message's id: its place in [`Template::ids`].
    pub message: usize,
    /// The domain behind the `@`, if it is one of ours.
    pub ours: Option<String>,
    /// When it was written.
    pub at: i64,
}

/// A case, or whoever writes.
#[derive(Debug, Default)]
pub struct Template {
    /// Rows by the place of their table.
    pub rows: Vec<(usize, Vec<Part>)>,
    /// Its own ids.
    pub ids: Vec<Uuid>,
    /// Of its messages.
    pub names: Vec<Name>,
    /// Its raw mails.
    pub bodies: Vec<Text>,
    /// The first and the last that happens in it.
    pub span: (i64, i64),
    /// Whether it stands among the live ones.
    pub is_live: bool,
    /// Whether ids are bytes here.
    pub in_bytes: bool,
}

/// What takes the place of slots.
#[derive(Debug)]
pub struct Copy {
    /// Whether it keeps its raw mails.
    pub raw: bool,
    /// By how much it is later, in microseconds.
    pub shift: i64,
    /// Its number.
    pub number: i64,
    /// Whose it is.
    pub customer: Uuid,
    /// Who writes.
    pub contact: Uuid,
    /// Names, addresses, and the like.
    pub facts: Vec<String>,
    /// Its own ids.
    pub ids: Vec<Uuid>,
    /// Its `Message-ID`s.
    pub names: Vec<String>,
}

/// The texts to be found, by their first byte; the longest first.
pub struct Needles(HashMap<u8, Vec<Needle>>);

impl Needles {
    /// Of these. What is empty is nowhere.
    pub fn new(mut all: Vec<Needle>) -> Needles {
        all.retain(|it| !it.text.is_empty());
        all.sort_by_key(|it| std::cmp::Reverse(it.text.len()));
        let mut by_first: HashMap<u8, Vec<Needle>> = HashMap::new();
        for it in all {
            by_first.entry(it.text.as_bytes()[0]).or_default().push(it);
        }
        Needles(by_first)
    }

    /// Takes a text apart; none if nothing of it is in them.
    pub fn cut(&self, text: &[u8], folds: &[Fold]) -> Option<Text> {
        let mut ends: Vec<u32> = folds.iter().flat_map(|it| [it.start, it.end]).collect();
        ends.sort_unstable();
        let mut ends = ends.into_iter().peekable();
        let mut cut = Text::default();
        let (mut from, mut at) = (0, 0);
        while at <= text.len() {
            if ends.peek().is_some_and(|it| *it as usize <= at) {
                cut.push(&text[from..at]);
                from = at;
                while let Some(end) = ends.next_if(|it| *it as usize <= at) {
                    cut.marks.push((end, cut.pieces.len()));
                }
            }
            let Some((length, piece)) = self.at(text, at) else {
                at += 1;
                continue;
            };
            cut.push(&text[from..at]);
            cut.pieces.push(piece);
            at += length;
            from = at;
        }
        cut.push(&text[from..]);
        let is_plain = cut.pieces.iter().all(|it| matches!(it, Piece::Text(_)));
        (!is_plain).then_some(cut)
    }

    fn at(&self, text: &[u8], at: usize) -> Option<(usize, Piece)> {
        let rest = &text[at..];
        let first = *rest.first()?;
        let is_free = |end: usize| {
            let before = at.checked_sub(1).and_then(|it| text.get(it));
            !before.is_some_and(u8::is_ascii_alphanumeric) && !rest.get(end).is_some_and(u8::is_ascii_alphanumeric)
        };
        if first == b'1' && rest.len() >= 16 && rest[..16].iter().all(u8::is_ascii_digit) && is_free(16) {
            let time = rest[..16].iter().fold(0, |sum, it| sum * 10 + i64::from(it - b'0'));
            return Some((16, Piece::Time(time)));
        }
        let all = self.0.get(&first)?;
        let found = all.iter().find(|it| rest.starts_with(it.text.as_bytes()) && is_free(it.text.len()))?;
        Some((found.text.len(), Piece::Slot(found.slot)))
    }
}

impl Text {
    fn push(&mut self, text: &[u8]) {
        if !text.is_empty() {
            self.pieces.push(Piece::Text(text.to_vec()));
        }
    }

    /// The text of a copy.
    pub fn render(&self, copy: &Copy) -> Vec<u8> {
        let mut text = Vec::new();
        self.pieces.iter().for_each(|it| copy.write(it, &mut text));
        text
    }

    /// Where the marked bytes are in it.
    fn places(&self, copy: &Copy) -> HashMap<u32, u32> {
        let (mut text, mut done) = (Vec::new(), 0);
        let mut places = HashMap::new();
        for (offset, behind) in &self.marks {
            self.pieces[done..*behind].iter().for_each(|it| copy.write(it, &mut text));
            done = *behind;
            places.insert(*offset, u32::try_from(text.len()).unwrap_or(*offset));
        }
        places
    }
}

impl Copy {
    fn write(&self, piece: &Piece, text: &mut Vec<u8>) {
        match piece {
            Piece::Text(it) => text.extend_from_slice(it),
            Piece::Slot(Slot::Fact(it)) => text.extend_from_slice(self.facts[*it].as_bytes()),
            Piece::Slot(Slot::Name(it)) => text.extend_from_slice(self.names[*it].as_bytes()),
            Piece::Slot(it) => text.extend_from_slice(self.id(*it).to_string().as_bytes()),
            Piece::Time(it) => text.extend_from_slice((it + self.shift).to_string().as_bytes()),
        }
    }

    fn id(&self, slot: Slot) -> Uuid {
        match slot {
            Slot::Id(it) => self.ids[it],
            Slot::Contact => self.contact,
            _ => self.customer,
        }
    }
}

impl Template {
    /// The rows of a copy, with the places of their tables.
    pub fn render(&self, copy: &Copy) -> Vec<(usize, Vec<Cell>)> {
        let bodies = self.bodies.iter().filter(|_| copy.raw);
        let bodies: Vec<Vec<u8>> = bodies.map(|it| it.render(copy)).collect();
        let hashes: Vec<String> = bodies.iter().map(|it| store::blob::hash(it)).collect();
        let row = |parts: &Vec<Part>| parts.iter().map(|it| self.cell(it, parts, copy, &bodies, &hashes)).collect();
        let is_kept = |parts: &[Part]| copy.raw || !parts.iter().any(|it| matches!(it, Part::Body(_)));
        self.rows.iter().filter(|it| is_kept(&it.1)).map(|(table, parts)| (*table, row(parts))).collect()
    }

    fn cell(&self, part: &Part, row: &[Part], copy: &Copy, bodies: &[Vec<u8>], hashes: &[String]) -> Cell {
        let whole = |it: usize| Cell::Int(i64::try_from(it).unwrap_or(i64::MAX));
        match part {
            Part::As(it) => it.clone(),
            Part::Time(it) => Cell::Int(it + copy.shift),
            Part::Number => Cell::Int(copy.number),
            Part::Id(it) if self.in_bytes => Cell::Bytes(copy.id(*it).as_bytes().to_vec()),
            Part::Id(it) => Cell::Uuid(copy.id(*it)),
            Part::Text(it) => Cell::Text(String::from_utf8_lossy(&it.render(copy)).into_owned()),
            Part::Folded(folds) => Cell::Text(folded(folds, row, copy)),
            Part::Body(it) => Cell::Bytes(bodies[*it].clone()),
            Part::Hash(it) => hashes.get(*it).map_or(Cell::Null, |it| Cell::Text(it.clone())),
            Part::External(it) => Cell::Text(store::blob::hash(copy.names[*it].as_bytes())),
            Part::Size(it) => whole(bodies[*it].len()),
        }
    }
}

/// Where the text of this row is folded, now that its pieces have other lengths.
fn folded(folds: &[Fold], row: &[Part], copy: &Copy) -> String {
    let marked = row
        .iter()
        .find_map(|it| if let Part::Text(text) = it { Some(text).filter(|it| !it.marks.is_empty()) } else { None });
    let places = marked.map(|it| it.places(copy)).unwrap_or_default();
    let at = |it: u32| places.get(&it).copied().unwrap_or(it);
    let moved: Vec<Fold> = folds.iter().map(|it| Fold { start: at(it.start), end: at(it.end), ..*it }).collect();
    serde_json::to_string(&moved).unwrap_or_default()
}
