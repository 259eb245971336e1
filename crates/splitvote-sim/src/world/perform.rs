//! What a peer's step does to the world.

use splitvote_peer::{Effect, Peer, PeerId, ProposalAnswer, RequestId, SimTime, SyncId};

use super::World;
use super::events::{Event, Tag};
use crate::watcher::Watcher;

impl<P: Peer, W: Watcher<P>> World<P, W> {
    /// Carries out the effects of a step, in order. Most steps have one: taking it from the end is
    /// cheaper than any iterator.
    #[inline(always)]
    pub(super) fn perform(&mut self, from: PeerId) {
        if self.outbox.effects.len() > 1 {
            self.outbox.effects.reverse();
        }
        while let Some(effect) = self.outbox.effects.pop() {
            self.carry_out(from, effect);
        }
    }

    #[inline(always)]
    fn carry_out(&mut self, from: PeerId, effect: Effect<P::Message, P::Record>) {
        match effect {
            // Nobody is there: what is sent to a stranger is lost without a trace.
            Effect::Call { to, .. } | Effect::Send { to, .. } if to.index() >= self.nodes.len() => {
            }
            Effect::Call { call, to, message, bytes } => self.call(call, to, message, bytes),
            Effect::Reply { call, message, bytes } => self.reply(from, call, message, bytes),
            Effect::Send { to, message, bytes } => self.send(from, to, message, bytes),
            Effect::Persist(record) => self.persist(from, record),
            Effect::Sync(sync) => self.sync(from, sync),
            Effect::Compact { keep } => self.compact(from, keep),
            Effect::Applied { index, entry } => self.apply_entry(from, index, entry),
            Effect::Restored(snapshot) => self.restore_machine(from, snapshot),
            Effect::Answer { request, answer } => self.answer(from, request, &answer),
        }
    }

    // What stays with a peer and its client is kept out of the loop: inlined, it slows down every
    // packet.

    #[inline(never)]
    fn answer(&mut self, from: PeerId, request: RequestId, answer: &ProposalAnswer) {
        self.stamp(Tag::Answer, from, from, request.0);
        let (known, index, term) = match answer {
            ProposalAnswer::Accepted { index, term } => (0x100, *index, *term),
            ProposalAnswer::Redirect { leader: None } => (0x200, 0, 0),
            ProposalAnswer::Redirect { leader: Some(leader) } => (0x300, 0, leader.0.into()),
        };
        self.digest.absorb(known, 0);
        self.digest.absorb(index, term);
        self.watcher.answered(self.now, from, request, answer);
    }

    #[inline(never)]
    fn persist(&mut self, id: PeerId, record: P::Record) {
        if !self.crashes_at_write(id) {
            self.nodes[id.index()].disk.persist(record);
        }
    }

    #[inline(never)]
    fn sync(&mut self, id: PeerId, sync: SyncId) {
        if !self.crashes_at_write(id) {
            let node = &mut self.nodes[id.index()];
            let (covers, latency) = node.disk.sync(&self.disk);
            let at = SimTime(self.now.0.saturating_add(latency));
            self.queue.push(at, Event::Synced { peer: id, boot: node.boot, sync, covers });
        }
    }

    #[inline(never)]
    fn compact(&mut self, id: PeerId, keep: usize) {
        if !self.crashes_at_write(id) {
            self.nodes[id.index()].disk.compact(keep);
        }
    }

    /// Whether the peer crashes instead of carrying out its next persistence operation; if so, it
    /// is down now and the rest of its step never happened.
    #[inline]
    fn crashes_at_write(&mut self, id: PeerId) -> bool {
        match &mut self.nodes[id.index()].crash_at_write {
            None => false,
            Some(0) => {
                self.outbox.effects.clear();
                self.crash(id);
                true
            }
            Some(after) => {
                *after -= 1;
                false
            }
        }
    }

    /// Arms the timer for the peer's next wake.
    #[inline(always)]
    pub(super) fn arm(&mut self, id: PeerId) {
        let node = &self.nodes[id.index()];
        let wake = node.peer.as_ref().and_then(Peer::next_wake);
        let at = wake.map_or(SimTime::NEVER, |wake| node.clock.instant(wake).max(self.now));
        self.timers.arm(id, at);
    }
}
