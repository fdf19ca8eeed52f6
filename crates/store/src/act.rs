//! What staff did to cases and may undo for a while.

use domain::{ActId, StaffId, Standing, Timestamp};
use serde::{Deserialize, Serialize};

use crate::param::{from_json, json};
use crate::{FromRow, Read, Result, Row, Tx};

/// What was done to one case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Changed {
    /// Its number.
    pub number: i64,
    /// How it stood.
    pub before: Standing,
    /// How it stood then.
    pub after: Standing,
}

/// What somebody did.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    /// Its id.
    pub id: ActId,
    /// Who.
    pub staff: StaffId,
    /// When.
    pub at: Timestamp,
    /// To which cases.
    pub cases: Vec<Changed>,
    /// How many stay as they were, and why the first of them does.
    pub refused: Option<(usize, String)>,
    /// Whether it was undone.
    pub undone: bool,
}

impl FromRow for Act {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Act {
            id: row.get("id")?,
            staff: row.get("staff_id")?,
            at: row.get("at")?,
            cases: from_json(row, "cases")?,
            refused: from_json(row, "refused")?,
            undone: row.get("undone")?,
        })
    }
}

/// Remembers what somebody did.
pub async fn insert(tx: &mut Tx, act: &Act) -> Result<()> {
    let sql = "insert into acts (id, staff_id, at, cases, refused, undone) values ($1, $2, $3, $4, $5, 0)";
    let (cases, refused) = (json(&act.cases)?, json(&act.refused)?);
    tx.put(sql, &[&act.id, &act.staff, &act.at, &cases, &refused]).await
}

/// One of them.
pub async fn find(rx: &Read, id: ActId) -> Result<Option<Act>> {
    rx.find("select id, staff_id, at, cases, refused, undone from acts where id = $1", &[&id]).await
}

/// One that its own member did.
pub async fn own(rx: &Read, scope: &crate::Scope, id: ActId) -> Result<Option<Act>> {
    Ok(find(rx, id).await?.filter(|it| it.staff == scope.member))
}

/// It was undone.
pub async fn undone(tx: &mut Tx, id: ActId) -> Result<()> {
    tx.put("update acts set undone = 1 where id = $1", &[&id]).await
}

/// Forgets those that are older.
pub async fn sweep(tx: &mut Tx, until: Timestamp) -> Result<()> {
    tx.put("delete from acts where at < $1", &[&until]).await
}
