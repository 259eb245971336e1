//! The rules of Figures 2 and 13, and of PreVote and CheckQuorum, one named method each.
//!
//! The defaults are the paper. A rule decides, it does not act: each method is a pure function of
//! its arguments, so that the state machine around it is the same for every set of rules. One edit adds a rule: its
//! method in one of the lists; it is used where the decision is made.
//!
//! One trait, five lists of rules: elections, stability, replication, durability, snapshots. Each list is a
//! macro that hands its rules on to the next, and the last writes the trait from all of them.

mod durability;
mod elections;
mod own;
mod replication;
mod snapshots;
mod stability;

use std::fmt::Debug;
use std::time::Duration;

use splitvote_peer::{
    Configuration, DiskError, LogIndex, LogPosition, PeerId, PeerSet, Progress, Role, Term,
};

use crate::record::Ballot;
use durability::durability;
use elections::elections;
pub use own::Own;
use replication::replication;
use snapshots::snapshots;
use stability::stability;

/// Writes the trait, its defaults and the forwarding from one list, so
/// that a new rule cannot be forgotten in one of them.
macro_rules! define {
    (; $(
        $(#[$doc:meta])*
        fn $rule:ident(&self $(, $argument:ident: $kind:ty)*) -> $answer:ty $paper:block
    )*) => {
        /// What a Raft has to decide. Every default is the rule of the paper, or of the dissertation.
        pub trait Rules: Debug + Sync + 'static {
            $(
                $(#[$doc])*
                #[inline]
                fn $rule(&self $(, $argument: $kind)*) -> $answer $paper
            )*

            /// No rule: a copy for one peer, if these rules remember anything. What they remember is of one
            /// life of one peer.
            fn copy(&self) -> Option<Box<dyn Rules>> { None }
        }

        impl Rules for &'static dyn Rules {
            $(
                #[inline]
                fn $rule(&self $(, $argument: $kind)*) -> $answer {
                    (**self).$rule($($argument),*)
                }
            )*
        }

        impl Rules for Own {
            $(
                #[inline]
                fn $rule(&self $(, $argument: $kind)*) -> $answer {
                    (**self).$rule($($argument),*)
                }
            )*
        }

        /// The name of every rule, in the order of the trait.
        pub const RULE_NAMES: &[&str] = &[$(stringify!($rule)),*];
    };
}

elections! { stability, replication, durability, snapshots, define; }

/// The extended Raft paper, to the letter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paper;

impl Rules for Paper {}
