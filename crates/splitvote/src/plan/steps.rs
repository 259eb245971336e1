//! A plan as a scenario of timed steps, so that it runs, sweeps and replays as any other.

use std::time::Duration;

use super::Plan;
use crate::act::{Act, Seek};
use crate::scenario::{
    Action, Agree, CountRange, DurationRange, Place, Propose, Scenario, Step, Target,
};

impl Plan {
    /// The scenario whose steps do what the plan says.
    #[must_use]
    pub fn scenario(&self) -> Scenario {
        let acts = self.acts.iter().filter_map(|timed| Some((timed.at, action(&timed.act)?)));
        let wait = Action::Run(DurationRange { min: Duration::ZERO, max: Duration::ZERO });
        let last = (self.until, self.demand.clone().unwrap_or(wait));
        let step = |(number, (at, action)): (usize, (splitvote_peer::SimTime, Action))| Step {
            place: Place { line: number + 1, column: 1 },
            number,
            at: Some(Duration::from_nanos(at.0)),
            action,
            save: None,
        };
        let steps: Vec<Step> = acts.chain([last]).enumerate().map(step).collect();
        Scenario { step_count: steps.len(), steps, must_happen: Vec::new(), ..self.head.clone() }
    }
}

/// The action of a step that does this; `None` if there is none.
fn action(act: &Act) -> Option<Action> {
    Some(match act {
        Act::Fault(fault) => Action::Fault(fault.opened()?),
        Act::Propose { to, bytes } => Action::Propose(Propose {
            to: vec![Target::Peer(*to)],
            count: CountRange::exactly(1),
            bytes: *bytes,
            index: None,
            applied_on: None,
        }),
        Act::Agree(Seek { on, retry, bytes }) => Action::Agree(Agree {
            on: *on,
            retry: *retry,
            count: CountRange::exactly(1),
            bytes: *bytes,
            index: None,
            is_in_background: true,
        }),
        Act::Allow(budget) => Action::Allow(*budget),
    })
}
