//! A snapshot stands for exactly what was committed, and never takes a state machine back.
//!
//! # Paper
//! Section 7: "Each server takes snapshots independently, covering just the committed entries in
//! its log." Figure 13, rules 6 to 8.
//!
//! # Checks
//! Whenever a state machine is restored: that the snapshot can be read, that it holds the index
//! which Raft says, that its history is the committed one, and that this life has not applied
//! more. Whenever a snapshot becomes durable: that all it replaces is committed. Whenever a log
//! loses its front: that all of it was applied, or that a snapshot reaches as far which the state
//! machine has yet to be handed in this life; and that the front never comes back.
//!
//! 1. Suppose S2 takes a snapshot of its state at index 20, slowly.
//! 2. The leader's snapshot of index 30 arrives and is installed.
//! 3. S2's own snapshot is ready now and replaces it: the log starts at 21 again, with nothing
//!    behind it, and the state is that of 20.
//!
//! Why a snapshot may be handed over later than the log is discarded:
//!
//! 1. Suppose S2 has applied 10 and is sent the snapshot of index 30.
//! 2. It discards its log up to 30, writes the snapshot and answers; whoever applies is busy.
//! 3. It is handed the snapshot next, and then 31. Had it been handed 31, apply-order would see it.
//!
//! # Does not check
//! What a durable snapshot holds: that is seen when it is restored. Snapshots of a cluster that
//! starts with them: nobody saw what they stand for. Whether a snapshot that excuses a short log had
//! arrived as a whole: what does not outlive the next restart is committed-forgotten's. That a
//! snapshot is handed over at all: liveness.
//!
//! # Standing
//! Guarantee: a snapshot of anything else than what was committed puts a wrong state in the place of
//! a right one, and no comparison of entries shows it later. It might accuse a correct Raft that
//! discards entries before it hands them to its state machine, and keeps them elsewhere.
//!
//! # Mutants that trip it
//! R18B, S5, S6, R18, R18C and S12 most of all; R2, R4, R6, R7, R8, R8B, R14B, N10, N11, N12,
//! N13, N15, P1, P1B, P2, P3, P6, S3 and S4 too, as one fault brings the next.

use super::prelude::*;

pub(super) const RULE: Rule = Rule::new(
    "snapshot",
    "7, Figure 13",
    "A snapshot stands for exactly what was committed, and is never behind what was applied.",
);

/// The evidence: a snapshot that is not what it should be, or too much that it replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BadSnapshot {
    /// It cannot be read.
    Undecodable {
        /// Whose state machine was to be restored.
        peer: PeerId,
        /// The last entry that it replaces, as Raft says.
        through: LogPosition,
    },
    /// It holds the state at another index.
    OtherIndex {
        /// Whose state machine was restored.
        peer: PeerId,
        /// The last entry that it replaces, as Raft says.
        through: LogPosition,
        /// The index that it holds.
        index: LogIndex,
    },
    /// It replaces what is not committed.
    NotCommitted {
        /// Whose it is.
        peer: PeerId,
        /// The last entry that it replaces.
        through: LogPosition,
        /// What was committed by then.
        committed: LogPosition,
    },
    /// It holds another state than the committed entries amount to.
    OtherState {
        /// Whose state machine was restored.
        peer: PeerId,
        /// The last entry that it replaces.
        through: LogPosition,
        /// The entry that was committed there.
        committed: LogPosition,
    },
    /// The state machine had applied more.
    Behind {
        /// Whose state machine was restored.
        peer: PeerId,
        /// The last entry that the snapshot replaces.
        through: LogPosition,
        /// What had been applied.
        applied: LogIndex,
    },
    /// Entries were discarded that were not applied.
    NotApplied {
        /// Who discarded them.
        peer: PeerId,
        /// The first index that the log holds.
        first: LogIndex,
        /// What had been applied.
        applied: LogIndex,
    },
    /// The front of the log came back.
    FrontBack {
        /// The peer whose log it is.
        peer: PeerId,
        /// The first index before.
        from: LogIndex,
        /// The index after it.
        to: LogIndex,
    },
}

pub(super) fn check(ghost: &Ghost, _: SimTime, seen: &Observation) -> Option<BadSnapshot> {
    match *seen {
        Observation::Changed { peer, before, after } if before.first != after.first => {
            let (from, first, applied) = (before.first, after.first, after.applied);
            if first < from {
                return Some(BadSnapshot::FrontBack { peer, from, to: first });
            }
            let is_early = first.saturating_sub(1) > applied;
            let is_in_reach = || first - 1 <= ghost.peer(peer).map_or(0, PeerGhost::within_reach);
            (is_early && !is_in_reach()).then_some(BadSnapshot::NotApplied { peer, first, applied })
        }
        Observation::DurableSnapshot { peer, through } => replaced(ghost, peer, through),
        Observation::Restored { peer, through, content } => restored(ghost, peer, through, content)
            .or_else(|| {
                let applied = ghost.peer(peer)?.applied;
                let is_behind = through.index < applied;
                is_behind.then_some(BadSnapshot::Behind { peer, through, applied })
            }),
        _ => None,
    }
}

/// Whether all that it replaces is committed, and ends with the committed entry.
fn replaced(ghost: &Ghost, peer: PeerId, through: LogPosition) -> Option<BadSnapshot> {
    let committed = ghost.committed.position(through.index.min(ghost.committed.last()));
    (committed != through).then_some(BadSnapshot::NotCommitted { peer, through, committed })
}

fn restored(
    ghost: &Ghost,
    peer: PeerId,
    through: LogPosition,
    content: Option<(LogIndex, History)>,
) -> Option<BadSnapshot> {
    let Some((index, history)) = content else {
        return Some(BadSnapshot::Undecodable { peer, through });
    };
    if index != through.index {
        return Some(BadSnapshot::OtherIndex { peer, through, index });
    }
    if through.index > ghost.committed.last() {
        return replaced(ghost, peer, through);
    }
    let committed = ghost.committed.position(index);
    let is_other = committed != through || ghost.committed.history(index) != Some(history);
    is_other.then_some(BadSnapshot::OtherState { peer, through, committed })
}

impl Proof for BadSnapshot {
    fn finding(&self) -> Finding {
        let of = |cause, peer| Finding::new(cause, [peer]).leads([Lead::Snapshots(peer)]);
        match *self {
            Self::Undecodable { peer, .. } => of("undecodable", peer).without_comma(),
            Self::OtherIndex { peer, .. } => of("other-index", peer),
            Self::NotCommitted { peer, .. } => of("not-committed", peer),
            Self::OtherState { peer, .. } => of("other-state", peer),
            Self::Behind { peer, .. } => of("behind", peer),
            Self::NotApplied { peer, .. } => of("not-applied", peer),
            Self::FrontBack { peer, .. } => of("front-back", peer),
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::Undecodable { peer, through } => {
                format!("{peer} restored a snapshot through {through} that cannot be read")
            }
            Self::OtherIndex { peer, through, index } => format!(
                "{peer} restored a snapshot through {through} that holds the state at index {index}"
            ),
            Self::NotCommitted { peer, through, committed } => format!(
                "{peer} has a snapshot through {through}, but what is committed there or last is \
                 {committed}"
            ),
            Self::OtherState { peer, through, committed } => format!(
                "{peer} restored a snapshot through {through} that is not what the entries up to \
                 {committed}, all committed, amount to"
            ),
            Self::Behind { peer, through, applied } => format!(
                "{peer} went back to a snapshot through {through} when it had applied index \
                 {applied}"
            ),
            Self::NotApplied { peer, first, applied } => format!(
                "{peer} holds its log from index {first} on only, but has applied no more than \
                 index {applied}"
            ),
            Self::FrontBack { peer, from, to } => {
                format!("{peer} held its log from index {from} on, and then from {to} on again")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::{History, LogIndex, LogPosition, PeerId, Term};

    use crate::observation::Observation;
    use crate::script::{Script, entry};

    fn fires(run: &Script, sentence: &str) {
        assert_eq!(run.verdict(), Some(("snapshot", sentence.to_owned())));
    }

    fn history(terms: &[Term]) -> History {
        let entries = (1..).zip(terms).map(|(index, term)| entry(index, *term));
        entries.fold(History::EMPTY, History::then)
    }

    fn restore(run: &mut Script, index: LogIndex, content: Option<(LogIndex, History)>) {
        let through = LogPosition { index, term: 1 };
        run.see(Observation::Restored { peer: PeerId(2), through, content });
    }

    /// S0 leads term 1 and has committed three of four entries.
    fn three_committed() -> Script {
        let mut run = Script::new(3);
        run.elect(0, 1, &[0, 1]).append(0, &[1, 1, 1, 1]).replicate(0, &[1]).commit(0, 3);
        run
    }

    #[test]
    fn a_snapshot_that_cannot_be_read_fires() {
        let mut run = three_committed();
        restore(&mut run, 3, None);
        fires(&run, "S2 restored a snapshot through 3@1 that cannot be read");
    }

    #[test]
    fn a_snapshot_of_another_index_fires() {
        let mut run = three_committed();
        restore(&mut run, 3, Some((2, history(&[1, 1]))));
        fires(&run, "S2 restored a snapshot through 3@1 that holds the state at index 2");
    }

    #[test]
    fn a_snapshot_of_what_is_not_committed_fires() {
        let mut run = three_committed();
        restore(&mut run, 4, Some((4, history(&[1, 1, 1, 1]))));
        let sentence = "S2 has a snapshot through 4@1, but what is committed there or last is 3@1";
        fires(&run, sentence);
        let mut run = three_committed();
        let through = LogPosition { index: 4, term: 1 };
        run.see(Observation::DurableSnapshot { peer: PeerId(0), through });
        fires(&run, &sentence.replace("S2", "S0"));
    }

    #[test]
    fn a_snapshot_of_another_state_fires() {
        let mut run = three_committed();
        restore(&mut run, 3, Some((3, history(&[1, 2, 1]))));
        let sentence = "S2 restored a snapshot through 3@1 that is not what the entries up to 3@1, \
                        all committed, amount to";
        fires(&run, sentence);
    }

    #[test]
    fn a_snapshot_behind_what_was_applied_fires() {
        let mut run = three_committed();
        run.copy(0, 2).commit(2, 3).apply(2, 3);
        restore(&mut run, 2, Some((2, history(&[1, 1]))));
        fires(&run, "S2 went back to a snapshot through 2@1 when it had applied index 3");
    }

    #[test]
    fn a_log_that_is_discarded_before_it_is_applied_fires() {
        let mut run = three_committed();
        run.apply(0, 2).change_log(0, |view| view.first = 4);
        fires(&run, "S0 holds its log from index 4 on only, but has applied no more than index 2");
    }

    /// S2, in this term, has applied two entries and is sent the snapshot of three by term 1.
    fn sent_three(term: Term) -> Script {
        let mut run = three_committed();
        run.follow(2, None, term).copy(0, 2).commit(2, 2).apply(2, 2);
        let through = LogPosition { index: 3, term: 1 };
        let (leader, follower) = (PeerId(0), PeerId(2));
        run.see(Observation::InstallReceived { leader, follower, term: 1, through });
        run
    }

    fn discard(run: &mut Script, through: LogIndex) {
        run.change_log(2, |view| (view.first, view.commit) = (through + 1, 3));
    }

    #[test]
    fn a_log_may_be_discarded_before_the_snapshot_is_handed_over() {
        let mut run = sent_three(1);
        discard(&mut run, 3);
        restore(&mut run, 3, Some((3, history(&[1, 1, 1]))));
        run.change(2, |view| view.applied = 3);
        run.end_of_run();
        assert_eq!(run.verdict(), None);
        // The snapshot is on the disk, and nobody saw it arrive.
        let mut run = three_committed();
        let through = LogPosition { index: 3, term: 1 };
        run.copy(0, 2).see(Observation::DurableSnapshot { peer: PeerId(2), through });
        discard(&mut run, 3);
        assert_eq!(run.verdict(), None);
    }

    #[test]
    fn a_log_that_is_discarded_beyond_the_snapshot_fires() {
        let mut run = sent_three(1);
        discard(&mut run, 4);
        fires(&run, "S2 holds its log from index 5 on only, but has applied no more than index 2");
    }

    #[test]
    fn a_snapshot_that_was_refused_or_lost_in_a_crash_excuses_nothing() {
        let sentence = "S2 holds its log from index 4 on only, but has applied no more than index ";
        let mut run = sent_three(2);
        discard(&mut run, 3);
        fires(&run, &format!("{sentence}2"));
        let mut run = sent_three(1);
        run.crash(2).reboot(2, &[1, 1, 1, 1]);
        discard(&mut run, 3);
        fires(&run, &format!("{sentence}0"));
    }

    #[test]
    fn a_front_that_comes_back_fires() {
        let mut run = three_committed();
        run.apply(0, 3).compact(0, 3).change_log(0, |view| view.first = 3);
        fires(&run, "S0 held its log from index 4 on, and then from 3 on again");
    }

    #[test]
    fn a_snapshot_of_what_is_committed_may_be_installed_and_restored_after_a_restart() {
        let mut run = three_committed();
        let through = LogPosition { index: 3, term: 1 };
        run.see(Observation::DurableSnapshot { peer: PeerId(2), through });
        run.copy(0, 2).store(2).change_log(2, |view| {
            (view.first, view.commit, view.applied) = (4, 3, 3);
        });
        let content = Some((3, history(&[1, 1, 1])));
        restore(&mut run, 3, content);
        restore(&mut run, 3, content);
        run.crash(2).reboot(2, &[1, 1, 1, 1]);
        restore(&mut run, 3, content);
        run.end_of_run();
        assert_eq!(run.verdict(), None);
    }
}
