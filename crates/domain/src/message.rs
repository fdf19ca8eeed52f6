//! One utterance on a channel.

use serde::{Deserialize, Serialize};

use crate::word::words;
use crate::{
    Automatic, CaseId, ChannelId, ContactId, CustomerId, Email, Fold, FoldKind, Hindrance, Invitation, MessageId,
    Sealed, Side, StaffId, Timestamp, Verdict, WithSupplier,
};

words! {
    /// Which way a message goes.
    Direction {
        /// From the customer to us.
        Inbound = "inbound",
        /// From us to the customer.
        Outbound = "outbound",
    }
}

words! {
    /// Where a message is on its way.
    MessageState {
        /// It came in.
        Received = "received",
        /// It came in and could not be processed; its raw form is kept.
        Quarantined = "quarantined",
        /// It is on its way out.
        Sending = "sending",
        /// A server has accepted it.
        Sent = "sent",
        /// It could not be sent; the message says why.
        Failed = "failed",
        /// Its author took it back before it left.
        TakenBack = "taken_back",
    }
}

/// A name and an address, as a header gives them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The name shown; may be empty.
    pub name: String,
    /// The address, if it is one.
    pub address: Option<Email>,
}

impl Party {
    /// What to call them: the name, or else the address.
    pub fn label(&self) -> &str {
        match &self.address {
            Some(address) if self.name.is_empty() => address.as_str(),
            _ => &self.name,
        }
    }
}

impl From<Email> for Party {
    fn from(address: Email) -> Party {
        Party { name: String::new(), address: Some(address) }
    }
}

/// To whom a message went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipients {
    /// Its To line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<Party>,
    /// Its Cc line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cc: Vec<Party>,
}

impl Recipients {
    /// Every address, To first.
    pub fn addresses(&self) -> impl Iterator<Item = &Email> {
        self.to.iter().chain(&self.cc).filter_map(|it| it.address.as_ref())
    }
}

/// A file that belongs to a message, a note or a draft. Its bytes are a blob of its case; its name is only a label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// The name its sender gave it, without a path.
    pub name: String,
    /// The media type its sender gave it: never trusted, never served as such.
    pub media_type: String,
    /// In bytes.
    pub size: u64,
    /// SHA-256 of its bytes, in hex.
    pub hash: String,
    /// Shown inside the text rather than below it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inline: bool,
}

/// The words that are new in a text: the first part that is not folded, or all if there is none.
pub fn own_words<'t>(text: &'t str, folded: &[Fold]) -> &'t str {
    let starts = std::iter::once(0).chain(folded.iter().map(|it| it.end as usize));
    let ends = folded.iter().map(|it| it.start as usize).chain(std::iter::once(text.len()));
    let mut parts = starts.zip(ends).filter_map(|(start, end)| text.get(start..end));
    parts.find(|it| !it.trim().is_empty()).unwrap_or(text)
}

/// One utterance on a channel, without its HTML: that is long, and only its own frame reads it.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Whose.
    pub customer: CustomerId,
    /// In which case.
    pub case: CaseId,
    /// Its id; for ours, the one in its `Message-ID`.
    pub id: MessageId,
    /// Which way it goes.
    pub direction: Direction,
    /// Where it is on its way.
    pub state: MessageState,
    /// By which channel.
    pub channel: ChannelId,
    /// Who of theirs wrote it.
    pub contact: Option<ContactId>,
    /// Who of ours wrote it.
    pub staff: Option<StaffId>,
    /// When it reached us, or left.
    pub at: Timestamp,
    /// When its sender says that it was written: only shown.
    pub sent_at: Option<Timestamp>,
    /// What makes it the same message when it comes again.
    pub external_id: String,
    /// Its `Message-ID`, with brackets.
    pub message_id: Option<String>,
    /// The `Message-ID` that it answers.
    pub in_reply_to: Option<String>,
    /// Its `References`.
    pub references: Vec<String>,
    /// Its subject.
    pub subject: String,
    /// Who wrote it, as its header says.
    pub sender: Party,
    /// Where its sender wants answers, if not there. Never who somebody is: anybody can write it.
    pub reply_to: Vec<Party>,
    /// To whom.
    pub recipients: Recipients,
    /// Its files.
    pub files: Vec<File>,
    /// Parts of the text that are shown folded.
    pub folded: Vec<Fold>,
    /// What the receiving server says about the sender.
    pub verdict: Verdict,
    /// Set if a machine wrote it.
    pub automatic: Option<Automatic>,
    /// Another message has the same `Message-ID`, and says something else.
    pub altered: bool,
    /// SHA-256 of the raw mail, in hex: a blob of the case.
    pub raw_hash: Option<String>,
    /// Whether it has an HTML body too.
    pub has_html: bool,
    /// Whether that names pictures that are elsewhere.
    pub remote: bool,
    /// Who of ours passed it on to the desk, where its sender did not write here.
    pub forwarded_by: Option<StaffId>,
    /// How its words are wrapped, if they cannot be shown.
    pub sealed: Option<Sealed>,
    /// The meeting that it is about.
    pub invitation: Option<Box<Invitation>>,
    /// Why it could not be sent, in plain words.
    pub error: Option<String>,
    /// What kind of obstacle that was, and whom of several it did not reach.
    pub hindrance: Option<Hindrance>,
    /// Set if it went to a supplier or came from one, and not to or from the customer.
    pub supplier: Option<WithSupplier>,
    /// Its text.
    pub text: String,
}

impl Message {
    /// The words that are new in it.
    pub fn own_words(&self) -> &str {
        own_words(&self.text, &self.folded)
    }

    /// The words of its author: without the signature and what it passes on, which were put below them.
    pub fn own_text(&self) -> &str {
        let below = |it: &&Fold| matches!(it.kind, FoldKind::Signature | FoldKind::Forward);
        match self.folded.iter().find(below) {
            Some(fold) if self.direction == Direction::Outbound => {
                self.text.get(..fold.start as usize).unwrap_or(&self.text).trim_end()
            }
            _ => &self.text,
        }
    }

    /// With whom it was said.
    pub fn side(&self) -> Side {
        if self.supplier.is_some() { Side::Supplier } else { Side::Customer }
    }
}
