//! What may tell whom of what.

use domain::{Choices, StaffId};

use super::hint;
use crate::param::json;
use crate::{Error, FromRow, Read, Result, Row, Scope, Tx};

struct Stored(StaffId, Choices);

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Stored(row.get("staff_id")?, crate::param::from_json(row, "choices")?))
    }
}

/// The looker's own; what is usual if they have chosen nothing.
pub async fn own(rx: &Read, scope: &Scope) -> Result<Choices> {
    of(rx, scope.member).await
}

/// One person's.
pub async fn of(rx: &Read, staff: StaffId) -> Result<Choices> {
    let sql = "select staff_id, choices from notification_choices where staff_id = $1";
    Ok(rx.find::<Stored>(sql, &[&staff]).await?.map(|it| it.1).unwrap_or_default())
}

/// Of everybody who has chosen something.
pub async fn all(rx: &Read) -> Result<Vec<(StaffId, Choices)>> {
    let rows: Vec<Stored> = rx.all("select staff_id, choices from notification_choices order by staff_id", &[]).await?;
    Ok(rows.into_iter().map(|it| (it.0, it.1)).collect())
}

/// Writes what somebody has chosen.
pub async fn save(tx: &mut Tx, staff: StaffId, choices: &Choices) -> Result<()> {
    let sql = "insert into notification_choices (staff_id, choices) values ($1, $2)
               on conflict (staff_id) do update set choices = excluded.choices";
    let text = json(choices)?;
    tx.put(sql, &[&staff, &text]).await?;
    tx.announce(hint(staff));
    Ok::<_, Error>(())
}
