//! A step that failed, as a plan can hold it: nothing that an earlier step has saved or the run has drawn
//! is known there, so the peers are named.

use splitvote_peer::Peer;

use super::Player;
use crate::scenario::{Action, DurationRange, Expectation, Propose, Target};

impl<P: Peer> Player<'_, P> {
    pub(super) fn written_out(&mut self, action: &Action) -> Action {
        match action {
            Action::Calm { .. } => {
                let load = self.cluster.load.map(DurationRange::exactly);
                Action::Calm { core: Some(self.cluster.core), lasts: self.calm.into(), load }
            }
            Action::Expect(Expectation::Hint { from, is }) => {
                let (from, is) = (self.named(from), self.named(std::slice::from_ref(is)));
                // Whoever is saved is one peer or more; more than one names no leader.
                let is = is.into_iter().next().unwrap_or(Target::Leader);
                Action::Expect(Expectation::Hint { from, is })
            }
            Action::Propose(propose) => {
                Action::Propose(Propose { to: self.named(&propose.to), ..propose.clone() })
            }
            action => action.clone(),
        }
    }

    /// The targets, those by their names that depend on what was saved.
    fn named(&mut self, targets: &[Target]) -> Vec<Target> {
        let mut named = Vec::new();
        for target in targets {
            if is_saved(target) {
                named.extend(self.resolve(target).iter().map(Target::Peer));
            } else {
                named.push(target.clone());
            }
        }
        named
    }
}

fn is_saved(target: &Target) -> bool {
    match target {
        Target::Saved(_) => true,
        Target::Next(of) => is_saved(of),
        _ => false,
    }
}
