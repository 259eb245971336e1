//! What in a scenario makes no sense, though it can be run: timers that no leader survives, networks too slow for them.
//!
//! Such a run mostly holds, as nothing can go wrong where nothing happens. So it is told, unless the file says
//! `timers-meant = true`. A correct scenario that a careless warning would accuse:
//!
//! 1. A storm whose delays now and then exceed a timeout. So the shortest round trip counts, and no other.
//! 2. A heartbeat as long as the longest timeout, which some followers wait for and others do not. So it has to be
//!    as long as the shortest one: then no follower is sure to hear its leader in time.

use splitvote_sim::{Latency, NetworkProfile};

use super::Scenario;

impl Scenario {
    /// What in its timers and its network makes no sense, a sentence each; empty if nothing does, or if the file says
    /// that it is meant.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        if self.timers_meant {
            return Vec::new();
        }
        let timing = &self.setup.settings.timing;
        let (heartbeat, shortest) = (timing.heartbeat_interval, timing.election_timeout_min);
        let mut warnings = Vec::new();
        if heartbeat >= shortest {
            warnings.push(format!(
                "the heartbeat interval of {heartbeat:?} is not below the shortest election timeout of {shortest:?}: \
                 followers stand against a leader that is well"
            ));
        }
        let longest = timing.election_timeout_max;
        if let NetworkProfile::Realistic(realistic) = &self.setup.network {
            let round_trip = least(realistic.one_way_delay).saturating_mul(2);
            if round_trip >= longest {
                warnings.push(format!(
                    "a round trip takes {round_trip:?} or more, and the longest election timeout is {longest:?}: \
                     votes come too late for every candidate"
                ));
            }
        }
        warnings
    }
}

/// The shortest delay.
fn least(latency: Latency) -> std::time::Duration {
    match latency {
        Latency::Constant(delay) => delay,
        Latency::Uniform { min, .. } | Latency::Exponential { min, .. } => min,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warnings(head: &str) -> Vec<String> {
        let text = format!("name = \"a\"\npeers = 3\nsteps = [{{ run = \"1s\" }}]\n{head}");
        Scenario::parse("a.toml", &text).unwrap().warnings()
    }

    #[test]
    fn timers_that_no_leader_survives_are_told() {
        let slow = "heartbeat = \"150ms\"";
        assert!(warnings(slow)[0].contains("interval of 150ms is not below the shortest"));
        assert!(warnings("heartbeat = \"149ms\"").is_empty());
        let far = "network = { profile = \"realistic\", delay = \"150ms-200ms\" }";
        assert!(warnings(far)[0].contains("a round trip takes 300ms or more"));
        assert!(warnings(&far.replace("150ms", "149ms")).is_empty());
        assert!(warnings(&format!("{slow}\ntimers-meant = true\n{far}")).is_empty());
        assert!(warnings("network = \"labrpc\"").is_empty());
    }
}
