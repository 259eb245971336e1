//! A running 64-bit hash over every event: two runs are the same if and, but for chance, only if
//! their digests are.
//!
//! Each pair of words is folded in by one wide multiplication, as wyhash does: both halves of the
//! product of two odd-looking numbers depend on every bit of both, and the state takes part in
//! both, so that order counts.

/// Arbitrary bits, half of them set.
const SALT: [u64; 2] = [0x2d35_8dcc_aa6c_78a5, 0x8bb8_4b93_962e_acc9];

/// A hash of a sequence of 64-bit words; the same on every machine.
#[derive(Clone)]
pub struct Digest {
    state: u64,
}

impl Default for Digest {
    fn default() -> Self {
        Self { state: SALT[0] }
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
        let left = self.state ^ first;
        let right = self.state.rotate_left(32) ^ second ^ SALT[1];
        self.state = fold(left, right) ^ self.state.rotate_left(11);
    }

    /// Takes words in, one after the other. For what is rare: each costs a multiplication. What is
    /// taken in is written down word by word and never derived, since what a derived `Hash` feeds
    /// its hasher may change with the compiler.
    pub fn absorb_words(&mut self, words: &[u64]) {
        words.iter().for_each(|word| self.absorb(*word, SALT[0]));
    }

    /// The hash of all words so far.
    #[must_use]
    pub fn value(&self) -> u64 {
        fold(self.state ^ SALT[0], SALT[1])
    }
}

/// Both halves of the product, folded into one word.
#[inline]
fn fold(left: u64, right: u64) -> u64 {
    let product = u128::from(left) * u128::from(right);
    (product as u64) ^ (product >> 64) as u64
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

    #[test]
    fn each_bit_of_each_word_changes_about_half_of_the_digest() {
        let of = |bit: Option<u32>| {
            let mut digest = Digest::default();
            for place in 0..20 {
                let flip = |word: u32| match bit {
                    Some(bit) if place == 3 && bit / 64 == word => 1_u64 << (bit % 64),
                    _ => 0,
                };
                digest.absorb(place ^ flip(0), 7 ^ flip(1));
            }
            digest.value()
        };
        for bit in 0..128 {
            let changed = (of(None) ^ of(Some(bit))).count_ones();
            assert!((14..=50).contains(&changed), "bit {bit} changes {changed} bits");
        }
    }
}
