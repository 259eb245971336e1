//! The world in which peers run: one thread, one event queue, virtual time.
//!
//! It knows no Raft. A peer is anything that implements [`splitvote_peer::Peer`].
//!
//! - [`chance`]: all randomness, as keyed streams (design, decision 2).
//! - [`queue`]: the event queue: small keys in a heap, payloads in a slab.
//! - [`clock`], [`disk`], [`machine`]: each peer's own clock, disk and state machine.
//! - [`network`]: links, partitions, the two profiles, rules on single packets.
//! - [`overrides`]: choices that a plan writes down instead of drawing them.
//! - [`watcher`]: how checkers and recorders see every event. [`disturbance`]: what else befalls a world.
//! - [`world`]: the loop.
//!
//! A [`World`] is `Clone` when its peer is, so that a run can be forked at any event.

#![deny(clippy::float_arithmetic)]

/// This file as the compiler names it: by it, panics of this crate are known.
#[doc(hidden)]
pub const SOURCE: &str = file!();

pub mod chance;
pub mod clock;
pub mod digest;
pub mod disk;
pub mod disturbance;
mod dues;
pub mod latency;
pub mod machine;
pub mod network;
pub mod overrides;
pub mod pulse;
pub mod queue;
pub mod watcher;
pub mod world;

pub use chance::{Probability, Seed, Stream, StreamId};
pub use clock::{Clock, ClockProfile};
pub use digest::Digest;
pub use disk::{DiskProfile, RecordKind, RecordPlace, SlowSync, Unsynced};
pub use disturbance::Disturbance;
pub use latency::{Latency, Tail};
pub use machine::SnapshotProfile;
pub use network::rules::{RuleGuard, Verdict};
pub use network::{InFlight, Labrpc, NetworkProfile, Realistic, Reordering, Staleness};
pub use overrides::{Decisions, Overrides};
pub use pulse::{Called, Pulse};
pub use splitvote_peer::Leg;
pub use watcher::{Fate, Packet, Promised, Unwatched, Waiting, Watcher};
pub use world::{ConfigError, Halt, Limits, Task, World, WorldConfig};
