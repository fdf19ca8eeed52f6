//! What we promise: found in our words, written down, kept or not.

use domain::{Actor, Case, Member, MessageId, Promise, PromiseId, PromiseState, Refusal, Timestamp};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use store::case::merge;
use store::{Lock, Read, Tx, message, organization, promise};

use crate::case::{append, case_of};
use crate::{Desk, Error, Result};

/// The longest promise, in characters: it is one line.
pub const TEXT: usize = 200;
/// The most open promises of one case: nobody keeps more.
const OPEN: usize = 50;

/// A promise in words of ours, of which nobody keeps track yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What we would do, in few words.
    pub text: String,
    /// Until when it is kept in time, if a day was named.
    pub due_at: Option<Timestamp>,
}

/// What a text of ours promises that was said then.
pub fn found(text: &str, said: Timestamp, zone: &TimeZone) -> Vec<Found> {
    let Some(there) = there(said, zone) else { return Vec::new() };
    let all = insight::promises(text, there).into_iter();
    all.map(|it| Found { text: it.text, due_at: it.due.and_then(|it| moment(it, zone)) }).collect()
}

/// A moment on the clock of the organization.
pub(crate) fn there(at: Timestamp, zone: &TimeZone) -> Option<jiff::civil::DateTime> {
    Some(zone.to_datetime(jiff::Timestamp::from_microsecond(at.0).ok()?))
}

/// Until when something is kept in time; without a time of the day that is its end.
pub(crate) fn moment(due: insight::Due, zone: &TimeZone) -> Option<Timestamp> {
    let Some(time) = due.time else { return end_of(due.date, zone) };
    let at = due.date.to_datetime(time).to_zoned_datetime(zone.clone()).ok()?;
    Some(Timestamp(at.timestamp().as_microsecond()))
}

fn end_of(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    let next = day.tomorrow().ok()?.to_zoned_datetime(zone.clone()).ok()?;
    Some(Timestamp(next.timestamp().as_microsecond() - 1))
}

/// Where the desk is.
pub(crate) async fn zone(rx: &Read) -> store::Result<TimeZone> {
    let zone = organization::find(rx).await?.map(|it| it.time_zone).unwrap_or_default();
    Ok(TimeZone::get(&zone).unwrap_or(TimeZone::UTC))
}

impl Desk {
    /// What somebody who is writing in this case promises. Nothing is kept of it.
    pub async fn promises_in(&self, by: &Member, number: i64, text: &str) -> Result<Vec<Found>> {
        self.place_for(by, number).await?;
        let zone = self.db.read(async |rx| zone(rx).await).await?;
        Ok(found(text, self.now(), &zone))
    }

    /// Writes down by hand what we promised, on the phone perhaps, and by which day.
    pub async fn promise(&self, by: &Member, number: i64, text: &str, due: Option<Date>) -> Result<()> {
        let text = one_line(text);
        if text.is_empty() {
            return Err(Error::invalid("text", "Write what we promised."));
        }
        if text.chars().count() > TEXT {
            return Err(Error::invalid("text", format!("A promise has at most {TEXT} characters.")));
        }
        self.change(by, number, async move |tx, desk, case, by| {
            let zone = zone(tx).await?;
            let due_at = due.and_then(|it| end_of(it, &zone));
            desk.keep_track(tx, case, by, None, vec![Found { text: text.clone(), due_at }]).await
        })
        .await
    }

    /// Keeps track of what a message of ours promises, after it was sent.
    pub async fn track(&self, by: &Member, number: i64, id: MessageId, text: &str) -> Result<()> {
        let text = text.to_owned();
        self.change(by, number, async move |tx, desk, case, by| {
            let found = message::find(tx, case.customer, case.id, id).await?;
            let message = found.filter(|it| it.staff.is_some() && it.supplier.is_none()).ok_or(Error::NotFound)?;
            let all = self::found(message.own_text(), message.at, &zone(tx).await?);
            let it = all.into_iter().find(|it| it.text == text).ok_or(Error::NotFound)?;
            desk.keep_track(tx, case, by, Some(id), vec![it]).await
        })
        .await
    }

    /// Says what became of a promise, or that it is open again.
    pub async fn settle(&self, by: &Member, number: i64, id: PromiseId, to: PromiseState) -> Result<()> {
        self.change(by, number, async move |tx, desk, case, by| {
            let mut all = all_of(tx, case).await?;
            let it = all.iter_mut().find(|it| it.id == id).ok_or(Error::NotFound)?;
            let Some(entry) = case.settle(it, to, Actor::Staff(by.id), desk.now())? else { return Ok(()) };
            append(tx, desk, case, &entry).await?;
            promise::save(tx, it).await?;
            case.owe_promises(&all);
            Ok(())
        })
        .await
    }

    async fn change<F>(&self, by: &Member, number: i64, change: F) -> Result<()>
    where
        F: AsyncFn(&mut Tx, &Desk, &mut Case, &Member) -> Result<()> + Send + 'static,
    {
        let place = self.place_for(by, number).await?;
        let (desk, by) = (self.clone(), by.clone());
        self.db
            .write([Lock::Customer(place.customer)], async move |tx| {
                let mut case = case_of(tx, &by, number).await?;
                let before = case.entries;
                change(tx, &desk, &mut case, &by).await?;
                if case.entries != before {
                    crate::clock::save(tx, &mut case).await?;
                }
                Ok(())
            })
            .await
    }

    /// Writes promises down, entry by entry; whoever asks saves the case. What is open already is not written twice.
    pub(crate) async fn keep_track(
        &self,
        tx: &mut Tx,
        case: &mut Case,
        by: &Member,
        message: Option<MessageId>,
        made: Vec<Found>,
    ) -> Result<()> {
        if made.is_empty() {
            return Ok(());
        }
        let mut all = all_of(tx, case).await?;
        for Found { text, due_at } in made {
            let same = |it: &Promise| {
                let open = it.state == PromiseState::Open && it.text == text && it.due_at == due_at;
                open || message.is_some() && it.message == message && it.text == text
            };
            if all.iter().any(same) {
                continue;
            }
            if all.iter().filter(|it| it.state == PromiseState::Open).count() >= OPEN {
                return Err(Error::Conflict(format!("A case has at most {OPEN} open promises.")));
            }
            let it = Promise {
                customer: case.customer,
                case: case.id,
                id: self.id(),
                message,
                text,
                due_at,
                state: PromiseState::Open,
                by: by.id,
                at: self.now(),
                closed_at: None,
            };
            let entry = case.promise(&it, Actor::Staff(by.id), self.now())?;
            append(tx, self, case, &entry).await?;
            promise::insert(tx, &it).await?;
            all.push(it);
        }
        case.owe_promises(&all);
        Ok(())
    }
}

/// What of an answer's promises somebody has ticked.
pub(crate) async fn ticked(tx: &Tx, text: &str, at: Timestamp, ticked: &[String]) -> Result<Vec<Found>> {
    if ticked.is_empty() {
        return Ok(Vec::new());
    }
    let all = found(text, at, &zone(tx).await?);
    Ok(all.into_iter().filter(|it| ticked.contains(&it.text)).collect())
}

/// A message is taken back, and with it what it promised.
pub(crate) async fn withdraw(tx: &mut Tx, case: &mut Case, id: MessageId) -> Result<()> {
    let (gone, left): (Vec<Promise>, Vec<Promise>) =
        all_of(tx, case).await?.into_iter().partition(|it| it.message == Some(id));
    for it in gone {
        promise::delete(tx, it.customer, it.case, it.id).await?;
    }
    case.owe_promises(&left);
    Ok(())
}

/// What we promised in a case, and in those that it took in.
async fn all_of(rx: &Read, case: &Case) -> store::Result<Vec<Promise>> {
    promise::of_case(rx, case.customer, &merge::with_members(rx, case.customer, case.id).await?).await
}

/// What a case owes, after it took in another or let go of one.
pub(crate) async fn owe_anew(rx: &Read, case: &mut Case) -> Result<()> {
    let all = all_of(rx, case).await?;
    case.owe_promises(&all);
    Ok(())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Refuses where nobody works.
pub(crate) fn not_aside(case: &Case) -> Result<()> {
    if case.aside.is_some() { Err(Refusal::Aside.into()) } else { Ok(()) }
}
