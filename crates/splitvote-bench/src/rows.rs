//! The rows, their bounds, and how each is measured.

use crate::Trouble;
use crate::table::Bound::{AtLeast, AtMost};
use crate::table::Demand::{Median, Nothing, Ratio};
use crate::table::Plan;
use crate::workloads::Workloads;

/// Measures a row once, in the row's unit.
pub(crate) type Measure = fn(&mut Workloads) -> Result<f64, Trouble>;

macro_rules! rows {
    ($($name:literal, $unit:literal, $demand:expr, $measure:ident: $about:literal;)*) => {
        /// The rows, in the order in which a round measures them.
        pub(crate) const ROWS: [(Plan, Measure); [$($name),*].len()] = [$((
            Plan { name: $name, about: $about, unit: $unit, demand: $demand },
            Workloads::$measure,
        )),*];
    };
}

rows! {
    "floor", "events/s", Nothing, floor:
        "an event of a bare loop: out of std's heap, one draw, in again";
    "idle-cluster", "events/s", Ratio("floor", AtLeast(0.7)), idle_5:
        "5 peers that send heartbeats, all checkers on";
    "floor-ping", "RPC/s", Nothing, floor_ping:
        "5 nodes that call each other, as callbacks on std's heap";
    "ping", "RPC/s", Ratio("floor-ping", AtLeast(0.6)), ping:
        "the same through the world";
    "ping-async", "RPC/s", Ratio("floor-ping", AtLeast(0.35)), ping_async:
        "the same as tasks and calls, through the labs' door";
    "idle-cluster-3", "ns/event", Nothing, idle_3:
        "3 peers that send heartbeats";
    "idle-cluster-101", "ns/event", Ratio("idle-cluster-3", AtMost(3.0)), idle_101:
        "101 such peers";
    "lab-3a", "s", Median(AtMost(2.0)), lab_3a:
        "the lab's tests of part 3A over 1000 seeds, all cores";
    "unchecked", "events/s", Nothing, unchecked:
        "5 peers, 1000 commands a virtual second, nobody watching";
    "checked", "events/s", Ratio("unchecked", AtLeast(0.7)), checked:
        "the same with every checker on";
    "replicating", "M events/s", Median(AtLeast(3.0)), replicating:
        "the row before, for itself";
    "lab-suite", "ms", Median(AtMost(40.0)), lab_suite:
        "all 28 tests of the lab, one seed, one core";
    "lab-suite-async", "ms", Median(AtMost(150.0)), lab_suite_async:
        "the same with the Raft of tasks and calls";
    "lab-suite-1000", "s", Median(AtMost(25.0)), lab_suite_1000:
        "all of them over 1000 seeds, all cores; once";
    "hour", "MiB", Median(AtMost(64.0)), hour:
        "most memory in an hour of virtual time of `checked`; once";
    "swarm", "seeds/s", Median(AtLeast(1_000.0)), swarm:
        "seeds of sim-scenarios/swarm/five.toml, 2 threads";
    "plain", "ms", Nothing, plain:
        "50 seeds of it, one thread";
    "recorded", "ms", Ratio("plain", AtMost(2.0)), recorded:
        "the same with the recorder on";
    "page", "s", Median(AtMost(0.3)), page:
        "10,000 events of it as a page";
    "page-size", "MB", Median(AtMost(3.0)), page_size:
        "how large that page is";
    "shiviz", "s", Median(AtMost(0.3)), shiviz:
        "the same events as a log for ShiViz";
    "chrome-trace", "s", Median(AtMost(0.3)), chrome_trace:
        "as trace events for Perfetto";
    "ndjson", "s", Median(AtMost(0.3)), ndjson:
        "as lines of JSON";
}

/// The row of that name.
pub(crate) fn name_of_row(name: &str) -> Result<&'static str, String> {
    let names = ROWS.map(|(plan, _)| plan.name);
    let found = names.into_iter().find(|known| *known == name);
    found.ok_or_else(|| format!("no such row; there are {}", names.join(", ")))
}
