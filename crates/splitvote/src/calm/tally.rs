//! How calms ended, counted: a sweep in which no calm ever settled says nothing about liveness.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Calm, Unable};

/// How many calms ended in which way. Prints as `3 settled, 1 excused, 0 unproved`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Calms {
    /// The core elected, committed and converged.
    pub settled: u64,
    /// The core made no progress and did not have to: faults were left that no Raft gets by with, such as a majority
    /// that is down.
    pub excused: u64,
    /// The core made no progress, and nothing could be demanded of it: network and timers leave no time for an election
    /// or for heartbeats. This is a question of how the cluster is configured, and not of a fault.
    pub unproved: u64,
    /// Why the first of those that did not settle did not have to, as a clause.
    pub why: Option<String>,
}

impl Calms {
    /// Counts one more.
    pub(crate) fn count(&mut self, calm: &Calm) {
        let Calm::Stuck { why, .. } = calm else {
            self.settled += 1;
            return;
        };
        *(if why.is_of_timing() { &mut self.unproved } else { &mut self.excused }) += 1;
        self.why.get_or_insert_with(|| why.to_string());
    }

    /// Adds those of a later run.
    pub(crate) fn merge(&mut self, more: Self) {
        self.settled += more.settled;
        self.excused += more.excused;
        self.unproved += more.unproved;
        if self.why.is_none() {
            self.why = more.why;
        }
    }

    /// How many ended without a failure, one way or the other.
    #[must_use]
    pub fn all(&self) -> u64 {
        self.settled + self.excused + self.unproved
    }
}

impl fmt::Display for Calms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { settled, excused, unproved, .. } = self;
        write!(f, "{settled} settled, {excused} excused, {unproved} unproved")
    }
}

impl Unable {
    /// Whether it follows from how network and timers are configured, whatever the faults are.
    fn is_of_timing(&self) -> bool {
        match self {
            Self::HeartbeatsTooSlow { .. }
            | Self::TimeoutsTooClose { .. }
            | Self::VotesTooSlow { .. }
            | Self::AnswersTooSlow { .. } => true,
            Self::NoQuorum { .. }
            | Self::Down(_)
            | Self::Paused(_)
            | Self::DiskStalled(_)
            | Self::Hasty { .. }
            | Self::NoLink { .. }
            | Self::Rules
            | Self::Disturbed { .. }
            | Self::Lost { .. } => false,
        }
    }
}
