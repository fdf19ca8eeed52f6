//! What is known of a mail before it is filed. Every mail asks it, so it is one question.

use domain::{ChannelId, CustomerId, Email};

use crate::message::Known;
use crate::{FromRow, Read, Result, Row, block, grave};

/// A mail that arrives.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// By what it is known if we have it.
    pub name: &'a str,
    /// By what it would be known if it had been deleted for good.
    pub names: [&'a str; 3],
    /// Who wrote it.
    pub from: &'a Email,
    /// By which channel it comes.
    pub channel: ChannelId,
}

/// What is known of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Foreknown {
    /// The message that first had its name.
    pub known: Option<Known>,
    /// It was here, and was deleted for good.
    pub buried: bool,
    /// The block that holds mail of its sender: that of the address before the one of the domain.
    pub block: Option<String>,
    /// Its channel acknowledges first messages.
    pub acknowledged: bool,
}

/// Tells what is known of a mail.
pub async fn look(rx: &Read, it: &Arrival<'_>) -> Result<Foreknown> {
    let [one, two, three] = it.names.map(grave::of);
    let (address, domain) = block::senders(it.from);
    // Not `in`: for each list of values SQLite would make a table.
    let sql = "select 'known' as what, '' as name, customer_id, case_id, message_id from message_refs
                where external_id = $1
               union all select 'buried', '', null, null, null from graves where name = $2
               union all select 'buried', '', null, null, null from graves where name = $3
               union all select 'buried', '', null, null, null from graves where name = $4
               union all select 'blocked', sender, null, null, null from blocks where sender = $5
               union all select 'blocked', sender, null, null, null from blocks where sender = $6
               union all select 'acknowledged', '', null, null, null from acknowledgements
                where channel_id = $7 and active = 1";
    let args: [&dyn crate::Param; 7] = [&it.name, &one, &two, &three, &address, &domain, &it.channel];
    let mut found = Foreknown::default();
    for fact in rx.all::<Fact>(sql, &args).await? {
        match fact {
            Fact::Known(known) => found.known = Some(known),
            Fact::Buried => found.buried = true,
            // An address is longer than its domain.
            Fact::Blocked(by) if found.block.as_ref().is_some_and(|it| it.len() > by.len()) => {}
            Fact::Blocked(by) => found.block = Some(by),
            Fact::Acknowledged => found.acknowledged = true,
        }
    }
    Ok(found)
}

enum Fact {
    Known(Known),
    Buried,
    Blocked(String),
    Acknowledged,
}

impl FromRow for Fact {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let what: String = row.get("what")?;
        let customer: Option<CustomerId> = row.get("customer_id")?;
        Ok(match what.as_str() {
            "buried" => Fact::Buried,
            "blocked" => Fact::Blocked(row.get("name")?),
            _ if customer.is_some() => Fact::Known(Known::from_row(row)?),
            _ => Fact::Acknowledged,
        })
    }
}
