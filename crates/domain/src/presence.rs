//! Who is at a case right now, and what they do there.

use crate::word::words;

words! {
    /// What somebody does at a case.
    Occupation {
        /// They look at it.
        Viewing = "viewing",
        /// They write an answer.
        Writing = "writing",
        /// They write an internal note.
        Noting = "noting",
        /// They have gone.
        Gone = "gone",
    }
}
