//! A state machine applies committed entries only, in order, without gap or repetition.
//!
//! # Paper
//! Section 5.3: "Once a follower learns that a log entry is committed, it applies the entry to its
//! local state machine (in log order)". Figure 2, rules for all servers: "increment lastApplied,
//! apply log[lastApplied]".
//!
//! # Checks
//! In each life of a peer: the first entry that is applied is that of index 1, or the one behind a
//! restored snapshot, and each other one that of the next index; the peer knew it to be committed;
//! and the peer's view does not claim more than its state machine has applied.
//!
//! 1. Suppose S2 restarts, restores the snapshot of index 20 and applies 22 next.
//! 2. Every entry that it applies from now on is the right one at its index.
//! 3. But the state is not: 21 is missing, and no comparison of entries would ever show it.
//!
//! # Does not check
//! What the entries are: that is state-machine-safety's. Entries that are never applied: liveness.
//!
//! # Standing
//! Guarantee for what is applied: a state machine is handed an entry once, and an entry that is
//! applied too early and replaced later would be compared with nothing. Practice for a view that says
//! more than was applied: what counts is what the state machine was handed. Accused is a correct Raft
//! that counts entries as applied which wait in the queue of its state machine.
//!
//! # Mutants that trip it
//! R18, R18B, R18C and S6.

use super::prelude::*;

pub(super) const RULE: Rule = Rule::new(
    "apply-order",
    "5.3, Figure 2",
    "A state machine applies committed entries only, in order, without gap or repetition.",
);

/// The evidence: an entry that was applied at the wrong time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DisorderlyApply {
    /// Another one was due.
    OutOfOrder {
        /// Whose state machine.
        peer: PeerId,
        /// The index that was applied.
        index: LogIndex,
        /// The index up to which this life had applied the log.
        applied: LogIndex,
    },
    /// The peer did not know it to be committed.
    NotCommitted {
        /// Whose state machine.
        peer: PeerId,
        /// The index that was applied.
        index: LogIndex,
        /// The peer's commit index.
        commit: LogIndex,
    },
    /// The view says that more was applied than was.
    Overstated {
        /// The peer whose view it is.
        peer: PeerId,
        /// What it says.
        stated: LogIndex,
        /// What was applied.
        applied: LogIndex,
    },
}

pub(super) fn check(ghost: &Ghost, _: SimTime, seen: &Observation) -> Option<DisorderlyApply> {
    match *seen {
        Observation::Applied { peer, index, .. } => {
            let ghost = ghost.peer(peer)?;
            let (applied, commit) = (ghost.applied, ghost.view.commit);
            if applied.checked_add(1) != Some(index) {
                return Some(DisorderlyApply::OutOfOrder { peer, index, applied });
            }
            (index > commit).then_some(DisorderlyApply::NotCommitted { peer, index, commit })
        }
        // What a step applies is seen after the change of its view: so the view before a step is
        // held against what was applied until then.
        Observation::Changed { peer, before, .. } => {
            let (stated, applied) = (before.applied, ghost.peer(peer)?.applied);
            (stated > applied).then_some(DisorderlyApply::Overstated { peer, stated, applied })
        }
        _ => None,
    }
}

impl Proof for DisorderlyApply {
    fn finding(&self) -> Finding {
        let of = |cause, peer| {
            Finding::new(cause, [peer]).leads([Lead::Applied(peer), Lead::OwnPast(peer)])
        };
        match *self {
            Self::OutOfOrder { peer, .. } => of("out-of-order", peer),
            Self::NotCommitted { peer, .. } => of("not-committed", peer),
            Self::Overstated { peer, .. } => of("overstated", peer).of_practice(),
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::OutOfOrder { peer, index, applied: 0 } => format!(
                "{peer} applied index {index} as the first in this life, without a snapshot in \
                 front of it"
            ),
            Self::OutOfOrder { peer, index, applied } if index <= applied => format!(
                "{peer} applied index {index} again, it had applied the log up to index {applied}"
            ),
            Self::OutOfOrder { peer, index, applied } => {
                format!("{peer} applied index {index} directly after index {applied}")
            }
            Self::NotCommitted { peer, index, commit } => format!(
                "{peer} applied index {index}, but only index {commit} is committed to its \
                 knowledge"
            ),
            Self::Overstated { peer, stated, applied } => format!(
                "{peer} says that it has applied index {stated}, but its state machine got no \
                 further than index {applied}"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::{History, LogIndex, LogPosition, PeerId};

    use crate::observation::Observation;
    use crate::script::{Script, entry};

    fn fires(run: &Script, sentence: &str) {
        assert_eq!(run.verdict(), Some(("apply-order", sentence.to_owned())));
    }

    fn apply(run: &mut Script, index: LogIndex) {
        run.see(Observation::Applied { peer: PeerId(0), index, entry: entry(index, 1) });
    }

    /// S0 leads term 1, three of its four entries are committed, and it has applied two.
    fn two_applied() -> Script {
        let mut run = Script::new(3);
        run.elect(0, 1, &[0, 1]).append(0, &[1, 1, 1, 1]).replicate(0, &[1]).commit(0, 3);
        run.apply(0, 2);
        run
    }

    #[test]
    fn an_entry_applied_twice_fires() {
        let mut run = two_applied();
        apply(&mut run, 2);
        fires(&run, "S0 applied index 2 again, it had applied the log up to index 2");
    }

    #[test]
    fn a_gap_fires() {
        let mut run = two_applied();
        run.commit(0, 4);
        apply(&mut run, 4);
        fires(&run, "S0 applied index 4 directly after index 2");
    }

    #[test]
    fn a_life_that_does_not_begin_at_the_beginning_fires() {
        let mut run = two_applied();
        run.crash(0).reboot(0, &[1, 1, 1, 1]).commit(0, 3);
        apply(&mut run, 3);
        let sentence = "S0 applied index 3 as the first in this life, without a snapshot in front \
                        of it";
        fires(&run, sentence);
    }

    #[test]
    fn an_entry_that_is_not_committed_fires() {
        let mut run = two_applied();
        apply(&mut run, 3);
        apply(&mut run, 4);
        fires(&run, "S0 applied index 4, but only index 3 is committed to its knowledge");
    }

    #[test]
    fn a_view_that_claims_more_than_was_applied_fires() {
        let mut run = two_applied();
        run.change(0, |view| view.applied = 3).change(0, |view| view.commit = 4);
        let sentence = "S0 says that it has applied index 3, but its state machine got no further \
                        than index 2";
        fires(&run, sentence);
    }

    #[test]
    fn every_life_applies_anew_from_the_start_or_from_its_snapshot() {
        let mut run = two_applied();
        run.crash(0).reboot(0, &[1, 1, 1, 1]).commit(0, 3).apply(0, 2).compact(0, 2).crash(0);
        run.reboot(0, &[1, 1, 1, 1]);
        let history = History::EMPTY.then(entry(1, 1)).then(entry(2, 1));
        let (peer, through) = (PeerId(0), LogPosition { index: 2, term: 1 });
        run.see(Observation::Restored { peer, through, content: Some((2, history)) });
        run.commit(0, 3);
        apply(&mut run, 3);
        assert_eq!(run.verdict(), None);
    }
}
