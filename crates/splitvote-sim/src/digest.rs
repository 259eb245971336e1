//! A running 64-bit hash over every event: two runs are the same if and, but for chance, only if
//! their digests are.

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Bytes that are gathered before they are hashed.
const BLOCK: usize = 512;

/// A hash of a sequence of 64-bit words; the same on every machine.
#[derive(Clone)]
pub struct Digest {
    block: [u8; BLOCK],
    filled: usize,
    state: u64,
}

impl Default for Digest {
    fn default() -> Self {
        Self { block: [0; BLOCK], filled: 0, state: 0 }
    }
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Digest({:016x})", self.value())
    }
}

impl Digest {
    /// Takes two words in.
    #[inline]
    pub fn absorb(&mut self, first: u64, second: u64) {
        let end = self.filled + 16;
        self.block[self.filled..self.filled + 8].copy_from_slice(&first.to_le_bytes());
        self.block[self.filled + 8..end].copy_from_slice(&second.to_le_bytes());
        self.filled = end % BLOCK;
        if end == BLOCK {
            self.state = xxh3_64_with_seed(&self.block, self.state);
        }
    }

    /// The hash of all words so far.
    #[must_use]
    pub fn value(&self) -> u64 {
        xxh3_64_with_seed(&self.block[..self.filled], self.state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_every_word_count() {
        let of = |words: &[(u64, u64)]| {
            let mut digest = Digest::default();
            words.iter().for_each(|(first, second)| digest.absorb(*first, *second));
            digest.value()
        };
        assert_ne!(of(&[(1, 2), (3, 4)]), of(&[(3, 4), (1, 2)]));
        let long: Vec<(u64, u64)> = (0..100).map(|word| (word, word)).collect();
        let mut changed = long.clone();
        changed[3].1 = 99;
        assert_ne!(of(&long), of(&changed), "a word in a block hashed long ago");
        assert_eq!(of(&long), of(&long));
    }
}
