//! What a Raft has not is neither judged nor demanded: scenarios that need it are skipped, by name and with
//! the reason, and in all others it is not judged.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

use splitvote::peer::{Feature, Features};
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

/// What only another habit brings about is not demanded, but the scenario runs.
#[test]
fn an_event_that_never_happens_to_a_raft_is_left_undemanded() {
    let text = "name = \"x\"\npeers = 3\nseeds = 2\nsteps = [{ run = \"1s\" }]\n[must-happen]\n\
                stale-reply = true\ndisruptive-peer = true\nwon-election = true";
    let scenario = Scenario::parse("x.toml", text).unwrap();
    let options = SweepOptions::new(Seeds::first(2));
    let names = |events: &[splitvote::check::Happening]| {
        events.iter().map(|event| event.name()).collect::<Vec<_>>().join(", ")
    };
    let report = sweep(&scenario, &without(Feature::Refusals), &options).unwrap();
    assert_eq!(report.skipped, None);
    assert_eq!(names(&report.undemanded), "stale-reply");
    assert_eq!(names(&report.missing), "disruptive-peer");
    let report = sweep(&scenario, &reference(), &options).unwrap();
    assert_eq!((names(&report.undemanded), report.missing.len()), (String::new(), 2));
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
            scenario.setup.settings.fitted_to(mine.features()) != scenario.setup.settings
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
    // The storm below asks for all options and is about none.
    let text = r#"
        name = "storm"
        peers = 5
        raft = { no-op = true, pre-vote = true, check-quorum = true }
        steps = [{ storm = "4s", proposals-every = "200ms" }, { calm = true }]
    "#;
    let scenario = Scenario::parse("storm.toml", text).unwrap();
    let mut skipped = Vec::new();
    for feature in Feature::ALL.iter().copied() {
        let report = sweep(&scenario, &without(feature), &SweepOptions::new(Seeds::first(20)));
        let report = report.unwrap();
        skipped.extend(report.skipped.is_some().then_some(feature));
        let failures = report.failures;
        assert!(failures.is_empty(), "without {feature}: {}", failures[0].verdict);
    }
    assert_eq!(skipped, [Feature::Log, Feature::Disk], "clients propose, and peers restart");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A Raft that starts each term with an entry of its own holds the lab's suite: indices count commands.
#[test]
fn the_reference_with_a_no_op_holds_the_lab_suite() {
    let lab = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sim-scenarios/lab");
    let mut wrong = Vec::new();
    for mut scenario in scenario::load_all(lab.as_ref()).unwrap() {
        scenario.setup.settings.no_op = true;
        let seeds = Seeds::first(scenario.seeds);
        let report = sweep(&scenario, &reference(), &SweepOptions::new(seeds)).unwrap();
        if !report.holds() {
            let failure = report.failures.first().map(|failed| failed.verdict.to_string());
            let failed = report.seeds - report.held;
            wrong.push(format!("{} {failed}: {failure:?} {:?}", scenario.name, report.missing));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_counted_are_commands() {
    let text = |steps: &str| {
        let head = "name = \"mine\"\npeers = 3\nraft = { no-op = true }";
        let text = format!("{head}\nsteps = [{{ expect = \"one-leader\" }}, {steps}]");
        let scenario = Scenario::parse("mine.toml", &text).unwrap();
        let report = sweep(&scenario, &reference(), &SweepOptions::new(Seeds::first(1))).unwrap();
        report.failures.first().map(|failed| failed.verdict.to_string())
    };
    assert_eq!(
        text("{ agree = 3, count = 2, index = 1 }, { propose = \"leader\", index = 3 }"),
        None
    );
    let failure = text("{ agree = 3, index = 2 }").unwrap();
    assert_eq!(failure, "a command was to get index 2, but got 1 (index 2 of the log)");
    let failure = text("{ propose = \"leader\", index = 2 }").unwrap();
    assert!(failure.ends_with("promised index 1 (index 2 of the log)"), "{failure}");
    let failure = text("{ agree = 3 }, { expect = \"unapplied\", index = 1 }").unwrap();
    assert!(failure.ends_with("peers have applied index 1, but nobody should"), "{failure}");
    assert_eq!(text("{ agree = 3 }, { expect = \"unapplied\", index = 2 }"), None);
}

/// What docs/your-own-raft.md says that a Raft of elections alone can hold.
#[test]
fn a_raft_of_elections_alone_is_asked_for_elections() {
    let habits = Features::of(&[Feature::HeedsCandidates, Feature::Refusals]);
    let bare: Vec<String> = scenarios()
        .into_iter()
        .filter(|scenario| needs::features(scenario).difference(habits).is_empty())
        .map(|scenario| scenario.name)
        .collect();
    for name in
        ["initial-election", "re-election", "many-elections", "even-cluster", "dethroned-leader"]
    {
        assert!(bare.iter().any(|known| known == name), "{name}: {bare:?}");
    }
}
