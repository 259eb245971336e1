//! Plays a plan: does every act at its instant, and then what is demanded.

use std::time::Duration;

use splitvote_peer::Peer;

use super::Player;
use crate::failure::Failure;
use crate::plan::Plan;
use crate::scenario::{Place, Step};

/// The step at the end of a plan.
pub(super) fn end(plan: &Plan, places: &[Place]) -> Step {
    let number = plan.acts.len();
    let place = Place { line: line(places, number), column: 1 };
    let at = Some(Duration::from_nanos(plan.until.0).into());
    Step { place, number, at, action: plan.end(), save: None }
}

/// In which line a step stands; 0 if it stands in no file.
fn line(places: &[Place], number: usize) -> usize {
    places.get(number).map_or(0, |place| place.line)
}

impl<P: Peer> Player<'_, P> {
    /// Does all acts of a plan.
    pub(super) fn follow(&mut self, plan: &Plan, places: &[Place]) -> Result<(), Failure> {
        for (number, timed) in plan.acts.iter().enumerate() {
            self.wait_until(timed.at)?;
            self.begin((number, line(places, number)), || timed.act.to_string())?;
            let line = line(places, number);
            let in_act = |failure: Failure| failure.in_step(line, || timed.act.to_string());
            self.cluster.act(timed.act.clone()).map_err(in_act)?;
            self.coverage.resolved[number] = true;
        }
        Ok(())
    }
}
