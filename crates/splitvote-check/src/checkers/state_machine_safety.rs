//! No two peers commit or apply different entries at the same index.
//!
//! # Paper
//! Figure 3: "State Machine Safety: if a server has applied a log entry at a given index to its
//! state machine, no other server will ever apply a different log entry for the same index"
//! (section 5.4.3).
//!
//! # Checks
//! Every entry that anyone applies, against what was ever committed or applied at its index, by
//! term and payload. Whenever a commit index rises to an index that others had committed before:
//! that the peer's log is the same up to there.
//!
//! 1. Suppose S1 led term 2 and holds 6@2, which nobody else has; 6@3 was committed without it.
//! 2. S0's heartbeat of term 3 says that 6 is committed, and S1's log is that long: it commits 6@2.
//! 3. S1 will apply another command than all others at index 6. The fault is seen in step 2.
//!
//! # Does not check
//! The first commitment of an index: that is commit-quorum's. Snapshots: snapshot sees to them.
//!
//! # Standing
//! Guarantee: it is one of the five properties of Figure 3. It might accuse a correct Raft only if
//! the payload of one entry reads differently on two peers.
//!
//! # Mutants that trip it
//! N15, N10, N11, R7, N13 and R8B most of all; R1, R2, R4, R6, R8, R14B, R21, N12, P1, P1B, P2, P3,
//! P5, S2, S3, S4, S6 and S12 too, as one fault brings the next.

use super::prelude::*;

pub(super) const RULE: Rule = Rule::new(
    "state-machine-safety",
    "5.4.3, Figure 3",
    "No two peers commit or apply different entries at the same index.",
);

/// The evidence: two entries for one index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TwoEntries {
    /// A peer applied another entry than was committed.
    Applied {
        /// Who applied it.
        peer: PeerId,
        /// The index at which both stand.
        index: LogIndex,
        /// What it applied.
        applied: EntryId,
        /// The term of the entry that was committed there.
        committed: Term,
    },
    /// A peer committed another entry than had been committed.
    Committed {
        /// Who committed it.
        peer: PeerId,
        /// The first entry of its log that is another.
        held: LogPosition,
        /// The term of the entry that was committed there.
        committed: Term,
    },
}

pub(super) fn check(ghost: &Ghost, _: SimTime, seen: &Observation) -> Option<TwoEntries> {
    match *seen {
        Observation::Applied { peer, index, entry: applied } => {
            let committed = ghost.committed.term(index).filter(|_| index > 0)?;
            let is_same = ghost.committed.is_entry(index, applied);
            (!is_same).then_some(TwoEntries::Applied { peer, index, applied, committed })
        }
        Observation::Changed { peer, before, after } if after.commit > known_to_be(&before) => {
            committed_otherwise(ghost, peer, &after)
        }
        Observation::Booted { peer, view, .. } if view.commit > 0 => {
            committed_otherwise(ghost, peer, &view)
        }
        _ => None,
    }
}

/// Up to where the log was committed: a commit index may lie beyond a log that is yet to reach it.
fn known_to_be(before: &View) -> LogIndex {
    before.commit.min(before.last.index)
}

fn committed_otherwise(ghost: &Ghost, peer: PeerId, view: &View) -> Option<TwoEntries> {
    let log = &ghost.peer(peer)?.log;
    let index = view.commit.min(ghost.committed.last()).min(log.last_index());
    let (held, committed) = (log.history(index)?, ghost.committed.history(index)?);
    if held == committed {
        return None;
    }
    let first = ghost.agreement(log) + 1;
    let committed = ghost.committed.term(first)?;
    Some(TwoEntries::Committed { peer, held: log.position(first), committed })
}

impl Proof for TwoEntries {
    fn finding(&self) -> Finding {
        let (cause, peer, held, committed) = match *self {
            Self::Applied { peer, index, applied, committed } => {
                ("applied", peer, LogPosition { index, term: applied.term }, committed)
            }
            Self::Committed { peer, held, committed } => ("committed", peer, held, committed),
        };
        let there = LogPosition { index: held.index, term: committed };
        Finding::new(cause, [peer]).leads([
            Lead::Commitment(there, None),
            Lead::Entry(peer, held),
            Lead::LaterElection { term: held.term, entry: there },
            Lead::Message,
            Lead::Remark(format!("its own log has {held} where {there} was committed")),
        ])
    }

    fn sentence(&self) -> String {
        match self {
            Self::Applied { peer, index, applied: EntryId { term, digest }, committed } => format!(
                "{peer} applied {index}@{term} with payload {digest:016x}, but another entry of \
                 term {committed} was committed there"
            ),
            Self::Committed { peer, held, committed } => format!(
                "{peer} committed its {held}, but another entry of term {committed} was committed \
                 there"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::{EntryId, PeerId};

    use crate::Checker;
    use crate::observation::Observation;
    use crate::script::{Script, entry};

    fn fires(run: &Script, sentence: &str) {
        assert_eq!(run.verdict(), Some(("state-machine-safety", sentence.to_owned())));
    }

    /// S0 leads term 3 and has committed three entries with S1.
    fn three_committed(mut run: Script) -> Script {
        run.elect(0, 3, &[0, 1]).append(0, &[3, 3, 3]).replicate(0, &[1]).commit(0, 3);
        run
    }

    #[test]
    fn another_term_applied_at_the_same_index_fires() {
        let mut run = three_committed(Script::asking(Checker::StateMachineSafety, 3));
        run.see(Observation::Applied { peer: PeerId(2), index: 2, entry: entry(2, 1) });
        let sentence = "S2 applied 2@1 with payload 00000000000007d0, but another entry of term 3 \
                        was committed there";
        fires(&run, sentence);
    }

    #[test]
    fn another_payload_of_the_same_term_fires() {
        let mut run = three_committed(Script::asking(Checker::StateMachineSafety, 3));
        let entry = EntryId { term: 3, digest: 7 };
        run.see(Observation::Applied { peer: PeerId(2), index: 2, entry });
        let sentence = "S2 applied 2@3 with payload 0000000000000007, but another entry of term 3 \
                        was committed there";
        fires(&run, sentence);
    }

    #[test]
    fn committing_an_entry_that_was_not_verified_fires() {
        let mut run = three_committed(Script::new(3));
        run.hold(2, &[2, 2, 2]).commit(2, 3);
        fires(&run, "S2 committed its 1@2, but another entry of term 3 was committed there");
    }

    #[test]
    fn a_log_that_reaches_its_commit_index_with_another_entry_fires() {
        let mut run = three_committed(Script::asking(Checker::StateMachineSafety, 3));
        run.commit(2, 3).hold(2, &[3, 3]);
        assert_eq!(run.verdict(), None);
        run.hold(2, &[3, 3, 2]);
        fires(&run, "S2 committed its 3@2, but another entry of term 3 was committed there");
    }

    #[test]
    fn an_uncommitted_tail_may_differ() {
        let mut run = three_committed(Script::new(3));
        run.copy(0, 1).append(1, &[3]).commit(1, 3).apply(1, 3).append(0, &[3]).apply(0, 3);
        assert_eq!(run.verdict(), None);
    }
}
