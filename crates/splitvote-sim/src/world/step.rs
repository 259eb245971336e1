//! One whole step of a peer: its input, the change of its view, its effects.

use splitvote_peer::{Context, Input, Peer, PeerId, View};

use super::World;
use super::events::{Event, Tag};
use super::inspect::Task;
use crate::digest::Digest;
use crate::watcher::{Leg, Watcher};

/// Why a peer takes a step.
pub(super) enum Cause<M> {
    /// The packet in this slot of the queue. Its message is moved from there straight to the peer.
    Packet { slot: u32 },
    /// Anything else.
    Other(Input<M>),
}

impl<P: Peer, W: Watcher<P>> World<P, W> {
    /// One whole step of a peer: its input, the change of its view, its effects. The only place
    /// that calls a peer, so that its code is compiled into the loop.
    #[inline(never)]
    pub(super) fn step(&mut self, id: PeerId, cause: Cause<P::Message>) {
        let task = match &cause {
            Cause::Packet { .. } => Task::Packet,
            Cause::Other(input) => Task::of(input),
        };
        self.called = Some((id, task));
        let cluster_size = self.nodes.len();
        let node = &mut self.nodes[id.index()];
        let Some(peer) = &mut node.peer else { return };
        let mut cx = Context {
            me: id,
            boot: node.boot,
            cluster_size,
            now: node.clock.local(self.now),
            chance: &mut node.chance,
            syncs: &mut node.syncs,
            records: &[],
            outbox: &mut self.outbox,
        };
        let span = tracing::enabled!(tracing::Level::DEBUG)
            .then(|| tracing::debug_span!("peer", at = %self.now, id = %id).entered());
        // The kind of input is written out at each call: where the peer's code is compiled into the
        // loop, it need not be looked up again, and the message is not copied once more.
        match cause {
            Cause::Packet { slot } => {
                let Some(Event::Packet { head, from, message, .. }) = self.queue.take(slot) else {
                    return;
                };
                match head.leg {
                    Leg::Request(call) => {
                        peer.step(Input::Request { call, from, message }, &mut cx);
                    }
                    Leg::Reply(call) => {
                        peer.step(Input::Reply { call, from, outcome: Ok(message) }, &mut cx);
                    }
                    Leg::OneWay => peer.step(Input::Message { from, message }, &mut cx),
                }
            }
            Cause::Other(input) => peer.step(input, &mut cx),
        }
        if let Some(span) = span {
            drop(span);
        }
        // A quiet step leaves the view as it was, and then it is not copied either.
        if peer.view() != node.view {
            let after = peer.view();
            let before = std::mem::replace(&mut node.view, after);
            self.changes_of_term += u64::from(before.term != after.term);
            digest_view(&mut self.digest, &after);
            self.watcher.changed(self.now, id, peer, &before, &after);
        }
        if task == Task::Packet {
            self.watcher.handled(self.now, id, peer, &node.view);
        }
        if !self.outbox.effects.is_empty() {
            self.perform(id);
        }
        self.arm(id);
    }
}

#[cold]
pub(super) fn digest_view(digest: &mut Digest, view: &View) {
    let ballot = |peer: Option<PeerId>| peer.map_or(0xff, |peer| u64::from(peer.0));
    let who = ballot(view.voted_for) << 16 | ballot(view.leader) << 8 | view.role as u64;
    digest.absorb(view.term, (Tag::View as u64) << 56 | who);
    digest.absorb(view.last.index, view.last.term);
    digest.absorb(view.first, view.commit << 32 ^ view.applied);
}
