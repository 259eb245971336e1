//! Fuzzes partitions: the reference Raft survives them, and of a Raft that is broken proptest finds the
//! smallest history that shows it.
//!
//! `cargo run -p splitvote-proptest --example fuzz_partitions`

use proptest::test_runner::{Config, TestError, TestRunner};
use splitvote::Seed;
use splitvote::case;
use splitvote::peer::Peer;
use splitvote::testing::{TestFailure, must_still_fail};
use splitvote_proptest::{Check, Schedule, partitions, seed};

/// What one would write as `proptest! { … }`, but so that the minimal input can be looked at.
fn fuzz<P: Peer>(check: &Check<'_, P>) -> Result<(), TestError<(Schedule, Seed)>> {
    let config = Config { cases: 100, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, check_rng())
        .run(&(partitions(3), seed()), |(splits, seed)| check.run(&splits.recovering(), seed))
}

/// The same histories every time; a test of one's own leaves that to proptest.
fn check_rng() -> proptest::test_runner::TestRng {
    use proptest::test_runner::{RngAlgorithm, TestRng};
    TestRng::deterministic_rng(RngAlgorithm::ChaCha)
}

fn main() -> Result<(), TestFailure> {
    let reference = splitvote::reference();
    fuzz(&Check::new(&reference)).map_err(|error| error.to_string())?;
    println!("the reference holds");

    // A leader that hears of a higher term in a reply, and stays.
    let mutant = splitvote_zoo::find("higher-term-in-reply-ignored").ok_or("no such mutant")?;
    let broken = splitvote_zoo::subject(mutant);
    let check = Check::new(&broken).named("fuzz-partitions");
    let Err(TestError::Fail(reason, (splits, seed))) = fuzz(&check) else {
        return Err("the mutant survives".into());
    };
    println!("the mutant fails, seed {}: {splits:?}\n{reason}", seed.0);
    assert!(splits.acts.len() <= 2, "one partition divides the cluster, one mends it");

    // The case says the same without proptest.
    must_still_fail(&case::load(&check.case_file())?, &broken)
}

#[test]
fn it_does() -> Result<(), TestFailure> {
    main()
}
