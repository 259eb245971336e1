//! The network: a directed link between every two peers, and what happens on it.
//!
//! Two profiles: [`Labrpc`], the MIT labs' network to the letter, and [`Realistic`], where the
//! network is silent about a loss and the caller's own deadline decides.

pub(crate) mod capacity;
pub mod counters;
pub mod labrpc;
pub(crate) mod link;
pub(crate) mod open_calls;
pub(crate) mod realistic;
pub mod rules;

use serde::{Deserialize, Serialize};
use splitvote_peer::{PeerId, PeerSet};

use crate::chance::{Probability, Seed};
use crate::digest::Digest;
use capacity::Crowd;
use counters::Counters;
pub use labrpc::Labrpc;
use link::Link;
use open_calls::OpenCalls;
use realistic::Channel;
pub use realistic::{Realistic, Reordering, Staleness};
use rules::Rules;

/// Which network the peers talk over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum NetworkProfile {
    /// The MIT labs' simulated network.
    Labrpc(Labrpc),
    /// A datagram network.
    Realistic(Realistic),
}

impl NetworkProfile {
    /// All that it says, for the digest.
    pub(crate) fn absorb(&self, digest: &mut Digest) {
        digest.absorb_words(&self.words());
        if let Self::Realistic(Realistic { stale, .. }) = self
            && *stale != Staleness::default()
        {
            digest.absorb_words(&[stale.probability.parts().into()]);
            digest.absorb_words(&stale.delay.words());
        }
        if let Self::Realistic(Realistic { loss_correlation, capacity, .. }) = self
            && (*loss_correlation, *capacity) != (Probability::NEVER, None)
        {
            let capacity = capacity.map_or(0, |capacity| 1 + u64::from(capacity));
            digest.absorb_words(&[loss_correlation.parts().into(), capacity]);
        }
    }

    /// All that it says besides staleness, bursts and capacity, which came later: digests stay what
    /// they were.
    fn words(&self) -> [u64; 13] {
        match self {
            Self::Labrpc(Labrpc { reliable, long_delays, long_reordering }) => {
                let [reliable, delays, reordering] =
                    [*reliable, *long_delays, *long_reordering].map(u64::from);
                [0, reliable, delays, reordering, 0, 0, 0, 0, 0, 0, 0, 0, 0]
            }
            Self::Realistic(Realistic { one_way_delay, loss, duplicate, reorder, .. }) => {
                let [d0, d1, d2, d3, d4] = one_way_delay.words();
                let [r0, r1, r2, r3, r4] = reorder.delay.words();
                let [loss, duplicate, reorder] =
                    [*loss, *duplicate, reorder.probability].map(|p| u64::from(p.parts()) << 8);
                [1 ^ loss, duplicate, reorder, d0, d1, d2, d3, d4, r0, r1, r2, r3, r4]
            }
        }
    }
}

/// What a partition does to packets that are on their way when it starts (realistic profile).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InFlight {
    /// They are lost if the link is cut at the instant at which they would arrive.
    #[default]
    Cut,
    /// Packets in flight arrive.
    Kept,
}

/// A [`NetworkProfile`], as the hot loop wants it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Profile {
    Labrpc(Labrpc),
    Realistic(Channel),
}

impl From<NetworkProfile> for Profile {
    fn from(profile: NetworkProfile) -> Self {
        match profile {
            NetworkProfile::Labrpc(profile) => Self::Labrpc(profile),
            NetworkProfile::Realistic(profile) => Self::Realistic(profile.into()),
        }
    }
}

/// All links and all that is known of packets on their way.
#[derive(Clone)]
pub(crate) struct Network<M> {
    pub(crate) profile: Profile,
    pub(crate) in_flight: InFlight,
    pub(crate) rules: Rules<M>,
    pub(crate) counters: Counters,
    pub(crate) open_calls: OpenCalls,
    /// Who is on its way over links that carry only so many.
    pub(crate) crowd: Crowd,
    /// The profile as it was given.
    given: NetworkProfile,
    peers: usize,
    links: Vec<Link>,
    /// How many links are down, so that a whole network is asked about no single link.
    down: usize,
    /// Whether a link went up or down since that was last told.
    has_news: bool,
    connected: PeerSet,
}

impl<M> Network<M> {
    pub(crate) fn new(
        peers: usize,
        seed: Seed,
        profile: NetworkProfile,
        in_flight: InFlight,
        kinds: &'static [&'static str],
    ) -> Self {
        let links = PeerId::all(peers)
            .flat_map(|from| PeerId::all(peers).map(move |to| Link::new(seed, from, to)))
            .collect();
        Self {
            profile: profile.into(),
            in_flight,
            rules: Rules::default(),
            counters: Counters::new(kinds),
            open_calls: OpenCalls::default(),
            crowd: Crowd::default(),
            given: profile,
            peers,
            links,
            down: 0,
            has_news: false,
            connected: PeerSet::all(peers),
        }
    }

    #[inline]
    pub(crate) fn link(&mut self, from: PeerId, to: PeerId) -> &mut Link {
        &mut self.links[from.index() * self.peers + to.index()]
    }

    pub(crate) fn extra_delay(&self, from: PeerId, to: PeerId) -> u64 {
        self.links[from.index() * self.peers + to.index()].extra_delay
    }

    /// From now on the network is another.
    pub(crate) fn set_profile(&mut self, profile: NetworkProfile) {
        (self.given, self.profile) = (profile, profile.into());
    }

    pub(crate) fn given_profile(&self) -> NetworkProfile {
        self.given
    }

    /// Whether packets pass from one peer to the other: both are connected and the link is not cut.
    #[inline]
    pub(crate) fn is_up(&self, from: PeerId, to: PeerId) -> bool {
        self.down == 0 || self.links[from.index() * self.peers + to.index()].is_up
    }

    /// Cuts or restores a directed link.
    pub(crate) fn set_cut(&mut self, from: PeerId, to: PeerId, is_cut: bool) {
        let is_up = !is_cut && self.connected.contains(from) && self.connected.contains(to);
        let link = self.link(from, to);
        link.is_cut = is_cut;
        let was_up = std::mem::replace(&mut link.is_up, is_up);
        self.down = self.down + usize::from(was_up) - usize::from(is_up);
        self.has_news |= was_up != is_up;
    }

    /// Whether a link may have gone up or down since this was last asked: [`Link::take_news`].
    pub(crate) fn take_has_news(&mut self) -> bool {
        std::mem::take(&mut self.has_news)
    }

    pub(crate) fn is_connected(&self, peer: PeerId) -> bool {
        self.connected.contains(peer)
    }

    /// Connects or disconnects a peer from all others; what is cut besides stays cut.
    pub(crate) fn set_connected(&mut self, peer: PeerId, is_connected: bool) {
        if is_connected {
            self.connected.insert(peer);
        } else {
            self.connected.remove(peer);
        }
        for other in PeerId::all(self.peers) {
            for (from, to) in [(peer, other), (other, peer)] {
                let is_cut = self.link(from, to).is_cut;
                self.set_cut(from, to, is_cut);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::latency::Latency;

    #[test]
    fn profiles_that_differ_have_different_digests() {
        let (lab, real) = (Labrpc::default(), Realistic::default());
        let percent = Probability::percent;
        let late = Reordering { probability: percent(1), ..real.reorder };
        let slow =
            Reordering { delay: Latency::Constant(std::time::Duration::MAX), ..real.reorder };
        let old = Staleness { probability: percent(1), ..real.stale };
        let older = Staleness { delay: slow.delay, ..real.stale };
        let profiles = [
            NetworkProfile::Labrpc(lab),
            NetworkProfile::Labrpc(Labrpc { reliable: !lab.reliable, ..lab }),
            NetworkProfile::Labrpc(Labrpc { long_delays: !lab.long_delays, ..lab }),
            NetworkProfile::Labrpc(Labrpc { long_reordering: !lab.long_reordering, ..lab }),
            NetworkProfile::Realistic(real),
            NetworkProfile::Realistic(Realistic { loss: percent(1), ..real }),
            NetworkProfile::Realistic(Realistic { duplicate: percent(1), ..real }),
            NetworkProfile::Realistic(Realistic { one_way_delay: Latency::NONE, ..real }),
            NetworkProfile::Realistic(Realistic { reorder: late, ..real }),
            NetworkProfile::Realistic(Realistic { reorder: slow, ..real }),
            NetworkProfile::Realistic(Realistic { stale: old, ..real }),
            NetworkProfile::Realistic(Realistic { stale: older, ..real }),
            NetworkProfile::Realistic(Realistic { loss_correlation: percent(1), ..real }),
            NetworkProfile::Realistic(Realistic { capacity: Some(0), ..real }),
            NetworkProfile::Realistic(Realistic { capacity: Some(1), ..real }),
        ];
        let digest = |profile: &NetworkProfile| {
            let mut digest = Digest::default();
            profile.absorb(&mut digest);
            digest.value()
        };
        let words: std::collections::BTreeSet<_> = profiles.iter().map(digest).collect();
        assert_eq!(words.len(), profiles.len());
    }
}
