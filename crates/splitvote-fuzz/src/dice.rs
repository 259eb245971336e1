//! The chance of one input: a stream of its own, so that each input can be made again alone.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Draws for one input.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice of an input of a seed.
    pub(crate) fn new(seed: u64, input: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&input.to_le_bytes());
        Self(ChaCha8Rng::from_seed(key))
    }

    /// A number below `end`; 0 if there is none.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let word = self.0.next_u64();
        usize::try_from(word % (end.max(1) as u64)).unwrap_or(0)
    }

    /// Whether it happens, once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of these; `None` if there is none.
    pub(crate) fn one_of<'a, T>(&mut self, those: &'a [T]) -> Option<&'a T> {
        those.get(self.below(those.len()))
    }
}
