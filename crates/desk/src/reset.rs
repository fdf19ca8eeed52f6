//! A new password for somebody who has lost theirs: by a link that the operator makes at the command line.
//!
//! The link is written down nowhere. It names the person and its end, and is signed together with the password that they
//! have: once that is another one, no link that was made before opens. So it can be made beside a running program, with
//! nothing but the right to read the database and the key file.

use std::time::Duration;

use data_encoding::BASE32_NOPAD;
use domain::{Email, StaffId, Timestamp};
use store::sign_in as sessions;
use store::staff::{self, Staff};
use uuid::Uuid;

use crate::{Desk, Error, Result};

/// How long a link waits.
pub const WAITS: Duration = Duration::from_hours(2);

impl Desk {
    /// A token by which the person who signs in with this address sets a new password, once. The operator asks for it.
    pub async fn reset_token(&self, email: &str) -> Result<String> {
        let nobody = || Error::invalid("email", format!("Nobody signs in with {email}."));
        let address = Email::parse(email).ok_or_else(nobody)?;
        let person = self.db.read(async move |rx| staff::by_email(rx, &address).await).await?.ok_or_else(nobody)?;
        if person.left_at.is_some() {
            let why =
                format!("{} works here no longer. An administrator can take them back under People.", person.name);
            return Err(Error::Conflict(why));
        }
        let until = self.now().after(WAITS).0;
        let signature = BASE32_NOPAD.encode(&self.keys.sign("reset", &signed(&person, until))).to_lowercase();
        Ok(format!("{}-{until}-{signature}", person.id.0.simple()))
    }

    /// Whose password this token sets.
    pub async fn reset_of(&self, token: &str) -> Result<Staff> {
        let (id, until, signature) = parts(token).ok_or(Error::NotFound)?;
        let person = self.db.read(async move |rx| staff::find(rx, id).await).await?.ok_or(Error::NotFound)?;
        let opens = self.keys.verify("reset", &signed(&person, until), &signature) && self.now() < Timestamp(until);
        if opens && person.left_at.is_none() { Ok(person) } else { Err(Error::NotFound) }
    }

    /// Sets a new password, and ends all sessions of whoever it belongs to.
    pub async fn reset_password(&self, token: &str, password: String) -> Result<Email> {
        let person = self.reset_of(token).await?;
        let password_hash = self.password("password", password).await?;
        let (id, email) = (person.id, person.email.clone());
        self.db
            .write([staff::lock()], async move |tx| {
                if !crate::sign_in::still(tx, &person).await? {
                    return Err(Error::NotFound);
                }
                staff::set_password(tx, id, &password_hash).await?;
                tx.announce(store::Hint::new("sign_ins"));
                Ok(sessions::end_others(tx, id, None).await?)
            })
            .await?;
        tracing::warn!(staff = %id, "a password was set anew by a link of the operator");
        Ok(email)
    }
}

fn signed(person: &Staff, until: i64) -> String {
    format!("{}.{until}.{}", person.id, person.password_hash)
}

fn parts(token: &str) -> Option<(StaffId, i64, Vec<u8>)> {
    let mut parts = token.splitn(3, '-');
    let id = Uuid::parse_str(parts.next()?).ok()?;
    let until = parts.next()?.parse().ok()?;
    let signature = BASE32_NOPAD.decode(parts.next()?.to_uppercase().as_bytes()).ok()?;
    Some((StaffId(id), until, signature))
}
