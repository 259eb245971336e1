//! The contract between a Raft and the harness.
//!
//! A peer is a pure state machine. It has no clock, no socket, no thread, no randomness and no
//! disk of its own: everything comes in through [`Peer::step`] and goes out through its
//! [`Context`]. The harness asks after each step when the peer wants to be woken next
//! ([`Peer::next_wake`]) and what it looks like ([`Peer::view`]). A crash drops the value;
//! [`Peer::boot`] is the first start and every restart, and whatever survived comes from the
//! peer's own disk records.
//!
//! Read in this order: [`id`] (peers, terms, log positions), [`time`], [`message`] (what a message
//! or a disk record *means* in the paper's terms), [`view`], [`payload`], [`snapshot`], [`settings`],
//! [`features`] (what a Raft has), [`configuration`] (whose voices make a quorum), [`context`],
//! [`disk`] (what a disk gets wrong), [`peer`], [`calls`] (what a Raft of calls and replies keeps), [`breach`] (what it is to break the contract); a unit test of
//! a peer starts with a [`test_bench`].

#![deny(clippy::float_arithmetic)]

/// This file as the compiler names it: by it, panics of this crate are known.
#[doc(hidden)]
pub const SOURCE: &str = file!();

pub mod breach;
pub mod calls;
pub mod configuration;
pub mod context;
pub mod disk;
pub mod features;
pub mod id;
pub mod message;
mod named;
pub mod payload;
pub mod peer;
pub mod peer_set;
pub mod serial;
pub mod settings;
pub mod snapshot;
pub mod test_bench;
pub mod time;
mod unknown;
pub mod view;

pub use breach::{Breach, BreachCause, Naming, ViewPart};
pub use configuration::{Configuration, Quorum};
pub use context::{Chance, Context, Effect, Outbox, Parcel, ProposalAnswer, Turn};
pub use disk::{Damage, DiskError, DiskTrouble};
pub use features::{Feature, Features};
pub use id::{CallId, Command, EntryId, LogIndex, LogPosition, PeerId, RequestId, SyncId, Term};
pub use message::{Durable, Leg, Meaning, Message, Record};
pub use payload::Payload;
pub use peer::{Input, Peer, Progress, RpcError};
pub use peer_set::PeerSet;
pub use settings::Settings;
pub use snapshot::{History, Snapshot};
pub use test_bench::{Effects, Script, TestBench};
pub use time::{LocalTime, SimTime, Timing};
pub use unknown::Unknown;
pub use view::{Role, View};
