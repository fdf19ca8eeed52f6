//! One issue of one customer, and the rules of its status.
//!
//! | Status | Means | Leaves by |
//! |---|---|---|
//! | `new` | nobody answered yet | our reply, an assignment or a note; resolve |
//! | `open` | we owe the next step | our reply; resolve |
//! | `waiting` | the customer owes the next step | their message; resolve |
//! | `resolved` | we think it is done | their message, or one of ours takes it back; after some days it is closed |
//! | `closed` | final | nothing: a later message opens a follow-up |

mod answer;
mod clock;
mod marks;
mod merge;
mod promise;
mod snooze;
mod supplier;
mod undo;

use std::time::Duration;

pub use answer::Before;
pub use answer::Then;
pub use merge::{Kept, Merged};
pub use snooze::Live;
pub use undo::Standing;

use crate::field::Values;
use crate::word::words;
use crate::{
    Actor, Automatic, CaseId, ChannelId, ContactId, CustomerId, Email, Entry, Fact, File, Home, MessageId, PutAside,
    StaffId, TagId, TeamId, Timestamp,
};

words! {
    /// Where a case is.
    Status {
        /// Nobody answered yet.
        New = "new",
        /// We owe the next step.
        Open = "open",
        /// The customer owes the next step.
        Waiting = "waiting",
        /// We think it is done.
        Resolved = "resolved",
        /// Final.
        Closed = "closed",
    }
}

impl Status {
    /// Whether somebody owes a step.
    pub fn is_live(self) -> bool {
        matches!(self, Status::New | Status::Open | Status::Waiting)
    }
}

words! {
    /// How much it matters.
    Priority {
        /// When there is time.
        Low = "low",
        /// In turn.
        Normal = "normal",
        /// Before the others.
        High = "high",
        /// Now.
        Urgent = "urgent",
    }
}

/// Why a case does not do what was asked of it, in a sentence for the person who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing changes a closed case.
    #[error("This case is closed. A new message from the customer starts a follow-up case.")]
    Closed,
    /// It is resolved already.
    #[error("This case is already resolved.")]
    AlreadyResolved,
    /// It is not resolved, so there is nothing to take back.
    #[error("This case is not resolved.")]
    NotResolved,
    /// It is not yet time to close it.
    #[error("This case is not due to be closed.")]
    NotDue,
    /// A note or a reply without a word.
    #[error("There is nothing written yet.")]
    Empty,
    /// It is put aside, and nobody works on it there.
    #[error("This case is put aside. Put it back first.")]
    Aside,
    /// It is not put aside, so there is nothing to put back.
    #[error("This case is not put aside.")]
    NotAside,
    /// A reply to nobody.
    #[error("Nobody is named who could receive this.")]
    NoRecipient,
    /// A case cannot give away the message that it began with.
    #[error("This message opened the case, so it stays here.")]
    Opened,
    /// Only what a customer said makes a case of its own.
    #[error("Only a message from the customer can become a case of its own.")]
    NotTheirs,
    /// Nobody works on it, so it need not come back.
    #[error("Only an open case can be snoozed.")]
    NotLive,
    /// It would come back at once.
    #[error("This time is over already.")]
    Past,
    /// It is not snoozed, so there is nothing to wake.
    #[error("This case is not snoozed.")]
    NotSnoozed,
    /// It has more tags than anybody reads.
    #[error("A case has at most 30 tags.")]
    Tags,
    /// What is to be undone was changed again since.
    #[error("This was changed again since. There is nothing to undo.")]
    Changed,
    /// What is on its way is still to be sent from here.
    #[error("A message of ours is still on its way. Try again when it has left.")]
    OnItsWay,
    /// A case is not merged with itself, nor twice.
    #[error("These are one case already.")]
    SameCase,
    /// Cases of two customers are not one issue.
    #[error("These cases belong to two customers. Move one of them first.")]
    OtherCustomer,
    /// The merge was undone before, or the case went into another.
    #[error("This merge was undone already.")]
    NotMerged,
    /// The split was undone before, or the other case went elsewhere.
    #[error("This split was undone already, or the other case is not where it was.")]
    NotSplit,
    /// It belongs to that customer already, or not any more.
    #[error("This case does not belong to the customer from whom it would move.")]
    NotMoved,
}

/// How many addresses a case remembers as its participants; a thread with more is a mailing list.
const PARTICIPANTS: usize = 200;
/// How many characters of the last message a list shows.
const PREVIEW: usize = 160;

/// One issue of one customer.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, and any of them may hold with any other")]
pub struct Case {
    /// Whose.
    pub customer: CustomerId,
    /// Its id.
    pub id: CaseId,
    /// Its number, as people say it.
    pub number: i64,
    /// What it is about.
    pub subject: String,
    /// Where it is.
    pub status: Status,
    /// How much it matters.
    pub priority: Priority,
    /// The person who works on it.
    pub assignee: Option<StaffId>,
    /// The team that works on it.
    pub team: Option<TeamId>,
    /// The contact whose issue it is.
    pub contact: ContactId,
    /// The channel by which it came; our answers leave by it.
    pub channel: ChannelId,
    /// The closed case that it takes up again.
    pub follows: Option<i64>,
    /// When it came.
    pub opened_at: Timestamp,
    /// When it was last written in, by either side.
    pub last_at: Timestamp,
    /// When it was resolved, if it is.
    pub resolved_at: Option<Timestamp>,
    /// What solved it, in one line, if somebody has said so. It stays when the case comes back.
    pub resolution: Option<String>,
    /// The beginning of what was written last.
    pub preview: String,
    /// Whether it was the customer who wrote last.
    pub theirs: bool,
    /// Whether our last word has not reached them: it could not be sent, or came back.
    pub undelivered: bool,
    /// How many entries it has.
    pub entries: i64,
    /// Whom it has written to or heard from.
    pub participants: Vec<Email>,
    /// Where it is put aside, if it is.
    pub aside: Option<PutAside>,
    /// Since when they wait for a reply of ours, if they do.
    pub owed_since: Option<Timestamp>,
    /// By when we owe it; none where nobody is timed, or it was not worked out yet.
    pub due_at: Option<Timestamp>,
    /// Whether somebody was told that its time runs out.
    pub warned: bool,
    /// When it comes back into the lists, if it is snoozed.
    pub wake_at: Option<Timestamp>,
    /// By when the first of its open promises is due, if it has any; one without a day is due far away.
    pub promised_at: Option<Timestamp>,
    /// What it is marked with.
    pub tags: Vec<TagId>,
    /// What its fields say.
    pub fields: Values,
    /// Whether anybody follows it.
    pub followed: bool,
    /// The case into which it was taken, if it was.
    pub merged: Option<Merged>,
}

/// What a case starts with.
#[derive(Clone, Debug)]
pub struct Opening<'a> {
    /// Whose.
    pub customer: CustomerId,
    /// Its id.
    pub id: CaseId,
    /// Its number.
    pub number: i64,
    /// The contact who wrote.
    pub contact: ContactId,
    /// The channel by which they wrote.
    pub channel: ChannelId,
    /// The closed case that it takes up again.
    pub follows: Option<i64>,
    /// What it is about.
    pub subject: &'a str,
    /// The message.
    pub message: MessageId,
    /// Its text.
    pub text: &'a str,
    /// Set if a machine wrote it.
    pub automatic: Option<Automatic>,
}

impl Case {
    /// A message that belongs to no case opens one.
    pub fn open(opening: &Opening<'_>, by: Actor, at: Timestamp) -> (Case, Entry) {
        let mut case = Case {
            customer: opening.customer,
            id: opening.id,
            number: opening.number,
            subject: opening.subject.to_owned(),
            status: Status::New,
            priority: Priority::Normal,
            assignee: None,
            team: None,
            contact: opening.contact,
            channel: opening.channel,
            follows: opening.follows,
            opened_at: at,
            last_at: at,
            resolved_at: None,
            resolution: None,
            preview: preview(opening.text),
            theirs: true,
            undelivered: false,
            entries: 0,
            participants: Vec::new(),
            aside: None,
            owed_since: opening.automatic.is_none().then_some(at),
            due_at: None,
            warned: false,
            wake_at: None,
            promised_at: None,
            tags: Vec::new(),
            fields: Values::new(),
            followed: false,
            merged: None,
        };
        let (message, follows, automatic) = (opening.message, opening.follows, opening.automatic);
        let entry = case.entry(by, at, Fact::Opened { message, follows, automatic });
        (case, entry)
    }

    /// One of ours writes first. The case is theirs, and we owe the next step until that message is written: it is the first
    /// reply.
    pub fn begin(opening: &Opening<'_>, by: StaffId, team: Option<TeamId>, at: Timestamp) -> (Case, Entry) {
        let (mut case, _) = Case::open(opening, Actor::Staff(by), at);
        (case.status, case.theirs, case.owed_since) = (Status::Open, false, None);
        (case.assignee, case.team, case.entries) = (Some(by), team, 0);
        let entry = case.entry(Actor::Staff(by), at, Fact::Begun);
        (case, entry)
    }

    /// A further message of theirs. Automatic mail changes no status, not even of a closed case. A case that is put aside
    /// takes it too, and stays there.
    pub fn receive(
        &mut self,
        message: MessageId,
        text: &str,
        automatic: Option<Automatic>,
        by: Actor,
        at: Timestamp,
    ) -> Result<Entry, Refusal> {
        if automatic.is_none() {
            self.not_closed()?;
        }
        let reopened = automatic.is_none() && self.status == Status::Resolved;
        if automatic.is_none() {
            if matches!(self.status, Status::Waiting | Status::Resolved) {
                self.status = Status::Open;
                self.resolved_at = None;
            }
            self.wake_at = None;
            self.owe(at);
            self.wrote(text, true, at);
        }
        Ok(self.entry(by, at, Fact::Received { message, status: self.status, reopened, automatic }))
    }

    /// An internal note, in which `mentions` are named: somebody looks after it. A closed case takes one too, and stays closed.
    pub fn note(
        &mut self,
        text: &str,
        files: Vec<File>,
        mentions: Vec<StaffId>,
        by: Actor,
        at: Timestamp,
    ) -> Result<Entry, Refusal> {
        self.not_aside()?;
        if text.trim().is_empty() && files.is_empty() {
            return Err(Refusal::Empty);
        }
        self.looked_after();
        Ok(self.entry(by, at, Fact::Noted { text: text.trim_end().to_owned(), files, status: self.status, mentions }))
    }

    /// Gives it to a person, or to nobody. Nothing to say if it is theirs already.
    pub fn assign(&mut self, to: Option<StaffId>, by: Actor, at: Timestamp) -> Result<Option<Entry>, Refusal> {
        self.changeable()?;
        if self.assignee == to {
            return Ok(None);
        }
        let from = std::mem::replace(&mut self.assignee, to);
        if to.is_some() {
            self.looked_after();
        }
        Ok(Some(self.entry(by, at, Fact::Assigned { from, to, status: self.status })))
    }

    /// Gives it to a team, or to none.
    pub fn give_to(&mut self, to: Option<TeamId>, by: Actor, at: Timestamp) -> Result<Option<Entry>, Refusal> {
        self.changeable()?;
        if self.team == to {
            return Ok(None);
        }
        let from = std::mem::replace(&mut self.team, to);
        Ok(Some(self.entry(by, at, Fact::TeamChanged { from, to })))
    }

    /// Says how much it matters.
    pub fn prioritize(&mut self, to: Priority, by: Actor, at: Timestamp) -> Result<Option<Entry>, Refusal> {
        self.changeable()?;
        if self.priority == to {
            return Ok(None);
        }
        let from = std::mem::replace(&mut self.priority, to);
        self.time_anew();
        Ok(Some(self.entry(by, at, Fact::PriorityChanged { from, to })))
    }

    /// We think that it is done. `resolution` says what solved it; it may be empty.
    pub fn resolve(&mut self, resolution: &str, by: Actor, at: Timestamp) -> Result<Entry, Refusal> {
        self.changeable()?;
        if self.status == Status::Resolved {
            return Err(Refusal::AlreadyResolved);
        }
        self.status = Status::Resolved;
        self.resolved_at = Some(at);
        self.wake_at = None;
        self.owe_nothing();
        let line = resolution.split_whitespace().collect::<Vec<_>>().join(" ");
        self.resolution = (!line.is_empty()).then_some(line);
        Ok(self.entry(by, at, Fact::Resolved { resolution: self.resolution.clone() }))
    }

    /// One of ours takes back that it is done.
    pub fn reopen(&mut self, by: Actor, at: Timestamp) -> Result<Entry, Refusal> {
        self.changeable()?;
        if self.status != Status::Resolved {
            return Err(Refusal::NotResolved);
        }
        self.status = Status::Open;
        self.resolved_at = None;
        Ok(self.entry(by, at, Fact::Reopened))
    }

    /// Ends a case that has been resolved for at least `rest`.
    pub fn close(&mut self, rest: Duration, by: Actor, at: Timestamp) -> Result<Entry, Refusal> {
        match self.resolved_at {
            // What the customer never got resolves nothing.
            Some(_) if self.undelivered => Err(Refusal::NotDue),
            Some(since) if self.status == Status::Resolved && self.aside.is_none() && since.after(rest) <= at => {
                self.status = Status::Closed;
                Ok(self.entry(by, at, Fact::Closed))
            }
            _ => Err(Refusal::NotDue),
        }
    }

    /// Writes down something that happened to the case and leaves its status alone.
    pub fn remark(&mut self, fact: Fact, by: Actor, at: Timestamp) -> Entry {
        self.entry(by, at, fact)
    }

    /// Gives away a message of theirs, which opens the case `number`, and perhaps others `with` it. `newest` is what was
    /// said last of what is left: its words and whether they are theirs.
    pub fn split_off(
        &mut self,
        (message, with): (MessageId, Vec<Home>),
        number: i64,
        newest: (&str, bool),
        by: Actor,
        at: Timestamp,
    ) -> Result<Entry, Refusal> {
        self.not_closed()?;
        self.said_last(newest.0, newest.1);
        Ok(self.entry(by, at, Fact::SplitOff { message, number, moved: with }))
    }

    /// A message that came long ago is brought in: it is where it belongs, and nothing else changes.
    pub fn bring_in(
        &mut self,
        message: MessageId,
        text: &str,
        automatic: Option<Automatic>,
        by: Actor,
        at: Timestamp,
    ) -> Entry {
        if automatic.is_none() && at >= self.last_at {
            self.wrote(text, true, at);
        }
        self.entry(by, at, Fact::Received { message, status: self.status, reopened: false, automatic })
    }

    /// Ends a case that came with what was brought in: it was over long ago.
    pub fn shelve(&mut self, by: Actor, at: Timestamp) -> Entry {
        self.status = Status::Closed;
        self.resolved_at = Some(at);
        self.owe_nothing();
        self.entry(by, at, Fact::Closed)
    }

    /// Remembers whom the case has written to or heard from.
    pub fn meet<'a>(&mut self, addresses: impl IntoIterator<Item = &'a Email>) {
        for address in addresses {
            if self.participants.len() < PARTICIPANTS && !self.participants.contains(address) {
                self.participants.push(address.clone());
            }
        }
    }

    fn not_closed(&self) -> Result<(), Refusal> {
        if self.status == Status::Closed { Err(Refusal::Closed) } else { Ok(()) }
    }

    fn not_aside(&self) -> Result<(), Refusal> {
        if self.aside.is_some() { Err(Refusal::Aside) } else { Ok(()) }
    }

    /// Whether somebody may change it.
    pub fn changeable(&self) -> Result<(), Refusal> {
        self.not_aside()?;
        self.not_closed()
    }

    fn looked_after(&mut self) {
        if self.status == Status::New {
            self.status = Status::Open;
        }
    }

    fn wrote(&mut self, text: &str, theirs: bool, at: Timestamp) {
        self.undelivered = false;
        self.preview = preview(text);
        self.theirs = theirs;
        // A mail that is brought in late does not make the case older.
        self.last_at = self.last_at.max(at);
    }

    fn entry(&mut self, by: Actor, at: Timestamp, fact: Fact) -> Entry {
        self.entries += 1;
        Entry { number: Some(self.entries), at, by, fact }
    }
}

/// The beginning of a text on one line.
pub fn preview(text: &str) -> String {
    let mut line = String::with_capacity(PREVIEW);
    let mut left = PREVIEW;
    for word in text.split_whitespace() {
        if !line.is_empty() && left > 0 {
            line.push(' ');
            left -= 1;
        }
        if left == 0 {
            break;
        }
        line.extend(word.chars().take(left).inspect(|_| left -= 1));
    }
    line.truncate(line.trim_end().len());
    line
}
