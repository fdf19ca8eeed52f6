//! Whose words a mail carries: mostly its sender's.

use domain::{Email, StaffId, Verdict};
use mail::Place;
use store::{Lock, Tx, staff};

use super::Prepared;
use crate::Result;

/// Whose words a mail carries.
pub(crate) struct Author {
    pub address: Email,
    pub name: String,
    /// Set if one of ours passed it on.
    pub passed_on: Option<PassedOn>,
}

/// A customer's mail that one of ours passed on.
pub(crate) struct PassedOn {
    pub by: StaffId,
    /// The original's subject; empty if it is not told.
    pub subject: String,
    /// Where the original's words are.
    pub place: Place,
}

/// The author of a mail. Who passes a customer's mail on to the desk must be one of ours, vouched for by our own domain:
/// anybody else could put words into a customer's mouth. It changes nothing but whose case it is.
pub(crate) async fn author(tx: &mut Tx, it: &Prepared) -> Result<Author> {
    let mail = &it.mail;
    let sender = || Author { address: it.from.clone(), name: mail.name.clone(), passed_on: None };
    let vouched = mail.sole_author && mail.verdict == Verdict::Aligned && mail.automatic.is_none();
    let Some(original) = mail.forwarded.as_ref().filter(|_| vouched) else { return Ok(sender()) };
    let Some(address) = original.from.address.clone() else { return Ok(sender()) };
    if it.is_ours(&address) || staff::by_email(tx, &address).await?.is_some() {
        return Ok(sender());
    }
    let Some(by) = staff::by_email(tx, &it.from).await?.filter(|it| it.left_at.is_none()) else { return Ok(sender()) };
    // Two first mails of one person wait for each other.
    tx.lock(Lock::Name(format!("email {address}"))).await?;
    let passed_on = PassedOn { by: by.id, subject: original.subject.trim().to_owned(), place: original.place };
    Ok(Author { address, name: original.from.name.clone(), passed_on: Some(passed_on) })
}
