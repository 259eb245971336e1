//! The lines of a script that are about logs, disks and state machines.

use splitvote_peer::{EntryId, LogIndex, LogPosition, PeerId, Term, View};

use super::Script;
use crate::observation::Observation;

/// The entry that scripts put at an index: its payload tells the index alone.
pub(crate) fn entry(index: LogIndex, term: Term) -> EntryId {
    EntryId { term, digest: index * 1_000 }
}

impl Script {
    /// The peer's log becomes this one, from index 1; its first index stays.
    pub(crate) fn hold(&mut self, peer: u8, terms: &[Term]) -> &mut Self {
        let log = (1..).zip(terms).map(|(index, term)| entry(index, *term)).collect();
        self.hold_entries(peer, log)
    }

    /// The peer's log becomes this one, from index 1; its first index stays.
    pub(crate) fn hold_entries(&mut self, peer: u8, log: Vec<EntryId>) -> &mut Self {
        let place = usize::from(peer);
        self.logs[place] = log;
        let last = self.end(peer);
        self.change_log(peer, |view| view.last = last)
    }

    /// Entries of these terms are added to the peer's log.
    pub(crate) fn append(&mut self, peer: u8, terms: &[Term]) -> &mut Self {
        let mut log = self.logs[usize::from(peer)].clone();
        for term in terms {
            log.push(entry(log.len() as u64 + 1, *term));
        }
        self.hold_entries(peer, log)
    }

    /// The peer's log becomes that of another.
    pub(crate) fn copy(&mut self, from: u8, to: u8) -> &mut Self {
        let log = self.logs[usize::from(from)].clone();
        self.hold_entries(to, log)
    }

    fn end(&self, peer: u8) -> LogPosition {
        let log = &self.logs[usize::from(peer)];
        let term = log.last().map_or(0, |entry| entry.term);
        LogPosition { index: log.len() as u64, term }
    }

    /// A step that changes the log, as the harness reports it.
    pub(crate) fn change_log(&mut self, peer: u8, change: impl FnOnce(&mut View)) -> &mut Self {
        let before = self.views[usize::from(peer)];
        let mut after = before;
        change(&mut after);
        let log = &self.logs[usize::from(peer)];
        let read = |index: LogIndex| log.get(index.checked_sub(1)? as usize).copied();
        self.judge.log_changed(self.now, PeerId(peer), &before, &after, read);
        self.change(peer, |view| *view = after)
    }

    /// All of the peer's log is durable.
    pub(crate) fn store(&mut self, peer: u8) -> &mut Self {
        for (index, entry) in (1..).zip(self.logs[usize::from(peer)].clone()) {
            self.see(Observation::DurableEntry { peer: PeerId(peer), index, entry });
        }
        self
    }

    /// The peers' logs become that of the leader, and are durable; its own too.
    pub(crate) fn replicate(&mut self, leader: u8, followers: &[u8]) -> &mut Self {
        self.store(leader);
        for follower in followers {
            self.copy(leader, *follower).store(*follower);
        }
        self
    }

    /// The peer's commit index rises.
    pub(crate) fn commit(&mut self, peer: u8, index: LogIndex) -> &mut Self {
        self.change(peer, |view| view.commit = index)
    }

    /// The peer applies its log up to an index.
    pub(crate) fn apply(&mut self, peer: u8, through: LogIndex) -> &mut Self {
        let from = self.views[usize::from(peer)].applied + 1;
        self.change(peer, |view| view.applied = through);
        for index in from..=through {
            let entry = self.logs[usize::from(peer)][index as usize - 1];
            self.see(Observation::Applied { peer: PeerId(peer), index, entry });
        }
        self
    }

    /// The peer replaces its log up to an index by a snapshot, which is durable.
    pub(crate) fn compact(&mut self, peer: u8, through: LogIndex) -> &mut Self {
        let term = self.logs[usize::from(peer)][through as usize - 1].term;
        let snapshot = LogPosition { index: through, term };
        self.see(Observation::DurableSnapshot { peer: PeerId(peer), through: snapshot });
        self.change_log(peer, |view| view.first = through + 1)
    }

    /// The peer restarts with this log, in its old term or the last entry's; what it had committed it does not know.
    pub(crate) fn reboot(&mut self, peer: u8, terms: &[Term]) -> &mut Self {
        let place = usize::from(peer);
        self.logs[place] = (1..).zip(terms).map(|(index, term)| entry(index, *term)).collect();
        let View { term, voted_for, first, .. } = self.views[place];
        let last = self.end(peer);
        let term = term.max(last.term);
        let view = View { term, voted_for, first, last, ..View::NEW };
        let view = View { commit: first - 1, applied: first - 1, ..view };
        self.boot_as(peer, view)
    }

    /// The peer restarts with this view; its log is the one of the script.
    pub(crate) fn boot_as(&mut self, peer: u8, view: View) -> &mut Self {
        let place = usize::from(peer);
        let log = &self.logs[place];
        let read = |index: LogIndex| log.get(index.checked_sub(1)? as usize).copied();
        self.judge.whole_log(self.now, PeerId(peer), &view, read);
        self.views[place] = view;
        self.boots[place] += 1;
        self.see(Observation::Booted { peer: PeerId(peer), boot: self.boots[place], view })
    }

    /// The run ends: every log is compared with what was seen of it.
    pub(crate) fn end_of_run(&mut self) -> &mut Self {
        for (place, view) in self.views.iter().enumerate() {
            let log = &self.logs[place];
            let read = |index: LogIndex| log.get(index.checked_sub(1)? as usize).copied();
            self.judge.whole_log(self.now, PeerId(place as u8), view, read);
        }
        self.finish()
    }
}
