//! The network and the disks as they are, and what of them a change changes: `network: loss 0 % → 5 %`.

use splitvote::sim::{
    DiskProfile, InFlight, Labrpc, Latency, NetworkProfile, Probability, Realistic, Unsynced,
};
use splitvote::trace::Head;

/// A quantity and its value, in words.
type Fact = (&'static str, String);

/// The network and the disks as they were last told.
pub(crate) struct Surroundings {
    network: NetworkProfile,
    in_flight: InFlight,
    disk: DiskProfile,
}

impl Surroundings {
    /// What a run begins with.
    pub(crate) fn of(head: &Head) -> Self {
        Self { network: head.network, in_flight: head.in_flight, disk: head.disk }
    }

    /// The network is this from now on: what differs.
    pub(crate) fn network(&mut self, is: NetworkProfile) -> String {
        let was = std::mem::replace(&mut self.network, is);
        changes("network", &of_network(&was), &of_network(&is))
    }

    /// Cut links do this from now on to what is on its way.
    pub(crate) fn in_flight(&mut self, is: InFlight) -> String {
        let was = std::mem::replace(&mut self.in_flight, is);
        changes("network", &[of_cuts(was)], &[of_cuts(is)])
    }

    /// The disks behave like this from now on: what differs.
    pub(crate) fn disk(&mut self, is: DiskProfile) -> String {
        let was = std::mem::replace(&mut self.disk, is);
        changes("disks", &of_disk(&was), &of_disk(&is))
    }
}

/// The facts that differ, and how; all facts if they are about other things than before.
fn changes(of: &str, was: &[Fact], is: &[Fact]) -> String {
    let is_alike = was.iter().map(|(name, _)| name).eq(is.iter().map(|(name, _)| name));
    let words: Vec<String> = if is_alike {
        let differ = was.iter().zip(is).filter(|((_, was), (_, is))| was != is);
        differ.map(|((name, was), (_, is))| format!("{name} {was} → {is}")).collect()
    } else {
        is.iter().map(|(name, is)| format!("{name} {is}")).collect()
    };
    if words.is_empty() {
        format!("{of}: as before")
    } else {
        format!("{of}: {}", words.join(", "))
    }
}

fn of_network(profile: &NetworkProfile) -> Vec<Fact> {
    match profile {
        NetworkProfile::Labrpc(Labrpc { reliable, long_delays, long_reordering }) => vec![
            ("reliable", yes(*reliable)),
            ("long delays", yes(*long_delays)),
            ("long reordering", yes(*long_reordering)),
        ],
        NetworkProfile::Realistic(Realistic {
            one_way_delay,
            loss,
            loss_correlation,
            capacity,
            duplicate,
            reorder,
            stale,
        }) => vec![
            ("delay", latency(*one_way_delay)),
            ("loss", percent(*loss)),
            ("loss correlation", percent(*loss_correlation)),
            ("capacity", capacity.map_or_else(|| "any".to_owned(), |count| count.to_string())),
            ("duplicates", percent(*duplicate)),
            ("reordering", often(reorder.probability, reorder.delay)),
            ("stale copies", often(stale.probability, stale.delay)),
        ],
    }
}

fn of_cuts(in_flight: InFlight) -> Fact {
    let word = match in_flight {
        InFlight::Cut => "cut",
        InFlight::Kept => "kept",
    };
    ("packets in flight", word.to_owned())
}

fn of_disk(profile: &DiskProfile) -> Vec<Fact> {
    let DiskProfile { sync_latency, slow_sync, unsynced, lying, liars, failing, of } = profile;
    let whose = if *of == DiskProfile::default().of { String::new() } else { format!(" of {of}") };
    let unsynced = match unsynced {
        Unsynced::Lost => "lost",
        Unsynced::Prefix => "a prefix kept",
        Unsynced::Torn => "torn",
        Unsynced::Varied => "varied",
    };
    let lies = if *lying == Probability::NEVER {
        "never".to_owned()
    } else {
        format!("{} of {liars}", percent(*lying))
    };
    vec![
        ("sync", latency(*sync_latency)),
        ("slow syncs", often(slow_sync.probability, slow_sync.latency) + &whose),
        ("unsynced records", unsynced.to_owned()),
        ("lies", lies),
        ("failing syncs", percent(*failing) + &whose),
    ]
}

fn yes(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

/// `5 %`, `0.25 %`.
fn percent(probability: Probability) -> String {
    let (whole, rest) = (probability.parts() / 10_000, probability.parts() % 10_000);
    let decimals = format!("{rest:04}");
    let decimals = decimals.trim_end_matches('0');
    if decimals.is_empty() { format!("{whole} %") } else { format!("{whole}.{decimals} %") }
}

/// `1ms to 10ms`.
fn latency(latency: Latency) -> String {
    match latency {
        Latency::Constant(delay) => format!("{delay:?}"),
        Latency::Uniform { min, max } => format!("{min:?} to {max:?}"),
        Latency::Exponential { min, mean, tail } if tail.probability == Probability::NEVER => {
            format!("{min:?} and {mean:?} on average")
        }
        Latency::Exponential { min, mean, tail } => {
            let tail = format!("{} times {}", percent(tail.probability), tail.factor);
            format!("{min:?} and {mean:?} on average ({tail})")
        }
    }
}

fn often(probability: Probability, delay: Latency) -> String {
    if probability == Probability::NEVER {
        return "never".to_owned();
    }
    format!("{} by {}", percent(probability), latency(delay))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use splitvote::sim::SlowSync;

    use super::*;

    fn realistic(loss: u32) -> NetworkProfile {
        let loss = Probability::per_million(loss);
        NetworkProfile::Realistic(Realistic { loss, ..Realistic::default() })
    }

    #[test]
    fn what_differs_is_told_and_nothing_else() {
        let mut surroundings = Surroundings::of(&Head::default());
        assert_eq!(surroundings.network(realistic(2_500)), "network: loss 0 % → 0.25 %");
        assert_eq!(surroundings.network(realistic(50_000)), "network: loss 0.25 % → 5 %");
        assert_eq!(surroundings.network(realistic(50_000)), "network: as before");
        let labrpc = NetworkProfile::Labrpc(Labrpc::default());
        let words = "network: reliable yes, long delays yes, long reordering no";
        assert_eq!(surroundings.network(labrpc), words);
        let words = "network: packets in flight cut → kept";
        assert_eq!(surroundings.in_flight(InFlight::Kept), words);
    }

    #[test]
    fn disks_are_told_by_what_they_do() {
        let mut surroundings = Surroundings::of(&Head::default());
        let latency = Latency::Constant(Duration::from_millis(3));
        let slow_sync = SlowSync { probability: Probability::percent(10), latency };
        let slow = DiskProfile { slow_sync, unsynced: Unsynced::Torn, ..DiskProfile::default() };
        let words = "disks: slow syncs never → 10 % by 3ms, unsynced records lost → torn";
        assert_eq!(surroundings.disk(slow), words);
    }
}
