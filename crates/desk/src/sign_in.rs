//! Signing in: passwords, sessions, and a guess limit that does not lock the victim out.
//!
//! Guesses are counted by what may be behind them. A browser from which a person has signed in before carries a signed
//! mark of that, and is counted by itself; all others are counted by account and place, and by account. So whoever
//! guesses from elsewhere shuts out elsewhere, and not the person at their own desk.

use std::net::IpAddr;
use std::sync::LazyLock;
use std::time::Duration;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};
use domain::{Email, Member, SignInId, StaffId};
use sha2::{Digest, Sha256};
use store::sign_in::{self, SignIn};
use store::staff::{self, Staff};
use store::{Lock, attempt, team};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;

use crate::{Desk, Error, Result};

/// How long a session lives without being used, if the person wants to stay signed in.
const LONG: Duration = Duration::from_hours(24 * 30);
/// And if not.
const SHORT: Duration = Duration::from_hours(12);
/// How often the use of a session is noted.
const STEP: Duration = Duration::from_mins(5);
/// The least that a password must have.
const SHORTEST: usize = 12;
/// The most: what is longer only costs.
const LONGEST: usize = 512;

/// How many wrong guesses are counted against what, within which time.
const PLACE: (i64, Duration) = (8, Duration::from_mins(15));
const STRANGERS: (i64, Duration) = (60, Duration::from_hours(1));
const DEVICE: (i64, Duration) = (12, Duration::from_mins(15));
const NETWORK: (i64, Duration) = (200, Duration::from_mins(15));

/// Each hash takes 19 MiB: so many at once.
static HASHES: Semaphore = Semaphore::const_new(4);

/// Somebody at the door.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The address they give.
    pub email: String,
    /// The password they give.
    pub password: String,
    /// The mark of a browser from which somebody signed in before.
    pub device: Option<String>,
    /// From where.
    pub from: IpAddr,
    /// The browser, as it calls itself.
    pub label: String,
    /// Whether they want to stay signed in.
    pub keep: bool,
}

/// They are in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The session's token: given to the browser, and nowhere kept.
    pub token: String,
    /// The mark for the browser.
    pub device: String,
    /// How long the browser should keep the token; none: until it is closed.
    pub keep: Option<Duration>,
    /// Who.
    pub staff: StaffId,
}

impl Desk {
    /// Lets somebody in who knows their password.
    pub async fn sign_in(&self, attempt: Attempt) -> Result<SignedIn> {
        let email = Email::parse(&attempt.email);
        let found = match &email {
            Some(email) => {
                let email = email.clone();
                self.db.read(async move |rx| staff::by_email(rx, &email).await).await?
            }
            None => None,
        };
        let found = found.filter(|it| it.left_at.is_none());
        let counters = self.counters(&attempt, found.as_ref());
        self.not_too_often(&counters).await?;
        // Somebody unknown takes as long as somebody known: the time must not tell which addresses exist.
        let hash = found.as_ref().map(|it| it.password_hash.clone());
        let right = verify(attempt.password, hash).await?;
        if let Some(person) = found.filter(|_| right) {
            return self.let_in(&person, attempt.label, attempt.keep, counters).await;
        }
        self.count(counters).await?;
        Err(Error::invalid("password", "That address and password do not match."))
    }

    /// What an attempt is counted by, with the limit of each.
    fn counters(&self, attempt: &Attempt, found: Option<&Staff>) -> Vec<(String, i64, Duration)> {
        let account = attempt.email.trim().to_lowercase();
        let network = network(attempt.from);
        let known = found.filter(|it| attempt.device.as_ref().is_some_and(|mark| self.is_mark(mark, it.id)));
        let mut counters = vec![(format!("network {network}"), NETWORK.0, NETWORK.1)];
        if let Some(person) = known {
            counters.push((format!("device {}", person.id), DEVICE.0, DEVICE.1));
        } else {
            counters.push((format!("place {network} {account}"), PLACE.0, PLACE.1));
            counters.push((format!("strangers {account}"), STRANGERS.0, STRANGERS.1));
        }
        // Names are looked up and kept: what somebody typed is bounded first.
        counters.into_iter().map(|it| (it.0.chars().take(300).collect(), it.1, it.2)).collect()
    }

    async fn not_too_often(&self, counters: &[(String, i64, Duration)]) -> Result<()> {
        let (counters, now) = (counters.to_vec(), self.now());
        let full = self.db.read(async move |rx| {
            for (name, limit, window) in &counters {
                if attempt::count(rx, name, now, *window).await? >= *limit {
                    return Ok(Some(*window));
                }
            }
            Ok::<_, store::Error>(None)
        });
        match full.await? {
            Some(window) => Err(Error::TooMany { retry_after: window }),
            None => Ok(()),
        }
    }

    async fn count(&self, counters: Vec<(String, i64, Duration)>) -> Result<()> {
        let now = self.now();
        let locks: Vec<Lock> = counters.iter().map(|it| Lock::Name(it.0.clone())).collect();
        self.db
            .write(locks, async move |tx| {
                for (name, _, window) in &counters {
                    attempt::add(tx, name, now, *window).await?;
                }
                Ok(())
            })
            .await
    }

    async fn let_in(
        &self,
        person: &Staff,
        label: String,
        keep: bool,
        counters: Vec<(String, i64, Duration)>,
    ) -> Result<SignedIn> {
        let (token, now) = (self.ctx.token(), self.now());
        let life = if keep { LONG } else { SHORT };
        let label: String = label.chars().filter(|it| !it.is_control()).take(200).collect();
        let it = SignIn {
            id: self.ctx.id(),
            staff: person.id,
            label,
            created_at: now,
            seen_at: now,
            expires_at: now.after(life),
        };
        let hash = hash(&token);
        self.db
            .write([], async move |tx| {
                sign_in::insert(tx, &it, &hash).await?;
                // The own browser's and place's guesses are forgiven; those of strangers still count.
                for (name, ..) in
                    counters.iter().filter(|it| !it.0.starts_with("strangers") && !it.0.starts_with("network"))
                {
                    attempt::clear(tx, name).await?;
                }
                Ok::<_, Error>(())
            })
            .await?;
        Ok(SignedIn { token, device: self.mark(person.id), keep: keep.then_some(LONG), staff: person.id })
    }

    /// Who comes with this token.
    pub async fn member(&self, token: &str) -> Result<Option<(SignIn, Member)>> {
        let (hash, now) = (hash(token), self.now());
        Ok(self.db.read(async move |rx| sign_in::member(rx, &hash, now).await).await?)
    }

    /// Notes that a session is in use.
    pub async fn seen(&self, it: &SignIn) -> Result<()> {
        let now = self.now();
        if now.since(it.seen_at) < STEP {
            return Ok(());
        }
        // It lives on as long as it was meant to in the beginning.
        let life = it.expires_at.since(it.seen_at);
        let id = it.id;
        Ok(self.db.write([], async move |tx| sign_in::seen(tx, id, now, STEP, now.after(life)).await).await?)
    }

    /// Ends a session of one's own.
    pub async fn sign_out(&self, staff: StaffId, id: SignInId) -> Result<()> {
        let ended = self.db.write([], async move |tx| {
            tx.announce(store::Hint::new("sign_ins"));
            sign_in::end(tx, staff, id).await
        });
        if ended.await? { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Changes one's own password. All other sessions end.
    pub async fn change_password(&self, by: &Member, this: SignInId, old: String, new: String) -> Result<()> {
        let id = by.id;
        let person = self.db.read(async move |rx| staff::find(rx, id).await).await?.ok_or(Error::NotFound)?;
        let counter = vec![(format!("device {id}"), DEVICE.0, DEVICE.1)];
        self.not_too_often(&counter).await?;
        if !verify(old, Some(person.password_hash.clone())).await? {
            self.count(counter).await?;
            return Err(Error::invalid("old", "That is not your password."));
        }
        let password_hash = self.password("new", new).await?;
        self.db
            .write([staff::lock(&person.email)], async move |tx| {
                let person = staff::find(tx, id).await?.ok_or(Error::NotFound)?;
                staff::save(tx, &Staff { password_hash: password_hash.clone(), ..person }).await?;
                tx.announce(store::Hint::new("sign_ins"));
                sign_in::end_others(tx, id, Some(this)).await?;
                Ok(())
            })
            .await
    }

    /// Somebody who is about to work here.
    pub(crate) async fn new_staff(
        &self,
        name: &str,
        email: Email,
        role: domain::Role,
        password: &str,
    ) -> Result<Staff> {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() || name.chars().count() > 80 {
            return Err(Error::invalid("name", "Write the name by which colleagues and customers know you."));
        }
        let password_hash = self.password("password", password.to_owned()).await?;
        Ok(Staff { id: self.ctx.id(), name, email, role, password_hash, created_at: self.now(), left_at: None })
    }

    /// Checks a new password, and hashes it: argon2id with the parameters that OWASP names first.
    async fn password(&self, field: &'static str, password: String) -> Result<String> {
        match password.chars().count() {
            0..SHORTEST => {
                let why = format!("A password has at least {SHORTEST} characters. A sentence is good.");
                return Err(Error::invalid(field, why));
            }
            SHORTEST..=LONGEST => {}
            _ => return Err(Error::invalid(field, format!("A password has at most {LONGEST} characters."))),
        }
        let salt: [u8; 16] = self.ctx.bytes();
        at_leisure(move || {
            let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
            hash.map(|it| it.to_string()).map_err(|err| Error::Internal(err.to_string()))
        })
        .await?
    }

    /// The mark of a browser from which this person has signed in.
    fn mark(&self, staff: StaffId) -> String {
        let signature = self.keys.sign("device", &staff.to_string());
        format!("{staff}.{}", data_encoding::BASE32_NOPAD.encode(&signature).to_lowercase())
    }

    fn is_mark(&self, mark: &str, staff: StaffId) -> bool {
        mark.split_once('.').is_some_and(|(id, signature)| {
            let signature = data_encoding::BASE32_NOPAD.decode(signature.to_uppercase().as_bytes()).unwrap_or_default();
            id == staff.to_string() && self.keys.verify("device", id, &signature)
        })
    }

    /// Who this is, as a member: for those who act on their behalf, the demo above all.
    pub async fn staff_member(&self, id: StaffId) -> Result<Member> {
        let found = self.db.read(async move |rx| {
            let person = staff::find(rx, id).await?;
            Ok::<_, store::Error>((person, team::of(rx, id).await?))
        });
        let (person, teams) = found.await?;
        let person = person.filter(|it| it.left_at.is_none()).ok_or(Error::NotFound)?;
        Ok(Member { id, name: person.name, role: person.role, teams })
    }
}

/// The hash of a password that nobody has: made once, with the parameters of all others.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    let hash = Argon2::default().hash_password_with_salt(b"nobody's", b"salt of nobody");
    hash.map(|it| it.to_string()).unwrap_or_default()
});

/// Whether it is the password of this hash. Without one it is not, and that takes as long.
async fn verify(password: String, hash: Option<String>) -> Result<bool> {
    // Nobody can have chosen what is longer, and hashing it would only cost.
    let (password, hash) = if password.chars().count() <= LONGEST { (password, hash) } else { (String::new(), None) };
    at_leisure(move || {
        let known = hash.is_some();
        let hash = hash.as_ref().unwrap_or(&NOBODY);
        let right =
            PasswordHash::new(hash).is_ok_and(|it| Argon2::default().verify_password(password.as_bytes(), &it).is_ok());
        right && known
    })
    .await
}

/// Runs what takes its time where it holds nobody up, a few at once.
async fn at_leisure<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let permit = HASHES.acquire().await.map_err(|err| Error::Internal(err.to_string()))?;
    let done = tokio::task::spawn_blocking(work).await.map_err(|err| Error::Internal(err.to_string()));
    drop(permit);
    done
}

/// Providers give a household or a firm a /64 and more: one address of it is none.
fn network(from: IpAddr) -> String {
    match from.to_canonical() {
        IpAddr::V4(it) => it.to_string(),
        IpAddr::V6(it) => format!("{:x?}", &it.segments()[..4]),
    }
}

/// What is kept of a token.
pub(crate) fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

pub(crate) fn hash_hex(token: &str) -> String {
    store::blob::hash(token.as_bytes())
}

/// Compares in constant time.
pub(crate) fn same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}
