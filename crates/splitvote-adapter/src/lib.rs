//! What adapters of Rafts that exist share.
//!
//! - [`Ticks`] turns the ticks that a Raft counts into deadlines, so that a world is not woken a thousand times a
//!   second.
//! - [`Gate`] holds what may leave only once a sync is done.
//! - [`Carried`] is what a Raft carries in place of a command: its digest and its size, in 16 bytes.
//!
//! `splitvote-raft-rs` is the worked example of all three.

mod carried;
mod ticks;

pub use carried::Carried;
pub use splitvote_peer::calls::Gate;
pub use ticks::Ticks;
