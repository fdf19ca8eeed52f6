//! Where a Brief is written, if an administrator wants that: address, model and key; and whether it answers.
//!
//! The address is an administrator's word, so it may be a private one; where `channels` sends nothing whatever is said,
//! it says. The key is encrypted, never shown again, and bound to the origin that it was entered for: whoever changes that
//! enters it anew.

use std::time::{Duration, Instant};

use channels::endpoint::{AskError, Place, Question, Wait};
use channels::{Secret, Tls};
use data_encoding::BASE64;
use domain::{Member, Right, Timestamp, WrittenLine};
use serde::{Deserialize, Serialize};
use store::{Read, Tx, job, organization};

use super::Source;
use super::answer::lines;
use super::sent::{INSTRUCTION, Sent};
use super::veil::Veil;
use super::written::WriteBrief;
use crate::job::{Work as _, backoff};
use crate::{Desk, Error, Post, Result};

/// The desk's settings that hold it, and how it goes.
const ENDPOINT: &str = "brief_endpoint";
const HEALTH: &str = "brief_endpoint_health";
/// How long an answer may take, in seconds.
pub const PATIENCE: std::ops::RangeInclusive<u32> = 1..=120;
/// What it is if nobody says otherwise.
pub const USUAL: u32 = 30;
/// Nobody is waited for longer, whatever they ask for.
const LONGEST: Duration = Duration::from_hours(24);
/// The longest name of a model, address or key.
const LONG: usize = 500;

/// Where a Brief is written, as the settings show it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a box to tick, and none rules out another")]
pub struct Endpoint {
    /// Whether it is asked at all.
    pub on: bool,
    /// Its base address.
    pub address: String,
    /// Whether a private address may be asked without TLS.
    pub inside: bool,
    /// The name of the model.
    pub model: String,
    /// For how long an answer is waited for, in seconds.
    pub seconds: u32,
    /// Whether internal notes are sent, too.
    pub notes: bool,
    /// Whether it has a key.
    pub has_key: bool,
}

/// The same as somebody enters it.
#[derive(Clone, Debug, Default)]
pub struct Entered {
    /// Whether it is to be asked.
    pub on: bool,
    /// Its base address.
    pub address: String,
    /// Whether a private address may be asked without TLS.
    pub inside: bool,
    /// The name of the model.
    pub model: String,
    /// The key; empty: as it is.
    pub key: String,
    /// For how long an answer is waited for, in seconds.
    pub seconds: u32,
    /// Whether internal notes are sent, too.
    pub notes: bool,
}

/// Whether it answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// How often in a row it did not.
    pub failures: i64,
    /// Until when it is left alone.
    pub paused_until: Option<Timestamp>,
    /// What went wrong last, and when.
    pub last: Option<(String, Timestamp)>,
}

/// What a sample came to.
#[derive(Clone, Debug)]
pub struct Tried {
    /// What was sent.
    pub sent: String,
    /// What came back, bound to the sample's sentences; or why nothing of use did.
    pub answer: std::result::Result<Vec<WrittenLine>, String>,
    /// How long that took.
    pub took: Duration,
}

/// As it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    on: bool,
    address: String,
    inside: bool,
    pub(super) model: String,
    pub(super) seconds: u32,
    pub(super) notes: bool,
    /// Encrypted, in base64.
    key: Option<String>,
}

impl Kept {
    pub(super) fn place(&self) -> Result<Place> {
        Place::parse(&self.address, self.inside).map_err(|err| Error::invalid("address", err.to_string()))
    }

    fn shown(self) -> Endpoint {
        let Kept { on, address, inside, model, seconds, notes, key } = self;
        Endpoint { on, address, inside, model, seconds, notes, has_key: key.is_some() }
    }
}

/// Where a Brief is written; none if nobody has said.
async fn kept(rx: &Read) -> store::Result<Option<Kept>> {
    Ok(organization::setting(rx, ENDPOINT).await?.and_then(|it| serde_json::from_str(&it).ok()))
}

/// Where a Brief is written, if it is to be written.
pub(super) async fn switched_on(rx: &Read) -> store::Result<Option<Kept>> {
    Ok(kept(rx).await?.filter(|it| it.on))
}

pub(super) async fn health(rx: &Read) -> store::Result<Health> {
    let kept = organization::setting(rx, HEALTH).await?;
    Ok(kept.and_then(|it| serde_json::from_str(&it).ok()).unwrap_or_default())
}

/// It has answered.
pub(super) async fn well(tx: &mut Tx) -> Result<()> {
    save(tx, HEALTH, &Health::default()).await
}

/// It has not. Answers until when it is left alone: longer with each failure, and as long as it asks for.
pub(super) async fn failed(tx: &mut Tx, why: String, wait: Option<Wait>, now: Timestamp) -> Result<Timestamp> {
    let failures = health(tx).await?.failures + 1;
    let asked = match wait {
        Some(Wait::For(it)) => it,
        Some(Wait::Until(second)) => Timestamp(second.saturating_mul(1_000_000)).since(now),
        None => Duration::ZERO,
    };
    let until = now.after(backoff(failures).max(asked.min(LONGEST)));
    let health = Health { failures, paused_until: Some(until), last: Some((why, now)) };
    save(tx, HEALTH, &health).await?;
    Ok(until)
}

async fn save<T: Serialize + Sync>(tx: &mut Tx, name: &str, it: &T) -> Result<()> {
    let text = serde_json::to_string(it).map_err(|err| Error::Internal(err.to_string()))?;
    organization::set(tx, name, &text).await?;
    tx.announce(store::Hint::new("brief_endpoint"));
    Ok(())
}

/// To which origin a key belongs.
fn sealed_for(place: &Place) -> String {
    format!("brief endpoint {}", place.origin())
}

fn may(by: &Member) -> Result<()> {
    if by.role.may(Right::Settings) { Ok(()) } else { Err(Error::NotFound) }
}

impl Desk {
    /// Where a Brief is written, and whether that answers.
    pub async fn brief_endpoint(&self, by: &Member) -> Result<(Endpoint, Health)> {
        may(by)?;
        let read = self.db.read(async |rx| Ok::<_, store::Error>((kept(rx).await?, health(rx).await?)));
        let (kept, health) = read.await?;
        let none = Endpoint { seconds: USUAL, ..Endpoint::default() };
        Ok((kept.map_or(none, Kept::shown), health))
    }

    /// Says where a Brief is written, and whether it is. What went wrong before is forgotten: it is asked again.
    pub async fn set_brief_endpoint(&self, by: &Member, it: Entered) -> Result<()> {
        may(by)?;
        let (desk, now) = (self.clone(), self.now());
        self.db
            .write([organization::lock()], async move |tx| {
                let before = kept(tx).await?;
                let (it, _) = desk.checked(&it, before.as_ref())?;
                save(tx, ENDPOINT, &it).await?;
                save(tx, HEALTH, &Health::default()).await?;
                job::hurry_all(tx, WriteBrief::NAME, now).await?;
                Ok(())
            })
            .await
    }

    /// Forgets the key.
    pub async fn remove_brief_key(&self, by: &Member) -> Result<()> {
        may(by)?;
        self.db
            .write([organization::lock()], async move |tx| {
                let Some(it) = kept(tx).await? else { return Ok(()) };
                save(tx, ENDPOINT, &Kept { key: None, ..it }).await
            })
            .await
    }

    /// Sends a sample there, as it was entered. Nothing of it is kept.
    pub async fn try_brief_endpoint(&self, by: &Member, it: Entered) -> Result<Tried> {
        may(by)?;
        let before = self.db.read(async |rx| kept(rx).await).await?;
        let (it, place) = self.checked(&Entered { on: true, ..it }, before.as_ref())?;
        let sample = sample();
        // For people, and not for what is kept: how long they waited.
        let begun = Instant::now();
        let answer = self.ask_endpoint(&it, &place, &sample).await;
        let took = begun.elapsed();
        Ok(match answer {
            Ok(it) => {
                Tried { answer: lines(&it.text, &sample).map_err(|why| useless(&place, why)), sent: it.sent, took }
            }
            Err(err) => Tried { sent: String::new(), answer: Err(err.to_string()), took },
        })
    }

    /// What somebody entered, once it makes sense.
    fn checked(&self, it: &Entered, before: Option<&Kept>) -> Result<(Kept, Place)> {
        let place = Place::parse(&it.address, it.inside).map_err(|err| Error::invalid("address", err.to_string()))?;
        let model = it.model.trim().to_owned();
        if model.is_empty() || model.len() > LONG || model.chars().any(char::is_control) {
            return Err(Error::invalid("model", "Write the name of the model, as its maker spells it."));
        }
        if !PATIENCE.contains(&it.seconds) {
            let why = format!("Wait for {} to {} seconds.", PATIENCE.start(), PATIENCE.end());
            return Err(Error::invalid("seconds", why));
        }
        let key = match (it.key.trim(), before.and_then(|it| Some((it, it.key.as_ref()?)))) {
            ("", None) => None,
            ("", Some((before, key))) if before.place().is_ok_and(|it| it.origin() == place.origin()) => {
                Some(key.clone())
            }
            ("", Some((before, _))) => {
                let why =
                    format!("The key that is kept goes to {} alone. Enter the one for this address.", before.address);
                return Err(Error::invalid("key", why));
            }
            (key, _) if key.len() > LONG || !key.bytes().all(|it| it.is_ascii_graphic()) => {
                return Err(Error::invalid("key", "A key has letters, digits and signs, and no blanks."));
            }
            (key, _) => Some(BASE64.encode(&self.keys.seal(&self.ctx, &sealed_for(&place), key.as_bytes())?)),
        };
        let (on, inside, seconds, notes) = (it.on, it.inside, it.seconds, it.notes);
        Ok((Kept { on, address: place.base(), inside, model, seconds, notes, key }, place))
    }

    /// Asks it. That changes nothing outside, so it needs no row in the outbox: what dies before its answer is kept is asked
    /// once more.
    pub(super) async fn ask_endpoint(
        &self,
        it: &Kept,
        place: &Place,
        sent: &Sent,
    ) -> Result<channels::endpoint::Answer, AskError> {
        let key = match &it.key {
            Some(sealed) => Some(self.opened(place, sealed).ok_or(AskError::BadKey)?),
            None => None,
        };
        let broken = |why: String| AskError::Broken { host: place.to_string(), why };
        let tls = match &*self.post {
            Post::Servers(tls) => tls.clone(),
            // A demo keeps its mail; what an administrator sets up here is meant to be asked.
            Post::Kept => Tls::new(None).map_err(|err| broken(err.to_string()))?,
        };
        let question = Question { model: &it.model, instruction: INSTRUCTION, text: &sent.text };
        channels::endpoint::ask(place, key.as_ref(), &tls, question, Duration::from_secs(it.seconds.into())).await
    }

    fn opened(&self, place: &Place, sealed: &str) -> Option<Secret> {
        let sealed = BASE64.decode(sealed.as_bytes()).ok()?;
        let key = self.keys.open(&sealed_for(place), &sealed).ok()?;
        Some(Secret::new(String::from_utf8(key).ok()?))
    }
}

/// Why an answer that came is of no use.
pub(super) fn useless(place: &Place, why: &str) -> String {
    format!("The answer of {place} cannot be used: {why}.")
}

/// What is sent to see whether an endpoint does: an invented case.
fn sample() -> Sent {
    const SAID: [(&str, bool); 4] = [
        ("The invoice INV-10874 bills 14 printers, but we returned two of them in October.", true),
        ("This is the second time, and we close the month on Friday.", true),
        ("Sorry about that. I have asked the warehouse for the return slip.", false),
        ("When can we expect the corrected invoice?", true),
    ];
    let source = |(nth, (sentence, theirs)): (usize, &(&str, bool))| {
        let entry = [1, 1, 2, 3][nth];
        (Source { case: 1, entry, sentence: (*sentence).to_owned() }, *theirs)
    };
    let [first, second, third, fourth] = SAID.map(|it| it.0);
    let text = format!(
        "\n# Customer 1, 2026-11-09 10:12\ns1: {first}\ns2: {second}\n\n# Agent 1, 2026-11-09 11:05\ns3: {third}\n\n# \
         Customer 1, 2026-11-10 09:30\ns4: {fourth}\n"
    );
    Sent { text, sources: SAID.iter().enumerate().map(source).collect(), veil: Veil::default() }
}
