//! Plans: runs in which every fault and every command is written out.
//!
//! A scenario says what may happen; a seed makes a run of it. [`record`] runs the two and writes down what
//! was done to the cluster, with whom and when: a plan. A plan and the same seed make the same run, but a
//! plan can be changed in its parts: that is how a failure is made small. Draws of the world that
//! matter can be written down too, as [`Overrides`].
//!
//! [`Overrides`]: splitvote_sim::Overrides

mod read;
mod record;
mod steps;

use splitvote_peer::SimTime;

use crate::act::Timed;
use crate::fault::Healthy;
use crate::scenario::{Action, Scenario};

pub(crate) use read::NoPlan;
pub use record::record;

/// A run written out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The cluster, its network, disks and clocks, and the draws that are written down. Its steps do
    /// not count.
    pub head: Scenario,
    /// What is done, in order of time; acts of one instant in this order.
    pub acts: Vec<Timed>,
    /// What is demanded after all acts, if anything: the step of the scenario that failed.
    pub demand: Option<Action>,
    /// When the demand is made; without one, how long the run goes on.
    pub until: SimTime,
}

impl Plan {
    /// What its cluster is like that nothing is wrong with.
    pub(crate) fn healthy(&self) -> Healthy {
        let Scenario { network, disk, .. } = self.head;
        Healthy { network, disk, drift_ppm: Vec::new() }
    }

    /// The acts that are faults, or mend them.
    pub fn faults(&self) -> impl Iterator<Item = &Timed> {
        self.acts.iter().filter(|timed| !timed.act.is_command())
    }

    /// The acts that are commands of clients.
    pub fn commands(&self) -> impl Iterator<Item = &Timed> {
        self.acts.iter().filter(|timed| timed.act.is_command())
    }
}
