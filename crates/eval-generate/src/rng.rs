//! Random draws that stay the same for ever.
//!
//! The draws are written here, on raw ChaCha words, and not taken from a distribution crate:
//! a new version of such a crate may draw differently and silently change every dataset.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng as _, SeedableRng as _},
};
use sha2::{Digest as _, Sha256};

/// A seeded source of draws, one per case, so that case 7 is the same in a set of 10 and of 1000.
#[derive(Debug, Clone)]
pub struct Rng {
    words: ChaCha8Rng,
}

impl Rng {
    /// The source for `path`, for instance `["charts", "1", "17"]`.
    pub fn new(path: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in path {
            hash.update(u64::try_from(part.len()).expect("a length fits 64 bits").to_le_bytes());
            hash.update(part.as_bytes());
        }
        Self { words: ChaCha8Rng::from_seed(hash.finalize().into()) }
    }

    /// The source for case `index` of a dataset kind.
    pub fn for_case(kind: &str, seed: u64, index: usize) -> Self {
        Self::new(&[kind, &seed.to_string(), &index.to_string()])
    }

    /// 64 raw bits.
    pub fn bits(&mut self) -> u64 {
        self.words.next_u64()
    }

    /// A whole number below `end`, all equally likely.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).expect("a usize fits 64 bits");
        assert!(end > 0, "nothing to draw from");
        // The last, incomplete stretch of the number range is drawn again, else small numbers would win.
        let limit = u64::MAX - u64::MAX % end;
        loop {
            let bits = self.bits();
            if bits < limit {
                return usize::try_from(bits % end).expect("smaller than a usize");
            }
        }
    }

    /// A whole number from `low` to `high`, both possible.
    pub fn whole(&mut self, low: i64, high: i64) -> i64 {
        let span = usize::try_from(high - low + 1).expect("low is not above high");
        low + i64::try_from(self.below(span)).expect("a drawn number is within the span")
    }

    /// A number from 0 up to, and never reaching, 1.
    pub fn unit(&mut self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits are what an f64 holds exactly")]
        let bits = (self.bits() >> 11) as f64;
        bits / 9_007_199_254_740_992.0
    }

    /// A number between `low` and `high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A bell-shaped draw around 0 with standard deviation 1, within ±6.
    pub fn bell(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// True in `percent` of 100 draws.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of the items.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// One of the words.
    pub fn word<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    /// `count` different items in random order (all of them if there are fewer).
    pub fn sample<'a, T>(&mut self, items: &'a [T], count: usize) -> Vec<&'a T> {
        let mut all: Vec<&T> = items.iter().collect();
        self.shuffle(&mut all);
        all.truncate(count);
        all
    }

    /// Puts the items into random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_never_change_between_releases() {
        let mut rng = Rng::for_case("charts", 1, 0);
        let draws: Vec<usize> = (0..6).map(|_| rng.below(1000)).collect();
        assert_eq!(draws, [195, 825, 283, 98, 415, 970]);
    }

    #[test]
    fn seed_and_index_cannot_be_confused() {
        assert_ne!(Rng::new(&["a", "11"]).bits(), Rng::new(&["a1", "1"]).bits());
    }

    #[test]
    fn stays_within_its_bounds() {
        let mut rng = Rng::new(&["bounds"]);
        for _ in 0..1000 {
            assert!((-3..=3).contains(&rng.whole(-3, 3)));
            assert!((0.0..1.0).contains(&rng.unit()));
            assert!(rng.bell().abs() <= 6.0);
        }
    }
}
