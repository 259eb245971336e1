//! What a Raft has not is neither judged nor demanded: scenarios that need it are skipped, by name and with
//! the reason, and in all others it is not judged.

use splitvote::peer::Feature;
use splitvote::raft::{Paper, Raft};
use splitvote::{
    Scenario, Seeds, Subject, SweepOptions, needs, reference, scenario, sweep, testing,
};

fn scenarios() -> Vec<Scenario> {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sim-scenarios");
    scenario::load_all(directory.as_ref()).unwrap()
}

fn named(name: &str) -> Scenario {
    scenarios().into_iter().find(|scenario| scenario.name == name).unwrap()
}

fn without(feature: Feature) -> Subject<Raft<Paper>> {
    reference().without_feature(feature)
}

#[test]
fn a_scenario_that_needs_what_is_not_there_is_skipped_with_the_reason() {
    let (scenario, mine) = (named("snapshot-basic"), without(Feature::Snapshots));
    let report = sweep(&scenario, &mine, &SweepOptions::new(Seeds::first(3))).unwrap();
    let reason = report.skipped.as_ref().unwrap().to_string();
    assert_eq!(reason, "needs snapshots, which reference has not");
    assert_eq!((report.seeds, report.exit_code()), (0, 0), "no seed was run");
    let report = testing::check(&scenario, &mine, None).unwrap();
    assert_eq!(report.skipped.unwrap().to_string(), reason);
}

#[test]
fn the_reference_has_what_every_scenario_needs() {
    for scenario in scenarios() {
        assert_eq!(needs::lacking(&scenario, &reference()), None, "{}", scenario.name);
    }
}

/// In each of those an option is on that the Raft leaves aside, as it may: it is judged as one that has no
/// such option, and the scenarios ask for nothing that only the option brings.
#[test]
fn an_option_that_is_only_turned_on_may_be_left_aside() {
    let mut wrong = Vec::new();
    for feature in [Feature::NoOp, Feature::PreVote, Feature::CheckQuorum] {
        let mine = without(feature);
        let is_left_aside = |scenario: &Scenario| {
            scenario.settings.fitted_to(mine.features()) != scenario.settings
                && needs::lacking(scenario, &mine).is_none()
        };
        for scenario in scenarios().into_iter().filter(is_left_aside) {
            let seeds = Seeds::first(scenario.seeds.min(40));
            let report = sweep(&scenario, &mine, &SweepOptions::new(seeds)).unwrap();
            if !report.holds() {
                let failure = report.failures.first().map(|failed| failed.verdict.to_string());
                let missing = &report.missing;
                wrong.push(format!("{} without {feature}: {failure:?} {missing:?}", scenario.name));
            }
        }
    }
    // The storm below asks for both options and is about neither.
    let text = r#"
        name = "storm"
        peers = 5
        raft = { no-op = true, pre-vote = true, check-quorum = true }
        steps = [{ storm = "4s", proposals-every = "200ms" }, { calm = true }]
    "#;
    let scenario = Scenario::parse("storm.toml", text).unwrap();
    for feature in [Feature::NoOp, Feature::PreVote, Feature::CheckQuorum] {
        let report = sweep(&scenario, &without(feature), &SweepOptions::new(Seeds::first(20)));
        let failures = report.unwrap().failures;
        assert!(failures.is_empty(), "without {feature}: {}", failures[0].verdict);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
