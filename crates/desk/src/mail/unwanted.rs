//! What nobody asked for: by the word of the receiving server, or because its sender is blocked.

use super::Prepared;
use domain::Unwanted;

/// Why a mail is unwanted, and the block that says so, if one does.
#[derive(Clone, Debug, Default)]
pub(crate) struct Judged {
    pub why: Option<Unwanted>,
    pub block: Option<String>,
}

/// Judges a mail. A block of ours counts before the word of a server.
pub(crate) fn judge(it: &Prepared, block: Option<String>) -> Judged {
    let why = match &block {
        Some(_) => Some(Unwanted::Blocked),
        None => is_spam(&it.mail).then_some(Unwanted::Server),
    };
    Judged { why, block }
}

/// Whether the receiving server says that nobody asked for this mail.
fn is_spam(mail: &mail::Mail) -> bool {
    mail.spam.as_ref().is_some_and(|it| it.unwanted)
}
