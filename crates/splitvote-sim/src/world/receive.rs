//! What reaches a peer: packets, failed calls, clients.

use splitvote_peer::{
    CallId, Command, Input, Leg, Meaning, Message, Parcel, Peer, PeerId, RequestId, RpcError,
    SimTime,
};

use super::World;
use super::contract::as_call;
use super::events::{Event, Held, Tag, Transit};
use super::limits::BYTES_OF_REQUEST;
use super::node::Node;
use crate::network::labrpc::DEAD_CHECK_INTERVAL;
use crate::network::{InFlight, Network, Profile};
use crate::watcher::{Fate, Packet, Watcher};

impl<P: Peer, W: Watcher<P>> World<P, W> {
    /// A client proposes a command to a peer; the answer comes to the watcher. None if the peer is
    /// down. A peer that is paused is handed the command when it resumes, and answers then.
    pub fn propose(&mut self, to: PeerId, command: Command) -> Option<RequestId> {
        self.peer(to)?;
        let request = RequestId(self.requests);
        self.requests += 1;
        self.keep(BYTES_OF_REQUEST);
        self.count(Tag::Proposed, to, to, request.0);
        if self.nodes[to.index()].is_running {
            self.take_proposal(to, request, command);
        } else {
            self.hold(to, Held::Proposal { request, command });
        }
        Some(request)
    }

    /// A peer is handed a client's command.
    pub(super) fn take_proposal(&mut self, id: PeerId, request: RequestId, command: Command) {
        self.watcher.proposed(self.now, id, request, &command);
        self.requests_due.hand(as_call(request));
        self.step(id, Input::Propose { request, command });
        self.requests_due.put_down(as_call(request), id);
    }

    /// A packet arrives. It is looked at in its slot, and moved only when the peer is handed it.
    #[inline(always)]
    pub(super) fn arrive(&mut self, slot: u32) {
        let Some(Event::Packet(packet)) = self.queue.get(slot) else { return };
        let Transit { ref parcel, number, from, late_bytes } = *packet;
        let to = parcel.to;
        if self.network.crowd.has_evicted(number) {
            return self.perish(slot, Hindrance::Perishes(Fate::Lost));
        }
        if !self.clogs.is_empty() && self.clogs.contains_key(&(from, to)) {
            return self.hold_up(slot, from, to);
        }
        self.network.counters.bytes += u64::from(late_bytes);
        let node = &self.nodes[to.index()];
        if let Some(hindrance) = hindrance(node, &mut self.network, from, parcel) {
            return self.perish(slot, hindrance);
        }
        self.receive(slot);
    }

    /// A packet has reached its receiver, which is running.
    #[inline(always)]
    pub(super) fn receive(&mut self, slot: u32) {
        let Some(Event::Packet(packet)) = self.queue.get(slot) else { return };
        let Transit { ref parcel, number, from, .. } = *packet;
        let Parcel { ref leg, to, ref message, .. } = *parcel;
        let node = &mut self.nodes[to.index()];
        self.watcher.received(self.now, &packet.packet(), &node.view);
        let mut request = None;
        if let Leg::Request(call) = *leg {
            node.requests += 1;
            self.calls_due.hand(call);
            request = Some(call);
        }
        let (kind, meaning) = (message.kind(), message.meaning());
        self.network.counters.arrived(kind);
        self.count(Tag::Packet, to, from, (kind as u64) << 32 ^ number);
        self.digest_meaning(meaning);
        self.step_with_packet(to, slot);
        if let Some(call) = request {
            self.calls_due.put_down(call, to);
            if matches!(self.network.profile, Profile::Labrpc(_)) {
                self.entered(call);
            }
        }
    }

    /// A packet does not reach its receiver after all, or not until it resumes.
    #[cold]
    fn perish(&mut self, slot: u32, hindrance: Hindrance) {
        let Some(Event::Packet(packet)) = self.queue.take(slot) else { return };
        match hindrance {
            Hindrance::Perishes(fate) => self.lose(&packet, fate),
            Hindrance::Waits => self.hold(packet.parcel.to, Held::Packet(packet)),
        }
    }

    /// A packet is lost at its receiver's end.
    pub(super) fn lose(&mut self, packet: &Transit<P::Message>, fate: Fate) {
        let packet = packet.packet();
        let Packet { number, from, to, leg, .. } = packet;
        if let Leg::Request(call) = leg {
            // The labs' network reports it. A call that was made over that network and perished over
            // another is over.
            let open = self.network.open_calls.close(&call);
            if open.is_some() && matches!(self.network.profile, Profile::Labrpc(_)) {
                self.queue.push(self.now, Event::CallFailed { call, to });
            }
        }
        self.watcher.perished(self.now, &packet, fate);
        self.count(Tag::Perished, to, from, number);
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
            self.network.open_calls.close(&call);
            self.call_failed(call, to);
        } else {
            self.queue.push(SimTime(self.now.0 + DEAD_CHECK_INTERVAL), Event::DeadCheck { call });
        }
    }

    /// The labrpc network reports to a caller that a call has failed.
    pub(super) fn call_failed(&mut self, call: CallId, to: PeerId) {
        self.count(Tag::CallFailed, call.caller, to, call.number);
        if self.nodes[call.caller.index()].boot == call.boot {
            self.hear_of_failure(call, to);
        }
    }

    /// A caller learns that its call has failed.
    pub(super) fn hear_of_failure(&mut self, call: CallId, to: PeerId) {
        if self.nodes[call.caller.index()].is_running {
            self.watcher.call_failed(self.now, call, to);
            let outcome = Err(RpcError::NoReply);
            self.step(call.caller, Input::Reply { call, from: to, outcome });
        } else {
            self.hold(call.caller, Held::CallFailed { call, to });
        }
    }

    /// labrpc's dead check: the link is disabled, or the server is not the one that was sampled.
    pub(super) fn is_dead_for(&self, call: CallId, to: PeerId, server_boot: u32) -> bool {
        let node = &self.nodes[to.index()];
        !self.network.is_up(call.caller, to) || node.peer.is_none() || node.boot != server_boot
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
            Meaning::PreVote { asked_for, last_log } => {
                (asked_for, 7 << 60 ^ last_log.term.rotate_left(30) ^ last_log.index)
            }
            Meaning::PreVoteReply { term, asked_for, granted } => {
                (term, 8 << 60 ^ u64::from(granted) << 59 ^ asked_for)
            }
            Meaning::Other => return,
        };
        self.digest.absorb(term, rest);
    }
}

/// Why a packet does not reach its receiver, or not now.
#[derive(Clone, Copy)]
enum Hindrance {
    Perishes(Fate),
    /// The receiver is paused.
    Waits,
}

/// What keeps a packet from its receiver.
#[inline(always)]
fn hindrance<P: Peer>(
    receiver: &Node<P>,
    network: &mut Network<P::Message>,
    from: PeerId,
    parcel: &Parcel<P::Message>,
) -> Option<Hindrance> {
    let is_realistic = matches!(network.profile, Profile::Realistic(_));
    if is_realistic && network.in_flight == InFlight::Cut && !network.is_up(from, parcel.to) {
        return Some(Hindrance::Perishes(Fate::Cut));
    }
    let is_meant = match parcel.leg {
        Leg::Reply(call) => call.boot == receiver.boot,
        // None if the call has returned already, or was made over a realistic network.
        Leg::Request(call) if !is_realistic => {
            network.open_calls.get(call).is_none_or(|open| open.server_boot == receiver.boot)
        }
        _ => true,
    };
    if is_meant && receiver.is_running {
        return None;
    }
    // Nobody is held who is down.
    let waits = is_meant && receiver.peer.is_some();
    Some(if waits { Hindrance::Waits } else { Hindrance::Perishes(Fate::Dead) })
}
