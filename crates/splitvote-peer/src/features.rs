//! What a Raft has, and what it therefore can be judged by.
//!
//! A Raft says so once, in [`crate::Peer::FEATURES`]. What it has not is neither judged nor
//! demanded: a rule of the paper about it is left out, and a scenario that needs it is skipped, by
//! name and with the reason.

use std::fmt;

crate::named! {
    /// One thing that a Raft may have or not.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    #[repr(u8)]
    #[non_exhaustive]
    pub enum Feature {
        /// It takes commands, replicates them and hands what is committed to the state machine.
        Log = "log": "It replicates commands and applies what is committed.",
        /// It keeps its term and vote, and its log if it has one, on its disk, and finds them there after
        /// a crash.
        Disk = "disk": "It finds its term, vote and log on its disk after a crash.",
        /// It takes snapshots from the state machine, discards its log up to there, and sends them.
        Snapshots = "snapshots": "It discards its log up to a snapshot, and sends snapshots.",
        /// It writes an entry of its own at the start of a term or of a cluster, always or when
        /// [`crate::Settings::no_op`] asks for it.
        NoOp = "no-op": "It writes an entry of its own at the start of a term or of a cluster.",
        /// It asks before it stands when [`crate::Settings::pre_vote`] asks for it.
        PreVote = "pre-vote": "It asks whether it would be elected before it raises its term.",
        /// Its leader steps down without a majority when [`crate::Settings::check_quorum`] asks for it.
        CheckQuorum = "check-quorum": "Its leader steps down if it hears from no majority.",
        /// It heeds a request for votes in a higher term although it hears a leader (unless
        /// [`crate::Settings::check_quorum`] asks it not to). To disregard one is always safe, but the events
        /// that only such a request brings about never happen then.
        HeedsCandidates = "heeds-candidates":
            "It heeds a candidate of a higher term although it hears a leader.",
        /// It answers a request for votes that it refuses.
        Refusals = "refusals",
        /// It repeats a request for a vote whose answer does not come, within the same term (section 5.1), so that a
        /// lost answer costs no election. Those of the labs' Rafts that ask once stand again instead.
        RepeatsRequests = "repeats-requests":
            "It repeats a request for a vote whose answer does not come.",
        /// A leader whose disk hangs does not hold up the cluster: the entries that its own disk does not have yet
        /// leave all the same and are committed by the others, or it gives up its office. Most Rafts that are in use
        /// write to their own disk first, and go on sending heartbeats.
        OutlivesStalls = "outlives-stalls":
            "The cluster goes on though the disk of its leader hangs.",
        /// Its leader sends the proposals of one instant in few messages, however many they are.
        Batching = "batching": "It sends the proposals of one instant in few messages.",
        /// It is made of tasks, whose order [`crate::Settings::shuffled_tasks`] has drawn from the seed.
        Tasks = "tasks": "It is made of tasks, whose order can be drawn from the seed.",
    }
}

impl Feature {
    const fn bit(self) -> u32 {
        1 << self as u8
    }
}

/// A set of features. Prints as `log, disk`.
///
/// ```
/// use splitvote_peer::{Feature, Features};
///
/// const MINE: Features = Features::of(&[Feature::Log, Feature::Disk]);
/// assert!(MINE.has(Feature::Log) && !MINE.has(Feature::Snapshots));
/// assert_eq!(MINE.to_string(), "log, disk");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Features(u32);

impl Features {
    /// No feature: elections in memory, and nothing else.
    pub const NONE: Self = Self(0);

    /// Every feature there is.
    pub const ALL: Self = Self::of(Feature::ALL);

    /// The set of these features.
    #[must_use]
    pub const fn of(features: &[Feature]) -> Self {
        let mut set = 0;
        let mut rest = features;
        while let [first, others @ ..] = rest {
            set |= first.bit();
            rest = others;
        }
        Self(set)
    }

    /// The same set with this feature in it.
    #[must_use]
    pub const fn with(self, feature: Feature) -> Self {
        Self(self.0 | feature.bit())
    }

    /// The same set without this feature.
    #[must_use]
    pub const fn without(self, feature: Feature) -> Self {
        Self(self.0 & !feature.bit())
    }

    /// Whether the feature is in the set.
    #[must_use]
    pub const fn has(self, feature: Feature) -> bool {
        self.0 & feature.bit() != 0
    }

    /// What is in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in this set and not in the other.
    #[must_use]
    pub const fn difference(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the set is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The features of the set, in the order of [`Feature::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Feature> {
        Feature::ALL.iter().copied().filter(move |feature| self.has(*feature))
    }
}

impl fmt::Display for Features {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, feature) in self.iter().enumerate() {
            if place > 0 {
                f.write_str(", ")?;
            }
            f.write_str(feature.name())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Features {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Features({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_is_listed_once_under_a_name_of_its_own() {
        for (place, feature) in Feature::ALL.iter().copied().enumerate() {
            assert_eq!(feature as usize, place, "{feature} stands where its number says");
            assert_eq!(Feature::find(feature.name()), Some(feature));
        }
        assert_eq!(Feature::find("none"), None);
        assert_eq!(Features::ALL.iter().count(), Feature::ALL.len());
    }

    #[test]
    fn a_set_tells_what_it_lacks() {
        let set = Features::NONE.with(Feature::Log).with(Feature::PreVote);
        assert!(!Features::ALL.without(Feature::Log).has(Feature::Log));
        let asked = Features::of(&[Feature::Log, Feature::Disk, Feature::Snapshots]);
        assert_eq!(asked.difference(set).to_string(), "disk, snapshots");
        assert!(set.difference(set).is_empty() && Features::NONE.is_empty());
    }
}
