//! How many elections ended how.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// Elections by the way they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElectionCounts {
    /// A peer became leader of the term.
    pub won: u64,
    /// Two or more stood, and no one had a majority.
    pub split: u64,
    /// One had a majority of the votes and never became leader.
    pub lost: u64,
    /// One stood alone without a majority.
    pub starved: u64,
    /// Not ended when the run did.
    pub open: u64,
}

impl ElectionCounts {
    /// The number of all elections.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.won + self.split + self.lost + self.starved + self.open
    }

    /// Adds the elections of another run.
    pub fn merge(&mut self, other: &Self) {
        self.won += other.won;
        self.split += other.split;
        self.lost += other.lost;
        self.starved += other.starved;
        self.open += other.open;
    }
}

impl AddAssign for ElectionCounts {
    fn add_assign(&mut self, other: Self) {
        self.merge(&other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_two_runs_add_up() {
        let mut counts = ElectionCounts { won: 1, split: 2, lost: 3, starved: 4, open: 5 };
        counts += counts;
        assert_eq!(counts.total(), 30);
        assert_eq!(counts.split, 4);
    }
}
