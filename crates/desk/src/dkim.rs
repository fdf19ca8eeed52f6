//! The key by which a mailbox signs what it sends (DKIM, RFC 6376).
//!
//! RSA of 2048 bits, since many receivers know no other kind (Ed25519, RFC 8463). `ring` signs, in constant time; it makes
//! no RSA keys, so the `rsa` crate does, which never signs or decrypts here: what is known against it (RUSTSEC-2023-0071)
//! is about that. Whether the record can be found is not looked up: the page says how to ask.

use domain::{ChannelId, Member, Right, Timestamp};
use ring::rsa::KeyPair;
use ring::signature::RSA_PKCS1_SHA256;
use rsa::pkcs1::EncodeRsaPrivateKey as _;
use rsa::pkcs8::EncodePublicKey as _;
use rsa::{RsaPrivateKey, rand_core};
use store::channel::{self, Channel};
use store::dkim::{self, Dkim, Public};

use crate::{Ctx, Desk, Error, Keys, Result};

/// Bits of a key.
const BITS: usize = 2048;

/// The record by which a mailbox's domain publishes its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The record's name, without the domain: most DNS pages want that.
    pub host: String,
    /// Its whole name.
    pub name: String,
    /// Its text, in strings of at most 255 bytes.
    pub text: Vec<String>,
}

/// The record of `key` for a mailbox.
pub fn record(channel: &Channel, key: &Public) -> Record {
    let host = format!("{}._domainkey", key.selector);
    let name = format!("{host}.{}", mail::ascii(&channel.address).domain());
    Record { host, name, text: mail::dkim::record(&key.key) }
}

impl Desk {
    /// Makes a key for a mailbox, in the place of the one it had. It signs once somebody says that its record is there.
    pub async fn make_dkim_key(&self, by: &Member, id: ChannelId) -> Result<()> {
        if !by.role.may(Right::Settings) {
            return Err(Error::NotFound);
        }
        let ctx = self.ctx.clone();
        // A second of arithmetic has no place among what answers others.
        let made = tokio::task::spawn_blocking(move || made(&ctx)).await;
        let (public, private) = made.map_err(|_| broken())??;
        let selector = format!("bw{}", data_encoding::BASE32_NOPAD.encode(&self.ctx.bytes::<5>()).to_lowercase());
        let sealed = self.keys.seal(&self.ctx, &place(id), &private)?;
        let it = Dkim { public: Public { selector, key: public, on: false }, sealed };
        self.db
            .write([channel::lock()], async move |tx| {
                channel::find(tx, id).await?.ok_or(Error::NotFound)?;
                Ok(dkim::save(tx, id, Some(&it)).await?)
            })
            .await
    }

    /// Signs what a mailbox sends from now on, or does not.
    pub async fn sign_mail(&self, by: &Member, id: ChannelId, on: bool) -> Result<()> {
        if !by.role.may(Right::Settings) {
            return Err(Error::NotFound);
        }
        self.db
            .write([channel::lock()], async move |tx| {
                let it = dkim::find(tx, id).await?.ok_or(Error::NotFound)?;
                let it = Dkim { public: Public { on, ..it.public }, ..it };
                Ok(dkim::save(tx, id, Some(&it)).await?)
            })
            .await
    }
}

/// `bytes`, a whole mail, with the signature of its mailbox on top: the same each time.
pub(crate) fn sign(keys: &Keys, channel: &Channel, key: &Dkim, at: Timestamp, bytes: &[u8]) -> Result<Vec<u8>> {
    let private = keys.open(&place(channel.id), &key.sealed)?;
    let pair = KeyPair::from_der(&private).map_err(|_| broken())?;
    let domain = channel.address.domain();
    let by = mail::dkim::Signer { domain, selector: &key.public.selector, at: at.0.div_euclid(1_000_000) };
    mail::dkim::signed(bytes, by, |data| {
        let mut signature = vec![0; pair.public().modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &blinding(), data, &mut signature).map_err(|_| broken())?;
        Ok(signature)
    })
}

/// What hides the key from whoever measures how long a signature takes.
#[expect(clippy::disallowed_methods, reason = "ring takes no other, and no byte of a signature depends on it")]
fn blinding() -> impl ring::rand::SecureRandom {
    ring::rand::SystemRandom::new()
}

/// The public half in base64, and the private one (PKCS #1).
fn made(ctx: &Ctx) -> Result<(String, Vec<u8>)> {
    let key = RsaPrivateKey::new(&mut Dice(ctx), BITS).map_err(|_| broken())?;
    let public = key.to_public_key().to_public_key_der().map_err(|_| broken())?;
    let private = key.to_pkcs1_der().map_err(|_| broken())?;
    Ok((data_encoding::BASE64.encode(public.as_bytes()), private.as_bytes().to_vec()))
}

/// What a key's secret belongs to.
fn place(id: ChannelId) -> String {
    format!("channel {id} dkim")
}

fn broken() -> Error {
    Error::Internal("The key by which this mailbox signs cannot be used: make another in the settings.".to_owned())
}

/// The desk's randomness, as the maker of keys asks for it.
struct Dice<'a>(&'a Ctx);

impl rand_core::RngCore for Dice<'_> {
    fn next_u32(&mut self) -> u32 {
        u32::from_le_bytes(self.0.bytes())
    }

    fn next_u64(&mut self) -> u64 {
        u64::from_le_bytes(self.0.bytes())
    }

    fn fill_bytes(&mut self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            chunk.copy_from_slice(&self.0.bytes::<32>()[..chunk.len()]);
        }
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(out);
        Ok(())
    }
}

impl rand_core::CryptoRng for Dice<'_> {}
