//! Who follows a case. It is quiet: no entry tells of it.

use domain::{Case, CaseId, CustomerId, StaffId};

use crate::{Hint, Lock, Read, Result, Scope, Tx, message};

/// Who follows a case.
pub async fn of(rx: &Read, customer: CustomerId, case: CaseId) -> Result<Vec<StaffId>> {
    let sql = "select staff_id from followers where customer_id = $1 and case_id = $2 order by staff_id";
    rx.all(sql, &[&customer, &case]).await
}

/// Who follows a case that the scope reaches.
pub async fn of_case(rx: &Read, scope: &Scope, number: i64) -> Result<Vec<StaffId>> {
    let at = message::visible(rx, scope, number).await?;
    of(rx, at.customer, at.case).await
}

/// Somebody follows a case from now on.
pub async fn add(tx: &mut Tx, case: &mut Case, staff: StaffId) -> Result<()> {
    tx.holds(&Lock::Customer(case.customer))?;
    let sql = "insert into followers (customer_id, case_id, staff_id) values ($1, $2, $3)
               on conflict (customer_id, case_id, staff_id) do nothing";
    tx.put(sql, &[&case.customer, &case.id, &staff]).await?;
    mark(tx, case, true).await
}

/// Somebody does no longer.
pub async fn remove(tx: &mut Tx, case: &mut Case, staff: StaffId) -> Result<()> {
    tx.holds(&Lock::Customer(case.customer))?;
    let sql = "delete from followers where customer_id = $1 and case_id = $2 and staff_id = $3";
    tx.put(sql, &[&case.customer, &case.id, &staff]).await?;
    let any = !of(tx, case.customer, case.id).await?.is_empty();
    mark(tx, case, any).await
}

/// The case knows whether anybody follows it, so that a mail for one of nobody's asks for nobody.
async fn mark(tx: &mut Tx, case: &mut Case, followed: bool) -> Result<()> {
    if case.followed != followed {
        case.followed = followed;
        let sql = "update cases set followed = $3 where customer_id = $1 and id = $2";
        tx.put(sql, &[&case.customer, &case.id, &followed]).await?;
    }
    tx.announce(Hint::new(format!("case {}", case.number)));
    tx.announce(Hint::new("inbox"));
    Ok(())
}
