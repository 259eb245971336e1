//! The reference Raft: the paper as a pure state machine.
//!
//! Leader election, log replication and log compaction, as in the extended Raft paper, sections 5
//! and 7, Figures 2 and 13. Everything that happens comes in through [`splitvote_peer::Peer::step`];
//! the peer has no clock, no disk and no randomness of its own.
//!
//! Every rule of those figures is one named method of [`Rules`]. Its defaults are the paper; [`Paper`]
//! is those defaults and costs nothing. Whoever wants a Raft that differs
//! in one rule overrides one method.
//!
//! Read in this order:
//! - [`rules`]: what the paper demands, a method a rule;
//! - [`message`], [`batch`], [`chunk`], [`record`], [`log`]: what crosses the network, what the disk
//!   keeps, the log;
//! - [`raft`], `peer`: the state of Figure 2, where each input goes, and what the harness sees;
//! - `election`: standing, asking, counting, winning;
//! - `voting`: the voter's side, and what a higher term does;
//! - `canvass`, `quorum`: PreVote and CheckQuorum, if the scenario asks for them;
//! - `client`: proposals;
//! - `replication`, `progress`, `silence`, `acknowledge`: the leader sends, keeps account, and hears;
//! - `append`: the follower takes entries and heartbeats;
//! - `commit`: what is committed, and what is applied;
//! - `durable`, `reply`: what the disk has, and that nothing is promised before;
//! - `journal`, `checkpoint`, `recover`: what is written to the disk, how that is kept short, and
//!   what a restart makes of it;
//! - `transfer`, `install`: snapshots, the leader's and the follower's side.
#![deny(clippy::float_arithmetic)]

mod acknowledge;
mod append;
pub mod batch;
mod canvass;
mod checkpoint;
pub mod chunk;
mod client;
mod commit;
mod durable;
mod election;
mod install;
mod journal;
pub mod log;
pub mod message;
mod peer;
mod progress;
mod quorum;
pub mod raft;
pub mod record;
mod recover;
mod replication;
mod reply;
pub mod rules;
mod silence;
mod transfer;
mod voting;
mod words;

pub use batch::Batch;
pub use chunk::Chunk;
pub use log::{Entry, Log};
pub use message::{AppendResult, Message};
pub use raft::{Config, Raft};
pub use record::{Ballot, DiskRecord, disk_with_log};
pub use rules::{Own, Paper, Rules};
