//! How many faults struck, by class.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::fault::{Fault, FaultClass, FaultClasses, Profile};

/// Faults by class: each act that strikes, and each network, disks or clocks that can draw such faults, once when they
/// take their place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<FaultClass, u64>", into = "BTreeMap<FaultClass, u64>")]
pub struct Struck([u64; FaultClass::ALL.len()]);

impl Struck {
    /// Counts a fault that is about to happen.
    pub(crate) fn add(&mut self, fault: &Fault) {
        match fault {
            Fault::Network(network) => self.condition(network.0),
            Fault::Disk(disk) => self.condition(disk.0),
            _ => {
                if let Some(class) = fault.class() {
                    self.0[class as usize] += 1;
                }
            }
        }
    }

    /// Counts the classes of what networks, disks or clocks like these get wrong.
    pub(crate) fn condition(&mut self, profile: impl Profile + PartialEq + Copy) {
        for class in FaultClass::ALL {
            let only: FaultClasses = [*class].into_iter().collect();
            self.0[*class as usize] += u64::from(profile.without(only) != profile);
        }
    }

    /// Adds those of other runs.
    pub fn merge(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(sum, more)| *sum += more);
    }

    /// The classes of which any struck.
    pub fn iter(&self) -> impl Iterator<Item = (FaultClass, u64)> {
        let all = FaultClass::ALL.iter().copied().zip(self.0);
        all.filter(|(_, count)| *count > 0)
    }
}

impl From<BTreeMap<FaultClass, u64>> for Struck {
    fn from(counts: BTreeMap<FaultClass, u64>) -> Self {
        let mut struck = Self::default();
        counts.into_iter().for_each(|(class, count)| struck.0[class as usize] = count);
        struck
    }
}

impl From<Struck> for BTreeMap<FaultClass, u64> {
    fn from(struck: Struck) -> Self {
        struck.iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use splitvote_sim::Seed;

    use super::*;
    use crate::{Scenario, reference, run};

    fn struck(head: &str, steps: &str, without: &[FaultClass]) -> Vec<(FaultClass, u64)> {
        let text = format!("name = \"mine\"\npeers = 3\n{head}\nsteps = [{steps}]");
        let mut scenario = Scenario::parse("mine.toml", &text).unwrap();
        scenario.setup.without = without.iter().copied().collect();
        run(&scenario, &reference(), Seed(1)).figures.struck.iter().collect()
    }

    #[test]
    fn what_strikes_is_counted_and_what_mends_is_not() {
        let steps = "{ crash = \"S0\" }, { run = \"1s\" }, { restart = \"S0\" }, { crash = \"S1\" }, \
                     { disconnect = \"S2\" }, { heal = true }";
        assert_eq!(struck("", steps, &[]), [(FaultClass::Partitions, 1), (FaultClass::Crashes, 2)]);
    }

    #[test]
    fn a_network_that_loses_counts_once_when_it_takes_its_place() {
        let lossy = "network = { profile = \"realistic\", loss = \"10%\", duplicate = \"5%\" }";
        let both = [(FaultClass::Loss, 1), (FaultClass::Duplication, 1)];
        assert_eq!(struck(lossy, "{ run = \"1s\" }", &[]), both);
        assert_eq!(struck("", &format!("{{ {lossy} }}"), &[]), both);
        assert_eq!(struck(lossy, "{ run = \"1s\" }", &[FaultClass::Loss]), both[1..]);
    }

    #[test]
    fn what_is_switched_off_does_not_strike() {
        let steps = "{ crash = \"S0\" }, { disconnect = \"S2\" }";
        let struck = struck("", steps, &[FaultClass::Crashes]);
        assert_eq!(struck, [(FaultClass::Partitions, 1)]);
    }
}
