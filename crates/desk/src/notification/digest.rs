//! The mail that tells a colleague what they have not seen in the desk.
//!
//! What waits is bound to one mail in one transaction, with the job that sends it: nothing is told by two mails. Before the
//! end of the mail its row says that it is handed over; a program that dies after that sends it no second time.

use std::collections::HashMap;

use channels::smtp::{self, Envelope, SendErrorKind};
use data_encoding::HEXLOWER;
use domain::{DigestId, Member, NotificationKind, Party, StaffId, Timestamp};
use jiff::tz::TimeZone;
use jiff::{ToSpan as _, ZonedDateTime};
use mail::{Outgoing, compose};
use serde::{Deserialize, Serialize};
use store::channel::{self, Channel};
use store::job::Job;
use store::notification::digest::{self, Digest};
use store::notification::{Line, choices};
use store::{Lock, Scope, job, organization, staff};

use super::words::sentence;
use crate::channel::{Setup, servers};
use crate::job::Work;
use crate::{Desk, Error, Post, Result};

/// When the mail of a day goes out, by the clock of the organization.
const MORNING: i8 = 8;

/// Sends one mail that tells somebody what they have not seen.
#[derive(Serialize, Deserialize)]
pub(crate) struct SendDigest {
    pub digest: DigestId,
}

impl Work for SendDigest {
    const NAME: &'static str = "digest";
    const TRIES: i64 = 10;
    async fn run(&self, desk: &Desk, job: &Job) -> Result<()> {
        desk.send_digest(self.digest, job).await
    }
    async fn give_up(&self, desk: &Desk, job: &Job, why: &str) -> Result<()> {
        tracing::warn!(digest = %self.digest, why, "a mail to a colleague was given up; what it tells stands in their list");
        desk.end_digest(self.digest, job).await
    }
}

impl Desk {
    /// Makes a mail for everybody whose time has come.
    pub(crate) async fn begin_digests(&self) -> Result<()> {
        if self.keeps_mail() || self.sender().await?.is_none() {
            return Ok(());
        }
        let now = self.now();
        let due = self.db.read(async move |rx| {
            let zone = organization::find(rx).await?.map(|it| it.time_zone).unwrap_or_default();
            let morning = morning(&zone, now);
            let chosen: HashMap<StaffId, domain::Choices> = choices::all(rx).await?.into_iter().collect();
            let usual = domain::Choices::default();
            let mut due = Vec::new();
            for person in staff::here(rx).await? {
                let theirs = chosen.get(&person.id).unwrap_or(&usual);
                if let Some(oldest) = digest::oldest(rx, person.id, &theirs.mail).await?
                    && theirs.is_due(oldest, morning, now)
                {
                    due.push(person.id);
                }
            }
            Ok::<_, store::Error>(due)
        });
        for staff in due.await? {
            let it = Digest { id: self.id(), staff, at: now, handed: false };
            let desk = self.clone();
            let begun = self.db.write([Lock::Name(format!("digest {staff}"))], async move |tx| {
                digest::begin(tx, &it).await?;
                desk.enqueue(tx, &SendDigest { digest: it.id }, now).await
            });
            begun.await?;
        }
        Ok(())
    }

    async fn send_digest(&self, id: DigestId, job: &Job) -> Result<()> {
        let Some(it) = self.db.read(async move |rx| digest::find(rx, id).await).await? else {
            return self.finish(job).await;
        };
        // A try that came to the end of the mail may have sent it.
        if it.handed {
            return self.end_digest(id, job).await;
        }
        let (Some(channel), Some(letter)) = (self.sender().await?, self.letter(&it).await?) else {
            return self.end_digest(id, job).await;
        };
        let outgoing = letter.outgoing(&it, &channel);
        let composed = compose(&outgoing).map_err(|err| Error::Internal(err.to_string()))?;
        let Post::Servers(tls) = &*self.post else { return self.end_digest(id, job).await };
        let setup = Setup::of(&channel, &self.keys)?;
        let Some(server) = &setup.sending else { return self.end_digest(id, job).await };
        let envelope = Envelope { from: composed.from, to: composed.to };
        let mut away = None;
        let last = async {
            let marked = self.db.write([], async move |tx| digest::hand(tx, id).await).await;
            let ours = matches!(marked, Ok(true));
            away = marked.err();
            ours
        };
        let login = setup.sending_login();
        let sent = smtp::send_if(server, Some(&login), tls, setup.helo(), &envelope, &composed.bytes, last).await;
        if let Some(err) = away {
            return Err(err.into());
        }
        match sent {
            Err(err) if !err.lasting && err.kind != SendErrorKind::Unclear => {
                self.db.write([], async move |tx| digest::take_back(tx, id).await).await?;
                Err(Error::Conflict(err.words()))
            }
            Err(err) => {
                let why = err.words();
                tracing::warn!(digest = %id, why, "a mail to a colleague did not go; what it tells stands in their list");
                self.end_digest(id, job).await
            }
            Ok(_) => self.end_digest(id, job).await,
        }
    }

    async fn end_digest(&self, id: DigestId, job: &Job) -> Result<()> {
        let job = job.clone();
        let ended = self.db.write([], async move |tx| {
            digest::end(tx, id).await?;
            job::finish(tx, &job).await
        });
        Ok(ended.await.map(drop)?)
    }

    /// The mailbox by which the desk writes to its own people: the first that sends.
    async fn sender(&self) -> Result<Option<Channel>> {
        let all = self.db.read(async |rx| channel::all(rx).await).await?;
        Ok(all.into_iter().find(|it| servers(it).is_ok_and(|it| it.sending.is_some())))
    }

    /// What the mail says; none if nobody needs it any more.
    async fn letter(&self, it: &Digest) -> Result<Option<Letter>> {
        let (id, staff) = (it.id, it.staff);
        let member = match self.staff_member(staff).await {
            Ok(member) => member,
            Err(Error::NotFound) => return Ok(None),
            Err(err) => return Err(err),
        };
        let address = self.address.clone();
        let read = self.db.read(async move |rx| {
            let scope = Scope::of(&member);
            let wanted = choices::of(rx, staff).await?.mail;
            let lines = digest::lines(rx, &scope, id, &wanted).await?;
            let names = staff::colleagues(rx, &scope).await?.into_iter().map(|it| (it.id, it.name)).collect();
            let email = staff::own_email(rx, &scope).await?;
            let channels = channel::all(rx).await?;
            let organization = organization::find(rx).await?.ok_or(store::Error::NotFound)?;
            // A mail to a mailbox of the desk would become a case.
            let is_ours = channels.iter().any(|it| it.addresses().any(|it| *it == email));
            if lines.is_empty() || is_ours {
                return Ok::<_, store::Error>(None);
            }
            let zone = TimeZone::get(&organization.time_zone).unwrap_or(TimeZone::UTC);
            let to = Party { name: String::new(), address: Some(email) };
            let (member, address) = (member.clone(), address.clone());
            Ok(Some(Letter { member, to, lines, names, organization: organization.name, zone, address }))
        });
        Ok(read.await?)
    }
}

/// The last eight o'clock there.
fn morning(zone: &str, now: Timestamp) -> Timestamp {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let Some(here) = wall(&zone, now) else { return now };
    let at = |day: jiff::civil::Date| day.at(MORNING, 0, 0, 0).to_zoned_datetime(zone.clone()).ok();
    let today = at(here.date()).filter(|it| *it <= here);
    let last = today.or_else(|| at(here.date().checked_sub(1.days()).ok()?));
    last.map_or(now, |it| Timestamp(it.timestamp().as_microsecond()))
}

fn wall(zone: &TimeZone, at: Timestamp) -> Option<ZonedDateTime> {
    Some(jiff::Timestamp::from_microsecond(at.0).ok()?.to_zoned_datetime(zone.clone()))
}

/// What a mail tells, and whom.
struct Letter {
    member: Member,
    to: Party,
    lines: Vec<Line>,
    names: HashMap<StaffId, String>,
    organization: String,
    zone: TimeZone,
    address: std::sync::Arc<str>,
}

impl Letter {
    fn outgoing(&self, it: &Digest, channel: &Channel) -> Outgoing {
        let subject = match &self.lines[..] {
            [only] => format!("{}: {}", self.sentence(only), only.subject),
            all => format!("{} notifications", all.len()),
        };
        let html = mail::written(&self.html()).map(|it| it.html);
        Outgoing {
            message_id: format!("<digest.{}@{}>", HEXLOWER.encode(it.id.0.as_bytes()), channel.address.domain()),
            from: Party { name: self.organization.clone(), address: Some(channel.address.clone()) },
            reply_to: None,
            to: vec![Party { name: self.member.name.clone(), ..self.to.clone() }],
            cc: Vec::new(),
            subject,
            at: it.at.0,
            in_reply_to: None,
            references: Vec::new(),
            text: self.text(),
            html,
            files: Vec::new(),
            automatic: true,
        }
    }

    fn sentence(&self, it: &Line) -> String {
        let who = it.by.and_then(|id| self.names.get(&id)).map_or(it.name.as_str(), String::as_str);
        let time = it.due.and_then(|due| wall(&self.zone, due));
        let time = time.map(|it| it.strftime("%H:%M").to_string()).unwrap_or_default();
        sentence(it, who, &time, it.assignee == Some(self.member.id))
    }

    fn link(&self, it: &Line) -> String {
        let entry = it.entry.map(|it| format!("#e{it}")).unwrap_or_default();
        format!("{}/cases/{}{entry}", self.address, it.number)
    }

    /// Why this mail came, and how to have another.
    fn below(&self) -> [String; 2] {
        let choose =
            if self.address.is_empty() { String::new() } else { format!(" {}/you/notifications", self.address) };
        [
            "You have not seen this in the desk. Answer there: nobody reads answers to this mail.".to_owned(),
            format!("What mail tells you, you choose in the desk, under your name.{choose}"),
        ]
    }

    fn text(&self) -> String {
        let one = |it: &Line| {
            let link = if self.address.is_empty() { String::new() } else { self.link(it) };
            let below = [about(it), said(it), link].into_iter().filter(|it| !it.is_empty());
            let below: Vec<String> = below.map(|it| format!("  {it}")).collect();
            format!("{}\n{}", self.sentence(it), below.join("\n"))
        };
        let lines: Vec<String> = self.lines.iter().map(one).collect();
        format!("{}\n\n-- \n{}\n", lines.join("\n\n"), self.below().join("\n"))
    }

    fn html(&self) -> String {
        let one = |it: &Line| {
            let title = escaped(&self.sentence(it));
            let link = escaped(&self.link(it));
            let title = if self.address.is_empty() { title } else { format!("<a href=\"{link}\">{title}</a>") };
            let below = [about(it), said(it)].into_iter().filter(|it| !it.is_empty());
            let below: Vec<String> = below.map(|it| escaped(&it)).collect();
            format!("<p><b>{title}</b><br>{}</p>", below.join("<br>"))
        };
        let lines: Vec<String> = self.lines.iter().map(one).collect();
        let below: Vec<String> = self.below().iter().map(|it| escaped(it)).collect();
        format!("{}<p>{}</p>", lines.concat(), below.join("<br>"))
    }
}

fn about(it: &Line) -> String {
    format!("{}, {}", it.subject, it.customer)
}

fn said(it: &Line) -> String {
    let shown = it.kind != NotificationKind::Assigned && !it.line.is_empty();
    if shown { format!("“{}”", it.line) } else { String::new() }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_morning_is_today_or_yesterday_by_the_clock_there() {
        // Sunday 28 March 2027, 06:30 UTC: in Berlin it is 08:30, since last night in summer time.
        let now = Timestamp(1_806_215_400_000_000);
        let hours = |it: u64| std::time::Duration::from_secs(it * 60);
        assert_eq!(morning("Europe/Berlin", now), now.before(hours(30)));
        assert_eq!(
            morning("Europe/London", now),
            now.before(hours(22 * 60 + 30)),
            "07:30 there: yesterday, in winter time"
        );
        assert_eq!(morning("Nowhere", now), now.before(hours(22 * 60 + 30)), "UTC");
    }
}
