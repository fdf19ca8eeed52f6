//! Whom we asked about cases. Anybody who writes to a supplier is offered the addresses that were asked before.

use domain::{Email, Party, Right, Timestamp};

use crate::{FromRow, Read, Result, Row, Scope, Tx};

/// So many are offered: those that were asked last.
const OFFERED: i64 = 200;

struct Stored(Party);

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Stored(Party { name: row.get("name")?, address: Some(row.get("address")?) }))
    }
}

/// Notes that somebody was asked. A name that was known before stays where none is given now.
pub async fn asked(tx: &mut Tx, address: &Email, name: &str, at: Timestamp) -> Result<()> {
    let sql = "insert into suppliers (address, name, asked_at) values ($1, $2, $3)
               on conflict (address) do update set asked_at = excluded.asked_at,
                name = case when excluded.name = '' then suppliers.name else excluded.name end";
    tx.put(sql, &[address, &name, &at]).await
}

/// Those who were asked last, for anybody who writes in cases.
pub async fn known(rx: &Read, scope: &Scope) -> Result<Vec<Party>> {
    scope.needs(Right::Cases)?;
    let sql = "select address, name from suppliers order by asked_at desc, address desc limit $1";
    Ok(rx.all::<Stored>(sql, &[&OFFERED]).await?.into_iter().map(|it| it.0).collect())
}
