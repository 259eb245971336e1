//! The idle cluster: Raft peers with an established leader, heartbeats every 50 ms, packets that
//! take 1 to 10 ms, one in a hundred lost.

use splitvote_peer::SimTime;
use splitvote_raft::{Config, Paper, Raft};
use splitvote_sim::{NetworkProfile, Probability, Realistic, Seed, Unwatched, World, WorldConfig};

use crate::Trouble;

/// Virtual time in which the cluster finds its leader, before anything is measured.
const WARM_UP: SimTime = SimTime(30_000_000_000);

/// A cluster that has settled.
#[derive(Clone)]
pub(crate) struct IdleCluster {
    world: World<Raft<Paper>, Unwatched>,
}

impl IdleCluster {
    /// So many peers, after their first election.
    pub(crate) fn settled(peers: usize) -> Result<Self, Trouble> {
        let network = Realistic { loss: Probability::percent(1), ..Realistic::default() };
        let mut config = WorldConfig::new(peers, Seed(1));
        config.network = NetworkProfile::Realistic(network);
        config.limits.events = u64::MAX;
        let mut world = World::new(&config, &Config::default(), Unwatched)?;
        world.run_until(WARM_UP)?;
        Ok(Self { world })
    }

    /// Runs on for so many events, or a few more; how many there were.
    pub(crate) fn run(&mut self, events: u64) -> Result<u64, Trouble> {
        let start = self.world.events();
        while self.world.events() - start < events {
            self.world.step_once()?;
        }
        Ok(self.world.events() - start)
    }
}
