//! Decisions that a message belongs to a case.

use domain::{Actor, Association, CaseId, CustomerId, EntryId, MessageId, Timestamp};

use crate::param::{from_json, json};
use crate::{FromRow, Lock, Read, Result, Row, Tx, Where};

/// Records a decision. Later ones stand beside earlier ones.
#[expect(clippy::too_many_arguments, reason = "one row")]
pub async fn insert(
    tx: &mut Tx,
    id: EntryId,
    customer: CustomerId,
    case: CaseId,
    message: MessageId,
    by: Actor,
    at: Timestamp,
    association: &Association,
) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "insert into associations (customer_id, case_id, message_id, id, at, actor_kind, actor_id, decision,
                reason, confidence, verified, suggest) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let Association { decision, reason, confidence, verified, suggest } = association;
    let suggest = json(suggest)?;
    let (kind, actor) = (by.kind(), by.id());
    let args: [&dyn crate::Param; 12] =
        [&customer, &case, &message, &id, &at, &kind, &actor, decision, reason, confidence, verified, &suggest];
    tx.put(sql, &args).await
}

struct Decided(MessageId, Association);

impl FromRow for Decided {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Decided(
            row.get("message_id")?,
            Association {
                decision: row.get("decision")?,
                reason: row.get("reason")?,
                confidence: row.get("confidence")?,
                verified: row.get("verified")?,
                suggest: from_json(row, "suggest")?,
            },
        ))
    }
}

/// The decisions about these messages of a case, and of those that it took in, oldest first.
pub(crate) async fn of(
    rx: &Read,
    customer: CustomerId,
    cases: &[CaseId],
    messages: &[MessageId],
) -> Result<Vec<(MessageId, Association)>> {
    let select = "select message_id, decision, reason, confidence, verified, suggest from associations";
    let filter = Where::new(select)
        .and("customer_id = ?", &[&customer])
        .any_of("case_id", cases)
        .any_of("message_id", messages)
        .then("order by id");
    let rows: Vec<Decided> = rx.all(filter.sql(), filter.args()).await?;
    Ok(rows.into_iter().map(|it| (it.0, it.1)).collect())
}

/// All decisions about messages of one case, oldest first.
pub async fn of_case(rx: &Read, customer: CustomerId, case: CaseId) -> Result<Vec<(MessageId, Association)>> {
    let sql = "select message_id, decision, reason, confidence, verified, suggest from associations
               where customer_id = $1 and case_id = $2 order by id";
    let rows: Vec<Decided> = rx.all(sql, &[&customer, &case]).await?;
    Ok(rows.into_iter().map(|it| (it.0, it.1)).collect())
}

/// Forgets that a message was split off.
pub async fn forget_split(tx: &mut Tx, customer: CustomerId, case: CaseId, message: MessageId) -> Result<()> {
    tx.holds(&Lock::Customer(customer))?;
    let sql = "delete from associations
               where customer_id = $1 and case_id = $2 and message_id = $3 and reason = 'split'
                and id = (select id from associations
                 where customer_id = $1 and case_id = $2 and message_id = $3 and reason = 'split'
                 order by id desc limit 1)";
    tx.run(sql, &[&customer, &case, &message]).await.map(drop)
}

/// The last decision about one message.
pub async fn last(rx: &Read, customer: CustomerId, case: CaseId, message: MessageId) -> Result<Option<Association>> {
    Ok(of(rx, customer, &[case], &[message]).await?.pop().map(|it| it.1))
}
