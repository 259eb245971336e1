//! A Raft of somebody else's, which shares no habit with the reference, is judged by what Raft promises.
//!
//! [`courier`] says what is odd about it. It has to hold in every scenario that it has the features for; with
//! a defect planted it has to fail by a guarantee, and no checker is switched off for that.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

mod courier;
mod log;
mod words;

use std::collections::BTreeSet;

use courier::{Config, Courier};
use splitvote::check::{Checker, Standing};
use splitvote::{Failure, Scenario, Seeds, Subject, SweepOptions, Verdict, needs, scenario, sweep};

fn courier(forgets_last_term: bool) -> Subject<Courier> {
    Subject::new("courier", move |settings| Config {
        timing: settings.timing.clone(),
        forgets_last_term,
    })
}

fn scenarios() -> Vec<Scenario> {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sim-scenarios");
    scenario::load_all(directory.as_ref()).unwrap()
}

#[test]
fn it_holds_in_every_scenario_that_it_has_the_features_for() {
    let (mut wrong, mut held, mut departures) = (Vec::new(), 0, BTreeSet::new());
    for scenario in scenarios() {
        let seeds = Seeds::first(scenario.seeds);
        let report = sweep(&scenario, &courier(false), &SweepOptions::new(seeds)).unwrap();
        if report.skipped.is_some() {
            continue;
        }
        departures.extend(report.departures.iter().map(|departure| departure.first.checker));
        if report.holds() {
            held += 1;
            continue;
        }
        let first = report.failures.first().map(|failed| {
            format!("seed {}: {:?} {}", failed.seed, failed.verdict.checker(), failed.verdict)
        });
        let (name, failed) = (&scenario.name, report.seeds - report.held);
        wrong.push(format!("{name} {failed}/{}: {first:?} {:?}", report.seeds, report.missing));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(held > 40, "{held} scenarios were not skipped");
    // It goes its own ways, and they are listed.
    assert!(departures.contains(&Checker::HigherTerm), "{departures:?}");
    assert!(departures.contains(&Checker::ElectionRestriction), "{departures:?}");
}

/// Within ten seeds of the default storm; no checker is switched off.
#[test]
fn a_voter_that_forgets_the_last_term_fails_by_a_guarantee() {
    let storm = scenarios().into_iter().find(|scenario| scenario.name == "swarm-five").unwrap();
    let mut options = SweepOptions::new(Seeds::first(10));
    options.stops_at_first = true;
    let report = sweep(&storm, &courier(true), &options).unwrap();
    let Some(first) = report.failures.first() else { panic!("{} seeds held", report.held) };
    let Verdict::Failed(Failure::Violation(violation)) = &first.verdict else {
        panic!("seed {}: {}", first.seed, first.verdict)
    };
    assert_eq!(violation.evidence.standing(), Standing::Guarantee, "{violation}");
}

#[test]
fn what_it_has_not_is_skipped_by_name() {
    let lacking = |name: &str| {
        let scenario = scenarios().into_iter().find(|scenario| scenario.name == name).unwrap();
        needs::lacking(&scenario, &courier(false)).map(|skipped| skipped.to_string())
    };
    assert_eq!(
        lacking("swarm-pre-vote").unwrap(),
        "needs pre-vote and check-quorum, which courier has not"
    );
    assert_eq!(lacking("frugal").unwrap(), "needs batching, which courier has not");
    assert_eq!(lacking("swarm-five"), None);
}
