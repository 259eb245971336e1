//! Shapes of partitions, one a file: what is cut when the partition begins.
//!
//! Each is drawn with the same number of draws, whatever the cluster looks like.

mod bridge;
mod chain;
mod coins;
mod directed;
mod halves;
mod isolated;
mod leader_in_minority;
mod one_way;
mod ring;
mod star;

use splitvote_sim::Stream;

use super::scene::Scene;
use crate::fault::Fault;

/// A shape: the faults that bring it about in a cluster without cuts.
pub(super) type Shape = fn(&Scene, &mut Stream) -> Vec<Fault>;

/// All shapes.
pub(super) const SHAPES: [Shape; 10] = [
    isolated::cut,
    halves::cut,
    coins::cut,
    leader_in_minority::cut,
    bridge::cut,
    chain::cut,
    star::cut,
    ring::cut,
    one_way::cut,
    directed::cut,
];

#[cfg(test)]
mod tests;
