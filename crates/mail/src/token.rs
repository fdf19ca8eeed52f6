//! Reply tokens: what we send says, so that nobody can guess it, which message an answer belongs to.
//!
//! A token is the message's id and a MAC over it, 128 bits each, in lower-case base32: `id.mac`. It stands in our
//! `Message-ID`, and, where the server delivers it, behind a `+` in the address that is answered.

use data_encoding::BASE32_NOPAD;
use domain::Email;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::compose::ascii_domain;

/// Keeps these MACs apart from any other that is made with the same key.
const PURPOSE: &[u8] = b"bellwether reply token 1\0";

/// The same for the marks of our own test mails ([`crate::probe`]).
const PROBE: &[u8] = b"bellwether connection test 1\0";

/// The bytes of a MAC that are sent.
const MAC: usize = 16;

/// The characters of 16 bytes in base32.
const LENGTH: usize = 26;

/// The keys of the MACs: the newest signs, all verify.
#[derive(Clone)]
pub struct Keys {
    newest: [u8; 32],
    older: Vec<[u8; 32]>,
}

impl Keys {
    /// Keys from the newest and those it replaced.
    pub fn new(newest: [u8; 32], older: Vec<[u8; 32]>) -> Keys {
        Keys { newest, older }
    }

    fn token(&self, id: Uuid) -> String {
        self.made(PURPOSE, id)
    }

    /// What marks a test mail of ours.
    pub(crate) fn mark(&self, id: Uuid) -> String {
        self.made(PROBE, id)
    }

    /// Whether `text` marks a test mail of ours.
    pub(crate) fn is_mark(&self, text: &str) -> bool {
        self.verify(PROBE, text).is_some()
    }

    fn made(&self, purpose: &[u8], id: Uuid) -> String {
        let mut token = BASE32_NOPAD.encode(id.as_bytes());
        token.push('.');
        BASE32_NOPAD.encode_append(&mac(purpose, &self.newest, id), &mut token);
        token.make_ascii_lowercase();
        token
    }

    /// The message that `token` names, if one of the keys made it. Every key is tried and each is compared in constant
    /// time: how long it takes says nothing.
    fn verify(&self, purpose: &[u8], token: &str) -> Option<Uuid> {
        let (id, claimed) = token.split_once('.')?;
        if id.len() != LENGTH || claimed.len() != LENGTH {
            return None;
        }
        let bytes = |text: &str| BASE32_NOPAD.decode(text.to_ascii_uppercase().as_bytes()).ok();
        let id = Uuid::from_slice(&bytes(id)?).ok()?;
        let claimed = bytes(claimed)?;
        let mut sound = subtle::Choice::from(0);
        for key in std::iter::once(&self.newest).chain(&self.older) {
            sound |= mac(purpose, key, id).ct_eq(claimed.as_slice());
        }
        bool::from(sound).then_some(id)
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", 1 + self.older.len())
    }
}

fn mac(purpose: &[u8], key: &[u8; 32], id: Uuid) -> [u8; MAC] {
    let mut out = [0; MAC];
    // HMAC takes a key of any length, so there is always one.
    if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) {
        mac.update(purpose);
        mac.update(id.as_bytes());
        out.copy_from_slice(&mac.finalize().into_bytes()[..MAC]);
    }
    out
}

/// The `Message-ID` of the message `id`, with brackets, at `domain`, which stands there in ASCII (RFC 5322 §3.6.4).
pub fn message_id(keys: &Keys, id: Uuid, domain: &str) -> String {
    format!("<{}@{}>", keys.token(id), ascii_domain(domain))
}

/// The message that a `Message-ID` of ours names, with or without brackets, in either case; `None` for any other.
pub fn open(keys: &Keys, text: &str) -> Option<Uuid> {
    let text = text.trim().trim_start_matches('<').trim_end_matches('>');
    keys.verify(PURPOSE, text.split_once('@').map_or(text, |it| it.0))
}

/// Whether a `Message-ID` looks like one of ours, whoever made it.
pub fn is_shaped(text: &str) -> bool {
    let text = text.trim().trim_start_matches('<');
    let base32 =
        |it: &str| it.len() == LENGTH && it.bytes().all(|it| matches!(it, b'a'..=b'z' | b'A'..=b'Z' | b'2'..=b'7'));
    let token = text.split_once('@').and_then(|it| it.0.split_once('.'));
    token.is_some_and(|(id, mac)| base32(id) && base32(mac))
}

/// The `Message-ID` whose token stands behind the `+` of an address. Whether it is one of ours, [`open`] tells.
pub(crate) fn id_in(address: &Email) -> Option<String> {
    let (_, token) = address.local().rsplit_once('+')?;
    let id = format!("<{token}@{}>", address.domain());
    is_shaped(&id).then_some(id)
}

/// The message that the token in `address` names, if it has one and it is ours.
pub fn from_address(keys: &Keys, address: &Email) -> Option<Uuid> {
    keys.verify(PURPOSE, address.local().rsplit_once('+')?.1)
}

/// `address` with the token of the message `id` behind a `+`, where an answer to it may go. `None` if its local part would
/// have more than the 64 octets that every server takes (RFC 5321 §4.5.3.1.1): then the `Message-ID` threads alone.
pub fn address(keys: &Keys, id: Uuid, address: &Email) -> Option<Email> {
    let local = format!("{}+{}", address.local(), keys.token(id));
    if local.len() > LONGEST_LOCAL {
        return None;
    }
    Email::parse(&format!("{local}@{}", ascii_domain(address.domain())))
}

/// RFC 5321 §4.5.3.1.1.
const LONGEST_LOCAL: usize = 64;
