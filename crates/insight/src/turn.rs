//! What the Brief is made of, and what it consists of.

use jiff::civil::{Date, DateTime, Time};

/// One message or note of a case, as the Brief reads it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Turn<'a> {
    /// Who wrote it.
    pub from: From,
    /// When, in the local time of the desk.
    pub at: DateTime,
    /// The new words only: quotes and signatures are folded away already.
    pub text: &'a str,
}

/// Who wrote a turn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum From {
    /// The customer, whichever of their contacts.
    Customer,
    /// One of us, to the customer.
    Desk,
    /// One of us, to the desk.
    Note,
}

/// Where a sentence stands: a range of bytes in the text of a turn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// The index of the turn.
    pub turn: usize,
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

/// What someone new to the case must know; each line with the sentence that it comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Brief {
    /// What the customer wants, or what does not work.
    pub issue: Option<Line>,
    /// What was done about it already, by either side: three at most, the newest last.
    pub tried: Vec<Line>,
    /// What we promised, kept or not, the oldest first.
    pub promised: Vec<Promise>,
    /// Who waits on whom.
    pub waiting: Option<(Waiting, Span)>,
    /// How the customer feels, if that is plain. A calm one is not mentioned.
    pub mood: Option<(Mood, Span)>,
    /// What is to be done next: our open promise that is due first; else what the customer asked last; else, in a turn of
    /// ours, what we asked them.
    pub next: Option<Line>,
}

/// One line of the Brief.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The sentence without its line breaks, cut at a word if it is long.
    pub text: String,
    /// Where it stands.
    pub at: Span,
}

/// What we told the customer that we would do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Promise {
    /// The promise in few words: "send the corrected invoice".
    pub text: String,
    /// By when, if that was said.
    pub due: Option<Due>,
    /// The sentence that makes it.
    pub at: Span,
}

/// By when something is promised, in the local time of the desk.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Due {
    /// The last day on which it is kept.
    pub date: Date,
    /// The time on that day, if one was said.
    pub time: Option<Time>,
}

/// Who waits on whom.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Waiting {
    /// We owe the next step.
    OnUs,
    /// The customer owes it.
    OnCustomer,
    /// Nobody does.
    Nobody,
}

/// How a customer feels who is not calm.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mood {
    /// Blames us, threatens, has had enough.
    Angry,
    /// It takes too long, or happens again.
    Frustrated,
    /// Presses, because much hangs on it.
    Worried,
    /// More than thankful.
    Pleased,
}
