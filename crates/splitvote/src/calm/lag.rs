//! How far the core's followers are behind their leader.

use splitvote_peer::{LogIndex, Peer, PeerId, PeerSet};

use super::sight::Sight;

/// How far the slowest follower is behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Lag {
    /// How many entries the leader may have to go back until the logs agree.
    pub(super) back_off: u64,
    /// How many entries it has to send then.
    pub(super) entries: u64,
    /// Whether it no longer holds what is missing.
    pub(super) needs_snapshot: bool,
}

impl<P: Peer> Sight<'_, P> {
    /// How far the core is behind this leader.
    pub(super) fn lag(&self, core: PeerSet, leader: PeerId) -> Lag {
        let followers = core.iter().filter(|peer| *peer != leader);
        let lags = followers.filter_map(|follower| self.lag_of(leader, follower));
        lags.fold(Lag::default(), |most, lag| Lag {
            back_off: most.back_off.max(lag.back_off),
            entries: most.entries.max(lag.entries),
            needs_snapshot: most.needs_snapshot || lag.needs_snapshot,
        })
    }

    fn lag_of(&self, leader: PeerId, follower: PeerId) -> Option<Lag> {
        let (from, to) = (self.view(leader)?, self.view(follower)?);
        let agreed = self.agreed(leader, follower);
        let needs_snapshot = agreed.saturating_add(1) < from.first;
        // What the leader no longer holds it does not go back through.
        let back_off =
            from.last.index.max(to.last.index) - agreed.max(from.first - 1).min(from.last.index);
        Some(Lag { back_off, entries: from.last.index.saturating_sub(agreed), needs_snapshot })
    }

    /// Up to where two logs agree: the last index of an entry that both hold, or what one of them has
    /// discarded before.
    fn agreed(&self, one: PeerId, other: PeerId) -> LogIndex {
        let (Some(a), Some(b)) = (self.world.peer(one), self.world.peer(other)) else { return 0 };
        let (first, last) = (|p: &P| p.view().first, |p: &P| p.view().last.index);
        let mut index = last(a).min(last(b));
        while index >= first(a).max(first(b)) && a.entry(index) != b.entry(index) {
            index -= 1;
        }
        index
    }
}
