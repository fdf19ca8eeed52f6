//! Chance that comes out the same each time (splitmix64).

use std::time::Duration;

/// A sequence of numbers that its seed decides.
#[derive(Clone)]
pub struct Dice(u64);

impl Dice {
    /// The sequence of a seed.
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        it ^ (it >> 31)
    }

    /// A number of `from..to`.
    pub fn between(&mut self, from: usize, to: usize) -> usize {
        let width = to.saturating_sub(from).max(1) as u64;
        from + usize::try_from(self.roll() % width).unwrap_or(0)
    }

    /// Whether what happens `percent` times of a hundred happens now.
    pub fn happens(&mut self, percent: usize) -> bool {
        self.between(0, 100) < percent
    }

    /// One of them; there is at least one.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.between(0, from.len())]
    }

    /// A time of `from..to` minutes, to the second.
    pub fn minutes(&mut self, from: usize, to: usize) -> Duration {
        Duration::from_secs(self.between(from * 60, to * 60) as u64)
    }
}
