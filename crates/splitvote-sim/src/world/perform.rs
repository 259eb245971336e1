//! What a peer's step does to the world.

use splitvote_peer::{DiskError, Effect, Peer, PeerId, ProposalAnswer, RequestId, SimTime, SyncId};

use super::World;
use super::contract::MOST_RECORDS;
use super::events::{Event, Tag, Transit};
use super::transmit::Arrival;
use crate::queue::fill;
use crate::watcher::{Promised, Watcher};

/// The work of a record: it is written, synced, judged and forgotten.
const WORK_OF_WRITE: u64 = 10;

impl<P: Peer, W: Watcher<P>> World<P, W> {
    /// Carries out the effects of a step, in order. They are taken from the end, which is cheaper
    /// than any iterator. What leaves is looked at in its place, and moved once, into the queue: taken
    /// first, it would be read in wide pieces when it was just written in small ones, and wait for them.
    #[inline(never)]
    pub(super) fn perform(&mut self, from: PeerId) {
        let mut effects = std::mem::take(&mut self.outbox.effects);
        if Self::is_much(effects.len()) {
            self.look_at_much(from, &mut effects);
        }
        let crashes = self.nodes[from.index()].crash_at_send.is_some()
            && self.is_cut_short_at_send(from, &mut effects);
        if effects.len() > 1 {
            effects.reverse();
        }
        while let Some(effect) = effects.last() {
            if let Effect::Send(parcel) = effect {
                let number = self.packets;
                let arrival = self.transmit(from, parcel);
                let place = arrival.and_then(|Arrival { at, late_bytes }| {
                    self.queue.reserve(at).map(|slot| (slot, late_bytes))
                });
                if let Some(Effect::Send(parcel)) = effects.pop()
                    && let Some((slot, late_bytes)) = place
                {
                    fill(slot, Event::Packet(Transit { parcel, number, from, late_bytes }));
                }
            } else if effects.pop().is_some_and(|effect| !self.carry_out(from, effect)) {
                effects.clear();
            }
        }
        if crashes {
            self.go_down(from);
        }
        // What is there has no buffer; to drop it would take time all the same.
        std::mem::forget(std::mem::replace(&mut self.outbox.effects, effects));
    }

    /// Carries out what stays with a peer and its client. False if the peer crashes over it, and the
    /// rest of its step never happens.
    #[inline(always)]
    fn carry_out(&mut self, from: PeerId, effect: Effect<P::Message, P::Record>) -> bool {
        match effect {
            Effect::Send(_) => {}
            Effect::Persist(record) => return self.persist(from, record),
            Effect::Sync(sync) => return self.sync(from, sync),
            Effect::Compact { keep } => return self.compact(from, keep),
            Effect::Applied { index, entry } => self.apply_entry(from, index, entry),
            Effect::Restored(snapshot) => self.restore_machine(from, snapshot),
            Effect::Answer { request, answer } => self.answer(from, request, &answer),
            Effect::Stop => {
                self.stop(from);
                return false;
            }
        }
        true
    }

    // All this is kept out of the loop: inlined, it slows down every packet.

    #[inline(never)]
    fn answer(&mut self, from: PeerId, request: RequestId, answer: &ProposalAnswer) {
        if !self.may_answer(from, request, answer) {
            return;
        }
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
    fn persist(&mut self, id: PeerId, record: P::Record) -> bool {
        let goes_on = !self.crashes_at_write(id);
        if goes_on {
            self.watcher.persisted(self.now, id, &record);
            let disk = &mut self.nodes[id.index()].disk;
            disk.persist(record);
            let records = disk.records().len() as u64;
            self.keep(Self::BYTES_OF_RECORD);
            // A step may write a hundred thousand, and is one event.
            self.spend(WORK_OF_WRITE);
            if records > MOST_RECORDS {
                self.overfilled(id, records);
                return false;
            }
        }
        goes_on
    }

    #[inline(never)]
    fn sync(&mut self, id: PeerId, sync: SyncId) -> bool {
        let goes_on = !self.crashes_at_write(id);
        if goes_on {
            let node = &mut self.nodes[id.index()];
            let (outcome, latency) = node.disk.sync(&self.disk);
            node.syncs_under_way += 1;
            node.failing_under_way += u64::from(outcome.error == Some(DiskError::Io));
            let at = SimTime(self.now.0.saturating_add(latency)).max(node.synced_at);
            node.synced_at = at;
            let promised = if outcome.is_lie { Promised::Falsely } else { Promised::Truly };
            self.watcher.sync_begun(self.now, id, sync, at, promised);
            self.queue.push(at, Event::Synced { peer: id, boot: node.boot, sync, outcome });
        }
        goes_on
    }

    #[inline(never)]
    fn compact(&mut self, id: PeerId, keep: usize) -> bool {
        let goes_on = !self.crashes_at_write(id);
        if goes_on {
            self.watcher.compacted(self.now, id, keep);
            self.nodes[id.index()].disk.compact(keep);
        }
        goes_on
    }

    /// Whether the peer crashes instead of carrying out its next persistence operation; if so, it
    /// is down now.
    #[inline]
    fn crashes_at_write(&mut self, id: PeerId) -> bool {
        match &mut self.nodes[id.index()].crash_at_write {
            None => false,
            Some(0) => {
                self.go_down(id);
                true
            }
            Some(after) => {
                *after -= 1;
                false
            }
        }
    }

    /// Whether the peer crashes instead of sending one of these; if so, that and what was to follow
    /// is gone from them.
    #[cold]
    fn is_cut_short_at_send(
        &mut self,
        id: PeerId,
        effects: &mut Vec<Effect<P::Message, P::Record>>,
    ) -> bool {
        let Some(after) = &mut self.nodes[id.index()].crash_at_send else { return false };
        let is_sent = |effect: &Effect<_, _>| matches!(effect, Effect::Send(_));
        let mut sent = effects.iter().enumerate().filter(|(_, effect)| is_sent(effect));
        let crash = usize::try_from(*after).ok().and_then(|after| sent.nth(after));
        match crash.map(|(place, _)| place) {
            Some(place) => effects.truncate(place),
            None => {
                *after -= effects.iter().filter(|effect| is_sent(effect)).count() as u64;
                return false;
            }
        }
        true
    }

    /// Arms the timer for the peer's next wake.
    pub(super) fn arm(&mut self, id: PeerId) {
        let due = self.nodes[id.index()].next_wake().max(self.now);
        if self.timers.arm(id, due) {
            self.watcher.armed(self.now, id, due);
        }
    }
}
