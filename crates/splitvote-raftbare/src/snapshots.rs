//! Snapshots, which raftbare leaves to its user.

use raftbare::NodeId;
use splitvote::peer::{Payload, Snapshot, Term};

use crate::fault::Fault;
use crate::note::{Note, id_of, position};
use crate::peer::{Cx, RaftBare, Waiting};
use crate::say::Say;

impl RaftBare {
    /// A snapshot of the leader.
    pub(super) fn install(&mut self, term: Term, snapshot: &Snapshot, cx: &mut Cx<'_>) {
        let through = snapshot.through;
        // Of an earlier leader, or of what is here already. raftbare has no part in this.
        if term < self.node.current_term().get()
            || through.index <= self.node.commit_index().get().max(self.announced)
        {
            return;
        }
        let config = self.node.config().clone();
        if self.node.handle_snapshot_installed(position(through), config) {
            self.begin_behind(snapshot, cx);
            self.announced = through.index;
            self.queue(Waiting::Restored(snapshot.clone()), cx);
        }
    }

    /// A snapshot of the state machine.
    pub(super) fn shorten(&mut self, snapshot: &Snapshot, cx: &mut Cx<'_>) {
        let log = self.node.log();
        let through = snapshot.through;
        if through.index <= log.snapshot_position().index.get() || through.index > self.applied {
            return;
        }
        let Some((_, config)) = log.get_position_and_config(through.index.into()) else { return };
        let config = config.clone();
        if self.node.handle_snapshot_installed(position(through), config) {
            self.begin_behind(snapshot, cx);
        }
    }

    /// Writes all anew, and forgets the older records as soon as that is durable.
    fn begin_behind(&mut self, snapshot: &Snapshot, cx: &mut Cx<'_>) {
        let through = snapshot.through.index;
        self.commands.retain(|(index, _), _| *index > through);
        self.snapshot = Some(snapshot.clone());
        let mut first = snapshot.clone();
        if self.has(Fault::SnapshotBeforeData) {
            first.state = Payload::default();
        }
        let last = self.node.log().last_position().index.get();
        if last < self.written_to && through <= last {
            self.persist(Note::Cut { from: last + 1 }, cx);
        }
        self.written_to = last;
        let rest = (through + 1..=last).filter_map(|index| self.kept(index)).map(Note::Entry);
        let notes: Vec<Note> =
            [self.ballot(), Note::Snapshot(first)].into_iter().chain(rest).collect();
        let count = notes.len();
        notes.into_iter().for_each(|note| self.persist(note, cx));
        cx.compact(count);
        if self.has(Fault::SnapshotBeforeData) {
            self.queue(Waiting::LateState, cx);
        }
    }

    pub(super) fn send_snapshot(&mut self, to: NodeId, cx: &mut Cx<'_>) {
        let Some(snapshot) = self.snapshot.clone() else { return };
        let term = self.node.current_term().get();
        self.queue(Waiting::Send { to: id_of(to), say: Say::Snapshot { term, snapshot } }, cx);
    }
}
