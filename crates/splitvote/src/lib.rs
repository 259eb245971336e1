//! Splitvote: a deterministic simulation test harness for Raft.
//!
//! One thread, one event queue, virtual clocks: a lossy, partitionable network drives many Raft
//! peers, and checkers judge every event. The same seed gives the same run, bit for bit.
//!
//! A test in a few lines:
//!
//! ```
//! use splitvote::{Cluster, Failure, reference};
//!
//! fn a_new_leader_takes_over() -> Result<(), Failure> {
//!     let mut cluster = Cluster::builder(&reference()).peers(5).seed(7).build()?;
//!     let first = cluster.check_one_leader()?;
//!     cluster.disconnect(first)?;
//!     let second = cluster.check_one_leader()?;
//!     assert_ne!(first, second);
//!     cluster.connect(first)?; // the first leader learns that it was replaced
//!     cluster.check_one_leader()?;
//!     Ok(())
//! }
//! a_new_leader_takes_over().unwrap();
//! ```
//!
//! - [`prelude`]: all that an author of a Raft needs, with one import.
//! - [`Subject`]: the Raft under test. Implement [`peer::Peer`] for yours.
//! - [`Cluster`]: imperative tests, with the names of the lab's tester.
//! - [`calm`]: after the storm a core has to make progress, or it is said what it waits for.
//! - [`scenario`]: scenarios as TOML files. [`sweep()`](sweep::sweep): many seeds of one, on all cores.
//! - [`run()`](run::run), [`replay`]: one seed; a replay keeps a [`trace`].
//! - [`plan`]: a run written out. [`case`](mod@case): a failing one as a file, with what became of it.
//! - [`Signature`], [`Mechanism`]: what a failure is known by, and how it came about.
//! - [`testing`]: every scenario file as a test of its own. [`threads`]: many runs at once.

#![deny(clippy::float_arithmetic)]

/// This file as the compiler names it: by it, panics of this crate are known.
const SOURCE: &str = file!();

pub mod act;
pub mod calm;
pub mod case;
mod catch;
mod checking;
pub mod cluster;
pub mod court;
mod desk;
pub mod determinism;
pub mod failure;
pub mod fault;
mod hang;
mod language;
mod last_words;
pub mod mechanism;
mod memory;
pub mod needs;
pub mod nemesis;
mod panic;
pub mod plan;
mod play;
pub mod prelude;
#[cfg(debug_assertions)]
#[doc(hidden)]
pub mod ready_made;
mod record;
pub mod run;
pub mod scenario;
pub mod script;
pub mod seeds;
pub mod setup;
pub mod shrink;
pub mod signature;
mod slow_builds;
mod stall;
pub mod subject;
pub mod sweep;
pub mod testing;
pub mod threads;
pub mod trace;
mod under_seeds;
mod verdict;
mod watchdog;

pub use splitvote_check as check;
pub use splitvote_peer as peer;
pub use splitvote_raft as raft;
pub use splitvote_sim as sim;

pub use act::{Act, Timed};
pub use calm::{Calm, Calms, Settled, Stall, Unable};
pub use case::Case;
pub use checking::{Checking, KnownDeparture};
pub use cluster::{Cluster, ClusterBuilder, Retry};
pub use failure::{Endless, Failure, Unmet};
pub use fault::{Fault, FaultClass, FaultClasses};
pub use hang::{Hang, Trouble};
pub use mechanism::Mechanism;
pub use nemesis::Storm;
pub use panic::Panic;
pub use plan::Plan;
pub use play::check_fit;
pub use record::record;
pub use run::{RunReport, replay, run};
pub use scenario::{Scenario, ScenarioError};
pub use script::Script;
pub use seeds::Seeds;
pub use setup::Setup;
pub use signature::Signature;
pub use splitvote_peer::{PeerId, Role, Settings, SimTime, Term, Timing, View};
pub use splitvote_sim::Seed;
pub use subject::{Subject, reference, written_log};
pub use sweep::{SweepOptions, SweepReport, SweptDeparture, sweep};
pub use trace::Trace;
pub use under_seeds::under_seeds;
pub use verdict::{Gravity, Verdict};
