//! What the judge can be asked about logs: by tests, and by scenarios that wait for a commitment.

use splitvote_peer::{EntryId, History, LogIndex, PeerId, SimTime, Term};

use super::Judge;

impl Judge {
    /// The highest index that anyone was ever seen to commit.
    #[inline]
    #[must_use]
    pub fn committed(&self) -> LogIndex {
        self.ghost.committed.last()
    }

    /// What was committed at an index: the entry's term, and what the log amounts to up to it.
    #[must_use]
    pub fn committed_as(&self, index: LogIndex) -> Option<(Term, History)> {
        let history = self.ghost.committed.history(index).filter(|_| index > 0)?;
        Some((self.ghost.committed.term(index)?, history))
    }

    /// Whether the entry committed at this index carries a payload with this digest. Answers for
    /// every index that was ever committed, however long ago, and no for all others.
    #[must_use]
    pub fn is_committed(&self, index: LogIndex, digest: u64) -> bool {
        let term = self.ghost.committed.term(index);
        term.is_some_and(|term| self.ghost.committed.is_entry(index, EntryId { term, digest }))
    }

    /// When an index was first seen to be committed. Known of the last 4096 commitments.
    #[must_use]
    pub fn committed_at(&self, index: LogIndex) -> Option<SimTime> {
        self.ghost.committed.committed_at(index)
    }

    /// Up to where the peer's state machine has applied the log in this life, by entries or by a
    /// snapshot; 0 while the peer is down.
    #[inline]
    #[must_use]
    pub fn applied(&self, peer: PeerId) -> LogIndex {
        self.ghost.peer(peer).map_or(0, |ghost| ghost.applied)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::{Script, entry};

    #[test]
    fn the_judge_tells_what_is_committed_and_applied() {
        let mut run = Script::new(3);
        run.elect(0, 1, &[0, 1]).append(0, &[1, 1, 1]).store(0).copy(0, 1).store(1);
        run.at(700).commit(0, 2).apply(0, 2);
        let judge = &run.judge;
        assert_eq!((judge.committed(), judge.applied(PeerId(0))), (2, 2));
        assert!(judge.is_committed(2, entry(2, 1).digest) && !judge.is_committed(2, 1));
        assert!(!judge.is_committed(3, entry(3, 1).digest), "in two logs, and yet not committed");
        assert!(!judge.is_committed(0, 0) && !judge.is_committed(LogIndex::MAX, 0));
        assert_eq!(judge.committed_as(2).map(|(term, _)| term), Some(1));
        assert_eq!(judge.committed_as(0), None);
        assert_eq!(judge.committed_at(1), Some(SimTime(700_000)));
        assert_eq!(judge.committed_at(3), None);
        run.crash(0);
        assert_eq!(run.judge.applied(PeerId(0)), 0);
        assert_eq!(run.judge.applied(PeerId(200)), 0);
    }
}
