//! What became of a mail of ours, as a report of a mail server says it (RFC 3464).

use serde::{Deserialize, Serialize};

use crate::Email;
use crate::word::words;

words! {
    /// Why a mail did not reach one of its recipients.
    BounceKind {
        /// There is no such mailbox, or it is closed for good.
        NoSuchAddress = "no_such_address",
        /// The mailbox has no room left.
        MailboxFull = "mailbox_full",
        /// The mail is larger than the server takes.
        TooBig = "too_big",
        /// The server does not want it: its rules, its judgement of the content or of the sender.
        Refused = "refused",
        /// The domain does not exist, takes no mail, or its server cannot be reached.
        NoSuchServer = "no_such_server",
        /// The server has put it off: it is busy, or lets a sender send so much at a time.
        Busy = "busy",
        /// It was tried for days and then given up.
        GaveUp = "gave_up",
        /// It went round in a circle.
        Loop = "loop",
        /// The report does not say, or says something else.
        Other = "other",
    }
}

words! {
    /// What became of a mail on its way to one recipient.
    BounceOutcome {
        /// It did not arrive, and would not when it is sent again as it is; see [`Bounce::address_is_dead`].
        FailedForGood = "failed_for_good",
        /// It did not arrive, and it may when it is sent again.
        FailedForNow = "failed_for_now",
        /// It has not arrived yet; the server goes on trying.
        Delayed = "delayed",
        /// It has arrived, or was handed to a server that sends no reports.
        Delivered = "delivered",
    }
}

impl BounceOutcome {
    /// Whether the mail did not arrive and will not.
    pub fn failed(self) -> bool {
        matches!(self, BounceOutcome::FailedForGood | BounceOutcome::FailedForNow)
    }
}

/// What a report says about one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounce {
    /// The `Message-ID` of the mail that it is about, with brackets.
    pub message_id: Option<String>,
    /// To whom the mail was on its way, as we had written it where the report tells.
    pub address: Option<Email>,
    /// What became of it.
    pub outcome: BounceOutcome,
    /// Why.
    pub kind: BounceKind,
    /// The enhanced status code, `5.1.1` (RFC 3463).
    pub status: Option<String>,
    /// The words of the server that refused it, as one line; empty if the report has none.
    pub said: String,
}

impl Bounce {
    /// Whether nothing more is to be sent to the address: it does not exist. A mail that is refused or too big says nothing
    /// about the next one.
    pub fn address_is_dead(&self) -> bool {
        self.outcome == BounceOutcome::FailedForGood
            && matches!(self.kind, BounceKind::NoSuchAddress | BounceKind::NoSuchServer)
    }

    /// What happened and what to do, for the people of the desk.
    pub fn words(&self) -> String {
        use BounceKind::{Busy, GaveUp, Loop, MailboxFull, NoSuchAddress, NoSuchServer, Other, Refused, TooBig};
        let whom = self.address.as_ref().map_or("the address", Email::as_str);
        let domain = self.address.as_ref().map_or("the address", Email::domain);
        match self.outcome {
            BounceOutcome::Delivered => return format!("The mail reached the server of {whom}."),
            BounceOutcome::Delayed => {
                return format!(
                    "The mail has not reached {whom} yet. The servers go on trying; there is nothing to do for now."
                );
            }
            BounceOutcome::FailedForGood | BounceOutcome::FailedForNow => {}
        }
        let again = self.outcome == BounceOutcome::FailedForNow;
        match self.kind {
            NoSuchAddress if again => {
                format!("The server of {whom} does not take mail for this address at the moment. Try again later.")
            }
            NoSuchAddress => format!("There is no mailbox {whom}. Check the address."),
            MailboxFull => {
                format!("The mailbox {whom} is full. Try again in some days, or reach them in another way.")
            }
            TooBig => format!("The mail is too big for the server of {whom}. Send it with smaller files, or without."),
            Refused if again => format!("The server of {whom} does not take the mail for now. Try again later."),
            Refused => format!(
                "The server of {whom} refuses the mail. Ask them in another way, or ask who looks after your mail."
            ),
            NoSuchServer if again => format!("The server of {domain} could not be reached. Try again later."),
            NoSuchServer => format!("No server takes mail for {domain}. Check what stands behind the @."),
            Busy => format!("The server of {whom} was too busy for the mail. Try again later."),
            GaveUp => format!("The mail could not be delivered to {whom} for days, and was given up. Try again later."),
            Loop => format!("The mail to {whom} went round in a circle between servers. Use another address."),
            Other if again => format!("The mail did not reach {whom}. It may work when it is sent again."),
            Other => format!("The mail did not reach {whom}."),
        }
    }
}
