//! The parts of the nemesis, one a file.

mod clock_drift;
mod clock_offset;
mod clock_steps;
mod clock_strobe;
mod clogs;
mod crash_points;
mod crashes;
mod disk_errors;
mod disks;
mod flapping;
mod late_timers;
mod noise;
mod partitions;
mod pauses;
mod power_failures;
mod seesaw;
mod swizzle;

use super::part::{Part, PartKind, Strength, between};
use super::scene::{Aim, Scene, one_of, some_of};

/// Boxes a part.
fn boxed(part: impl Part + 'static) -> Box<dyn Part> {
    Box::new(part)
}

/// The parts of which the nemesis's own stream says whether they are on. No part joins them: that would shift
/// what it draws. The number of a stream is never given to another part: seeds depend on it.
pub(crate) const KINDS: &[PartKind] = &[
    crashes::KIND,
    power_failures::KIND,
    crash_points::KIND,
    pauses::KIND,
    late_timers::KIND,
    partitions::KIND,
    flapping::KIND,
    seesaw::KIND,
    clogs::KIND,
    swizzle::KIND,
    noise::LOSS,
    noise::CROWDING,
    noise::DUPLICATION,
    noise::REORDERING,
    noise::STALENESS,
    noise::SLOWNESS,
    clock_offset::KIND,
    clock_steps::KIND,
    clock_drift::KIND,
    clock_strobe::KIND,
    disks::KIND,
];

/// The parts that came later. Whether they are on comes from their own streams, so that seeds under which they
/// are not are what they were.
pub(crate) const LATER: &[PartKind] = &[disk_errors::KIND];

/// All parts.
pub(crate) fn all() -> impl Iterator<Item = &'static PartKind> {
    KINDS.iter().chain(LATER)
}
