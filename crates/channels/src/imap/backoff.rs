//! How long to wait before the next try.

use std::time::Duration;

use super::Pace;

/// Waits that double from try to try, each somewhere in the upper half of its span.
#[derive(Debug)]
pub(super) struct Backoff {
    first: Duration,
    last: Duration,
    tries: u32,
    seed: u64,
}

impl Backoff {
    pub(super) fn new(pace: &Pace) -> Backoff {
        Backoff { first: pace.first_retry, last: pace.last_retry, tries: 0, seed: pace.seed }
    }

    /// It works: the next wait is a short one again.
    pub(super) fn reset(&mut self) {
        self.tries = 0;
    }

    pub(super) fn next(&mut self) -> Duration {
        self.tries = self.tries.saturating_add(1);
        let span = self.first.saturating_mul(2_u32.saturating_pow(self.tries)).min(self.last);
        let half = span / 2;
        half + half.mul_f64(self.share())
    }

    /// A number from 0 to 1 that depends on the seed and on how often it was asked for (`SplitMix64`).
    fn share(&mut self) -> f64 {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.seed;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let top = u32::try_from((bits ^ (bits >> 31)) >> 32).unwrap_or(0);
        f64::from(top) / f64::from(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_from_a_second_to_five_minutes() {
        for seed in 0..50 {
            let mut backoff = Backoff::new(&Pace::new(seed));
            let waits: Vec<Duration> = (0..40).map(|_| backoff.next()).collect();
            assert!(waits[0] >= Duration::from_secs(1) && waits[0] <= Duration::from_secs(2), "{waits:?}");
            assert!(waits.iter().all(|wait| *wait <= Duration::from_mins(5)), "{waits:?}");
            assert!(waits[39] >= Duration::from_secs(150), "{waits:?}");
            backoff.reset();
            assert!(backoff.next() <= Duration::from_secs(2));
        }
    }

    #[test]
    fn two_mailboxes_do_not_come_back_together() {
        let wait = |seed| Backoff::new(&Pace::new(seed)).next();
        assert_ne!(wait(1), wait(2));
        assert_eq!(wait(1), wait(1));
    }
}
