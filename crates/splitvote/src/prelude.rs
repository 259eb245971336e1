//! All that an author of a Raft needs: `use splitvote::prelude::*;`.
//!
//! The contract that a Raft implements, and what a test of it is made of. Whatever is rarer has a path:
//! networks and disks are in [`crate::sim`], checkers in [`crate::check`], faults in [`crate::fault`].
//!
//! ```
//! use splitvote::prelude::*;
//!
//! fn a_leader_is_elected<P: Peer>(mine: &Subject<P>) -> Result<Term, Failure> {
//!     let mut cluster = Cluster::builder(mine).peers(3).seed(7).build()?;
//!     let leader = cluster.check_one_leader()?;
//!     assert_eq!(cluster.view(leader).map(|view| view.role), Some(Role::Leader));
//!     cluster.check_terms()
//! }
//! assert!(a_leader_is_elected(&reference()).is_ok());
//! ```

pub use splitvote_peer::{
    CallId, Command, Configuration, Context, DiskError, Durable, Effect, EntryId, Feature,
    Features, History, Input, LocalTime, LogIndex, LogPosition, Meaning, Message, Peer, PeerId,
    PeerSet, Progress, ProposalAnswer, Record, RequestId, Role, RpcError, Settings, SimTime,
    Snapshot, SyncId, Term, TestBench, Timing, Unknown, View,
};

pub use crate::case::Case;
pub use crate::cluster::{Cluster, Retry};
pub use crate::failure::Failure;
pub use crate::run::{RunReport, replay, run};
pub use crate::scenario::Scenario;
pub use crate::seeds::Seeds;
pub use crate::subject::{Subject, reference};
pub use crate::sweep::{SweepOptions, SweepReport, sweep};
pub use crate::testing;
pub use crate::under_seeds::under_seeds;
pub use crate::verdict::Verdict;
pub use splitvote_check::Checker;
pub use splitvote_sim::Seed;
