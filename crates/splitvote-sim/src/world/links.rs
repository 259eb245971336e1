//! Partitions of any shape, extra delays, and rules on single packets.

use std::time::Duration;

use splitvote_peer::time::nanos;
use splitvote_peer::{Peer, PeerId, PeerSet};

use super::World;
use super::events::Tag;
use crate::disturbance::Disturbance;
use crate::network::rules::{RuleGuard, Verdict};
use crate::network::{InFlight, NetworkProfile};
use crate::overrides::Decisions;
use crate::watcher::{Packet, Watcher};

/// A peer outside of the cluster is passed over in silence, and no packet passes to or from it.
impl<P: Peer, W: Watcher<P>> World<P, W> {
    /// Whether packets pass from one peer to the other.
    #[must_use]
    pub fn is_up(&self, from: PeerId, to: PeerId) -> bool {
        self.has_both(from, to) && self.network.is_up(from, to)
    }

    /// Whether a peer is connected, in the sense of [`Self::disconnect`].
    #[must_use]
    pub fn is_connected(&self, peer: PeerId) -> bool {
        self.has_both(peer, peer) && self.network.is_connected(peer)
    }

    /// Cuts the directed link from one peer to the other. A peer always reaches itself.
    pub fn cut(&mut self, from: PeerId, to: PeerId) {
        if self.has_both(from, to) && from != to {
            self.change_links(|world| world.network.set_cut(from, to, true));
        }
    }

    /// Restores the directed link from one peer to the other, if both are connected.
    pub fn restore(&mut self, from: PeerId, to: PeerId) {
        if self.has_both(from, to) {
            self.change_links(|world| world.network.set_cut(from, to, false));
        }
    }

    /// Isolates a peer from all others, as the lab's tester does: one flag a peer, and a link works
    /// if both its ends are connected.
    pub fn disconnect(&mut self, peer: PeerId) {
        if self.has_both(peer, peer) {
            self.change_links(|world| world.network.set_connected(peer, false));
        }
    }

    /// Takes [`Self::disconnect`] back.
    pub fn connect(&mut self, peer: PeerId) {
        if self.has_both(peer, peer) {
            self.change_links(|world| world.network.set_connected(peer, true));
        }
    }

    /// Cuts every link between peers that share no group, and restores every link within one. A
    /// peer in no group is alone; a peer in several is a bridge.
    pub fn partition(&mut self, groups: &[PeerSet]) {
        self.spend(self.links());
        self.change_links(|world| {
            for from in world.peers() {
                for to in world.peers() {
                    let together = groups.iter().any(|g| g.contains(from) && g.contains(to));
                    world.network.set_cut(from, to, from != to && !together);
                }
            }
        });
    }

    /// Restores every link and connects every peer. Extra delays, clogs and rules stay, and so does
    /// whoever is paused.
    pub fn heal(&mut self) {
        self.spend(self.links());
        self.change_links(|world| {
            for from in world.peers() {
                world.network.set_connected(from, true);
                for to in world.peers() {
                    world.network.set_cut(from, to, false);
                }
            }
        });
    }

    /// From now on every packet on the directed link takes that much longer.
    pub fn delay(&mut self, from: PeerId, to: PeerId, extra: Duration) {
        if self.has_both(from, to) {
            self.network.link(from, to).extra_delay = nanos(extra);
            self.disturbed(Disturbance::Delayed { from, to, by: extra }, 0, &[nanos(extra)]);
        }
    }

    /// How much longer every packet on the directed link takes.
    #[must_use]
    pub fn extra_delay(&self, from: PeerId, to: PeerId) -> Duration {
        let both = self.has_both(from, to);
        Duration::from_nanos(if both { self.network.extra_delay(from, to) } else { 0 })
    }

    /// From now on the network is another.
    pub fn set_network(&mut self, profile: NetworkProfile) {
        self.network.set_profile(profile);
        self.disturbed(Disturbance::Network { is: profile }, 0, &[]);
        profile.absorb(&mut self.digest);
    }

    /// The network as it is now.
    #[must_use]
    pub fn network(&self) -> NetworkProfile {
        self.network.given_profile()
    }

    /// From now on this is what a cut link does to packets on their way.
    pub fn set_in_flight(&mut self, in_flight: InFlight) {
        self.network.in_flight = in_flight;
        let is_kept = u64::from(in_flight == InFlight::Kept);
        self.disturbed(Disturbance::InFlight { is: in_flight }, is_kept, &[]);
    }

    /// What a cut link does to packets on their way.
    #[must_use]
    pub fn in_flight(&self) -> InFlight {
        self.network.in_flight
    }

    /// Installs a rule on single packets. It is given the packet and the number of packets that it
    /// has decided on before; it is lifted when its guard drops.
    pub fn install_rule(
        &mut self,
        decide: impl Fn(&Packet<'_, P::Message>, u64) -> Verdict + 'static,
    ) -> RuleGuard {
        self.network.rules.install(decide)
    }

    /// Whether a rule on single packets is in force.
    #[must_use]
    pub fn has_rules(&self) -> bool {
        self.network.rules.are_in_force()
    }

    /// From now on keeps what rules say of packets, so that it can be written down. On the labs' network what
    /// they say of replies is not kept: an override could not say it.
    pub fn keep_decisions(&mut self) {
        self.decisions.get_or_insert_default();
    }

    /// What rules have said of packets since that is kept.
    pub fn take_decisions(&mut self) -> Decisions {
        self.decisions.take().unwrap_or_default()
    }

    /// What rules have said so far of single packets, if [`Self::keep_decisions`] was called.
    #[must_use]
    pub fn decisions(&self) -> Decisions {
        self.decisions.clone().unwrap_or_default()
    }

    /// Whether both are peers of the cluster.
    pub(super) fn has_both(&self, one: PeerId, other: PeerId) -> bool {
        one.max(other).index() < self.nodes.len()
    }

    /// How many directed links there are, those of peers to themselves included.
    fn links(&self) -> u64 {
        (self.nodes.len() * self.nodes.len()) as u64
    }

    /// Changes links and tells the watcher which of them went up or down.
    fn change_links(&mut self, change: impl FnOnce(&mut Self)) {
        change(self);
        if !self.network.take_has_news() {
            return;
        }
        self.spend(self.links());
        for from in self.peers() {
            for to in self.peers().filter(|to| *to != from) {
                if let Some(is_up) = self.network.link(from, to).take_news() {
                    self.count(Tag::Link, from, to, u64::from(is_up));
                    self.watcher.link_changed(self.now, from, to, is_up);
                }
            }
        }
    }
}
