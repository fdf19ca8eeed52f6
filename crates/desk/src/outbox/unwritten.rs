//! A message of ours, as it is written down.

use domain::{Case, Direction, Message, MessageId, MessageState, Party, Recipients, Verdict};
use store::channel::Channel;
use store::message::Known;
use store::{Tx, message};

use crate::{Desk, Result};

impl Desk {
    /// The `Message-ID` of a message of ours that leaves by an address of this domain.
    pub fn message_id(&self, id: MessageId, domain: &str) -> String {
        mail::token::message_id(&self.keys.tokens, id.0, domain)
    }

    /// A message of ours in this case, by this channel, before it says anything: in the thread of nothing, to nobody.
    pub(crate) fn unwritten(&self, case: &Case, channel: &Channel, id: MessageId) -> Message {
        let message_id = self.message_id(id, channel.address.domain());
        Message {
            customer: case.customer,
            case: case.id,
            id,
            direction: Direction::Outbound,
            state: MessageState::Sending,
            channel: channel.id,
            contact: None,
            staff: None,
            at: self.now(),
            sent_at: None,
            external_id: message_id.to_lowercase(),
            message_id: Some(message_id),
            in_reply_to: None,
            references: Vec::new(),
            subject: String::new(),
            sender: Party { name: channel.name.clone(), address: Some(channel.address.clone()) },
            reply_to: Vec::new(),
            recipients: Recipients::default(),
            files: Vec::new(),
            folded: Vec::new(),
            verdict: Verdict::Aligned,
            automatic: None,
            altered: false,
            raw_hash: None,
            has_html: false,
            remote: false,
            forwarded_by: None,
            sealed: None,
            invitation: None,
            error: None,
            hindrance: None,
            supplier: None,
            text: String::new(),
        }
    }

    /// Writes it down, under the two names by which an answer to it finds it.
    pub(crate) async fn keep_message(&self, tx: &mut Tx, it: &Message, html: Option<&str>) -> Result<()> {
        message::insert(tx, it, html).await?;
        let known = Known::from(it);
        message::refer(tx, &it.external_id, known).await?;
        message::refer(tx, &crate::mail::ours(it.id), known).await?;
        Ok(())
    }
}
