//! By what cases are marked with they are found: their tags, and the choices of their fields. Each row knows where its
//! case stands in the lists, so that a list of one mark is a walk along one index.

use domain::Case;
use uuid::Uuid;

use crate::case::live;
use crate::{Lock, Result, Tx};

/// Everything a case is marked with. A choice is kept as its id, and no other value of a field is one.
fn marks(case: &Case) -> Vec<Uuid> {
    let choices = case.fields.values().filter_map(|it| Uuid::try_parse(it).ok());
    let mut marks: Vec<Uuid> = case.tags.iter().map(|it| it.0).chain(choices).collect();
    marks.sort_unstable();
    marks.dedup();
    marks
}

/// Writes the marks of a case that has none yet.
pub(crate) async fn insert(tx: &mut Tx, case: &Case) -> Result<()> {
    let sql = "insert into marks (customer_id, case_id, mark_id, case_at, case_live, case_aside)
               values ($1, $2, $3, $4, $5, $6)";
    for mark in marks(case) {
        let (live, aside) = (live(case), case.aside.is_some() || case.merged.is_some());
        tx.put(sql, &[&case.customer, &case.id, &mark, &case.last_at, &live, &aside]).await?;
    }
    Ok(())
}

/// Writes the marks of a case that has others than before.
pub async fn save(tx: &mut Tx, case: &Case) -> Result<()> {
    tx.holds(&Lock::Customer(case.customer))?;
    tx.put("delete from marks where customer_id = $1 and case_id = $2", &[&case.customer, &case.id]).await?;
    insert(tx, case).await
}

/// Says to its marks where a case stands now.
pub(crate) async fn follow(tx: &mut Tx, case: &Case) -> Result<()> {
    if marks(case).is_empty() {
        return Ok(());
    }
    let sql = "update marks set case_at = $3, case_live = $4, case_aside = $5 where customer_id = $1 and case_id = $2";
    let (live, aside) = (live(case), case.aside.is_some() || case.merged.is_some());
    tx.put(sql, &[&case.customer, &case.id, &case.last_at, &live, &aside]).await
}

/// Cases that have this mark, for whoever takes it off all of them.
pub async fn marked(rx: &crate::Read, mark: Uuid, limit: i64) -> Result<Vec<crate::case::Place>> {
    let sql = "select customer_id, case_id from marks where mark_id = $1 and case_aside = 0
               order by case_at, case_id limit $2";
    rx.all(sql, &[&mark, &limit]).await
}
