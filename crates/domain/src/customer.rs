//! The party whose state we keep.

use crate::word::words;

words! {
    /// What a customer is.
    CustomerKind {
        /// A company, known by its domains.
        Organization = "organization",
        /// A person who buys for themselves, or whose organization we do not know (yet).
        Individual = "individual",
    }
}
