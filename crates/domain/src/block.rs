//! Senders whose mail nobody wants: one address, or everybody of a domain. What they send goes to spam; it is never lost,
//! and they are told nothing.

use std::fmt;

use crate::{Email, is_free_mail};

/// Whom a block concerns: an address without its tag, or a domain.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sender(String);

/// Why somebody cannot be blocked, in a sentence for the person who asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unblockable {
    /// Neither an address nor a domain.
    #[error("Write an address such as ann@northwind.example, or a domain such as northwind.example.")]
    Unreadable,
    /// The domain belongs to many people.
    #[error("{0} is a free mail provider: block single addresses instead.")]
    FreeMail(String),
    /// It is ours.
    #[error("{0} is one of your own.")]
    Ours(String),
}

impl Sender {
    /// One address, whatever tag it carries.
    pub fn address(email: &Email) -> Sender {
        Sender(email.without_tag().as_str().to_owned())
    }

    /// Everybody who writes from the domain of this address.
    pub fn domain(email: &Email) -> Sender {
        Sender(email.domain().to_owned())
    }

    /// What somebody typed: an address, or a domain with or without an `@` before it.
    pub fn parse(text: &str) -> Result<Sender, Unblockable> {
        let text = text.trim();
        match text.strip_prefix('@').unwrap_or(text) {
            address if address.contains('@') => Email::parse(address).map(|it| Sender::address(&it)),
            domain => {
                Email::parse(&format!("x@{domain}")).filter(|_| domain.contains('.')).map(|it| Sender::domain(&it))
            }
        }
        .ok_or(Unblockable::Unreadable)
    }

    /// Whether it is a whole domain.
    pub fn is_domain(&self) -> bool {
        !self.0.contains('@')
    }

    /// As it is kept, and said.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it may be blocked by those who have the addresses `own`.
    pub fn check(&self, own: &[Email]) -> Result<(), Unblockable> {
        let is_ours =
            |it: &Email| if self.is_domain() { it.domain() == self.0 } else { it.without_tag().as_str() == self.0 };
        if self.is_domain() && is_free_mail(&self.0) {
            return Err(Unblockable::FreeMail(self.0.clone()));
        }
        if own.iter().any(is_ours) { Err(Unblockable::Ours(self.0.clone())) } else { Ok(()) }
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
