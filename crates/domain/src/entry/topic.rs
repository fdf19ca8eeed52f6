//! What a part of a timeline is about.

use crate::word::words;

words! {
    /// What a part of a timeline is about.
    Topic {
        /// What was said, on either side.
        Messages = "messages",
        /// Internal notes.
        Notes = "notes",
        /// What changed about a case.
        Changes = "changes",
        /// Who the customer is, and who speaks for them.
        People = "people",
    }
}

impl Topic {
    /// The words of the facts that it is about.
    pub fn facts(self) -> &'static [&'static str] {
        match self {
            Topic::Messages => &["opened", "received", "replied", "acknowledged", "forwarded", "supplier_answered"],
            Topic::Notes => &["noted"],
            Topic::Changes => &[
                "begun",
                "tagged",
                "field_changed",
                "snoozed",
                "woken",
                "promise_made",
                "promise_kept",
                "promise_broken",
                "promise_reopened",
                "undone",
                "also_arrived",
                "taken_back",
                "send_failed",
                "bounced",
                "assigned",
                "team_changed",
                "priority_changed",
                "resolved",
                "reopened",
                "closed",
                "put_aside",
                "put_back",
                "suspected",
                "case_deleted",
                "followed_up",
                "split_off",
                "split_from",
                "split_undone",
                "merged",
                "merge_undone",
                "moved",
                "moved_back",
                "case_left",
            ],
            Topic::People => &[
                "customer_added",
                "contact_added",
                "domain_added",
                "domain_removed",
                "customer_renamed",
                "customer_merged",
                "customer_merge_undone",
                "contact_renamed",
                "identity_added",
                "identity_removed",
                "identity_preferred",
                "customer_field_changed",
                "contact_field_changed",
                "contacts_merged",
                "contact_merge_undone",
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Word as _;

    #[test]
    fn every_fact_is_of_one_topic() {
        let source = include_str!("../entry.rs");
        let words: Vec<&str> = source
            .lines()
            .filter(|it| it.trim_start().starts_with("Fact::"))
            .filter_map(|it| it.split_once("=> \"")?.1.split('"').next())
            .collect();
        assert!(words.len() > 40, "the words of all facts");
        for word in words {
            let of: Vec<_> = Topic::ALL.iter().filter(|it| it.facts().contains(&word)).map(|it| it.word()).collect();
            assert_eq!(of.len(), 1, "{word} is of {of:?}");
        }
    }
}
