//! Raw mail that was accepted and is not yet filed.

use crate::word::words;

words! {
    /// What a raw mail waits for.
    InboundState {
        /// For another try.
        Waiting = "waiting",
        /// For a person to decide.
        Quarantined = "quarantined",
    }
}
