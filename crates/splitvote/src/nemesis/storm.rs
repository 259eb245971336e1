//! A storm: the parts of a swarm strike, clients go on proposing, virtual time passes.

use std::time::Duration;

use splitvote_peer::time::nanos;
use splitvote_peer::{Peer, PeerId, Role, SimTime, Timing};
use splitvote_sim::{DiskProfile, Seed, Stream, StreamId, Watcher, World};

use super::scene::{Scene, one_of};
use super::swarm::Running;
use crate::act::Act;
use crate::fault::{Fault, FaultClasses};

/// What a storm is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Storm<T = Duration> {
    /// How long it lasts.
    pub lasts: T,
    /// Clients propose so often at most, half as often on average; never if none.
    pub proposals_every: Option<T>,
    /// Classes of faults of which no part is on.
    pub without: FaultClasses,
}

/// A storm that passes over a cluster, which it sees and does not touch.
pub(crate) struct Passing {
    parts: Vec<Running>,
    clients: Proposals,
    scene: Scene,
    faults: Vec<Fault>,
    /// The disks when it began.
    disk: DiskProfile,
}

impl Passing {
    /// These parts are about to strike.
    pub(crate) fn new<P: Peer>(
        parts: Vec<Running>,
        storm: Storm,
        world: &mut World<P, impl Watcher<P>>,
        timing: &Timing,
        (seed, round): (Seed, u16),
    ) -> Self {
        let sizes = Stream::new(seed, StreamId::Part { part: SIZES, round });
        let clients = Proposals::new(storm.proposals_every, world.now(), world.workload(), sizes);
        let scene = Scene::of(world, timing.clone());
        Self { parts, clients, disk: scene.disk, scene, faults: Vec::new() }
    }

    /// When somebody strikes or proposes next.
    pub(crate) fn next_at(&self) -> SimTime {
        let parts = self.parts.iter().map(|part| part.strikes_at);
        parts.fold(self.clients.next_at, SimTime::min)
    }

    /// Lets all strike and propose whose time has come; what is proposed, after all [faults](Self::faults).
    pub(crate) fn strike<P: Peer>(
        &mut self,
        at: SimTime,
        world: &mut World<P, impl Watcher<P>>,
    ) -> Option<Act> {
        self.scene.update(world);
        for Running { part, chance, strikes_at, .. } in &mut self.parts {
            if *strikes_at <= at {
                let pause = part(&self.scene, chance, &mut self.faults);
                // A part that wants to look again at once would stop time.
                *strikes_at = self.scene.now + pause.max(Duration::from_micros(1));
            }
        }
        let is_due = self.clients.next_at <= at;
        is_due.then(|| self.clients.propose(&self.scene, world.workload())).flatten()
    }

    /// What the parts that struck last do. No part makes a disk lie that did not when the storm began.
    pub(crate) fn faults(&mut self) -> impl Iterator<Item = Fault> {
        self.faults.drain(..).map(|fault| fault.within_promise(&self.disk))
    }

    /// What only faults change, as it is after them.
    pub(crate) fn see<P: Peer>(&mut self, world: &World<P, impl Watcher<P>>) {
        (self.scene.network, self.scene.disk) = (world.network(), world.disk_profile());
    }
}

/// Clients that propose to whoever leads, and now and then to anybody.
struct Proposals {
    every: Option<Duration>,
    next_at: SimTime,
    /// Draws how large commands are.
    sizes: Stream,
}

/// The stream that draws the sizes of commands; that of no part.
const SIZES: u8 = 0;
/// The largest command is of less than 2 to this power bytes: far more than what batches are limited to.
const LARGEST: u64 = 12;

impl Proposals {
    fn new(every: Option<Duration>, now: SimTime, chance: &mut Stream, sizes: Stream) -> Self {
        let mut proposals = Self { every, next_at: now, sizes };
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
        to.map(|to| Act::Propose { to, bytes: self.size() })
    }

    /// How many bytes the next command has: one in two as few as can be, one in four up to 64, one in four up to far
    /// more than a batch may hold.
    fn size(&mut self) -> usize {
        let bytes = match self.sizes.below(4) {
            0 | 1 => 0,
            2 => self.sizes.below(65),
            _ => {
                let power = self.sizes.between(6, LARGEST);
                self.sizes.below(1 << power)
            }
        };
        usize::try_from(bytes).unwrap_or(0)
    }

    /// One of those that believe that they lead: clients of a divided cluster reach different ones.
    fn leader(&self, scene: &Scene, chance: &mut Stream) -> Option<PeerId> {
        let leaders = scene.running().filter(|(_, view)| view.role == Role::Leader);
        one_of(leaders.map(|(peer, _)| peer).collect(), chance)
    }
}
