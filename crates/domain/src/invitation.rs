//! A meeting that a mail invites to, changes, answers or calls off (RFC 5545, RFC 5546).

use serde::{Deserialize, Serialize};

use crate::word::words;
use crate::{Party, Timestamp};

words! {
    /// What a calendar mail is for (RFC 5546 §1.4).
    InvitationMethod {
        /// It tells about a meeting and asks for no answer.
        Publish = "publish",
        /// It invites, or changes a meeting.
        Request = "request",
        /// It answers an invitation.
        Reply = "reply",
        /// It adds a date to a meeting that comes again.
        Add = "add",
        /// It calls a meeting off.
        Cancel = "cancel",
        /// It asks for the newest state of a meeting.
        Refresh = "refresh",
        /// It proposes another time.
        Counter = "counter",
        /// It refuses the other time.
        DeclineCounter = "decline_counter",
    }
}

words! {
    /// Whether somebody comes (RFC 5545 §3.2.12).
    Attendance {
        /// They have not said.
        Unanswered = "unanswered",
        /// They come.
        Accepted = "accepted",
        /// They do not come.
        Declined = "declined",
        /// They may come.
        Tentative = "tentative",
        /// They send somebody else.
        Delegated = "delegated",
    }
}

words! {
    /// How sure a meeting is (RFC 5545 §3.8.1.11).
    MeetingStatus {
        /// It may be.
        Tentative = "tentative",
        /// It is.
        Confirmed = "confirmed",
        /// It is called off.
        Cancelled = "cancelled",
    }
}

/// When a meeting begins or ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// A whole day, `2026-11-25`, wherever one is.
    Day(String),
    /// An instant.
    Instant {
        /// When.
        at: Timestamp,
        /// The time zone in which its author thinks: an IANA name; none for UTC, or if its name is not known.
        zone: Option<String>,
    },
    /// A time of day wherever one is, or in a zone that nobody knows: `2026-11-25T10:00`.
    Local(String),
}

/// Somebody who is asked to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendee {
    /// Who.
    pub party: Party,
    /// Whether they come.
    pub attendance: Attendance,
    /// Whether the meeting can do without them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

/// The meeting of a calendar mail; the first, if it has several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// What the mail is for.
    pub method: InvitationMethod,
    /// What makes it the same meeting when it comes again.
    pub uid: String,
    /// Which version of it; a higher one replaces a lower one.
    pub sequence: u32,
    /// What it is about, as one line.
    pub summary: String,
    /// Where, as one line; empty if it does not say.
    pub location: String,
    /// What else is said about it; cut where it is long.
    pub description: String,
    /// When it begins.
    pub starts: Option<Moment>,
    /// When it ends; for whole days the last day, that is the last on which it takes place.
    pub ends: Option<Moment>,
    /// Who invites.
    pub organizer: Option<Party>,
    /// Who is asked to come; at most a hundred.
    pub attendees: Vec<Attendee>,
    /// How it comes again, in plain words: `every 2 weeks on Monday, until 2026-12-31`.
    pub recurrence: Option<String>,
    /// The one date of a meeting that comes again which the mail is about.
    pub occurrence: Option<Moment>,
    /// How sure it is.
    pub status: Option<MeetingStatus>,
    /// How many meetings the file has.
    pub count: u32,
}
