//! Customers who turned out to be one: no row moves, and every read of the one who stays takes all of them.

use domain::{ContactId, CustomerId};

use super::{Customer, find};
use crate::{Read, Result, Where};

/// The customer who stands for this one: the one into whom they were merged, or themselves.
pub async fn head(rx: &Read, id: CustomerId) -> Result<Option<Customer>> {
    let mut found = find(rx, id).await?;
    while let Some(into) = found.as_ref().and_then(|it| it.merged_into) {
        found = find(rx, into).await?;
    }
    Ok(found)
}

/// A customer, and all who were merged into them: whose rows a read of theirs takes.
pub async fn family(rx: &Read, id: CustomerId) -> Result<Vec<CustomerId>> {
    families(rx, vec![id]).await
}

/// These customers, and all who were merged into one of them, or into one who was.
pub(crate) async fn families(rx: &Read, heads: Vec<CustomerId>) -> Result<Vec<CustomerId>> {
    let (mut all, mut asked) = (heads, 0);
    while asked < all.len() {
        let these = Where::new("select customer_id from customers").and("merged_into is not null", &[]);
        let these = these.any_of("merged_into", &all[asked..]).then("order by customer_id");
        let found: Vec<CustomerId> = rx.all(these.sql(), these.args()).await?;
        asked = all.len();
        all.extend(found);
    }
    Ok(all)
}

/// The family of whoever stands for this customer.
pub async fn family_of(rx: &Read, id: CustomerId) -> Result<Vec<CustomerId>> {
    let head = head(rx, id).await?.map_or(id, |it| it.id);
    family(rx, head).await
}

/// Two contacts of which one turned out to be the other, of which customers each is.
pub struct OnePerson {
    /// Whose the one is who is no longer shown.
    pub of: CustomerId,
    /// Whose the one is who stays.
    pub into: CustomerId,
}

/// The contacts of these customers who turned out to be others of them.
pub async fn one_person(rx: &Read, family: &[CustomerId]) -> Result<Vec<OnePerson>> {
    let mut found = Vec::new();
    for of in family {
        let sql = "select merged_into from contacts where customer_id = $1 and merged_into is not null";
        for into in rx.all::<ContactId>(sql, &[of]).await? {
            for other in family {
                if crate::contact::exists(rx, *other, into).await? {
                    found.push(OnePerson { of: *of, into: *other });
                }
            }
        }
    }
    Ok(found)
}
