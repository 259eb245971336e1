//! Modes that take down the process, keep it waiting, or fill its memory: each in a process of its own, which
//! is this test program once more with the mode in its environment.

use std::process::{Command, Output};

use splitvote::{
    Case, Seed, Seeds, SweepOptions, record, run, sweep, testing, threads, under_seeds,
};

use super::{scenario, subject};

const MODE: &str = "SPLITVOTE_TEST_MODE";
const DOOR: &str = "SPLITVOTE_TEST_DOOR";
/// More than the test program needs, and far less than the machine has.
const MEMORY: u64 = 600 << 20;

/// Sweeps the mode that the environment names and prints what comes of it. Does nothing as a test.
#[test]
fn in_a_process_of_its_own() {
    #[expect(clippy::disallowed_methods, reason = "a parent test says what to do")]
    let variable = |name| std::env::var(name).ok();
    let (Some(mode), Some(door)) = (variable(MODE), variable(DOOR)) else { return };
    let mode: &'static str = mode.leak();
    if door == "check" {
        let checked = testing::check(&scenario(), &subject(mode), None);
        println!("checked: {}", checked.map_or_else(|error| error.to_string(), |_| "ok".into()));
        return;
    }
    if door == "run" {
        threads::exit_if_a_peer_hangs(5, |run| format!("look at {} of {}", run.seed, run.raft));
        println!("ran: {}", run(&scenario(), &subject(mode), Seed(0)).verdict);
        return;
    }
    if door == "case" {
        let plan = record(&scenario(), &subject("in-order"), Seed(0)).1.unwrap();
        let (case, _) = Case::new("odd", plan, &subject("in-order"), Seed(0));
        println!("held: {}", testing::must_hold(&case, &subject(mode)).unwrap_err());
        return;
    }
    if door == "under-seeds" {
        let test = under_seeds(
            "mine",
            &subject(mode),
            3,
            |cluster| cluster.peers(3),
            |cluster| cluster.run_for(std::time::Duration::from_secs(2)),
        );
        println!("tested: {test:?}");
        return;
    }
    let memory = mode.starts_with("alloc").then_some(MEMORY);
    let mut options = SweepOptions::new(Seeds::first(3));
    (options.jobs, options.memory) = (2, memory);
    let report = sweep(&scenario(), &subject(mode), &options).unwrap();
    for failed in &report.failures {
        println!("seed {}: {:?}: {}", failed.seed.0, failed.verdict.checker(), failed.verdict);
    }
    println!("exit {}, {} of {} held", report.exit_code(), report.held, report.seeds);
    // What hangs or allocates is left behind.
    std::process::exit(0);
}

fn child(mode: &str, door: &str) -> (Output, String) {
    let program = std::env::current_exe().unwrap();
    let name = "misbehaving::taking_down::in_a_process_of_its_own";
    let output = Command::new(program)
        .args(["--exact", name, "--nocapture", "--test-threads=1"])
        .envs([(MODE, mode), (DOOR, door)])
        .output()
        .unwrap();
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    (output, text)
}

#[test]
fn a_peer_that_hangs_in_a_step_fails_its_seed_and_the_sweep_goes_on() {
    let (_, text) = child("loop-step", "sweep");
    assert!(text.contains(" of `odd` (odd.toml), Raft loop-step: S1 hangs: "), "{text}");
    let hung = text.matches(": Some(\"hang\"): S1 hangs: ").count();
    assert!((1..3).contains(&hung), "{text}");
    assert!(text.contains(&format!("exit 5, {} of 3 held", 3 - hung)), "{text}");
}

#[test]
fn a_peer_that_hangs_at_its_boot_is_named_by_a_test_too() {
    let (_, text) = child("loop-boot", "check");
    assert!(
        text.contains("checked: seed 0 of `odd` (odd.toml), Raft loop-boot: hang: S1 hangs: "),
        "{text}"
    );
    assert!(text.contains("it has not returned from booting for 10 s of wall time"), "{text}");
    assert!(text.contains("\nreplay: SPLITVOTE_SEED=0 cargo test"), "{text}");
}

#[test]
fn a_peer_that_hangs_in_a_single_run_ends_the_process_which_says_where() {
    let (output, text) = child("loop-boot", "run");
    let start = "seed 0 of `odd` (odd.toml), Raft loop-boot: S1 hangs: it has not returned from booting for 10 s";
    assert!(text.contains(start) && text.contains("\nlook at 0 of loop-boot\n"), "{text}");
    assert_eq!(output.status.code(), Some(5), "{text}");
}

#[test]
fn a_peer_that_hangs_in_a_case_fails_the_test_of_that_case() {
    let (output, text) = child("loop-boot", "case");
    assert!(text.contains("held: seed 0 of `odd`, Raft loop-boot: hang: S1 hangs: "), "{text}");
    assert!(text.contains("splitvote::case::load(") && output.status.success(), "{text}");
}

#[test]
fn a_peer_that_hangs_in_a_test_of_a_cluster_ends_the_test_program_which_says_where() {
    let (output, text) = child("loop-step", "under-seeds");
    assert!(text.contains(" of `mine`, Raft loop-step: S1 hangs: "), "{text}");
    assert!(text.contains("\nreplay: SPLITVOTE_SEED="), "{text}");
    assert_eq!(output.status.code(), Some(101), "{text}");
}

#[test]
fn a_peer_that_fills_the_memory_is_named_before_the_process_is_killed() {
    {
        let mode = "alloc-one";
        let (output, text) = child(mode, "sweep");
        assert!(output.status.success(), "{mode}: {text}");
        assert!(text.contains("nearly all memory that there is, and S"), "{mode}: {text}");
        assert!(text.contains("Some(\"hang\")") && text.contains("exit 5"), "{mode}: {text}");
    }
}

#[test]
fn two_panics_at_once_end_the_process_and_say_in_which_seed() {
    let (output, text) = child("double-panic", "sweep");
    assert!(!output.status.success(), "{text}");
    assert!(text.contains("it was in seed "), "{text}");
    assert!(
        text.contains("a peer panicked while it was being dropped, which ends the process: "),
        "{text}"
    );
}

/// Nobody inside of a process can prevent this: the process ends as the peer says.
#[test]
fn a_peer_that_ends_the_process_ends_it() {
    for mode in ["abort", "stack"] {
        let (output, text) = child(mode, "sweep");
        assert!(!output.status.success(), "{mode}: {text}");
    }
    let (output, text) = child("exit", "sweep");
    assert_eq!((output.status.code(), text.contains("held")), (Some(17), false), "{text}");
}
