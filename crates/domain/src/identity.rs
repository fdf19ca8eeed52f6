//! Addresses by which we know people.

use std::fmt;

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

/// A mail address: `local@domain`, in lower case, without a comment, a quoted part or white space.
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
        let plain = |it: char| !it.is_control() && !it.is_whitespace() && !"\"(),:;<>@[\\]".contains(it);
        let host = |it: char| it.is_alphanumeric() || it == '-' || it == '.' || it == '_';
        let sound = !local.is_empty()
            && local.chars().all(plain)
            && !domain.is_empty()
            && domain.chars().all(host)
            && domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && label.len() <= 63)
            && text.len() <= LONGEST;
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

    /// The address without what follows a `+` in its local part: mail to either goes to one mailbox.
    #[must_use]
    pub fn without_tag(&self) -> Email {
        match self.local().split_once('+') {
            Some((local, _)) if !local.is_empty() => Email(format!("{local}@{}", self.domain())),
            _ => self.clone(),
        }
    }
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
