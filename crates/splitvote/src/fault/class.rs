//! Classes of faults, each of which can be switched off by name.
//!
//! It is the first thing that a person tries who looks for the cause of a failure, and the first thing
//! that the shrinker tries. A fault that is switched off draws all the same, so that all others stay as
//! they were.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use splitvote_peer::named;

use crate::language::error::alike;

named! {
    /// A class of faults.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum FaultClass {
        /// Links that are cut, in one direction or both, and peers that are disconnected.
        Partitions = "partitions",
        /// Links over which nothing arrives for a while.
        Clogs = "clogs",
        /// Links that are slower than others, and networks slower than the 1 to 10 ms that are usual.
        Delays = "delays",
        /// Packets that are lost, each by itself, in bursts, or on links that carry only so many.
        Loss = "loss",
        /// Packets that arrive twice.
        Duplication = "duplication",
        /// Packets that fall far behind others.
        Reordering = "reordering",
        /// Packets that arrive once more, long after their time.
        StaleReplay = "stale-replay",
        /// Peers that crash.
        Crashes = "crashes",
        /// Peers that crash between two writes or before they send.
        CrashPoints = "crash-points",
        /// Peers that stand still while their clocks run on.
        Pauses = "pauses",
        /// Clocks that are off, run fast or slow, or jump; timers that are set wrongly.
        Clocks = "clocks",
        /// Disks that are slow, full or damaged, that fail or lie, and crashes that tear what was not synced.
        Disks = "disks",
        /// Tasks of a peer that run in another order than the one in which they were woken.
        Tasks = "tasks",
    }
}

/// A name that no class of faults has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no class of faults is called `{0}`; {near}there are: {names}", near = near(.0), names = names())]
pub struct ClassError(String);

fn names() -> String {
    FaultClass::ALL.iter().map(|class| class.name()).collect::<Vec<_>>().join(", ")
}

/// "did you mean `x`? ", if a name is like this one.
fn near(name: &str) -> String {
    let near = alike(name, FaultClass::ALL.iter().map(|class| class.name()));
    if near.is_empty() { near } else { format!("{near} ") }
}

impl FromStr for FaultClass {
    type Err = ClassError;

    fn from_str(name: &str) -> Result<Self, ClassError> {
        Self::find(name.trim()).ok_or_else(|| ClassError(name.to_owned()))
    }
}

/// A set of classes of faults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FaultClasses(u32);

impl FaultClasses {
    /// The empty set of classes.
    pub const NONE: Self = Self(0);

    /// Adds a class.
    pub fn insert(&mut self, class: FaultClass) {
        self.0 |= 1 << class as u32;
    }

    /// Whether a class is among them.
    #[must_use]
    pub fn contains(self, class: FaultClass) -> bool {
        self.0 & 1 << class as u32 != 0
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// All that are in one of the two.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The classes, in the order of [`FaultClass::ALL`].
    pub fn iter(self) -> impl Iterator<Item = FaultClass> {
        FaultClass::ALL.iter().copied().filter(move |class| self.contains(*class))
    }
}

impl FromIterator<FaultClass> for FaultClasses {
    fn from_iter<I: IntoIterator<Item = FaultClass>>(classes: I) -> Self {
        let mut set = Self::NONE;
        classes.into_iter().for_each(|class| set.insert(class));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_is_found_by_its_name() {
        for class in FaultClass::ALL {
            assert_eq!(class.name().parse(), Ok(*class));
        }
        let error = "weather".parse::<FaultClass>().unwrap_err().to_string();
        assert!(error.contains("`weather`") && error.contains("stale-replay"), "{error}");
    }

    #[test]
    fn a_set_holds_what_was_put_in() {
        let set: FaultClasses = [FaultClass::Loss, FaultClass::Disks].into_iter().collect();
        assert!(set.contains(FaultClass::Loss) && !set.contains(FaultClass::Clogs));
        assert_eq!(set.iter().collect::<Vec<_>>(), [FaultClass::Loss, FaultClass::Disks]);
        assert!(FaultClasses::NONE.is_empty() && !set.is_empty());
    }
}
