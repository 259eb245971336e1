//! A Raft that departs from practice is not accused of it, and what it really does wrong is found.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::path::Path;

use crate::broken::Broken;
use splitvote::check::{Checker, Standing};
use splitvote::peer::LogPosition;
use splitvote::raft::{Config, Paper, Rules};
use splitvote::shrink::{ShrinkOptions, case_of, shrink};
use splitvote::{
    Checking, Cluster, Failure, Gravity, Scenario, Seed, Seeds, Settings, Subject, SweepOptions,
    SweepReport, Verdict, run, scenario, sweep, testing,
};

/// It disregards requests for votes while it believes in a leader, in scenarios that ask for nothing
/// of that kind.
fn stubborn(name: &str, rules: &'static dyn Rules) -> Subject<Broken> {
    Subject::new(name, move |settings| {
        let settings = Settings { check_quorum: true, ..settings.clone() };
        Config { settings, rules }
    })
}

fn plain() -> Subject<Broken> {
    stubborn("stubborn", &Paper)
}

/// It compares the lengths of logs alone.
#[derive(Clone, Debug)]
struct LastTermNotCompared;

impl Rules for LastTermNotCompared {
    fn is_up_to_date(&self, mine: LogPosition, theirs: LogPosition) -> bool {
        theirs.index >= mine.index
    }
}

/// It keeps term and vote in memory alone.
#[derive(Clone, Debug)]
struct BallotForgotten;

impl Rules for BallotForgotten {
    fn persists_ballot(&self) -> bool {
        false
    }
}

fn storm() -> Scenario {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sim-scenarios/swarm/five.toml");
    scenario::load(Path::new(file)).unwrap()
}

fn swept(
    scenario: &Scenario,
    subject: &Subject<Broken>,
    seeds: u64,
    checking: Checking,
) -> SweepReport {
    let mut options = SweepOptions::new(Seeds::first(seeds));
    options.checking = checking;
    sweep(scenario, subject, &options).unwrap()
}

#[test]
fn disregarding_a_request_is_counted_and_is_no_failure() {
    let report = swept(&storm(), &plain(), 20, Checking::default());
    assert_eq!((report.held, report.exit_code()), (20, 0), "{:?}", report.failures);
    let found = report.departures.iter().find(|found| found.first.checker == Checker::HigherTerm);
    let found = found.unwrap();
    assert!(found.runs > 1 && found.times > found.runs && found.reason.is_none(), "{found}");
    // The first of the first seed.
    let alone = run(&storm(), &plain(), found.seed);
    let first = alone.departures.iter().find(|first| first.kind() == found.kind()).unwrap();
    assert_eq!(first.first, found.first);
    let others = (0..found.seed.0).map(|seed| run(&storm(), &plain(), Seed(seed)));
    assert!(others.flat_map(|run| run.departures).all(|other| other.kind() != found.kind()));
}

#[test]
fn a_strict_run_fails_by_its_first_departure() {
    let lenient = run(&storm(), &plain(), Seed(1));
    let first = lenient.departures.iter().min_by_key(|departure| departure.first.at).unwrap();
    let report = swept(&storm(), &plain(), 3, Checking::default().strict());
    assert_eq!(report.exit_code(), 1);
    let strict = report.failures.iter().find(|failed| failed.seed == Seed(1)).unwrap();
    assert_eq!(strict.verdict, Verdict::Failed(Failure::Violation(Box::new(first.first))));
    assert_eq!(strict.verdict.gravity(), Gravity::Departure);
    assert_eq!(report.departures, [], "it is the failure");
    let about = Checking::default().strict_about(&[Checker::LeaderHint]);
    assert!(swept(&storm(), &plain(), 3, about).failures.is_empty(), "strict about another");
}

#[test]
fn a_known_departure_is_listed_with_its_reason_and_is_no_news() {
    let known = plain().strict().departs(Checker::HigherTerm, "a request may be disregarded");
    let report = swept(&storm(), &known, 3, Checking::default());
    assert!(report.failures.is_empty(), "{:?}", report.failures);
    let found = report.departures.iter().find(|found| found.first.checker == Checker::HigherTerm);
    assert_eq!(found.unwrap().reason.as_deref(), Some("a request may be disregarded"));
}

#[test]
fn checkers_are_left_out_from_rust() {
    let subject = plain().without_checkers(&[Checker::HigherTerm]).strict();
    let report = swept(&storm(), &subject, 3, Checking::default());
    assert!(report.failures.is_empty() && report.departures.is_empty(), "{:?}", report.failures);
    let only = Checking::default().only(&[Checker::ElectionSafety]).strict();
    let report = swept(&storm(), &plain(), 3, only);
    assert!(report.failures.is_empty() && report.departures.is_empty());
}

#[test]
fn a_defect_behind_departures_is_found_by_a_guarantee() {
    let subject = stubborn("careless", &LastTermNotCompared);
    let report = swept(&storm(), &subject, 40, Checking::default());
    assert_eq!(report.exit_code(), 1);
    for failed in &report.failures {
        let Verdict::Failed(Failure::Violation(violation)) = &failed.verdict else {
            panic!("{}", failed.verdict)
        };
        assert_eq!(violation.evidence.standing(), Standing::Guarantee, "{violation}");
    }
    let of = |failed: &splitvote::sweep::FailedSeed| failed.verdict.checker();
    assert!(report.failures.iter().any(|failed| of(failed) == Some("election-restriction")));
    assert!(report.departures.iter().any(|found| found.first.checker == Checker::HigherTerm));
}

/// Nobody can be elected in time, and the storm follows.
fn late_storm() -> Scenario {
    let late = "steps = [\n  { disconnect = \"all\" },\n  { expect = \"one-leader\" },\n  { connect = \"all\" },";
    let text = std::fs::read_to_string(storm().file).unwrap().replace("steps = [", late);
    Scenario::parse("late.toml", &text).unwrap()
}

#[test]
fn what_did_not_come_in_time_hides_no_broken_guarantee() {
    let subject = stubborn("careless", &LastTermNotCompared);
    let report = swept(&late_storm(), &subject, 40, Checking::default());
    assert_eq!((report.held, report.exit_code()), (0, 1));
    let gravities: Vec<Gravity> =
        report.failures.iter().map(|failed| failed.verdict.gravity()).collect();
    assert_eq!(gravities.first(), Some(&Gravity::Safety));
    assert_eq!(gravities.last(), Some(&Gravity::Liveness));
    assert!(gravities.is_sorted_by(|one, other| one >= other), "the gravest first");
    // Without anything graver the run is the one that ended there.
    let mild = report.failures.last().unwrap();
    let strict = run(&late_storm(), &subject.clone().strict_about(&[]), mild.seed);
    assert!(strict.virtual_time.as_secs() < 8, "{:?}", strict.virtual_time);
    // A strict run goes on, too, and ends at the first departure.
    let report = swept(&late_storm(), &subject.strict(), 5, Checking::default());
    assert!(report.failures.iter().all(|failed| failed.verdict.checker() != Some("liveness")));
    assert!(report.failures.iter().all(|failed| failed.verdict.gravity() <= Gravity::Liveness));
}

#[test]
fn a_strict_run_that_overran_its_time_is_judged_to_its_end() {
    let careless = || {
        let rules: &'static dyn Rules = &BallotForgotten;
        Subject::<Broken>::new("careless", move |settings| Config {
            settings: settings.clone(),
            rules,
        })
    };
    let report = swept(&late_storm(), &careless().strict(), 40, Checking::default());
    let gravest = report.failures.first().unwrap();
    assert_eq!(gravest.verdict.gravity(), Gravity::Safety, "{}", gravest.verdict);
    assert_eq!((report.held, report.exit_code()), (0, 1));
    // What it goes on to is a run of the same events up to there.
    let again = run(&late_storm(), &careless().strict(), gravest.seed);
    assert_eq!(again.verdict, gravest.verdict);
    assert!(again.virtual_time.as_millis() > 4_500, "behind the leader that did not come in time");
    // What holds otherwise is told as late, at the instant at which it was.
    let paper = || {
        let rules: &'static dyn Rules = &Paper;
        Subject::<Broken>::new("paper", move |settings| Config {
            settings: settings.clone(),
            rules,
        })
        .strict()
    };
    let late = run(&late_storm(), &paper(), Seed(1));
    assert_eq!(late.verdict.gravity(), Gravity::Liveness);
    assert!((4_500..=5_500).contains(&late.virtual_time.as_millis()), "{:?}", late.virtual_time);
}

#[test]
fn a_test_from_rust_says_what_departs() {
    let failure = testing::check(&storm(), &plain().strict(), None).unwrap_err().to_string();
    assert!(failure.contains("higher-term: "), "{failure}");
    let mut scenario = storm();
    scenario.seeds = 2;
    scenario.must_happen.clear();
    let report = testing::check(&scenario, &plain(), None).unwrap();
    let said = testing::departures(&scenario, &report);
    assert!(said.starts_with("departures from practice (no failures):\n"), "{said}");
    assert!(said.contains("higher-term (higher-term-ignored): "), "{said}");
    assert_eq!(testing::departures(&scenario, &SweepReport::default()), "");
}

#[test]
fn a_cluster_counts_departures_and_ends_at_one_if_it_is_strict() {
    let seconds = std::time::Duration::from_secs(20);
    let ran = |strict: bool| {
        let subject = plain();
        let builder = Cluster::builder(&subject).peers(3).seed(3);
        let builder = if strict { builder.strict() } else { builder };
        let mut cluster = builder.build()?;
        let leader = cluster.check_one_leader()?;
        let follower = cluster.peers().find(|peer| *peer != leader).unwrap_or(leader);
        cluster.disconnect(follower)?;
        cluster.run_for(seconds)?;
        cluster.connect(follower)?;
        cluster.run_for(seconds)?;
        Ok::<_, Failure>(cluster.departures().to_vec())
    };
    let departures = ran(false).unwrap();
    assert!(departures.iter().any(|first| first.first.checker == Checker::HigherTerm));
    assert_eq!(ran(true).unwrap_err().checker(), "higher-term");
}

#[test]
fn a_departure_is_shrunk_to_a_case_that_any_judge_can_replay() {
    let strict = plain().strict_about(&[Checker::HigherTerm]);
    let mut options = ShrinkOptions::default();
    (options.tries, options.max_runs) = (0, 300);
    let shrunk = shrink(&storm(), &strict, Seed(1), &options).unwrap();
    assert_eq!(shrunk.signature.checker, "higher-term");
    let case = case_of(&shrunk.case, &shrunk.signature, &strict, ("storm", Seed(1)));
    for subject in [strict, plain(), plain().strict()] {
        assert!(case.replay(&subject).1.is_as_stated(), "{}", case.replay(&subject).1);
    }
}
