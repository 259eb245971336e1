//! Sending: what the network does to a packet that leaves.

use splitvote_peer::time::nanos;
use splitvote_peer::{CallId, Message, Peer, PeerId, SimTime};

use super::World;
use super::events::Event;
use crate::network::labrpc::{Draws, OpenCall};
use crate::network::rules::Verdict;
use crate::network::{Labrpc, NetworkProfile, Realistic};
use crate::watcher::{Fate, Leg, Packet, Watcher};

impl<P: Peer, W: Watcher<P>> World<P, W> {
    #[inline]
    pub(super) fn call(&mut self, call: CallId, to: PeerId, message: P::Message, bytes: u32) {
        self.network.counters.calls += 1;
        self.network.counters.bytes += u64::from(bytes);
        match self.network.profile {
            NetworkProfile::Realistic(profile) => {
                self.datagram(&profile, call.caller, to, Leg::Request(call), message, bytes);
            }
            NetworkProfile::Labrpc(profile) => self.lab_call(profile, call, to, message, bytes),
        }
    }

    #[inline]
    pub(super) fn reply(&mut self, from: PeerId, call: CallId, message: P::Message, bytes: u32) {
        match self.network.profile {
            NetworkProfile::Realistic(profile) => {
                self.network.counters.bytes += u64::from(bytes);
                self.datagram(&profile, from, call.caller, Leg::Reply(call), message, bytes);
            }
            NetworkProfile::Labrpc(_) => self.lab_reply(from, call, message, bytes),
        }
    }

    pub(super) fn send(&mut self, from: PeerId, to: PeerId, message: P::Message, bytes: u32) {
        match self.network.profile {
            NetworkProfile::Realistic(profile) => {
                self.datagram(&profile, from, to, Leg::OneWay, message, bytes);
            }
            NetworkProfile::Labrpc(profile) => self.lab_send(profile, from, to, message, bytes),
        }
    }

    /// The realistic profile: one packet, on its own.
    #[inline]
    fn datagram(
        &mut self,
        profile: &Realistic,
        from: PeerId,
        to: PeerId,
        leg: Leg,
        message: P::Message,
        bytes: u32,
    ) {
        let (verdict, words, number) = self.leave(from, to, leg, &message, bytes);
        let draws = profile.read(words);
        let mut delay = draws.delay.saturating_add(self.network.link(from, to).extra_delay);
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
        if !self.network.is_up(from, to) {
            fate = Some(Fate::Cut);
        }
        let packet = Packet { number, from, to, leg, message: &message };
        let sender = &self.nodes[from.index()].view;
        if let Some(fate) = fate {
            self.watcher.sent(self.now, &packet, fate, sender);
            return;
        }
        let at = SimTime(self.now.0.saturating_add(delay));
        self.watcher.sent(self.now, &packet, Fate::Arrives(at), sender);
        if is_duplicated {
            let copy_delay = profile.one_way_delay.nanos(draws.copy[0], draws.copy[1]);
            let at = SimTime(self.now.0.saturating_add(copy_delay));
            self.watcher.sent(self.now, &packet, Fate::Duplicated(at), sender);
            let message = message.clone();
            self.queue.push(at, Event::Packet { number, from, to, leg, message });
        }
        self.queue.push(at, Event::Packet { number, from, to, leg, message });
    }

    /// Every packet that leaves makes its draws and is put before the rules.
    #[inline]
    fn leave(
        &mut self,
        from: PeerId,
        to: PeerId,
        leg: Leg,
        message: &P::Message,
        bytes: u32,
    ) -> (Verdict, [u32; 8], u64) {
        let number = self.packets;
        self.packets += 1;
        self.network.counters.sent(message.kind(), bytes);
        let (place, words) = self.network.link(from, to).next_packet();
        let mut verdict = self.network.rules.judge(&Packet { number, from, to, leg, message });
        if !self.overrides.packets.is_empty() {
            if let Some(written) = self.overrides.packets.get(&(from, to, place)) {
                verdict = *written;
            }
        }
        (verdict, words, number)
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
        let (verdict, words, number) = self.leave(from, to, leg, &message, bytes);
        let draws = Draws::new(words);
        let server = &self.nodes[to.index()];
        let is_reachable = self.network.is_up(from, to) && server.peer.is_some();
        let packet = Packet { number, from, to, leg, message: &message };
        let sender = &self.nodes[from.index()].view;
        if !is_reachable {
            self.watcher.sent(self.now, &packet, Fate::Cut, sender);
            let at = SimTime(self.now.0 + draws.until_unreachable(profile.long_delays));
            self.queue.push(at, Event::CallFailed { call, to });
            return;
        }
        let mut delay = if profile.reliable { 0 } else { draws.short_delay() };
        delay += self.network.link(from, to).extra_delay;
        let mut is_lost = !profile.reliable && draws.loses_request();
        match verdict {
            Verdict::Pass => {}
            Verdict::Deliver | Verdict::Duplicate => is_lost = false,
            Verdict::Delay(by) => (is_lost, delay) = (false, delay.saturating_add(nanos(by))),
            Verdict::Drop => is_lost = true,
        }
        let at = SimTime(self.now.0.saturating_add(delay));
        let sender = &self.nodes[from.index()].view;
        if is_lost {
            let fate = if verdict == Verdict::Drop { Fate::Dropped } else { Fate::Lost };
            self.watcher.sent(self.now, &packet, fate, sender);
            self.queue.push(at, Event::CallFailed { call, to });
            return;
        }
        self.watcher.sent(self.now, &packet, Fate::Arrives(at), sender);
        self.network.open_calls.open(OpenCall {
            call,
            to,
            server_boot: self.nodes[to.index()].boot,
            reliable: profile.reliable,
            long_reordering: profile.long_reordering,
            draws,
            entered: None,
        });
        if verdict == Verdict::Duplicate {
            let message = message.clone();
            self.queue.push(at, Event::Packet { number, from, to, leg, message });
        }
        self.queue.push(at, Event::Packet { number, from, to, leg, message });
    }

    /// labrpc, steps 6 to 9: dead check, loss of the reply, long reordering, delivery.
    fn lab_reply(&mut self, from: PeerId, call: CallId, message: P::Message, bytes: u32) {
        let Some(open) = self.network.open_calls.close(call) else { return };
        let leg = Leg::Reply(call);
        let number = self.packets;
        self.packets += 1;
        self.network.counters.sent(message.kind(), bytes);
        let packet = Packet { number, from, to: call.caller, leg, message: &message };
        let verdict = self.network.rules.judge(&packet);
        let is_dead = self.is_dead_for(call, from, open.server_boot);
        let is_lost = match verdict {
            Verdict::Pass => !open.reliable && open.draws.loses_reply(),
            Verdict::Drop => true,
            Verdict::Deliver | Verdict::Delay(_) | Verdict::Duplicate => false,
        };
        let sender = &self.nodes[from.index()].view;
        if is_dead || is_lost {
            let fate = match verdict {
                _ if is_dead => Fate::Cut,
                Verdict::Drop => Fate::Dropped,
                _ => Fate::Lost,
            };
            self.watcher.sent(self.now, &packet, fate, sender);
            self.queue.push(self.now, Event::CallFailed { call, to: from });
            return;
        }
        let late = if open.long_reordering { open.draws.reply_delay() } else { None };
        let mut at = SimTime(self.now.0 + late.unwrap_or(0));
        if let Verdict::Delay(by) = verdict {
            at = at + by;
        }
        self.watcher.sent(self.now, &packet, Fate::Arrives(at), sender);
        self.network.counters.bytes += u64::from(bytes);
        let to = call.caller;
        if verdict == Verdict::Duplicate {
            let message = message.clone();
            self.queue.push(at, Event::Packet { number, from, to, leg, message });
        }
        self.queue.push(at, Event::Packet { number, from, to, leg, message });
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
        let (verdict, words, number) = self.leave(from, to, leg, &message, bytes);
        let draws = Draws::new(words);
        let mut delay = if profile.reliable { 0 } else { draws.short_delay() };
        delay += self.network.link(from, to).extra_delay;
        if let Verdict::Delay(by) = verdict {
            delay = delay.saturating_add(nanos(by));
        }
        let is_lost = verdict == Verdict::Pass && !profile.reliable && draws.loses_request();
        let at = SimTime(self.now.0.saturating_add(delay));
        let fate = match verdict {
            _ if !self.network.is_up(from, to) => Fate::Cut,
            Verdict::Drop => Fate::Dropped,
            _ if is_lost => Fate::Lost,
            _ => Fate::Arrives(at),
        };
        let packet = Packet { number, from, to, leg, message: &message };
        self.watcher.sent(self.now, &packet, fate, &self.nodes[from.index()].view);
        if let Fate::Arrives(at) = fate {
            self.queue.push(at, Event::Packet { number, from, to, leg, message });
        }
    }
}
