//! What came of a try to send a message.

use channels::smtp::{SendError, SendErrorKind};
use domain::{Email, Missed, Obstacle};

/// Why a message did not go.
#[derive(Clone)]
pub(super) struct Failure {
    pub kind: Obstacle,
    pub why: String,
    /// The server's own words.
    pub said: String,
    /// Another try would change nothing.
    pub lasting: bool,
}

impl Failure {
    pub fn lasting(kind: Obstacle, why: impl Into<String>) -> Failure {
        Failure { kind, why: why.into(), said: String::new(), lasting: true }
    }

    pub fn is_unclear(&self) -> bool {
        self.kind == Obstacle::Unclear
    }
}

impl From<SendError> for Failure {
    fn from(err: SendError) -> Failure {
        let asks = err.kind == SendErrorKind::SignIn;
        let why =
            if asks { format!("{} An administrator can mend that in the settings.", err.words()) } else { err.words() };
        Failure { kind: err.kind.into(), why, lasting: err.lasting, said: err.said }
    }
}

/// What a server has done with a mail.
#[derive(Clone, Default)]
pub(super) struct Outcome {
    /// Whom it refused for good, now or before.
    pub missed: Vec<Missed>,
    /// Whom it may take it for later, with the reason.
    pub later: Vec<(Email, Failure)>,
}

impl Outcome {
    /// From those whom a server has refused, and whom others had refused before.
    pub fn of(refused: Vec<SendError>, missed: Vec<Missed>) -> Outcome {
        let mut outcome = Outcome { missed, later: Vec::new() };
        for it in refused {
            let Some(address) = it.recipient.clone() else { continue };
            let failure = Failure::from(it);
            if failure.lasting {
                outcome.missed.push(failure.missed(address));
            } else {
                outcome.later.push((address, failure));
            }
        }
        outcome
    }
}

impl Failure {
    pub fn missed(&self, address: Email) -> Missed {
        Missed { address, kind: self.kind, why: self.why.clone(), said: self.said.clone() }
    }
}
