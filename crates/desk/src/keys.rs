//! What the desk's secrets are made of: keys derived from the key file, one for each purpose.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use data_encoding::HEXLOWER;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use store::{Db, organization};

use crate::{Ctx, Desk, Error, Result};

/// The name of the desk's setting that holds the fingerprint of the key in use.
const KEY: &str = "key";

/// The keys of an installation, newest first. Old ones still verify and decrypt.
pub struct Keys {
    keys: Vec<(u32, [u8; 32])>,
    /// For reply tokens.
    pub(crate) tokens: mail::token::Keys,
}

impl Keys {
    /// From the lines of a key file: the number and the bytes of each key, newest first.
    pub fn new(keys: Vec<(u32, [u8; 32])>) -> Keys {
        let mut all = keys.iter().map(|it| derive(&it.1, "reply token"));
        let tokens = mail::token::Keys::new(all.next().unwrap_or_default(), all.collect());
        Keys { keys, tokens }
    }

    /// What tells each key from every other and tells nothing about it, in the order of the keys.
    fn fingerprints(&self) -> impl Iterator<Item = String> + '_ {
        self.keys.iter().map(|it| HEXLOWER.encode(&derive(&it.1, "fingerprint")[..8]))
    }

    /// Encrypts a secret that only `place` may read: moved to another row, it does not open.
    pub(crate) fn seal(&self, ctx: &Ctx, place: &str, secret: &[u8]) -> Result<Vec<u8>> {
        let (id, key) = self.keys.first().ok_or_else(|| Error::Internal("there is no key".to_owned()))?;
        let nonce: [u8; 12] = ctx.bytes();
        let payload = Payload { msg: secret, aad: place.as_bytes() };
        let sealed = cipher(key).encrypt(&Nonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| Error::Internal("a secret could not be encrypted".to_owned()))?;
        Ok([id.to_be_bytes().as_slice(), &nonce, &sealed].concat())
    }

    /// Opens what [`Keys::seal`] closed.
    pub(crate) fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let lost = || {
            Error::Conflict(
                "The password of this channel was encrypted with another key file. Enter it again in the settings."
                    .to_owned(),
            )
        };
        let (id, rest) = sealed.split_first_chunk::<4>().ok_or_else(lost)?;
        let (nonce, body) = rest.split_first_chunk::<12>().ok_or_else(lost)?;
        let id = u32::from_be_bytes(*id);
        let key = self.keys.iter().find(|it| it.0 == id).ok_or_else(lost)?;
        let payload = Payload { msg: body, aad: place.as_bytes() };
        cipher(&key.1).decrypt(&Nonce::from(*nonce), payload).map_err(|_| lost())
    }

    /// A MAC over `text` for one purpose, by the newest key.
    pub(crate) fn sign(&self, purpose: &str, text: &str) -> Vec<u8> {
        self.keys.first().map(|it| mac(&derive(&it.1, purpose), text.as_bytes()).to_vec()).unwrap_or_default()
    }

    /// Whether `signature` is one of ours for this purpose and text, in constant time.
    pub(crate) fn verify(&self, purpose: &str, text: &str, signature: &[u8]) -> bool {
        use subtle::ConstantTimeEq;
        self.keys.iter().any(|it| mac(&derive(&it.1, purpose), text.as_bytes()).ct_eq(signature).into())
    }
}

/// The fingerprint of the key with which this database was last used; none before its first start.
pub async fn known(db: &Db) -> Result<Option<String>> {
    Ok(db.read(async |rx| organization::setting(rx, KEY).await).await?)
}

impl Desk {
    /// Whether the key that this database knows, if it knows one, is one of ours.
    pub async fn has_its_keys(&self) -> Result<bool> {
        Ok(known(&self.db).await?.is_none_or(|it| self.keys.fingerprints().any(|ours| ours == it)))
    }

    /// Remembers which key is in use. False, and nothing is remembered, if the database knows one that is not ours: what
    /// it encrypted would not open, and the answers to our mails would not find their cases.
    pub async fn remember_keys(&self) -> Result<bool> {
        let ours: Vec<String> = self.keys.fingerprints().collect();
        let write = self.db.write([organization::lock()], async move |tx| {
            let known = organization::setting(tx, KEY).await?;
            if known.as_ref().is_some_and(|it| !ours.contains(it)) {
                return Ok(false);
            }
            if let Some(first) = ours.first().filter(|it| known.as_ref() != Some(*it)) {
                organization::set(tx, KEY, first).await?;
            }
            Ok::<_, Error>(true)
        });
        write.await
    }
}

fn cipher(key: &[u8; 32]) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(&Key::from(derive(key, "channel secret")))
}

fn derive(key: &[u8; 32], purpose: &str) -> [u8; 32] {
    mac(key, purpose.as_bytes())
}

fn mac(key: &[u8; 32], text: &[u8]) -> [u8; 32] {
    // An HMAC takes keys of any length, so this cannot fail; a zero MAC would verify nothing that a zero key signed.
    Hmac::<Sha256>::new_from_slice(key).map_or([0; 32], |mut it| {
        it.update(text);
        it.finalize().into_bytes().into()
    })
}
