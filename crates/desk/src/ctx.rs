//! Where time, ids and randomness come from: the only ambient things of the house.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use domain::Timestamp;
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The moment.
    fn now(&self) -> Timestamp;
}

/// Makes bytes that nobody can guess, or that a test can.
pub trait Random: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, bytes: &mut [u8]);
}

/// Time, ids and randomness of a desk.
#[derive(Clone)]
pub struct Ctx {
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    /// The last id's milliseconds, and behind them its counter of 12 bits.
    last: Arc<AtomicU64>,
}

impl Ctx {
    /// From a clock and a source of randomness.
    pub fn new(clock: impl Clock + 'static, random: impl Random + 'static) -> Ctx {
        Ctx { clock: Arc::new(clock), random: Arc::new(random), last: Arc::default() }
    }

    /// Those of the machine.
    pub fn system() -> Ctx {
        Ctx::new(System::default(), System::default())
    }

    /// The same randomness at a fixed moment.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Ctx {
        Ctx { clock: Arc::new(Fixed(now)), random: self.random.clone(), last: Arc::default() }
    }

    /// The moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new id: UUIDv7, so that ids lie in the order of time; within a millisecond in the order in which they were made,
    /// by a counter (RFC 9562, section 6.2, method 1).
    pub fn id<T: From<Uuid>>(&self) -> T {
        let millis = u64::try_from(self.now().0 / 1000).unwrap_or(0);
        let mut random = [0; 10];
        self.random.fill(&mut random);
        // It begins in the lower half, so that there is room.
        let begin = (millis << 12) | (u64::from(random[0] & 0x07) << 8) | u64::from(random[1]);
        let next = |last: u64| if last >> 12 == millis { last + 1 } else { begin };
        let last = self.last.fetch_update(Relaxed, Relaxed, |last| Some(next(last)));
        let this = last.map_or(begin, next);
        let (millis, [.., high, low]) = (this >> 12, this.to_be_bytes());
        (random[0], random[1]) = (high & 0x0f, low);
        T::from(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// A secret of 256 bits, in lower-case base32.
    pub fn token(&self) -> String {
        let mut bytes = [0; 32];
        self.random.fill(&mut bytes);
        data_encoding::BASE32_NOPAD.encode(&bytes).to_lowercase()
    }

    /// Bytes that nobody can guess.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.random.fill(&mut bytes);
        bytes
    }
}

/// The machine's clock and randomness.
#[derive(Default)]
pub struct System {
    /// Randomness that was fetched and not yet given out: a call to the system for each id would cost more than the id.
    store: Mutex<Vec<u8>>,
}

impl Clock for System {
    #[expect(clippy::disallowed_methods, reason = "this is where time comes in")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Timestamp(i64::try_from(since.unwrap_or_default().as_micros()).unwrap_or(i64::MAX))
    }
}

impl Random for System {
    #[expect(clippy::disallowed_methods, reason = "this is where randomness comes in")]
    #[expect(clippy::expect_used, reason = "without randomness no token is safe, and nothing may go on")]
    fn fill(&self, bytes: &mut [u8]) {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        if store.len() < bytes.len() {
            *store = vec![0; 4096.max(bytes.len())];
            getrandom::fill(&mut store).expect("the system gives randomness");
        }
        let rest = store.len() - bytes.len();
        bytes.copy_from_slice(&store[rest..]);
        store.truncate(rest);
    }
}

/// A clock that stands still.
pub struct Fixed(pub Timestamp);

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        self.0
    }
}

impl<T: Clock + ?Sized> Clock for Arc<T> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}

/// Randomness that comes out the same each time: for the demo and for tests.
pub struct Seeded {
    seed: u64,
    count: AtomicU64,
}

impl Seeded {
    /// The sequence that `seed` names.
    pub fn new(seed: u64) -> Seeded {
        Seeded { seed, count: AtomicU64::new(0) }
    }
}

impl Random for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let mut hash = Sha256::new();
            hash.update(self.seed.to_le_bytes());
            hash.update(self.count.fetch_add(1, Relaxed).to_le_bytes());
            chunk.copy_from_slice(&hash.finalize()[..chunk.len()]);
        }
    }
}
