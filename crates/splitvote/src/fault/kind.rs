//! What every kind of fault says of itself.
//!
//! A kind is a struct, generic in its [`Terms`]. In a scenario's terms it is read and written ([`Stated`]); in
//! a plan's it has a class, is undone by something and happens to a world ([`Effect`]); and it goes from the
//! ones to the others ([`Translated`]). `declare` has the macros that most kinds are declared with.

use splitvote_peer::{Peer, PeerId};
use splitvote_sim::{DiskProfile, NetworkProfile, Watcher, World};

use super::class::{FaultClass, FaultClasses};
use super::terms::{Terms, Translate, Translation};
use super::{Fault, Result};
use crate::language::form::Form;
use crate::language::target::Known;

/// A fault as a step of a scenario states it.
pub(crate) trait Stated: Sized {
    /// The word by which steps know it.
    const VERB: &'static str;

    /// What it is before a step with its verb is read.
    fn blank() -> Self;

    /// The keys of the step, as they are read and as they are written.
    fn keys(&mut self, form: &mut Form<'_, '_>, known: &Known) -> Result;

    /// Says it in a few words.
    fn say(&self) -> String;
}

/// A fault that can be stated in other terms.
pub(crate) trait Translated<T: Terms> {
    /// The same kind of fault in those.
    type In<U: Terms>;

    /// The same in other terms: once for each peer, or each link. Numbers are drawn before peers.
    fn translate<U: Terms, C: Translate<T, U>>(
        &self,
        by: &mut C,
    ) -> Translation<Self::In<U>, C::Error>;
}

/// A kind of fault that is the same in all terms: it is about nobody in particular and has no open number.
pub(crate) trait Unaimed: Clone {}

impl<T: Terms, K: Unaimed> Translated<T> for K {
    type In<U: Terms> = K;

    fn translate<U: Terms, C: Translate<T, U>>(&self, _: &mut C) -> Translation<K, C::Error> {
        Ok(vec![self.clone()])
    }
}

/// What a cluster is like that nothing is wrong with: faults depart from it, and what undoes them leads back.
#[derive(Clone, Debug)]
pub struct Healthy {
    /// The profile of the network.
    pub network: NetworkProfile,
    /// The profile of all disks.
    pub disk: DiskProfile,
    /// How fast each peer's clock runs, in parts per million beyond virtual time; none for 0.
    pub drift_ppm: Vec<i32>,
}

impl Healthy {
    /// How fast a peer's clock runs, in parts per million beyond virtual time.
    pub(super) fn drift(&self, of: PeerId) -> i32 {
        self.drift_ppm.get(of.index()).copied().unwrap_or(0)
    }
}

/// A part of a cluster in which something may be amiss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    /// What all peers share.
    Cluster,
    /// What is about to happen to a peer, in the core of a calm or elsewhere.
    Ahead(PeerId),
    /// Whether a peer is connected to the others.
    Connection(PeerId),
    /// A directed link.
    Link(PeerId, PeerId),
    /// A peer and its clock.
    Peer(PeerId),
}

/// What a Raft needs to have so that it can go on after a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Nothing. So it is with faults of disks: a Raft without one has nothing that they could take.
    Nothing,
    /// A disk of a peer.
    Disk,
    /// A disk, if something starts the peers that are down.
    DiskToReturn,
    /// Tasks, whose order can be drawn.
    Tasks,
}

/// What a fault does, written out.
pub(crate) trait Effect: Sized {
    /// What a Raft needs to have. Each kind says it, so that no new one is forgotten.
    const NEEDS: Needs;

    /// The class by which it can be switched off; `None` for what mends, and for a profile, which is weakened
    /// instead.
    fn class(&self) -> Option<FaultClass> {
        None
    }

    /// What undoes it, in this order. Empty: nothing has to, or can.
    fn undone_by(&self, _healthy: &Healthy) -> Vec<Fault> {
        Vec::new()
    }

    /// What ends the faults of this kind that are present in one spot of a world.
    fn amiss<P: Peer, W: Watcher<P>>(_: &World<P, W>, _: Spot, _: &Healthy) -> Option<Fault> {
        None
    }

    /// Faults that do less, the simplest first.
    fn simpler(&self) -> Vec<Fault> {
        Vec::new()
    }

    /// For how many faults it counts in the size of a case.
    fn hazards(&self) -> usize {
        usize::from(self.class().is_some())
    }

    /// The same with these classes switched off; `None` if nothing is left of it.
    fn without(self, classes: FaultClasses) -> Option<Self> {
        let is_off = self.class().is_some_and(|class| classes.contains(class));
        (!is_off).then_some(self)
    }

    /// The same within what Raft promises to survive; `before` are the disks before the storm.
    fn within_promise(self, _before: &DiskProfile) -> Self {
        self
    }

    /// Does it to the world.
    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>);
}
