//! Plans: runs in which every fault and every command is written out.
//!
//! A scenario says what may happen; a seed makes a run of it. [`record`](crate::record) runs the two and writes down
//! what was done to the cluster, with whom and when: a plan. A plan and the same seed make the same run, but a
//! plan can be changed in its parts: that is how a failure is made small. Draws of the world that
//! matter can be written down too, as [`Overrides`].
//!
//! [`Overrides`]: splitvote_sim::Overrides

mod read;
mod write;

use std::time::Duration;

use splitvote_peer::{Damage, PeerSet, SimTime};
use splitvote_sim::Decisions;

use crate::act::{Act, Timed};
use crate::fault::{Disk, Fault, Rot};
use crate::nemesis::liars_of;
use crate::scenario::{Action, DurationRange};
use crate::setup::Setup;

pub(crate) use read::{NoPlan, plan};

/// A run written out.
///
/// ```
/// use splitvote::prelude::*;
///
/// let mut cluster = Cluster::builder(&reference()).seed(7).build()?;
/// let leader = cluster.check_one_leader()?;
/// cluster.crash(leader)?;
/// cluster.check_one_leader()?;
///
/// // The same run, and one without the crash.
/// let mut plan = cluster.plan().unwrap();
/// assert_eq!(run(&plan, &reference(), Seed(7)).elections.won, 2);
/// plan.acts.clear();
/// assert_eq!(run(&plan, &reference(), Seed(7)).elections.won, 1);
/// # Ok::<(), Failure>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The cluster, its network, disks and clocks, and the draws that are written down.
    pub setup: Setup,
    /// What is done, in order of time; acts of one instant in this order.
    pub acts: Vec<Timed>,
    /// What is demanded after all acts, if anything: the step of the scenario that failed.
    pub demand: Option<Action>,
    /// When the demand is made; without one, how long the run goes on.
    pub until: SimTime,
}

impl Plan {
    /// The peers whose disks lie, or lose a record untold.
    pub(crate) fn betrayed(&self) -> PeerSet {
        let by_act = |timed: &Timed| match timed.act.fault() {
            Some(Fault::Disk(Disk(profile))) => liars_of(profile),
            Some(Fault::Rot(Rot { of, damage: Damage::Untold, .. })) => PeerSet::from_iter([*of]),
            _ => PeerSet::EMPTY,
        };
        self.acts.iter().map(by_act).fold(liars_of(&self.setup.disk), PeerSet::union)
    }

    /// What was done to a cluster of this setup until now, written out; what rules said of packets as their fates.
    pub(crate) fn of(
        mut setup: Setup,
        acts: Vec<Timed>,
        decisions: Decisions,
        until: SimTime,
    ) -> Self {
        // What a scenario fixes counts more than what its rules say.
        let fixed = std::mem::replace(&mut setup.overrides.packets, decisions);
        setup.overrides.packets.extend(fixed);
        let mut plan = Self { setup, acts, demand: None, until };
        for timed in &mut plan.acts {
            // A group of nobody says nothing; in a plan, each says something.
            if let Act::Fault(Fault::Partition(partition)) = &mut timed.act {
                *partition = partition.in_a_plan();
            }
        }
        plan
    }

    /// The acts that are faults, or mend them.
    pub fn faults(&self) -> impl Iterator<Item = &Timed> {
        self.acts.iter().filter(|timed| !timed.act.is_command())
    }

    /// The acts that are commands of clients.
    pub fn commands(&self) -> impl Iterator<Item = &Timed> {
        self.acts.iter().filter(|timed| timed.act.is_command())
    }

    /// What is done at its end: what is demanded, or no more than all that is left of that instant.
    pub(crate) fn end(&self) -> Action {
        self.demand.clone().unwrap_or(Action::Run(DurationRange::exactly(Duration::ZERO)))
    }

    /// Whether something may be spent up to a bound.
    pub(crate) fn has_budgets(&self) -> bool {
        self.acts.iter().any(|timed| matches!(timed.act, Act::Allow(_)))
    }
}
