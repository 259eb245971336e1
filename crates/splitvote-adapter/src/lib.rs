//! What adapters of Rafts that exist share. [The guide](../../../docs/a-released-raft.md) leads from a crate of the
//! registry to its first true finding.
//!
//! - [`Ticks`] turns the ticks that a Raft counts into deadlines, so that a world is not woken a thousand times a
//!   second.
//! - [`Carried`] is what a Raft carries in place of a command: its digest and its size, in 16 bytes.
//! - [`Log`] is the log behind the newest snapshot: what a library reads through its storage trait, and what a boot
//!   makes again of the records of the disk.
//! - [`Asked`] keeps the calls that a Raft answers later, under numbers that it gives back with its answers.
//! - What may leave only once a sync is done waits in a [`Gate`]; for Rafts of calls,
//!   or whose disk is synchronous, in [`Calls`](splitvote_peer::calls::Calls).
//!
//! `splitvote-raft-rs` is the worked example.

mod asked;
mod carried;
mod log;
mod ticks;

pub use asked::Asked;
pub use carried::Carried;
pub use log::{Log, Placed};
pub use splitvote_peer::calls::Gate;
pub use ticks::Ticks;
