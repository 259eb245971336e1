//! What befalls a world besides crashes and cuts, as watchers are told of it.

use std::time::Duration;

use splitvote_peer::{PeerId, SimTime};

/// Something that was done to a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disturbance {
    /// A peer takes no more steps.
    Paused(PeerId),
    /// It goes on.
    Resumed(PeerId),
    /// Nothing arrives over a directed link before then.
    Clogged {
        /// The sender's end.
        from: PeerId,
        /// The receiver's end.
        to: PeerId,
        /// When the clog ends.
        until: SimTime,
    },
    /// A clog was lifted before its time: what it held up arrives now.
    Unclogged {
        /// The sender's end.
        from: PeerId,
        /// The receiver's end.
        to: PeerId,
    },
    /// A clock jumped forward.
    ClockStepped {
        /// Whose.
        peer: PeerId,
        /// How far.
        by: Duration,
    },
    /// A clock runs at another rate.
    ClockDrift {
        /// Whose.
        peer: PeerId,
        /// How much faster than virtual time, in parts per million.
        ppm: i32,
    },
    /// The network is another.
    Network,
    /// The disks behave otherwise.
    Disk,
}
