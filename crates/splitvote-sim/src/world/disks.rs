//! Syncs that end, and disks that fail and rot.
//!
//! What a failed sync leaves on the disk, and what a boot finds of a damaged record, is the disk's to
//! say (`crate::disk`).

use splitvote_peer::{
    Damage, DiskError, DiskTrouble, Durable, Input, Peer, PeerId, Record, SyncId,
};

use super::World;
use super::events::{Held, Tag};
use crate::disk::{RecordPlace, Sync};
use crate::disturbance::Disturbance;
use crate::watcher::Watcher;

impl<P: Peer, W: Watcher<P>> World<P, W> {
    /// A sync completes or fails, whether or not the peer is paused: the disk works on.
    pub(super) fn sync_ends(&mut self, peer: PeerId, boot: u32, sync: SyncId, outcome: &Sync) {
        let node = &mut self.nodes[peer.index()];
        if node.boot != boot || node.peer.is_none() {
            return;
        }
        if node.is_stalled {
            return node.hung.push((sync, *outcome));
        }
        let is_spared = sync.0 <= node.spared_through && outcome.error == Some(DiskError::Io);
        let fails = node.disk.fails(outcome) && !is_spared || sync.0 <= node.failed_through;
        if fails && !node.is_running {
            // The error is told when the peer asks for it, and until then it can be taken back.
            return self.hold(peer, Held::SyncFails(sync, *outcome));
        }
        node.syncs_under_way -= 1;
        if fails {
            return self.sync_fails(peer, sync, outcome);
        }
        if outcome.is_lie {
            self.trouble(peer, DiskTrouble::SyncLied, 0, &[]);
        }
        let node = &mut self.nodes[peer.index()];
        node.disk.synced(outcome).for_each(|record| {
            self.watcher.durable(self.now, peer, record);
            record.meanings(|meaning| {
                if let Durable::Ballot { term, voted_for } = meaning {
                    let vote = voted_for.map_or(0xff, |vote| u64::from(vote.0));
                    self.digest.absorb(term, (Tag::Durable as u64) << 56 | vote);
                }
            });
        });
        node.disk.forget();
        let is_running = node.is_running;
        self.count(Tag::Synced, peer, peer, sync.0);
        if is_running {
            self.hear_of_sync(peer, sync);
        } else {
            self.hold(peer, Held::Synced(sync));
        }
    }

    /// A peer learns that a sync has completed.
    pub(super) fn hear_of_sync(&mut self, peer: PeerId, sync: SyncId) {
        self.watcher.synced(self.now, peer, sync);
        self.step(peer, Input::Synced(sync));
    }

    /// A sync fails, and all others that are under way now will: the error is the file's, and is told
    /// to each that had begun before it was known.
    #[cold]
    fn sync_fails(&mut self, peer: PeerId, sync: SyncId, outcome: &Sync) {
        let node = &mut self.nodes[peer.index()];
        if sync.0 > node.failed_through {
            node.failed_through = node.syncs;
        }
        let counts = outcome.error == Some(DiskError::Io) && sync.0 > node.spared_through;
        node.failing_under_way -= u64::from(counts && node.failing_under_way > 0);
        let error = node.disk.sync_failed(outcome);
        self.events += 1;
        self.trouble(peer, DiskTrouble::SyncFailed(error), sync.0, &[error as u64]);
        self.hear_of_failed_sync(peer, sync, error);
    }

    /// The sync that the peer asks for after `after` others fails with an error, and the peer is told
    /// when it would have completed. With 0 it is the next one. A write that fails shows in no other way.
    /// Does nothing if the peer is down; a crash in between takes it back.
    pub fn fail_sync(&mut self, id: PeerId, after: u64, error: DiskError) {
        let Some(node) = self.nodes.get_mut(id.index()) else { return };
        if node.peer.is_some() {
            node.disk.fail_sync(Some((after, error)));
            self.trouble(id, DiskTrouble::WillFail { after, error }, 0, &[after, error as u64]);
        }
    }

    /// From now on the peer's disk has no space for another record: the next sync that should cover one
    /// fails. That holds whether or not the peer is up, and through restarts.
    pub fn fill_disk(&mut self, id: PeerId) {
        self.set_full(id, true, DiskTrouble::Full);
    }

    /// The peer's disk has space again. What it had none for is written after all, unless a sync has told
    /// of it: then it stays lost.
    pub fn free_disk(&mut self, id: PeerId) {
        self.set_full(id, false, DiskTrouble::Freed);
    }

    fn set_full(&mut self, id: PeerId, is_full: bool, trouble: DiskTrouble) {
        let Some(node) = self.nodes.get_mut(id.index()) else { return };
        if node.disk.set_full(is_full) {
            self.trouble(id, trouble, 0, &[]);
        }
    }

    /// Whether the peer's disk has no space for another record.
    #[must_use]
    pub fn is_disk_full(&self, id: PeerId) -> bool {
        self.nodes.get(id.index()).is_some_and(|node| node.disk.is_full())
    }

    /// From now on no sync of the peer's disk completes, and none fails. The peer is not told, and runs on. That
    /// holds whether or not the peer is up, and through restarts.
    pub fn stall_disk(&mut self, id: PeerId) {
        let Some(node) = self.nodes.get_mut(id.index()) else { return };
        if !std::mem::replace(&mut node.is_stalled, true) {
            self.trouble(id, DiskTrouble::Stalled, 0, &[]);
        }
    }

    /// The syncs of the peer's disk complete again: those that hung at once, in their order.
    pub fn release_disk(&mut self, id: PeerId) {
        let Some(node) = self.nodes.get_mut(id.index()) else { return };
        if !std::mem::take(&mut node.is_stalled) {
            return;
        }
        let (boot, hung) = (node.boot, std::mem::take(&mut node.hung));
        self.trouble(id, DiskTrouble::Released, 0, &[]);
        for (sync, outcome) in hung {
            // What an earlier one brings about may be a crash, which ends the others.
            self.sync_ends(id, boot, sync, &outcome);
        }
    }

    /// Whether no sync of the peer's disk completes.
    #[must_use]
    pub fn is_disk_stalled(&self, id: PeerId) -> bool {
        self.nodes.get(id.index()).is_some_and(|node| node.is_stalled)
    }

    /// A durable record of the peer's disk can no longer be read. The next boot finds out, or the peer
    /// boots without the record if nothing tells of the damage. Does nothing if there is no such record.
    ///
    /// No Raft survives damage that nothing tells of: what its disk acknowledged may be gone.
    pub fn rot(&mut self, id: PeerId, place: RecordPlace, damage: Damage) {
        let Some(node) = self.nodes.get_mut(id.index()) else { return };
        if node.disk.rot(place, damage) {
            let RecordPlace { kind, back } = place;
            self.trouble(id, DiskTrouble::Rotten(damage), back, &[kind as u64, damage as u64]);
        }
    }

    /// All damaged records of the peer's disk can be read again, as from a mirror. Not those that a peer
    /// has booted without, and not those that a failed sync has never written.
    pub fn mend_disk(&mut self, id: PeerId) {
        let Some(node) = self.nodes.get_mut(id.index()) else { return };
        if node.disk.mend() {
            self.trouble(id, DiskTrouble::Mended, 0, &[]);
        }
    }

    /// Whether the peer's disk holds damaged records that can be mended.
    #[must_use]
    pub fn is_disk_rotten(&self, id: PeerId) -> bool {
        self.nodes.get(id.index()).is_some_and(|node| node.disk.can_be_mended())
    }

    #[cold]
    pub(super) fn trouble(
        &mut self,
        peer: PeerId,
        trouble: DiskTrouble,
        detail: u64,
        numbers: &[u64],
    ) {
        self.disturbed(Disturbance::DiskTrouble { peer, trouble }, detail, numbers);
    }
}
