//! The mail as it leaves: composed from what was written down, and signed.

use domain::{Message, Party};
use mail::{Composed, Outgoing, compose};
use store::channel::Channel;
use store::message::{self, Known};
use store::{blob, dkim};

use crate::channel::takes_plus;
use crate::{Desk, Error, Result};

impl Desk {
    /// The mail with its mailbox's signature, if that signs.
    pub(super) async fn signed(&self, channel: &Channel, message: &Message, bytes: Vec<u8>) -> Result<Vec<u8>> {
        let id = channel.id;
        match self.db.read(async move |rx| dkim::find(rx, id).await).await? {
            Some(key) if key.public.on => crate::dkim::sign(&self.keys, channel, &key, message.at, &bytes),
            _ => Ok(bytes),
        }
    }

    /// The mail as it leaves: the same bytes each time, unless a test has proven meanwhile where answers may go.
    pub(crate) async fn composed(&self, message: &Message, channel: &Channel) -> Result<Composed> {
        let (customer, case, files) = (message.customer, message.case, message.files.clone());
        let (known, has_html, id) = (Known::from(message), message.has_html, message.message_id.clone());
        let read = self.db.read(async move |rx| {
            let html = if has_html { message::own_html(rx, known).await? } else { None };
            let mut all = Vec::new();
            for (at, file) in files.iter().enumerate() {
                let bytes = match blob::read(rx, customer, case, &file.hash).await {
                    Err(store::Error::NotFound) => return Err(gone(&file.name)),
                    bytes => bytes?,
                };
                let (name, media_type) = (file.name.clone(), file.media_type.clone());
                let content_id = file.inline.then(|| content_id(at, id.as_deref().unwrap_or_default()));
                all.push(mail::File { name, media_type, content_id, inline: file.inline, bytes });
            }
            Ok((all, html))
        });
        let (files, html) = read.await?;
        let reply_to = self.reply_to(message, channel);
        let outgoing = Outgoing { reply_to, ..to_compose(message, html, files) };
        compose(&outgoing).map_err(|err| Error::Internal(err.to_string()))
    }

    /// Where an answer goes so that it is known whatever becomes of its headers; only where a test proved that it arrives.
    fn reply_to(&self, message: &Message, channel: &Channel) -> Option<Party> {
        let address = message.sender.address.as_ref().filter(|_| takes_plus(channel))?;
        let address = mail::token::address(&self.keys.tokens, message.id.0, address)?;
        Some(Party { name: message.sender.name.clone(), address: Some(address) })
    }
}

/// Refuses a message that could never leave.
pub(crate) fn check(message: &Message) -> Result<()> {
    compose(&to_compose(message, None, Vec::new())).map(drop).map_err(|err| Error::invalid("to", err.to_string()))
}

/// The Content-ID of the picture that is the `at`-th file of a message: the same each time.
fn content_id(at: usize, message_id: &str) -> String {
    format!("{at}.{}", message_id.trim_matches(['<', '>']))
}

fn gone(file: &str) -> Error {
    Error::Conflict(format!("The file {file} is lost, so this mail cannot be sent as it was written."))
}

fn to_compose(message: &Message, html: Option<String>, files: Vec<mail::File>) -> Outgoing {
    Outgoing {
        message_id: message.message_id.clone().unwrap_or_default(),
        from: message.sender.clone(),
        reply_to: None,
        to: message.recipients.to.clone(),
        cc: message.recipients.cc.clone(),
        subject: message.subject.clone(),
        at: message.at.0,
        in_reply_to: message.in_reply_to.clone(),
        references: message.references.clone(),
        html,
        text: message.text.clone(),
        files,
        automatic: message.automatic.is_some(),
    }
}
