//! Modes that take down the process, keep it waiting, or fill its memory: each in a process of its own, which
//! is this test program once more with the mode in its environment.

use std::process::{Child, Command, Output, Stdio};
use std::sync::{LazyLock, Mutex};

use splitvote::determinism::check_seed;
use splitvote::{
    Case, Scenario, Seed, Seeds, SweepOptions, record, run, sweep, testing, threads, under_seeds,
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
    if door == "hash" {
        let hash =
            check_seed(&scenario(), &subject(mode), Seed(0)).map_err(|found| found.to_string());
        println!("hash: {hash:?}.");
        return;
    }
    if door == "skipped" {
        let text =
            "name = \"needy\"\npeers = 3\nneeds = [\"snapshots\"]\nsteps = [{ run = \"1s\" }]";
        let needy = Scenario::parse("needy.toml", text).unwrap();
        assert!(testing::check(&needy, &subject(mode), None).unwrap().skipped.is_some());
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
    child_with(mode, door, &["--nocapture"], "")
}

/// The same with these arguments; what fails is kept in this directory, if one is named.
fn child_with(mode: &str, door: &str, arguments: &[&str], directory: &str) -> (Output, String) {
    told(command(mode, door, arguments, directory).output().unwrap())
}

fn command(mode: &str, door: &str, arguments: &[&str], directory: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "misbehaving::taking_down::in_a_process_of_its_own", "--test-threads=1"])
        .args(arguments)
        .envs([(MODE, mode), (DOOR, door), ("SPLITVOTE_REPORT", directory)])
        .env("SPLITVOTE_STEP_SECONDS", STEP_SECONDS);
    command
}

fn told(output: Output) -> (Output, String) {
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    (output, text)
}

/// After how many seconds a call hangs: fewer than are waited by default, so that these tests do not take that
/// long. Even a busy machine has finished a call by then that ends.
const STEP_SECONDS: &str = "3";

/// Who hangs, and by which door. Each takes as long as is waited, and a processor.
const HANGING: [(&str, &str); 5] = [
    ("loop-step", "sweep"),
    ("loop-boot", "check"),
    ("loop-boot", "run"),
    ("loop-boot", "case"),
    ("loop-step", "under-seeds"),
];

/// The same for one of these: all begin with the first that is asked for, and so wait side by side.
fn hanging(mode: &str, door: &str) -> (Output, String) {
    type Begun = Vec<(&'static str, &'static str, Child)>;
    static BEGUN: LazyLock<Mutex<Begun>> = LazyLock::new(|| {
        let begin = |(mode, door)| {
            let mut command = command(mode, door, &["--nocapture"], "");
            let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            (mode, door, child)
        };
        Mutex::new(HANGING.map(begin).into())
    });
    let mut begun = BEGUN.lock().unwrap();
    let place = begun.iter().position(|one| (one.0, one.1) == (mode, door)).unwrap();
    let (.., child) = begun.swap_remove(place);
    drop(begun);
    told(child.wait_with_output().unwrap())
}

#[test]
fn a_peer_that_hangs_in_a_step_fails_its_seed_and_the_sweep_goes_on() {
    let (_, text) = hanging("loop-step", "sweep");
    assert!(text.contains(" of `odd` (odd.toml), Raft loop-step: S1 hangs: "), "{text}");
    let hung = text.matches(": Some(\"hang\"): S1 hangs: ").count();
    assert!((1..3).contains(&hung), "{text}");
    assert!(text.contains(&format!("exit 5, {} of 3 held", 3 - hung)), "{text}");
}

#[test]
fn a_peer_that_hangs_at_its_boot_is_named_by_a_test_too() {
    let (_, text) = hanging("loop-boot", "check");
    assert!(
        text.contains("checked: seed 0 of `odd` (odd.toml), Raft loop-boot: hang: S1 hangs: "),
        "{text}"
    );
    assert!(text.contains("it has not returned from booting for 3 s of wall time"), "{text}");
    assert!(text.contains("\nreplay: SPLITVOTE_SEED=0 cargo test"), "{text}");
}

#[test]
fn a_peer_that_hangs_in_a_single_run_ends_the_process_which_says_where() {
    let (output, text) = hanging("loop-boot", "run");
    let start = "seed 0 of `odd` (odd.toml), Raft loop-boot: S1 hangs: it has not returned from booting for 3 s";
    assert!(text.contains(start) && text.contains("\nlook at 0 of loop-boot\n"), "{text}");
    assert_eq!(output.status.code(), Some(5), "{text}");
}

#[test]
fn a_peer_that_hangs_in_a_case_fails_the_test_of_that_case() {
    let (output, text) = hanging("loop-boot", "case");
    assert!(text.contains("held: seed 0 of `odd`, Raft loop-boot: hang: S1 hangs: "), "{text}");
    assert!(text.contains("splitvote::case::load(") && output.status.success(), "{text}");
}

#[test]
fn a_peer_that_hangs_in_a_test_of_a_cluster_ends_the_test_program_which_says_where() {
    let (output, text) = hanging("loop-step", "under-seeds");
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

/// Nobody inside of a process can prevent this. Which seeds were under way is told all the same.
#[test]
fn a_peer_that_ends_the_process_is_told_with_its_seed() {
    for mode in ["abort", "stack"] {
        for door in ["sweep", "check", "run", "under-seeds"] {
            let (output, text) = child(mode, door);
            assert!(!output.status.success(), "{mode} by {door}: {text}");
            let start = "the process ended in the midst of a run: it was ended from outside, or a peer aborted it";
            assert!(text.contains(start), "{mode} by {door}: {text}");
            assert!(text.contains(&format!("Raft {mode}; ")), "{mode} by {door}: {text}");
            let how = if door == "run" { "; look at 0 of " } else { "; replay: SPLITVOTE_SEED=" };
            assert!(text.contains(how), "{mode} by {door}: {text}");
        }
    }
}

/// An exit code of 0 would make a test program look green that never came to its end.
#[test]
fn a_peer_that_exits_fails_its_process_whatever_its_code() {
    for mode in ["exit", "exit-0"] {
        for door in ["sweep", "check", "run"] {
            let (output, text) = child(mode, door);
            assert!(!output.status.success(), "{mode} by {door}: {text}");
            let start = format!(" of `odd` (odd.toml), Raft {mode}: S");
            assert!(text.contains(&start), "{mode} by {door}: {text}");
            assert!(
                text.contains(" ended the process while handling "),
                "{mode} by {door}: {text}"
            );
            assert!(!text.contains("in the midst of a run"), "told once: {text}");
        }
    }
}

/// A number that is the same in all runs of a process makes no two of them differ. Another process has another one:
/// `check-determinism` compares with one, and so does whoever compares what `check_seed` gives.
#[test]
fn what_is_constant_within_a_process_is_told_by_comparing_two() {
    let hash = |mode| {
        let (_, text) = child(mode, "hash");
        let told = text.split("hash: ").nth(1).and_then(|rest| rest.split('.').next());
        told.unwrap_or_else(|| panic!("{mode}: {text}")).to_owned()
    };
    assert_eq!(hash("in-order"), hash("in-order"));
    for mode in ["pid-timer", "addr-timer"] {
        let hashes: Vec<String> = (0..4).map(|_| hash(mode)).collect();
        assert!(hashes.iter().all(|hash| hash.starts_with("Ok(")), "{mode}: {hashes:?}");
        assert!(hashes.iter().any(|hash| *hash != hashes[0]), "{mode}: {hashes:?}");
    }
}

/// Whoever goes elsewhere takes no seed with him: what is written later is the caller's to name as a whole.
#[test]
fn a_peer_that_changes_the_directory_changes_no_run() {
    let (output, text) = child("chdir", "sweep");
    assert!(output.status.success() && text.contains("exit 0, 3 of 3 held"), "{text}");
}

/// The harness of Rust keeps back what a test prints that does not fail.
#[test]
fn a_scenario_that_is_skipped_is_told_though_its_test_passes() {
    let (output, text) = child_with("in-order", "skipped", &[], "");
    assert!(output.status.success(), "{text}");
    assert!(text.contains("skipped: needy (needs snapshots"), "{text}");
}

#[test]
fn a_scenario_that_fails_as_a_test_leaves_a_case_where_one_is_asked_for() {
    let directory = std::env::temp_dir().join(format!("splitvote-cases-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let name = directory.display().to_string();
    let (_, text) = child_with("panic-step", "check", &["--nocapture"], &name);
    let file = directory.join("odd-0.toml");
    assert!(text.contains(&format!("\ncase: {}, which fails by panic", file.display())), "{text}");
    let case = splitvote::case::load(&file).unwrap();
    assert_eq!(case.fails.unwrap().checker, "panic");
    std::fs::remove_dir_all(&directory).unwrap();
}

/// Then nobody knows where it was, and what it prints is the standard library's.
#[test]
fn a_peer_that_takes_the_panic_hook_away_fails_its_seed_alone() {
    let (output, text) = child("take-hook-panic", "sweep");
    assert!(output.status.success(), "{text}");
    assert!(text.contains(": Some(\"panic\"): S") && text.contains("after the hook"), "{text}");
    assert!(text.contains("exit 5, 0 of 3 held"), "{text}");
}

/// What was told already is not told again, and a process that comes to its end says nothing.
#[test]
fn a_process_that_comes_to_its_end_has_no_last_words() {
    for (mode, door) in [("in-order", "sweep"), ("in-order", "run"), ("panic-step", "check")] {
        let (_, text) = child(mode, door);
        assert!(!text.contains("in the midst of a run"), "{mode} by {door}: {text}");
    }
}
