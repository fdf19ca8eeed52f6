//! A Brief that an endpoint writes: when it is asked for, how it is made, and when it is shown.
//!
//! It is asked for by whoever has the case open, if what there is does not tell of its newest message; never for all cases.
//! A job asks, one at a time on each node, once the case has been quiet for a moment. Nobody waits for it: until it is there,
//! and wherever it fails, the rules' Brief stands.

use std::time::Duration;

use domain::{BriefLine, Fact, Member, Right, StaffId, Timestamp, WrittenBrief, WrittenLine};
use insight::From;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use store::brief::written::{self, State};
use store::brief::{Beyond, beyond};
use store::case::Place;
use store::case::spine::{Spine, spine};
use store::job::{self, Job};
use store::{Hint, Lock, Read, Scope, case, organization};

use super::answer::{lines, mood};
use super::endpoint::{self, Kept, useless};
use super::sent::{Sent, sent as sent_of};
use super::{Brief, Piece, Source, Told, waits};
use crate::case::held_place;
use crate::job::Work;
use crate::{Desk, Error, Result};

/// Whoever goes through their cases opens some only for a moment.
const MOMENT: Duration = Duration::from_secs(3);
/// Several messages often come together: a case has been quiet for so long when it is told of.
const QUIET: Duration = Duration::from_secs(20);
/// What was asked for so long ago, nobody waits for any more.
const LIFE: Duration = Duration::from_hours(1);
/// An answer that is of no use is asked for so often in all, and then not for a while.
const TRIES: i64 = 3;
const REST: Duration = Duration::from_hours(6);

/// What is shown of a case, and by whom it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The Brief.
    pub brief: Option<Brief>,
    /// Who wrote its lines, if no rules did.
    pub writer: Option<Writer>,
    /// Whether it should be asked for by whoever has the case open, and who would write it.
    pub ask: Option<Writer>,
}

/// Who writes a Brief.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writer {
    /// The model.
    pub model: String,
    /// The host at which it is.
    pub host: String,
}

/// Whether a fact changes what belongs to a case, without saying anything.
pub(super) fn changes(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::TakenBack { .. }
            | Fact::SplitOff { .. }
            | Fact::SplitFrom { .. }
            | Fact::SplitUndone { .. }
            | Fact::Merged { .. }
            | Fact::MergeUndone { .. }
            | Fact::Moved(_)
            | Fact::MovedBack(_)
    )
}

/// The Brief of a case as its page shows it: by the endpoint where that tells of its newest message, and else by rules.
pub async fn found(rx: &Read, spine: &Spine, beyond: &Beyond, zone: &TimeZone, now: Timestamp) -> store::Result<Found> {
    let told = Told::of(spine, beyond, zone);
    let brief = told.brief(zone);
    let by_rules = Found { brief, ..Found::default() };
    let Some(endpoint) = endpoint::switched_on(rx).await? else { return Ok(by_rules) };
    let Some(asked) = Asked::of(&told, &endpoint) else { return Ok(by_rules) };
    let state = written::find(rx, spine.case.customer, spine.case.id).await?;
    // Of an earlier page the newest entry need not be known: there it counts whether somebody has asked since.
    let earlier = is_earlier(spine);
    let tells = |it: &&WrittenBrief| {
        if earlier { state.as_ref().is_some_and(|state| state.asked == it.basis) } else { it.basis == asked.basis }
    };
    match state.as_ref().and_then(|it| it.written.as_ref()).filter(tells) {
        // It has read the case, and found nothing to say.
        Some(it) if it.lines.is_empty() => Ok(by_rules),
        Some(it) => {
            let writer = Some(Writer { model: it.model.clone(), host: it.host.clone() });
            Ok(Found { brief: Some(told.as_written(by_rules.brief, it)), writer, ask: None })
        }
        None => {
            let ask = (!earlier && asked.may_be_asked(spine, state.as_ref(), now)).then_some(asked.writer);
            Ok(Found { ask, ..by_rules })
        }
    }
}

/// Whether later entries of the case stand on another page.
fn is_earlier(spine: &Spine) -> bool {
    let own = spine.entries.iter().zip(&spine.written_in).filter(|it| *it.1 == spine.case.id);
    own.filter_map(|it| it.0.number).max().is_some_and(|it| it < spine.case.entries)
}

/// What was sent to have the Brief of a case written, as far as this person may see the case: the instruction and the text;
/// and who got it.
pub async fn sent(rx: &Read, scope: &Scope, number: i64) -> store::Result<(Writer, [String; 2], Timestamp)> {
    let it = case::within(rx, scope, number).await?.ok_or(store::Error::NotFound)?;
    let state = written::find(rx, it.customer, it.id).await?.and_then(|it| it.written);
    let body = written::sent(rx, it.customer, it.id).await?;
    let (state, body) = state.zip(body).ok_or(store::Error::NotFound)?;
    let texts = channels::endpoint::texts(&body).ok_or(store::Error::NotFound)?;
    Ok((Writer { model: state.model, host: state.host }, texts, state.at))
}

/// What an endpoint is asked.
struct Asked {
    writer: Writer,
    /// Of which state of the case, and by whom.
    basis: String,
    /// When something was said last.
    last: Timestamp,
}

impl Asked {
    /// None if no customer says anything.
    fn of(told: &Told<'_>, endpoint: &Kept) -> Option<Asked> {
        let (case, entry, _) = told.marks.iter().rfind(|it| endpoint.notes || !it.2)?;
        if !told.said.iter().any(|it| it.turn.from == From::Customer) {
            return None;
        }
        let (model, host, notes) = (endpoint.model.clone(), endpoint.place().ok()?.to_string(), endpoint.notes);
        let basis = format!("{case}.{entry} {}{host} {model}", if notes { "with notes " } else { "" });
        let last = told.spine.case.last_at;
        Some(Asked { writer: Writer { model, host }, basis, last })
    }

    fn may_be_asked(&self, spine: &Spine, state: Option<&State>, now: Timestamp) -> bool {
        let asked = state.is_some_and(|it| it.asked == self.basis && now < it.not_before);
        spine.case.aside.is_none() && !asked
    }
}

impl Told<'_> {
    /// What was written, with what stays with the rules.
    fn as_written(&self, by_rules: Option<Brief>, it: &WrittenBrief) -> Brief {
        let source = |it: &WrittenLine| Source { case: it.case, entry: it.entry, sentence: it.sentence.clone() };
        let piece = |it: &WrittenLine| Piece { text: it.text.clone(), due_at: None, source: source(it) };
        let all = |line: BriefLine| it.lines.iter().filter(move |it| it.line == line);
        let (promised, waiting, read) = match by_rules {
            Some(it) => (it.promised, it.waiting, it.read),
            None => (Vec::new(), (waits(self.spine.case.status, None), None), self.said.len()),
        };
        Brief {
            issue: all(BriefLine::Issue).next().map(piece),
            tried: all(BriefLine::Tried).map(piece).collect(),
            promised,
            mood: all(BriefLine::Mood).next().and_then(|it| Some((mood(&it.text)?, source(it)))),
            next: all(BriefLine::Next).next().filter(|_| waiting.0 != super::Waiting::Nobody).map(piece),
            waiting,
            read,
        }
    }
}

/// Has the Brief of a case written.
#[derive(Serialize, Deserialize)]
pub(crate) struct WriteBrief {
    number: i64,
    /// Who has asked for it, who may see the case.
    by: StaffId,
    at: Timestamp,
}

impl Work for WriteBrief {
    const NAME: &'static str = "write_brief";
    // It gives up by the clock. This is for one that kills whatever asks.
    const TRIES: i64 = 30;
    async fn run(&self, desk: &Desk, job: &Job) -> Result<()> {
        desk.write_brief(self, job).await
    }
    async fn give_up(&self, desk: &Desk, job: &Job, _: &str) -> Result<()> {
        desk.finish(job).await
    }
}

/// A case, ready to be sent.
struct Ready {
    place: Place,
    asked: Asked,
    sent: Sent,
}

impl Desk {
    /// Asks for the Brief of a case, where an endpoint writes it and has not done so. Somebody has the case open.
    pub async fn ask_for_brief(&self, by: &Member, number: i64) -> Result<()> {
        let now = self.now();
        let (scope, place) = (Scope::of(by), self.place_for(by, number).await?);
        let read = self.db.read(async move |rx| {
            let Some(endpoint) = endpoint::switched_on(rx).await? else { return Ok(None) };
            Ok::<_, store::Error>(Some((endpoint::health(rx).await?, ready(rx, &scope, number, &endpoint, now).await?)))
        });
        let Some((health, Some(it))) = read.await? else { return Ok(()) };
        let due_at = now.after(MOMENT).max(it.asked.last.after(QUIET)).max(health.paused_until.unwrap_or(now));
        let (desk, work) = (self.clone(), WriteBrief { number, by: by.id, at: now });
        self.db
            .write([Lock::Customer(place.customer)], async move |tx| {
                // Somebody else may have it open, too.
                let state = written::find(tx, it.place.customer, it.place.case).await?;
                let known = state.is_some_and(|state| state.asked == it.asked.basis && now < state.not_before);
                if known || held_place(tx, number).await? != Some(it.place) {
                    return Ok(());
                }
                written::ask(tx, it.place.customer, it.place.case, &it.asked.basis, now.after(LIFE)).await?;
                desk.enqueue(tx, &work, due_at).await
            })
            .await
    }

    async fn write_brief(&self, work: &WriteBrief, job: &Job) -> Result<()> {
        let (now, number) = (self.now(), work.number);
        let by = match self.staff_member(work.by).await {
            Ok(it) if it.role.may(Right::Cases) && now.since(work.at) < LIFE => it,
            Ok(_) | Err(Error::NotFound) => return self.finish(job).await,
            Err(err) => return Err(err),
        };
        let scope = Scope::of(&by);
        let seen = scope.clone();
        let read = self.db.read(async move |rx| {
            let Some(endpoint) = endpoint::switched_on(rx).await? else { return Ok(None) };
            // That it was asked for is no reason not to write it.
            let it = ready(rx, &seen, number, &endpoint, Timestamp(i64::MAX)).await;
            let it = match it {
                Err(store::Error::NotFound) => None,
                it => it?,
            };
            Ok::<_, store::Error>(Some((endpoint, endpoint::health(rx).await?, it)))
        });
        let Some((endpoint, health, Some(it))) = read.await? else { return self.finish(job).await };
        if let Some(until) = health.paused_until.filter(|it| *it > now) {
            let job = job.clone();
            let wait = async move |tx: &mut store::Tx| job::put_off(tx, &job, Some(until), "it is left alone").await;
            return Ok(self.db.write([], wait).await.map(drop)?);
        }
        let place = endpoint.place()?;
        let answer = match self.ask_endpoint(&endpoint, &place, &it.sent).await {
            Ok(answer) => answer,
            Err(err) => return self.unanswered(job, None, err.to_string(), err.wait()).await,
        };
        match lines(&answer.text, &it.sent) {
            Ok(lines) => {
                let Writer { model, host } = it.asked.writer;
                let told = WrittenBrief { basis: it.asked.basis, model, host, lines, at: self.now() };
                self.keep_brief((scope, number, it.place), endpoint, told, answer.sent, health.failures > 0, job).await
            }
            Err(why) => self.unanswered(job, Some(&it), useless(&place, why), None).await,
        }
    }

    async fn keep_brief(
        &self,
        (scope, number, place): (Scope, i64, Place),
        endpoint: Kept,
        told: WrittenBrief,
        sent: String,
        recovers: bool,
        job: &Job,
    ) -> Result<()> {
        let job = job.clone();
        self.db
            .write([Lock::Customer(place.customer), organization::lock()], async move |tx| {
                if recovers {
                    endpoint::well(tx).await?;
                }
                if !job::finish(tx, &job).await? || held_place(tx, number).await? != Some(place) {
                    return Ok(());
                }
                // What has become another case meanwhile may hold what is not for this one's readers any more.
                let now = ready(tx, &scope, number, &endpoint, Timestamp(i64::MAX)).await;
                if now.is_ok_and(|it| it.is_some_and(|it| it.asked.basis == told.basis)) {
                    written::save(tx, place.customer, place.case, &told, &sent).await?;
                    tx.announce(Hint::new(format!("case {number}")));
                }
                Ok(())
            })
            .await
    }

    /// It failed, or, of a case, said nothing of use: it is left alone for a while.
    async fn unanswered(
        &self,
        job: &Job,
        useless: Option<&Ready>,
        why: String,
        wait: Option<channels::endpoint::Wait>,
    ) -> Result<()> {
        let (now, job) = (self.now(), job.clone());
        tracing::warn!(failed = %job.id, useless = useless.is_some(), "an endpoint has written no Brief");
        let gives_up = useless.filter(|_| job.tries >= TRIES).map(|it| (it.place, it.asked.basis.clone()));
        let locks = gives_up.as_ref().map(|it| Lock::Customer(it.0.customer)).into_iter().chain([organization::lock()]);
        self.db
            .write(locks.collect::<Vec<_>>(), async move |tx| {
                let until = endpoint::failed(tx, why.clone(), wait, now).await?;
                if let Some((place, basis)) = &gives_up {
                    if case::find(tx, place.customer, place.case).await?.is_some() {
                        written::ask(tx, place.customer, place.case, basis, now.after(REST)).await?;
                    }
                    return Ok(job::finish(tx, &job).await.map(drop)?);
                }
                Ok(job::put_off(tx, &job, Some(until), &why).await.map(drop)?)
            })
            .await
    }
}

/// A case as it stands, if there is something to write of it that has not been written yet, and at `now` nobody waits for it.
async fn ready(rx: &Read, scope: &Scope, number: i64, endpoint: &Kept, now: Timestamp) -> store::Result<Option<Ready>> {
    let spine = spine(rx, scope, number, None).await?;
    let (beyond, zone) = (beyond(rx, &spine).await?, crate::promise::zone(rx).await?);
    let told = Told::of(&spine, &beyond, &zone);
    let Some(asked) = Asked::of(&told, endpoint) else { return Ok(None) };
    let place = Place { customer: spine.case.customer, case: spine.case.id };
    let state = written::find(rx, place.customer, place.case).await?;
    let done = state.as_ref().and_then(|it| it.written.as_ref()).is_some_and(|it| it.basis == asked.basis);
    if done || !asked.may_be_asked(&spine, state.as_ref(), now) {
        return Ok(None);
    }
    Ok(sent_of(&told, endpoint.notes).map(|sent| Ready { place, asked, sent }))
}
