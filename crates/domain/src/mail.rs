//! What is known of a mail beside its words.

use serde::{Deserialize, Serialize};

use crate::word::words;

words! {
    /// What the receiving server found out about the sender (settled: read only from its own Authentication-Results).
    Verdict {
        /// The domain of From vouches for the mail (DMARC, RFC 7489 §3.1).
        Aligned = "aligned",
        /// Nobody vouches, nobody denies: most small firms.
        Unknown = "unknown",
        /// The domain of From says that this mail is not its own.
        Failed = "failed",
    }
}

words! {
    /// Why a mail counts as automatic: it changes no status and is never answered.
    Automatic {
        /// Out of office and other answers of a machine (RFC 3834 §5).
        AutoReply = "auto_reply",
        /// A report on the way of a mail of ours (RFC 3464): it failed, waits, or arrived.
        Bounce = "bounce",
        /// A report that a mail of ours was read, or deleted unread (RFC 8098).
        Receipt = "receipt",
        /// It asks to prove that a person wrote to it, before it lets the mail through.
        Challenge = "challenge",
        /// From a mailing list (RFC 2919).
        List = "list",
        /// From one of our own addresses.
        OwnAddress = "own_address",
        /// Marked as bulk by its sender.
        Bulk = "bulk",
    }
}

words! {
    /// What a folded part of a text is.
    FoldKind {
        /// Words of an earlier message.
        Quote = "quote",
        /// The sender's card at the end.
        Signature = "signature",
        /// The header lines of a forwarded message.
        Forward = "forward",
        /// What lawyers, virus checkers and lists put below a message.
        Disclaimer = "disclaimer",
    }
}

/// A part of a text that is shown folded; never deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fold {
    /// What it is.
    pub kind: FoldKind,
    /// First byte in the text.
    pub start: u32,
    /// The byte behind the last.
    pub end: u32,
}

/// What the receiving server says about a mail being unwanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spam {
    /// Whether it takes it for unwanted.
    pub unwanted: bool,
    /// The field that says so, as one line: `X-Spam-Status: Yes, score=7.1`.
    pub said: String,
}
