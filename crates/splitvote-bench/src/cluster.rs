//! The idle cluster: Raft peers with an established leader, heartbeats every 50 ms, packets that
//! take 1 to 10 ms, one in a hundred lost, and every checker on.

use splitvote::sim::{Limits, NetworkProfile, Probability, Realistic};
use splitvote::{Cluster, SimTime, reference};
use splitvote_raft::{Paper, Raft};
use splitvote_sim::{Seed, WorldConfig};

use crate::Trouble;

/// Virtual time in which the cluster finds its leader, before anything is measured.
const WARM_UP: SimTime = SimTime(30_000_000_000);

/// A cluster that has settled.
#[derive(Clone)]
pub(crate) struct IdleCluster {
    cluster: Cluster<Raft<Paper>>,
}

impl IdleCluster {
    /// So many peers, after their first election.
    pub(crate) fn settled(peers: usize) -> Result<Self, Trouble> {
        let lossy = Realistic { loss: Probability::percent(1), ..Realistic::default() };
        let world = WorldConfig {
            network: NetworkProfile::Realistic(lossy),
            limits: Limits { events: u64::MAX, ..Limits::default() },
            ..WorldConfig::new(peers, Seed(1))
        };
        let mut cluster = Cluster::builder(&reference()).world(world).build()?;
        cluster.world_mut().run_until(WARM_UP)?;
        Ok(Self { cluster })
    }

    /// Runs on for so many events; how many there were.
    pub(crate) fn run(&mut self, events: u64) -> Result<u64, Trouble> {
        let world = self.cluster.world_mut();
        let start = world.events();
        while world.events() - start < events {
            world.step_once()?;
        }
        Ok(world.events() - start)
    }
}
