//! An entry is committed once a majority of disks has it, and by the leader of the right term.
//!
//! # Paper
//! Section 5.3: "A log entry is committed once the leader that created the entry has replicated it
//! on a majority of the servers". Section 5.4.2: "Raft never commits log entries from previous
//! terms by counting replicas." Figure 2: persistent state is updated before responding.
//!
//! # Checks
//! Whenever a commit index rises beyond all that was committed so far: that the disks of a
//! majority hold the entry there, with all that precedes it, crashed peers' disks included; and,
//! if a leader raised it, that the entry is of the leader's term.
//!
//! 1. Suppose S0 leads term 2 and replicates 2@2 to S1 only; S4 leads term 3 and appends 2@3.
//! 2. S0 leads term 4 and replicates 2@2 to S2: it is on a majority now. S0 counts and commits it.
//! 3. S0 crashes, S4 wins term 5, since 2@3 is more up-to-date than 2@2, and overwrites it. This is
//!    Figure 8; the fault is in step 2.
//!
//! # Does not check
//! A commit index that rises to what others had committed before: that is
//! state-machine-safety's. Entries that no log shows. For a Raft whose records do not tell of
//! entries the logs in memory count.
//!
//! # Standing
//! Guarantee: what too few disks hold can be lost with them. An entry of an older term that was
//! counted is Figure 8, and whether it is overwritten depends on who stands next; not so if all disks
//! hold it: then every candidate has it (dissertation, section 3.6.2), and it is practice to wait for
//! an entry of the own term. It might accuse a correct Raft whose records tell of some entries only.
//!
//! # Mutants that trip it
//! P1B, R14B, N12, N13, N15 and R8 most of all; R1, R2, R7, R8B, R11, R12, R14, R21, N10, N11, N14,
//! P1, P2, P3, P5, S3, S4 and S12 too, as one fault brings the next.

use super::prelude::*;

pub(super) const RULE: Rule = Rule::new(
    "commit-quorum",
    "5.3, 5.4.2",
    "An entry is committed only once a majority of disks has it and the newest one is of the \
     leader's term.",
)
.advising(
    "acknowledge entries, and count one's own, when `Input::Synced` tells that they are durable",
);

/// The evidence: an entry that was committed too early, or by the wrong count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HastyCommit {
    /// Too few disks have it.
    TooFew {
        /// Who committed it.
        peer: PeerId,
        /// The newest entry that was committed.
        entry: LogPosition,
        /// Whose disks have it.
        holders: PeerSet,
        /// How many are needed.
        needed: usize,
        /// How many peers the cluster has.
        cluster_size: usize,
    },
    /// The newest entry is of an older term than the leader's.
    OldTerm {
        /// The peer that leads.
        leader: PeerId,
        /// The term that this is about.
        term: Term,
        /// The newest entry that was committed.
        entry: LogPosition,
        /// Whether the disks of all peers have it.
        on_all: bool,
    },
}

pub(super) fn check(ghost: &Ghost, _: SimTime, seen: &Observation) -> Option<HastyCommit> {
    let (peer, _, view) = seen.step()?;
    if view.commit <= ghost.committed.last() {
        return None;
    }
    let log = &ghost.peer(peer)?.log;
    let index = view.commit.min(log.last_index());
    if index <= ghost.committed.last() {
        return None;
    }
    let (entry, history) = (log.position(index), log.history(index)?);
    let holders: PeerSet = ghost
        .all()
        .filter(|(_, other)| ghost.durable_log(other).holds(index, history))
        .map(|(id, _)| id)
        .collect();
    let cluster_size = ghost.cluster_size();
    if !ghost.configuration.has_quorum(holders) {
        let needed = ghost.majority();
        return Some(HastyCommit::TooFew { peer, entry, holders, needed, cluster_size });
    }
    let (leader, term) = (peer, view.term);
    let is_old = view.role == Role::Leader && entry.term < term;
    let on_all = holders.len() == cluster_size;
    is_old.then_some(HastyCommit::OldTerm { leader, term, entry, on_all })
}

impl Proof for HastyCommit {
    fn finding(&self) -> Finding {
        match *self {
            Self::TooFew { peer, entry, holders: on_disk, .. } => {
                let mut others = on_disk;
                others.remove(peer);
                let peers: Vec<PeerId> = std::iter::once(peer).chain(others.iter()).collect();
                Finding::new("too-few", peers).leads([
                    Lead::Entry(peer, entry),
                    Lead::Message,
                    Lead::Durability { entry, on_disk, words: "" },
                ])
            }
            Self::OldTerm { leader, term, entry, on_all } => {
                let old = format!(
                    "{entry} is of term {}, and nothing of term {term} is on a majority yet",
                    entry.term
                );
                Finding::new("old-term", [leader])
                    .leads([Lead::Office(leader, term), Lead::Holders(entry), Lead::Remark(old)])
                    .of_practice_unless(!on_all)
            }
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::TooFew { peer, entry, holders, needed, cluster_size } => format!(
                "{peer} committed {entry}, which is durable on {holders} only, {needed} of \
                 {cluster_size} are needed"
            ),
            Self::OldTerm { leader, term, entry, .. } => format!(
                "{leader} leads term {term} and committed {entry} by counting, an entry of an \
                 older term"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::script::Script;

    fn fires(run: &Script, sentence: &str) {
        assert_eq!(run.verdict(), Some(("commit-quorum", sentence.to_owned())));
    }

    #[test]
    fn an_entry_in_the_memory_of_a_majority_only_fires() {
        let mut run = Script::new(3);
        run.elect(0, 1, &[0, 1]).append(0, &[1]).store(0).copy(0, 1).commit(0, 1);
        fires(&run, "S0 committed 1@1, which is durable on {S0} only, 2 of 3 are needed");
    }

    #[test]
    fn a_leader_that_counts_itself_before_its_own_disk_has_the_entry_fires() {
        let mut run = Script::new(3);
        run.elect(0, 1, &[0, 1]).append(0, &[1]).copy(0, 1).store(1).commit(0, 1);
        fires(&run, "S0 committed 1@1, which is durable on {S1} only, 2 of 3 are needed");
    }

    #[test]
    fn half_of_the_disks_are_too_few() {
        let mut run = Script::new(4);
        run.elect(0, 1, &[0, 1, 2]).append(0, &[1]).replicate(0, &[1]).commit(0, 1);
        fires(&run, "S0 committed 1@1, which is durable on {S0, S1} only, 3 of 4 are needed");
    }

    #[test]
    fn the_same_index_behind_another_log_does_not_count() {
        let mut run = Script::asking(crate::Checker::CommitQuorum, 3);
        run.hold(1, &[1, 3]).store(1).elect(0, 3, &[0, 1]).append(0, &[3, 3]).store(0);
        run.commit(0, 2);
        fires(&run, "S0 committed 2@3, which is durable on {S0} only, 2 of 3 are needed");
    }

    #[test]
    fn a_follower_that_commits_first_is_held_to_the_disks() {
        let mut run = Script::new(3);
        run.elect(0, 1, &[0, 1]).append(0, &[1, 1]).replicate(0, &[1]).commit(0, 1);
        run.append(1, &[1]).commit(1, 3);
        fires(&run, "S1 committed 3@1, which is durable on {} only, 2 of 3 are needed");
    }

    #[test]
    fn figure_8_counting_an_entry_of_an_older_term_fires() {
        let mut run = Script::new(5);
        run.hold(0, &[1, 2]).store(0).hold(1, &[1, 2]).store(1).hold(4, &[1, 3]).store(4);
        run.elect(0, 4, &[0, 1, 2]).replicate(0, &[2]).commit(0, 2);
        fires(&run, "S0 leads term 4 and committed 2@2 by counting, an entry of an older term");
    }

    #[test]
    fn figure_8_an_older_entry_is_committed_along_with_one_of_the_leaders_term() {
        let mut run = Script::new(5);
        run.hold(0, &[1, 2]).hold(1, &[1, 2]).hold(4, &[1, 3]).store(4);
        run.elect(0, 4, &[0, 1, 2]).append(0, &[4]).replicate(0, &[1, 2]).crash(2).commit(0, 3);
        run.commit(1, 2);
        assert_eq!(run.verdict(), None, "and the disk of a crashed peer counts");
        assert_eq!(run.judge.committed(), 3);
    }

    #[test]
    fn without_disks_the_logs_in_memory_count() {
        let mut run = Script::without_disks(3);
        run.elect(0, 1, &[0, 1]).append(0, &[1]).copy(0, 1).commit(0, 1);
        assert_eq!(run.verdict(), None);
        run.append(0, &[1]).commit(0, 2);
        fires(&run, "S0 committed 2@1, which is durable on {S0} only, 2 of 3 are needed");
    }
}
