//! Partitions, fault plans and workloads as strategies of [proptest](https://docs.rs/proptest).
//!
//! ```
//! use proptest::prelude::*;
//! use splitvote_proptest::{check, partitions, seed, workload};
//!
//! proptest! {
//!     # #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(5) })]
//!     # /*
//!     #[test]
//!     # */
//!     fn my_raft_survives_partitions(splits in partitions(3), commands in workload(3), seed in seed()) {
//!         check(&splitvote::reference(), &splits.and(commands), seed)?;
//!     }
//! }
//! # my_raft_survives_partitions();
//! ```
//!
//! All of them give a [`Schedule`]: acts, and when they are done. It prints as a sentence and shrinks by its
//! structure: first to fewer acts, then to simpler ones, lower peers, and earlier and rounder times.
//!
//! When a test fails, [`check`] writes the run as a case to `target/splitvote-cases/`, which replays without
//! proptest, and the failure names its file:
//!
//! - `splitvote shrink FILE` makes it smaller still if the command knows the Raft. proptest is content with any
//!   failure that is smaller, be it another one; the command keeps to checker and cause.
//! - `splitvote::testing::must_hold(&case, &subject)` is the test that stays when the bug is mended. Copy the file
//!   to where it is kept: the next failure of the same test replaces it.
//! - proptest persists its own seed, too, in `proptest-regressions/`. A test below `tests/` has to say where:
//!   `failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions")))` in its
//!   `ProptestConfig`. That seed is worth something only as long as the strategies stay as they are; a case outlives
//!   them.
//!
//! ```toml
//! [dev-dependencies]
//! proptest           = "1"
//! splitvote          = { path = "../splitvote/crates/splitvote" }
//! splitvote-proptest = { path = "../splitvote/crates/splitvote-proptest" }
//! ```
//!
//! It is a crate of its own, not a feature of `splitvote`: features of one crate are united over a whole workspace, so
//! that one test with proptest would let everybody else compile it too.

mod check;
mod faults;
mod partitions;
mod peers;
mod schedule;
mod times;
mod workload;

pub use check::{Check, check};
pub use faults::{Faults, fault_plan};
pub use partitions::partitions;
pub use peers::seed;
pub use schedule::Schedule;
pub use workload::{Workload, workload, workload_of};
