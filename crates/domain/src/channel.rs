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
        /// Its server does not take the name and password.
        LockedOut = "locked_out",
        /// It cannot be read; its error says why.
        Broken = "broken",
    }
}

words! {
    /// How it stands with the older mail of a mailbox that somebody had brought in.
    HistoryState {
        /// It is being brought in.
        Running = "running",
        /// Somebody stopped it; it can go on.
        Stopped = "stopped",
        /// All of it is here.
        Done = "done",
    }
}
