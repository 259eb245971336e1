//! Whether a core is able to make progress. If not, it is allowed to be stuck, and this says why.
//!
//! A Raft without PreVote and CheckQuorum is disturbed by whoever can raise terms:
//! 1. Suppose S4 hears nobody, but its messages reach S0. It stands again and again.
//! 2. Each request brings S0 a higher term, and with S0's answers it reaches the leader.
//! 3. The leader steps down, a new one is elected, and S4 stands again: the core never comes to rest.
//!
//! So a peer outside of the core must be unable to reach it, not even by way of others, or be as well
//! connected as the core itself. Whether a Raft copes with less is for scenarios to demand.

use splitvote_peer::{Configuration, LogPosition, Peer, PeerId, PeerSet};

use super::pace::Pace;
use super::sight::Sight;
use super::unable::Unable;

impl<P: Peer> Sight<'_, P> {
    /// Whether this core is able to elect, commit and converge as things stand.
    ///
    /// # Errors
    /// The first reason why it is not.
    pub(crate) fn is_able(&self, core: PeerSet) -> Result<(), Unable> {
        self.is_whole(core)?;
        if self.world.has_rules() {
            return Err(Unable::Rules);
        }
        let members = self.members(core);
        if let Some(stalled) = members.iter().find(|peer| self.world.is_disk_stalled(*peer)) {
            return Err(Unable::DiskStalled(stalled));
        }
        if let Some(by) = self.disturber(core) {
            return Err(Unable::Disturbed { by });
        }
        self.holds_what_was_committed(core)?;
        Pace::of(self, members, self.hasty(core)).leaves_room()
    }

    /// A quorum of running peers, each linked to each.
    fn is_whole(&self, core: PeerSet) -> Result<(), Unable> {
        let cluster = Configuration::simple(self.world.cluster_size());
        if !cluster.has_quorum(core) {
            let needed = cluster.quorum_size();
            return Err(Unable::NoQuorum { core, needed });
        }
        for peer in core.iter() {
            if self.view(peer).is_none() {
                return Err(Unable::Down(peer));
            }
            if self.world.is_paused(peer) {
                return Err(Unable::Paused(peer));
            }
        }
        for from in core.iter() {
            if let Some(to) = core.iter().find(|to| !self.is_well_linked(from, *to)) {
                return Err(Unable::NoLink { from, to });
            }
        }
        Ok(())
    }

    /// Whether the directed link carries packets as quickly as the network does.
    fn is_well_linked(&self, from: PeerId, to: PeerId) -> bool {
        let world = self.world;
        from == to
            || world.is_up(from, to)
                && !world.is_clogged(from, to)
                && world.extra_delay(from, to).is_zero()
    }

    /// The peers outside of the core that are awake and whose messages can reach it, by way of others
    /// if need be.
    fn callers(&self, core: PeerSet) -> PeerSet {
        let world = self.world;
        let is_awake = |peer: &PeerId| self.view(*peer).is_some() && !world.is_paused(*peer);
        let outside: PeerSet =
            world.peers().filter(|peer| !core.contains(*peer)).filter(is_awake).collect();
        let mut reaching = core;
        loop {
            let reaches = |peer: &PeerId| reaching.iter().any(|other| world.is_up(*peer, other));
            let more = outside.difference(reaching).iter().filter(reaches).collect::<PeerSet>();
            if more.is_empty() {
                return reaching.difference(core);
            }
            reaching = reaching.union(more);
        }
    }

    /// The core and those outside that can reach it: whoever takes part in its elections.
    pub(super) fn members(&self, core: PeerSet) -> PeerSet {
        core.union(self.callers(core))
    }

    /// The members outside of the core whose timeouts are fixed to less than is drawn, if PreVote and CheckQuorum
    /// keep them from disturbing the others.
    pub(super) fn hasty(&self, core: PeerSet) -> PeerSet {
        if !(self.settings.pre_vote && self.settings.check_quorum) {
            return PeerSet::EMPTY;
        }
        let least = self.settings.timing.election_timeout_min;
        let is_hasty = |peer: &PeerId| {
            self.world.fixed_election_timeout(*peer).is_some_and(|fixed| fixed < least)
        };
        self.members(core).difference(core).iter().filter(is_hasty).collect()
    }

    /// A caller that is not as well connected as the core itself.
    fn disturber(&self, core: PeerSet) -> Option<PeerId> {
        let members = self.members(core);
        let is_well_connected = |peer: PeerId| {
            members
                .iter()
                .all(|other| self.is_well_linked(peer, other) && self.is_well_linked(other, peer))
        };
        members.difference(core).iter().find(|peer| !is_well_connected(*peer))
    }

    /// Whoever wins must hold all that was committed (paper, section 5.4.1). A quorum does, unless disks
    /// have lied.
    fn holds_what_was_committed(&self, core: PeerSet) -> Result<(), Unable> {
        let judge = self.court().judge();
        let committed = judge.committed();
        let Some((term, _)) = judge.committed_as(committed) else { return Ok(()) };
        let last = LogPosition { index: committed, term };
        let reaches = |peer: PeerId| self.view(peer).is_some_and(|view| view.last >= last);
        if core.iter().any(reaches) { Ok(()) } else { Err(Unable::Lost { committed }) }
    }
}
