//! One whole step of a peer: its input, the change of its view, its effects.

use splitvote_peer::{
    BreachCause, Context, DiskError, Input, Leg, Parcel, Peer, PeerId, SyncId, Turn, View,
};

use super::World;
use super::contract::{contradiction, difference};
use super::events::{Event, Tag, Transit};
use super::inspect::Task;
use crate::digest::Digest;
use crate::queue::EventQueue;
use crate::watcher::Watcher;

impl<P: Peer, W: Watcher<P>> World<P, W> {
    /// A peer takes any input that is no packet.
    #[inline(never)]
    pub(super) fn step(&mut self, id: PeerId, input: Input<'_, P::Message>) {
        self.turn(id, Task::of(&input), |peer, _, cx| peer.step(input, cx));
    }

    /// A peer hears that a sync has failed.
    #[cold]
    pub(super) fn hear_of_failed_sync(&mut self, id: PeerId, sync: SyncId, error: DiskError) {
        self.turn(id, Task::FailedSync, |peer, _, cx| peer.sync_failed(sync, error, cx));
    }

    /// A peer takes the packet in this slot of the queue. Its message is lent from there. The kind of
    /// input is written out at each call: where the peer's code is compiled into the loop, it need not
    /// be looked up again.
    #[inline(never)]
    pub(super) fn step_with_packet(&mut self, id: PeerId, slot: u32) {
        self.turn(id, Task::Packet, |peer, queue, cx| {
            let Some(Event::Packet(packet)) = queue.get(slot) else { return };
            let Transit { parcel: Parcel { ref leg, ref message, .. }, from, .. } = *packet;
            match *leg {
                Leg::Request(call) => peer.step(Input::Request { call, from, message }, cx),
                Leg::Reply(call) => {
                    peer.step(Input::Reply { call, from, outcome: Ok(message) }, cx);
                }
                Leg::OneWay => peer.step(Input::Message { from, message }, cx),
            }
            queue.discard(slot);
        });
    }

    /// One whole step of a peer: what it is handed, the change of its view, its next wake, its effects.
    #[inline(always)]
    fn turn(
        &mut self,
        id: PeerId,
        task: Task,
        hand_over: impl FnOnce(&mut P, &mut EventQueue<Event<P::Message>>, &mut Context<'_, P>),
    ) {
        let called = self.pulse.begin(self.events, id, task);
        let cluster_size = self.nodes.len();
        let node = &mut self.nodes[id.index()];
        let Some(peer) = &mut node.peer else { return };
        let now = node.clock.local(self.now);
        let mut cx = Context::new(
            Turn { me: id, boot: node.boot, cluster_size, now },
            &mut node.chance,
            &mut node.syncs,
            &[],
            &mut self.outbox,
        );
        let span = tracing::enabled!(tracing::Level::DEBUG)
            .then(|| tracing::debug_span!("peer", at = %self.now, id = %id).entered());
        hand_over(peer, &mut self.queue, &mut cx);
        if let Some(span) = span {
            drop(span);
        }
        // A quiet step leaves the view as it was, and then it is not copied either.
        if peer.view() != node.view {
            let after = peer.view();
            let flaw = contradiction(&after, cluster_size);
            let before = std::mem::replace(&mut node.view, after);
            node.furthest = node.furthest.max(after.last.index);
            if let Some(cause) = flaw.or_else(|| flipped(&before, &after, peer)) {
                return self.reject(id, cause);
            }
            self.changes_of_term += u64::from(before.term != after.term);
            digest_view(&mut self.digest, &after);
            self.watcher.changed(self.now, id, peer, &before, &after);
            if let Some(cause) = self.watcher.breach() {
                return self.reject(id, cause);
            }
        }
        if task == Task::Packet {
            self.watcher.handled(self.now, id, peer, &node.view);
        }
        let due = node.next_wake().max(self.now);
        self.pulse.end(called);
        if self.timers.arm(id, due) {
            self.watcher.armed(self.now, id, due);
        }
        if !self.outbox.effects.is_empty() {
            self.perform(id);
        }
    }

    /// A peer broke the contract in a step: of what it did there, nothing is carried out.
    #[cold]
    pub(super) fn reject(&mut self, id: PeerId, cause: BreachCause) {
        self.pulse.close();
        self.outbox.effects.clear();
        self.break_contract(id, cause);
    }
}

/// Whether a view that has just changed is another one when it is asked for again. Once a term, since it
/// costs as much as the step.
#[inline(always)]
fn flipped<P: Peer>(before: &View, after: &View, peer: &P) -> Option<BreachCause> {
    if before.term == after.term && before != after {
        return None;
    }
    let again = peer.view();
    (again != *after).then(|| BreachCause::ViewChanged { what: difference(after, &again) })
}

#[cold]
pub(super) fn digest_view(digest: &mut Digest, view: &View) {
    let ballot = |peer: Option<PeerId>| peer.map_or(0xff, |peer| u64::from(peer.0));
    let who = ballot(view.voted_for) << 16 | ballot(view.leader) << 8 | view.role as u64;
    digest.absorb(view.term, (Tag::View as u64) << 56 | who);
    digest.absorb(view.last.index, view.last.term);
    digest.absorb(view.first, view.commit << 32 ^ view.applied);
}
