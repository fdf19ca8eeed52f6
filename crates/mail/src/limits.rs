//! How much of anything a mail may have: what is beyond is refused before it is parsed, and kept raw by its channel.

/// Bytes of a whole mail.
pub const MAIL: u32 = 50 << 20;

/// Bytes of the header of a mail, or of one of its parts.
pub const HEAD: usize = 256 << 10;

/// Header fields of a mail, or of one of its parts.
pub const FIELDS: usize = 2_000;

/// Multiparts inside one another.
pub const DEPTH: usize = 20;

/// Parts of a mail, at every depth together.
pub const PARTS: usize = 500;

/// Addresses that are read from one header; the raw mail keeps the others.
pub const ADDRESSES: usize = 1_000;

/// Ids that are read from `References`; the oldest and the newest stay.
pub const REFERENCES: usize = 100;

/// Bytes of the text shown; a longer one is cut there, and attached whole.
pub const TEXT: usize = 1 << 20;

/// Bytes of HTML that are sanitised; of a longer one only its text is shown, and it is attached whole.
pub const HTML: usize = 1 << 20;

/// Tags of HTML that are sanitised; with more, only its text is shown.
pub const TAGS: usize = 40_000;

/// Elements of HTML inside one another; the tags of deeper ones are dropped, their words stay.
pub const HTML_DEPTH: usize = 64;

/// Recipients that are read from one report on a mail.
pub const REPORTED: usize = 100;

/// Bytes of a calendar file that are read for its meeting.
pub const CALENDAR: usize = 256 << 10;

/// Why bytes are not read as a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// More than [`MAIL`] bytes.
    #[error("The mail is larger than {} MiB.", MAIL >> 20)]
    TooBig,
    /// A header of more than [`HEAD`] bytes.
    #[error("A header of the mail is larger than {} KiB.", HEAD >> 10)]
    HeadTooLong,
    /// A header of more than [`FIELDS`] fields.
    #[error("A header of the mail has more than {FIELDS} fields.")]
    TooManyFields,
    /// More than [`DEPTH`] multiparts inside one another.
    #[error("The parts of the mail are nested more than {DEPTH} deep.")]
    TooDeep,
    /// More than [`PARTS`] parts.
    #[error("The mail has more than {PARTS} parts.")]
    TooManyParts,
    /// No header field at all.
    #[error("This is not a mail: it has no header.")]
    NotMail,
    /// No address in From, Sender or Return-Path: nobody could be answered.
    #[error("The mail does not say who sent it.")]
    NoSender,
}
