//! What happened to logs, snapshots and commitment.

use splitvote_peer::{LogIndex, LogPosition, PeerId, PeerSet, Role, Term, View};

use super::{Detectors, Happening};
use crate::ghost::{Ghost, LogChange, Occasion};
use crate::observation::Observation;

/// What these detectors remember.
#[derive(Clone, Debug, Default)]
pub(super) struct Replication {
    /// What was committed when they last looked.
    committed: LogIndex,
    /// Who restarted since then.
    restarted: PeerSet,
    /// Who booted and has not taken a step that shows since.
    booting: PeerSet,
    /// Who is known to have missed committed entries.
    behind: PeerSet,
}

impl Detectors {
    /// Looks at how a log changed, while the ghost does not yet know it.
    #[inline]
    pub(crate) fn log(&mut self, ghost: &Ghost, change: &LogChange<'_>) {
        let Some(peer) = ghost.peer(change.peer) else { return };
        if change.occasion != Occasion::Step {
            return;
        }
        if change.removed(&peer.log).is_some() {
            self.saw(Happening::TruncatedLog);
        }
        let floor = change.floor();
        if floor > peer.log.base().index && floor <= peer.log.last_index() {
            self.saw(Happening::Compacted);
        }
        if !change.fresh.is_empty() {
            self.log_grows(ghost, change.peer, change.after);
        }
    }

    /// Somebody's log got new entries.
    #[inline]
    pub(crate) fn log_grows(&mut self, ghost: &Ghost, peer: PeerId, after: &View) {
        if after.role == Role::Leader {
            self.before_progress(ghost);
            if self.isolated.contains(peer) {
                self.saw(Happening::IsolatedAppend);
            }
        }
    }

    #[inline]
    pub(crate) fn of_logs(&mut self, ghost: &Ghost, seen: &Observation) {
        match *seen {
            Observation::Restored { peer, .. } => {
                let is_booting = self.replication.booting.contains(peer);
                self.saw(match is_booting {
                    true => Happening::SnapshotRestored,
                    false => Happening::SnapshotInstalled,
                });
            }
            Observation::AppendReceived { follower, term, previous, entries, .. } => {
                self.append(ghost, follower, term, previous, entries);
            }
            Observation::AppendRefused { leader, follower, term } => {
                self.refusal(ghost, leader, follower, term);
            }
            Observation::InstallReceived { follower, through, .. } => {
                let log = ghost.peer(follower).map(|peer| &peer.log);
                let has_it = |log: &crate::ghost::LogGhost| {
                    log.covers(through.index) || log.term(through.index) == Some(through.term)
                };
                if log.is_some_and(has_it) {
                    self.saw(Happening::SnapshotBehindLog);
                }
            }
            _ => {}
        }
    }

    fn append(
        &mut self,
        ghost: &Ghost,
        follower: PeerId,
        term: Term,
        previous: LogPosition,
        entries: u32,
    ) {
        let Some(peer) = ghost.peer(follower).filter(|peer| peer.view.term == term) else { return };
        let last = peer.log.last();
        let end = previous.index.saturating_add(u64::from(entries));
        if last.term == term && end < last.index {
            self.saw(Happening::ShorterAppendAfterLonger);
        }
        if previous.index < peer.log.base().index {
            self.saw(Happening::AppendBehindSnapshot);
        }
    }

    fn refusal(&mut self, ghost: &Ghost, leader: PeerId, follower: PeerId, term: Term) {
        let leads = |view: &View| view.role == Role::Leader && view.term == term;
        if ghost.peer(leader).is_some_and(|peer| leads(&peer.view)) {
            self.saw(Happening::BackOff);
            self.note_behind(ghost, follower);
        }
    }

    fn note_behind(&mut self, ghost: &Ghost, peer: PeerId) {
        if !has_all(ghost, peer) {
            self.replication.behind.insert(peer);
        }
    }

    /// A peer starts again.
    pub(super) fn restart(&mut self, ghost: &Ghost, peer: PeerId) {
        self.replication.booting.insert(peer);
        self.note_behind(ghost, peer);
        self.replication.restarted.insert(peer);
        if self.replication.restarted.len() == ghost.cluster_size() {
            self.replication.restarted = PeerSet::EMPTY;
            self.saw(Happening::RestartOfAll);
        }
    }

    /// A leader is one no more.
    pub(super) fn lose_office(&mut self, ghost: &Ghost, leader: PeerId) {
        let Some(last) = ghost.peer(leader).map(|peer| peer.log.last()) else { return };
        // Others may have committed as far, and another entry there.
        if ghost.committed.term(last.index) != Some(last.term) {
            self.saw(Happening::UncommittedTail);
        }
    }

    /// A step changed what a view says of the log, and the ghost does not yet know it.
    #[inline]
    pub(crate) fn before_progress(&mut self, ghost: &Ghost) {
        if self.links_touched {
            self.look_at_leaders(ghost);
        }
    }

    /// A step changed a view, and the ghost knows it.
    #[inline]
    pub(crate) fn progress(&mut self, ghost: &Ghost, peer: PeerId, after: &View) {
        self.replication.booting.remove(peer);
        if ghost.committed.last() > self.replication.committed {
            self.commit(ghost, peer, after);
        }
        if self.replication.behind.contains(peer) && has_all(ghost, peer) {
            self.replication.behind.remove(peer);
            self.saw(Happening::CaughtUp);
        }
    }

    fn commit(&mut self, ghost: &Ghost, peer: PeerId, after: &View) {
        let (from, through) = (self.replication.committed, ghost.committed.last());
        self.replication.committed = through;
        self.replication.restarted = PeerSet::EMPTY;
        self.happenings.add(Happening::Commit, through - from);
        let oldest = ghost.committed.term(from + 1);
        if after.role == Role::Leader && oldest.is_some_and(|oldest| oldest < after.term) {
            self.saw(Happening::OldTermEntry);
        }
        let partners = self.links.partners(peer);
        if partners.len() < ghost.cluster_size() {
            let is_cut_off = |other: PeerId| ghost.is_alive(other) && !partners.contains(other);
            if PeerId::all(ghost.cluster_size()).any(is_cut_off) {
                self.saw(Happening::CommitUnderPartition);
            }
        }
    }
}

/// Whether the peer's log holds all that is committed.
fn has_all(ghost: &Ghost, peer: PeerId) -> bool {
    let log = ghost.peer(peer).map(|peer| &peer.log);
    log.is_none_or(|log| ghost.agreement(log) >= ghost.committed.last())
}

#[cfg(test)]
mod tests;
