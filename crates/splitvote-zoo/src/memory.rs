//! What a mutant remembers from one decision to the next.

use std::sync::atomic::{AtomicU64, Ordering};

/// A number that the rules of one peer remember; a boot begins with the one that it was made with.
#[derive(Debug)]
pub struct Memory(AtomicU64);

impl Memory {
    /// Begins with this number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(AtomicU64::new(number))
    }

    /// The number that was remembered last.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Remembers another number.
    pub fn set(&self, number: u64) {
        self.0.store(number, Ordering::Relaxed);
    }
}

impl Clone for Memory {
    fn clone(&self) -> Self {
        Self::new(self.get())
    }
}
