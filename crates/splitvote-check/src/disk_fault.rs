//! What was wrong with a disk before a rule was broken: said with the violation, since a promise that
//! a disk has broken is not its peer's.
//!
//! 1. Suppose S0 syncs its vote for S1, is told that the sync is complete, and grants the vote.
//! 2. The disk has lied. S0 crashes, boots without the vote, and votes for S2 in the same term.
//! 3. S0 has voted twice, and no Raft could have known.

use std::fmt;

use serde::{Deserialize, Serialize};
use splitvote_peer::{Damage, DiskTrouble, PeerId, SimTime};

/// What was wrong with a peer's disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiskFault {
    /// The peer whose disk it is.
    pub peer: PeerId,
    /// When it happened.
    pub at: SimTime,
    /// What happened at that instant.
    pub trouble: DiskTrouble,
}

impl DiskFault {
    /// The fault, if this trouble takes from a disk what is or should be on it.
    pub(crate) fn of(peer: PeerId, at: SimTime, trouble: DiskTrouble) -> Option<Self> {
        match trouble {
            DiskTrouble::SyncFailed(_)
            | DiskTrouble::SyncLied
            | DiskTrouble::Rotten(_)
            | DiskTrouble::Missing => Some(Self { peer, at, trouble }),
            DiskTrouble::WillFail { .. }
            | DiskTrouble::Full
            | DiskTrouble::Freed
            | DiskTrouble::Stalled
            | DiskTrouble::Released
            | DiskTrouble::Mended
            | DiskTrouble::Stopped => None,
        }
    }

    /// Whether the peer was not told of it.
    pub(crate) fn is_untold(&self) -> bool {
        use DiskTrouble::{Missing, Rotten, SyncLied};
        matches!(self.trouble, SyncLied | Missing | Rotten(Damage::Untold))
    }
}

impl fmt::Display for DiskFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { peer, at, trouble } = self;
        match trouble {
            DiskTrouble::SyncLied => write!(f, "the disk of {peer} had lied about a sync at {at}")?,
            DiskTrouble::SyncFailed(error) => {
                write!(f, "a sync of {peer} had failed at {at}: {error}")?;
            }
            DiskTrouble::Rotten(Damage::Told) => {
                write!(f, "a record on the disk of {peer} was damaged at {at}")?;
            }
            DiskTrouble::Rotten(Damage::Untold) | DiskTrouble::Missing => {
                write!(f, "the disk of {peer} had lost a record untold at {at}")?;
            }
            DiskTrouble::WillFail { .. }
            | DiskTrouble::Full
            | DiskTrouble::Freed
            | DiskTrouble::Stalled
            | DiskTrouble::Released
            | DiskTrouble::Mended
            | DiskTrouble::Stopped => write!(f, "{peer} at {at}: {trouble}")?,
        }
        if self.is_untold() { write!(f, ", which no Raft can know") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::DiskError;

    use super::*;
    use crate::observation::Observation;
    use crate::script::Script;

    /// S0 has told S1 that it has its vote, and crashes; nothing of that is on its disk.
    fn forgetful(trouble: DiskTrouble) -> Script {
        let mut run = Script::new(3);
        run.at(1_000).stand(1, 4).stand(2, 4).ask(1, 0).vote_in_memory(0, 1, 4);
        run.at(2_000).trouble(0, trouble).tell(0, 1, 4);
        run
    }

    fn voted_twice(trouble: DiskTrouble) -> Option<String> {
        let mut run = Script::asking(crate::Checker::OneVote, 3);
        run.at(1_000).stand(1, 4).stand(2, 4).ask(1, 0).grant(0, 1, 4);
        run.at(2_000).trouble(0, trouble).crash(0).restart_with(0, 4, None);
        run.at(3_000).ask(2, 0).tell(0, 2, 4);
        run.sentence()
    }

    #[test]
    fn a_vote_that_a_disk_has_lied_about_was_granted_in_good_faith() {
        assert_eq!(forgetful(DiskTrouble::SyncLied).verdict(), None);
        let io = DiskTrouble::SyncFailed(DiskError::Io);
        let sentence = "S0 granted S1 its vote of term 4 before it was durable, with nothing on its \
                        disk, at 0.002000 s; a sync of S0 had failed at 0.002000 s: I/O error";
        assert_eq!(forgetful(io).sentence().as_deref(), Some(sentence));
    }

    #[test]
    fn trouble_that_takes_nothing_is_not_said_to_have_taken_a_record() {
        let (peer, at) = (PeerId(1), SimTime(2_000_000));
        let full = DiskFault { peer, at, trouble: DiskTrouble::Full };
        assert_eq!(full.to_string(), "S1 at 0.002000 s: the disk is full");
    }

    #[test]
    fn a_lie_excuses_no_vote_that_was_noted_after_it() {
        let mut run = Script::new(3);
        run.at(1_000).trouble(0, DiskTrouble::SyncLied);
        run.at(2_000).stand(1, 4).ask(1, 0).vote_in_memory(0, 1, 4).tell(0, 1, 4);
        assert_eq!(run.verdict().map(|(name, _)| name), Some("durable-vote"));
        let mut run = forgetful(DiskTrouble::SyncLied);
        run.crash(0).restart_with(0, 3, None).tell(0, 1, 4);
        assert!(run.verdict().is_some(), "the lie was told to another life");
    }

    #[test]
    fn what_comes_of_a_lie_is_said_to_come_of_it() {
        let votes = "S0 voted twice in term 4: for S1 at 0.001000 s, and for S2 at 0.003000 s";
        for (trouble, words) in [
            (DiskTrouble::SyncLied, "the disk of S0 had lied about a sync at 0.002000 s"),
            (DiskTrouble::Missing, "the disk of S0 had lost a record untold at 0.002000 s"),
        ] {
            let sentence = format!("{votes}; {words}, which no Raft can know");
            assert_eq!(voted_twice(trouble), Some(sentence));
        }
        let told = DiskTrouble::Rotten(Damage::Told);
        let sentence = format!("{votes}; a record on the disk of S0 was damaged at 0.002000 s");
        assert_eq!(voted_twice(told), Some(sentence));
        assert_eq!(voted_twice(DiskTrouble::Full).as_deref(), Some(votes));
    }

    #[test]
    fn a_leader_and_a_commitment_are_judged_with_the_disks_that_lied() {
        let mut run = Script::new(3);
        run.stand_in_memory(0, 4).ask(0, 1).grant(1, 0, 4);
        run.trouble(0, DiskTrouble::SyncLied).take_office(0);
        assert_eq!(run.verdict(), None, "its own vote was synced, as its disk says");
        let mut run = Script::new(3);
        run.elect(0, 4, &[0, 1]).append(0, &[4]).store(0).copy(0, 1);
        run.at(7).trouble(1, DiskTrouble::SyncLied).commit(0, 1);
        let sentence = "S0 committed 1@4, which is durable on {S0} only, 2 of 3 are needed, at \
                        0.000007 s; the disk of S1 had lied about a sync at 0.000007 s, which no \
                        Raft can know";
        assert_eq!(run.sentence().as_deref(), Some(sentence), "another's disk");
        let mut run = Script::new(3);
        run.elect(0, 4, &[0, 1]).append(0, &[4]).store(0).copy(0, 1);
        let progress = splitvote_peer::Progress { matched: 1, next: 2 };
        let (leader, follower) = (PeerId(0), PeerId(1));
        run.trouble(1, DiskTrouble::SyncLied);
        run.see(Observation::Progress { leader, follower, progress });
        assert_eq!(run.verdict(), None, "who counted on it could not know");
    }

    #[test]
    fn what_is_mended_or_another_peers_to_know_is_not_said() {
        let mut run = Script::asking(crate::Checker::OneVote, 4);
        run.stand(1, 4).stand(2, 4).ask(1, 0).ask(2, 0).grant(0, 1, 4);
        run.trouble(0, DiskTrouble::Rotten(Damage::Told)).trouble(0, DiskTrouble::Mended);
        run.trouble(3, DiskTrouble::SyncFailed(DiskError::Io)).tell(0, 2, 4);
        assert!(run.sentence().is_some_and(|sentence| !sentence.contains(';')));
    }

    #[test]
    fn a_departure_from_practice_has_nothing_to_do_with_anothers_disk() {
        let mut run = Script::new(3);
        let (peer, from, after) = (PeerId(1), PeerId(0), run.view(1));
        run.trouble(2, DiskTrouble::SyncLied);
        run.see(Observation::HigherTermHeard { peer, from, heard: 1, after });
        assert!(run.sentence().is_some_and(|sentence| !sentence.contains("disk")));
    }
}
