//! The timeline's lines: what was done in Bellwether, by whom, when.

mod topic;

pub use topic::Topic;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Aside, Automatic, BounceKind, BounceOutcome, CaseId, ChannelId, ContactId, CustomerId, CustomerKind, Email, File,
    IdentityKind, MessageId, Priority, StaffId, Status, TeamId, Timestamp, Unwanted,
};

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// One of ours.
    Staff(StaffId),
    /// One of theirs.
    Contact(ContactId),
    /// A channel, on its own behalf.
    Channel(ChannelId),
    /// A rule that staff have set up.
    Rule(Uuid),
    /// The program, by work that was due.
    Job,
    /// Whoever runs the program, at its command line.
    Operator,
}

impl Actor {
    /// The kind, as it is stored.
    pub fn kind(&self) -> &'static str {
        match self {
            Actor::Staff(_) => "staff",
            Actor::Contact(_) => "contact",
            Actor::Channel(_) => "channel",
            Actor::Rule(_) => "rule",
            Actor::Job => "job",
            Actor::Operator => "operator",
        }
    }

    /// The id, where the kind has one.
    pub fn id(&self) -> Option<Uuid> {
        match self {
            Actor::Staff(id) => Some(id.0),
            Actor::Contact(id) => Some(id.0),
            Actor::Channel(id) => Some(id.0),
            Actor::Rule(id) => Some(*id),
            Actor::Job | Actor::Operator => None,
        }
    }

    /// The actor that was stored as `kind` and `id`.
    pub fn parse(kind: &str, id: Option<Uuid>) -> Option<Actor> {
        Some(match (kind, id) {
            ("staff", Some(id)) => Actor::Staff(StaffId(id)),
            ("contact", Some(id)) => Actor::Contact(ContactId(id)),
            ("channel", Some(id)) => Actor::Channel(ChannelId(id)),
            ("rule", Some(id)) => Actor::Rule(id),
            ("job", None) => Actor::Job,
            ("operator", None) => Actor::Operator,
            _ => return None,
        })
    }
}

/// One line of a timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its place among the entries of its case: 1, 2, 3... without gaps; none if it belongs to no case.
    pub number: Option<i64>,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// What.
    pub fact: Fact,
}

/// What happened. The words are stored: a variant may be added, but never renamed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// The customer became known.
    CustomerAdded {
        /// As what.
        kind: CustomerKind,
    },
    /// A person who speaks for the customer became known.
    ContactAdded {
        /// Who.
        contact: ContactId,
    },
    /// A person said that mail of this domain is this customer's.
    DomainAdded {
        /// The domain.
        domain: String,
    },
    /// And took it back.
    DomainRemoved {
        /// The domain.
        domain: String,
    },
    /// The customer was given another name.
    CustomerRenamed {
        /// The name before.
        from: String,
        /// The name now.
        to: String,
    },
    /// Another customer turned out to be this one.
    CustomerMerged {
        /// The other.
        other: CustomerId,
        /// What they are called.
        name: String,
    },
    /// That was taken back.
    CustomerMergeUndone {
        /// What the other is called.
        name: String,
    },
    /// A person was given another name.
    ContactRenamed {
        /// Who.
        contact: ContactId,
        /// The name before.
        from: String,
        /// The name now.
        to: String,
    },
    /// A further address of a person became known.
    IdentityAdded {
        /// Whose.
        contact: ContactId,
        /// The address.
        address: String,
    },
    /// An address turned out not to be theirs.
    IdentityRemoved {
        /// Whose it was said to be.
        contact: ContactId,
        /// The address.
        address: String,
    },
    /// Of several addresses of a person, this is the one to write to.
    IdentityPreferred {
        /// Whose.
        contact: ContactId,
        /// The address.
        address: String,
    },
    /// A field of the customer says something else.
    CustomerFieldChanged {
        /// What the field was called.
        field: String,
        /// What it said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        /// What it says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
    },
    /// A field of a person says something else.
    ContactFieldChanged {
        /// Whose.
        contact: ContactId,
        /// What the field was called.
        field: String,
        /// What it said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        /// What it says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
    },
    /// Two contacts turned out to be one person.
    ContactsMerged {
        /// The one that stays.
        into: ContactId,
        /// The other.
        from: ContactId,
        /// What the other was called.
        name: String,
        /// The other's addresses, which lead to the one that stays since then.
        identities: Vec<Address>,
    },
    /// That was taken back.
    ContactMergeUndone {
        /// The other.
        contact: ContactId,
    },
    /// A message came and opened the case.
    Opened {
        /// The message.
        message: MessageId,
        /// The closed case that it takes up again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        follows: Option<i64>,
        /// Set if a machine wrote it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        automatic: Option<Automatic>,
    },
    /// One of ours began the case, by writing first.
    Begun,
    /// A message came.
    Received {
        /// The message.
        message: MessageId,
        /// The case's status since then.
        status: Status,
        /// Whether the case had been resolved before.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        reopened: bool,
        /// Set if a machine wrote it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        automatic: Option<Automatic>,
    },
    /// A message that we have came once more, by another way.
    AlsoArrived {
        /// The message as it came first.
        message: MessageId,
        /// By which channel the further copy came.
        channel: ChannelId,
    },
    /// We answered.
    Replied {
        /// The message.
        message: MessageId,
        /// The case's status since then.
        status: Status,
    },
    /// Their first message was acknowledged by itself.
    Acknowledged {
        /// Our message.
        message: MessageId,
    },
    /// We asked a supplier.
    Forwarded {
        /// Our message.
        message: MessageId,
        /// The case's status since then.
        status: Status,
    },
    /// A supplier answered, or wrote again.
    SupplierAnswered {
        /// Their message.
        message: MessageId,
        /// The case's status since then.
        status: Status,
        /// Whether the case had been resolved before.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        reopened: bool,
        /// Set if a machine wrote it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        automatic: Option<Automatic>,
    },
    /// Whoever wrote our answer took it back before it left.
    TakenBack {
        /// The message.
        message: MessageId,
        /// The case's status since then.
        status: Status,
    },
    /// Our message could not be sent.
    SendFailed {
        /// The message.
        message: MessageId,
        /// Why, in plain words.
        why: String,
    },
    /// A mail server reported on a message of ours.
    Bounced {
        /// The message.
        message: MessageId,
        /// To whom it was on its way.
        address: Option<Email>,
        /// What became of it.
        outcome: BounceOutcome,
        /// Why.
        kind: BounceKind,
        /// The same in plain words.
        why: String,
    },
    /// Somebody wrote an internal note.
    Noted {
        /// The note.
        text: String,
        /// Files with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<File>,
        /// The case's status since then.
        status: Status,
        /// The colleagues who are named in it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        mentions: Vec<StaffId>,
    },
    /// The case was given to a person, or to nobody.
    Assigned {
        /// Whose it was.
        from: Option<StaffId>,
        /// Whose it is.
        to: Option<StaffId>,
        /// The case's status since then.
        status: Status,
    },
    /// The case was given to a team, or to none.
    TeamChanged {
        /// Whose it was.
        from: Option<TeamId>,
        /// Whose it is.
        to: Option<TeamId>,
    },
    /// Its priority changed.
    PriorityChanged {
        /// Before.
        from: Priority,
        /// Since then.
        to: Priority,
    },
    /// We think that it is done.
    Resolved {
        /// What solved it, if somebody has said so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resolution: Option<String>,
    },
    /// One of ours took that back.
    Reopened,
    /// Nothing happened for a while after it was resolved.
    Closed,
    /// The case was put aside.
    PutAside {
        /// Where it is since then.
        to: Aside,
        /// Why.
        why: Unwanted,
    },
    /// It was put back.
    PutBack {
        /// Where it was.
        from: Aside,
        /// The case's status since then: the one that it had.
        status: Status,
    },
    /// A message that came looks unwanted. Its case stays where it is.
    Suspected {
        /// The message.
        message: MessageId,
        /// Why.
        why: Unwanted,
    },
    /// A case of this customer was deleted for good. Nothing else of it is left.
    CaseDeleted {
        /// The number it had. No other case gets it.
        number: i64,
    },
    /// A message came for this closed case and opened another.
    FollowedUp {
        /// The number of the other.
        number: i64,
    },
    /// It stays out of the lists until a moment, or until somebody writes.
    Snoozed {
        /// When it comes back.
        until: Timestamp,
        /// The case's status since then.
        status: Status,
    },
    /// It came back into the lists.
    Woken,
    /// It was marked with other tags.
    Tagged {
        /// What they were called that were put on it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        added: Vec<String>,
        /// And those that were taken off.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        removed: Vec<String>,
    },
    /// One of its fields says something else.
    FieldChanged {
        /// What the field was called.
        field: String,
        /// What it said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        /// What it says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
    },
    /// Whoever changed it last took that back.
    Undone {
        /// The case's status since then.
        status: Status,
    },
    /// Somebody wrote down what we promised.
    PromiseMade {
        /// What, in few words.
        text: String,
        /// By when, if a day was named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Timestamp>,
    },
    /// We did what we promised.
    PromiseKept {
        /// What that was.
        text: String,
    },
    /// We did not, and will not.
    PromiseBroken {
        /// What that was.
        text: String,
    },
    /// Somebody took back that a promise was kept or broken.
    PromiseReopened {
        /// What was promised.
        text: String,
    },
    /// A message was taken out of this case and opened another.
    SplitOff {
        /// The message.
        message: MessageId,
        /// The number of the other.
        number: i64,
        /// All messages that were taken out, and where each had been.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        moved: Vec<Home>,
    },
    /// This case was opened with a message that was taken out of another.
    SplitFrom {
        /// The number of the other.
        number: i64,
    },
    /// That was taken back: the other case is part of this one again.
    SplitUndone {
        /// The number of the other.
        number: i64,
    },
    /// Another case was taken into this one.
    Merged {
        /// Its number.
        number: i64,
        /// The case itself.
        case: CaseId,
    },
    /// That was taken back.
    MergeUndone {
        /// The number of the other.
        number: i64,
    },
    /// The case was moved to another customer.
    Moved(Box<Move>),
    /// That was taken back.
    MovedBack(Box<Move>),
    /// A case of this customer was moved to another.
    CaseLeft {
        /// Its number.
        number: i64,
        /// What that customer is called.
        to: String,
    },
}

/// An address that leads to a contact of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// What kind of address.
    pub kind: IdentityKind,
    /// The address.
    pub address: String,
    /// Under which customer it is kept.
    pub customer: CustomerId,
}

/// A message, and the case in which it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// The message.
    pub message: MessageId,
    /// The case.
    pub case: CaseId,
}

/// How a case went from one customer to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// Whose it was.
    pub from: CustomerId,
    /// What that one was called.
    pub from_name: String,
    /// Whose it is.
    pub to: CustomerId,
    /// What that one is called.
    pub to_name: String,
    /// Who of the one is who of the other.
    pub people: Vec<Persona>,
}

/// A person as a contact of two customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Persona {
    /// The contact of the customer that the case left.
    pub was: ContactId,
    /// The contact of the customer that it came to.
    pub is: ContactId,
    /// Whether that one was added with the move.
    pub added: bool,
}

impl Fact {
    /// Its word, as stored beside it for filters.
    pub fn word(&self) -> &'static str {
        match self {
            Fact::CustomerAdded { .. } => "customer_added",
            Fact::ContactAdded { .. } => "contact_added",
            Fact::DomainAdded { .. } => "domain_added",
            Fact::DomainRemoved { .. } => "domain_removed",
            Fact::CustomerRenamed { .. } => "customer_renamed",
            Fact::CustomerMerged { .. } => "customer_merged",
            Fact::CustomerMergeUndone { .. } => "customer_merge_undone",
            Fact::ContactRenamed { .. } => "contact_renamed",
            Fact::IdentityAdded { .. } => "identity_added",
            Fact::IdentityRemoved { .. } => "identity_removed",
            Fact::IdentityPreferred { .. } => "identity_preferred",
            Fact::CustomerFieldChanged { .. } => "customer_field_changed",
            Fact::ContactFieldChanged { .. } => "contact_field_changed",
            Fact::ContactsMerged { .. } => "contacts_merged",
            Fact::ContactMergeUndone { .. } => "contact_merge_undone",
            Fact::Opened { .. } => "opened",
            Fact::Begun => "begun",
            Fact::Received { .. } => "received",
            Fact::AlsoArrived { .. } => "also_arrived",
            Fact::Replied { .. } => "replied",
            Fact::Acknowledged { .. } => "acknowledged",
            Fact::Forwarded { .. } => "forwarded",
            Fact::SupplierAnswered { .. } => "supplier_answered",
            Fact::TakenBack { .. } => "taken_back",
            Fact::SendFailed { .. } => "send_failed",
            Fact::Bounced { .. } => "bounced",
            Fact::Noted { .. } => "noted",
            Fact::Assigned { .. } => "assigned",
            Fact::TeamChanged { .. } => "team_changed",
            Fact::PriorityChanged { .. } => "priority_changed",
            Fact::Resolved { .. } => "resolved",
            Fact::Reopened => "reopened",
            Fact::Closed => "closed",
            Fact::PutAside { .. } => "put_aside",
            Fact::PutBack { .. } => "put_back",
            Fact::Suspected { .. } => "suspected",
            Fact::CaseDeleted { .. } => "case_deleted",
            Fact::FollowedUp { .. } => "followed_up",
            Fact::Snoozed { .. } => "snoozed",
            Fact::Woken => "woken",
            Fact::Tagged { .. } => "tagged",
            Fact::FieldChanged { .. } => "field_changed",
            Fact::Undone { .. } => "undone",
            Fact::PromiseMade { .. } => "promise_made",
            Fact::PromiseKept { .. } => "promise_kept",
            Fact::PromiseBroken { .. } => "promise_broken",
            Fact::PromiseReopened { .. } => "promise_reopened",
            Fact::SplitOff { .. } => "split_off",
            Fact::SplitFrom { .. } => "split_from",
            Fact::SplitUndone { .. } => "split_undone",
            Fact::Merged { .. } => "merged",
            Fact::MergeUndone { .. } => "merge_undone",
            Fact::Moved(_) => "moved",
            Fact::MovedBack(_) => "moved_back",
            Fact::CaseLeft { .. } => "case_left",
        }
    }
}
