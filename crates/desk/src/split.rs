//! A message that is about something else becomes a case of its own.

use domain::{Actor, Association, Case, CaseId, Direction, Fact, Member, MessageId, Opening, Refusal, Verdict};
use store::{Lock, Tx, association, case, channel, entry, message};

use crate::case::case_of;
use crate::mail::{also_by, ours};
use crate::{Desk, Error, Result};

impl Desk {
    /// Takes a message of theirs out of a case and opens another with it; answers that one's number. Who works on the
    /// one works on the other.
    pub async fn split(&self, by: &Member, number: i64, id: MessageId) -> Result<i64> {
        let place = self.place_for(by, number).await?;
        let (desk, by) = (self.clone(), by.clone());
        self.db
            .write([Lock::Customer(place.customer)], async move |tx| {
                let mut from = case_of(tx, &by, number).await?;
                let message = message::find(tx, from.customer, from.id, id).await?.ok_or(Error::NotFound)?;
                let contact = message.contact.filter(|_| message.direction == Direction::Inbound);
                let contact = contact.ok_or(Refusal::NotTheirs)?;
                if entry::opened_with(tx, from.customer, from.id).await? == Some(id) {
                    return Err(Refusal::Opened.into());
                }
                let (who, now) = (Actor::Staff(by.id), desk.now());
                let opening = Opening {
                    customer: from.customer,
                    id: desk.ctx.id::<CaseId>(),
                    number: case::next_number(tx).await?,
                    contact,
                    channel: message.channel,
                    follows: None,
                    subject: &message.subject,
                    message: id,
                    text: message.own_words(),
                    automatic: message.automatic,
                };
                let (mut case, opened) = Case::open(&opening, Actor::Contact(contact), message.at);
                (case.assignee, case.team) = (from.assignee, from.team);
                case.meet(message.sender.address.iter());
                crate::clock::insert(tx, &mut case).await?;
                entry::append(tx, desk.ctx.id(), case.customer, Some(case.id), &opened).await?;
                let split = case.remark(Fact::SplitFrom { number }, who, now);
                entry::append(tx, desk.ctx.id(), case.customer, Some(case.id), &split).await?;
                crate::clock::save(tx, &mut case).await?;

                message::move_to(tx, &message, case.id, &names(tx, &message).await?).await?;
                let decided = Association::of_split(message.verdict == Verdict::Aligned);
                association::insert(tx, desk.ctx.id(), case.customer, case.id, id, who, now, &decided).await?;

                let newest = message::newest(tx, from.customer, from.id).await?;
                let newest =
                    newest.as_ref().map_or(("", false), |it| (it.own_words(), it.direction == Direction::Inbound));
                let entry = from.split_off(id, case.number, newest, who, now)?;
                entry::append(tx, desk.ctx.id(), from.customer, Some(from.id), &entry).await?;
                crate::clock::save(tx, &mut from).await?;
                Ok(case.number)
            })
            .await
    }
}

/// Every name by which a message may be known.
async fn names(tx: &Tx, message: &domain::Message) -> Result<Vec<String>> {
    let mut names = vec![message.external_id.clone(), ours(message.id)];
    names.extend(message.message_id.clone());
    names.extend(channel::all(tx).await?.into_iter().map(|it| also_by(&message.external_id, it.id)));
    Ok(names)
}
