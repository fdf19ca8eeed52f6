//! A Brief that an endpoint wrote, with what was sent to have it written: one for each case, the newest.

use domain::{CaseId, CustomerId, Timestamp, WrittenBrief};

use crate::param::{from_json_if_any, json};
use crate::{FromRow, Lock, Read, Result, Row, Tx};

/// What there is for a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// For which state of the case it was asked for last.
    pub asked: String,
    /// And when it may be asked for the same once more.
    pub not_before: Timestamp,
    /// What was written, if anything was.
    pub written: Option<WrittenBrief>,
}

impl FromRow for State {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let written = match (row.get("basis")?, from_json_if_any(row, "told")?) {
            (Some(basis), Some(lines)) => {
                let (model, host, at) = (row.get("model")?, row.get("host")?, row.get("at")?);
                Some(WrittenBrief { basis, model, host, lines, at })
            }
            _ => None,
        };
        Ok(State { asked: row.get("asked")?, not_before: row.get("not_before")?, written })
    }
}

/// What there is for a case; none if nobody has ever asked.
pub async fn find(rx: &Read, customer: CustomerId, case: CaseId) -> Result<Option<State>> {
    let sql = "select asked, not_before, basis, model, host, told, at from written_briefs
               where customer_id = $1 and case_id = $2";
    rx.find(sql, &[&customer, &case]).await
}

/// What was sent to have the text written that there is: the body of the request, byte for byte.
pub async fn sent(rx: &Read, customer: CustomerId, case: CaseId) -> Result<Option<String>> {
    let sql = "select sent from written_briefs where customer_id = $1 and case_id = $2 and sent is not null";
    rx.find(sql, &[&customer, &case]).await
}

/// It is asked for this state of the case, and not once more before then.
pub async fn ask(tx: &mut Tx, customer: CustomerId, case: CaseId, asked: &str, not_before: Timestamp) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "insert into written_briefs (customer_id, case_id, asked, not_before) values ($1, $2, $3, $4)
               on conflict (customer_id, case_id)
               do update set asked = excluded.asked, not_before = excluded.not_before";
    tx.put(sql, &[&customer, &case, &asked, &not_before]).await
}

/// Keeps what was written, and what was sent for it.
pub async fn save(tx: &mut Tx, customer: CustomerId, case: CaseId, it: &WrittenBrief, sent: &str) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "insert into written_briefs (customer_id, case_id, asked, not_before, basis, model, host, told, sent, at)
               values ($1, $2, $3, $4, $3, $5, $6, $7, $8, $4)
               on conflict (customer_id, case_id)
               do update set asked = excluded.asked, basis = excluded.basis, model = excluded.model, host = excluded.host,
                told = excluded.told, sent = excluded.sent, at = excluded.at";
    let told = json(&it.lines)?;
    tx.put(sql, &[&customer, &case, &it.basis, &it.at, &it.model, &it.host, &told, &sent]).await
}

/// What was written, and what was sent for it, is gone: a part of it belongs to another case.
pub async fn forget(tx: &mut Tx, customer: CustomerId, case: CaseId) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "update written_briefs set basis = null, model = null, host = null, told = null, sent = null, at = null
               where customer_id = $1 and case_id = $2";
    tx.put(sql, &[&customer, &case]).await
}
