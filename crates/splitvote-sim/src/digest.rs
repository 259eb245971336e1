//! A running 64-bit hash over every event: two runs are the same if and, but for chance, only if
//! their digests are.
//!
//! Each pair of words is folded in by one wide multiplication, as wyhash does: both halves of the
//! product of two odd-looking numbers depend on every bit of both, and the state takes part in
//! both, so that order counts.

use std::hash::{Hash, Hasher};

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

    /// Takes a value in, whatever its parts. For what is rare: each part costs a multiplication.
    pub fn absorb_parts(&mut self, value: &impl Hash) {
        value.hash(&mut Parts(self));
    }

    /// The hash of all words so far.
    #[must_use]
    pub fn value(&self) -> u64 {
        fold(self.state ^ SALT[0], SALT[1])
    }
}

/// Turns the parts of a value into words of 64 bits, the same on every machine. (Signed parts come
/// as unsigned ones.)
struct Parts<'a>(&'a mut Digest);

impl Hasher for Parts<'_> {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u8(*byte));
    }
    fn write_u8(&mut self, part: u8) {
        self.write_u64(part.into());
    }
    fn write_u16(&mut self, part: u16) {
        self.write_u64(part.into());
    }
    fn write_u32(&mut self, part: u32) {
        self.write_u64(part.into());
    }
    fn write_u64(&mut self, part: u64) {
        self.0.absorb(part, SALT[0]);
    }
    fn write_u128(&mut self, part: u128) {
        self.0.absorb(part as u64, (part >> 64) as u64);
    }
    fn write_usize(&mut self, part: usize) {
        self.write_u64(part as u64);
    }
    fn finish(&self) -> u64 {
        self.0.value()
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
    fn every_part_of_a_value_counts() {
        let of = |value: (Option<u32>, bool, std::time::Duration)| {
            let mut digest = Digest::default();
            digest.absorb_parts(&value);
            digest.value()
        };
        let second = std::time::Duration::from_secs(1);
        let values = [
            (None, false, second),
            (Some(0), false, second),
            (Some(1), false, second),
            (None, true, second),
            (None, false, 2 * second),
            (None, false, second + std::time::Duration::from_nanos(1)),
        ];
        let digests: std::collections::BTreeSet<u64> = values.map(of).into_iter().collect();
        assert_eq!(digests.len(), values.len());
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
