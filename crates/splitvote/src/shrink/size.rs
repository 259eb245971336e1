//! How large a failing run is, and which of two is smaller.

use std::time::Duration;

use serde::Serialize;
use splitvote_peer::SimTime;
use splitvote_sim::{Latency, NetworkProfile, Verdict};

use crate::act::{Act, Seek};
use crate::fault::{Fault, Profile as _};
use crate::plan::Plan;
use crate::run::RunReport;
use crate::signature::Signature;

/// How large a case is: what a person has to read to understand it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CaseSize {
    /// The number of peers.
    pub peers: usize,
    /// The faults: acts that are some, packets with a fate of their own, and each kind of fault that
    /// network, disks or clocks may draw.
    pub faults: usize,
    /// The commands of clients.
    pub commands: usize,
    /// The packets delivered until it fails.
    pub deliveries: u64,
    /// The virtual time until it fails, in milliseconds.
    pub virtual_ms: u64,
}

impl CaseSize {
    /// The size of a plan whose run ended in this report.
    #[must_use]
    pub fn of(plan: &Plan, report: &RunReport) -> Self {
        Self::new(plan, report.deliveries, report.virtual_time)
    }

    /// What a reader has to follow, in deliveries: of two cases of one failure, the one with less is the
    /// smaller.
    #[must_use]
    pub fn burden(&self) -> u64 {
        parts(self.peers, self.faults, self.commands) + self.deliveries
    }

    pub(super) fn new(plan: &Plan, deliveries: u64, virtual_time: Duration) -> Self {
        Self {
            peers: plan.setup.peers,
            faults: faults(plan),
            commands: plan.commands().count(),
            deliveries,
            virtual_ms: virtual_time.as_millis() as u64,
        }
    }
}

/// What became of a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tried {
    /// How it failed; `None` if it held.
    pub(super) signature: Option<Signature>,
    /// When it ended.
    pub(super) at: SimTime,
    pub(super) deliveries: u64,
    pub(super) events: u64,
}

/// A peer is as much to follow as so many deliveries.
const PEER: u64 = 10;
/// A fault likewise.
const FAULT: u64 = 8;
/// A command likewise.
const COMMAND: u64 = 4;

/// What a candidate weighs, in the order of what matters most; the lighter one is the better case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Weight {
    /// What a reader has to follow: peers, faults, commands and deliveries.
    pub(super) burden: u64,
    /// Latencies that are drawn: with none, all that is left to chance are timeouts.
    pub(super) drawn: usize,
    /// Acts that are neither faults nor commands, and timeouts that are written down.
    pub(super) others: usize,
    /// In steps of a tenth of a second: below that, round numbers count for more.
    pub(super) virtual_steps: u64,
    /// How many digits all times have together.
    pub(super) digits: usize,
    /// How long commands are.
    pub(super) bytes: usize,
    pub(super) virtual_nanos: u64,
}

impl Weight {
    pub(super) fn of(plan: &Plan, tried: &Tried) -> Self {
        let fixed = plan.acts.iter().filter(|timed| timed.act.class().is_none()).count();
        let written = plan.setup.overrides.election_timeouts.len();
        let delivered = plan.setup.overrides.packets.values().filter(|fate| !is_fault(**fate));
        let commands = plan.commands().count();
        Self {
            burden: burden(plan) + tried.deliveries,
            drawn: drawn(plan),
            others: fixed - commands.min(fixed) + written + delivered.count(),
            virtual_steps: tried.at.0 / 100_000_000,
            digits: times(plan).map(|time| digits(time.as_nanos() as u64)).sum(),
            bytes: plan.acts.iter().map(|timed| bytes(&timed.act)).sum(),
            virtual_nanos: tried.at.0,
        }
    }

    /// Whether a candidate could be lighter than this: what is known of it before it has run.
    pub(super) fn may_undercut(least: &Plan, best: &Self) -> bool {
        burden(least) <= best.burden
    }

    /// Whether this is no larger than another but for its deliveries, and leaves less to chance.
    pub(super) fn is_stiller(&self, other: &Self, deliveries: u64) -> bool {
        self.drawn < other.drawn && self.burden <= other.burden + deliveries
    }
}

fn parts(peers: usize, faults: usize, commands: usize) -> u64 {
    PEER * peers as u64 + FAULT * faults as u64 + COMMAND * commands as u64
}

/// What is to follow besides deliveries.
fn burden(plan: &Plan) -> u64 {
    parts(plan.setup.peers, faults(plan), plan.commands().count())
}

fn faults(plan: &Plan) -> usize {
    let acts = plan.acts.iter().filter_map(|timed| timed.act.fault()).map(Fault::hazards);
    let setup = &plan.setup;
    let fates = setup.overrides.packets.values().filter(|fate| is_fault(**fate)).count();
    let base = setup.network.hazards() + setup.disk.hazards() + setup.clocks.hazards();
    acts.sum::<usize>() + fates + base
}

fn is_fault(fate: Verdict) -> bool {
    !matches!(fate, Verdict::Deliver | Verdict::Pass)
}

/// How many latencies are drawn.
fn drawn(plan: &Plan) -> usize {
    let setup = &plan.setup;
    let is_drawn = |latency: Latency| !matches!(latency, Latency::Constant(_));
    let network = match setup.network {
        // Unless it is reliable, it draws all delays.
        NetworkProfile::Labrpc(lab) => !lab.reliable,
        NetworkProfile::Realistic(network) => is_drawn(network.one_way_delay),
    };
    let snapshots = setup.snapshots.every.is_some() && is_drawn(setup.snapshots.latency);
    [network, is_drawn(setup.disk.sync_latency), snapshots]
        .into_iter()
        .filter(|drawn| *drawn)
        .count()
}

/// All durations and instants that a plan writes down.
fn times(plan: &Plan) -> impl Iterator<Item = Duration> {
    let setup = &plan.setup;
    let fates = setup.overrides.packets.values().filter_map(|fate| match fate {
        Verdict::Delay(by) | Verdict::Replay(by) => Some(*by),
        _ => None,
    });
    let timeouts = setup.overrides.election_timeouts.values().copied();
    let acts = plan.acts.iter().flat_map(|timed| {
        let span = timed.act.fault().and_then(Fault::span);
        [Some(timed.at.since(SimTime::ZERO)), span].into_iter().flatten()
    });
    fates.chain(timeouts).chain(acts)
}

/// The digits of a number but for the zeros at its end.
fn digits(mut number: u64) -> usize {
    while number != 0 && number.is_multiple_of(10) {
        number /= 10;
    }
    number.checked_ilog10().map_or(0, |digits| digits as usize + 1)
}

fn bytes(act: &Act) -> usize {
    match act {
        Act::Propose { bytes, .. } | Act::Agree(Seek { bytes, .. }) => *bytes,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_numbers_have_few_digits() {
        assert_eq!([0, 7, 150_000_000, 163_000_000, 163_000_001].map(digits), [0, 1, 2, 3, 9]);
    }
}
