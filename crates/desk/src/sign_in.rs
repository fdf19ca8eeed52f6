//! Signing in: passwords, sessions, and a guess limit that does not lock the victim out.
//!
//! Guesses are counted by what may be behind them. A browser from which a person has signed in before carries a signed
//! mark of that, and is counted by itself alone; all others are counted by network, by account and network, and by
//! account. So whoever guesses from elsewhere shuts out elsewhere, and not the person at their own desk. A guess is
//! counted before the password is looked at, and taken back if that was right: many at once pass no limit.

use std::net::IpAddr;
use std::sync::LazyLock;
use std::time::Duration;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};
use domain::{Email, Member, SignInId, StaffId};
use sha2::{Digest, Sha256};
use store::sign_in::{self, SignIn};
use store::staff::{self, Staff};
use store::{Lock, Tx, attempt, team};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;
use uuid::Uuid;

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
        let known = found.as_ref().and_then(|it| self.browser(attempt.device.as_deref()?, it.id));
        let counters = self.counters(&attempt, known.as_deref());
        self.count(&counters).await?;
        // Somebody unknown takes as long as somebody known: the time must not tell which addresses exist.
        let hash = found.as_ref().map(|it| it.password_hash.clone());
        let right = verify(attempt.password, hash).await?;
        let wrong = || Error::invalid("password", "That address and password do not match.");
        let person = found.filter(|_| right).ok_or_else(wrong)?;
        let browser = known.unwrap_or_else(|| self.ctx.id::<Uuid>().simple().to_string());
        let device = self.mark(person.id, &browser);
        let staff = person.id;
        let token = self.let_in(person, attempt.label, attempt.keep, counters).await?.ok_or_else(wrong)?;
        Ok(SignedIn { token, device, keep: attempt.keep.then_some(LONG), staff })
    }

    /// What an attempt is counted by.
    fn counters(&self, attempt: &Attempt, known: Option<&str>) -> Vec<Counter> {
        if let Some(browser) = known {
            return vec![Counter { name: format!("device {browser}"), limit: DEVICE, forgiven: true }];
        }
        // What somebody typed is kept nowhere.
        let account = self.keys.sign("account", &attempt.email.trim().to_lowercase());
        let account = data_encoding::BASE32_NOPAD.encode(&account).to_lowercase();
        let network = network(attempt.from);
        // Those of strangers still count when the right one came: it forgives its own place.
        vec![
            Counter { name: format!("network {network}"), limit: NETWORK, forgiven: false },
            Counter { name: format!("place {network} {account}"), limit: PLACE, forgiven: true },
            Counter { name: format!("strangers {account}"), limit: STRANGERS, forgiven: false },
        ]
    }

    /// Counts one more guess, or refuses it, which counts nowhere.
    async fn count(&self, counters: &[Counter]) -> Result<()> {
        let (counters, now) = (counters.to_vec(), self.now());
        let locks: Vec<Lock> = counters.iter().map(Counter::lock).collect();
        self.db
            .write(locks, async move |tx| {
                for Counter { name, limit: (most, window), .. } in &counters {
                    if attempt::add(tx, name, now, *window).await? > *most {
                        return Err(Error::TooMany { retry_after: *window });
                    }
                }
                Ok(())
            })
            .await
    }

    /// A session for somebody whose password was right; none if it is so no longer, or if they have left meanwhile.
    async fn let_in(&self, person: Staff, label: String, keep: bool, counters: Vec<Counter>) -> Result<Option<String>> {
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
        let locks: Vec<Lock> = counters.iter().map(Counter::lock).chain([staff::lock()]).collect();
        let let_in = self.db.write(locks, async move |tx| {
            if !still(tx, &person).await? {
                return Ok(false);
            }
            sign_in::insert(tx, &it, &hash).await?;
            take_back(tx, &counters).await?;
            Ok::<_, Error>(true)
        });
        Ok(let_in.await?.then_some(token))
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
        let counters = vec![Counter { name: format!("sign_in {this}"), limit: DEVICE, forgiven: true }];
        let wrong = || Error::invalid("old", "That is not your password.");
        self.count(&counters).await?;
        if !verify(old, Some(person.password_hash.clone())).await? {
            return Err(wrong());
        }
        let password_hash = self.password("new", new).await?;
        let locks: Vec<Lock> = counters.iter().map(Counter::lock).chain([staff::lock()]).collect();
        self.db
            .write(locks, async move |tx| {
                if !still(tx, &person).await? {
                    return Err(Error::invalid("old", "That is not your password."));
                }
                staff::set_password(tx, id, &password_hash).await?;
                tx.announce(store::Hint::new("sign_ins"));
                sign_in::end_others(tx, id, Some(this)).await?;
                take_back(tx, &counters).await
            })
            .await
    }

    /// Forgets sessions that are over, and guesses that count no longer.
    pub(crate) async fn sweep_sign_ins(&self) -> Result<()> {
        let now = self.now();
        self.db
            .write([], async move |tx| {
                sign_in::sweep(tx, now).await?;
                // The longest of all windows: an acknowledgement counts for a day.
                attempt::sweep(tx, now.before(Duration::from_hours(24))).await?;
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
    pub(crate) async fn password(&self, field: &'static str, password: String) -> Result<String> {
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

    /// The mark of a browser from which this person has signed in. Each browser has its own: one that others use too
    /// spends nobody's guesses but its own.
    fn mark(&self, staff: StaffId, browser: &str) -> String {
        let signature = self.keys.sign("device", &format!("{staff}.{browser}"));
        format!("{staff}.{browser}.{}", data_encoding::BASE32_NOPAD.encode(&signature).to_lowercase())
    }

    /// The browser that carries this mark, if the mark is ours and this person's.
    fn browser(&self, mark: &str, staff: StaffId) -> Option<String> {
        let (text, signature) = mark.rsplit_once('.')?;
        let signature = data_encoding::BASE32_NOPAD.decode(signature.to_uppercase().as_bytes()).ok()?;
        let browser = text.strip_prefix(&staff.to_string())?.strip_prefix('.')?;
        self.keys.verify("device", text, &signature).then(|| browser.to_owned())
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

/// What guesses are counted by.
#[derive(Clone)]
struct Counter {
    name: String,
    /// So many, within this time.
    limit: (i64, Duration),
    /// Whether the right password forgives all of them, or takes back but itself.
    forgiven: bool,
}

impl Counter {
    fn lock(&self) -> Lock {
        Lock::Name(self.name.clone())
    }
}

async fn take_back(tx: &mut Tx, counters: &[Counter]) -> Result<()> {
    for it in counters {
        if it.forgiven {
            attempt::clear(tx, &it.name).await?;
        } else {
            attempt::take_back(tx, &it.name).await?;
        }
    }
    Ok(())
}

/// Whether what was verified still holds: hashing takes long enough for a new password, or a leave, in between.
pub(crate) async fn still(tx: &Tx, person: &Staff) -> Result<bool> {
    let now = staff::find(tx, person.id).await?;
    Ok(now.is_some_and(|it| it.left_at.is_none() && it.password_hash == person.password_hash))
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
