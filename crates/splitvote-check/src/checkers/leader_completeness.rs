//! Whoever becomes leader holds all entries that were committed in earlier terms.
//!
//! # Paper
//! Figure 3: "Leader Completeness: if a log entry is committed in a given term, then that entry
//! will be present in the logs of the leaders for all higher-numbered terms" (section 5.4).
//!
//! # Checks
//! Whenever a peer takes office: that its log, or its snapshot, holds all that was committed in
//! terms before its own. Whenever entries are committed: that the leaders of higher terms hold
//! them.
//!
//! 1. Suppose S0 commits 5@2 with S1 in term 2; S2 never got it and wins term 3 all the same.
//! 2. No entry is lost yet, and nobody has applied anything wrong.
//! 3. But S2 will put its own entry at index 5. The fault is that S2 leads.
//!
//! An entry counts for the term in which it was committed, not for its own: while a late leader of
//! term 2 learns of its last acknowledgements, a leader of term 3 must already have those entries,
//! and a late winner of term 2 need not have what term 3 committed.
//!
//! # Does not check
//! Leaders that have crashed or stepped down since.
//!
//! # Standing
//! Guarantee: it is one of the five properties of Figure 3. It might accuse a correct Raft that shows
//! itself as leader while it still loads its log.
//!
//! # Mutants that trip it
//! N15, N13, N12, R14B, P1B and R8B most of all; R1, R2, R7, R8, R21, N10, N11, P1, P2, P3, P5, S3,
//! S4 and S12 too, as one fault brings the next.

use super::prelude::*;

pub(super) const RULE: Rule = Rule::new(
    "leader-completeness",
    "5.4, Figure 3",
    "Whoever becomes leader holds all entries committed in earlier terms.",
);

/// The evidence: a leader whose log misses a committed entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncompleteLeader {
    /// The peer that leads.
    pub leader: PeerId,
    /// The term that this is about.
    pub term: Term,
    /// The first committed entry that its log does not hold.
    pub missing: LogPosition,
    /// The term in which it was committed.
    pub committed_in: Term,
    /// Where the leader's log ends.
    pub last: LogPosition,
}

pub(super) fn check(ghost: &Ghost, _: SimTime, seen: &Observation) -> Option<IncompleteLeader> {
    let (peer, before, after) = seen.step()?;
    if entered(Role::Leader, before, after) {
        return at_office(ghost, peer, after.term);
    }
    if after.commit > ghost.committed.last() {
        return at_commitment(ghost, peer, after);
    }
    None
}

fn at_office(ghost: &Ghost, leader: PeerId, term: Term) -> Option<IncompleteLeader> {
    let index = ghost.committed.last_before(term);
    if index == 0 {
        return None;
    }
    let log = &ghost.peer(leader)?.log;
    let agreed = ghost.agreement(log);
    let missing = ghost.committed.position(agreed + 1);
    let committed_in = ghost.committed.committed_in(agreed + 1).unwrap_or(0);
    let last = log.last();
    (agreed < index).then_some(IncompleteLeader { leader, term, missing, committed_in, last })
}

fn at_commitment(ghost: &Ghost, peer: PeerId, view: &View) -> Option<IncompleteLeader> {
    let committer = &ghost.peer(peer)?.log;
    let index: LogIndex = view.commit.min(committer.last_index());
    let history = committer.history(index)?;
    ghost.leaders.iter().filter(|leader| *leader != peer).find_map(|leader| {
        let other = ghost.peer(leader)?;
        let (term, log) = (other.view.term, &other.log);
        let is_complete = term <= view.term || log.covers(index) || log.holds(index, history);
        let (missing, committed_in, last) = (committer.position(index), view.term, log.last());
        (!is_complete).then_some(IncompleteLeader { leader, term, missing, committed_in, last })
    })
}

impl Proof for IncompleteLeader {
    fn finding(&self) -> Finding {
        let Self { leader, term, missing, committed_in, last } = *self;
        let mut finding = Finding::new("incomplete-leader", [leader]).leads([
            Lead::Election(leader, term),
            Lead::ElectedWithout { leader, term, entry: missing, committed_in },
        ]);
        if last.index >= missing.index {
            finding.leads.push(Lead::Entry(leader, last));
        }
        finding
    }

    fn sentence(&self) -> String {
        let Self { leader, term, missing, committed_in, last } = self;
        format!(
            "{leader} leads term {term} without {missing}, which was committed in term \
             {committed_in}; its log ends at {last}"
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::Checker;
    use crate::script::Script;

    fn fires(run: &Script, sentence: &str) {
        assert_eq!(run.verdict(), Some(("leader-completeness", sentence.to_owned())));
    }

    #[test]
    fn a_leader_without_a_committed_entry_fires() {
        let mut run = Script::asking(Checker::LeaderCompleteness, 3);
        run.elect(0, 2, &[0, 1]).append(0, &[2, 2]).replicate(0, &[1]).commit(0, 2);
        run.hold(2, &[2]).elect(2, 3, &[2, 1]);
        let sentence = "S2 leads term 3 without 2@2, which was committed in term 2; its log ends \
                        at 1@2";
        fires(&run, sentence);
    }

    #[test]
    fn a_commitment_that_a_later_leader_does_not_have_fires() {
        let mut run = Script::new(5);
        run.elect(0, 2, &[0, 1, 2]).append(0, &[2]).replicate(0, &[1, 2]).hold(1, &[]).hold(2, &[]);
        run.elect(4, 3, &[2, 3, 4]).commit(0, 1);
        let sentence = "S4 leads term 3 without 1@2, which was committed in term 2; its log ends \
                        at 0@0";
        fires(&run, sentence);
    }

    #[test]
    fn a_leader_with_all_of_it_in_log_or_snapshot_is_legal() {
        let mut run = Script::new(3);
        run.elect(0, 2, &[0, 1]).append(0, &[2, 2]).replicate(0, &[1, 2]).commit(0, 2).commit(1, 2);
        run.apply(1, 2).compact(1, 2).elect(1, 3, &[1, 2]).elect(2, 4, &[2, 0]);
        assert_eq!(run.verdict(), None);
    }

    #[test]
    fn a_late_winner_of_an_older_term_need_not_have_what_a_later_one_committed() {
        let mut run = Script::new(5);
        run.stand(0, 2).ask(0, 1).ask(0, 2).grant(1, 0, 2).grant(2, 0, 2);
        run.elect(3, 3, &[1, 3, 4]).append(3, &[3]).replicate(3, &[1, 4]).commit(3, 1);
        run.take_office(0);
        assert_eq!(run.verdict(), None);
    }
}
