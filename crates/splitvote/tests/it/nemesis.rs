//! The nemesis: every part strikes, every class can be switched off, and nothing else changes by it.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

use std::time::Duration;

use splitvote::nemesis::parts;
use splitvote::record;
use splitvote::{Act, Fault, FaultClass, FaultClasses, Plan, Scenario, Seed, reference};

const STORM: &str = r#"
name = "storm"
peers = 5
network = "realistic"
disk = { sync = "0ms-5ms" }
steps = [{ storm = "6s", proposals-every = "200ms" }]
"#;

fn storm(without: FaultClasses) -> Scenario {
    let mut storm = Scenario::parse("storm.toml", STORM).unwrap();
    storm.setup.without = without;
    storm
}

fn plan_of(scenario: &Scenario, seed: u64) -> Plan {
    record(scenario, &reference(), Seed(seed)).1.unwrap()
}

fn only(class: FaultClass) -> FaultClasses {
    FaultClass::ALL.iter().copied().filter(|other| *other != class).collect()
}

/// Which class an act shows, whether by itself or in the profile that it sets.
fn shows(act: &Act, class: FaultClass) -> bool {
    let weakened = act.clone().without([class].into_iter().collect());
    weakened.as_ref() != Some(act)
}

#[test]
fn every_class_of_faults_strikes_in_some_seed() {
    let plans: Vec<Plan> = (0..40).map(|seed| plan_of(&storm(FaultClasses::NONE), seed)).collect();
    for class in FaultClass::ALL {
        let strikes = plans.iter().flat_map(Plan::faults).filter(|timed| shows(&timed.act, *class));
        assert!(strikes.count() > 0, "{class}");
    }
}

#[test]
fn a_class_that_is_switched_off_does_nothing() {
    for class in FaultClass::ALL {
        let scenario = storm([*class].into_iter().collect());
        for seed in 0..10 {
            let plan = plan_of(&scenario, seed);
            let mut strikes = plan.faults().filter(|timed| shows(&timed.act, *class));
            assert!(strikes.next().is_none(), "{class}, seed {seed}");
        }
    }
}

#[test]
fn a_class_alone_does_what_it_says() {
    for class in FaultClass::ALL {
        let scenario = storm(only(*class));
        let strikes = (0..40).flat_map(|seed| plan_of(&scenario, seed).acts).collect::<Vec<_>>();
        assert!(strikes.iter().any(|timed| shows(&timed.act, *class)), "{class}");
        let others = FaultClass::ALL.iter().filter(|other| *other != class);
        for other in others {
            assert!(!strikes.iter().any(|timed| shows(&timed.act, *other)), "{class}: {other}");
        }
    }
}

/// Parts that look at nothing but the clock strike at the same instants whatever else is on.
#[test]
fn without_one_part_the_draws_of_others_stay_as_they_were() {
    let drifts = |scenario: &Scenario, seed| -> Vec<String> {
        let acts = plan_of(scenario, seed).acts.into_iter();
        let drifts = acts.filter(|timed| matches!(timed.act.fault(), Some(Fault::DriftClock(_))));
        drifts.map(|timed| format!("{} {}", timed.at, timed.act)).collect()
    };
    let calmer = storm([FaultClass::Crashes, FaultClass::Loss].into_iter().collect());
    for seed in 0..40 {
        assert_eq!(drifts(&storm(FaultClasses::NONE), seed), drifts(&calmer, seed), "seed {seed}");
    }
}

#[test]
fn no_two_seeds_see_the_same_weather() {
    let mut classes: Vec<Vec<FaultClass>> = (0..30)
        .map(|seed| {
            let plan = plan_of(&storm(FaultClasses::NONE), seed);
            let seen = |class: &&FaultClass| plan.faults().any(|timed| shows(&timed.act, **class));
            FaultClass::ALL.iter().filter(seen).copied().collect()
        })
        .collect();
    assert!(classes.iter().all(|classes| !classes.is_empty()), "{classes:?}");
    classes.sort();
    classes.dedup();
    assert!(classes.len() > 15, "{} different ones", classes.len());
}

#[test]
fn a_storm_says_in_the_trace_what_its_weather_is() {
    let text = STORM.replace("\"200ms\"", "\"200ms\", only = [\"crashes\", \"clocks\"]");
    let scenario = Scenario::parse("storm.toml", &text).unwrap();
    for seed in 0..10 {
        let (_, trace) = splitvote::replay(&scenario, &reference(), Seed(seed));
        let mut weather = trace.events.iter().filter_map(|event| match &event.what {
            splitvote::trace::What::Weather { text } => Some(text.as_str()),
            _ => None,
        });
        let told = weather.next().unwrap();
        assert!(weather.next().is_none());
        for part in told.split(", ") {
            let (name, strength) = part.split_once(' ').unwrap();
            let (_, class) = parts().find(|(known, _)| *known == name).unwrap();
            assert!([FaultClass::Crashes, FaultClass::Clocks].contains(&class), "{told}");
            let strength: u64 = strength.strip_suffix("/8").unwrap().parse().unwrap();
            assert!((1..=8).contains(&strength), "{told}");
        }
    }
}

#[test]
fn every_part_has_a_name_of_its_own() {
    let names: Vec<&str> = parts().map(|(name, _)| name).collect();
    assert!(names.len() >= 15);
    for (place, name) in names.iter().enumerate() {
        assert!(!names[..place].contains(name), "{name}");
    }
}

#[test]
fn a_storm_ends_when_it_should() {
    let plan = plan_of(&storm(FaultClasses::NONE), 3);
    assert_eq!(Duration::from_nanos(plan.until.0), Duration::from_secs(6));
}
