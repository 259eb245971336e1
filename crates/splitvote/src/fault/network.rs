//! Another network.

use splitvote_peer::Peer;
use splitvote_sim::{NetworkProfile, Realistic, Watcher, World};

use super::kind::{Effect, Needs, Stated, Unaimed};
use super::{Fault, FaultClasses, Healthy, Profile as _, Result, Spot};
use crate::language::form::Form;
use crate::language::target::Known;

/// Replaces the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(pub NetworkProfile);

impl Stated for Network {
    const VERB: &'static str = "network";

    fn blank() -> Self {
        Self(NetworkProfile::Realistic(Realistic::default()))
    }

    fn keys(&mut self, form: &mut Form<'_, '_>, _: &Known) -> Result {
        form.always(Self::VERB, &mut self.0)
    }

    fn say(&self) -> String {
        "change the network".to_owned()
    }
}

impl Unaimed for Network {}

impl Effect for Network {
    const NEEDS: Needs = Needs::Nothing;

    fn undone_by(&self, healthy: &Healthy) -> Vec<Fault> {
        vec![Self(healthy.network).into()]
    }

    fn amiss<P: Peer, W: Watcher<P>>(
        world: &World<P, W>,
        spot: Spot,
        healthy: &Healthy,
    ) -> Option<Fault> {
        (spot == Spot::Cluster && world.network() != healthy.network)
            .then(|| Self(healthy.network).into())
    }

    fn hazards(&self) -> usize {
        1 + self.0.hazards()
    }

    fn without(self, classes: FaultClasses) -> Option<Self> {
        Some(Self(self.0.without(classes)))
    }

    fn happen<P: Peer, W: Watcher<P>>(&self, world: &mut World<P, W>) {
        world.set_network(self.0);
    }
}
