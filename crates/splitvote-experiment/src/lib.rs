//! Published measurements, repeated. So far one: Figure 16 of the extended Raft paper (section
//! 9.3), how long a cluster is without a leader after the leader has crashed.
//!
//! ```
//! use std::sync::atomic::{AtomicBool, AtomicU64};
//!
//! let (progress, interrupt) = (AtomicU64::new(0), AtomicBool::new(false));
//! let experiment = splitvote_experiment::run(10, 1, 2, &progress, &interrupt);
//! assert_eq!(experiment.curves.len(), 10);
//! ```
//!
//! - [`setup`]: the scenario, every parameter by name. [`parameters`]: the same in words.
//! - [`trial`]: one trial. [`experiment`]: all of them. [`curve`]: their statistics.
//! - [`published`]: what the paper says. [`comparison`]: that beside ours.
//! - [`table`], [`plot`], [`write`](mod@write): what a person looks at; [`files`]: what it is called.
//!
//! - [`atlas`]: every graph of connections between a few peers, and whether Raft makes progress on it.
//!
//! Floats appear in statistics and pictures alone; the simulation knows none.

pub mod atlas;
pub mod comparison;
pub mod curve;
pub mod experiment;
pub mod files;
pub mod parameters;
pub mod plot;
pub mod published;
pub mod setup;
pub mod table;
pub mod trial;
pub mod write;

pub use comparison::{Comparison, compare};
pub use curve::Curve;
pub use experiment::{Experiment, FailedTrial, run, run_setup, trials_in_all};
pub use published::Published;
pub use setup::{Setup, Timeouts};
pub use trial::{Trial, run_trial};
