//! What stands below our messages, with what it says of whoever sends them.
//!
//! A mailbox's signature may show that of a person with `{signature}`. A mailbox that has none leaves it to them.

use domain::{ChannelId, Email, Member, Right};
use store::channel::{self, Channel};
use store::{Read, organization, signature, staff};

use crate::placeholder::{check, fill};
use crate::{Desk, Error, Result};

/// The placeholders that every signature may have.
pub const PLACEHOLDERS: &[&str] = &["name", "first_name", "email", "mailbox", "address", "organization"];
/// The one that only a mailbox's may have: the person's own signature.
pub const PERSONAL: &str = "signature";

/// The longest signature, in bytes.
const LONGEST: usize = 4000;

/// The signature below what this person sends by this mailbox; empty if there is none.
pub async fn of(rx: &Read, channel: &Channel, by: &Member) -> Result<String> {
    let mailbox = signature::of_channel(rx, channel.id).await?;
    let personal = signature::of_staff(rx, by.id).await?;
    if mailbox.is_empty() && personal.is_empty() {
        return Ok(String::new());
    }
    let email = staff::find(rx, by.id).await?.map(|it| it.email);
    let organization = organization::find(rx).await?.map(|it| it.name).unwrap_or_default();
    let facts = Facts { name: &by.name, email: email.as_ref(), channel, organization: &organization };
    let personal = fill(&personal, &|it| facts.fact(it));
    if mailbox.is_empty() {
        return Ok(personal);
    }
    let whole = fill(&mailbox, &|it| if it == PERSONAL { Some(personal.clone()) } else { facts.fact(it) });
    Ok(whole.trim_end().to_owned())
}

/// [`of`] for a page: by the id of the mailbox.
pub async fn below(rx: &Read, channel: ChannelId, by: &Member) -> Result<String, store::Error> {
    let Some(channel) = channel::find(rx, channel).await? else { return Ok(String::new()) };
    match of(rx, &channel, by).await {
        Ok(text) => Ok(text),
        Err(Error::Store(err)) => Err(err),
        Err(_) => Ok(String::new()),
    }
}

struct Facts<'a> {
    name: &'a str,
    email: Option<&'a Email>,
    channel: &'a Channel,
    organization: &'a str,
}

impl Facts<'_> {
    fn fact(&self, placeholder: &str) -> Option<String> {
        let fact = match placeholder {
            "name" => self.name,
            "first_name" => self.name.split_whitespace().next().unwrap_or_default(),
            "email" => self.email.map_or("", Email::as_str),
            "mailbox" => &self.channel.name,
            "address" => self.channel.address.as_str(),
            "organization" => self.organization,
            _ => return None,
        };
        Some(fact.to_owned())
    }
}

impl Desk {
    /// Gives oneself a signature; an empty one is none.
    pub async fn set_signature(&self, by: &Member, text: &str) -> Result<()> {
        let text = checked(text, PLACEHOLDERS)?;
        let id = by.id;
        self.db
            .write([staff::lock()], async move |tx| Ok(signature::set_of_staff(tx, id, text.as_deref()).await?))
            .await
    }

    /// Gives a mailbox a signature; an empty one is none.
    pub async fn set_mailbox_signature(&self, by: &Member, id: ChannelId, text: &str) -> Result<()> {
        if !by.role.may(Right::Settings) {
            return Err(Error::NotFound);
        }
        let text = checked(text, &[PLACEHOLDERS, &[PERSONAL]].concat())?;
        self.db
            .write([channel::lock()], async move |tx| {
                channel::find(tx, id).await?.ok_or(Error::NotFound)?;
                Ok(signature::set_of_channel(tx, id, text.as_deref()).await?)
            })
            .await
    }
}

/// The text of a signature, none if it says nothing; refused with the placeholder that nobody knows.
fn checked(text: &str, known: &[&str]) -> Result<Option<String>> {
    let text = text.replace("\r\n", "\n").trim_end().to_owned();
    if text.len() > LONGEST {
        return Err(Error::invalid("signature", "A signature has at most 4000 letters."));
    }
    check("signature", &text, known)?;
    Ok((!text.trim().is_empty()).then_some(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_knows_is_refused() {
        assert_eq!(checked(" \n", PLACEHOLDERS).unwrap(), None);
        let refused = checked("{name}, {titel}", PLACEHOLDERS).unwrap_err().to_string();
        assert!(refused.contains("{titel}") && refused.contains("{first_name}"), "{refused}");
        assert!(checked("{signature}", PLACEHOLDERS).is_err(), "only a mailbox's shows a person's");
    }
}
