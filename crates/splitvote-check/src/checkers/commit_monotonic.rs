//! The commit index never goes back and never lies beyond the log; what is applied is committed.
//!
//! # Paper
//! Figure 2, volatile state: `commitIndex` and `lastApplied` increase monotonically; AppendEntries,
//! receiver implementation 5: "set commitIndex = min(leaderCommit, index of last new entry)".
//!
//! # Checks
//! In each life of a peer, whenever its view changes: neither the commit index nor the applied
//! index went down; the commit index is not above the log's last index, a snapshot counting as
//! log; and the applied index is not above the commit index.
//!
//! 1. Suppose S2 was told that index 7 is committed, and S1, which was not, takes office.
//! 2. S1's first heartbeat says that index 5 is committed, and S2 believes it.
//! 3. S2 has handed 6 and 7 to its state machine, and will do so again.
//!
//! # Does not check
//! Whether what is said to be committed is so: that is commit-quorum's. A restart may begin at 0.
//!
//! # Standing
//! Guarantee for an index that goes back, and for applying more than is committed. Practice for a
//! commit index beyond the log: what lies there is judged once the log reaches it, by commit-quorum,
//! state-machine-safety and apply-order. Accused is a correct Raft that stores the leader's commit
//! index as it is and heeds its log's end when it applies, or whose durable commit index outlives a
//! torn log.
//!
//! # Mutants that trip it
//! R7, R18C, R5, R6 and R2 most of all; R1, R4, R8, R8B, R14, R14B, R21, N10, N12, N13, N15, P1B,
//! S5 and S12 too, as one fault brings the next.

use super::prelude::*;

pub(super) const RULE: Rule = Rule::new(
    "commit-monotonic",
    "5.3, Figure 2",
    "The commit index never decreases, nor lies beyond the log; what is applied is committed.",
);

/// The evidence: an index that went back or too far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CommitAstray {
    /// The commit index went down.
    CommitDecreased {
        /// The peer that this is about.
        peer: PeerId,
        /// Before the step.
        from: LogIndex,
        /// After the step.
        to: LogIndex,
    },
    /// The applied index went down.
    AppliedDecreased {
        /// The peer that this is about.
        peer: PeerId,
        /// Before the step.
        from: LogIndex,
        /// After the step.
        to: LogIndex,
    },
    /// The commit index lies beyond the log.
    BeyondLog {
        /// The peer that this is about.
        peer: PeerId,
        /// The commit index.
        commit: LogIndex,
        /// Where the log ends.
        last: LogPosition,
    },
    /// The applied index lies beyond the commit index.
    AppliedBeyondCommit {
        /// The peer that this is about.
        peer: PeerId,
        /// The applied index.
        applied: LogIndex,
        /// The commit index.
        commit: LogIndex,
    },
}

pub(super) fn check(_: &Ghost, _: SimTime, seen: &Observation) -> Option<CommitAstray> {
    let (peer, before, after) = seen.step()?;
    let View { commit, applied, last, .. } = *after;
    if commit < before.commit {
        return Some(CommitAstray::CommitDecreased { peer, from: before.commit, to: commit });
    }
    if applied < before.applied {
        return Some(CommitAstray::AppliedDecreased { peer, from: before.applied, to: applied });
    }
    if commit > last.index {
        return Some(CommitAstray::BeyondLog { peer, commit, last });
    }
    (applied > commit).then_some(CommitAstray::AppliedBeyondCommit { peer, applied, commit })
}

impl Proof for CommitAstray {
    fn finding(&self) -> Finding {
        let of = |cause, peer| {
            Finding::new(cause, [peer]).leads([
                Lead::Applied(peer),
                Lead::OwnPast(peer),
                Lead::Message,
            ])
        };
        match *self {
            Self::CommitDecreased { peer, .. } => of("commit-decreased", peer).without_comma(),
            Self::AppliedDecreased { peer, .. } => of("applied-decreased", peer).without_comma(),
            Self::BeyondLog { peer, .. } => of("beyond-log", peer).of_practice(),
            Self::AppliedBeyondCommit { peer, .. } => of("applied-beyond-commit", peer),
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::CommitDecreased { peer, from, to } => {
                format!("{peer} took its commit index back from {from} to {to}")
            }
            Self::AppliedDecreased { peer, from, to } => {
                format!("{peer} took its applied index back from {from} to {to}")
            }
            Self::BeyondLog { peer, commit, last } => {
                format!("{peer} says that index {commit} is committed, but its log ends at {last}")
            }
            Self::AppliedBeyondCommit { peer, applied, commit } => format!(
                "{peer} says that it has applied index {applied}, but only index {commit} is \
                 committed to its knowledge"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::script::Script;

    fn fires(run: &Script, sentence: &str) {
        assert_eq!(run.verdict(), Some(("commit-monotonic", sentence.to_owned())));
    }

    /// Three entries are committed, and S0 and S1 know of it.
    fn three_committed() -> Script {
        let mut run = Script::new(3);
        run.elect(0, 1, &[0, 1]).append(0, &[1, 1, 1, 1]).replicate(0, &[1]).commit(0, 3);
        run.commit(1, 3);
        run
    }

    #[test]
    fn a_commit_index_that_goes_back_fires() {
        let mut run = three_committed();
        run.commit(1, 2);
        fires(&run, "S1 took its commit index back from 3 to 2");
    }

    #[test]
    fn an_applied_index_that_goes_back_fires() {
        let mut run = three_committed();
        run.apply(1, 2).change(1, |view| view.applied = 1);
        fires(&run, "S1 took its applied index back from 2 to 1");
    }

    #[test]
    fn a_commit_index_beyond_the_log_fires() {
        let mut run = three_committed();
        run.hold(2, &[1, 1]).commit(2, 3);
        fires(&run, "S2 says that index 3 is committed, but its log ends at 2@1");
    }

    #[test]
    fn what_is_applied_before_it_is_committed_fires() {
        let mut run = three_committed();
        run.change(1, |view| view.applied = 4);
        let sentence = "S1 says that it has applied index 4, but only index 3 is committed to its \
                        knowledge";
        fires(&run, sentence);
    }

    #[test]
    fn a_restart_begins_anew_and_a_whole_log_may_be_committed() {
        let mut run = three_committed();
        run.crash(1).reboot(1, &[1, 1, 1, 1]).commit(1, 2).apply(1, 2).commit(0, 4).apply(0, 4);
        assert_eq!(run.verdict(), None);
    }
}
