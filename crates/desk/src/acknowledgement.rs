//! What a mailbox answers by itself to the first message of a case.
//!
//! Nobody can make us send others what he wrote: it has none of the sender's words, not even their subject, goes to one
//! address once a day at most, never to a machine, and to all together only so often.

use std::time::Duration;

use domain::{Actor, Automatic, Case, ChannelId, Fact, Member, Message, MessageId, Party, Recipients, Right, Verdict};
use store::acknowledgement::{self, Acknowledgement};
use store::{Lock, Tx, attempt, channel, entry, organization};

use crate::placeholder::{check, fill};
use crate::{Desk, Error, Result, hours};

/// To one address, and within what time.
const TO_ONE: (i64, Duration) = (1, Duration::from_hours(24));
/// To all together, and within what time.
const TO_ALL: (i64, Duration) = (500, Duration::from_hours(1));
/// What stands for something else in its texts.
pub const PLACEHOLDERS: &[&str] = &["number", "mailbox", "organization"];
/// The longest text, in bytes.
const TEXT: usize = 10_000;

impl Desk {
    /// What a mailbox answers by itself.
    pub async fn acknowledgement(&self, by: &Member, id: ChannelId) -> Result<Option<Acknowledgement>> {
        if !by.role.may(Right::Settings) {
            return Err(Error::NotFound);
        }
        let found = self.db.read(async move |rx| {
            channel::find(rx, id).await?.ok_or(store::Error::NotFound)?;
            acknowledgement::find(rx, id).await
        });
        Ok(found.await?)
    }

    /// Changes that.
    pub async fn set_acknowledgement(&self, by: &Member, id: ChannelId, it: Acknowledgement) -> Result<()> {
        if !by.role.may(Right::Settings) {
            return Err(Error::NotFound);
        }
        let texts = [("subject", &it.subject), ("text", &it.text), ("closed_text", &it.closed_text)];
        for (field, text) in texts {
            check(field, text, PLACEHOLDERS)?;
            if text.len() > TEXT {
                return Err(Error::invalid(field, "This is too long for an acknowledgement."));
            }
            if text.trim().is_empty() && it.active && field != "closed_text" {
                return Err(Error::invalid(field, "Write what it shall say."));
            }
        }
        self.db
            .write([channel::lock()], async move |tx| {
                channel::find(tx, id).await?.ok_or(Error::NotFound)?;
                Ok(acknowledgement::save(tx, id, &it).await?)
            })
            .await
    }

    /// Acknowledges the message that opened a case, if its mailbox does so and its sender may be answered by a machine.
    pub(crate) async fn acknowledge(&self, tx: &mut Tx, case: &mut Case, opened: &Message) -> Result<()> {
        // Whoever is denied by their own domain is not who wrote, and would get mail about something they never did.
        let answerable = opened.automatic.is_none() && opened.verdict != Verdict::Failed;
        let Some(to) = opened.sender.address.clone().filter(|_| answerable) else { return Ok(()) };
        let Some(says) = acknowledgement::find(tx, opened.channel).await?.filter(|it| it.active) else {
            return Ok(());
        };
        let Some(channel) = channel::find(tx, opened.channel).await? else { return Ok(()) };
        if !self.counted(tx, &format!("acknowledged {}", to.without_tag()), TO_ONE).await?
            || !self.counted(tx, "acknowledged", TO_ALL).await?
        {
            return Ok(());
        }
        let organization = organization::find(tx).await?;
        let (name, zone) = organization.as_ref().map_or(("", "UTC"), |it| (&it.name, &it.time_zone));
        let open = says.closed_text.trim().is_empty() || hours::is_open(tx, zone, self.now()).await?;
        let number = case.number.to_string();
        let fact = |it: &str| match it {
            "number" => Some(number.clone()),
            "mailbox" => Some(channel.name.clone()),
            "organization" => Some(name.to_owned()),
            _ => None,
        };
        let id: MessageId = self.id();
        let message = Message {
            in_reply_to: opened.message_id.clone(),
            references: opened.message_id.clone().into_iter().collect(),
            subject: fill(&says.subject, &fact),
            recipients: Recipients { to: vec![Party::from(to)], cc: Vec::new() },
            automatic: Some(Automatic::AutoReply),
            text: fill(if open { &says.text } else { &says.closed_text }, &fact),
            ..self.unwritten(case, &channel, id)
        };
        let entry = case.remark(Fact::Acknowledged { message: id }, Actor::Channel(channel.id), self.now());
        entry::append(tx, self.ctx.id(), case.customer, Some(case.id), &entry).await?;
        crate::clock::save(tx, case).await?;
        self.keep_message(tx, &message, None).await?;
        self.send_later(tx, &message).await
    }

    /// Counts one more of this name; whether it is still within its limit.
    async fn counted(&self, tx: &mut Tx, name: &str, limit: (i64, Duration)) -> Result<bool> {
        tx.lock(Lock::Name(name.to_owned())).await?;
        Ok(attempt::add(tx, name, self.now(), limit.1).await? <= limit.0)
    }
}
