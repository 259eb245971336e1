//! Figures of a run that judge nothing, for who wants to know what was covered: how long it took until a peer led, what
//! packets were sent for, and how many faults struck.
//!
//! They are whole numbers, and those of several runs add up exactly, in any order: a sweep that is shared out has the
//! figures of one that is not.
//!
//! - `times`: a distribution of durations. `packets`: RPCs and bytes by cause. `struck`: faults by class.

mod packets;
mod struck;
mod times;

use serde::{Deserialize, Serialize};
use splitvote_check::Election;

pub use packets::Packets;
pub use struck::Struck;
pub use times::{Bucket, Times};

/// Figures of a run, or of many.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Figures {
    /// How long it took until a peer led: from the first candidate since the last leader took office, or since the
    /// beginning, to the next leader. Elections that were split, lost or starved in between count in.
    pub times_to_leader: Times,
    /// What packets were sent for, of the runs in which that is counted: those of scenarios with budgets of RPCs or
    /// bytes.
    pub packets: Packets,
    /// How many faults struck.
    pub struck: Struck,
}

impl Figures {
    /// Adds those of other runs.
    pub fn merge(&mut self, other: &Self) {
        self.times_to_leader.merge(&other.times_to_leader);
        self.packets.merge(&other.packets);
        self.struck.merge(&other.struck);
    }
}

/// How long it took until a peer led, of the elections of a run in the order of their terms.
pub(crate) fn times_to_leader<'a>(elections: impl Iterator<Item = &'a Election>) -> Times {
    let (mut times, mut since) = (Times::default(), None);
    for election in elections {
        let began = *since.get_or_insert(election.started_at());
        if let (splitvote_check::Outcome::Won { .. }, Some(led_at)) =
            (election.outcome(), election.ended_at())
        {
            times.add(led_at.since(began));
            since = None;
        }
    }
    times
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use splitvote_check::ElectionCounts;
    use splitvote_sim::Seed;

    use super::*;
    use crate::{Scenario, reference, replay, run};

    const STORM: &str =
        "name = \"a-storm\"\npeers = 5\nsteps = [{ storm = \"4s\" }, { calm = true }]";

    #[test]
    fn each_leader_is_a_time_and_split_votes_count_into_it() {
        let scenario = Scenario::parse("storm.toml", STORM).unwrap();
        let mut seen = ElectionCounts::default();
        for seed in 0..30 {
            let (report, trace) = replay(&scenario, &reference(), Seed(seed));
            let times = &report.figures.times_to_leader;
            assert_eq!(times.count(), report.elections.won, "seed {seed}");
            let alone: Duration = trace
                .elections
                .iter()
                .filter(|election| election.to_string().contains("won by"))
                .filter_map(Election::duration)
                .max()
                .unwrap_or_default();
            let longest = times.buckets().last().map_or(0, |last| last.highest);
            assert!(u128::from(longest) >= alone.as_micros(), "seed {seed}");
            seen.merge(&report.elections);
        }
        assert!(seen.split + seen.starved > 10 && seen.won > 30, "{seen:?}");
    }

    #[test]
    fn an_election_without_a_leader_prolongs_the_time_to_the_next_one() {
        let text = "name = \"starved\"\npeers = 3\nsteps = [\n\
                    { disconnect = [\"S1\", \"S2\"] }, { run = \"2s\" }, { connect = [\"S1\", \"S2\"] }, { run = \"2s\" }]";
        let scenario = Scenario::parse("starved.toml", text).unwrap();
        let report = run(&scenario, &reference(), Seed(1));
        let first = report.figures.times_to_leader.buckets().last().unwrap();
        assert!(report.elections.starved + report.elections.split > 2, "{:?}", report.elections);
        assert!(first.lowest > 1_000_000, "{first:?}");
    }
}
