//! What staff do to cases with a key, to one or to many at once, and how it is undone.

use std::time::Duration;

use domain::{
    ActId, Actor, Aside, Case, Entry, FieldId, Member, Priority, Refusal, Right, StaffId, Tag, TeamId, Timestamp,
    Unwanted,
};
use futures_util::future::join_all;
use store::act::{self, Act, Changed};
use store::{Lock, Tx, field, mark, staff, team};

use crate::aside::needs;
use crate::case::{RESOLUTION, append, case_of};
use crate::notification::tell;
use crate::{Desk, Error, Result};

/// For how long something can be undone.
const UNDO: Duration = Duration::from_hours(1);
/// The most cases to which something is done at once.
pub const AT_ONCE: usize = 200;

/// What is done to a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Doing {
    /// It is given to a colleague, or to nobody.
    Assign(Option<StaffId>),
    /// To a team, or to none.
    GiveTo(Option<TeamId>),
    /// It matters as much.
    Prioritize(Priority),
    /// It is marked with these, and no more with those.
    Tag(Vec<Tag>, Vec<Tag>),
    /// It comes back then.
    Snooze(Timestamp),
    /// It comes back now.
    Wake,
    /// It is done.
    Resolve {
        /// What solved it; may be empty.
        resolution: String,
        /// What its fields say from now on, as it was typed.
        fields: Vec<(FieldId, String)>,
    },
    /// It is done, if it was not already; with what solved it, which may be empty.
    Settle(String),
    /// It is not.
    Reopen,
    /// Its fields say this, as it was typed.
    Fill(Vec<(FieldId, String)>),
    /// Nobody has to look at it.
    PutAside(Aside),
    /// Somebody has.
    PutBack,
}

impl Doing {
    fn right(&self) -> Right {
        match self {
            Doing::PutAside(_) | Doing::PutBack => Right::Desk,
            _ => Right::Cases,
        }
    }

    fn check(&self) -> Result<()> {
        match self {
            Doing::Resolve { resolution, .. } | Doing::Settle(resolution)
                if resolution.chars().count() > RESOLUTION =>
            {
                Err(Error::invalid("resolution", format!("A resolution has at most {RESOLUTION} characters.")))
            }
            _ => Ok(()),
        }
    }

    /// Does it, under the customer's lock.
    async fn verb(&self, tx: &Tx, case: &mut Case, who: Actor, now: Timestamp) -> Result<Vec<Entry>> {
        let one = |it: Option<Entry>| it.into_iter().collect();
        Ok(match self {
            Doing::Assign(to) => {
                if let Some(to) = *to
                    && staff::find(tx, to).await?.is_none_or(|it| it.left_at.is_some())
                {
                    return Err(Error::invalid("assignee", "This colleague does not work here."));
                }
                one(case.assign(*to, who, now)?)
            }
            Doing::GiveTo(to) => {
                if let Some(to) = *to
                    && team::find(tx, to).await?.is_none()
                {
                    return Err(Error::invalid("team", "There is no such team."));
                }
                one(case.give_to(*to, who, now)?)
            }
            Doing::Prioritize(to) => one(case.prioritize(*to, who, now)?),
            Doing::Tag(on, off) => one(case.tag(on, off, who, now)?),
            Doing::Snooze(until) => one(case.snooze(*until, who, now)?),
            Doing::Wake => vec![case.wake(who, now)?],
            Doing::Resolve { resolution, fields } => {
                let mut done = fill(tx, case, fields, who, now).await?;
                done.push(resolve(tx, case, resolution, who, now).await?);
                done
            }
            Doing::Settle(_) if case.status == domain::Status::Resolved => Vec::new(),
            Doing::Settle(resolution) => vec![resolve(tx, case, resolution, who, now).await?],
            Doing::Reopen => vec![case.reopen(who, now)?],
            Doing::Fill(fields) => fill(tx, case, fields, who, now).await?,
            Doing::PutAside(to) => one(case.put_aside(*to, Unwanted::Person, who, now)),
            Doing::PutBack => match case.put_back(who, now) {
                Err(Refusal::NotAside) => Vec::new(),
                done => vec![done?],
            },
        })
    }
}

/// It is done, if it says what it has to say.
async fn resolve(tx: &Tx, case: &mut Case, resolution: &str, who: Actor, now: Timestamp) -> Result<Entry> {
    needs_fields(tx, case).await?;
    Ok(case.resolve(resolution, who, now)?)
}

/// Refuses to resolve a case that does not say yet what it has to.
pub(crate) async fn needs_fields(tx: &Tx, case: &Case) -> Result<()> {
    let all = field::of(tx, domain::Owner::Case).await?;
    match case.missing(&all).first() {
        Some(first) => {
            let why = format!("“{}” has to be filled in before a case is resolved.", first.name);
            Err(Error::invalid("fields", why))
        }
        None => Ok(()),
    }
}

async fn fill(
    tx: &Tx,
    case: &mut Case,
    values: &[(FieldId, String)],
    who: Actor,
    now: Timestamp,
) -> Result<Vec<Entry>> {
    let mut done = Vec::new();
    for (field, value) in crate::field::entered(tx, domain::Owner::Case, values).await? {
        done.extend(case.fill(&field, value.as_deref(), who, now)?);
    }
    Ok(done)
}

/// What came of something that was done to many.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// By this it is undone; none if nothing has changed.
    pub act: Option<ActId>,
    /// How many cases changed.
    pub changed: usize,
    /// How many stay as they are, and why the first of them does.
    pub refused: Option<(usize, String)>,
}

impl Desk {
    /// Does something to a case. Answers by what it is undone; none if nothing has changed.
    pub async fn act(&self, by: &Member, number: i64, doing: Doing) -> Result<Option<ActId>> {
        self.act_together(by, number, vec![doing]).await
    }

    /// Does several things to a case, all of them or none, which are undone as one.
    pub async fn act_together(&self, by: &Member, number: i64, doings: Vec<Doing>) -> Result<Option<ActId>> {
        let id: ActId = self.id();
        Ok(self.act_on(by, number, doings, Some(id)).await?.map(|_| id))
    }

    /// Does something to many cases, each by itself: one that cannot be changed holds no other up.
    pub async fn act_on_all(&self, by: &Member, numbers: &[i64], doing: Doing) -> Result<Done> {
        self.act_together_on_all(by, numbers, vec![doing]).await
    }

    /// Does several things to many cases; what is done to one of them is done as a whole, or not at all.
    pub async fn act_together_on_all(&self, by: &Member, numbers: &[i64], doings: Vec<Doing>) -> Result<Done> {
        if numbers.len() > AT_ONCE {
            return Err(Error::invalid("case", format!("At most {AT_ONCE} cases can be changed at once.")));
        }
        let all = join_all(numbers.iter().map(|it| self.act_on(by, *it, doings.clone(), None))).await;
        let (mut changed, mut refused) = (Vec::new(), None);
        for done in all {
            match done {
                Ok(it) => changed.extend(it),
                Err(err @ (Error::Store(_) | Error::Internal(_))) => return Err(err),
                Err(err) => {
                    let (count, why) = refused.unwrap_or_else(|| (0, err.to_string()));
                    refused = Some((count + 1, why));
                }
            }
        }
        let count = changed.len();
        let act = if changed.is_empty() { None } else { Some(self.remember(by, changed, refused.clone()).await?) };
        Ok(Done { act, changed: count, refused })
    }

    /// One case. It is remembered under `act`; without, by whoever asks.
    async fn act_on(
        &self,
        by: &Member,
        number: i64,
        doings: Vec<Doing>,
        act: Option<ActId>,
    ) -> Result<Option<Changed>> {
        for doing in &doings {
            needs(by, doing.right())?;
            doing.check()?;
        }
        let place = self.place_for(by, number).await?;
        let (desk, by, who, now) = (self.clone(), by.clone(), Actor::Staff(by.id), self.now());
        self.db
            .write([Lock::Customer(place.customer)], async move |tx| {
                let mut case = case_of(tx, &by, number).await?;
                let (before, marks) = (case.standing(), (case.tags.clone(), case.fields.clone()));
                let mut entries = Vec::new();
                for doing in &doings {
                    entries.extend(doing.verb(tx, &mut case, who, now).await?);
                }
                if entries.is_empty() {
                    return Ok(None);
                }
                for entry in &entries {
                    append(tx, &desk, &case, entry).await?;
                    tell(tx, &desk.ctx, &case, entry, "").await?;
                }
                crate::clock::save(tx, &mut case).await?;
                if marks != (case.tags.clone(), case.fields.clone()) {
                    mark::save(tx, &case).await?;
                }
                let changed = Changed { number, before, after: case.standing() };
                if let Some(id) = act {
                    let cases = vec![changed.clone()];
                    act::insert(tx, &Act { id, staff: by.id, at: now, cases, refused: None, undone: false }).await?;
                }
                Ok::<_, Error>(Some(changed))
            })
            .await
    }

    async fn remember(&self, by: &Member, cases: Vec<Changed>, refused: Option<(usize, String)>) -> Result<ActId> {
        let act = Act { id: self.id(), staff: by.id, at: self.now(), cases, refused, undone: false };
        let id = act.id;
        self.db.write([], async move |tx| Ok::<_, Error>(act::insert(tx, &act).await?)).await?;
        Ok(id)
    }

    /// Undoes what this member did. What others have changed since stays. Answers how many cases stand again as before.
    pub async fn undo(&self, by: &Member, id: ActId) -> Result<usize> {
        let found = self.db.read(async move |rx| act::find(rx, id).await).await?;
        let act = found.filter(|it| it.staff == by.id).ok_or(Error::NotFound)?;
        if act.at.after(UNDO) < self.now() {
            return Err(Error::Conflict("This was too long ago to be undone.".to_owned()));
        }
        if act.undone {
            return Err(Error::Conflict("This is undone already.".to_owned()));
        }
        let all = join_all(act.cases.into_iter().map(|it| self.undo_one(by, it))).await;
        let mut undone = 0;
        for done in all {
            match done {
                Ok(()) => undone += 1,
                Err(err @ (Error::Store(_) | Error::Internal(_))) => return Err(err),
                // It was changed again since, or is gone.
                Err(_) => {}
            }
        }
        // Only now: what a crash cut short can be undone again, and what stands as before stays so.
        self.db.write([], async move |tx| act::undone(tx, id).await).await?;
        if undone == 0 { Err(Refusal::Changed.into()) } else { Ok(undone) }
    }

    async fn undo_one(&self, by: &Member, it: Changed) -> Result<()> {
        let place = self.place(it.number).await?;
        let (desk, by, who, now) = (self.clone(), by.clone(), Actor::Staff(by.id), self.now());
        self.db
            .write([Lock::Customer(place.customer)], async move |tx| {
                // Whoever gave a case away may not see it any more, and takes it back all the same.
                let mut case = match case_of(tx, &by, it.number).await {
                    Err(Error::NotFound) => {
                        store::case::find(tx, place.customer, place.case).await?.ok_or(Error::NotFound)?
                    }
                    found => found?,
                };
                let entry = case.undo(&it.before, &it.after, who, now)?;
                append(tx, &desk, &case, &entry).await?;
                crate::clock::save(tx, &mut case).await?;
                Ok(mark::save(tx, &case).await?)
            })
            .await
    }

    /// What was done long ago is not undone any more.
    pub(crate) async fn forget_acts(&self) -> Result<()> {
        let until = self.now().before(UNDO * 2);
        self.db.write([], async move |tx| Ok(act::sweep(tx, until).await?)).await
    }
}
