//! What staff do with a case.

use domain::{Actor, Case, Email, Entry, Member, MessageId, Party, Priority, Recipients, Refusal, StaffId, TeamId};
use store::case::{find_within, place};
use store::message::Known;
use store::{Lock, Tx, blob, case, draft, entry, message, staff, team};

use crate::draft::key;
use crate::{Desk, Error, Result, Upload, scope};

/// An answer to the customer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Its text.
    pub text: String,
    /// To whom it goes.
    pub recipients: Recipients,
    /// What becomes of the case.
    pub then: Then,
    /// The newest entry that its writer has seen; if a colleague has answered since, the reply is kept as a draft.
    pub seen: Option<i64>,
    /// Files that come with it, beside those of the draft.
    pub uploads: Vec<Upload>,
}

/// What becomes of a case with our answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// It waits for the customer.
    Waiting,
    /// We still owe the next step.
    Open,
    /// We think that it is done.
    Resolved,
}

impl Desk {
    /// Answers the customer. The mail is in the outbox when this returns. The case becomes the writer's if nobody's.
    pub async fn reply(&self, by: &Member, number: i64, reply: Reply) -> Result<MessageId> {
        if reply.recipients.addresses().next().is_none() {
            return Err(Refusal::NoRecipient.into());
        }
        bounded(&reply.text, &reply.recipients)?;
        let place = self.place_for(by, number).await?;
        let (files, blobs) = prepare(reply.uploads)?;
        blob::keep(&self.db, &blobs).await?;
        let (desk, by) = (self.clone(), by.clone());
        let (text, recipients, then, seen) =
            (reply.text.trim_end().to_owned(), reply.recipients, reply.then, reply.seen);
        self.db
            .write([Lock::Customer(place.customer)], async move |tx| {
                let mut case = case_of(tx, &by, number).await?;
                let (now, who) = (desk.now(), Actor::Staff(by.id));
                if let Some(seen) = seen
                    && entry::answered_since(tx, case.customer, case.id, seen, by.id).await?
                {
                    return Err(Error::Conflict(
                        "A colleague has answered while you were writing. Your text is kept.".to_owned(),
                    ));
                }
                let id: MessageId = desk.ctx.id();
                if case.assignee.is_none()
                    && let Some(entry) = case.assign(Some(by.id), who, now)?
                {
                    append(tx, &desk, &case, &entry).await?;
                }
                let entry = case.reply(id, &text, then == Then::Open, who, now)?;
                append(tx, &desk, &case, &entry).await?;
                if then == Then::Resolved {
                    let entry = case.resolve(who, now)?;
                    append(tx, &desk, &case, &entry).await?;
                }
                case.meet(recipients.addresses());
                case::save(tx, &case).await?;
                for blob in &blobs {
                    blob::insert(tx, case.customer, case.id, blob).await?;
                }
                let key = key(&case, &by);
                let mut files = files.clone();
                if let Some(draft) = draft::find(tx, key).await? {
                    files.splice(0..0, draft.files);
                    draft::delete(tx, key).await?;
                }
                fit_into_a_mail(&files)?;
                let message = desk.outgoing(tx, &case, &by, id, &text, recipients.clone(), files).await?;
                message::insert(tx, &message, None).await?;
                let known = Known { customer: case.customer, case: case.id, message: id };
                message::refer(tx, &message.external_id, known).await?;
                message::refer(tx, &crate::mail::ours(id), known).await?;
                desk.send_later(tx, &message).await?;
                Ok(id)
            })
            .await
    }

    /// Writes an internal note.
    pub async fn note(&self, by: &Member, number: i64, text: &str, uploads: Vec<Upload>) -> Result<()> {
        bounded(text, &Recipients::default())?;
        self.place_for(by, number).await?;
        let (files, blobs) = prepare(uploads)?;
        blob::keep(&self.db, &blobs).await?;
        let text = text.to_owned();
        let (member, desk) = (by.clone(), self.clone());
        self.change(by, number, async move |tx, case| {
            let key = key(case, &member);
            let mut files = files.clone();
            if let Some(draft) = draft::find(tx, key).await? {
                files.splice(0..0, draft.files);
                draft::delete(tx, key).await?;
            }
            for blob in &blobs {
                blob::insert(tx, case.customer, case.id, blob).await?;
            }
            Ok(Some(case.note(&text, files, Actor::Staff(member.id), desk.now())?))
        })
        .await
    }

    /// Gives the case to a colleague, or to nobody.
    pub async fn assign(&self, by: &Member, number: i64, to: Option<StaffId>) -> Result<()> {
        let (who, now) = (Actor::Staff(by.id), self.now());
        self.change(by, number, async move |tx, case| {
            if let Some(to) = to
                && staff::find(tx, to).await?.is_none_or(|it| it.left_at.is_some())
            {
                return Err(Error::invalid("assignee", "This colleague does not work here."));
            }
            Ok(case.assign(to, who, now)?)
        })
        .await
    }

    /// Gives the case to a team, or to none.
    pub async fn give_to(&self, by: &Member, number: i64, to: Option<TeamId>) -> Result<()> {
        let (who, now) = (Actor::Staff(by.id), self.now());
        self.change(by, number, async move |tx, case| {
            if let Some(to) = to
                && team::find(tx, to).await?.is_none()
            {
                return Err(Error::invalid("team", "There is no such team."));
            }
            Ok(case.give_to(to, who, now)?)
        })
        .await
    }

    /// Says how much the case matters.
    pub async fn prioritize(&self, by: &Member, number: i64, to: Priority) -> Result<()> {
        let (who, now) = (Actor::Staff(by.id), self.now());
        self.change(by, number, async move |_, case| Ok(case.prioritize(to, who, now)?)).await
    }

    /// Says that it is done.
    pub async fn resolve(&self, by: &Member, number: i64) -> Result<()> {
        let (who, now) = (Actor::Staff(by.id), self.now());
        self.change(by, number, async move |_, case| Ok(Some(case.resolve(who, now)?))).await
    }

    /// Takes that back.
    pub async fn reopen(&self, by: &Member, number: i64) -> Result<()> {
        let (who, now) = (Actor::Staff(by.id), self.now());
        self.change(by, number, async move |_, case| Ok(Some(case.reopen(who, now)?))).await
    }

    /// The frame of every change: find, ask the verb, save, append.
    async fn change<F>(&self, by: &Member, number: i64, verb: F) -> Result<()>
    where
        F: AsyncFn(&mut Tx, &mut Case) -> Result<Option<Entry>> + Send + 'static,
    {
        let place = self.place(number).await?;
        let (desk, by) = (self.clone(), by.clone());
        self.db
            .write([Lock::Customer(place.customer)], async move |tx| {
                let mut case = case_of(tx, &by, number).await?;
                if let Some(entry) = verb(tx, &mut case).await? {
                    append(tx, &desk, &case, &entry).await?;
                    case::save(tx, &case).await?;
                }
                Ok(())
            })
            .await
    }

    /// [`Desk::place`] of a case that this member may see: asked before anything is written for them.
    pub(crate) async fn place_for(&self, by: &Member, number: i64) -> Result<case::Place> {
        let scope = scope(by);
        let found = self.db.read(async move |rx| {
            let Some(place) = place(rx, number).await? else { return Ok(None) };
            Ok::<_, store::Error>(find_within(rx, &scope, place).await?.map(|_| place))
        });
        found.await?.ok_or(Error::NotFound)
    }

    /// Where a case is kept, to know whom to lock.
    pub(crate) async fn place(&self, number: i64) -> Result<case::Place> {
        self.db.read(async move |rx| place(rx, number).await).await?.ok_or(Error::NotFound)
    }
}

/// The case as this member may see it, under its customer's lock.
pub(crate) async fn case_of(tx: &mut Tx, by: &Member, number: i64) -> Result<Case> {
    loop {
        // It may have moved to another customer since its place was looked up.
        let place = place(tx, number).await?.ok_or(Error::NotFound)?;
        if !tx.lock(Lock::Customer(place.customer)).await? {
            return find_within(tx, &scope(by), place).await?.ok_or(Error::NotFound);
        }
    }
}

async fn append(tx: &mut Tx, desk: &Desk, case: &Case, entry: &Entry) -> Result<()> {
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

pub(crate) fn prepare(uploads: Vec<Upload>) -> Result<(Vec<domain::File>, Vec<blob::Blob>)> {
    Ok(uploads.into_iter().map(Upload::prepare).collect::<Result<Vec<_>>>()?.into_iter().unzip())
}

/// The longest text, in bytes: a book. What is longer comes as a file.
const TEXT: usize = 1024 * 1024;
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

/// The addresses in what somebody typed: separated by commas, semicolons or spaces.
pub fn addresses(field: &'static str, typed: &str) -> Result<Vec<Party>> {
    let mut parties = Vec::new();
    for part in typed.split([',', ';']).flat_map(str::split_whitespace) {
        let bare = part.trim_matches(['<', '>', '"']);
        match Email::parse(bare) {
            Some(address) => parties.push(Party::from(address)),
            None => return Err(Error::invalid(field, format!("“{part}” is not a mail address."))),
        }
    }
    Ok(parties)
}
