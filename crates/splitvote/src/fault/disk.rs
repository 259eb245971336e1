//! Other disks: slow, lying, or such as lose what was not synced.

use splitvote_peer::Peer;
use splitvote_sim::{DiskProfile, Watcher, World};

use super::kind::{Effect, Needs, Stated, Translated};
use super::terms::{Terms, Translate, Translation};
use super::{Fault, FaultClasses, Healthy, Profile as _, Result, Spot};
use crate::language::form::Form;
use crate::language::profiles::disk as disk_keys;
use crate::language::target::Known;

/// Replaces the disks' profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disk(pub DiskProfile);

impl Stated for Disk {
    const VERB: &'static str = "disk";

    fn blank() -> Self {
        Self(DiskProfile::default())
    }

    fn keys(&mut self, form: &mut Form<'_, '_>, known: &Known) -> Result {
        form.table(true, Self::VERB, &mut self.0, |form, disk| disk_keys(form, disk, known.peers))
    }

    fn say(&self) -> String {
        "change the disks".to_owned()
    }
}

impl<T: Terms> Translated<T> for Disk {
    type In<U: Terms> = Self;

    fn translate<U: Terms, C: Translate<T, U>>(&self, by: &mut C) -> Translation<Self, C::Error> {
        Ok(vec![Self(by.disk(&self.0)?)])
    }
}

impl Effect for Disk {
    const NEEDS: Needs = Needs::Nothing;

    fn undone_by(&self, healthy: &Healthy) -> Vec<Fault> {
        vec![Self(healthy.disk).into()]
    }

    fn amiss<P: Peer, W: Watcher<P>>(
        world: &World<P, W>,
        spot: Spot,
        healthy: &Healthy,
    ) -> Option<Fault> {
        (spot == Spot::Cluster && world.disk_profile() != healthy.disk)
            .then(|| Self(healthy.disk).into())
    }

    fn hazards(&self) -> usize {
        1 + self.0.hazards()
    }

    fn without(self, classes: FaultClasses) -> Option<Self> {
        Some(Self(self.0.without(classes)))
    }

    /// A storm makes no disk lie; one that a scenario lets lie goes on doing so.
    fn within_promise(self, before: &DiskProfile) -> Self {
        let DiskProfile { lying, liars, .. } = *before;
        Self(DiskProfile { lying, liars, ..self.0 })
    }

    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        world.set_disk(self.0);
    }
}

#[cfg(test)]
mod tests {
    use splitvote_peer::PeerSet;
    use splitvote_sim::Probability;

    use super::*;

    #[test]
    fn a_storm_makes_no_disk_lie() {
        let honest = DiskProfile::default();
        let lying = DiskProfile { lying: Probability::percent(1), ..honest };
        assert_eq!(Disk(lying).within_promise(&honest), Disk(honest));
        // What the scenario has said stays, and does not spread.
        let said = DiskProfile { liars: PeerSet::all(1), ..lying };
        assert_eq!(Disk(lying).within_promise(&said), Disk(said));
    }
}
