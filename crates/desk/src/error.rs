//! What a use case may answer instead of doing what it was asked.

use std::time::Duration;

use domain::Refusal;

/// What a use case may answer. All but [`Error::Store`] and [`Error::Internal`] are sentences for the person who asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not exist, or they may not see it: nobody can tell which.
    #[error("There is nothing here, or it is not yours to see.")]
    NotFound,
    /// The rules of the thing itself say no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Something they wrote does not do.
    #[error("{why}")]
    Invalid {
        /// The field.
        field: &'static str,
        /// What would do, in a sentence.
        why: String,
    },
    /// Somebody else has done something that stands against it.
    #[error("{0}")]
    Conflict(String),
    /// Too often.
    #[error("Too many tries. Wait a little and try again.")]
    TooMany {
        /// How long to wait.
        retry_after: Duration,
    },
    /// The database failed.
    #[error("database: {0}")]
    Store(store::Error),
    /// The program is wrong.
    #[error("{0}")]
    Internal(String),
}

/// What a use case answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn invalid(field: &'static str, why: impl Into<String>) -> Error {
        Error::Invalid { field, why: why.into() }
    }

    /// What a log may say of it: kinds, and what the database says of itself; never what somebody wrote.
    pub(crate) fn for_log(&self) -> String {
        match self {
            Error::Store(err) => err.to_string(),
            Error::NotFound => "not found".to_owned(),
            Error::Refused(_) => "refused".to_owned(),
            Error::Invalid { field, .. } => format!("invalid {field}"),
            Error::Conflict(_) => "conflict".to_owned(),
            Error::TooMany { .. } => "too many".to_owned(),
            Error::Internal(_) => "internal".to_owned(),
        }
    }

    /// Whether another try may go better: the database is away, full or busy. Any other failure is about what was
    /// asked, and comes again.
    pub fn is_transient(&self) -> bool {
        match self {
            Error::Store(err) => err.is_passing(),
            Error::TooMany { .. } => true,
            _ => false,
        }
    }
}

impl From<store::Error> for Error {
    fn from(err: store::Error) -> Self {
        match err {
            store::Error::NotFound => Error::NotFound,
            store::Error::Duplicate => Error::Conflict("This exists already.".to_owned()),
            err => Error::Store(err),
        }
    }
}
