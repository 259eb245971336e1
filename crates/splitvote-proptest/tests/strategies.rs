//! The strategies keep their promises: what they make is in order and of the chosen classes, reads well,
//! and shrinks by its structure.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::ops::RangeInclusive;
use std::time::Duration;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, FileFailurePersistence, RngSeed, TestError, TestRunner};
use splitvote::case;
use splitvote::fault::{
    Clog, Crash, CrashAtWrite, Delay, Disarm, Disk, DriftClock, Heal, Network, Unclog,
};
use splitvote::sim::{DiskProfile, Latency, NetworkProfile, Probability, Realistic};
use splitvote::{Act, Fault, FaultClass, Scenario, Seed, Setup, Signature, reference};
use splitvote_proptest::{
    Check, Faults, Schedule, Workload, check, fault_plan, partitions, seed, workload, workload_of,
};

/// The same inputs every time: what is looked at here is the strategies, and no test may fail by chance.
fn quick(cases: u32) -> ProptestConfig {
    let rng_seed = RngSeed::Fixed(17);
    ProptestConfig { failure_persistence: None, rng_seed, ..ProptestConfig::with_cases(cases) }
}

proptest! {
    #![proptest_config(quick(100))]

    #[test]
    fn the_reference_holds_under_all_faults(
        faults in fault_plan(5, Faults::default()),
        commands in workload(5),
        seed in seed(),
    ) {
        check(&reference(), &faults.and(commands), seed)?;
    }

    #[test]
    fn the_reference_finds_a_leader_after_any_partitions(splits in partitions(5), seed in seed()) {
        check(&reference(), &splits.recovering(), seed)?;
    }

    #[test]
    fn the_reference_finds_a_leader_after_crashes_and_pauses(
        faults in fault_plan(3, Faults::of(&[
            FaultClass::Crashes, FaultClass::CrashPoints, FaultClass::Pauses, FaultClass::Partitions,
        ])),
        seed in seed(),
    ) {
        check(&reference(), &faults.recovering(), seed)?;
    }

    #[test]
    fn the_reference_finds_a_leader_after_all_faults(
        faults in fault_plan(3, Faults::default()),
        seed in seed(),
    ) {
        check(&reference(), &faults.recovering(), seed)?;
    }

    #[test]
    fn a_cluster_of_one_is_no_exception(
        faults in fault_plan(1, Faults::default()),
        splits in partitions(1),
        seed in seed(),
    ) {
        check(&reference(), &faults.and(splits), seed)?;
    }
}

proptest! {
    #![proptest_config(quick(200))]

    #[test]
    fn only_chosen_classes_strike_and_acts_are_in_order(
        faults in fault_plan(4, Faults::of(&[FaultClass::Crashes, FaultClass::Clogs])),
    ) {
        prop_assert!(faults.acts.is_sorted_by_key(|timed| timed.at), "{faults:?}");
        for timed in &faults.acts {
            let is_chosen = match &timed.act {
                Act::Fault(Fault::Restart(_) | Fault::Unclog(_)) => true,
                act => matches!(act.class(), Some(FaultClass::Crashes | FaultClass::Clogs)),
            };
            prop_assert!(is_chosen, "{faults:?}");
        }
    }

    #[test]
    fn without_a_class_nothing_is_done(faults in fault_plan(4, Faults::of(&[]))) {
        prop_assert_eq!(format!("{faults:?}"), "4 peers, nothing is done");
    }

    #[test]
    fn a_workload_has_as_many_commands_as_were_asked_for(
        commands in workload_of(3, Workload { commands: 2..=4, bytes: 100, ..Workload::default() }),
    ) {
        prop_assert!((2..=4).contains(&commands.acts.len()), "{commands:?}");
    }

    #[test]
    fn whatever_is_made_can_be_written_as_a_case(
        faults in fault_plan(3, Faults::default()),
        splits in partitions(3),
    ) {
        let plan = faults.and(splits).plan(Setup::of(3));
        let (case, _) = splitvote::Case::new("x", plan, &reference(), Seed(1));
        let again = splitvote::Case::parse("", &case.to_toml()).unwrap();
        prop_assert_eq!(again.plan, case.plan);
    }
}

/// The simplest schedule for which something is so, as proptest shrinks it.
fn simplest(is_so: impl Fn(&Schedule) -> bool) -> Schedule {
    let mut runner = TestRunner::deterministic();
    let strategy = fault_plan(3, Faults::default());
    loop {
        let mut tree = strategy.new_tree(&mut runner).unwrap();
        if !is_so(&tree.current()) {
            continue;
        }
        let mut simplest = tree.current();
        let mut goes_on = tree.simplify();
        while goes_on {
            let is_still = is_so(&tree.current());
            if is_still {
                simplest = tree.current();
            }
            goes_on = if is_still { tree.simplify() } else { tree.complicate() };
        }
        return simplest;
    }
}

#[test]
fn schedules_shrink_to_few_early_and_simple_acts() {
    let two_crashes = simplest(|schedule| {
        schedule
            .acts
            .iter()
            .filter(|timed| matches!(timed.act.fault(), Some(Fault::Crash(_))))
            .count()
            >= 2
    });
    let told = format!("{two_crashes:?}");
    assert_eq!(told, "3 peers: crash S0 at 0.000000 s; crash S0 at 0.000000 s");
    let anything = simplest(|schedule| !schedule.acts.is_empty());
    assert_eq!(anything.acts.len(), 1);
    let late = simplest(|schedule| schedule.acts.iter().any(|timed| timed.at.0 > 1_234_567_890));
    let at = late.acts[0].at.0;
    assert_eq!((late.acts.len(), at % 10_000_000), (1, 0), "{late:?}");
}

#[test]
fn a_failing_case_persists_as_proptest_does_it_and_as_a_case() {
    let directory = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("persistence");
    _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(&directory).unwrap();
    let regressions = directory.join("regressions.txt").display().to_string();
    let file: &'static str = Box::leak(regressions.into_boxed_str());
    let mutant = splitvote_zoo::find("E12").unwrap();
    let subject = splitvote_zoo::subject(mutant);
    let check = Check::new(&subject).cases_in(&directory).named("Stays a leader!");
    assert_eq!(check.case_file(), directory.join("stays-a-leader.toml"));
    let fuzz = |cases| {
        let failure_persistence = Some(Box::new(FileFailurePersistence::Direct(file)) as _);
        let config = Config { cases, failure_persistence, ..Config::default() };
        let mut runner = TestRunner::new(Config { source_file: Some("x.rs"), ..config });
        runner.run(&(partitions(3), seed()), |(splits, seed)| check.run(&splits, seed))
    };
    let Err(TestError::Fail(reason, _)) = fuzz(500) else { panic!("the mutant survives") };
    let told = reason.to_string();
    assert!(told.contains("`splitvote replay ") && told.contains("stays-a-leader.toml"));
    assert!(std::fs::read_to_string(file).unwrap().contains("cc "), "proptest keeps its seed");
    let case = case::load(&check.case_file()).unwrap();
    assert!(told.starts_with(&case.fails.as_ref().unwrap().to_string()), "{told}");
    splitvote::testing::must_still_fail(&case, &subject).unwrap();
    // What was persisted is tried before anything new.
    assert!(fuzz(0).is_err());
    // Nothing but the case is left in its directory.
    assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 2);
    assert_ne!(Signature::of(&case.replay(&subject).0.verdict), None);
}

#[test]
fn a_head_that_does_not_fit_the_raft_is_an_error_and_no_panic() {
    let head = Scenario::parse(
        "x.toml",
        "name = \"x\"\npeers = 3\nsteps = [{ run = \"1s\" }]\n[logs]\nS0 = [1]",
    );
    let nobody_writes_disks =
        splitvote::Subject::<splitvote::raft::Raft<splitvote::raft::Paper>>::new(
            "plain",
            |settings| splitvote::raft::Config {
                settings: settings.clone(),
                rules: splitvote::raft::Paper,
            },
        );
    let check = Check::new(&nobody_writes_disks).on(head.unwrap().setup);
    let error = check.run(&Schedule::new(3, Vec::new()), Seed(0)).unwrap_err().to_string();
    assert!(error.contains("`plain` cannot start from a prepared log"), "{error}");
}

/// What is wrong with the last network that was set.
fn network(schedule: &Schedule) -> Option<Realistic> {
    schedule.acts.iter().rev().find_map(|timed| match timed.act {
        Act::Fault(Fault::Network(Network(NetworkProfile::Realistic(network)))) => Some(network),
        _ => None,
    })
}

#[test]
fn losses_come_in_bursts_and_links_fill_up_and_shrink_to_the_one_that_matters() {
    let bursts = simplest(|schedule| {
        network(schedule)
            .is_some_and(|network| network.loss_correlation >= Probability::percent(40))
    });
    let only = Realistic { loss_correlation: Probability::percent(40), ..Realistic::default() };
    assert_eq!((bursts.acts.len(), network(&bursts).unwrap().loss), (1, only.loss), "{bursts:?}");
    let found = network(&bursts).unwrap();
    assert_eq!((found.loss_correlation, found.capacity), (only.loss_correlation, None));
    let full = simplest(|schedule| {
        network(schedule).is_some_and(|network| network.capacity.is_some_and(|most| most <= 7))
    });
    let found = network(&full).unwrap();
    assert_eq!((full.acts.len(), found.capacity, found.loss), (1, Some(7), Probability::NEVER));
    let least = simplest(|schedule| network(schedule).is_some_and(|n| n.capacity == Some(2)));
    assert_eq!(network(&least).unwrap().loss_correlation, Probability::NEVER);
    let mut runner = TestRunner::new(quick(1));
    let lossless = fault_plan(3, Faults::of(&[FaultClass::Duplication]));
    for _ in 0..100 {
        let schedule = lossless.new_tree(&mut runner).unwrap().current();
        let found = network(&schedule).unwrap_or_default();
        assert_eq!((found.loss_correlation, found.capacity), (Probability::NEVER, None));
    }
}

#[test]
fn whatever_was_done_is_mended_and_nothing_else() {
    let link = (splitvote::PeerId(0), splitvote::PeerId(1));
    let acts = [
        Clog { from: link.0, to: link.1, lasts: Duration::from_secs(9) }.into(),
        Delay { from: link.0, to: link.1, by: Duration::from_secs(1) }.into(),
        DriftClock { of: link.1, ppm: 9 }.into(),
        Network(NetworkProfile::Realistic(Realistic { capacity: Some(2), ..Realistic::default() }))
            .into(),
        Disk(DiskProfile {
            sync_latency: Latency::Constant(Duration::from_secs(1)),
            ..DiskProfile::default()
        })
        .into(),
    ];
    let timed = |act| splitvote::Timed { at: splitvote::SimTime(1), act };
    let head = Setup::of(3);
    let schedule = Schedule::new(3, acts.map(timed).to_vec()).recovering();
    let plan = schedule.plan(head.clone());
    let mends: Vec<Act> = plan.acts[5..].iter().map(|timed| timed.act.clone()).collect();
    let expected = [
        Unclog { from: link.0, to: link.1 }.into(),
        Delay { from: link.0, to: link.1, by: Duration::ZERO }.into(),
        DriftClock { of: link.1, ppm: 0 }.into(),
        Network(head.network).into(),
        Disk(head.disk).into(),
        Heal.into(),
    ];
    assert_eq!(mends, expected);
}

#[test]
fn clusters_that_cannot_be_are_a_failure_and_no_panic() {
    for peers in [0, 129, 1_000] {
        let mut runner = TestRunner::deterministic();
        let splits = partitions(peers).new_tree(&mut runner).unwrap().current();
        let commands = workload_of(
            peers,
            Workload { commands: RangeInclusive::new(5, 2), ..Workload::default() },
        );
        let commands = commands.new_tree(&mut runner).unwrap().current();
        let schedule = splits.and(commands);
        let check = Check::new(&reference())
            .cases_in(env!("CARGO_TARGET_TMPDIR"))
            .named("none")
            .run(&schedule, Seed(0));
        let error = check.unwrap_err().to_string();
        assert!(error.contains("peers"), "{error}");
    }
}

#[test]
fn a_failure_of_a_raft_of_ones_own_is_seen_by_code() {
    let mine = splitvote::Subject::<splitvote::raft::Raft<splitvote::raft::Paper>>::new(
        "mine",
        |settings| splitvote::raft::Config {
            settings: settings.clone(),
            rules: splitvote::raft::Paper,
        },
    );
    // Nobody is there to be found.
    let crash = |peer| splitvote::Timed {
        at: splitvote::SimTime(0),
        act: Crash { of: splitvote::PeerId(peer) }.into(),
    };
    let plan = Schedule::new(3, vec![crash(0), crash(1)]).plan(Setup::of(3));
    let (case, _) = splitvote::Case::new("x", plan.clone(), &mine, Seed(0));
    let told = case.how_to_replay("x.toml");
    assert!(told.contains("print_replay(&case, &subject, case.seed.0)?"), "{told}");
    assert!(told.contains("splitvote::case::load(\"x.toml\".as_ref())?;\n"), "{told}");
    let (case, _) = splitvote::Case::new("x", plan, &reference(), Seed(0));
    assert_eq!(case.how_to_replay("x.toml"), "replay: splitvote replay x.toml");
}

#[test]
fn who_is_armed_to_crash_does_not_crash_after_all_was_mended() {
    let act = CrashAtWrite { of: splitvote::PeerId(1), after: 4 }.into();
    let armed = Schedule::new(3, vec![splitvote::Timed { at: splitvote::SimTime::ZERO, act }]);
    let head = "name = \"armed\"\npeers = 3\nsteps = [{ run = \"1s\" }]";
    let plan = armed.recovering().plan(Scenario::parse("armed.toml", head).unwrap().setup);
    assert!(plan.acts.iter().any(|timed| timed.act == Disarm { of: splitvote::PeerId(1) }.into()));
}
