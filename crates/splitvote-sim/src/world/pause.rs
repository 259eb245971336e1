//! Peers that stop for a while and go on as if nothing had been: a SIGSTOP, a long garbage
//! collection, a virtual machine that is moved.
//!
//! A paused peer is up and takes no steps. Its clock goes on. Its host works on: packets reach it,
//! disks sync, clients connect, and all that waits for the peer in the order in which it came. What
//! a sync makes durable is durable on time, so that a crash meanwhile keeps it. Packets that wait
//! have arrived: no partition cuts them any more. Sent is what was sent before the pause.

use splitvote_peer::{Peer, PeerId, SimTime};

use super::World;
use super::events::{Event, Held};
use crate::disturbance::Disturbance;
use crate::watcher::{Fate, Watcher};

impl<P: Peer, W: Watcher<P>> World<P, W> {
    /// The peer takes no steps until [`Self::resume`]. Its timer does not go off meanwhile. Does
    /// nothing if it is down or paused.
    pub fn pause(&mut self, id: PeerId) {
        let Some(node) = self.nodes.get_mut(id.index()) else { return };
        if !node.is_running {
            return;
        }
        node.is_running = false;
        self.timers.arm(id, SimTime::NEVER);
        self.events += 1;
        self.disturbed(Disturbance::Paused { peer: id }, 0, &[]);
    }

    /// A paused peer goes on: at this very instant it is handed all that waited for it, in order,
    /// behind what already waits to happen at this instant. Then its timer goes off if it is overdue. Does
    /// nothing if the peer is not paused.
    pub fn resume(&mut self, id: PeerId) {
        if !self.is_paused(id) {
            return;
        }
        let node = &mut self.nodes[id.index()];
        node.is_running = true;
        let boot = node.boot;
        while let Some(held) = self.nodes[id.index()].held.pop_front() {
            let what = Box::new(held);
            self.queue.push(self.now, Event::Released { peer: id, boot, what });
        }
        self.arm(id);
        self.events += 1;
        self.disturbed(Disturbance::Resumed { peer: id }, 0, &[]);
    }

    /// Whether a peer is up but paused.
    #[must_use]
    pub fn is_paused(&self, id: PeerId) -> bool {
        self.nodes.get(id.index()).is_some_and(|node| node.peer.is_some() && !node.is_running)
    }

    /// What was to reach a paused peer waits for it.
    #[cold]
    pub(super) fn hold(&mut self, id: PeerId, what: Held<P::Message>) {
        self.watcher.held(self.now, id, what.waiting());
        let held = &mut self.nodes[id.index()].held;
        if held.len() as u64 >= self.queue.room() {
            self.queue.refuse();
        }
        held.push_back(what);
    }

    /// A peer crashed: nobody waits any more for what was held for it.
    pub(super) fn drop_held(&mut self, id: PeerId) {
        while let Some(what) = self.nodes[id.index()].held.pop_front() {
            self.forgo(what);
        }
    }

    /// What was held reaches the peer, unless it has crashed or been paused anew.
    #[cold]
    pub(super) fn released(&mut self, id: PeerId, boot: u32, what: Held<P::Message>) {
        let node = &self.nodes[id.index()];
        if node.boot != boot || node.peer.is_none() {
            return self.forgo(what);
        }
        if !node.is_running {
            return self.hold(id, what);
        }
        match what {
            Held::Packet(packet) => {
                // It goes the way of every packet, from a slot of the queue to the peer.
                if let Some(slot) = self.queue.lodge(Event::Packet(packet)) {
                    self.receive(slot);
                }
            }
            Held::Synced(sync) => self.hear_of_sync(id, sync),
            Held::SyncFails(sync, outcome) => self.sync_ends(id, boot, sync, &outcome),
            Held::CallFailed { call, to } => self.hear_of_failure(call, to),
            Held::Snapshot { through, history } => self.hand_over(id, boot, through, history),
            Held::Proposal { request, command } => self.take_proposal(id, request, command),
        }
    }

    /// What was held finds nobody. Of all but packets nobody needs to know.
    fn forgo(&mut self, what: Held<P::Message>) {
        if let Held::Packet(packet) = what {
            self.lose(&packet, Fate::Dead);
        }
    }
}
