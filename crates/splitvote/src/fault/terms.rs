//! In which terms a fault is stated: whom it is about, and its numbers.
//!
//! A step of a scenario names peers by what they are when it runs, and may leave numbers open; a plan names one
//! peer and one number. Both hold the same [`Fault`](super::Fault). A [`Translate`] makes one of the other, or
//! looks at the peers and numbers of one.

use std::fmt::Debug;
use std::time::Duration;

use splitvote_peer::{PeerId, PeerSet};
use splitvote_sim::DiskProfile;

use crate::language::drift::DriftRange;
use crate::language::target::Target;
use crate::language::units::{CountRange, DurationRange};

/// How the peers and the numbers of a fault are stated.
pub trait Terms: Clone + Debug + Eq {
    /// The peers that each suffer the fault.
    type Who: Clone + Debug + Eq;
    /// One end of a directed link, or of several.
    type End: Clone + Debug + Eq;
    /// A group of a partition.
    type Group: Clone + Debug + Eq;
    /// A whole number.
    type Count: Clone + Debug + Eq;
    /// How a duration is stated.
    type Span: Clone + Debug + Eq;
    /// How the drift of a clock is stated.
    type Drift: Clone + Debug + Eq;
}

/// The terms of a scenario: who it is turns out when the step runs, and what is a range is drawn then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symbolic {}

impl Terms for Symbolic {
    type Who = Vec<Target>;
    type End = Target;
    type Group = Vec<Target>;
    type Count = CountRange;
    type Span = DurationRange;
    type Drift = DriftRange;
}

/// The terms of a plan: everything is written out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {}

impl Terms for Written {
    type Who = PeerId;
    type End = PeerId;
    type Group = PeerSet;
    type Count = u64;
    type Span = Duration;
    type Drift = i32;
}

/// The ends of a directed link.
pub(crate) type Ends<T> = (<T as Terms>::End, <T as Terms>::End);

/// States faults in other terms. One fault may become several: one for each peer, or for each link.
pub(crate) trait Translate<T: Terms, U: Terms> {
    /// Why a fault cannot be stated in the other terms.
    type Error;

    fn who(&mut self, who: &T::Who) -> Result<Vec<U::Who>, Self::Error>;
    fn links(&mut self, from: &T::End, to: &T::End) -> Result<Vec<Ends<U>>, Self::Error>;
    fn groups(&mut self, groups: &[T::Group]) -> Result<Vec<U::Group>, Self::Error>;
    fn count(&mut self, count: &T::Count) -> Result<U::Count, Self::Error>;
    fn span(&mut self, span: &T::Span) -> Result<U::Span, Self::Error>;
    fn drift(&mut self, drift: &T::Drift) -> Result<U::Drift, Self::Error>;

    fn optional_span(&mut self, span: &Option<T::Span>) -> Result<Option<U::Span>, Self::Error> {
        span.as_ref().map(|span| self.span(span)).transpose()
    }

    /// Disks, which may name peers.
    fn disk(&mut self, disk: &DiskProfile) -> Result<DiskProfile, Self::Error> {
        Ok(*disk)
    }

    /// What is the same in all terms.
    fn same<V: Clone>(&mut self, value: &V) -> Result<V, Self::Error> {
        Ok(value.clone())
    }
}

/// The same fault in other terms, once for each peer or link.
pub(crate) type Translation<F, E> = Result<Vec<F>, E>;
