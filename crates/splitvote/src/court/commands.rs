//! Which entries are commands of clients, and which a Raft wrote by itself.
//!
//! A Raft may start a term, or a cluster, with an entry that no client asked for. Scenarios therefore
//! count commands and not entries: the third command is the third even if it stands at index 5. An
//! entry counts as a command if a client has proposed its payload, or if a peer found it in its log
//! when the run began.

use std::collections::VecDeque;

use splitvote_peer::{EntryId, LogIndex};

/// How many proposals are remembered besides those that were made after what was applied last. An entry
/// that shows up later than that counts as a Raft's own.
const MOST_REMEMBERED: usize = 1 << 16;

/// The commands of a run, and the entries that are none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Commands {
    /// The digests of what clients have proposed, in order.
    proposed: VecDeque<u64>,
    /// The place of what was applied last among them: what is applied next mostly stands behind it.
    latest: usize,
    /// What peers found in their logs when the run began.
    prepared: Vec<(LogIndex, EntryId)>,
    /// Up to where entries have been applied, by whichever peer was first.
    applied: LogIndex,
    /// The applied entries that are no commands, in order.
    own: Vec<LogIndex>,
}

impl Commands {
    /// A client proposes a payload with this digest, for the first time or once more.
    pub(super) fn propose(&mut self, digest: u64) {
        if self.latest >= MOST_REMEMBERED {
            self.proposed.pop_front();
            self.latest -= 1;
        }
        self.proposed.push_back(digest);
    }

    /// A peer starts with an entry in its log.
    pub(super) fn prepare(&mut self, index: LogIndex, entry: EntryId) {
        if !self.prepared.contains(&(index, entry)) {
            self.prepared.push((index, entry));
        }
    }

    /// A peer applies an entry. The first that applies an index has applied all before it, or has a
    /// snapshot of them, so that none is left out.
    #[inline]
    pub(super) fn apply(&mut self, index: LogIndex, entry: EntryId) {
        if index == self.applied + 1 {
            self.applied = index;
            if self.proposed.get(self.latest + 1) == Some(&entry.digest) {
                self.latest += 1;
            } else {
                self.find(index, entry);
            }
        }
    }

    /// An entry is applied out of the order in which commands were proposed, or was not proposed at all.
    #[cold]
    fn find(&mut self, index: LogIndex, entry: EntryId) {
        match self.place(entry) {
            Some(place) => self.latest = place,
            None if self.prepared.contains(&(index, entry)) => {}
            None => self.own.push(index),
        }
    }

    /// Where an entry's payload was proposed: what was lost is passed over forwards, what is proposed once
    /// more is found backwards.
    fn place(&self, entry: EntryId) -> Option<usize> {
        let is_it = |digest: &u64| *digest == entry.digest;
        let forwards = self.proposed.range(self.latest..).position(is_it);
        let place = forwards.map(|ahead| self.latest + ahead);
        place.or_else(|| self.proposed.range(..self.latest).rposition(is_it))
    }

    /// Whether an entry is a command.
    pub(crate) fn is_command(&self, index: LogIndex, entry: EntryId) -> bool {
        self.place(entry).is_some() || self.prepared.contains(&(index, entry))
    }

    /// How many of the applied entries up to an index are commands.
    pub(crate) fn up_to(&self, index: LogIndex) -> u64 {
        let index = index.min(self.applied);
        index - self.own.partition_point(|own| *own <= index) as u64
    }

    /// Up to where entries have been applied.
    pub(crate) fn applied(&self) -> LogIndex {
        self.applied
    }

    /// Where the command of this number stands, counted from 1; `None` if so many have not been applied.
    pub(crate) fn index_of(&self, number: u64) -> Option<LogIndex> {
        let mut index = number;
        for own in &self.own {
            if *own <= index {
                index += 1;
            }
        }
        (number > 0 && index <= self.applied).then_some(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(digest: u64) -> EntryId {
        EntryId { term: 2, digest }
    }

    #[test]
    fn commands_are_counted_and_entries_of_a_raft_are_not() {
        let mut commands = Commands::default();
        // 1 and 4 are the Raft's own; 7 is proposed twice, and stands there twice.
        for digest in [7, 8, 8, 7] {
            commands.propose(digest);
        }
        for (index, digest) in [(1, 0), (2, 7), (3, 8), (4, 0), (5, 7)] {
            commands.apply(index, entry(digest));
            commands.apply(index, entry(digest));
        }
        assert_eq!(
            (1..=6).map(|index| commands.up_to(index)).collect::<Vec<_>>(),
            [0, 1, 2, 2, 3, 3]
        );
        let places: Vec<_> = (0..=4).map(|number| commands.index_of(number)).collect();
        assert_eq!(places, [None, Some(2), Some(3), Some(5), None]);
    }

    #[test]
    fn what_was_proposed_long_before_what_is_applied_is_forgotten() {
        let mut commands = Commands::default();
        let many = 3 * MOST_REMEMBERED as u64;
        (1..=many).for_each(|digest| commands.propose(digest));
        // However many wait, none of them is forgotten; 5 comes late, and again.
        for (index, digest) in [(1, 1), (2, 2), (3, many), (4, 5), (5, many), (6, 5)] {
            commands.apply(index, entry(digest));
        }
        assert!(commands.own.is_empty(), "{:?}", commands.own);
        commands.apply(7, entry(many));
        (0..3).for_each(|_| commands.propose(0));
        for (index, digest) in [(8, 4), (9, 3), (10, 0)] {
            commands.apply(index, entry(digest));
        }
        assert_eq!(commands.own, [9], "what was proposed too long ago");
    }

    #[test]
    fn what_a_log_held_when_the_run_began_counts() {
        let mut commands = Commands::default();
        commands.prepare(1, entry(0));
        commands.apply(1, entry(0));
        commands.apply(2, entry(0));
        assert_eq!((commands.up_to(1), commands.up_to(2)), (1, 1), "the second is a no-op");
        assert!(!commands.is_command(1, EntryId { term: 3, digest: 0 }), "of a later term");
    }
}
