//! The replicating cluster: five Raft peers that agree on a thousand commands a virtual second.
//!
//! Packets take 1 to 10 ms, a sync takes 1 ms, proposals of 5 ms go together, the state machines make
//! a snapshot every thousand entries. Once with every checker on, and once with nobody watching.

use std::time::Duration;

use splitvote::peer::{Command, Peer, Role, Settings};
use splitvote::sim::{Latency, Limits, SnapshotProfile, Unwatched, Watcher, World, WorldConfig};
use splitvote::{Cluster, Seed, SimTime, Subject, reference};
use splitvote_raft::{Paper, Raft};

use crate::Trouble;

/// How often a client proposes a command of eight bytes.
const INTERVAL: Duration = Duration::from_millis(1);
/// Virtual time in which the cluster finds its leader, before anything is measured.
const WARM_UP: SimTime = SimTime(5_000_000_000);

/// What the peers are configured with.
fn settings() -> Settings {
    Settings { batch_delay: Duration::from_millis(5), ..Settings::default() }
}

fn world() -> WorldConfig {
    let mut world = WorldConfig::new(5, Seed(1));
    let millisecond = Duration::from_millis(1);
    world.disk.sync_latency = Latency::Uniform { min: millisecond, max: millisecond };
    world.snapshots = SnapshotProfile { every: Some(1_000), ..SnapshotProfile::default() };
    world.limits = Limits { events: u64::MAX, ..Limits::default() };
    world
}

/// A client that proposes for ever to whoever leads.
#[derive(Clone, Debug, Default)]
struct Client {
    commands: u64,
}

impl Client {
    fn drive<P: Peer, W: Watcher<P>>(
        &mut self,
        world: &mut World<P, W>,
        until: SimTime,
    ) -> Result<(), Trouble> {
        while world.now() < until {
            let leader = world
                .peers()
                .find(|peer| world.view(*peer).is_some_and(|view| view.role == Role::Leader));
            if let Some(leader) = leader {
                self.commands += 1;
                world.propose(leader, Command::new(&self.commands.to_le_bytes()));
            }
            world.run_until(world.now() + INTERVAL)?;
        }
        Ok(())
    }
}

/// The cluster with every checker on.
pub(crate) struct Replicating {
    cluster: Cluster<Raft<Paper>>,
    client: Client,
}

impl Replicating {
    /// After its first election.
    pub(crate) fn settled() -> Result<Self, Trouble> {
        let subject: Subject<Raft<Paper>> = reference();
        let mut cluster = Cluster::builder(&subject).settings(settings()).world(world()).build()?;
        let mut client = Client::default();
        client.drive(cluster.world_mut(), WARM_UP)?;
        Ok(Self { cluster, client })
    }

    /// Runs on for so much virtual time; how many events there were.
    pub(crate) fn run(&mut self, duration: Duration) -> Result<u64, Trouble> {
        let world = self.cluster.world_mut();
        let (start, until) = (world.events(), world.now() + duration);
        self.client.drive(world, until)?;
        if self.cluster.violation().is_some() {
            return Err(Trouble::Fails("the replicating cluster".to_owned()));
        }
        Ok(self.cluster.world().events() - start)
    }

    /// How many commands all peers have applied.
    pub(crate) fn applied(&self) -> u64 {
        let world = self.cluster.world();
        world.peers().map(|peer| world.applied(peer)).min().unwrap_or(0)
    }
}

/// The same cluster with nobody watching.
pub(crate) struct Unchecked {
    world: World<Raft<Paper>, Unwatched>,
    client: Client,
}

impl Unchecked {
    /// After its first election.
    pub(crate) fn settled() -> Result<Self, Trouble> {
        let config = reference().config(&settings());
        let mut world = World::new(&world(), &config, Unwatched)?;
        let mut client = Client::default();
        client.drive(&mut world, WARM_UP)?;
        Ok(Self { world, client })
    }

    /// Runs on for so much virtual time; how many events there were.
    pub(crate) fn run(&mut self, duration: Duration) -> Result<u64, Trouble> {
        let (start, until) = (self.world.events(), self.world.now() + duration);
        self.client.drive(&mut self.world, until)?;
        Ok(self.world.events() - start)
    }
}
