//! Why a mail was not sent, for the outbox and for a person.

use domain::{Email, Obstacle};

use crate::server::APP_PASSWORD;
use crate::wire::ConnectError;

/// What kind of obstacle it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SendErrorKind {
    /// There is no way to the server, or it fell silent before the mail was handed over.
    Unreachable,
    /// The way would not be safe; nothing was sent.
    Insecure,
    /// The server does not take the name and password.
    SignIn,
    /// The server, or the desk itself, refuses this mail.
    Refused,
    /// The mail is larger than the server takes.
    TooBig,
    /// The server knows no such recipient.
    NoSuchAddress,
    /// The recipient's mailbox is full.
    MailboxFull,
    /// The server asks to try again later (4xx: greylisting, full disk, too many mails).
    Later,
    /// The connection ended after the mail was handed over and before the answer: it may have been taken or not.
    Unclear,
}

impl From<SendErrorKind> for Obstacle {
    fn from(kind: SendErrorKind) -> Obstacle {
        match kind {
            SendErrorKind::Unreachable | SendErrorKind::Insecure => Obstacle::NoServer,
            SendErrorKind::SignIn => Obstacle::NoSignIn,
            SendErrorKind::Refused | SendErrorKind::MailboxFull => Obstacle::Refused,
            SendErrorKind::TooBig => Obstacle::TooBig,
            SendErrorKind::NoSuchAddress => Obstacle::NoSuchAddress,
            SendErrorKind::Later => Obstacle::Later,
            SendErrorKind::Unclear => Obstacle::Unclear,
        }
    }
}

/// A mail was not sent; or, if [`SendErrorKind::Unclear`], perhaps it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendError {
    /// What kind of obstacle it was.
    pub kind: SendErrorKind,
    /// The same mail will never be taken. Otherwise another try may help, perhaps after an administrator has mended the
    /// settings.
    pub lasting: bool,
    /// The server's own line; empty if it said nothing.
    pub said: String,
    /// The recipient it is about, if it is about one.
    pub recipient: Option<Email>,
    /// What happened before the server could say anything.
    why: String,
}

impl SendError {
    /// What happened, in a sentence for a person.
    pub fn words(&self) -> String {
        let whom = self.recipient.as_ref().map_or("a recipient", Email::as_str);
        match self.kind {
            SendErrorKind::Unreachable | SendErrorKind::Insecure => self.why.clone(),
            SendErrorKind::SignIn => {
                format!("The server does not accept this name and password for sending. {APP_PASSWORD}")
            }
            SendErrorKind::Refused if !self.why.is_empty() => self.why.clone(),
            SendErrorKind::Refused => match &self.recipient {
                Some(recipient) => format!("The server does not take mail for {recipient}."),
                None => "The server does not take this mail.".to_owned(),
            },
            SendErrorKind::TooBig => "The mail is larger than the server takes.".to_owned(),
            SendErrorKind::NoSuchAddress => format!("There is no mailbox {whom}."),
            SendErrorKind::MailboxFull => format!("The mailbox of {whom} is full."),
            SendErrorKind::Later => "The server asks to try again later.".to_owned(),
            SendErrorKind::Unclear => {
                "The connection was lost after the mail had been handed over, so it may have been sent or not."
                    .to_owned()
            }
        }
    }

    fn new(kind: SendErrorKind, lasting: bool) -> SendError {
        SendError { kind, lasting, said: String::new(), recipient: None, why: String::new() }
    }

    /// The mail itself cannot be sent; it is not tried.
    pub(super) fn malformed(what: &str) -> SendError {
        let why = format!("This mail cannot be sent: {what}. Nothing was handed over.");
        SendError { why, ..SendError::new(SendErrorKind::Refused, true) }
    }

    pub(crate) fn silent() -> SendError {
        let why = "The server stopped answering.".to_owned();
        SendError { why, ..SendError::new(SendErrorKind::Unreachable, false) }
    }

    pub(super) fn lost() -> SendError {
        let why = "The connection to the server was lost.".to_owned();
        SendError { why, ..SendError::new(SendErrorKind::Unreachable, false) }
    }

    pub(super) fn nonsense() -> SendError {
        let why = "What the server says is not SMTP. Is this the port of a mail server?".to_owned();
        SendError { why, ..SendError::new(SendErrorKind::Unreachable, false) }
    }

    pub(super) fn unclear() -> SendError {
        SendError::new(SendErrorKind::Unclear, false)
    }

    /// The same obstacle, for a mail that is not to blame for it.
    pub(super) fn passing(self) -> SendError {
        SendError { lasting: false, ..self }
    }

    pub(super) fn sign_in(said: String) -> SendError {
        SendError { said, ..SendError::new(SendErrorKind::SignIn, false) }
    }

    pub(super) fn too_big(said: String) -> SendError {
        SendError { said, ..SendError::new(SendErrorKind::TooBig, true) }
    }

    /// What a refusing reply means: its code (RFC 5321 §4.2.1) and enhanced code (RFC 3463), and whom it is about.
    pub(super) fn reply(code: u16, enhanced: [u8; 3], said: String, recipient: Option<&Email>) -> SendError {
        let kind = match (code, enhanced) {
            (400..=499, _) => SendErrorKind::Later,
            (_, [5, 2, 2]) => SendErrorKind::MailboxFull,
            (_, [5, 2, 3] | [5, 3, 4]) | (552, [0, 0, 0]) => SendErrorKind::TooBig,
            (_, [5, 1, 1 | 2 | 3 | 6 | 10]) | (550 | 551 | 553, [0, 0, 0]) if recipient.is_some() => {
                SendErrorKind::NoSuchAddress
            }
            // Some servers judge the sender only once they know a recipient.
            (_, [5, 1, 0]) if recipient.is_some() && !said.to_lowercase().contains("sender") => {
                SendErrorKind::NoSuchAddress
            }
            _ => SendErrorKind::Refused,
        };
        let lasting = kind != SendErrorKind::Later;
        SendError { said, recipient: recipient.cloned(), ..SendError::new(kind, lasting) }
    }
}

impl From<ConnectError> for SendError {
    fn from(error: ConnectError) -> SendError {
        let kind = if error.is_insecure() { SendErrorKind::Insecure } else { SendErrorKind::Unreachable };
        SendError { why: error.to_string(), ..SendError::new(kind, false) }
    }
}

impl std::fmt::Display for SendError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.words())?;
        if self.said.is_empty() { Ok(()) } else { write!(f, " It said: {}", self.said) }
    }
}

impl std::error::Error for SendError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_are_told_apart() {
        let ann = Email::parse("ann@northwind.example");
        let kind = |code, enhanced, about: Option<&Email>| SendError::reply(code, enhanced, String::new(), about).kind;
        assert_eq!(kind(550, [5, 1, 1], ann.as_ref()), SendErrorKind::NoSuchAddress);
        assert_eq!(kind(550, [0, 0, 0], ann.as_ref()), SendErrorKind::NoSuchAddress);
        assert_eq!(kind(550, [5, 7, 1], ann.as_ref()), SendErrorKind::Refused);
        assert_eq!(kind(554, [5, 7, 1], ann.as_ref()), SendErrorKind::Refused);
        assert_eq!(kind(550, [0, 0, 0], None), SendErrorKind::Refused);
        assert_eq!(kind(552, [0, 0, 0], ann.as_ref()), SendErrorKind::TooBig);
        assert_eq!(kind(554, [5, 3, 4], None), SendErrorKind::TooBig);
        assert_eq!(kind(552, [5, 2, 3], None), SendErrorKind::TooBig);
        assert_eq!(kind(552, [5, 2, 2], ann.as_ref()), SendErrorKind::MailboxFull);
        assert_eq!(kind(552, [5, 7, 0], None), SendErrorKind::Refused);
        assert_eq!(kind(451, [4, 7, 1], ann.as_ref()), SendErrorKind::Later);
        assert!(!SendError::reply(451, [4, 7, 1], String::new(), None).lasting);
        assert!(SendError::reply(554, [5, 7, 1], String::new(), None).lasting);
        // It is the sender whom the server refuses, once it knows a recipient.
        let of = |said: &str| SendError::reply(550, [5, 1, 0], said.to_owned(), ann.as_ref()).kind;
        assert_eq!(of("550 5.1.0 Sender denied"), SendErrorKind::Refused);
        assert_eq!(of("550 5.1.0 Address rejected"), SendErrorKind::NoSuchAddress);
    }
}
