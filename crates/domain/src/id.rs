//! Ids are types: a case's id is no customer's id, whatever their bytes.

/// Makes one newtype over a UUID (version 7) for each kind of thing.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                uuid::Uuid::parse_str(text).map($name)
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(id: uuid::Uuid) -> Self {
                $name(id)
            }
        }
    )*};
}

ids! {
    /// A customer: the key under which everything they own is stored.
    CustomerId,
    /// A person who speaks for a customer.
    ContactId,
    /// A case.
    CaseId,
    /// A message on a channel; our own appear in their `Message-ID`.
    MessageId,
    /// One line of a timeline.
    EntryId,
    /// A configured way in and out.
    ChannelId,
    /// One of ours.
    StaffId,
    /// Staff who share work.
    TeamId,
    /// A staff member's session in one browser.
    SignInId,
    /// A link by which a staff member joins, once.
    InvitationId,
    /// A raw mail that was accepted and is not yet filed.
    InboundId,
    /// One outside effect.
    OutboxId,
    /// Work that follows a commit.
    JobId,
    /// A view that somebody has saved.
    ViewId,
    /// A macro.
    MacroId,
    /// A word that cases are marked with.
    TagId,
    /// Something that a team wants to know of each case, contact or customer.
    FieldId,
    /// One of the values that a field offers.
    ChoiceId,
    /// Something that we promised a customer.
    PromiseId,
    /// What somebody did to some cases at once, and may undo.
    ActId,
    /// What a colleague is told of.
    NotificationId,
    /// One mail that tells of it.
    DigestId,
}
