//! What a colleague is told of: by what, and whether they want to be.

use std::time::Duration;

use crate::word::words;
use crate::{Actor, Entry, Fact, StaffId, Timestamp};

words! {
    /// Of what a colleague is told.
    NotificationKind {
        /// A colleague names them in a note.
        Mentioned = "mentioned",
        /// A case becomes theirs.
        Assigned = "assigned",
        /// Somebody writes in a case that is theirs, or that they follow.
        Message = "message",
        /// The clock of such a case is running out.
        Clock = "clock",
    }
}

words! {
    /// When mail tells of what somebody has not seen in the desk.
    MailRhythm {
        /// When it has waited for ten minutes.
        Soon = "soon",
        /// At most once an hour.
        Hourly = "hourly",
        /// In the morning, at eight.
        Daily = "daily",
        /// Not at all.
        Never = "never",
    }
}

/// Somebody is not here, and wants quiet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Away {
    /// Until then; none: until they say that they are back.
    pub until: Option<Timestamp>,
}

/// What may tell somebody of what.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Choices {
    /// What stands in the list in the desk.
    pub app: Vec<NotificationKind>,
    /// What their browser shows while a tab is open.
    pub device: Vec<NotificationKind>,
    /// What mail tells of.
    pub mail: Vec<NotificationKind>,
    /// When it does.
    pub rhythm: MailRhythm,
    /// Whether they have said that they are away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub away: Option<Away>,
}

impl Default for Choices {
    /// A mail brings in who is mentioned, or has something to do, and does not look; it tells of nothing else.
    fn default() -> Choices {
        use NotificationKind::{Assigned, Clock, Mentioned, Message};
        let all = vec![Mentioned, Assigned, Message, Clock];
        let mail = vec![Mentioned, Assigned];
        Choices { app: all.clone(), device: all, mail, rhythm: MailRhythm::Hourly, away: None }
    }
}

impl Choices {
    /// Whether they are away at this moment.
    pub fn is_away(&self, now: Timestamp) -> bool {
        self.away.is_some_and(|it| it.until.is_none_or(|until| now < until))
    }

    /// Whether a mail is to go out now. `oldest` is the oldest thing that none has told of; `morning` the last eight o'clock
    /// of the organization.
    pub fn is_due(&self, oldest: Timestamp, morning: Timestamp, now: Timestamp) -> bool {
        let waited = |time| now.since(oldest) >= time;
        !self.is_away(now)
            && match self.rhythm {
                MailRhythm::Soon => waited(Duration::from_mins(10)),
                MailRhythm::Hourly => waited(Duration::from_hours(1)),
                MailRhythm::Daily => oldest < morning,
                MailRhythm::Never => false,
            }
    }
}

/// Whether those who follow a case are told of this.
pub fn concerns_followers(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Received { automatic: None, .. }
            | Fact::Replied { .. }
            | Fact::SupplierAnswered { automatic: None, .. }
            | Fact::Forwarded { .. }
    )
}

/// Whom an entry of a case concerns, and by what: each once, and nobody of what they did themselves.
pub fn concerned(entry: &Entry, assignee: Option<StaffId>, followers: &[StaffId]) -> Vec<(StaffId, NotificationKind)> {
    let told: Vec<(StaffId, NotificationKind)> = match &entry.fact {
        Fact::Assigned { to: Some(to), .. } => vec![(*to, NotificationKind::Assigned)],
        Fact::Noted { mentions, .. } => mentions.iter().map(|it| (*it, NotificationKind::Mentioned)).collect(),
        fact if concerns_followers(fact) => {
            assignee.iter().chain(followers).map(|it| (*it, NotificationKind::Message)).collect()
        }
        _ => Vec::new(),
    };
    let mut all: Vec<(StaffId, NotificationKind)> = Vec::new();
    for it in told {
        if entry.by != Actor::Staff(it.0) && !all.contains(&it) {
            all.push(it);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{ContactId, MessageId, Status};

    const NOON: Timestamp = Timestamp(1_800_000_000_000_000);

    fn person(number: u128) -> StaffId {
        StaffId(Uuid::from_u128(number))
    }

    fn told(by: Actor, fact: Fact) -> Vec<(u128, &'static str)> {
        let entry = Entry { number: Some(1), at: NOON, by, fact };
        let all = concerned(&entry, Some(person(1)), &[person(2), person(1), person(3)]);
        all.into_iter().map(|it| (it.0.0.as_u128(), crate::Word::word(it.1))).collect()
    }

    #[test]
    fn nobody_is_told_of_their_own_act_and_nobody_twice() {
        let (message, status) = (MessageId(Uuid::nil()), Status::Open);
        let theirs = Actor::Contact(ContactId(Uuid::nil()));
        let received = |automatic| Fact::Received { message, status, reopened: false, automatic };
        let all = [(1, "message"), (2, "message"), (3, "message")];
        assert_eq!(told(theirs, received(None)), all);
        assert_eq!(told(theirs, received(Some(crate::Automatic::AutoReply))), []);
        assert_eq!(told(Actor::Staff(person(2)), Fact::Replied { message, status }), [all[0], all[2]]);
        let given = |to| Fact::Assigned { from: None, to, status };
        assert_eq!(told(Actor::Staff(person(1)), given(Some(person(4)))), [(4, "assigned")]);
        assert_eq!(told(Actor::Staff(person(4)), given(Some(person(4)))), []);
        assert_eq!(told(Actor::Job, given(None)), []);
        let noted = |mentions: &[u128]| Fact::Noted {
            text: String::new(),
            files: Vec::new(),
            status,
            mentions: mentions.iter().map(|it| person(*it)).collect(),
        };
        assert_eq!(told(Actor::Staff(person(1)), noted(&[1, 5, 5])), [(5, "mentioned")]);
        assert_eq!(told(Actor::Staff(person(1)), noted(&[])), []);
        assert_eq!(told(theirs, Fact::Closed), []);
    }

    #[test]
    fn a_mail_waits_for_its_time_and_for_who_is_away() {
        let minutes = |it| NOON.after(Duration::from_mins(it));
        let morning = NOON.before(Duration::from_hours(4));
        let with = |rhythm| Choices { rhythm, ..Choices::default() };
        let is_due = |rhythm, oldest, now| with(rhythm).is_due(oldest, morning, now);
        assert!(!is_due(MailRhythm::Soon, NOON, minutes(9)) && is_due(MailRhythm::Soon, NOON, minutes(10)));
        assert!(!is_due(MailRhythm::Hourly, NOON, minutes(59)) && is_due(MailRhythm::Hourly, NOON, minutes(60)));
        assert!(!is_due(MailRhythm::Daily, NOON, minutes(600)));
        assert!(is_due(MailRhythm::Daily, morning.before(Duration::from_secs(1)), NOON));
        assert!(!is_due(MailRhythm::Never, Timestamp(0), NOON));
        let away = |until| Choices { away: Some(Away { until }), ..with(MailRhythm::Soon) };
        assert!(!away(None).is_due(NOON, morning, minutes(90)));
        assert!(!away(Some(minutes(91))).is_due(NOON, morning, minutes(90)));
        assert!(away(Some(minutes(90))).is_due(NOON, morning, minutes(90)), "they are back");
    }
}
