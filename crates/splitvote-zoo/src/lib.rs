//! Broken Rafts, one mutant a bug.
//!
//! A checker that was never seen to fire proves nothing. Each [`Mutant`] is the reference Raft with
//! one rule of [`splitvote_raft::Rules`] replaced, or a few, after a bug that somebody's Raft really
//! had. Run them as `Raft<Own>`: one instantiation for all of them.
//!
//! A file a family. Elections: [`keeping`] (a vote must stay cast), [`granting`] (whom to vote
//! for), [`counting`] (what elects), [`standing`] (who asks, and in which term), [`stepping_down`]
//! (terms and leaders), [`timers`], [`durability`] (the ballot on the disk), [`canvassing`] and
//! [`quorums`] (PreVote and CheckQuorum). Logs: [`sending`] and
//! [`accounting`] (the leader), [`following`] (the follower), [`committing`], [`applying`],
//! [`storing`] (entries and snapshots on the disk), [`snapshots`]. [`catalogue`] lists them all,
//! [`matrix`] is the kill matrix. Known bugs that are not here are listed, with the reason, by
//! [`excluded()`].
//!
//! ```
//! use splitvote_raft::Rules;
//!
//! let mutant = splitvote_zoo::find("vote-cleared-by-heartbeat").unwrap();
//! assert_eq!(mutant.id, "E1");
//! assert_eq!(mutant.rules.vote_after_heartbeat(Some(splitvote_peer::PeerId(1))), None);
//! ```

#![deny(clippy::float_arithmetic)]

pub mod accounting;
pub mod applying;
pub mod canvassing;
pub mod catalogue;
pub mod committing;
pub mod counting;
pub mod durability;
mod excluded;
pub mod following;
pub mod granting;
pub mod keeping;
pub mod matrix;
pub mod meetings;
mod memory;
mod mutant;
pub mod quorums;
pub mod sending;
pub mod snapshots;
pub mod standing;
pub mod stepping_down;
pub mod storing;
pub mod timers;

use splitvote::Subject;
use splitvote_raft::{Config, Own, Paper, Raft, Rules};

pub use catalogue::{Section, find, mutants, sections};
pub use excluded::{Excluded, excluded};
pub use memory::Memory;
pub use mutant::{Harm, Mutant};

/// Programs that run mutants need not compile the harness for them again.
#[cfg(all(debug_assertions, not(test)))]
#[used]
static READY_MADE: splitvote::ready_made::Call<Raft<Own>> = splitvote::ready_made::everything;

/// The reference, [`splitvote::reference`], as one more of these Rafts: the same runs, at the same speed. A program
/// that has the mutants need not compile the harness for another type.
#[must_use]
pub fn reference() -> Subject<Raft<Own>> {
    let rules: &'static dyn Rules = &Paper;
    let config =
        move |settings: &_| Config { settings: Clone::clone(settings), rules: rules.into() };
    Subject::new("reference", config).with_disks(splitvote::written_log).strict()
}

/// The mutant as a Raft under test, judged strictly.
#[must_use]
pub fn subject(mutant: &'static Mutant) -> Subject<Raft<Own>> {
    let rules = mutant.rules;
    let config =
        move |settings: &_| Config { settings: Clone::clone(settings), rules: rules.into() };
    Subject::new(mutant.name, config).with_disks(splitvote::written_log).strict()
}
