//! What a test did to its cluster, as a plan.

use splitvote_peer::Peer;

use super::Plan;
use crate::act::Act;
use crate::cluster::Cluster;
use crate::fault::Fault;

impl<P: Peer> Cluster<P> {
    /// All that was done to the cluster so far, written out: played under the same seed, the plan makes the same run, so
    /// that it can be shrunk ([`crate::shrink::shrink_plan`]) and kept ([`crate::Case`]). What rules said of packets is
    /// written down as their fates, and a command that the test proposed as one of its length. What the test
    /// expected is not part of it.
    ///
    /// `None` if the peers began with records on their disks, which no plan can hold, or the cluster keeps no diary.
    #[must_use]
    pub fn plan(&self) -> Option<Plan> {
        let (setup, acts) = self.written_down()?;
        let mut setup = setup.clone();
        let mut packets = self.world().decisions();
        packets.append(&mut setup.overrides.packets);
        setup.overrides.packets = packets;
        let mut plan = Plan { setup, acts: acts.to_vec(), demand: None, until: self.now() };
        plan.write_groups_out();
        Some(plan)
    }
}

impl Plan {
    /// A group of nobody says nothing; in a plan, each says something.
    pub(super) fn write_groups_out(&mut self) {
        for timed in &mut self.acts {
            if let Act::Fault(Fault::Partition(partition)) = &mut timed.act {
                *partition = partition.in_a_plan();
            }
        }
    }
}
