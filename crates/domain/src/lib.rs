//! The words of Bellwether and their rules.
//!
//! Pure: no async, no I/O, no SQL, no clock, no randomness. A verb of the trade is a method that takes who and when
//! and returns the [`Entry`] to append, or a [`Refusal`] that a person can read.
//!
//! Deliberately absent: how anything is stored, sent or shown.

pub mod aside;
pub mod association;
pub mod block;
pub mod bounce;
pub mod brief;
pub mod case;
pub mod channel;
pub mod clock;
pub mod customer;
pub mod draft;
pub mod entry;
pub mod field;
pub mod filter;
mod free_mail;
pub mod hours;
mod id;
pub mod identity;
pub mod inbound;
pub mod invitation;
pub mod r#macro;
pub mod mail;
pub mod mention;
pub mod message;
pub mod notification;
pub mod obstacle;
pub mod presence;
pub mod promise;
pub mod sealed;
pub mod sought;
pub mod staff;
pub mod subject;
pub mod supplier;
pub mod tag;
mod time;
pub mod tokens;
pub mod view;
mod word;

pub use aside::{Aside, PutAside, Unwanted};
pub use association::{Association, Decision, Evidence, Hit, Reason};
pub use bounce::{Bounce, BounceKind, BounceOutcome};
pub use brief::{BriefLine, Correction, WrittenBrief, WrittenLine};
pub use case::{Before, Case, Kept, Merged, Opening, Priority, Refusal, Standing, Status, Then};
pub use channel::{ChannelKind, HistoryState, MailboxState};
pub use clock::Targets;
pub use customer::CustomerKind;
pub use draft::DraftKind;
pub use entry::{Actor, Entry, Fact, Home, Move, Persona};
pub use field::{Field, FieldKind, Owner};
pub use filter::Filter;
pub use free_mail::is_free_mail;
pub use id::{
    ActId, CaseId, ChannelId, ChoiceId, ContactId, CustomerId, DigestId, EntryId, FieldId, InboundId, InvitationId,
    JobId, MacroId, MessageId, NotificationId, OutboxId, PromiseId, SignInId, StaffId, TagId, TeamId, ViewId,
};
pub use identity::{Email, IdentityKind};
pub use inbound::InboundState;
pub use invitation::{Attendance, Attendee, Invitation, InvitationMethod, MeetingStatus, Moment};
pub use r#macro::{Actions, Macro, Whom};
pub use mail::{Automatic, Fold, FoldKind, Spam, Verdict};
pub use message::{Direction, File, Message, MessageState, Party, Recipients};
pub use notification::{Away, Choices, MailRhythm, NotificationKind};
pub use obstacle::{Hindrance, Missed, Obstacle};
pub use presence::Occupation;
pub use promise::{Promise, PromiseState};
pub use sealed::{FileKind, Sealed};
pub use sought::Findable;
pub use staff::{Member, Right, Role};
pub use supplier::{Forwarding, Side, WithSupplier};
pub use tag::Tag;
pub use time::Timestamp;
pub use view::{SavedView, Sharing, View};
pub use word::{UnknownWord, Word};
