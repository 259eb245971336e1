//! Faults: everything that can be done to a cluster, and undone. One kind a file.
//!
//! A [`Fault`] is stated in some [`Terms`]: those of a scenario's step, [`Symbolic`], or those of a plan,
//! [`Written`]. The file of a kind holds all of it: its verb, how it is read, written and said, its class, what
//! undoes it, how the shrinker makes it simpler, and what happens to the world. The table below lists the
//! kinds; whatever is done with all of them goes through it.
//!
//! - `terms`: the two ways to state a fault, and what translates between them. `translate`: renaming, and others.
//! - `kind`: what a kind has to say. `declare`: how it is said in few lines. `keys`: what steps have in common.
//! - `class`: the classes that can be switched off. `profile`: what is left of networks and disks then.

mod class;
mod clock;
mod clog;
mod crash;
mod crash_points;
mod cut;
mod declare;
mod delay;
mod disconnect;
mod disk;
mod election_timeout;
mod fail_sync;
mod full_disk;
mod keys;
mod kind;
mod network;
mod partition;
mod pause;
mod profile;
mod rot;
mod stall_disk;
mod task_order;
mod terms;
mod translate;

use std::fmt;
use std::time::Duration;

use splitvote_peer::{Peer, PeerId};
use splitvote_sim::{DiskProfile, Watcher, World};

use crate::language::error::Result;
use crate::language::form::Form;
use crate::language::target::Known;

pub use class::{ClassError, FaultClass, FaultClasses};
pub use kind::Healthy;
use kind::{Effect, Stated, Translated};
pub(crate) use kind::{Needs, Spot};
pub(crate) use profile::Profile;
pub(crate) use terms::{Ends, Translate, Translation};
pub use terms::{Symbolic, Terms, Written};
use translate::{Names, Open, Rename, Spans};

macro_rules! symbolic {
    ($T:ident) => {
        Symbolic
    };
}

/// Makes an enum of the kinds, and `each!`, which does with a fault whatever its kind is what is done with all.
macro_rules! faults {
    ($dollar:tt $($file:ident: $($Kind:ident $(<$T:ident>)?),+;)+) => {
        $(pub use $file::{$($Kind),+};)+

        /// Something that is done to a cluster, or takes that back. Prints in a few words.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Fault<T: Terms = Written> {
            $($(#[doc = concat!("See [`", stringify!($Kind), "`].")] $Kind($Kind$(<$T>)?),)+)+
        }

        $($(
            impl<T: Terms> From<$Kind$(<$T>)?> for Fault<T> {
                fn from(fault: $Kind$(<$T>)?) -> Self {
                    Self::$Kind(fault)
                }
            }
        )+)+

        macro_rules! each {
            ($dollar fault:expr, $dollar kind:ident => $dollar does:expr) => {
                match $dollar fault {
                    $($(Fault::$Kind($dollar kind) => $dollar does,)+)+
                }
            };
        }

        impl<T: Terms> Fault<T> {
            /// What a Raft needs to have so that it can go on after it.
            pub(crate) fn needs(&self) -> Needs {
                match self {
                    $($(Self::$Kind(_) => <$Kind as Effect>::NEEDS,)+)+
                }
            }
        }

        impl Fault<Symbolic> {
            /// The verbs of all faults.
            pub(crate) const VERBS: &'static [&'static str] =
                &[$($(<$Kind$(<symbolic!($T)>)? as Stated>::VERB),+),+];

            /// The fault of a step with this verb, before anything of it is read; `None` if no fault has the verb.
            pub(crate) fn blank(verb: &str) -> Option<Self> {
                $($(if verb == <$Kind$(<symbolic!($T)>)? as Stated>::VERB {
                    return Some(<$Kind$(<symbolic!($T)>)? as Stated>::blank().into());
                })+)+
                None
            }
        }

        impl Fault {
            /// What ends the faults that are present in one spot of a world.
            pub(crate) fn amiss<P: Peer, W: Watcher<P>>(
                world: &World<P, W>,
                spot: Spot,
                healthy: &Healthy,
            ) -> impl Iterator<Item = Fault> {
                let all = [$($(<$Kind as Effect>::amiss(world, spot, healthy)),+),+];
                all.into_iter().flatten()
            }
        }
    };
}

// The kinds by their files. A calm ends what is amiss in this order.
faults! {
    $
    network: Network;
    disk: Disk;
    crash_points: Disarm<T>, CrashAtWrite<T>, CrashAtSend<T>;
    disconnect: Disconnect<T>, Connect<T>;
    cut: Cut<T>, Restore<T>;
    partition: Partition<T>, Heal;
    delay: Delay<T>;
    clog: Clog<T>, Unclog<T>;
    clock: StepClock<T>, DriftClock<T>;
    election_timeout: ElectionTimeout<T>;
    fail_sync: FailSync<T>;
    full_disk: FillDisk<T>, FreeDisk<T>;
    stall_disk: StallDisk<T>, ReleaseDisk<T>;
    rot: Rot<T>, MendDisk<T>;
    crash: Crash<T>, Restart<T>;
    pause: Pause<T>, Resume<T>;
    task_order: ShuffleTasks<T>, OrderTasks<T>;
}

impl<T: Terms> Fault<T> {
    /// The same in other terms: once for each peer, or each link.
    pub(crate) fn translate<U: Terms, C: Translate<T, U>>(
        &self,
        by: &mut C,
    ) -> Translation<Fault<U>, C::Error> {
        Ok(each!(self, fault => fault.translate(by)?.into_iter().map(Fault::from).collect()))
    }
}

impl Fault<Symbolic> {
    /// The keys of its step, as they are read and as they are written.
    pub(crate) fn keys(&mut self, form: &mut Form<'_, '_>, known: &Known) -> Result {
        each!(self, fault => fault.keys(form, known))
    }

    /// Whether peers suffer it one by one, so that a step can save who they were.
    pub(crate) fn is_about_peers(&self) -> bool {
        let mut names = Names::default();
        let Ok(_) = self.translate(&mut names);
        names.one_by_one
    }

    /// Whether it names peers that a smaller cluster may not have, or groups of a certain size.
    pub(crate) fn names_peers(&self) -> bool {
        let mut names = Names::default();
        let Ok(_) = self.translate(&mut names);
        names.any
    }
}

impl Fault {
    /// The class by which it can be switched off; `None` for what mends, and for a network or a disk:
    /// each of their faults has a class of its own.
    #[must_use]
    pub fn class(&self) -> Option<FaultClass> {
        each!(self, fault => fault.class())
    }

    /// What undoes it, in this order. Empty: nothing has to, or can.
    #[must_use]
    pub fn undone_by(&self, healthy: &Healthy) -> Vec<Fault> {
        each!(self, fault => fault.undone_by(healthy))
    }

    /// Faults that do less, the simplest first.
    pub(crate) fn simpler(&self) -> Vec<Fault> {
        each!(self, fault => fault.simpler())
    }

    /// For how many faults it counts in the size of a case.
    pub(crate) fn hazards(&self) -> usize {
        each!(self, fault => fault.hazards())
    }

    /// The same with these classes of faults switched off; `None` if nothing is left of it.
    #[must_use]
    pub fn without(self, classes: FaultClasses) -> Option<Self> {
        each!(self, fault => fault.without(classes).map(Self::from))
    }

    /// The same within what Raft promises to survive; `before` are the disks before the storm.
    #[must_use]
    pub(crate) fn within_promise(self, before: &DiskProfile) -> Self {
        each!(self, fault => fault.within_promise(before).into())
    }

    /// Does it to the world.
    pub(crate) fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        each!(self, fault => fault.happen(world));
    }

    /// The same with other names for its peers; `None` if it is about a peer that has no other name.
    pub(crate) fn renamed(&self, name: impl Fn(PeerId) -> Option<PeerId>) -> Option<Self> {
        self.translate(&mut Rename(name)).ok()?.pop()
    }

    /// How long it lasts, or by how much it changes something, if it states a duration.
    pub(crate) fn span(&self) -> Option<Duration> {
        let mut spans = Spans::default();
        let Ok(_) = self.translate(&mut spans);
        spans.found
    }

    /// Replaces the duration that it states.
    pub(crate) fn set_span(&mut self, span: Duration) {
        let mut spans = Spans { replacement: Some(span), ..Spans::default() };
        let Ok(changed) = self.translate(&mut spans);
        changed.into_iter().for_each(|changed| *self = changed);
    }

    /// The same as a step of a scenario states it.
    pub(crate) fn opened(&self) -> Option<Fault<Symbolic>> {
        let Ok(mut opened) = self.translate(&mut Open);
        opened.pop()
    }
}

/// The same fault with each of these numbers that is less than the one it has.
fn fewer(numbers: &[u64], than: u64, fault: impl Fn(u64) -> Fault) -> Vec<Fault> {
    numbers.iter().copied().filter(|number| *number < than).map(fault).collect()
}

impl fmt::Display for Fault<Symbolic> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&each!(self, fault => fault.say()))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.opened().map_or(Ok(()), |opened| fmt::Display::fmt(&opened, f))
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::{Damage, PeerSet};
    use splitvote_sim::{NetworkProfile, Realistic, RecordKind};

    use super::*;

    fn healthy() -> Healthy {
        let network = NetworkProfile::Realistic(Realistic::default());
        Healthy { network, disk: DiskProfile::default(), drift_ppm: Vec::new() }
    }

    /// One of each kind that does harm, between S1 and S2.
    fn harmful() -> Vec<Fault> {
        let (of, from, to) = (PeerId(1), PeerId(1), PeerId(2));
        let span = Duration::from_millis(7);
        let groups = vec![PeerSet::from_iter([of, to])];
        vec![
            Network(healthy().network).into(),
            Disk(DiskProfile::default()).into(),
            Disconnect { of }.into(),
            Cut { from, to }.into(),
            Partition { groups }.into(),
            Delay { from, to, by: span }.into(),
            Clog { from, to, lasts: span }.into(),
            StepClock { of, by: span }.into(),
            DriftClock { of, ppm: 9 }.into(),
            ElectionTimeout { of, is: Some(span) }.into(),
            Crash { of }.into(),
            CrashAtWrite { of, after: 3 }.into(),
            CrashAtSend { of, after: 3 }.into(),
            Pause { of }.into(),
            FailSync { of, after: 3 }.into(),
            FillDisk { of }.into(),
            StallDisk { of }.into(),
            ShuffleTasks { of }.into(),
            Rot { of, record: RecordKind::Any, back: 3, damage: Damage::Untold }.into(),
        ]
    }

    #[test]
    fn whatever_does_harm_is_undone_by_what_does_none() {
        for fault in harmful() {
            let undone_by = fault.undone_by(&healthy());
            let is_for_ever = matches!(fault, Fault::StepClock(_));
            assert_eq!(undone_by.is_empty(), is_for_ever, "{fault}");
            for undo in undone_by {
                let is_harmless = match &undo {
                    Fault::Delay(delay) => delay.by.is_zero(),
                    Fault::DriftClock(drift) => drift.ppm == 0,
                    Fault::ElectionTimeout(timeout) => timeout.is.is_none(),
                    undo => undo.class().is_none(),
                };
                assert!(is_harmless, "{fault} is undone by {undo}");
            }
        }
    }

    #[test]
    fn peers_are_renamed_in_every_kind() {
        for fault in harmful() {
            let is_about_all = matches!(fault, Fault::Network(_) | Fault::Disk(_));
            let renamed = fault.renamed(|peer| Some(PeerId(peer.0 + 4)));
            assert_eq!(renamed == Some(fault.clone()), is_about_all, "{fault}");
            let is_group = matches!(fault, Fault::Partition(_));
            let nameless = fault.renamed(|_| None);
            assert_eq!(nameless.is_some(), is_about_all || is_group, "{fault}");
        }
    }

    #[test]
    fn a_duration_is_found_and_replaced_where_there_is_one() {
        let spans = harmful().into_iter().filter_map(|mut fault| {
            let before = fault.span()?;
            fault.set_span(before * 2);
            Some(fault.span() == Some(before * 2))
        });
        assert_eq!(spans.collect::<Vec<_>>(), [true; 4]);
    }
}
