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
//! - [`testing`], [`scenario_tests!`]: every scenario file as a test of its own. [`threads`]: many runs at once.

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
mod file_tests;
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

/// Writes one `#[test]` for each scenario file of a directory: `scenario_tests!(subject(), "scenarios")`.
///
/// The first argument is an expression that gives the [`Subject`] of a Raft, the second a directory below the package
/// (or `../…`). The tests stand in a module that is called after the directory, and those of its directories in modules
/// of that one. `-` and what else no name may have becomes `_`: `sim-scenarios/lab/re-election.toml` is
/// `lab::re_election` to `scenario_tests!(mine(), "sim-scenarios/lab")`. A case among the files is a test, too: it
/// has to hold ([`testing::must_hold`]).
///
/// ```
/// // tests/scenarios.rs
/// use splitvote::prelude::*;
/// # use splitvote::raft::{Paper, Raft};
/// # type MyRaft = Raft<Paper>;
///
/// fn mine() -> Subject<MyRaft> {
///     // Subject::new("mine", |settings| settings.timing.clone())
/// #   reference()
/// }
///
/// # /*
/// splitvote::scenario_tests!(mine(), "tests/scenarios");
/// # */
/// # splitvote::scenario_tests!(mine(), "tests/scenario-tests");
/// # fn main() {}
/// ```
///
/// A test does what [`testing::check`] does: as many seeds as the file states, or those of `SPLITVOTE_SEED` and
/// `SPLITVOTE_SEEDS`; what needs a feature that the Raft does not state is skipped, which is printed with the reason; a
/// failure prints the command that runs its seed of this test alone. `cargo test lab::` and `cargo nextest run` select
/// them as any others. A change of a file compiles its test anew. A file that is added is not seen by the compiler:
/// the test `every_scenario_file_has_a_test` fails until the program is compiled again.
///
/// What does not compile: a directory that is not there or has no scenario in it, a file that is no text or neither a
/// scenario nor a case, two files of one name. What is wrong within a scenario fails its test, with line and column.
///
/// ```compile_fail
/// splitvote::scenario_tests!(splitvote::reference(), "tests/nowhere");
/// # fn main() {}
/// ```
pub use splitvote_macros::scenario_tests;

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
