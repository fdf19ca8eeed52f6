//! What a thing says that is found by its words.

use std::collections::HashMap;
use std::fmt::Write;
use std::hash::{DefaultHasher, Hasher};

use domain::message::own_words;
use domain::tokens::{Tokens, folded, tokens};
use domain::{
    CaseId, ContactId, CustomerId, Entry, EntryId, Fact, File, Findable, Fold, MessageId, Party, Recipients, Side,
    StaffId, Timestamp,
};
use futures_util::future::try_join_all;

use super::Item;
use crate::case::merge;
use crate::param::from_json;
use crate::{FromRow, Read, Result, Row, contact, customer, entry};

/// A thing with its words.
#[derive(Clone, Debug)]
pub struct Document {
    /// What it is.
    pub item: Item,
    /// When it came.
    pub at: Timestamp,
    /// Its case was written in no later than this, or it is that old itself.
    pub oldest: Timestamp,
    /// What it says, the more telling first. Words of different texts do not follow one another.
    pub texts: Vec<String>,
}

/// More words of one thing are not in the index.
const WORDS: usize = 60_000;
/// PostgreSQL takes a megabyte of a document.
const LEXEMES: usize = 800_000;

impl Document {
    /// Its texts, taken apart.
    pub fn tokens(&self) -> Vec<Tokens> {
        let mut left = WORDS;
        let mut all: Vec<Tokens> = self.texts.iter().map(|it| tokens(it)).collect();
        for it in &mut all {
            it.words.truncate(left);
            it.wholes.truncate(left);
            left -= it.words.len();
        }
        all
    }
}

/// The words of a thing as an engine takes them.
pub(super) struct Words {
    /// What it is, and whose.
    pub tag: String,
    pub whole: String,
    pub body: String,
    /// All of it for PostgreSQL.
    pub vector: String,
    /// Two things with one hash say the same.
    pub hash: i64,
}

/// A sign between two texts, which is no word.
const BREAK: &str = "¶";

/// The tag of what belongs to a customer.
pub(super) fn of_customer(id: CustomerId) -> String {
    format!("c{}", id.0.simple())
}

/// The tag of customers and contacts.
pub(super) const PEOPLE: &str = "people";

pub(super) fn words(it: &Document, postgres: bool) -> Words {
    let texts = it.tokens();
    let mut tags = vec![of_customer(it.item.customer)];
    if matches!(it.item.kind, Findable::Contact | Findable::Customer) {
        tags.push(PEOPLE.to_owned());
    }
    let (mut whole, mut body) = (String::new(), String::new());
    for (nth, text) in texts.iter().enumerate() {
        if nth > 0 {
            body.push_str(BREAK);
            body.push(' ');
        }
        for it in &text.words {
            body.push_str(&it.text);
            body.push(' ');
        }
        for it in &text.wholes {
            whole.push_str(&it.text);
            whole.push(' ');
        }
    }
    let tag = tags.join(" ");
    let mut hasher = DefaultHasher::new();
    for part in [&tag, &whole, &body] {
        hasher.write(part.as_bytes());
        hasher.write_u8(0xff);
    }
    let hash = i64::from_ne_bytes(hasher.finish().to_ne_bytes());
    let vector = if postgres { vector(&tags, &texts) } else { String::new() };
    Words { tag, whole, body, vector, hash }
}

/// `'word':1,5 'other':2 '=people'`: no word has a quotation mark, and none begins with `=`.
fn vector(tags: &[String], texts: &[Tokens]) -> String {
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    let (mut at, mut size) = (1, 0);
    for text in texts {
        for it in &text.words {
            let known = places.entry(&it.text).or_default();
            size += if known.is_empty() { it.text.len() + 4 } else { 2 };
            known.push(at);
            at += 1;
        }
        for it in &text.wholes {
            size += it.text.len() + 4;
            places.entry(&it.text).or_default();
        }
        at += 1;
        if size > LEXEMES {
            break;
        }
    }
    let mut vector = String::with_capacity(size * 2);
    for it in tags {
        write!(vector, "'={it}' ").ok(); // A `String` takes everything.
    }
    for (word, places) in places {
        write!(vector, "'{word}'").ok();
        for (nth, at) in places.iter().take(255).enumerate() {
            // The engine knows no higher place.
            write!(vector, "{}{}", if nth == 0 { ':' } else { ',' }, (*at).min(16_383)).ok();
        }
        vector.push(' ');
    }
    vector
}

/// What these things say, in their order; nothing of one that is gone.
pub(super) async fn load(rx: &Read, items: &[Item]) -> Result<Vec<Option<Document>>> {
    let mut found = Vec::with_capacity(items.len());
    // On PostgreSQL the questions of a part go out together.
    for part in items.chunks(64) {
        found.extend(try_join_all(part.iter().map(|it| one(rx, *it))).await?);
    }
    Ok(found)
}

async fn one(rx: &Read, item: Item) -> Result<Option<Document>> {
    let case = CaseId(item.part_of);
    let said = match item.kind {
        Findable::Message => {
            said(rx, item.customer, case, MessageId(item.id)).await?.map(|it| (it.home, it.at, it.at, it.texts()))
        }
        Findable::Note => noted(rx, item.customer, case, EntryId(item.id)).await?.map(|it| {
            let files = names(&it.files);
            (it.home, it.at, it.at.min(it.last_at), vec![it.text, files])
        }),
        Findable::Case => {
            let sql = "select number, subject, resolution, opened_at, id as case_id, merged_into from cases
                       where customer_id = $1 and id = $2";
            rx.find::<Headed>(sql, &[&item.customer, &item.id]).await?.map(|it| {
                let texts = vec![it.subject, it.resolution.unwrap_or_default(), it.number.to_string()];
                (it.home, it.opened_at, it.opened_at, texts)
            })
        }
        Findable::Contact => {
            let sql = "select name, created_at as at from contacts where customer_id = $1 and id = $2";
            let named: Option<Named> = rx.find(sql, &[&item.customer, &item.id]).await?;
            let family = customer::family_of(rx, item.customer).await?;
            let addresses = contact::addresses(rx, &family, ContactId(item.id)).await?;
            named.map(|it| (Home::Customer, it.at, it.at, [vec![it.name], addresses].concat()))
        }
        Findable::Customer => {
            let sql = "select name, created_at as at from customers where customer_id = $1";
            let named: Option<Named> = rx.find(sql, &[&item.customer]).await?;
            let domains = customer::domains(rx, &[item.customer]).await?;
            named.map(|it| (Home::Customer, it.at, it.at, [vec![it.name], domains].concat()))
        }
    };
    let Some((home, at, oldest, texts)) = said else { return Ok(None) };
    let texts = texts.into_iter().filter(|it| !folded_is_empty(it)).collect();
    let part_of = match home {
        Home::Customer => item.part_of,
        Home::Case(id) => id.0,
        // It is found as a part of the case in which it stands.
        Home::Merged(id) => merge::standing(rx, item.customer, id).await?.map_or(id, |it| it.id).0,
    };
    Ok(Some(Document { item: Item { part_of, ..item }, at, oldest, texts }))
}

/// Where a thing is kept.
#[derive(Clone, Copy, Debug)]
enum Home {
    Customer,
    Case(CaseId),
    /// A case that was taken into another.
    Merged(CaseId),
}

impl Home {
    fn of(row: &Row<'_>) -> Result<Home> {
        let case = row.get("case_id")?;
        Ok(if row.get::<Option<CaseId>>("merged_into")?.is_some() { Home::Merged(case) } else { Home::Case(case) })
    }
}

fn folded_is_empty(text: &str) -> bool {
    text.len() < 100 && folded(text).is_empty()
}

/// A message, as far as it is found and shown.
#[derive(Clone, Debug)]
pub struct Said {
    /// Its subject.
    pub subject: String,
    /// Who wrote it.
    pub sender: Party,
    /// Whether we did, and who of us.
    pub ours: bool,
    /// Who of ours wrote it.
    pub staff: Option<StaffId>,
    /// With whom it was said.
    pub side: Side,
    /// When it came or left.
    pub at: Timestamp,
    /// Its files.
    pub files: Vec<File>,
    /// Its text.
    pub text: String,
    home: Home,
    folded: Vec<Fold>,
    recipients: Recipients,
}

impl FromRow for Said {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Said {
            home: Home::of(row)?,
            subject: row.get("subject")?,
            sender: from_json(row, "sender")?,
            recipients: from_json(row, "recipients")?,
            files: from_json(row, "files")?,
            ours: row.get::<domain::Direction>("direction")? == domain::Direction::Outbound,
            side: if row.get::<Option<String>>("supplier")?.is_some() { Side::Supplier } else { Side::Customer },
            at: row.get("at")?,
            staff: row.get("staff_id")?,
            folded: from_json(row, "folded")?,
            text: row.get("body")?,
        })
    }
}

impl Said {
    /// What is new in it.
    pub fn own_words(&self) -> &str {
        own_words(&self.text, &self.folded)
    }

    pub(super) fn texts(self) -> Vec<String> {
        let parties = std::iter::once(&self.sender).chain(&self.recipients.to).chain(&self.recipients.cc);
        let party = |it: &Party| format!("{} {}", it.name, it.address.as_ref().map_or("", |it| it.as_str()));
        // A list with thousands of recipients is found by the first of them.
        let parties: Vec<String> = parties.take(100).map(party).collect();
        let files = names(&self.files);
        let mut texts = vec![self.subject, self.text, files];
        texts.extend(parties);
        texts
    }
}

fn names(files: &[File]) -> String {
    let names: Vec<&str> = files.iter().map(|it| it.name.as_str()).collect();
    names.join(" / ")
}

/// The message; nothing of one that was taken back: nobody sees it.
pub(super) async fn said(rx: &Read, customer: CustomerId, case: CaseId, id: MessageId) -> Result<Option<Said>> {
    let sql = "select messages.case_id, merged_into, messages.subject, sender, recipients, files, direction, at, staff_id,
                supplier, folded, body
               from messages join cases on cases.customer_id = messages.customer_id and cases.id = messages.case_id
               where messages.customer_id = $1 and messages.case_id = $2 and messages.id = $3 and state <> 'taken_back'";
    anywhere_in(rx, customer, case, async |case| rx.find(sql, &[&customer, &case, &id]).await).await
}

/// What is found in a case, or else in one that it took in.
async fn anywhere_in<T>(
    rx: &Read,
    customer: CustomerId,
    case: CaseId,
    find: impl AsyncFn(CaseId) -> Result<Option<T>>,
) -> Result<Option<T>> {
    if let Some(found) = find(case).await? {
        return Ok(Some(found));
    }
    for member in merge::members(rx, customer, case).await? {
        if let Some(found) = find(member.id).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// A note, as far as it is found and shown.
#[derive(Clone, Debug)]
pub struct Noted {
    /// Who wrote it.
    pub by: domain::Actor,
    /// When.
    pub at: Timestamp,
    /// Its text.
    pub text: String,
    files: Vec<File>,
    last_at: Timestamp,
    home: Home,
}

struct Journalled(Entry, Timestamp, Home);

impl FromRow for Journalled {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Journalled(entry::Stored::from_row(row)?.0, row.get("last_at")?, Home::of(row)?))
    }
}

pub(super) async fn noted(rx: &Read, customer: CustomerId, case: CaseId, id: EntryId) -> Result<Option<Noted>> {
    // A case's entries are found by their numbers; by its id alone one is found within the case.
    let sql = "select entries.number, entries.at, actor_kind, actor_id, data, last_at, entries.case_id, merged_into
               from entries
               join cases on cases.customer_id = entries.customer_id and cases.id = entries.case_id
               where entries.customer_id = $1 and entries.case_id = $2 and entries.id = $3";
    let found: Option<Journalled> =
        anywhere_in(rx, customer, case, async |case| rx.find(sql, &[&customer, &case, &id]).await).await?;
    Ok(found.and_then(|Journalled(it, last_at, home)| match it.fact {
        Fact::Noted { text, files, .. } => Some(Noted { by: it.by, at: it.at, text, files, last_at, home }),
        _ => None,
    }))
}

/// What solved a case.
pub(super) async fn resolution(rx: &Read, customer: CustomerId, case: CaseId) -> Result<Option<String>> {
    let found = rx.find("select resolution from cases where customer_id = $1 and id = $2", &[&customer, &case]).await?;
    Ok(found.flatten())
}

struct Headed {
    number: i64,
    subject: String,
    resolution: Option<String>,
    opened_at: Timestamp,
    home: Home,
}

impl FromRow for Headed {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Headed {
            number: row.get("number")?,
            subject: row.get("subject")?,
            resolution: row.get("resolution")?,
            home: Home::of(row)?,
            opened_at: row.get("opened_at")?,
        })
    }
}

struct Named {
    name: String,
    at: Timestamp,
}

impl FromRow for Named {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Named { name: row.get("name")?, at: row.get("at")? })
    }
}
