//! What goes wrong while reading, in sentences for the administrator.

use std::io;

use crate::server::APP_PASSWORD;
use crate::wire::ConnectError;

/// The kind of [`ReadError::SignIn`]: a person has to do something about it, and waiting does not help.
pub const SIGN_IN_REFUSED: &str = "name or password refused";

/// Why a mailbox cannot be read at the moment.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No safe connection came about.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The server does not take the name and password.
    #[error("The server does not accept this name and password for reading. {APP_PASSWORD} It said: {said}")]
    SignIn {
        /// The server's own line.
        said: String,
    },
    /// The folder cannot be opened.
    #[error("The folder {folder} cannot be opened. The server said: {said}")]
    Folder {
        /// The folder's name.
        folder: String,
        /// The server's own line.
        said: String,
    },
    /// The server has no lasting numbers for its mails, so there is no place to go on from.
    #[error("The server gives its mails no lasting numbers (UIDVALIDITY), so it cannot be read safely.")]
    NoNumbers,
    /// The server refuses what it was asked.
    #[error("The server refuses to be read. It said: {said}")]
    Refused {
        /// The server's own line.
        said: String,
    },
    /// The server lists a mail, and does not give it.
    #[error("The server lists a mail and does not give it. It said: {said}")]
    Withheld {
        /// The server's own line.
        said: String,
    },
    /// The server ended the connection and said why.
    #[error("The server ended the connection. It said: {said}")]
    Closed {
        /// The server's own line.
        said: String,
    },
    /// The connection ended without a word.
    #[error("The connection to the server was lost.")]
    Lost,
    /// No byte came for too long.
    #[error("The server stopped answering.")]
    Silent,
    /// What came is not IMAP, or more than was asked for.
    #[error("What the server sends is not IMAP. Is this the port of a mail server?")]
    Nonsense,
}

impl ReadError {
    /// What kind of error it is, for a log: without the server's own words, which may repeat a name or a password.
    pub fn kind(&self) -> &'static str {
        match self {
            ReadError::Connect(_) => "no safe connection",
            ReadError::SignIn { .. } => SIGN_IN_REFUSED,
            ReadError::Folder { .. } => "the folder cannot be opened",
            ReadError::NoNumbers => "no lasting numbers",
            ReadError::Refused { .. } => "refused",
            ReadError::Withheld { .. } => "a mail is not given",
            ReadError::Closed { .. } => "closed by the server",
            ReadError::Lost => "connection lost",
            ReadError::Silent => "no answer",
            ReadError::Nonsense => "no IMAP",
        }
    }

    /// The server's own line, where there is one.
    pub fn said(&self) -> &str {
        match self {
            ReadError::SignIn { said }
            | ReadError::Folder { said, .. }
            | ReadError::Refused { said }
            | ReadError::Withheld { said }
            | ReadError::Closed { said } => said,
            _ => "",
        }
    }
}

impl From<io::Error> for ReadError {
    /// The error's own text is dropped: it may quote what the server sent, and so a customer's mail.
    fn from(error: io::Error) -> ReadError {
        match error.kind() {
            io::ErrorKind::TimedOut => ReadError::Silent,
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::NotConnected => ReadError::Lost,
            _ => ReadError::Nonsense,
        }
    }
}

impl From<tokio::time::error::Elapsed> for ReadError {
    fn from(_: tokio::time::error::Elapsed) -> ReadError {
        ReadError::Silent
    }
}
