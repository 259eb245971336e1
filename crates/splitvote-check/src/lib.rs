//! What is judged: observations, one checker a file, the election ledger, and what else happened.
//!
//! The harness turns whatever changes in a run into [`Observation`]s and hands each to the
//! [`Judge`]. The judge sees every peer, alive, dead or cut off, and remembers what no crash,
//! partition or restart erases: every vote, every entry in a log or on a disk, and all that was ever
//! committed. It answers three questions:
//!
//! * Was a guarantee broken? The first [`Violation`], with evidence that prints as one sentence. And
//!   in which ways does the Raft depart from practice? Each [`Departure`] once. The rules are in
//!   [`checkers`], and which of the two a finding is, its [`Standing`] says.
//! * How did each election end: won, split, lost or starved? The [`Ledger`].
//! * Did the run see what it was meant to see? The [`Happenings`].
//!
//! What a log holds is read when it changes, from its end back to what was known
//! ([`Judge::log_changed`]), and as a whole at every boot and at the end ([`Judge::whole_log`]). So
//! judging costs what changed. What packets cost is counted apart, in [`traffic`].
//!
//! It never panics, draws no random number and looks at no clock. It depends on the contract
//! alone and knows no simulator and no particular Raft.
//!
//! ```
//! use splitvote_check::{Judge, Observation};
//! use splitvote_peer::{PeerId, Role, SimTime, View};
//!
//! let mut judge = Judge::new(3);
//! let usurper = View { role: Role::Leader, term: 1, voted_for: Some(PeerId(0)), ..View::NEW };
//! let change = Observation::Changed { peer: PeerId(0), before: View::NEW, after: usurper };
//! judge.observe(SimTime(1_000_000), &change);
//! assert_eq!(
//!     judge.violation().map(ToString::to_string).as_deref(),
//!     Some("S0 leads term 1 with the votes of {S0} only, 2 of 3 are needed, at 0.001000 s"),
//! );
//! ```
#![deny(clippy::float_arithmetic)]

/// This file as the compiler names it: by it, panics of this crate are known.
#[doc(hidden)]
pub const SOURCE: &str = file!();

mod by_term;
pub mod checkers;
mod contact;
pub mod detectors;
mod disk_fault;
mod evidence;
mod ghost;
mod judge;
mod lead;
pub mod ledger;
mod observation;
mod patience;
mod proof;
mod rule;
#[cfg(test)]
mod script;
mod standing;
pub mod traffic;
mod violation;

pub use checkers::{Checker, CheckerSet, Evidence};
pub use detectors::{Happening, Happenings};
pub use disk_fault::DiskFault;
pub use judge::{Departure, Judge, Loyalty, Written};
pub use lead::Lead;
pub use ledger::{
    Candidate, Election, ElectionCounts, LateCandidate, Ledger, Outcome, Reach, SplitCause, Vote,
};
pub use observation::Observation;
pub use patience::Calmed;
pub use proof::{Finding, Proof};
pub use standing::Standing;
pub use traffic::{Allowance, Budget, Meter, Overrun, Reading, Share};
pub use violation::Violation;
