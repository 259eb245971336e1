//! What a peer removed from its log in memory while its disk may still hold it, as far as is told.
//!
//! 1. Suppose a disk holds 1 to 5. Memory removes 4 and 5, and the disk is cut in a way of which no
//!    record tells: by writing 1 to 3 once more and compacting away what came before.
//! 2. The peer rightly restarts with 3, though nobody told that its disk was cut.
//! 3. So a cut is pending until the disk was seen to be cut there, one after the other.
//!
//! Nothing is pending any more once memory holds again all that the disk was said to hold:
//!
//! 1. Suppose memory removes 5 and is sent the same 5 again. The disk is never cut, and 5 is there.
//! 2. Would the cut stay pending, no restart without 4 or 5 would be an offence for ever after.
//! 3. Suppose instead 5@2 became 5@3 and then 5@2 again, and both writes are on their way. What a
//!    crash keeps of them is told before the crash: the disk is then known to end with 5@3.

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

    /// The peer restarts, and what is not done will never be; or memory and disk hold the same.
    pub(crate) fn clear(&mut self) {
        self.kept.clear();
        self.lowest_of_rest = LogIndex::MAX;
    }

    /// Whether no cut is pending.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.kept.is_empty() && self.lowest_of_rest == LogIndex::MAX
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
        assert!(!cuts.is_empty());
        cuts.clear();
        assert!(cuts.is_empty());
        assert_eq!(cuts.lowest(), LogIndex::MAX);
    }
}
