//! How each table may be spread over several database machines. `tests/store/catalog.rs` holds the schema to it.

/// What a table's rows belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Belongs to one customer: `customer_id` is first in its primary key and in every unique key. Distributed.
    Customer,
    /// Finds the customer of something named from outside. Distributed by that name: its first column.
    Lookup,
    /// The desk's own vocabulary. One copy everywhere.
    Shared,
    /// Work of the nodes. Not distributed.
    Local,
}

/// Every table there is.
pub const TABLES: &[(&str, Class)] = &[
    ("migrations", Class::Local),
    ("jobs", Class::Local),
    ("search_queue", Class::Local),
    ("search_marks", Class::Local),
    ("leases", Class::Local),
    ("sign_ins", Class::Local),
    ("attempts", Class::Local),
    ("acts", Class::Local),
    ("inbound", Class::Local),
    ("mailboxes", Class::Local),
    ("histories", Class::Local),
    ("digests", Class::Local),
    ("organization", Class::Shared),
    ("settings", Class::Shared),
    ("staff", Class::Shared),
    ("teams", Class::Shared),
    ("team_members", Class::Shared),
    ("views", Class::Shared),
    ("macros", Class::Shared),
    ("tags", Class::Shared),
    ("fields", Class::Shared),
    ("notification_choices", Class::Shared),
    ("invitations", Class::Shared),
    ("channels", Class::Shared),
    ("acknowledgements", Class::Shared),
    ("blocks", Class::Shared),
    ("suppliers", Class::Shared),
    ("graves", Class::Shared),
    ("customers", Class::Customer),
    ("customer_values", Class::Customer),
    ("contacts", Class::Customer),
    ("cases", Class::Customer),
    ("marks", Class::Customer),
    ("messages", Class::Customer),
    ("associations", Class::Customer),
    ("entries", Class::Customer),
    ("drafts", Class::Customer),
    ("followers", Class::Customer),
    ("notifications", Class::Customer),
    ("briefs", Class::Customer),
    ("written_briefs", Class::Customer),
    ("promises", Class::Customer),
    ("blobs", Class::Customer),
    ("blob_parts", Class::Customer),
    ("outbox", Class::Customer),
    ("identities", Class::Lookup),
    ("domains", Class::Lookup),
    ("case_numbers", Class::Lookup),
    ("message_refs", Class::Lookup),
];

/// The tables of the index of the search, all of them local. On SQLite they are a file of their own; on PostgreSQL
/// `search_words` has partitions, which the program adds.
pub const INDEX: &[&str] = &["search_docs", "search_spans", "search_states", "search_words"];
