//! Who a symbolic target is when the step runs.

use std::time::Duration;

use splitvote_peer::{Configuration, Peer, PeerId, PeerSet, Role};

use super::Player;
use crate::fault::{Ends, Symbolic, Translate, Written};
use crate::scenario::{CountRange, DriftRange, DurationRange, Target};

impl<P: Peer> Player<'_, P> {
    /// The peers that the targets name together. `rest` stands for those that no other target
    /// names.
    pub(super) fn resolve_all(&mut self, targets: &[Target]) -> PeerSet {
        let named: Vec<PeerSet> = targets.iter().map(|target| self.resolve(target)).collect();
        let mut union = named.into_iter().fold(PeerSet::EMPTY, PeerSet::union);
        if targets.contains(&Target::Rest) {
            union = self.all();
        }
        union
    }

    /// The groups of a partition; `rest` stands for those that no group names.
    pub(super) fn resolve_groups(&mut self, groups: &[Vec<Target>]) -> Vec<PeerSet> {
        let mut named = PeerSet::EMPTY;
        let mut sets = Vec::new();
        for group in groups {
            let set =
                group.iter().fold(PeerSet::EMPTY, |set, target| set.union(self.resolve(target)));
            named = named.union(set);
            sets.push(set);
        }
        let rest = self.all().difference(named);
        for (set, group) in sets.iter_mut().zip(groups) {
            if group.contains(&Target::Rest) {
                *set = set.union(rest);
            }
        }
        sets
    }

    /// The peers that one target names; nobody if it does not resolve now.
    pub(super) fn resolve(&mut self, target: &Target) -> PeerSet {
        match target {
            Target::Peer(peer) => one(*peer),
            Target::Leader => self.cluster.leader().map_or(PeerSet::EMPTY, one),
            Target::Follower => {
                let followers = self.followers();
                self.draw(followers, 1)
            }
            Target::Followers => self.followers(),
            Target::Random => {
                let alive = self.cluster.alive();
                self.draw(alive, 1)
            }
            Target::Any => {
                let all = self.all();
                self.draw(all, 1)
            }
            Target::ConnectedFollower => {
                let world = self.cluster.world();
                let is_connected = |peer: &PeerId| world.is_connected(*peer);
                let followers = self.followers().iter().filter(is_connected).collect();
                self.draw(followers, 1)
            }
            Target::All => self.all(),
            Target::Down => self.all().difference(self.cluster.alive()),
            Target::Disconnected => {
                let world = self.cluster.world();
                world.peers().filter(|peer| !world.is_connected(*peer)).collect()
            }
            Target::Minority => {
                let all = self.all();
                self.draw(all, Configuration::of(all).tolerated())
            }
            Target::MinorityWithLeader => self.minority_with_leader(),
            Target::Rest => PeerSet::EMPTY,
            Target::Saved(name) => self.saved.get(name.as_str()).copied().unwrap_or_default(),
            Target::Next(of) => {
                let size = self.all().len();
                let of = self.resolve(of);
                of.iter().map(|peer| PeerId(((peer.index() + 1) % size) as u8)).collect()
            }
        }
    }

    fn all(&self) -> PeerSet {
        PeerSet::all(self.cluster.world().cluster_size())
    }

    fn followers(&self) -> PeerSet {
        let is_leader =
            |peer: &PeerId| self.cluster.view(*peer).is_some_and(|view| view.role == Role::Leader);
        self.cluster.alive().iter().filter(|peer| !is_leader(peer)).collect()
    }

    fn minority_with_leader(&mut self) -> PeerSet {
        let Some(leader) = self.cluster.leader() else { return PeerSet::EMPTY };
        let others = self.all().difference(one(leader));
        let size = Configuration::of(self.all()).tolerated();
        self.draw(others, size.saturating_sub(1)).union(one(leader))
    }

    /// Draws so many of the peers.
    fn draw(&mut self, from: PeerSet, count: usize) -> PeerSet {
        let mut left: Vec<PeerId> = from.iter().collect();
        let nemesis = self.cluster.world_mut().nemesis();
        let mut drawn = PeerSet::EMPTY;
        while drawn.len() < count && !left.is_empty() {
            drawn.insert(left.swap_remove(nemesis.below(left.len() as u64) as usize));
        }
        drawn
    }
}

/// A fault of a step, while it is resolved.
pub(super) struct Resolver<'p, 'a, P: Peer> {
    pub(super) player: &'p mut Player<'a, P>,
    /// Whom it is about.
    pub(super) about: PeerSet,
}

/// A target named nobody.
pub(super) struct Nobody;

impl<P: Peer> Translate<Symbolic, Written> for Resolver<'_, '_, P> {
    type Error = Nobody;

    fn who(&mut self, who: &Vec<Target>) -> Result<Vec<PeerId>, Nobody> {
        self.about = self.player.someone(who).ok_or(Nobody)?;
        Ok(self.about.iter().collect())
    }

    fn links(&mut self, from: &Target, to: &Target) -> Result<Vec<Ends<Written>>, Nobody> {
        let (from, to) = (self.player.resolve(from), self.player.resolve(to));
        let all = from.iter().flat_map(|from| to.iter().map(move |to| (from, to)));
        let links: Vec<_> = all.filter(|(from, to)| from != to).collect();
        if links.is_empty() { Err(Nobody) } else { Ok(links) }
    }

    fn groups(&mut self, groups: &[Vec<Target>]) -> Result<Vec<PeerSet>, Nobody> {
        let groups = self.player.resolve_groups(groups);
        if groups.iter().any(|group| group.is_empty()) { Err(Nobody) } else { Ok(groups) }
    }

    fn count(&mut self, CountRange { min, max }: &CountRange) -> Result<u64, Nobody> {
        Ok(min + self.player.cluster.world_mut().nemesis().below(max - min + 1))
    }

    /// A single duration draws nothing.
    fn span(&mut self, span: &DurationRange) -> Result<Duration, Nobody> {
        Ok(span.drawn(self.player.cluster.world_mut().nemesis()))
    }

    /// A single drift draws nothing.
    fn drift(&mut self, drift: &DriftRange) -> Result<i32, Nobody> {
        Ok(drift.drawn(self.player.cluster.world_mut().nemesis()))
    }
}

fn one(peer: PeerId) -> PeerSet {
    PeerSet::from_iter([peer])
}
