//! Sending: what the network does to a packet that leaves.

use splitvote_peer::time::nanos;
use splitvote_peer::{CallId, Message, Peer, PeerId, SimTime};

use super::World;
use super::events::{Event, Tag};
use crate::network::labrpc::Draws;
use crate::network::link::Departure;
use crate::network::open_calls::OpenCall;
use crate::network::rules::Verdict;
use crate::network::{Labrpc, Profile};
use crate::watcher::{Fate, Leg, Packet, Watcher};

impl<P: Peer, W: Watcher<P>> World<P, W> {
    #[inline(always)]
    pub(super) fn call(&mut self, call: CallId, to: PeerId, message: P::Message, bytes: u32) {
        self.network.counters.calls += 1;
        self.network.counters.bytes += u64::from(bytes);
        match &self.network.profile {
            Profile::Realistic(_) => {
                self.datagram(call.caller, to, Leg::Request(call), message, bytes);
            }
            Profile::Labrpc(profile) => self.lab_call(*profile, call, to, message, bytes),
        }
    }

    #[inline(always)]
    pub(super) fn reply(&mut self, from: PeerId, call: CallId, message: P::Message, bytes: u32) {
        match &self.network.profile {
            Profile::Realistic(_) => {
                // A call of the labs' network that is answered over this one is over.
                self.network.open_calls.close(call);
                self.network.counters.bytes += u64::from(bytes);
                self.datagram(from, call.caller, Leg::Reply(call), message, bytes);
            }
            Profile::Labrpc(_) => self.lab_reply(from, call, message, bytes),
        }
    }

    pub(super) fn send(&mut self, from: PeerId, to: PeerId, message: P::Message, bytes: u32) {
        match &self.network.profile {
            Profile::Realistic(_) => {
                self.datagram(from, to, Leg::OneWay, message, bytes);
            }
            Profile::Labrpc(profile) => self.lab_send(*profile, from, to, message, bytes),
        }
    }

    /// The realistic profile: one packet, on its own.
    #[inline(always)]
    fn datagram(&mut self, from: PeerId, to: PeerId, leg: Leg, message: P::Message, bytes: u32) {
        let (number, verdict, departure) = self.leave(from, to, leg, &message, bytes);
        let Profile::Realistic(channel) = &self.network.profile else { return };
        let draws = channel.read(departure.words);
        let mut delay = draws.delay.saturating_add(departure.extra_delay);
        let copy_delay = if draws.is_duplicated || verdict == Verdict::Duplicate {
            channel.copy_delay(&draws)
        } else {
            0
        };
        let mut is_duplicated = draws.is_duplicated;
        let mut fate = if draws.is_lost { Some(Fate::Lost) } else { None };
        match verdict {
            Verdict::Pass => {}
            Verdict::Deliver => (fate, is_duplicated) = (None, false),
            Verdict::Delay(by) => {
                (fate, is_duplicated) = (None, false);
                delay = delay.saturating_add(nanos(by));
            }
            Verdict::Drop => fate = Some(Fate::Dropped),
            Verdict::Duplicate => (fate, is_duplicated) = (None, true),
        }
        if !departure.is_up {
            fate = Some(Fate::Cut);
        }
        let packet = Packet { number, from, to, leg, message: &message };
        if let Some(fate) = fate {
            self.sent(&packet, fate);
            return;
        }
        let at = SimTime(self.now.0.saturating_add(delay));
        self.sent(&packet, Fate::Arrives(at));
        let bytes = 0;
        if is_duplicated {
            let at = SimTime(self.now.0.saturating_add(copy_delay));
            self.sent(&packet, Fate::Duplicated(at));
            let message = message.clone();
            self.queue.push(at, Event::Packet { number, from, to, bytes, leg, message });
        }
        self.queue.push(at, Event::Packet { number, from, to, bytes, leg, message });
    }

    /// Every packet that leaves makes its draws and is put before the rules.
    #[inline(always)]
    fn leave(
        &mut self,
        from: PeerId,
        to: PeerId,
        leg: Leg,
        message: &P::Message,
        bytes: u32,
    ) -> (u64, Verdict, Departure) {
        let number = self.packets;
        self.packets += 1;
        self.network.counters.sent(message.kind(), bytes);
        self.watcher.counted(&Packet { number, from, to, leg, message }, bytes);
        let departure = self.network.link(from, to).depart();
        let mut verdict = self.judge(|| Packet { number, from, to, leg, message });
        if !self.overrides.packets.is_empty()
            && let Some(written) = self.overrides.packets.get(&(from, to, departure.place))
        {
            verdict = *written;
        }
        (number, verdict, departure)
    }

    /// What the rules say of a packet.
    #[inline(always)]
    fn judge<'a>(&mut self, packet: impl FnOnce() -> Packet<'a, P::Message>) -> Verdict
    where
        P::Message: 'a,
    {
        let rules = &mut self.network.rules;
        if rules.is_empty() { Verdict::Pass } else { rules.judge(&packet()) }
    }

    /// labrpc, steps 1 to 4 of a call's life: sample, fail the unreachable, delay, lose.
    fn lab_call(
        &mut self,
        profile: Labrpc,
        call: CallId,
        to: PeerId,
        message: P::Message,
        bytes: u32,
    ) {
        let (from, leg) = (call.caller, Leg::Request(call));
        let (number, verdict, departure) = self.leave(from, to, leg, &message, bytes);
        let draws = Draws::new(departure.words);
        let server = &self.nodes[to.index()];
        let is_reachable = departure.is_up && server.peer.is_some();
        let packet = Packet { number, from, to, leg, message: &message };
        if !is_reachable {
            self.sent(&packet, Fate::Cut);
            let at = SimTime(self.now.0 + draws.until_unreachable(profile.long_delays));
            self.queue.push(at, Event::CallFailed { call, to });
            return;
        }
        let mut delay = if profile.reliable { 0 } else { draws.short_delay() };
        delay = delay.saturating_add(departure.extra_delay);
        let mut is_lost = !profile.reliable && draws.loses_request();
        match verdict {
            Verdict::Pass => {}
            Verdict::Deliver | Verdict::Duplicate => is_lost = false,
            Verdict::Delay(by) => (is_lost, delay) = (false, delay.saturating_add(nanos(by))),
            Verdict::Drop => is_lost = true,
        }
        let at = SimTime(self.now.0.saturating_add(delay));
        if is_lost {
            let fate = if verdict == Verdict::Drop { Fate::Dropped } else { Fate::Lost };
            self.sent(&packet, fate);
            self.queue.push(at, Event::CallFailed { call, to });
            return;
        }
        self.network.open_calls.open(OpenCall {
            call,
            to,
            server_boot: self.nodes[to.index()].boot,
            reliable: profile.reliable,
            long_reordering: profile.long_reordering,
            draws,
            entered: None,
        });
        let bytes = 0;
        self.lab_arrival(at, verdict, Event::Packet { number, from, to, bytes, leg, message });
    }

    /// labrpc, steps 6 to 9: dead check, loss of the reply, long reordering, delivery.
    fn lab_reply(&mut self, from: PeerId, call: CallId, message: P::Message, bytes: u32) {
        let Some(open) = self.network.open_calls.close(call) else { return };
        let leg = Leg::Reply(call);
        let number = self.packets;
        self.packets += 1;
        self.network.counters.sent(message.kind(), bytes);
        let packet = Packet { number, from, to: call.caller, leg, message: &message };
        self.watcher.counted(&packet, bytes);
        let verdict =
            self.judge(|| Packet { number, from, to: call.caller, leg, message: &message });
        let is_dead = self.is_dead_for(call, from, open.server_boot);
        let is_lost = match verdict {
            Verdict::Pass => !open.reliable && open.draws.loses_reply(),
            Verdict::Drop => true,
            Verdict::Deliver | Verdict::Delay(_) | Verdict::Duplicate => false,
        };
        if is_dead || is_lost {
            let fate = match verdict {
                _ if is_dead => Fate::Cut,
                Verdict::Drop => Fate::Dropped,
                _ => Fate::Lost,
            };
            self.sent(&packet, fate);
            self.queue.push(self.now, Event::CallFailed { call, to: from });
            return;
        }
        let late = if open.long_reordering { open.draws.reply_delay() } else { 0 };
        let extra = self.network.link(from, call.caller).extra_delay;
        let mut at = SimTime(self.now.0.saturating_add(late).saturating_add(extra));
        if let Verdict::Delay(by) = verdict {
            at = at + by;
        }
        let to = call.caller;
        self.lab_arrival(at, verdict, Event::Packet { number, from, to, bytes, leg, message });
    }

    /// labrpc knows no one-way messages; one is treated as a call whose return nobody awaits.
    fn lab_send(
        &mut self,
        profile: Labrpc,
        from: PeerId,
        to: PeerId,
        message: P::Message,
        bytes: u32,
    ) {
        let leg = Leg::OneWay;
        let (number, verdict, departure) = self.leave(from, to, leg, &message, bytes);
        let draws = Draws::new(departure.words);
        let mut delay = if profile.reliable { 0 } else { draws.short_delay() };
        delay = delay.saturating_add(departure.extra_delay);
        if let Verdict::Delay(by) = verdict {
            delay = delay.saturating_add(nanos(by));
        }
        let is_lost = verdict == Verdict::Pass && !profile.reliable && draws.loses_request();
        let at = SimTime(self.now.0.saturating_add(delay));
        let fate = match verdict {
            _ if !departure.is_up => Fate::Cut,
            Verdict::Drop => Fate::Dropped,
            _ if is_lost => Fate::Lost,
            _ => Fate::Arrives(at),
        };
        let packet = Packet { number, from, to, leg, message: &message };
        if let Fate::Arrives(at) = fate {
            let bytes = 0;
            self.lab_arrival(at, verdict, Event::Packet { number, from, to, bytes, leg, message });
        } else {
            self.sent(&packet, fate);
        }
    }

    /// labrpc: a packet is on its way, twice if a rule wants it so.
    #[inline(always)]
    fn lab_arrival(&mut self, at: SimTime, verdict: Verdict, arrival: Event<P::Message>) {
        let is_duplicated = verdict == Verdict::Duplicate;
        if let Event::Packet { number, from, to, leg, message, .. } = &arrival {
            let packet = Packet { number: *number, from: *from, to: *to, leg: *leg, message };
            self.sent(&packet, Fate::Arrives(at));
            if is_duplicated {
                self.sent(&packet, Fate::Duplicated(at));
            }
        }
        if is_duplicated {
            self.queue.push(at, arrival.clone());
        }
        self.queue.push(at, arrival);
    }

    /// Says what becomes of a packet that leaves. What arrives enters the digest when it does; all
    /// else is taken in here.
    #[inline(always)]
    fn sent(&mut self, packet: &Packet<'_, P::Message>, fate: Fate) {
        let sender = &self.nodes[packet.from.index()].view;
        self.watcher.sent(self.now, packet, fate, sender);
        if !matches!(fate, Fate::Arrives(_)) {
            self.digest_fate(packet, fate);
        }
    }

    #[cold]
    fn digest_fate(&mut self, packet: &Packet<'_, P::Message>, fate: Fate) {
        self.stamp(Tag::Fate, packet.from, packet.to, packet.number);
        let (kind, at) = match fate {
            Fate::Arrives(at) => (0, at.0),
            Fate::Duplicated(at) => (1, at.0),
            Fate::Lost => (2, 0),
            Fate::Dropped => (3, 0),
            Fate::Cut => (4, 0),
            Fate::Dead => (5, 0),
        };
        self.digest.absorb(kind, at);
    }
}
