//! What reaches a peer: packets, completed syncs, clients. And the step that follows.

use splitvote_peer::{
    CallId, Command, Context, Durable, Input, Meaning, Message, Peer, PeerId, Record, RequestId,
    RpcError, SimTime, SyncId, View,
};

use super::World;
use super::events::{Event, Tag};
use crate::digest::Digest;
use crate::network::labrpc::DEAD_CHECK_INTERVAL;
use crate::network::{InFlight, Profile};
use crate::watcher::{Fate, Leg, Packet, Watcher};

impl<P: Peer, W: Watcher<P>> World<P, W> {
    /// A client proposes a command to a peer; the answer comes to the watcher. None if the peer is
    /// down.
    pub fn propose(&mut self, to: PeerId, command: Command) -> Option<RequestId> {
        self.peer(to)?;
        let request = RequestId(self.requests);
        self.requests += 1;
        self.count(Tag::Proposed, to, to, request.0);
        self.step(to, Input::Propose { request, command });
        Some(request)
    }

    #[inline(always)]
    pub(super) fn arrive(
        &mut self,
        number: u64,
        from: PeerId,
        to: PeerId,
        leg: Leg,
        message: P::Message,
    ) {
        let packet = Packet { number, from, to, leg, message: &message };
        if let Some(fate) = self.hindrance(&packet) {
            self.watcher.perished(self.now, &packet, fate);
            if let Leg::Request(call) = leg {
                // A call that was made over the labs' network and perished over another is over.
                self.network.open_calls.close(call);
            }
            self.count(Tag::Perished, to, from, number);
            return;
        }
        let node = &mut self.nodes[to.index()];
        self.watcher.received(self.now, &packet, &node.view);
        let kind = message.kind();
        self.network.counters.arrived(kind);
        self.count(Tag::Packet, to, from, (kind as u64) << 32 ^ number);
        self.digest_meaning(message.meaning());
        let input = match leg {
            Leg::Request(call) => {
                self.nodes[to.index()].requests += 1;
                Input::Request { call, from, message }
            }
            Leg::Reply(call) => Input::Reply { call, from, outcome: Ok(message) },
            Leg::OneWay => Input::Message { from, message },
        };
        self.step(to, input);
        if let (Leg::Request(call), Profile::Labrpc(_)) = (leg, self.network.profile) {
            self.entered(call);
        }
    }

    /// Why a packet does not reach its receiver after all.
    #[inline]
    fn hindrance(&mut self, packet: &Packet<'_, P::Message>) -> Option<Fate> {
        let node = &self.nodes[packet.to.index()];
        let is_realistic = matches!(self.network.profile, Profile::Realistic(_));
        if is_realistic
            && self.network.in_flight == InFlight::Cut
            && !self.network.is_up(packet.from, packet.to)
        {
            return Some(Fate::Cut);
        }
        match packet.leg {
            Leg::Reply(call) if call.boot != node.boot => return Some(Fate::Dead),
            Leg::Request(call) if !is_realistic => {
                // None if the call has returned already, or was made over a realistic network.
                if let Some(open) = self.network.open_calls.get(call)
                    && (open.server_boot != node.boot || node.peer.is_none())
                {
                    self.network.open_calls.close(call);
                    self.queue.push(self.now, Event::CallFailed { call, to: packet.to });
                    return Some(Fate::Dead);
                }
            }
            _ => {}
        }
        node.peer.is_none().then_some(Fate::Dead)
    }

    /// A labrpc handler has returned from its step. If it has not replied yet it is still running,
    /// and the network starts to look after it.
    fn entered(&mut self, call: CallId) {
        let now = self.now;
        if let Some(open) = self.network.open_calls.get(call)
            && open.entered.is_none()
        {
            open.entered = Some(now);
            self.queue.push(SimTime(now.0 + DEAD_CHECK_INTERVAL), Event::DeadCheck { call });
        }
    }

    /// Fails a running labrpc call if its server cannot be reached any more; else looks again later.
    pub(super) fn dead_check(&mut self, call: CallId) {
        let Some(open) = self.network.open_calls.get(call) else { return };
        let (to, server_boot) = (open.to, open.server_boot);
        if self.is_dead_for(call, to, server_boot) {
            self.network.open_calls.close(call);
            self.count(Tag::CallFailed, call.caller, to, call.number);
            if self.nodes[call.caller.index()].boot == call.boot {
                let outcome = Err(RpcError::NoReply);
                self.step(call.caller, Input::Reply { call, from: to, outcome });
            }
        } else {
            self.queue.push(SimTime(self.now.0 + DEAD_CHECK_INTERVAL), Event::DeadCheck { call });
        }
    }

    /// labrpc's dead check: the link is disabled, or the server is not the one that was sampled.
    pub(super) fn is_dead_for(&self, call: CallId, to: PeerId, server_boot: u32) -> bool {
        let node = &self.nodes[to.index()];
        !self.network.is_up(call.caller, to) || node.peer.is_none() || node.boot != server_boot
    }

    pub(super) fn synced(&mut self, peer: PeerId, boot: u32, sync: SyncId, covers: u64) {
        let node = &mut self.nodes[peer.index()];
        if node.boot != boot || node.peer.is_none() {
            return;
        }
        for record in node.disk.synced(covers) {
            self.watcher.durable(self.now, peer, record);
            if let Durable::Ballot { term, voted_for } = record.meaning() {
                let vote = voted_for.map_or(0xff, |vote| u64::from(vote.0));
                self.digest.absorb(term, (Tag::Durable as u64) << 56 | vote);
            }
        }
        node.disk.forget();
        self.count(Tag::Synced, peer, peer, sync.0);
        self.step(peer, Input::Synced(sync));
    }

    /// One whole step of a peer: its input, the change of its view, its effects. The only place
    /// that calls a peer, so that its code is compiled into the loop.
    #[inline(never)]
    pub(super) fn step(&mut self, id: PeerId, input: Input<P::Message>) {
        let is_packet = match &input {
            Input::Request { .. } | Input::Message { .. } => true,
            Input::Reply { outcome, .. } => outcome.is_ok(),
            Input::Wake | Input::Synced(_) | Input::Propose { .. } | Input::Snapshot(_) => false,
        };
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
        peer.step(input, &mut cx);
        if let Some(span) = span {
            drop(span);
        }
        let after = peer.view();
        if after != node.view {
            let before = std::mem::replace(&mut node.view, after);
            self.changes_of_term += u64::from(before.term != after.term);
            digest_view(&mut self.digest, &after);
            self.watcher.changed(self.now, id, peer, &before, &after);
        }
        if is_packet {
            self.watcher.handled(self.now, id, peer, &after);
        }
        self.perform(id);
        self.arm(id);
    }

    /// What a packet says; nothing for one of which no checker asks.
    #[inline(always)]
    fn digest_meaning(&mut self, meaning: Meaning) {
        let (term, rest) = match meaning {
            Meaning::Append { term, .. } => (term, 1 << 60),
            Meaning::AppendReply { term, .. } => (term, 2 << 60),
            Meaning::VoteRequest { term, last_log } => {
                (term, 3 << 60 ^ last_log.term.rotate_left(30) ^ last_log.index)
            }
            Meaning::VoteReply { term, asked_in, granted } => {
                (term, 4 << 60 ^ u64::from(granted) << 59 ^ asked_in)
            }
            Meaning::InstallSnapshot { term, through } => {
                (term, 5 << 60 ^ through.term.rotate_left(30) ^ through.index)
            }
            Meaning::InstallReply { term } => (term, 6 << 60),
            Meaning::Other => return,
        };
        self.digest.absorb(term, rest);
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
