//! A storm: the parts of a swarm strike, clients go on proposing, virtual time passes.

use std::time::Duration;

use splitvote_peer::time::nanos;
use splitvote_peer::{Peer, PeerSet, SimTime};
use splitvote_sim::Stream;

use super::scene::{Scene, one_of};
use super::swarm::{self, Running};
use crate::act::Act;
use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::fault::{Fault, FaultClasses};
use crate::trace::What;

/// What a storm is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Storm {
    /// How long it lasts.
    pub lasts: Duration,
    /// Clients propose so often at most, half as often on average; never if none.
    pub proposals_every: Option<Duration>,
    /// Classes of faults of which no part is on.
    pub without: FaultClasses,
}

impl<P: Peer> Cluster<P> {
    /// Lets a storm pass over the cluster. It ends as it stands: what is cut stays cut, who is down stays
    /// down.
    ///
    /// # Errors
    /// If a safety property is violated or the run does not end.
    pub fn storm(&mut self, storm: Storm) -> Result<(), Failure> {
        let (seed, round) = (self.seed, self.storms);
        self.storms += 1;
        let now = self.now();
        let parts = swarm::draw(seed, self.world_mut().nemesis(), round, now, storm.without);
        let without = self.without;
        self.court_mut().note(now, || What::Weather { text: swarm::describe(&parts, without) });
        self.strike_with(parts, storm)
    }

    /// Lets these parts strike for as long as the storm lasts.
    pub(super) fn strike_with(
        &mut self,
        mut parts: Vec<Running>,
        storm: Storm,
    ) -> Result<(), Failure> {
        let now = self.now();
        let until = now + storm.lasts;
        let mut clients = Proposals::new(storm.proposals_every, now, self.world_mut().workload());
        let mut faults = Vec::new();
        let mut scene = self.scene();
        let disk = scene.disk;
        loop {
            let next = parts.iter().map(|part| part.strikes_at).min().unwrap_or(SimTime::NEVER);
            let at = next.min(clients.next_at);
            if at >= until {
                return self.run_for(until.since(self.now()));
            }
            self.run_for(at.since(self.now()))?;
            self.update(&mut scene);
            for part in parts.iter_mut().filter(|part| part.strikes_at <= at) {
                strike(part, &scene, &mut faults);
            }
            let proposal = (clients.next_at <= at)
                .then(|| clients.propose(&scene, self.world_mut().workload()))
                .flatten();
            if !faults.is_empty() {
                faults.drain(..).for_each(|fault| self.disturb(fault.within_promise(&disk)));
                (scene.network, scene.disk) = (self.world().network(), self.world().disk_profile());
            }
            if let Some(proposal) = proposal {
                self.disturb(proposal);
            }
        }
    }

    fn scene(&self) -> Scene {
        let world = self.world();
        Scene {
            now: world.now(),
            views: world.peers().map(|peer| world.view(peer).copied()).collect(),
            syncing: world.peers().filter(|peer| world.is_syncing(*peer)).collect(),
            timing: self.settings.timing.clone(),
            network: world.network(),
            disk: world.disk_profile(),
        }
    }

    /// Brings a scene up to date but for what only faults change.
    fn update(&self, scene: &mut Scene) {
        let world = self.world();
        scene.now = world.now();
        for (view, known) in world.views().zip(&mut scene.views) {
            *known = view.copied();
        }
        scene.syncing = world.peers().filter(|peer| world.is_syncing(*peer)).collect();
    }
}

fn strike(running: &mut Running, scene: &Scene, faults: &mut Vec<Fault>) {
    let Running { part, chance, strikes_at, .. } = running;
    // A part that wants to look again at once would stop time.
    let pause = part.strike(scene, chance, faults).max(Duration::from_micros(1));
    *strikes_at = scene.now + pause;
}

/// Clients that propose to whoever leads, and now and then to anybody.
struct Proposals {
    every: Option<Duration>,
    next_at: SimTime,
}

impl Proposals {
    fn new(every: Option<Duration>, now: SimTime, chance: &mut Stream) -> Self {
        let mut proposals = Self { every, next_at: now };
        proposals.schedule(now, chance);
        proposals
    }

    fn schedule(&mut self, now: SimTime, chance: &mut Stream) {
        self.next_at = match self.every {
            None => SimTime::NEVER,
            Some(every) => now + Duration::from_nanos(chance.between(1, nanos(every))),
        };
    }

    fn propose(&mut self, scene: &Scene, chance: &mut Stream) -> Option<Act> {
        let anybody = one_of(scene.alive(), chance);
        let to_anybody = chance.below(4) == 0;
        let to = if to_anybody { anybody } else { self.leader(scene, chance).or(anybody) };
        self.schedule(scene.now, chance);
        to.map(|to| Act::Propose { to, bytes: 0 })
    }

    /// One of those that believe that they lead: clients of a divided cluster reach different ones.
    fn leader(&self, scene: &Scene, chance: &mut Stream) -> Option<splitvote_peer::PeerId> {
        let leads = |peer: &splitvote_peer::PeerId| {
            scene.view(*peer).is_some_and(|view| view.role == splitvote_peer::Role::Leader)
        };
        let leaders: PeerSet = scene.alive().iter().filter(leads).collect();
        one_of(leaders, chance)
    }
}
