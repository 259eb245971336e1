//! A Raft of tasks and calls as a peer of the harness.
//!
//! [`LabRaft`] is what its author writes; [`Lab`] makes it a [`splitvote_peer::Peer`], and [`Env`] is what its tasks
//! can use: the ends of the network, the persister, and the channel of applied messages.

mod apply;
mod calls;
mod end;
mod env;
mod peer;
mod persister;
mod service;
mod wire;

pub use apply::{ApplyCh, ApplyMsg};
pub use end::{Call, ClientEnd};
pub use env::Env;
pub use peer::{Config, Lab, LabRaft, as_usual};
pub use persister::{Persistent, Persister, Saved, Saving};
pub use service::{Answer, Args, CallOf, Service};
pub use wire::Wire;
