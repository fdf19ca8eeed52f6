//! Suppliers: whoever outside is asked about a case and is not the customer. What is said with them stays inside the case.

use serde::{Deserialize, Serialize};

use crate::{Email, MessageId, is_free_mail};

/// That a message went to a supplier, or came from one. The customer never sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithSupplier {
    /// The messages of the case that went along.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub along: Vec<MessageId>,
}

/// What somebody has begun to write to a supplier, beside its words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forwarding {
    /// The supplier's message that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<MessageId>,
    /// The messages of the case that go along.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub along: Vec<MessageId>,
    /// Hashes of those of their files that go along, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
}

/// With whom something is said in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// With the customer.
    Customer,
    /// With a supplier.
    Supplier,
}

/// On which side somebody stands who answers a message that went to a supplier, or came from one: `theirs` are the
/// addresses of the supplier there; `of_customer` is whether the address is known as one of the customer's people. Whoever
/// writes for a supplier often has another address than the one that was asked, so its domain is enough, if it is not a
/// provider's. `None` is a stranger.
pub fn side(theirs: &[&Email], from: &Email, participants: &[Email], of_customer: bool) -> Option<Side> {
    if theirs.iter().any(|it| it.same_mailbox(from)) {
        return Some(Side::Supplier);
    }
    if participants.iter().any(|it| it.same_mailbox(from)) {
        return Some(Side::Customer);
    }
    let own_domain = !of_customer && !is_free_mail(from.domain());
    (own_domain && theirs.iter().any(|it| it.domain() == from.domain())).then_some(Side::Supplier)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_supplier_answers_by_any_address_of_its_domain_and_the_customer_stays_the_customer() {
        let email = |it: &str| Email::parse(it).unwrap();
        let (asked, private) = (email("repairs@fuser.example"), email("fixer@gmail.com"));
        let participants = [email("ruth@northwind.example"), email("ann@fuser.example")];
        for (from, expected) in [
            ("repairs@fuser.example", Some(Side::Supplier)),
            ("jane@fuser.example", Some(Side::Supplier)),
            ("fixer@gmail.com", Some(Side::Supplier)),
            ("stranger@gmail.com", None),
            ("jane@elsewhere.example", None),
            ("ruth@northwind.example", Some(Side::Customer)),
            ("ann@fuser.example", Some(Side::Customer)),
        ] {
            assert_eq!(side(&[&asked, &private], &email(from), &participants, false), expected, "{from}");
        }
        assert_eq!(side(&[&asked], &email("jane@fuser.example"), &participants, true), None, "one of the customer's");
        let asked_too = email("ann@fuser.example");
        assert_eq!(side(&[&asked_too], &asked_too, &participants, true), Some(Side::Supplier), "she was asked herself");
    }
}
