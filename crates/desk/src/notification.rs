//! Who is told of what happens to a case, and what each wants to be told of.
//!
//! The lines are written in the transaction of the entry that they tell of. A case that is nobody's and that nobody follows
//! asks the database nothing for it.

mod digest;
mod words;

use std::time::Duration;

use domain::case::preview;
use domain::mention::mentioned;
use domain::notification::{concerned, concerns_followers};
use domain::{Away, Case, Choices, Entry, Member, NotificationKind, StaffId, Timestamp};
use store::case::Place;
use store::notification::{self, New, choices};
use store::{Lock, Read, Tx, follower, staff};

pub(crate) use self::digest::SendDigest;
use crate::case::case_of;
use crate::{Ctx, Desk, Error, Result};

/// For so long somebody finds what they were told.
pub const KEPT: Duration = Duration::from_hours(24 * 90);
/// The longest time for which somebody says that they are away.
const AWAY: Duration = Duration::from_hours(24 * 400);

impl Desk {
    /// Follows a case: whoever does is told of what is written in it. Quiet: no entry tells of it.
    pub async fn follow(&self, by: &Member, number: i64) -> Result<()> {
        self.set_following(by, number, true).await
    }

    /// Follows it no longer.
    pub async fn unfollow(&self, by: &Member, number: i64) -> Result<()> {
        self.set_following(by, number, false).await
    }

    async fn set_following(&self, by: &Member, number: i64, follows: bool) -> Result<()> {
        let (place, by) = (self.place_for(by, number).await?, by.clone());
        self.db
            .write([Lock::Customer(place.customer)], async move |tx| {
                let mut case = case_of(tx, &by, number).await?;
                let changed = if follows {
                    follower::add(tx, &mut case, by.id).await
                } else {
                    follower::remove(tx, &mut case, by.id).await
                };
                Ok(changed?)
            })
            .await
    }

    /// Somebody looks at a case: they have seen what they were told of it.
    pub async fn see_case(&self, by: &Member, number: i64) -> Result<()> {
        let (place, staff, now) = (self.place_for(by, number).await?, by.id, self.now());
        Ok(self.db.write([], async move |tx| notification::see_case(tx, staff, place, now).await).await?)
    }

    /// Somebody has seen all that they were told.
    pub async fn see_all(&self, by: &Member) -> Result<()> {
        let (staff, now) = (by.id, self.now());
        Ok(self.db.write([], async move |tx| notification::see_all(tx, staff, now).await).await?)
    }

    /// Says what may tell this person of what. Whether they are away is said by [`Desk::set_away`].
    pub async fn choose(&self, by: &Member, new: Choices) -> Result<()> {
        self.change_choices(by, move |old| Choices { away: old.away, ..new.clone() }).await
    }

    /// Says that this person is away, or back.
    pub async fn set_away(&self, by: &Member, away: Option<Away>) -> Result<()> {
        let now = self.now();
        if let Some(until) = away.and_then(|it| it.until) {
            if until <= now {
                return Err(Error::invalid("until", "Choose a day that is still to come."));
            }
            if until > now.after(AWAY) {
                return Err(Error::invalid("until", "Choose a day within the next year."));
            }
        }
        self.change_choices(by, move |old| Choices { away, ..old }).await
    }

    async fn change_choices(
        &self,
        by: &Member,
        change: impl Fn(Choices) -> Choices + Send + Sync + 'static,
    ) -> Result<()> {
        let staff = by.id;
        self.db
            .write([Lock::Name(format!("choices {staff}"))], async move |tx| {
                let new = change(choices::of(tx, staff).await?);
                Ok(choices::save(tx, staff, &new).await?)
            })
            .await
    }

    /// Tells whose case it is, and who follows it, that the clock of a case is running out: `due` is when we owe a reply.
    /// For whoever keeps the clocks: to be called once for each warning, in the transaction that notes that it was given,
    /// under the customer's lock. Those who are warned again before they have looked have one line of it.
    pub async fn notify_clock(&self, tx: &mut Tx, case: &Case, due: Timestamp) -> Result<()> {
        if case.aside.is_some() {
            return Ok(());
        }
        let mut told: Vec<StaffId> = case.assignee.into_iter().collect();
        for it in followers(tx, case).await? {
            if !told.contains(&it) {
                told.push(it);
            }
        }
        for staff in told {
            let new = New {
                place: Place { customer: case.customer, case: case.id },
                id: self.ctx.id(),
                staff,
                kind: NotificationKind::Clock,
                at: self.now(),
                entry: None,
                by: None,
                name: "",
                line: "",
                due: Some(due),
            };
            notification::put(tx, &new).await?;
        }
        Ok(())
    }

    /// Deletes what was told so long ago that nobody asks for it.
    pub(crate) async fn forget_notifications(&self) -> Result<()> {
        let until = self.now().before(KEPT);
        Ok(self.db.write([], async move |tx| notification::forget(tx, until).await).await?)
    }
}

async fn followers(rx: &Read, case: &Case) -> Result<Vec<StaffId>> {
    Ok(if case.followed { follower::of(rx, case.customer, case.id).await? } else { Vec::new() })
}

/// Tells those whom an entry of a case concerns, in its transaction. `name` is what whoever did it is called, if it is
/// nobody of ours.
pub(crate) async fn tell(tx: &mut Tx, ctx: &Ctx, case: &Case, entry: &Entry, name: &str) -> Result<()> {
    let line = match &entry.fact {
        domain::Fact::Noted { text, .. } => text,
        _ => &case.preview,
    };
    tell_line(tx, ctx, case, entry, name, line).await
}

/// The same where what was said is no word with the customer: the case does not have it as its last.
pub(crate) async fn tell_line(
    tx: &mut Tx,
    ctx: &Ctx,
    case: &Case,
    entry: &Entry,
    name: &str,
    said: &str,
) -> Result<()> {
    if case.aside.is_some() {
        return Ok(());
    }
    let following = if concerns_followers(&entry.fact) { followers(tx, case).await? } else { Vec::new() };
    let line = preview(said);
    for (staff, kind) in concerned(entry, case.assignee, &following) {
        let by = if let domain::Actor::Staff(id) = entry.by { Some(id) } else { None };
        let new = New {
            place: Place { customer: case.customer, case: case.id },
            id: ctx.id(),
            staff,
            kind,
            at: entry.at.max(ctx.now()),
            entry: entry.number,
            by,
            name,
            line: &line,
            due: None,
        };
        notification::put(tx, &new).await?;
    }
    Ok(())
}

/// Who is named in a note; they follow its case from now on. Refused if one of them may not see it: what a case holds is
/// shown to another department by giving it to a team, and not by the way.
pub(crate) async fn name_in_note(tx: &mut Tx, case: &mut Case, by: StaffId, text: &str) -> Result<Vec<StaffId>> {
    if !text.contains('@') {
        return Ok(Vec::new());
    }
    let here = staff::here(tx).await?;
    let names: Vec<(StaffId, &str)> = here.iter().map(|it| (it.id, it.name.as_str())).collect();
    let told = mentioned(text, &names);
    if told.is_empty() {
        return Ok(told);
    }
    let blind = staff::blind(tx, case.team).await?;
    let out: Vec<&str> =
        names.iter().filter(|it| told.contains(&it.0) && blind.contains(&it.0)).map(|it| it.1).collect();
    if !out.is_empty() {
        let who = out.join(" and ");
        let why =
            format!("{who} cannot see this case. Give it to a team of theirs first, or write the name without the @.");
        return Err(Error::invalid("text", why));
    }
    for it in told.iter().filter(|it| **it != by) {
        follower::add(tx, case, *it).await?;
    }
    Ok(told)
}
