//! What a peer does to its state machine, and the snapshots that the machine hands back.

use splitvote_peer::{
    EntryId, History, Input, LogIndex, LogPosition, Peer, PeerId, SimTime, Snapshot,
};

use super::World;
use super::events::{Event, Held, Tag};
use crate::watcher::Watcher;

impl<P: Peer, W: Watcher<P>> World<P, W> {
    /// A peer hands an entry to its state machine.
    #[inline(never)]
    pub(super) fn apply_entry(&mut self, id: PeerId, index: LogIndex, entry: EntryId) {
        let node = &mut self.nodes[id.index()];
        let snapshot_after = node.machine.apply(index, entry, &self.snapshots);
        let (through, history) = node.machine.state();
        // The history stands for the entry and for all before it.
        self.digest.absorb(history.0, head(Tag::Applied, id) ^ index);
        if let Some(nanos) = snapshot_after {
            let at = SimTime(self.now.0.saturating_add(nanos));
            self.queue.push(at, Event::Snapshot { peer: id, boot: node.boot, through, history });
        }
        self.watcher.applied(self.now, id, index, entry);
    }

    /// A peer hands a snapshot to its state machine in place of all that it has applied.
    #[cold]
    #[allow(clippy::needless_pass_by_value, reason = "dropped here, and not in the loop")]
    pub(super) fn restore_machine(&mut self, id: PeerId, snapshot: Snapshot) {
        let node = &mut self.nodes[id.index()];
        node.machine.restore(&snapshot);
        let (through, history) = node.machine.state();
        self.stamp(Tag::Restored, id, id, through.index);
        self.digest.absorb_words(&[snapshot.through.index, snapshot.through.term, history.0]);
        self.watcher.restored(self.now, id, &snapshot);
    }

    /// The state machine of this life of a peer has made a snapshot, and hands it to the peer.
    #[cold]
    pub(super) fn hand_over(
        &mut self,
        id: PeerId,
        boot: u32,
        through: LogPosition,
        history: History,
    ) {
        let node = &self.nodes[id.index()];
        if node.boot != boot || node.peer.is_none() {
            return;
        }
        if !node.is_running {
            return self.hold(id, Held::Snapshot { through, history });
        }
        let snapshot = Snapshot::of(through, history, self.snapshots.bytes);
        self.count(Tag::Snapshot, id, id, through.index);
        self.digest.absorb(through.term, history.0);
        self.watcher.snapshot_taken(self.now, id, &snapshot);
        self.step(id, Input::Snapshot(snapshot));
    }
}

/// What and who, in the word that is taken into the digest.
#[inline]
fn head(tag: Tag, id: PeerId) -> u64 {
    (tag as u64) << 56 | u64::from(id.0) << 48
}
