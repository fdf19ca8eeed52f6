//! What staff do with a case.

use domain::{
    Actor, Case, DraftKind, Email, Entry, EntryId, Fact, File, Member, Party, Priority, Recipients, StaffId, TeamId,
};
use store::case::{find_within, place, within};
use store::draft::Draft;
use store::{Lock, Scope, Tx, blob, case, draft, entry};

use crate::act::Doing;
use crate::draft::{key, nothing};
use crate::notification::{name_in_note, tell};
pub use crate::reply::{Reply, Then};
use crate::{Desk, Error, Result, Upload};

/// An internal note.
#[derive(Clone, Debug, Default)]
pub struct Note {
    /// The id that it was given when somebody began to write it. One that is known already is not written again.
    pub id: Option<EntryId>,
    /// Its text.
    pub text: String,
    /// Hashes of the draft's files that go with it.
    pub files: Vec<String>,
    /// Files that come with it, beside those of the draft.
    pub uploads: Vec<Upload>,
}

impl From<&str> for Note {
    fn from(text: &str) -> Note {
        Note { text: text.to_owned(), ..Note::default() }
    }
}

impl Desk {
    /// Writes an internal note.
    pub async fn note(&self, by: &Member, number: i64, note: Note) -> Result<()> {
        bounded(&note.text, &Recipients::default())?;
        let place = self.place_for(by, number).await?;
        let (files, blobs) = prepare(note.uploads)?;
        blob::keep(&self.db, &blobs).await?;
        let (desk, by) = (self.clone(), by.clone());
        let (id, text, named) = (note.id.unwrap_or_else(|| self.id()), note.text.trim_end().to_owned(), note.files);
        self.db
            .write([Lock::Customer(place.customer)], async move |tx| {
                let mut case = case_of(tx, &by, number).await?;
                // Whoever sends a form twice does so within moments: an older note need not be looked for.
                if let Some(known) = entry::recent(tx, case.customer, case.id, case.entries - LATELY, id).await? {
                    let same = matches!(&known.fact, Fact::Noted { text: its, .. } if *its == text);
                    return if same && known.by == Actor::Staff(by.id) { Ok(()) } else { Err(written_before()) };
                }
                let files = [take(tx, &desk, &case, &by, &named, true).await?, files.clone()].concat();
                for blob in &blobs {
                    blob::insert(tx, case.customer, case.id, blob).await?;
                }
                let mentions = name_in_note(tx, &mut case, by.id, &text).await?;
                let entry = case.note(&text, files, mentions, Actor::Staff(by.id), desk.now())?;
                entry::append(tx, id, case.customer, Some(case.id), &entry).await?;
                tell(tx, &desk.ctx, &case, &entry, "").await?;
                crate::clock::save(tx, &mut case).await?;
                Ok(())
            })
            .await
    }

    /// Gives the case to a colleague, or to nobody.
    pub async fn assign(&self, by: &Member, number: i64, to: Option<StaffId>) -> Result<()> {
        self.act(by, number, Doing::Assign(to)).await.map(drop)
    }

    /// Gives the case to a team, or to none.
    pub async fn give_to(&self, by: &Member, number: i64, to: Option<TeamId>) -> Result<()> {
        self.act(by, number, Doing::GiveTo(to)).await.map(drop)
    }

    /// Says how much the case matters.
    pub async fn prioritize(&self, by: &Member, number: i64, to: Priority) -> Result<()> {
        self.act(by, number, Doing::Prioritize(to)).await.map(drop)
    }

    /// Says that it is done, and in one line what solved it, if somebody knows.
    pub async fn resolve(&self, by: &Member, number: i64, resolution: &str) -> Result<()> {
        self.act(by, number, Doing::Resolve { resolution: resolution.to_owned(), fields: Vec::new() }).await.map(drop)
    }

    /// Takes that back.
    pub async fn reopen(&self, by: &Member, number: i64) -> Result<()> {
        self.act(by, number, Doing::Reopen).await.map(drop)
    }

    /// [`Desk::place`] of a case that this member may see: asked before anything is written for them.
    pub(crate) async fn place_for(&self, by: &Member, number: i64) -> Result<case::Place> {
        let scope = Scope::of(by);
        let found = self.db.read(async move |rx| within(rx, &scope, number).await).await?.ok_or(Error::NotFound)?;
        Ok(case::Place { customer: found.customer, case: found.id })
    }

    /// Where a case is kept, to know whom to lock.
    pub(crate) async fn place(&self, number: i64) -> Result<case::Place> {
        self.db.read(async move |rx| place(rx, number).await).await?.ok_or(Error::NotFound)
    }
}

/// The case as this member may see it, under its customer's lock.
pub(crate) async fn case_of(tx: &mut Tx, by: &Member, number: i64) -> Result<Case> {
    let place = held_place(tx, number).await?.ok_or(Error::NotFound)?;
    find_within(tx, &Scope::of(by), place).await?.ok_or(Error::NotFound)
}

/// Where the case with this number is kept, under its customer's lock.
pub(crate) async fn held_place(tx: &mut Tx, number: i64) -> Result<Option<case::Place>> {
    loop {
        // It may have moved to another customer since its place was looked up.
        let Some(place) = place(tx, number).await? else { return Ok(None) };
        if !tx.lock(Lock::Customer(place.customer)).await? {
            return Ok(Some(place));
        }
    }
}

pub(crate) async fn append(tx: &mut Tx, desk: &Desk, case: &Case, entry: &Entry) -> Result<()> {
    Ok(entry::append(tx, desk.ctx.id(), case.customer, Some(case.id), entry).await?)
}

/// What all files of one mail may have together, in bytes: most servers refuse a mail of 25 MB and more, and a file is
/// larger by a third on its way.
const MAIL: u64 = 18 * 1024 * 1024;

/// Refuses files that no server would take in one mail.
pub(crate) fn fit_into_a_mail(files: &[domain::File]) -> Result<()> {
    let size: u64 = files.iter().map(|it| it.size).sum();
    if size <= MAIL {
        return Ok(());
    }
    let megabytes = size.div_ceil(1024 * 1024);
    let why = format!("These files have {megabytes} MB together, and mail servers refuse more than 18 MB in one mail.");
    Err(Error::invalid("file", why))
}

/// How many entries back a note is looked for that came twice.
const LATELY: i64 = 100;

pub(crate) fn written_before() -> Error {
    Error::Conflict(
        "This form was sent before, with another text. That text is in the case; this one is kept.".to_owned(),
    )
}

/// Takes the files that a form names out of the draft. What its page did not show stays behind, as a note's: it is not
/// to leave by accident.
pub(crate) async fn take(
    tx: &mut Tx,
    desk: &Desk,
    case: &Case,
    by: &Member,
    named: &[String],
    note: bool,
) -> Result<Vec<File>> {
    let key = key(case, by);
    let draft = draft::find(tx, key).await?;
    let of_note = draft.as_ref().is_some_and(|it| it.kind == DraftKind::Note);
    let (taken, left): (Vec<File>, Vec<File>) =
        draft.map(|it| it.files).unwrap_or_default().into_iter().partition(|it| named.contains(&it.hash));
    let is_missing = |hash: &String| taken.iter().all(|it| it.hash != *hash);
    if named.iter().any(is_missing) || (of_note && !note && !taken.is_empty()) {
        return Err(Error::Conflict(
            "The files have changed in another window. Look which are attached now, then send again.".to_owned(),
        ));
    }
    // A picture that its text does not show any more is for nobody.
    let (unused, left): (Vec<File>, Vec<File>) = left.into_iter().partition(|it| it.inline && !note);
    if left.is_empty() {
        draft::delete(tx, key).await?;
    } else {
        let rest = Draft { kind: DraftKind::Note, files: left, ..nothing(desk.now()) };
        draft::save(tx, key, &rest).await?;
    }
    for it in &unused {
        blob::let_go(tx, case.customer, case.id, &it.hash).await?;
    }
    Ok(taken)
}

pub(crate) fn prepare(uploads: Vec<Upload>) -> Result<(Vec<domain::File>, Vec<blob::Blob>)> {
    Ok(uploads.into_iter().map(Upload::prepare).collect::<Result<Vec<_>>>()?.into_iter().unzip())
}

/// The longest resolution, in characters: it is one line.
pub const RESOLUTION: usize = 200;
/// The longest text, in bytes: a book. What is longer comes as a file.
pub(crate) const TEXT: usize = 1024 * 1024;
/// The most people to whom one message goes: servers refuse more, and more is a circular.
const RECIPIENTS: usize = 100;

/// Whether it is a message that people write.
pub(crate) fn bounded(text: &str, recipients: &Recipients) -> Result<()> {
    if text.len() > TEXT {
        return Err(Error::invalid("text", "This text is longer than 1 MB: attach it as a file."));
    }
    if recipients.addresses().count() > RECIPIENTS {
        return Err(Error::invalid("to", format!("A message goes to at most {RECIPIENTS} people.")));
    }
    Ok(())
}

/// The addresses in what somebody typed: `dan@x.example`, `Dan W <dan@x.example>`, with commas, semicolons or, where no
/// name stands before them, spaces between.
pub fn addresses(field: &'static str, typed: &str) -> Result<Vec<Party>> {
    let wrong = |part| Error::invalid(field, format!("“{part}” is not a mail address."));
    parties(typed).into_iter().map(|it| it.map_err(wrong)).collect()
}

/// The same, with what is no address as it stands there.
pub fn parties(typed: &str) -> Vec<std::result::Result<Party, String>> {
    let mut quoted = false;
    let between = |it: char| {
        quoted ^= it == '"';
        !quoted && matches!(it, ',' | ';' | '\n')
    };
    let mut all = Vec::new();
    for mut part in typed.split(between) {
        while let Some((name, (address, rest))) =
            part.split_once('<').and_then(|(name, rest)| Some((name, rest.split_once('>')?)))
        {
            let name: String = name.chars().filter(|it| !it.is_control() && *it != '"').collect();
            // An address in the place of a name is somebody, too.
            all.extend(Email::parse(name.trim()).map(|it| Ok(Party::from(it))));
            let name = if name.contains('@') { "" } else { name.trim() };
            let party = |address| Party { name: name.to_owned(), address: Some(address) };
            all.push(Email::parse(address.trim()).map(party).ok_or_else(|| address.trim().to_owned()));
            part = rest;
        }
        for word in part.split_whitespace() {
            let bare = word.trim_matches(['<', '>', '"']);
            all.push(Email::parse(bare).map(Party::from).ok_or_else(|| word.to_owned()));
        }
    }
    all
}
