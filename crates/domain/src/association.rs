//! The decision that a message belongs to a case: which mail joins which case.
//!
//! The table stands in ARCHITECTURE.md; [`Association::of_mail`] is that table, row by row. Association by content
//! comes after it, for what it leaves as [`Reason::Nothing`].

use serde::{Deserialize, Serialize};

use crate::word::words;
use crate::{Status, Verdict};

words! {
    /// What was decided.
    Decision {
        /// The message joins an open case.
        Join = "join",
        /// It starts a case of its own.
        New = "new",
        /// It belongs to a closed case, and starts another that is linked to it.
        FollowUp = "follow_up",
    }
}

words! {
    /// Why.
    Reason {
        /// It reports on a message of ours.
        Report = "report",
        /// It answers a message of ours, and comes from somebody to whom we sent that.
        Token = "token",
        /// It answers a message of ours, but does not come from anybody to whom we sent that.
        TokenStranger = "token_stranger",
        /// It answers a message of ours, but the sender's domain denies it.
        TokenFailed = "token_failed",
        /// It answers a message that we received, and comes from somebody who takes part.
        Reference = "reference",
        /// It answers a message that we received, but comes from somebody who takes no part.
        ReferenceStranger = "reference_stranger",
        /// It answers a message that we received, but the sender's domain denies it.
        ReferenceFailed = "reference_failed",
        /// Its subject names a case.
        SubjectNumber = "subject_number",
        /// Nothing points to a case.
        Nothing = "nothing",
        /// One of ours took it out of another case.
        Split = "split",
        /// One of ours says that it belongs to none of the cases that were suggested.
        Apart = "apart",
        /// One of ours passed it on: it is the case of whoever wrote it first.
        Forwarded = "forwarded",
    }
}

/// A case that something in the mail points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its number.
    pub number: i64,
    /// Its status.
    pub status: Status,
    /// For a token: the sender is among that message's recipients. For a reference: the sender takes part in the case.
    pub known: bool,
}

/// What in a mail points where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// By the returned header of a message of ours, whose token's MAC is valid: known to nobody but those who got it.
    pub report: Option<Hit>,
    /// By a reply token whose MAC is valid.
    pub token: Option<Hit>,
    /// By a reference to a message that we received.
    pub reference: Option<Hit>,
    /// By a number in the subject that is a case's.
    pub subject: Option<i64>,
    /// What the receiving server says about the sender.
    pub verdict: Verdict,
}

/// The decision with its reason; recorded with every message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Association {
    /// What was decided.
    pub decision: Decision,
    /// Why.
    pub reason: Reason,
    /// How sure we are that the message belongs to the case that it joined, or that is suggested: 0 to 1.
    pub confidence: f64,
    /// Whether the sender's domain vouches for the mail.
    pub verified: bool,
    /// Numbers of cases that it may belong to.
    pub suggest: Vec<i64>,
}

/// How often each reason is right. Until decisions are corrected by people often enough to measure it, these are
/// estimates: a forged answer needs our random token and a recipient's address, or a Message-ID and a participant's.
#[expect(clippy::match_same_arms, reason = "a table: each line is estimated by itself")]
const fn confidence(reason: Reason, verified: bool) -> f64 {
    match (reason, verified) {
        (Reason::Report, _) => 0.98,
        (Reason::Token, true) => 0.99,
        (Reason::Token, false) => 0.97,
        (Reason::Reference, true) => 0.97,
        (Reason::Reference, false) => 0.93,
        (Reason::TokenStranger, _) => 0.7,
        (Reason::ReferenceStranger, _) => 0.6,
        (Reason::SubjectNumber, _) => 0.5,
        (Reason::TokenFailed | Reason::ReferenceFailed, _) => 0.2,
        (Reason::Nothing, _) => 0.0,
        (Reason::Split | Reason::Forwarded | Reason::Apart, _) => 1.0,
    }
}

impl Association {
    /// One of ours took the message out of the case that it had joined.
    pub fn of_split(verified: bool) -> Association {
        let (decision, reason) = (Decision::New, Reason::Split);
        Association { decision, reason, confidence: confidence(reason, verified), verified, suggest: Vec::new() }
    }

    /// One of ours says that it is another issue than the case `number`, which was suggested.
    #[must_use]
    pub fn apart_from(&self, number: i64) -> Association {
        let suggest: Vec<i64> = self.suggest.iter().copied().filter(|it| *it != number).collect();
        let reason = if suggest.is_empty() { Reason::Apart } else { self.reason };
        let confidence = confidence(reason, self.verified);
        Association { decision: Decision::New, reason, confidence, verified: self.verified, suggest }
    }

    /// One of ours passed a customer's mail on.
    pub fn of_forward() -> Association {
        Association { reason: Reason::Forwarded, ..Association::of_split(false) }
    }

    /// The same of a mail that answers what went to a supplier: whoever has the token of that has it from them, and speaks
    /// there for nobody but a supplier.
    #[must_use]
    pub fn with_supplier(self) -> Association {
        match self.reason {
            Reason::TokenStranger => Association { decision: Decision::Join, suggest: Vec::new(), ..self },
            _ => self,
        }
    }

    /// The table: the first row that fits decides.
    pub fn of_mail(evidence: &Evidence) -> Association {
        let verified = evidence.verdict == Verdict::Aligned;
        let failed = evidence.verdict == Verdict::Failed;
        let (hit, reason) = match (evidence.token, evidence.reference, evidence.subject) {
            _ if evidence.report.is_some() => (evidence.report, Reason::Report),
            (Some(hit), _, _) if failed => (Some(hit), Reason::TokenFailed),
            (Some(hit), _, _) if hit.known => (Some(hit), Reason::Token),
            (Some(hit), _, _) => (Some(hit), Reason::TokenStranger),
            (None, Some(hit), _) if failed => (Some(hit), Reason::ReferenceFailed),
            (None, Some(hit), _) if hit.known => (Some(hit), Reason::Reference),
            (None, Some(hit), _) => (Some(hit), Reason::ReferenceStranger),
            (None, None, Some(_)) => (None, Reason::SubjectNumber),
            (None, None, None) => (None, Reason::Nothing),
        };
        let decision = match (reason, hit) {
            (Reason::Token | Reason::Reference, Some(hit)) if hit.status == Status::Closed => Decision::FollowUp,
            (Reason::Report | Reason::Token | Reason::Reference, Some(_)) => Decision::Join,
            _ => Decision::New,
        };
        let suggest = match (decision, hit) {
            (Decision::New, Some(hit)) => vec![hit.number],
            (Decision::New, None) => evidence.subject.into_iter().collect(),
            _ => Vec::new(),
        };
        Association { decision, reason, confidence: confidence(reason, verified), verified, suggest }
    }
}
