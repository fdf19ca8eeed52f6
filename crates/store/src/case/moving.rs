//! A case goes to another customer with all that is its own: one function over [`OWNED`], whatever tables that names.

use domain::{ContactId, CustomerId, MessageId};

use super::{OWNED, Place, announce};
use crate::{Hint, Lock, Read, Result, Sql, Tx, search};

/// Moves every row of a case to another customer, and its `numbers`: its own, and those of cases that it took in.
pub async fn move_rows(tx: &mut Tx, at: Place, to: CustomerId, numbers: &[i64]) -> Result<()> {
    tx.holds(&Lock::Customer(at.customer))?;
    tx.holds(&Lock::Customer(to))?;
    for it in OWNED {
        let text = [
            "insert into ",
            it.table,
            " (customer_id, ",
            it.columns,
            ") select $1, ",
            it.columns,
            " from ",
            it.table,
            " where customer_id = $2 and ",
            it.key,
            " = $3",
        ];
        tx.run(Sql::built(text.concat()), &[&to, &at.customer, &at.case]).await?;
    }
    for it in OWNED.iter().rev() {
        let text = ["delete from ", it.table, " where customer_id = $1 and ", it.key, " = $2"];
        tx.run(Sql::built(text.concat()), &[&at.customer, &at.case]).await?;
    }
    for number in numbers {
        tx.run("update case_numbers set customer_id = $2 where number = $1", &[number, &to]).await?;
    }
    search::touch_all(tx, Place { customer: to, case: at.case }).await?;
    tx.announce(Hint::new(format!("customer {}", at.customer)));
    tx.announce(Hint::new("outbox"));
    Ok(())
}

/// A message that moved is found by its names where it is now.
pub async fn lead(tx: &mut Tx, message: MessageId, names: &[String], to: CustomerId) -> Result<()> {
    let sql = "update message_refs set customer_id = $3 where external_id = $1 and message_id = $2";
    for name in names {
        tx.run(sql, &[name, &message, &to]).await?;
    }
    Ok(())
}

/// Everybody of the customer who speaks in the case.
pub async fn people(rx: &Read, at: Place) -> Result<Vec<ContactId>> {
    let sql = "select contact_id from cases where customer_id = $1 and id = $2
               union select contact_id from messages where customer_id = $1 and case_id = $2 and contact_id is not null
               union select actor_id from entries where customer_id = $1 and case_id = $2 and actor_kind = 'contact'";
    rx.all(sql, &[&at.customer, &at.case]).await
}

/// Who spoke in the case as one contact did so as another.
pub async fn rename(tx: &mut Tx, at: Place, was: ContactId, is: ContactId) -> Result<()> {
    tx.holds(&Lock::Customer(at.customer))?;
    for sql in [
        "update cases set contact_id = $4 where customer_id = $1 and id = $2 and contact_id = $3",
        "update messages set contact_id = $4 where customer_id = $1 and case_id = $2 and contact_id = $3",
        "update entries set actor_id = $4
         where customer_id = $1 and case_id = $2 and actor_kind = 'contact' and actor_id = $3",
    ] {
        tx.run(sql, &[&at.customer, &at.case, &was, &is]).await?;
    }
    Ok(())
}

/// Tells everybody that a case is somewhere else.
pub fn told(tx: &mut Tx, case: &domain::Case) {
    announce(tx, case);
}
