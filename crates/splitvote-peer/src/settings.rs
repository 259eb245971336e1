//! What a scenario asks of every Raft, whoever wrote it.

use crate::features::{Feature, Features};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::time::Timing;

/// How peers are to be configured. A Raft that has no such option leaves it aside.
///
/// ```
/// use splitvote_peer::{Feature, Features, Settings};
///
/// let asked = Settings { pre_vote: true, ..Settings::default() };
/// assert!(asked.clone().fitted_to(Features::NONE.with(Feature::PreVote)).pre_vote);
/// assert!(!asked.fitted_to(Features::NONE).pre_vote, "off for a Raft that does not have it");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Election timeouts and heartbeat interval.
    pub timing: Timing,
    /// Whether a new leader starts its term with an entry of its own (paper, section 8). The MIT
    /// lab forbids it, since its indexes are counted.
    pub no_op: bool,
    /// Whether a peer asks before it stands: only if a majority would vote for it does it raise its
    /// term (PreVote; dissertation, section 9.6).
    pub pre_vote: bool,
    /// Whether a leader steps down that has not heard from a majority for an election timeout
    /// (CheckQuorum; dissertation, section 6.2), and whoever has heard from one within the minimum
    /// election timeout disregards requests for votes (dissertation, section 4.2.3).
    pub check_quorum: bool,
    /// How long a leader may hold proposals back so that they leave in one message. With zero, those
    /// of one instant go together.
    #[serde(with = "crate::serial::duration")]
    pub batch_delay: Duration,
    /// The most entries in one AppendEntries.
    pub entries_per_append: usize,
    /// The most bytes of entries in one AppendEntries, as long as it holds more than one; none does not limit them. An
    /// entry that is larger by itself goes alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes_per_append: Option<usize>,
    /// The most AppendEntries with entries under way to one follower at once: 1 waits for each
    /// reply, more is pipelining.
    pub appends_in_flight: usize,
    /// The most bytes of a snapshot in one InstallSnapshot; none sends it whole (paper, section 7).
    pub snapshot_chunk: Option<usize>,
    /// Whether the next of a peer's ready tasks is drawn from the seed, and not the one that was woken first: for
    /// Rafts that are made of tasks.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shuffled_tasks: bool,
}

impl Default for Settings {
    /// The paper's timing, no no-op, neither PreVote nor CheckQuorum, batches of up to 128 entries, four of them
    /// under way, and snapshots sent whole.
    fn default() -> Self {
        Self {
            timing: Timing::default(),
            no_op: false,
            pre_vote: false,
            check_quorum: false,
            batch_delay: Duration::ZERO,
            entries_per_append: 128,
            bytes_per_append: None,
            appends_in_flight: 4,
            snapshot_chunk: None,
            shuffled_tasks: false,
        }
    }
}

impl Settings {
    /// The same settings with every option off that a Raft of these features does not have.
    #[must_use]
    pub fn fitted_to(&self, features: Features) -> Self {
        Self {
            no_op: self.no_op && features.has(Feature::NoOp),
            pre_vote: self.pre_vote && features.has(Feature::PreVote),
            check_quorum: self.check_quorum && features.has(Feature::CheckQuorum),
            shuffled_tasks: self.shuffled_tasks && features.has(Feature::Tasks),
            ..self.clone()
        }
    }
}

impl From<Timing> for Settings {
    fn from(timing: Timing) -> Self {
        Self { timing, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_that_a_raft_does_not_have_is_off() {
        let all =
            Settings { no_op: true, pre_vote: true, check_quorum: true, ..Settings::default() };
        assert_eq!(all.fitted_to(Features::ALL), all);
        assert_eq!(all.fitted_to(Features::of(&[Feature::Log])), Settings::default());
        let fitted = all.fitted_to(Features::ALL.without(Feature::CheckQuorum));
        assert!(fitted.no_op && fitted.pre_vote && !fitted.check_quorum);
    }
}
