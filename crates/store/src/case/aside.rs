//! Cases that are put aside, and what is left of one that is deleted for good: its number, and hashes by which its mails
//! are known should a mailbox show them again.

use domain::{Aside, CaseId, CustomerId, Fact, MessageId, Timestamp};

use super::{Place, merge};
use crate::search::{self, Item};
use crate::{FromRow, Hint, Lock, Read, Result, Row, Tx, channel, entry, grave};

/// Cases that were put there until then, the longest first: to be deleted.
pub async fn until(rx: &Read, aside: Aside, until: Timestamp, limit: i64) -> Result<Vec<Place>> {
    let sql = match aside {
        Aside::Spam => {
            "select customer_id, id as case_id from cases where aside = 'spam' and aside_at <= $1
             order by aside_at limit $2"
        }
        Aside::Trash => {
            "select customer_id, id as case_id from cases where aside = 'trash' and aside_at <= $1
             order by aside_at limit $2"
        }
    };
    rx.all(sql, &[&until, &limit]).await
}

/// By what a message may be known.
struct Named {
    id: MessageId,
    external_id: String,
    message_id: Option<String>,
    raw_hash: Option<String>,
}

impl FromRow for Named {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Named {
            id: row.get("id")?,
            external_id: row.get("external_id")?,
            message_id: row.get("message_id")?,
            raw_hash: row.get("raw_hash")?,
        })
    }
}

/// The name by which a message of ours is found from its token.
pub fn ours(id: MessageId) -> String {
    format!("message {id}")
}

/// Deletes a case with everything that is its own, and the cases that it took in. Its mails are not taken in again, its
/// number is not given again.
pub async fn delete(tx: &mut Tx, at: Place) -> Result<()> {
    tx.holds(&Lock::Customer(at.customer))?;
    for case in merge::with_members(tx, at.customer, at.case).await? {
        delete_one(tx, Place { case, ..at }).await?;
    }
    Ok(())
}

async fn delete_one(tx: &mut Tx, at: Place) -> Result<()> {
    let Place { customer, case } = at;
    let number = super::number(tx, customer, case).await?;
    forget(tx, at).await?;
    // Children first.
    for sql in [
        "delete from blob_parts where customer_id = $1 and case_id = $2",
        "delete from blobs where customer_id = $1 and case_id = $2",
        "delete from outbox where customer_id = $1 and case_id = $2",
        "delete from notifications where customer_id = $1 and case_id = $2",
        "delete from followers where customer_id = $1 and case_id = $2",
        "delete from briefs where customer_id = $1 and case_id = $2",
        "delete from written_briefs where customer_id = $1 and case_id = $2",
        "delete from promises where customer_id = $1 and case_id = $2",
        "delete from drafts where customer_id = $1 and case_id = $2",
        "delete from associations where customer_id = $1 and case_id = $2",
        "delete from messages where customer_id = $1 and case_id = $2",
        "delete from entries where customer_id = $1 and case_id = $2",
        "delete from marks where customer_id = $1 and case_id = $2",
        "delete from cases where customer_id = $1 and id = $2",
    ] {
        tx.run(sql, &[&customer, &case]).await?;
    }
    search::touch(tx, Item::case(customer, case));
    if let Some(number) = number {
        tx.announce(Hint::new(format!("case {number}")));
    }
    tx.announce(Hint::new(format!("customer {customer}")));
    tx.announce(Hint::new("inbox"));
    tx.announce(Hint::new("outbox"));
    Ok(())
}

/// Takes every name of the case's messages, and the raw mails that wait somewhere else.
async fn forget(tx: &mut Tx, at: Place) -> Result<()> {
    let Place { customer, case } = at;
    let sql = "select id, external_id, message_id, raw_hash from messages where customer_id = $1 and case_id = $2";
    let messages: Vec<Named> = tx.all(sql, &[&customer, &case]).await?;
    let ways = further_ways(tx, customer, case).await?;
    let channels = channel::all(tx).await?;
    for it in messages {
        let by_way = ways.iter().filter(|way| way.0 == it.id).map(|way| format!("{} by {}", it.external_id, way.1));
        let names = [Some(it.external_id.clone()), it.message_id, Some(ours(it.id))];
        for name in names.into_iter().flatten().chain(by_way) {
            let sql = "delete from message_refs where external_id = $1 and case_id = $2";
            tx.run(sql, &[&name, &case]).await?;
        }
        grave::dig(tx, &it.external_id).await?;
        grave::dig(tx, &ours(it.id)).await?;
        if let Some(raw) = it.raw_hash {
            grave::dig(tx, &raw).await?;
            for channel in &channels {
                let sql = "delete from inbound where channel_id = $1 and hash = $2";
                tx.run(sql, &[&channel.id, &raw]).await?;
            }
        }
    }
    Ok(())
}

/// By which other channels its messages came, too.
async fn further_ways(rx: &Read, customer: CustomerId, case: CaseId) -> Result<Vec<(MessageId, domain::ChannelId)>> {
    let sql = "select number, at, actor_kind, actor_id, data from entries
               where customer_id = $1 and case_id = $2 and fact = 'also_arrived'";
    let found: Vec<entry::Stored> = rx.all(sql, &[&customer, &case]).await?;
    let way = |it: entry::Stored| match it.0.fact {
        Fact::AlsoArrived { message, channel } => Some((message, channel)),
        _ => None,
    };
    Ok(found.into_iter().filter_map(way).collect())
}
