//! Every entry that was ever seen in a log and may still matter: by index and term, with the
//! history of the log in which it stood.
//!
//! 1. Suppose S1 leads term 3, writes 5@3 and crashes; S2 leads term 4 and overwrites it.
//! 2. Nobody alive holds 5@3 any more, but S1's disk does.
//! 3. If S3 shows up with another 5@3 later, the two logs have never met. Only memory tells.
//!
//! A committed entry is told by the committed history and is not kept here. What no log can hold
//! any more, because all are compacted beyond it, is forgotten.

use std::collections::{BTreeMap, VecDeque};

use splitvote_peer::{History, LogIndex, PeerId, Term};

use super::committed::Committed;
use super::log::Held;

/// In whose log an entry was seen first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sighting {
    term: Term,
    pub(crate) history: History,
    pub(crate) peer: PeerId,
}

/// The entries that were seen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sightings {
    /// Committed up to here.
    settled: LogIndex,
    /// For each index behind it: the first entry that was seen there.
    first: VecDeque<Sighting>,
    /// Entries of other terms at the same indexes, and those that lost to a committed one.
    others: BTreeMap<(LogIndex, Term), Sighting>,
}

impl Sightings {
    /// The entry of this index and term that was seen first and is not committed.
    #[inline]
    pub(crate) fn find(&self, index: LogIndex, term: Term) -> Option<Sighting> {
        let first = self.place(index).and_then(|place| self.first.get(place));
        match first {
            Some(sighting) if sighting.term == term => Some(*sighting),
            _ if self.others.is_empty() => None,
            _ => self.others.get(&(index, term)).copied(),
        }
    }

    /// An entry is in a peer's log.
    #[inline]
    pub(crate) fn see(&mut self, peer: PeerId, index: LogIndex, held: &Held) {
        let sighting = Sighting { term: held.entry.term, history: held.history, peer };
        let Some(place) = self.place(index) else { return self.see_below(index, sighting) };
        match self.first.get(place) {
            Some(first) if first.term == sighting.term => {}
            Some(_) => {
                self.others.entry((index, sighting.term)).or_insert(sighting);
            }
            // An entry behind a gap was not committed, and neither was what should stand in it.
            None if place == self.first.len() => self.first.push_back(sighting),
            None => {}
        }
    }

    /// The same for an entry behind what is committed, if nothing else is known of its index: that it
    /// is the entry which was seen there first, or none was seen there. Otherwise nothing is noted.
    #[inline]
    pub(crate) fn is_first(&mut self, peer: PeerId, index: LogIndex, held: &Held) -> bool {
        let Some(place) = self.place(index) else { return false };
        let (term, history) = (held.entry.term, held.history);
        match self.first.get(place) {
            Some(first) => first.term == term && first.history == history,
            None if place == self.first.len() => {
                self.first.push_back(Sighting { term, history, peer });
                true
            }
            None => false,
        }
    }

    fn see_below(&mut self, index: LogIndex, sighting: Sighting) {
        if index > 0 {
            self.others.entry((index, sighting.term)).or_insert(sighting);
        }
    }

    #[inline]
    fn place(&self, index: LogIndex) -> Option<usize> {
        let place = index.checked_sub(self.settled)?.checked_sub(1)?;
        Some(usize::try_from(place).unwrap_or(usize::MAX))
    }

    /// More is committed.
    pub(crate) fn settle(&mut self, committed: &Committed) {
        while self.settled < committed.last() {
            self.settled += 1;
            let index = self.settled;
            let winner = committed.term(index);
            if let Some(sighting) = self.first.pop_front()
                && Some(sighting.term) != winner
            {
                self.others.insert((index, sighting.term), sighting);
            }
            if let Some(winner) = winner
                && !self.others.is_empty()
            {
                self.others.remove(&(index, winner));
            }
        }
    }

    /// No log reaches below this index any more.
    pub(crate) fn forget_before(&mut self, index: LogIndex) {
        while let Some(oldest) = self.others.first_entry() {
            if oldest.key().0 >= index {
                return;
            }
            oldest.remove();
        }
    }

    /// Whether anything is kept of indexes that are committed.
    pub(crate) fn has_others(&self) -> bool {
        !self.others.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::EntryId;

    use super::*;

    fn held(term: Term) -> Held {
        let entry = EntryId { term, digest: term };
        Held { entry, history: History(term) }
    }

    #[test]
    fn what_lost_to_a_committed_entry_is_kept_until_no_log_reaches_it() {
        let mut seen = Sightings::default();
        seen.see(PeerId(1), 1, &held(1));
        seen.see(PeerId(2), 1, &held(3));
        seen.see(PeerId(3), 1, &held(3));
        assert_eq!(seen.find(1, 3).map(|seen| seen.peer), Some(PeerId(2)), "the first to have it");
        let mut committed = Committed::default();
        committed.push(held(3), 3);
        seen.settle(&committed);
        assert_eq!(seen.find(1, 3), None, "the committed history tells");
        assert_eq!(seen.find(1, 1).map(|seen| seen.history), Some(History(1)));
        seen.forget_before(2);
        assert_eq!(seen.find(1, 1), None);
    }

    #[test]
    fn an_entry_behind_a_gap_takes_no_memory() {
        let mut seen = Sightings::default();
        seen.see(PeerId(0), 1 << 60, &held(1));
        seen.see(PeerId(0), 0, &held(1));
        assert!(seen.first.is_empty() && !seen.has_others());
    }
}
