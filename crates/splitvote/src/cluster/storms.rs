//! Storms: parts of the nemesis strike, clients go on proposing, virtual time passes.

use splitvote_peer::{Feature, Peer};

use super::Cluster;
use crate::failure::Failure;
use crate::fault::FaultClass;
use crate::nemesis::{Passing, Running, Storm, describe, draw};
use crate::trace::What;

impl<P: Peer> Cluster<P> {
    /// Lets a storm pass over the cluster. It ends as it stands: what is cut stays cut, who is down stays
    /// down.
    ///
    /// # Errors
    /// If a safety property is violated or the run does not end.
    pub fn storm(&mut self, storm: Storm) -> Result<(), Failure> {
        let (now, round) = (self.now(), self.storms);
        self.storms += 1;
        let mut without = storm.without;
        if !P::FEATURES.has(Feature::Tasks) {
            without.insert(FaultClass::Tasks);
        }
        let parts = draw(self.seed, self.world.nemesis(), round, now, without);
        let without = self.without;
        self.court_mut().note(now, || What::Weather { text: describe(&parts, without) });
        self.strike_with(parts, storm)
    }

    /// Lets these parts strike for as long as the storm lasts.
    pub(crate) fn strike_with(&mut self, parts: Vec<Running>, storm: Storm) -> Result<(), Failure> {
        let until = self.now() + storm.lasts;
        let drawn = (self.seed, self.storms);
        let mut passing = Passing::new(parts, storm, &mut self.world, &self.settings.timing, drawn);
        loop {
            let at = passing.next_at();
            if at >= until {
                return self.run_for(until.since(self.now()));
            }
            self.run_for(at.since(self.now()))?;
            let proposal = passing.strike(at, &mut self.world);
            let mut has_struck = false;
            for fault in passing.faults() {
                self.disturb(fault);
                has_struck = true;
            }
            if has_struck {
                passing.see(&self.world);
            }
            proposal.into_iter().for_each(|proposal| self.disturb(proposal));
        }
    }
}
