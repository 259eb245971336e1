//! The parts of the nemesis, one a file.

mod clock_drift;
mod clock_offset;
mod clock_steps;
mod clock_strobe;
mod clogs;
mod crash_points;
mod crashes;
mod disk_errors;
mod disk_stalls;
mod disks;
mod flapping;
mod late_timers;
mod misconfigured_timer;
mod noise;
mod partitions;
mod pauses;
mod power_failures;
mod seesaw;
mod swizzle;
mod task_order;

use std::time::Duration;

use splitvote_sim::Stream;

use super::part::{Part, PartKind, Strength, between};
use super::scene::{Aim, Scene, one_of, some_of};
use crate::fault::{Fault, FaultClass};

/// Boxes a part.
fn boxed(part: impl FnMut(&Scene, &mut Stream, &mut Vec<Fault>) -> Duration + 'static) -> Part {
    Box::new(part)
}

/// A kind of part: its name, the class that switches it off, its stream, and how one is made.
const fn kind(
    name: &'static str,
    class: FaultClass,
    stream: u8,
    make: fn(Strength, &mut Stream) -> Part,
) -> PartKind {
    PartKind { name, class, stream, make }
}

/// The parts of which the nemesis's own stream says whether they are on. No part joins them: that would shift
/// what it draws. The number of a stream is never given to another part: seeds depend on it.
pub(crate) const KINDS: &[PartKind] = &[
    kind("crashes", FaultClass::Crashes, 1, crashes::make),
    kind("power-failures", FaultClass::Crashes, 21, power_failures::make),
    kind("crash-points", FaultClass::CrashPoints, 2, crash_points::make),
    kind("pauses", FaultClass::Pauses, 3, pauses::make),
    kind("late-timers", FaultClass::Pauses, 19, late_timers::make),
    kind("partitions", FaultClass::Partitions, 4, partitions::make),
    kind("flapping", FaultClass::Partitions, 5, flapping::make),
    kind("seesaw", FaultClass::Partitions, 16, seesaw::make),
    kind("clogs", FaultClass::Clogs, 6, clogs::make),
    kind("swizzle", FaultClass::Clogs, 20, swizzle::make),
    kind("loss-bursts", FaultClass::Loss, 7, noise::loss),
    kind("crowding", FaultClass::Loss, 17, noise::crowding),
    kind("duplication", FaultClass::Duplication, 8, noise::duplication),
    kind("reordering", FaultClass::Reordering, 9, noise::reordering),
    kind("stale-replay", FaultClass::StaleReplay, 10, noise::staleness),
    kind("slow-network", FaultClass::Delays, 11, noise::slowness),
    kind("clock-offset", FaultClass::Clocks, 18, clock_offset::make),
    kind("clock-steps", FaultClass::Clocks, 12, clock_steps::make),
    kind("clock-drift", FaultClass::Clocks, 13, clock_drift::make),
    kind("clock-strobe", FaultClass::Clocks, 14, clock_strobe::make),
    kind("disks", FaultClass::Disks, 15, disks::make),
];

/// The parts that came later. Whether they are on comes from their own streams, so that seeds under which they
/// are not are what they were.
pub(crate) const LATER: &[PartKind] = &[
    kind("disk-errors", FaultClass::Disks, 22, disk_errors::make),
    kind("disk-stalls", FaultClass::Disks, 23, disk_stalls::make),
    kind("misconfigured-timer", FaultClass::Clocks, 24, misconfigured_timer::make),
    kind("task-order", FaultClass::Tasks, 25, task_order::make),
];

/// All parts of the nemesis.
pub(crate) fn all() -> impl Iterator<Item = &'static PartKind> {
    KINDS.iter().chain(LATER)
}
