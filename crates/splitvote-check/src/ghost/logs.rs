//! What the judge remembers of logs, disks and state machines.

use splitvote_peer::{
    EntryId, History, LogIndex, LogPosition, PeerId, PeerSet, SimTime, Term, View,
};

use super::log::LogGhost;
use super::reading::{LogChange, Occasion};
use super::{Ghost, PeerGhost};
use crate::observation::Observation;

impl Ghost {
    /// The log that counts as durable: the one on the disk, or the one in memory for a Raft whose
    /// records do not tell of entries.
    #[inline]
    pub(crate) fn durable_log<'a>(&self, peer: &'a PeerGhost) -> &'a LogGhost {
        if self.tells_entries { &peer.disk_log } else { &peer.log }
    }

    /// Up to which index a log is as committed; a snapshot counts as such.
    pub(crate) fn agreement(&self, log: &LogGhost) -> LogIndex {
        let agrees = |index: LogIndex| {
            self.committed.history(index).is_some_and(|history| log.holds(index, history))
        };
        let (mut low, mut high) = (log.base().index, log.last_index().min(self.committed.last()));
        if low >= high || agrees(high) {
            return high;
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if agrees(middle) { low = middle } else { high = middle }
        }
        low
    }

    /// The peers whose disks hold the committed entry of an index. A crashed peer's disk counts.
    pub(crate) fn holders(&self, index: LogIndex) -> PeerSet {
        self.all().filter(|(_, peer)| self.is_durable_on(peer, index)).map(|(id, _)| id).collect()
    }

    fn is_durable_on(&self, peer: &PeerGhost, index: LogIndex) -> bool {
        let log = self.durable_log(peer);
        let history = self.committed.history(index);
        log.covers(index) || history.is_some_and(|history| log.holds(index, history))
    }

    /// All peers of the cluster.
    pub(crate) fn all(&self) -> impl Iterator<Item = (PeerId, &PeerGhost)> {
        PeerId::all(self.peers.len()).zip(&self.peers)
    }

    /// Takes in how a log changed.
    pub(crate) fn take_log(&mut self, change: &LogChange<'_>) {
        if change.occasion == Occasion::End {
            return;
        }
        let Some(peer) = self.peers.get_mut(change.peer.index()) else { return };
        if change.removed(&peer.log).is_some() {
            peer.pending_cuts.push(change.kept.index);
        }
        let old_first = peer.log.base();
        peer.adopt(change);
        if change.occasion == Occasion::Boot {
            peer.disk_log.clone_from(&peer.log);
            peer.pending_cuts.clear();
        } else if !peer.pending_cuts.is_empty() && peer.holds_its_disk() {
            peer.pending_cuts.clear();
        }
        let is_compacted = peer.log.base() != old_first;
        if change.start.is_some() && change.flaw.is_none() {
            self.sight(change);
        }
        if is_compacted && self.sightings.has_others() {
            let lowest = self.peers.iter().map(|peer| peer.log.base().index).min();
            self.sightings.forget_before(lowest.unwrap_or(0));
        }
    }

    fn sight(&mut self, change: &LogChange<'_>) {
        for (index, held) in change.entries() {
            let is_told = index <= self.committed.last()
                && self.committed.term(index) == Some(held.entry.term);
            if !is_told {
                self.sightings.see(change.peer, index, held);
            }
        }
    }

    /// A peer counts entries as committed. Those that its log does not show stay unknown.
    #[inline]
    pub(crate) fn commit(&mut self, at: SimTime, peer: PeerId, view: &View) {
        let from = self.committed.last();
        if view.commit <= from {
            return;
        }
        let Some(ghost) = self.peers.get(peer.index()) else { return };
        let through = view.commit.min(ghost.log.last_index());
        // A log with another past does not continue what was committed.
        let continues =
            self.committed.history(from).is_some_and(|past| ghost.log.holds(from, past));
        if through <= from || !continues {
            return;
        }
        for index in from + 1..=through {
            let Some(held) = ghost.log.get(index) else { break };
            self.committed.push(*held, view.term);
        }
        self.committed.stamp(at);
        self.sightings.settle(&self.committed);
        if let Some(ghost) = self.peers.get_mut(peer.index()) {
            ghost.agreed = ghost.agreed.max(self.committed.last());
        }
    }

    /// Takes in what a disk, a state machine or an account shows.
    #[inline]
    pub(crate) fn record_log(&mut self, observation: &Observation) {
        // Whoever only sends is not changed by that.
        let (_, peer) = observation.peers();
        let Some(ghost) = self.peers.get_mut(peer.index()) else { return };
        match *observation {
            Observation::DurableEntry { index, entry, .. } => ghost.write_entry(index, entry),
            Observation::DurableTruncation { from, .. } => ghost.cut_disk(from.saturating_sub(1)),
            Observation::DurableSnapshot { through, .. } => {
                ghost.stored_snapshot = ghost.stored_snapshot.max(through.index);
                if ghost.disk_log.term(through.index) == Some(through.term) {
                    ghost.disk_log.discard(through.index);
                } else if !ghost.disk_log.covers(through.index) {
                    ghost.disk_log.reset(through, self.committed.history(through.index));
                    ghost.pending_cuts.done(through.index);
                }
            }
            Observation::Applied { index, .. }
            | Observation::Restored { through: LogPosition { index, .. }, .. } => {
                ghost.applied = index;
            }
            Observation::InstallReceived { term, through, .. } if term >= ghost.view.term => {
                ghost.sent_snapshot = ghost.sent_snapshot.max(through.index);
            }
            _ => {}
        }
    }

    /// Where the entry of this index and term was seen, if its history there was another: in whose
    /// log, or none for the committed one.
    #[inline]
    pub(crate) fn contradiction(
        &self,
        index: LogIndex,
        term: Term,
        history: History,
    ) -> Option<Option<PeerId>> {
        if index <= self.committed.last() && self.committed.term(index) == Some(term) {
            let differs = self.committed.history(index) != Some(history);
            return differs.then_some(None);
        }
        let seen = self.sightings.find(index, term)?;
        (seen.history != history).then_some(Some(seen.peer))
    }
}

impl PeerGhost {
    /// Whether memory holds all that is said to be on the disk.
    fn holds_its_disk(&self) -> bool {
        let last = self.disk_log.last_index();
        let history = self.disk_log.history(last);
        history.is_some_and(|history| self.log.holds(last, history))
    }

    /// An entry replaces what stood at its index and all that followed, unless it is the same. One
    /// behind a gap, or in place of what a snapshot stands for, is not reached by a restart.
    #[inline]
    fn write_entry(&mut self, index: LogIndex, entry: EntryId) {
        let last = self.disk_log.last_index();
        if index <= last {
            if self.disk_log.covers(index)
                || self.disk_log.get(index).is_some_and(|held| held.entry == entry)
            {
                return;
            }
            self.disk_log.truncate(index - 1);
            self.disk_log.append(entry);
            self.pending_cuts.done(index - 1);
        } else if index - last == 1 {
            self.disk_log.append(entry);
        }
    }

    /// The disk keeps its entries up to here, and its snapshot whatever that stands for.
    fn cut_disk(&mut self, kept: LogIndex) {
        let kept = kept.max(self.disk_log.base().index);
        if kept < self.disk_log.last_index() {
            self.disk_log.truncate(kept);
            self.pending_cuts.done(kept);
        }
    }

    /// Makes of the log that was known the log that was read.
    fn adopt(&mut self, change: &LogChange<'_>) {
        let (kept, floor, log) = (change.kept, change.floor(), &mut self.log);
        if change.flaw.is_some() {
            // It cannot be known what such a log holds.
            self.agreed = 0;
            return log.reset(change.after.last, None);
        }
        let is_met = kept.index > floor;
        let is_same = change.start.is_some() && log.history(kept.index) == change.start;
        let continues = change.occasion == Occasion::Step && (is_met || is_same);
        if continues {
            log.truncate(kept.index);
            self.agreed = self.agreed.min(kept.index);
        } else {
            log.reset(kept, change.start);
            self.agreed = 0;
        }
        change.fresh.iter().for_each(|held| log.push(*held));
        log.discard(floor);
    }
}
