//! The rows, their bounds, and how each is measured.

use crate::Trouble;
use crate::table::Bound::{AtLeast, AtMost};
use crate::table::Demand::{Median, Nothing, Ratio};
use crate::table::Plan;
use crate::workloads::Workloads;

/// Measures a row once, in the row's unit.
pub(crate) type Measure = fn(&mut Workloads) -> Result<f64, Trouble>;

/// The rows, in the order in which a round measures them.
pub(crate) const ROWS: [(Plan, Measure); 14] = [
    (
        Plan {
            name: "floor",
            about: "an event of a bare loop: out of std's heap, one draw, in again",
            unit: "events/s",
            demand: Nothing,
        },
        Workloads::floor,
    ),
    (
        Plan {
            name: "idle-cluster",
            about: "5 peers that send heartbeats, all checkers on",
            unit: "events/s",
            demand: Ratio("floor", AtLeast(0.7)),
        },
        Workloads::idle_5,
    ),
    (
        Plan {
            name: "floor-ping",
            about: "5 nodes that call each other, as callbacks on std's heap",
            unit: "RPC/s",
            demand: Nothing,
        },
        Workloads::floor_ping,
    ),
    (
        Plan {
            name: "ping",
            about: "the same through the world",
            unit: "RPC/s",
            demand: Ratio("floor-ping", AtLeast(0.6)),
        },
        Workloads::ping,
    ),
    (
        Plan {
            name: "idle-cluster-3",
            about: "3 peers that send heartbeats",
            unit: "ns/event",
            demand: Nothing,
        },
        Workloads::idle_3,
    ),
    (
        Plan {
            name: "idle-cluster-101",
            about: "101 such peers",
            unit: "ns/event",
            demand: Ratio("idle-cluster-3", AtMost(3.0)),
        },
        Workloads::idle_101,
    ),
    (
        Plan {
            name: "lab-3a",
            about: "the lab's tests of part 3A over 1000 seeds, all cores",
            unit: "s",
            demand: Median(AtMost(2.0)),
        },
        Workloads::lab_3a,
    ),
    (
        Plan {
            name: "unchecked",
            about: "5 peers, 1000 commands a virtual second, nobody watching",
            unit: "events/s",
            demand: Nothing,
        },
        Workloads::unchecked,
    ),
    (
        Plan {
            name: "checked",
            about: "the same with every checker on",
            unit: "events/s",
            demand: Ratio("unchecked", AtLeast(0.7)),
        },
        Workloads::checked,
    ),
    (
        Plan {
            name: "replicating",
            about: "the row before, for itself",
            unit: "M events/s",
            demand: Median(AtLeast(3.0)),
        },
        Workloads::replicating,
    ),
    (
        Plan {
            name: "lab-suite",
            about: "all 28 tests of the lab, one seed, one core",
            unit: "ms",
            demand: Median(AtMost(40.0)),
        },
        Workloads::lab_suite,
    ),
    (
        Plan {
            name: "lab-suite-1000",
            about: "all of them over 1000 seeds, all cores; once",
            unit: "s",
            demand: Median(AtMost(25.0)),
        },
        Workloads::lab_suite_1000,
    ),
    (
        Plan {
            name: "hour",
            about: "most memory in an hour of virtual time of `checked`; once",
            unit: "MiB",
            demand: Median(AtMost(64.0)),
        },
        Workloads::hour,
    ),
    (
        Plan {
            name: "swarm",
            about: "seeds of sim-scenarios/swarm/five.toml, 2 threads",
            unit: "seeds/s",
            demand: Median(AtLeast(1_000.0)),
        },
        Workloads::swarm,
    ),
];

/// The row of that name.
pub(crate) fn name_of_row(name: &str) -> Result<&'static str, String> {
    let names = ROWS.map(|(plan, _)| plan.name);
    let found = names.into_iter().find(|known| *known == name);
    found.ok_or_else(|| format!("no such row; there are {}", names.join(", ")))
}
