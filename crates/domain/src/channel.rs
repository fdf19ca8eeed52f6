//! Configured ways in and out.

use crate::word::words;

words! {
    /// What kind of way a channel is.
    ChannelKind {
        /// A mailbox.
        Mail = "mail",
    }
}

words! {
    /// How a mailbox that is read is.
    MailboxState {
        /// It is being connected.
        Connecting = "connecting",
        /// What arrives there arrives here.
        Live = "live",
        /// It cannot be read; its error says why.
        Broken = "broken",
    }
}
