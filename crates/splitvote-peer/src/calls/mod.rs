//! What a Raft that calls and replies keeps besides Raft itself, so that its author need not write it.
//!
//! - [`Calls`]: what waits for the disk leaves once it is durable, or not at all if the term has moved on meanwhile;
//!   and what the caller has to know when a reply comes is kept with each call.
//! - [`AtMostOnce`]: a request that the network brings twice is executed once, and answered the same both times.
//! - [`Gate`]: what is below [`Calls`], for Rafts that hold back other things than these.
//!
//! None of them is known to the harness: they use nothing but a [`crate::Context`]. They are parts of the peer and
//! are lost with it in a crash, as they have to be: replies to calls of an earlier life never come.

mod at_most_once;
mod gate;
mod kept;
#[cfg(test)]
mod tests;

pub use at_most_once::{AtMostOnce, Seen};
pub use gate::Gate;
pub use kept::Calls;
