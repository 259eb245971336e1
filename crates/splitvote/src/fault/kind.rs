//! What every kind of fault says of itself, and the two shapes that most of them have.
//!
//! A kind is a struct, generic in its [`Terms`]. In a scenario's terms it is read and written ([`Stated`]); in
//! a plan's it has a class, is undone by something and happens to a world ([`Effect`]); and it goes from the
//! ones to the others ([`Translated`]).

use splitvote_peer::{Peer, PeerId};
use splitvote_sim::{DiskProfile, NetworkProfile, Watcher, World};

use super::class::{FaultClass, FaultClasses};
use super::reading::Reading;
use super::terms::{Terms, Translate, Translation};
use super::{Fault, Result};
use crate::language::inline::Inline;

/// A fault as a step of a scenario states it.
pub(crate) trait Stated: Sized {
    /// The word by which steps know it.
    const VERB: &'static str;

    /// Reads it from a step with its verb.
    fn read(reading: &Reading<'_>) -> Result<Self>;

    /// Writes it, so that it is read back as the same.
    fn write(&self, table: &mut Inline);

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
    /// The network.
    pub network: NetworkProfile,
    /// The disks.
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

/// What a fault does, written out.
pub(crate) trait Effect: Sized {
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

    /// Does it.
    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>);
}

/// Declares a kind of fault that peers suffer one by one, with a number if it has one.
macro_rules! on_peers {
    (
        $(#[doc = $doc:literal])+
        $Kind:ident: $verb:literal says $says:literal
        $(, $(#[doc = $number_doc:literal])+
        $number:ident: $Term:ident as $key:literal by $method:ident ($($argument:expr),*))?
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $Kind<T: $crate::fault::Terms = $crate::fault::Written> {
            /// Whom.
            pub of: T::Who,
            $($(#[doc = $number_doc])+ pub $number: T::$Term,)?
        }

        impl $crate::fault::kind::Stated for $Kind<$crate::fault::Symbolic> {
            const VERB: &'static str = $verb;

            fn read(reading: &$crate::fault::reading::Reading<'_>) -> $crate::fault::Result<Self> {
                $(let $number = reading.$method($key, $($argument),*)?;)?
                Ok(Self { of: reading.who()?, $($number)? })
            }

            fn write(&self, table: &mut $crate::language::inline::Inline) {
                table.put(Self::VERB, $crate::language::target::names(&self.of));
                $(table.put($key, self.$number.written());)?
            }

            fn say(&self) -> String {
                format!($says, $crate::language::target::list(&self.of) $(, self.$number)?)
            }
        }

        impl<T: $crate::fault::Terms> $crate::fault::kind::Translated<T> for $Kind<T> {
            type In<U: $crate::fault::Terms> = $Kind<U>;

            fn translate<U: $crate::fault::Terms, C: $crate::fault::terms::Translate<T, U>>(
                &self,
                by: &mut C,
            ) -> $crate::fault::terms::Translation<$Kind<U>, C::Error> {
                $(let $number = by.$method(&self.$number)?;)?
                let all = by.who(&self.of)?.into_iter();
                Ok(all.map(|of| $Kind { of, $($number: $number.clone())? }).collect())
            }
        }
    };
}

/// Declares a kind of fault of directed links, with a number if it has one.
macro_rules! on_links {
    (
        $(#[doc = $doc:literal])+
        $Kind:ident: $verb:literal says $says:literal
        $(, $(#[doc = $number_doc:literal])+
        $number:ident: $Term:ident as $key:literal by $method:ident ($($argument:expr),*))?
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $Kind<T: $crate::fault::Terms = $crate::fault::Written> {
            /// The sender.
            pub from: T::End,
            /// The receiver.
            pub to: T::End,
            $($(#[doc = $number_doc])+ pub $number: T::$Term,)?
        }

        impl $crate::fault::kind::Stated for $Kind<$crate::fault::Symbolic> {
            const VERB: &'static str = $verb;

            fn read(reading: &$crate::fault::reading::Reading<'_>) -> $crate::fault::Result<Self> {
                $(let $number = reading.$method($key, $($argument),*)?;)?
                let (from, to) = reading.link()?;
                Ok(Self { from, to, $($number)? })
            }

            fn write(&self, table: &mut $crate::language::inline::Inline) {
                table.put(Self::VERB, $crate::language::target::pair(&self.from, &self.to));
                $(table.put($key, self.$number.written());)?
            }

            fn say(&self) -> String {
                format!($says, self.from, self.to $(, self.$number)?)
            }
        }

        impl<T: $crate::fault::Terms> $crate::fault::kind::Translated<T> for $Kind<T> {
            type In<U: $crate::fault::Terms> = $Kind<U>;

            fn translate<U: $crate::fault::Terms, C: $crate::fault::terms::Translate<T, U>>(
                &self,
                by: &mut C,
            ) -> $crate::fault::terms::Translation<$Kind<U>, C::Error> {
                $(let $number = by.$method(&self.$number)?;)?
                let all = by.links(&self.from, &self.to)?.into_iter();
                Ok(all.map(|(from, to)| $Kind { from, to, $($number: $number.clone())? }).collect())
            }
        }
    };
}

pub(super) use {on_links, on_peers};
