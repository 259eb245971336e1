//! What is done to a cluster, and when: the value of all strategies here.

use std::fmt;
use std::time::Duration;

use splitvote::fault::Heal;
use splitvote::scenario::{Action, Expectation};
use splitvote::{Act, Fault, FaultClass, Plan, Setup, SimTime, Timed};

/// How long a run goes on after the last act.
const AFTERMATH: Duration = Duration::from_secs(2);

/// Acts and their instants, in order of time. Prints as a sentence.
#[derive(Clone, PartialEq, Eq)]
pub struct Schedule {
    /// How many peers the cluster has.
    pub peers: usize,
    /// What is done, in order of time.
    pub acts: Vec<Timed>,
    /// Whether, after all acts, everything is mended and a leader has to be found.
    pub recovers: bool,
}

impl Schedule {
    /// These acts, put in order.
    #[must_use]
    pub fn new(peers: usize, mut acts: Vec<Timed>) -> Self {
        acts.sort_by_key(|timed| timed.at);
        Self { peers, acts, recovers: false }
    }

    /// The acts of both. The cluster is the larger one.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let both = self.acts.into_iter().chain(other.acts).collect();
        let recovers = self.recovers || other.recovers;
        Self { recovers, ..Self::new(self.peers.max(other.peers), both) }
    }

    /// The same; after all acts whatever they broke is mended, and one leader has to be found. Every link is
    /// restored, every peer resumed and running, no clock drifts, and network and disks are as at the beginning. A
    /// clock that jumped stays where it is.
    #[must_use]
    pub fn recovering(self) -> Self {
        Self { recovers: true, ..self }
    }

    /// The plan on a cluster that is built from this setup, but with as many peers as the schedule has.
    #[must_use]
    pub fn plan(&self, setup: Setup) -> Plan {
        let end = self.acts.last().map_or(SimTime::ZERO, |timed| timed.at);
        let mut acts = self.acts.clone();
        if self.recovers {
            acts.extend(self.mends(&setup).map(|act| Timed { at: end, act }));
        }
        let demand =
            self.recovers.then_some(Action::Expect(Expectation::OneLeader { within: None }));
        let until = if self.recovers { end } else { end + AFTERMATH };
        Plan { setup: Setup { peers: self.peers, ..setup }, acts, demand, until }
    }
}

impl Schedule {
    /// Whatever undoes what was done: no more, so that a case stays small.
    fn mends(&self, setup: &Setup) -> impl Iterator<Item = Act> {
        let healthy = setup.healthy();
        // One `heal` undoes all cuts.
        let is_cut = |fault: &&Fault| fault.class() == Some(FaultClass::Partitions);
        let faults = self.acts.iter().filter_map(|timed| timed.act.fault());
        let mut mends: Vec<Act> = Vec::new();
        for mend in
            faults.filter(|fault| !is_cut(fault)).flat_map(|fault| fault.undone_by(&healthy))
        {
            let mend = Act::Fault(mend);
            if !mends.contains(&mend) {
                mends.push(mend);
            }
        }
        mends.into_iter().chain([Heal.into()])
    }
}

impl fmt::Debug for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { peers, acts, recovers } = self;
        write!(f, "{peers} peer{}", if *peers == 1 { "" } else { "s" })?;
        for (place, Timed { at, act }) in acts.iter().enumerate() {
            write!(f, "{} {act} at {at}", if place == 0 { ":" } else { ";" })?;
        }
        if acts.is_empty() {
            f.write_str(", nothing is done")?;
        }
        f.write_str(if *recovers { "; then all is mended" } else { "" })
    }
}
