//! What a peer removed from its log in memory while its disk may still hold it.
//!
//! 1. Suppose a disk holds 5@2. Memory replaces it by 5@3, and later by 5@2 again.
//! 2. Both writes wait for their sync. Disk and memory look the same, and yet a crash may keep the
//!    first write alone: the peer rightly restarts with 5@3.
//! 3. So a cut is pending until the disk itself was cut there, one after the other.

use splitvote_peer::LogIndex;

/// How many cuts are told apart. Of more, the oldest count as one that is never done.
const MOST: usize = 32;

/// The cuts, oldest first: the index up to which each one kept the log.
#[derive(Clone, Debug)]
pub(crate) struct PendingCuts {
    kept: Vec<LogIndex>,
    /// The lowest of those that were too many to keep apart.
    lowest_of_rest: LogIndex,
}

impl PendingCuts {
    pub(crate) const NONE: Self = Self { kept: Vec::new(), lowest_of_rest: LogIndex::MAX };

    /// Memory keeps its log up to here.
    pub(crate) fn push(&mut self, kept: LogIndex) {
        if self.kept.len() == MOST {
            let oldest = self.kept.remove(0);
            self.lowest_of_rest = self.lowest_of_rest.min(oldest);
        }
        self.kept.push(kept);
    }

    /// The disk keeps its log up to here. Writes become durable in order, so whatever was pending
    /// before this cut is done too.
    pub(crate) fn done(&mut self, kept: LogIndex) {
        if let Some(place) = self.kept.iter().position(|cut| *cut == kept) {
            self.kept.drain(..=place);
        }
    }

    /// The peer restarts: what is not done will never be.
    pub(crate) fn clear(&mut self) {
        self.kept.clear();
        self.lowest_of_rest = LogIndex::MAX;
    }

    /// Beyond this index a restart may miss what is on the disk.
    pub(crate) fn lowest(&self) -> LogIndex {
        self.kept.iter().copied().fold(self.lowest_of_rest, LogIndex::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_is_pending_until_the_disk_was_cut_as_often() {
        let mut cuts = PendingCuts::NONE;
        cuts.push(4);
        cuts.push(9);
        cuts.push(4);
        cuts.done(4);
        assert_eq!(cuts.lowest(), 4, "the second cut at 4 is still to come");
        cuts.done(9);
        cuts.done(4);
        assert_eq!(cuts.lowest(), LogIndex::MAX);
    }

    #[test]
    fn endless_cuts_take_no_memory_and_are_not_forgotten() {
        let mut cuts = PendingCuts::NONE;
        (0..1_000).for_each(|kept| cuts.push(kept + 7));
        assert!(cuts.kept.len() <= MOST);
        assert_eq!(cuts.lowest(), 7);
        cuts.clear();
        assert_eq!(cuts.lowest(), LogIndex::MAX);
    }
}
