//! The parts of the nemesis, one a file.

mod clocks;
mod clogs;
mod crash_points;
mod crashes;
mod disks;
mod flapping;
mod noise;
mod partitions;
mod pauses;
mod seesaw;

use super::part::{Part, PartKind};

/// Boxes a part.
fn boxed(part: impl Part + 'static) -> Box<dyn Part> {
    Box::new(part)
}

/// All parts. The number of a stream is never given to another part: seeds depend on it.
pub(crate) const KINDS: &[PartKind] = &[
    crashes::KIND,
    crash_points::KIND,
    pauses::KIND,
    partitions::KIND,
    flapping::KIND,
    seesaw::KIND,
    clogs::KIND,
    noise::LOSS,
    noise::DUPLICATION,
    noise::REORDERING,
    noise::STALE,
    noise::SLOWNESS,
    clocks::STEPS,
    clocks::DRIFT,
    clocks::STROBE,
    disks::KIND,
];
