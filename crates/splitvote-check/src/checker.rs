//! What each [`Checker`] stands for, and sets of checkers.

use std::fmt;

use crate::checkers::Checker;

impl Checker {
    /// Its name in scenarios and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.rule().name
    }

    /// Whether what it watches keeps a cluster going, and not safe.
    #[must_use]
    pub fn is_liveness(self) -> bool {
        self.rule().is_liveness
    }

    /// The checker of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|checker| checker.name() == name)
    }

    /// Where the extended Raft paper, or the dissertation, states the rule.
    #[must_use]
    pub fn paper(self) -> &'static str {
        self.rule().paper
    }

    /// The rule in one sentence.
    #[must_use]
    pub fn property(self) -> &'static str {
        self.rule().property
    }
}

impl fmt::Display for Checker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A set of checkers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckerSet(u32);

impl CheckerSet {
    /// All checkers.
    pub const ALL: Self = Self(u32::MAX);
    /// No checker.
    pub const NONE: Self = Self(0);

    /// Whether the checker is in the set.
    #[inline]
    #[must_use]
    pub fn contains(self, checker: Checker) -> bool {
        self.0 & 1 << checker as u32 != 0
    }

    /// Takes the checker out.
    pub fn remove(&mut self, checker: Checker) {
        self.0 &= !(1 << checker as u32);
    }

    /// The checkers of either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The checkers of both sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The checkers of this set that are not in the other.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The checkers of the set, in the order in which they judge.
    pub fn iter(self) -> impl Iterator<Item = Checker> {
        Checker::ALL.iter().copied().filter(move |checker| self.contains(*checker))
    }
}

impl FromIterator<Checker> for CheckerSet {
    fn from_iter<I: IntoIterator<Item = Checker>>(checkers: I) -> Self {
        Self(checkers.into_iter().fold(0, |set, checker| set | 1 << checker as u32))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize as _;
    use serde::de::IntoDeserializer as _;
    use serde::de::value::{Error, StrDeserializer};

    use super::*;

    #[test]
    fn checkers_are_declared_in_the_order_in_which_they_judge() {
        assert!(Checker::ALL.is_sorted());
    }

    #[test]
    fn every_checker_is_found_by_its_name() {
        for checker in Checker::ALL {
            assert_eq!(Checker::find(checker.name()), Some(*checker));
        }
        assert_eq!(Checker::find("linearizability"), None);
    }

    #[test]
    fn a_checker_is_written_by_its_name() {
        for checker in Checker::ALL {
            let name: StrDeserializer<'_, Error> = checker.name().into_deserializer();
            assert_eq!(Checker::deserialize(name), Ok(*checker));
        }
    }
}
