//! The reference Raft: the paper as a pure state machine.
//!
//! Leader election and heartbeats, as in the extended Raft paper, sections 5.1, 5.2 and 5.4.1,
//! and Figure 2. Everything that happens comes in through [`splitvote_peer::Peer::step`]; the peer
//! has no clock, no disk and no randomness of its own.
//!
//! Every rule of Figure 2 that an election touches is one named method of [`Rules`]. Its defaults
//! are the paper; [`Paper`] is those defaults and costs nothing. Whoever wants a Raft that differs
//! in one rule overrides one method.
//!
//! Read in this order:
//! - [`rules`]: what the paper demands, a method a rule;
//! - [`message`], [`record`], [`log`]: what crosses the network, what the disk keeps, the log;
//! - [`raft`]: the state of Figure 2, and where each input goes;
//! - `election`: standing, asking, counting, winning;
//! - `voting`: the voter's side, and what a higher term does;
//! - `heartbeat`: the leader's claim, and how a follower takes it;
//! - `durable`: nothing is promised before the disk has it;
//! - `client`: proposals.
//!
//! Not here yet: replication of entries. A leader takes proposals into its own log only.
#![deny(clippy::float_arithmetic)]

mod client;
mod durable;
mod election;
mod heartbeat;
pub mod log;
pub mod message;
pub mod raft;
pub mod record;
pub mod rules;
mod voting;

pub use log::{Entry, Log};
pub use message::Message;
pub use raft::{Config, Raft};
pub use record::{Ballot, DiskRecord, disk_with_log};
pub use rules::{Paper, Rules};
