//! The nemesis: faults as composable parts, each of which strikes now and then.
//!
//! - `part`: what a part is, and how strong. `scene`: what a part sees. `aim`: whom it means. `swarm`: which
//!   parts are on.
//! - `promise`: how much may be broken at once. `storm`: parts strike, clients propose, time passes.
//! - One part a file: see `parts`; partitions come in `shapes`.
//!
//! Under each seed a random subset of the parts is on, each with a strength of its own, so that no two
//! seeds see the same weather. Each part draws from a stream of its own: without one part, the draws of all
//! others stay as they were.
//!
//! **Faults stay inside what the protocol promises to survive.** Raft's safety (paper, section 5) depends on
//! no timing and on no message, and on crashes only in that what was synced is still there. So every
//! packet may be lost, late or double, every clock wrong and every peer down; what no part ever does is to
//! take back what a disk has acknowledged. [`Promise`] computes that, and every act of a part goes through
//! it. Liveness needs more: it is judged in the calm after the storm.

mod aim;
mod part;
mod parts;
mod promise;
mod scene;
mod shapes;
mod storm;
mod swarm;
#[cfg(test)]
mod tests;

use crate::fault::FaultClass;
pub(crate) use promise::liars_of;
pub use promise::{Beyond, Promise};
pub(crate) use scene::some_of;
pub(crate) use storm::Passing;
pub use storm::Storm;
pub(crate) use swarm::{Running, describe, draw};

/// The parts of the nemesis with the class that switches each off.
pub fn parts() -> impl Iterator<Item = (&'static str, FaultClass)> {
    parts::all().map(|kind| (kind.name, kind.class))
}
