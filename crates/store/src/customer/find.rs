//! Customers whom somebody names: by the beginning of their name, or by a mail address.

use domain::tokens::folded;
use domain::{Email, IdentityKind, Right};

use super::{Customer, head};
use crate::{Read, Result, Scope, identity};

/// How many are offered.
const SOME: i64 = 20;

/// Where names end that begin with this: behind every letter.
pub(crate) fn end_of(beginning: &str) -> String {
    format!("{beginning}\u{10ffff}")
}

/// Those whose name begins so, or who write from the address, up to twenty; only for those who see every customer.
pub async fn named(rx: &Read, scope: &Scope, typed: &str) -> Result<Vec<Customer>> {
    scope.needs(Right::Desk)?;
    if let Some(address) = Email::parse(typed) {
        let mut found: Vec<Customer> = Vec::new();
        for known in identity::find(rx, IdentityKind::Email, address.as_str()).await? {
            if let Some(it) = head(rx, known.customer).await?
                && !found.iter().any(|known| known.id == it.id)
            {
                found.push(it);
            }
        }
        return Ok(found);
    }
    let from = folded(typed);
    if from.is_empty() {
        return Ok(Vec::new());
    }
    let sql = "select customer_id, kind, name, provisional, merged_into, fields, created_at from customers
               where folded >= $1 and folded < $2 and merged_into is null order by folded, customer_id limit $3";
    rx.all(sql, &[&from, &end_of(&from), &SOME]).await
}
