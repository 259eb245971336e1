//! Runs a seed of a scenario and writes down what was done.

use splitvote_peer::{Peer, SimTime};
use splitvote_sim::Seed;

use crate::failure::Failure;
use crate::plan::Plan;
use crate::run::{RunReport, run_keeping_diary};
use crate::scenario::Scenario;
use crate::subject::Subject;
use crate::verdict::Verdict;

/// The plan of a run; what rules said of packets is written down as their fates. None if the run cannot be written
/// out: it failed by what the clients of `clients` remember or by `within`, or took more steps than a run may.
///
/// A budget that was overrun stands where its steps began, and counts to the end of the plan. A client in the
/// background that got no answer in time stands where it began, and not its proposals.
///
/// Played with the same seed, the plan makes the same run; or nearly so, if the scenario acted in the
/// midst of an instant, as after a step that waits for something. Whoever needs to be sure runs it.
#[must_use]
pub fn record<P: Peer>(
    scenario: &Scenario,
    subject: &Subject<P>,
    seed: Seed,
) -> (RunReport, Option<Plan>) {
    let (report, diary) = run_keeping_diary(scenario, subject, seed);
    let until = SimTime(report.virtual_time.as_nanos() as u64);
    let mut plan = Plan::of(scenario.setup.drawn(seed), diary.acts, diary.decisions, until);
    if let Verdict::Failed(failure) = &report.verdict {
        match (failure, diary.failed) {
            (Failure::EndlessPlan { .. }, _) => return (report, None),
            (
                Failure::Breach(_)
                | Failure::Violation(_)
                | Failure::Overrun { .. }
                | Failure::Endless(_),
                _,
            ) => {}
            // The client is in the diary.
            _ if diary.is_in_background => {}
            // The step that failed is made again, from its beginning.
            (_, Some(failed)) if failed.action.nested().next().is_none() => {
                plan.acts.truncate(failed.acts_before);
                (plan.demand, plan.until) = (Some(failed.action), failed.at);
            }
            _ => return (report, None),
        }
    }
    (report, Some(plan))
}
