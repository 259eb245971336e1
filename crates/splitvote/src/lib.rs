//! Splitvote: a deterministic simulation test harness for Raft.
//!
//! One thread, one event queue, virtual clocks: a lossy, partitionable network drives many Raft
//! peers, and checkers judge every event. The same seed gives the same run, bit for bit.
//!
//! # From a first Raft to a case in the repository
//!
//! **1. A Raft** implements [`peer::Peer`]: a state machine that takes an input and acts through a context. [`peer`]
//! begins with one of elections only, and [`peer::calls`] has what a Raft of calls and replies keeps.
//! `splitvote new my-raft --state-machine` writes a crate to begin in. The example `bring_your_own_raft` of this crate
//! has the bug that the project began with: a follower that hears a heartbeat forgets whom it voted for.
//!
//! **2. A test** says what is done to a cluster. Every safety checker is on. The methods are named after those of the
//! lab's tester; `reference()` is the project's own Raft, and a [`Subject`] of yours takes its place.
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
//! **3. Many seeds.** What may happen is a [`Scenario`], a few lines of TOML, and a seed decides what does. A sweep
//! runs many seeds of it, here against the Raft of the example.
//!
//! **4. Replay.** The same seed gives the same run, now with a [`Trace`] of every event.
//! `splitvote_report::print_replay` shows it in columns, `splitvote_report::explain` in sentences.
//!
//! **5. Shrink.** [`shrink::shrink()`] looks for the smallest run that fails by the same checker and for the same
//! cause.
//!
//! **6. Keep.** That run is a [`Case`], a file, and a test: [`testing::must_still_fail`] while the bug is there,
//! [`testing::must_hold`] once it is mended.
//!
//! ```
//! # mod mine { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/bring_your_own_raft/raft.rs")); }
//! # use mine::MyRaft;
//! use splitvote::prelude::*;
//! use splitvote::shrink::{ShrinkOptions, shrink};
//!
//! // 3. Many seeds.
//! let mine = Subject::<MyRaft>::new("mine", |settings| settings.timing.clone()).strict();
//! let text = "name = \"mine\"\npeers = 4\nsteps = [{ run = \"2s\" }]";
//! let scenario = Scenario::parse("mine.toml", text)?;
//! let report = sweep(&scenario, &mine, &SweepOptions::new(Seeds::first(20)))?;
//! let Some(failed) = report.failures.first() else { panic!("the bug is gone") };
//!
//! // 4. Replay.
//! let (again, trace) = replay(&scenario, &mine, failed.seed);
//! assert_eq!(again.verdict, failed.verdict);
//! assert!(trace.events.len() > 10);
//!
//! // 5. Shrink.
//! let Ok(shrunk) = shrink(&scenario, &mine, failed.seed, &ShrinkOptions::default()) else {
//!     panic!("it fails, as was just seen")
//! };
//!
//! // 6. Keep: `case.save("cases/mine.toml".as_ref())`.
//! let case = shrunk.to_case(&mine, "mine", failed.seed);
//! assert!(case.to_toml().starts_with("# A case of Splitvote"));
//! testing::must_still_fail(&case, &mine)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! In a test program all of this is one line: [`scenario_tests!`] makes a `#[test]` of each scenario file of a
//! directory, `splitvote_conformance::of` one of each scenario of the project that applies to a Raft.
//! `SPLITVOTE_SEEDS=1000` runs more seeds, and a failure prints the command that replays it. `splitvote_cli::Program`
//! is the whole command, `run`, `replay`, `shrink`, about your Rafts.
//!
//! # What there is
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
pub mod figures;
mod file_tests;
mod hang;
mod kept;
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
pub use figures::Figures;
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
