//! Which candidates were tried and did not fail as they should: passes come back to the same ones round after round.
//!
//! A candidate is told by 64 bits of all that it is. One that did not fail alike within some bounds of time and
//! events does not within narrower ones, so what is remembered is forgotten only when a candidate is taken that has
//! wider ones.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};

use super::candidate::Candidate;

/// The candidates that need not be run again.
#[derive(Clone, Debug, Default)]
pub(super) struct Refused(BTreeSet<u64>);

impl Refused {
    pub(super) fn contains(&self, key: u64) -> bool {
        self.0.contains(&key)
    }

    pub(super) fn insert(&mut self, key: u64) {
        self.0.insert(key);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

/// The key of a candidate.
pub(super) fn key(candidate: &Candidate) -> u64 {
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    // Everything of a plan is in its `Debug`, and writing to a hash does not fail.
    _ = write!(hash, "{candidate:?}");
    hash.0
}

/// The hash of Fowler, Noll and Vo: short, and the same everywhere.
struct Fnv(u64);

impl fmt::Write for Fnv {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use splitvote_sim::Seed;

    use super::super::testing::{crash, plan};
    use super::*;

    #[test]
    fn a_key_tells_seeds_acts_and_times_apart() {
        let of = |acts, seed| key(&Candidate { seed: Seed(seed), ..plan(acts) });
        let keys = [of(vec![], 0), of(vec![], 1), of(vec![crash(1)], 0), of(vec![crash(2)], 0)];
        assert_eq!(keys.into_iter().collect::<BTreeSet<_>>().len(), 4);
        assert_eq!(of(vec![crash(1)], 0), keys[2]);
    }
}
