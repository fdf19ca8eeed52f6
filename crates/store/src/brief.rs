//! What a Brief is made of, and the lines of it that somebody has corrected. [`written`]: what an endpoint wrote.

pub mod written;

use std::collections::HashMap;

use domain::{BriefLine, CaseId, Correction, CustomerId, Entry, Message, MessageId};

use crate::case::Place;
use crate::case::spine::{PAGE, Spine, message_of, messages};
use crate::{FromRow, Lock, Read, Result, Row, Tx, entry};

/// How many of its first entries say what a long case is about.
const FIRST: i64 = 8;

struct Stored(Correction);

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Stored(Correction {
            line: row.get("line")?,
            text: row.get("body")?,
            by: row.get("staff_id")?,
            at: row.get("at")?,
        }))
    }
}

/// The lines of a case's Brief that somebody has corrected.
pub async fn corrections(rx: &Read, customer: CustomerId, case: CaseId) -> Result<Vec<Correction>> {
    let sql = "select line, body, staff_id, at from briefs where customer_id = $1 and case_id = $2";
    Ok(rx.all::<Stored>(sql, &[&customer, &case]).await?.into_iter().map(|it| it.0).collect())
}

/// Keeps what somebody wrote in the place of a line.
pub async fn correct(tx: &mut Tx, customer: CustomerId, case: CaseId, it: &Correction) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "insert into briefs (customer_id, case_id, line, body, staff_id, at) values ($1, $2, $3, $4, $5, $6)
               on conflict (customer_id, case_id, line)
               do update set body = excluded.body, staff_id = excluded.staff_id, at = excluded.at";
    tx.put(sql, &[&customer, &case, &it.line, &it.text, &it.by, &it.at]).await
}

/// The line is again what is found.
pub async fn as_found(tx: &mut Tx, customer: CustomerId, case: CaseId, line: BriefLine) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "delete from briefs where customer_id = $1 and case_id = $2 and line = $3";
    tx.put(sql, &[&customer, &case, &line]).await
}

/// What was said in a case that does not stand on its page: how it began and, where the page shows earlier entries, how
/// it went on.
#[derive(Clone, Debug, Default)]
pub struct Beyond {
    /// The entries, in order.
    pub entries: Vec<Entry>,
    /// Their messages.
    pub messages: HashMap<MessageId, Message>,
}

/// Reads it.
pub async fn beyond(rx: &Read, spine: &Spine) -> Result<Beyond> {
    let at = Place { customer: spine.case.customer, case: spine.case.id };
    let own = || spine.entries.iter().zip(&spine.written_in).filter(|it| *it.1 == at.case).map(|it| it.0);
    let first = own().next().and_then(|it| it.number).unwrap_or(1);
    let last = own().next_back().and_then(|it| it.number).unwrap_or(spine.case.entries);
    let mut entries = Vec::new();
    if first > 1 {
        entries.extend(entry::of_case(rx, at.customer, at.case, first.min(FIRST + 1), FIRST).await?);
    }
    if last < spine.case.entries {
        let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).min(spine.case.entries - last);
        entries.extend(entry::of_case(rx, at.customer, at.case, i64::MAX, limit).await?);
    }
    entries.sort_by_key(|it| it.number);
    let ids: Vec<MessageId> = entries.iter().filter_map(|it| message_of(&it.fact)).collect();
    let messages = messages(rx, at, &[at.case], &ids).await?;
    Ok(Beyond { entries, messages: messages.into_iter().map(|it| (it.id, it)).collect() })
}
