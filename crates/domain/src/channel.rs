//! Configured ways in and out.

use crate::word::words;

words! {
    /// What kind of way a channel is.
    ChannelKind {
        /// A mailbox.
        Mail = "mail",
    }
}
