//! The words of the domain as columns and arguments.

use domain::{
    ActId, Aside, Automatic, BriefLine, CaseId, ChannelId, ChannelKind, ContactId, CustomerId, CustomerKind, Decision,
    DigestId, Direction, Email, EntryId, FieldId, FieldKind, Findable, HistoryState, IdentityKind, InboundId,
    InboundState, InvitationId, JobId, MacroId, MailboxState, MessageId, MessageState, NotificationId,
    NotificationKind, OutboxId, Owner, Priority, PromiseId, PromiseState, Reason, Role, Sealed, SignInId, StaffId,
    Status, TagId, TeamId, Timestamp, Unwanted, Verdict, ViewId, Word,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::{Column, Error, Param, Result, Row, Value};

macro_rules! ids {
    ($($id:ty),*) => {$(
        impl Param for $id {
            fn value(&self) -> Value<'_> {
                Value::Uuid(self.0)
            }
        }
        impl Column for $id {
            fn from_value(value: Value<'_>) -> Option<Self> {
                Uuid::from_value(value).map(Self::from)
            }
        }
    )*};
}
ids!(
    ActId,
    CaseId,
    ChannelId,
    ContactId,
    CustomerId,
    EntryId,
    FieldId,
    InboundId,
    InvitationId,
    JobId,
    DigestId,
    MacroId,
    MessageId,
    NotificationId,
    OutboxId,
    PromiseId,
    SignInId,
    StaffId,
    TagId,
    TeamId,
    ViewId
);

macro_rules! words {
    ($($word:ty),*) => {$(
        impl Param for $word {
            fn value(&self) -> Value<'_> {
                Value::Text(self.word())
            }
        }
        impl Column for $word {
            fn from_value(value: Value<'_>) -> Option<Self> {
                match value {
                    Value::Text(it) => Self::parse(it).ok(),
                    _ => None,
                }
            }
        }
    )*};
}
words!(
    Aside,
    Automatic,
    BriefLine,
    ChannelKind,
    CustomerKind,
    Decision,
    Direction,
    FieldKind,
    Findable,
    HistoryState,
    IdentityKind,
    InboundState,
    MailboxState,
    MessageState,
    NotificationKind,
    Owner,
    Priority,
    PromiseState,
    Reason,
    Role,
    Sealed,
    Status,
    Unwanted,
    Verdict
);

impl Param for Timestamp {
    fn value(&self) -> Value<'_> {
        Value::Int(self.0)
    }
}
impl Column for Timestamp {
    fn from_value(value: Value<'_>) -> Option<Self> {
        i64::from_value(value).map(Timestamp)
    }
}

impl Param for bool {
    fn value(&self) -> Value<'_> {
        Value::Int(i64::from(*self))
    }
}
impl Column for bool {
    fn from_value(value: Value<'_>) -> Option<Self> {
        i64::from_value(value).map(|it| it != 0)
    }
}

impl Param for Email {
    fn value(&self) -> Value<'_> {
        Value::Text(self.as_str())
    }
}
impl Column for Email {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(it) => Email::parse(it),
            _ => None,
        }
    }
}

/// A value that a text column keeps as JSON: read and written as a whole.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|err| Error::Sql(err.to_string()))
}

/// Reads what [`json`] wrote, where there may be nothing.
pub(crate) fn from_json_if_any<T: DeserializeOwned>(row: &Row<'_>, column: &'static str) -> Result<Option<T>> {
    let text: Option<String> = row.get(column)?;
    text.map(|it| parsed(&it, column)).transpose()
}

/// Reads what [`json`] wrote.
pub(crate) fn from_json<T: DeserializeOwned>(row: &Row<'_>, column: &'static str) -> Result<T> {
    let text: String = row.get(column)?;
    parsed(&text, column)
}

pub(crate) fn parsed<T: DeserializeOwned>(text: &str, column: &'static str) -> Result<T> {
    // The error names the place, never the content: it goes to the log.
    serde_json::from_str(text).map_err(|_| Error::Column {
        column,
        expected: std::any::type_name::<T>(),
        found: "other JSON",
    })
}
