//! Addresses by which we know people.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::word::words;

words! {
    /// What kind of address an identity is.
    IdentityKind {
        /// A mail address.
        Email = "email",
        /// A telephone number.
        Phone = "phone",
        /// A visitor of the web chat.
        ChatVisitor = "chat_visitor",
        /// A name on a social network.
        SocialHandle = "social_handle",
        /// The id of a user of the customer's product.
        ProductUserId = "product_user_id",
    }
}

/// A mail address: `local@domain`, in lower case, without a comment.
///
/// A local part is quoted only where it must be, for the sake of its spaces: `"ann lee"@x.example`. Nothing else that
/// needs quotes is held, so that an address can stand as it is in a header, a list and a command to a server (RFC 5321
/// §4.1.2). A domain may be the number of a host: `ann@[192.0.2.1]` (§4.1.3).
///
/// The local part is folded too: RFC 5321 §2.4 lets a server tell `Ann` from `ann`, none that matters does, and people
/// type both.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

/// RFC 5321 §4.5.3.1: a path is at most 256 octets with its brackets.
const LONGEST: usize = 254;

impl Email {
    /// The address in `text`, if it is one. What it answers parses to itself: it is judged as it is kept, for lower case
    /// may be another text (`İ` becomes two characters, `Ⱥ` grows by a byte).
    pub fn parse(text: &str) -> Option<Email> {
        let text = text.trim().to_lowercase();
        let (local, domain) = text.rsplit_once('@')?;
        let text = match quoted(local) {
            Some(inner) if is_plain(inner) => format!("{inner}@{domain}"),
            Some(inner) if inner.contains(' ') && inner.split(' ').all(is_plain) => text,
            None if is_plain(local) => text,
            _ => return None,
        };
        let (local, domain) = text.rsplit_once('@')?;
        let sound = (quoted(local).is_some() || is_plain(local)) && is_host(domain) && text.len() <= LONGEST;
        sound.then_some(Email(text))
    }

    /// `local@domain`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    pub fn local(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |it| it.0)
    }

    /// What stands behind the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |it| it.1)
    }

    /// Whether mail to either goes to one mailbox: people answer `ann@` from `ann+shop@`, and the other way round.
    pub fn same_mailbox(&self, other: &Email) -> bool {
        self == other || self.without_tag() == other.without_tag()
    }

    /// The address without what follows a `+` in its local part: mail to either goes to one mailbox.
    #[must_use]
    pub fn without_tag(&self) -> Email {
        match self.local().split_once('+') {
            Some((local, _)) if !local.is_empty() && !local.starts_with('"') => {
                Email(format!("{local}@{}", self.domain()))
            }
            _ => self.clone(),
        }
    }
}

/// What a quoted local part has between its quotes.
fn quoted(local: &str) -> Option<&str> {
    local.strip_prefix('"')?.strip_suffix('"')
}

fn is_plain(word: &str) -> bool {
    let plain = |it: char| !it.is_control() && !it.is_whitespace() && !"\"(),:;<>@[\\]".contains(it);
    !word.is_empty() && word.chars().all(plain)
}

/// Whether it is a name in the DNS, or the number of a host in brackets.
fn is_host(domain: &str) -> bool {
    if let Some(number) = domain.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
        return match number.strip_prefix("ipv6:") {
            Some(six) => six.parse::<Ipv6Addr>().is_ok(),
            None => number.parse::<Ipv4Addr>().is_ok(),
        };
    }
    let host = |it: char| it.is_alphanumeric() || it == '-' || it == '.' || it == '_';
    !domain.is_empty()
        && domain.chars().all(host)
        && domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && label.len() <= 63)
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.0)
    }
}

impl serde::Serialize for Email {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Email {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        Email::parse(&text).ok_or_else(|| serde::de::Error::custom("not a mail address"))
    }
}
