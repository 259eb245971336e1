//! Failures of mutants shrink to what a person can read, fail as they did, and are the same every time.

use std::cell::Cell;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use splitvote::shrink::{Candidate, ShrinkError, ShrinkOptions, Shrunk, shrink, shrink_plan};
use splitvote::{Scenario, Seed, Signature, scenario};
use splitvote_zoo::{find, subject};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn swarm(name: &str) -> Result<Scenario> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sim-scenarios/swarm");
    Ok(scenario::load(&directory.join(name))?)
}

/// Shrinks seed 0 of the default swarm.
fn shrunk(mutant: &str, options: &ShrinkOptions<'_>) -> Result<Shrunk> {
    let mutant = find(mutant).ok_or("no such mutant")?;
    Ok(shrink(&swarm("five.toml")?, &subject(mutant), Seed(0), options)?)
}

/// Few enough for a debug build.
fn quick() -> ShrinkOptions<'static> {
    let mut options = ShrinkOptions::default();
    (options.tries, options.max_runs, options.max_events) = (10, 3_000, 300_000);
    options
}

#[test]
fn a_storm_shrinks_to_a_few_messages() {
    // Under this seed it is a follower that applies twice, and a mechanism stays as it was.
    for (mutant, faults, deliveries) in [("E1", 0, 4), ("E3", 0, 2), ("R8", 0, 12), ("R18", 0, 8)] {
        let shrunk = shrunk(mutant, &quick()).unwrap();
        let size = shrunk.size;
        assert!(size.peers <= 3 && size.faults <= faults, "{mutant}: {size:?}");
        assert!(size.deliveries <= deliveries, "{mutant}: {size:?}");
        assert_eq!(shrunk.before.peers, 5);
    }
}

#[test]
fn the_signature_stays_and_so_does_the_case() {
    for mutant in ["E2", "E13", "R7"] {
        let first = shrunk(mutant, &quick()).unwrap();
        assert_eq!(Signature::of(&first.report.verdict).as_ref(), Some(&first.signature));
        let second = shrunk(mutant, &quick()).unwrap();
        assert_eq!(first.report, second.report);
        assert_eq!(first.case.plan.acts, second.case.plan.acts);
        assert_eq!((first.case.seed, first.runs), (second.case.seed, second.runs));
    }
}

#[test]
fn a_case_shrinks_no_further_or_becomes_smaller() {
    let first = shrunk("R7", &quick()).unwrap();
    let subject = subject(find("R7").unwrap());
    let second = shrink_plan(&first.case, &subject, &quick()).unwrap();
    assert_eq!(second.signature, first.signature);
    assert_eq!(second.before, first.size);
    assert!(second.size.deliveries <= first.size.deliveries);
}

#[test]
fn who_interrupts_gets_the_smallest_so_far() {
    let (interrupt, told) = (AtomicBool::new(false), Cell::new(0));
    let watch = |_: &splitvote::shrink::ShrinkProgress| {
        told.set(told.get() + 1);
        interrupt.store(told.get() > 4, Ordering::Relaxed);
    };
    let mut options = quick();
    options.interrupt = Some(&interrupt);
    options.watch = Some(&watch);
    let shrunk = shrunk("E2", &options).unwrap();
    assert!(!shrunk.is_finished);
    assert_eq!(Signature::of(&shrunk.report.verdict), Some(shrunk.signature));
    assert!(shrunk.size.faults < shrunk.before.faults, "what was found is kept");
}

#[test]
fn what_holds_is_not_shrunk() {
    let subject = splitvote::reference();
    let error = shrink(&swarm("three.toml").unwrap(), &subject, Seed(0), &quick()).unwrap_err();
    assert_eq!(error, ShrinkError::Held);
    assert_eq!(format!("{error:?}"), "there is nothing to shrink: all properties held");
}

/// Under this seed, what clients do and what the scenario does meet in one instant, with events in between.
#[test]
fn a_run_that_acts_in_the_midst_of_an_instant_can_be_written_out() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sim-scenarios/replication");
    let scenario = scenario::load(&directory.join("re-elected.toml")).unwrap();
    let subject = subject(find("N7").unwrap());
    let (report, plan) = splitvote::record(&scenario, &subject, Seed(3));
    let found = splitvote::run(&plan.unwrap(), &subject, Seed(3));
    assert_eq!(Signature::of(&found.verdict), Signature::of(&report.verdict));
}

/// The case has the allowance of its scenario, and the paper's Raft holds in it.
#[test]
fn who_spends_too_much_does_so_in_a_few_messages() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sim-scenarios");
    let wanted = [("lab/rpc-bytes.toml", "R19", "200000 are allowed", 10)];
    for (file, mutant, says, deliveries) in wanted {
        let scenario = scenario::load(&root.join(file)).unwrap();
        let subject = subject(find(mutant).unwrap());
        let shrunk = shrink(&scenario, &subject, Seed(0), &quick()).unwrap();
        let size = shrunk.size;
        assert!(size.peers <= 3 && size.faults <= 1, "{mutant}: {size:?}");
        assert!(size.commands <= 8 && size.deliveries <= deliveries, "{mutant}: {size:?}");
        let case = shrunk.to_case(&subject, &scenario.name, Seed(0));
        assert!(case.says.contains(says), "{mutant}: {}", case.says);
        let paper = splitvote::run(&case, &splitvote::reference(), case.seed);
        assert_eq!(paper.verdict, splitvote::Verdict::Held, "{mutant}");
    }
}

/// A failure of liveness is held against the paper's Raft; one that it shares is all the same what was asked for.
#[test]
fn a_case_that_the_papers_raft_fails_too_still_shrinks() {
    let text = "name = \"majority-down\"\npeers = 3\nsteps = [\n  { run = \"100ms\" },\n  { propose = \"S2\" },\n  \
                { crash = [\"S0\", \"S1\"] },\n  { expect = \"one-leader\" },\n]";
    let scenario = Scenario::parse("majority-down.toml", text).unwrap();
    let subject = subject(find("E1").unwrap());
    let (report, plan) = splitvote::record(&scenario, &subject, Seed(0));
    let paper = splitvote::run(&scenario, &splitvote::reference(), Seed(0));
    assert_eq!(Signature::of(&paper.verdict), Signature::of(&report.verdict));
    let case = Candidate { plan: plan.unwrap(), seed: Seed(0) };
    let shrunk = shrink_plan(&case, &subject, &quick()).unwrap();
    assert_eq!(Some(&shrunk.signature), Signature::of(&report.verdict).as_ref());
    assert_eq!(shrunk.size.commands, 0, "{:?}", shrunk.size);
    assert!(shrunk.size.burden() < shrunk.before.burden());
}
